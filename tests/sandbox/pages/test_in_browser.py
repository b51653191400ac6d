"""The pages in a real Chromium: what a person sees, types and presses, and what hostile text does.

The `page` fixture fails a test on any console error, breach of the policy, or foreign request.
"""

import hashlib
import hmac

from playwright.async_api import Page, expect

from tests.sandbox.pages.scene import ANNOTATION, PATH, TESTS, Scene
from tests.sandbox.shop import COMMIT, Json, Receiver, commit_input

HOSTILE = """<script>window.hacked = 1</script>
<img src=x onerror="window.hacked = 1">
<details ontoggle="window.hacked = 1" open>
<summary onclick="window.hacked = 1">x</summary></details>
[press](javascript:window.hacked=1) ![](https://elsewhere.example/x.png)
<a href="javascript:window.hacked=1">press</a> </div></main></body>"""
PRESS_ALL = """
document.querySelectorAll("main summary, main .markdown *").forEach((each) => each.click())
"""
NAME = 'tests/<img src=x onerror="window.hacked=1">@alice.py'


def signed(receiver: Receiver, name: str, secret: str) -> bool:
    """Whether the signature of a delivery is its body's."""
    headers, body = receiver.seen[receiver.names.index(name)]
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return headers["X-Hub-Signature-256"] == f"sha256={expected}"


async def test_the_tabs_show_what_the_state_holds(page: Page, scene: Scene) -> None:
    await scene.check()
    await page.goto(scene.shop.github.url)
    await page.get_by_role("link", name="octo-org/shop").click()
    await page.get_by_role("link", name="Test totals").click()
    await expect(page).to_have_title("Test totals · #1 · octo-org/shop · Local sandbox")
    await expect(page.locator(".sandbox")).to_contain_text("Nothing on this page is on github.com")
    await expect(page.locator(".merge strong").first).to_have_text("All checks have failed")
    await expect(page.locator(".said time")).to_have_text("now")

    await page.get_by_role("link", name="Commits").click()
    await expect(page.locator(".commit")).to_contain_text("Add a test")

    await page.get_by_role("link", name="Checks").click()
    await expect(page.get_by_role("heading", name="1 async test never runs")).to_be_visible()
    await expect(page.locator(".panel table").first).to_contain_text("AWT103")
    await expect(page.locator(".meant")).to_contain_text("async def test_total():")
    await expect(page.locator(".annotation")).to_contain_text("Check failure on line 4")

    await page.get_by_role("link", name="Files changed").click()
    row = page.locator("tr.added", has_text="async def test_total")
    await expect(row.locator("td").nth(1)).to_have_attribute("data-number", "4")
    below = page.locator(
        "tr.added:has-text('async def test_total') + tr.notes .annotation.failure"
    )
    await expect(below).to_contain_text("async test `test_total` never runs")


async def test_the_comment_box_fires_a_signed_webhook(page: Page, scene: Scene) -> None:
    await page.goto(scene.url)
    await page.get_by_text("You are @alice").click()
    await page.get_by_role("button", name="@bob").click()
    await expect(page.locator(".viewer summary")).to_contain_text("@bob read")

    await page.get_by_label("Comment", exact=True).fill("/fix-async **now**")
    await page.keyboard.press("Control+Enter")

    await expect(page.locator(".said").last).to_contain_text("/fix-async now")
    await scene.shop.github.settled()
    payload = scene.shop.receiver.only("issue_comment.created")
    assert signed(scene.shop.receiver, "issue_comment.created", scene.shop.app.webhook_secret)
    assert payload["sender"]["login"] == "bob"
    assert payload["comment"]["body"] == "/fix-async **now**"


async def test_the_buttons_of_a_check_run_fire_their_webhooks(page: Page, scene: Scene) -> None:
    await scene.check()
    await page.goto(f"{scene.url}/checks")

    async with page.expect_response("**/press"):
        await page.get_by_role("button", name="Fix it").click()
    await expect(page.get_by_role("button", name="Fix it")).to_be_visible()
    async with page.expect_response("**/rerun"):
        await page.get_by_role("button", name="Re-run").click()
    await scene.shop.github.settled()

    asked = scene.shop.receiver.only("check_run.requested_action")
    again = scene.shop.receiver.only("check_run.rerequested")
    assert asked["requested_action"] == {"identifier": "fix-safe:1"}
    assert again["sender"]["login"] == "alice"


async def test_the_page_follows_the_app_at_work(page: Page, scene: Scene) -> None:
    await page.goto(scene.url)
    heading = page.locator(".merge strong").first
    await expect(heading).to_have_text("No checks")
    await page.get_by_label("Comment", exact=True).fill("not sent yet")

    run = await scene.start()
    await expect(heading).to_have_text(
        "Some checks haven\N{RIGHT SINGLE QUOTATION MARK}t completed yet"
    )
    await scene.complete(run)
    await expect(heading).to_have_text("All checks have failed")
    made = commit_input(scene.pull.head_sha, {PATH: TESTS.encode() + b"\n"})
    await scene.client.graphql(COMMIT, input=made)
    await expect(page.locator(".event.arrived")).to_contain_text("Fix")
    await expect(page.locator(".tabs a").nth(1)).to_contain_text("Commits 2")
    await scene.check("success", sha=scene.shop.repository.head("feature"))

    await expect(heading).to_have_text("All checks have passed")
    await expect(page.locator("#announcer")).to_have_text("All checks have passed")
    await expect(page.get_by_label("Comment", exact=True)).to_have_value("not sent yet")


async def test_the_checks_page_turns_from_in_progress_to_the_verdict(
    page: Page, scene: Scene
) -> None:
    run = await scene.start()
    await page.goto(f"{scene.url}/checks")
    await expect(page.locator(".waiting")).to_be_visible()
    await page.locator("#commit-chooser > summary").click()

    await scene.complete(run)

    await expect(page.get_by_role("button", name="Fix it")).to_be_visible()
    await expect(page.locator("#commit-chooser .popup")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.locator("#commit-chooser .popup")).to_be_hidden()


async def test_a_webhook_is_sent_again_by_a_press(page: Page, scene: Scene) -> None:
    await scene.shop.github.settled()
    await page.goto(f"{scene.shop.github.url}/_sandbox/deliveries")
    await page.get_by_role("button", name="Redeliver").last.click()

    await expect(page.get_by_role("heading").first).to_contain_text("redelivery")
    await expect(page.locator("h2 .label")).to_have_text("202")
    assert scene.shop.github.deliveries[-1].redelivery


async def test_hostile_text_does_nothing(page: Page, scene: Scene) -> None:
    shop = scene.shop
    await shop.github.push(
        shop.repository, "feature", {NAME: HOSTILE, "a.html": HOSTILE}, shop.alice, message=HOSTILE
    )
    scene.pull.title, scene.pull.body = HOSTILE, HOSTILE
    await shop.github.comment(shop.repository, 1, HOSTILE, shop.alice)
    hostile = ANNOTATION | {"path": NAME, "start_line": 1, "end_line": 1, "message": HOSTILE}
    hostile |= {"title": HOSTILE[:255], "raw_details": HOSTILE}
    told: Json = {"title": HOSTILE, "summary": HOSTILE, "text": HOSTILE}
    run = await scene.start(name="<script>window.hacked = 1</script>")
    await scene.complete(run, annotations=[hostile], **told)
    head = scene.pull.head_sha
    places = [
        *(f"{scene.pull_path}{tab}" for tab in ("", "/commits", "/checks", "/files")),
        f"/octo-org/shop/commit/{head}",
        "/octo-org/shop",
        "/_sandbox/deliveries",
        "/_sandbox/requests",
    ]

    for place in places:
        await page.goto(shop.github.url + place)
        await expect(page.locator("footer")).to_be_visible()
        await page.evaluate(PRESS_ALL)
        assert await page.evaluate("window.hacked") is None, place
        assert await page.locator("main img:not(.avatar), main script, main iframe").count() == 0
        assert await page.locator("a[href^='javascript']").count() == 0


async def test_the_page_says_when_the_github_behind_it_has_stopped(
    page: Page, scene: Scene
) -> None:
    # Of its own, since a request that fails is an error in the console.
    assert page.context.browser is not None
    lonely = await page.context.browser.new_page()
    await lonely.goto(scene.url)
    await lonely.route("**/_sandbox/version*", lambda route: route.abort())
    banner = lonely.locator("#stopped")
    await expect(banner).to_be_visible()

    await lonely.unroute("**/_sandbox/version*")
    await expect(banner).to_be_hidden()


async def test_everything_is_readable_without_scripts_and_on_a_small_screen(
    page: Page, scene: Scene
) -> None:
    await scene.check()
    browser = page.context.browser
    assert browser is not None
    context = await browser.new_context(
        java_script_enabled=False, viewport={"width": 390, "height": 800}
    )
    plain = await context.new_page()
    for tab in ("", "/commits", "/checks", "/files"):
        await plain.goto(scene.url + tab)
        await expect(plain.get_by_role("heading", name="Test totals")).to_be_visible()
        box = await plain.locator("main").bounding_box()
        assert box is not None
        assert box["width"] <= 390

    await plain.goto(scene.url)
    await plain.get_by_label("Comment", exact=True).fill("by hand")
    await plain.get_by_role("button", name="Comment", exact=True).click()
    await expect(plain.locator(".said").last).to_contain_text("by hand")
