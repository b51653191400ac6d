"""The conversation as it is served: the order of things, the merge box, who may do what."""

import pytest

from bot.sandbox.model import CheckRun
from bot.sandbox.pages.routes import POLICY
from tests.sandbox.pages.scene import Scene
from tests.sandbox.shop import COMMIT, LINES, commit_input


def in_order(text: str, *pieces: str) -> None:
    places = [text.find(piece) for piece in pieces]
    assert -1 not in places, dict(zip(pieces, places, strict=True))
    assert places == sorted(places), text


async def test_everything_stands_in_the_order_in_which_it_happened(scene: Scene) -> None:
    shop = scene.shop
    asked = await shop.github.comment(shop.repository, 1, "/fix-async", shop.alice)
    reaction = f"{shop.path}/issues/comments/{asked}/reactions"
    await scene.client.post(reaction, {"content": "eyes"})
    made = commit_input(scene.pull.head_sha, {"a.txt": b"fixed\n"})
    await scene.client.graphql(COMMIT, input=made)
    await scene.client.post(f"{shop.path}/issues/1/comments", {"body": "Fixed *it*."})

    text = await scene.read()

    in_order(
        text, "Test totals #1", "Open", "alice wants to merge 2 commits into main from feature"
    )
    in_order(
        text, "Adds tests.", "Add a test", "/fix-async 1", "Because.", "Verified", "Fixed it."
    )
    in_order(text, "awaited bot commented", "No checks", "No conflicts with the base branch")
    assert "Conversation 2" in text
    assert "Commits 2" in text
    assert 'title="awaited[bot] reacted with eyes"' in await scene.get("")
    assert "… Of totals." in text


async def test_commits_of_one_author_stand_together(scene: Scene) -> None:
    shop = scene.shop
    for number in range(3):
        await shop.github.push(
            shop.repository, "feature", {"n": str(number)}, shop.alice, message=f"Step {number}"
        )

    in_order(
        await scene.read(), "alice added 4 commits", "Add a test", "Step 0", "Step 1", "Step 2"
    )


async def test_commits_pushed_at_once_keep_their_order(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.comment(shop.repository, 1, "Go on", shop.alice)
    before = shop.repository.head("feature")
    for number in range(3):
        shop.repository.commit({"n": str(number)}, branch="feature", message=f"At {number}")
    after = shop.repository.head("feature")
    shop.github.activity.moved(shop.repository, "feature", before, after, sender=shop.alice)

    in_order(await scene.read(), "Add a test", "Go on", "Somebody added 3 commits", "At 0", "At 2")


async def test_without_an_app_commits_go_by_their_time(scene: Scene) -> None:
    scene.shop.repository.suites.clear()

    in_order(await scene.read(), "Adds tests.", "Add a test", "No checks")


async def test_a_commit_stays_where_it_was_when_a_second_app_reports_on_it(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.comment(shop.repository, 1, "Go on", shop.alice)
    other = shop.github.create_app("other", permissions=shop.app.permissions, events=())
    shop.github.install(other, shop.repository)
    shop.github.activity.suite(shop.repository, other, scene.pull.head_sha)

    in_order(await scene.read(), "Add a test", "Go on")


async def test_who_may_write_looks_first(scene: Scene) -> None:
    scene.shop.repository.permissions |= {"alice": "read", "bob": "maintain"}

    assert "You are @bob maintain" in await scene.read()
    assert "You are @alice read" in await scene.read(as_login="alice")


@pytest.mark.parametrize(
    ("files", "added", "removed"),
    [({"new.txt": "1\n2\n3\n"}, 5, 0), ({"a.txt": ""}, 0, 5), ({"a.txt": "x\n" * 20}, 2, 3)],
)
async def test_five_squares_tell_how_much_is_added_and_removed(
    scene: Scene, files: dict[str, bytes | str], added: int, removed: int
) -> None:
    repository = scene.shop.repository
    scene.pull.head_sha = repository.commit(files, branch="squares", start="main")

    html = await scene.get("")

    assert html.count('class="block added"') == added
    assert html.count('class="block removed"') == removed


async def test_an_edited_comment_says_so(scene: Scene) -> None:
    shop = scene.shop
    comment = await shop.github.comment(shop.repository, 1, "One", shop.alice)
    shop.repository.comments[comment].created_at = "2026-01-02T03:04:05Z"
    await shop.github.edit_comment(shop.repository, comment, "Two", shop.alice)

    assert "commented Jan 2, 2026, 03:04 UTC · editedMember Two" in await scene.read()


async def test_a_pull_request_without_words_says_so(scene: Scene) -> None:
    scene.pull.body = None

    assert "No description provided." in await scene.read()


@pytest.mark.parametrize(
    ("conclusions", "heading", "counts"),
    [
        (["success"], "All checks have passed", "1 successful check"),
        (
            ["success", "neutral", "skipped"],
            "All checks have passed",
            "1 neutral, 1 skipped checks",
        ),
        (["failure"], "All checks have failed", "1 failing check"),
        (["timed_out", "failure"], "All checks have failed", "1 timed out, 1 failing checks"),
        (["failure", "success"], "Some checks were not successful", "1 failing, 1 successful"),
        (["cancelled"], "Some checks were not successful", "1 cancelled check"),
        (["action_required"], "Some checks were not successful", "1 action required check"),
        (
            ["success", None],
            "Some checks haven\N{RIGHT SINGLE QUOTATION MARK}t completed yet",
            "1 successful, 1 in progress",
        ),
    ],
)
async def test_the_merge_box_sums_up_the_checks(
    scene: Scene, conclusions: list[str | None], heading: str, counts: str
) -> None:
    for number, conclusion in enumerate(conclusions):
        if conclusion is None:
            await scene.start(name=f"check-{number}")
        else:
            await scene.check(conclusion, name=f"check-{number}")

    text = await scene.read()

    assert heading in text
    assert counts in text


async def test_only_the_newest_run_of_a_check_counts(scene: Scene) -> None:
    await scene.check("failure")
    await scene.check("success", title="All well")

    text = await scene.read()

    assert "All checks have passed" in text
    assert "awaited Successful in 0s — All well" in text


async def test_checks_of_two_apps_may_have_the_same_name(scene: Scene) -> None:
    shop = scene.shop
    await scene.check("failure")
    other = shop.github.create_app("other", permissions=shop.app.permissions, events=())
    shop.github.install(other, shop.repository)
    suite = shop.github.activity.suite(shop.repository, other, scene.pull.head_sha)
    run = CheckRun(9, suite, "awaited", suite.created_at)
    shop.repository.runs[run.id] = run

    assert "1 failing, 1 queued checks" in await scene.read()


@pytest.mark.parametrize(
    ("start", "end", "took"),
    [
        ("00:00:00", "00:00:07", "7s"),
        ("00:00:00", "00:02:05", "2m 5s"),
        ("00:00:00", "03:04:05", "3h 4m"),
    ],
)
async def test_a_run_tells_how_long_it_took(scene: Scene, start: str, end: str, took: str) -> None:
    run = await scene.check("failure")
    known = scene.shop.repository.runs[run["id"]]
    known.started_at, known.completed_at = (f"2026-01-01T{time}Z" for time in (start, end))

    assert f"Failing after {took}" in await scene.read()


async def test_a_branch_with_conflicts_cannot_be_merged(scene: Scene) -> None:
    scene.shop.repository.commit({"tests/test_shop.py": "other\n"}, branch="main")

    text = await scene.read()
    answer = await scene.post("merge", "alice")

    assert "This branch has conflicts that must be resolved" in text
    assert answer.status == 409
    assert scene.pull.state == "open"


@pytest.mark.parametrize(("draft", "word"), [(True, "Draft"), (False, "Open")])
async def test_a_draft_is_named_and_cannot_be_merged(
    scene: Scene, word: str, *, draft: bool
) -> None:
    scene.pull.draft = draft

    text = await scene.read()

    assert f"{word} alice wants to merge" in text
    assert ("This is a draft." in text) is draft


async def test_who_may_only_read_cannot_merge(scene: Scene) -> None:
    html = await scene.get("", as_login="bob")

    assert "Only those with write access can merge." in html
    assert "Close pull request" not in html
    assert "You are <b>@bob</b>" in html


async def test_an_ended_pull_request_has_no_merge_box(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.close_pull_request(shop.repository, 1, shop.alice)
    closed = await scene.read()
    await shop.github.reopen_pull_request(shop.repository, 1, shop.alice)
    await shop.github.merge_pull_request(shop.repository, 1, shop.alice)
    merged = await scene.read()

    in_order(closed, "Closed alice wants", "This pull request was closed", "Reopen pull request")
    in_order(merged, "Merged alice merged", "This pull request was merged", "Add a comment")
    assert "No conflicts" not in closed + merged
    assert "Reopen" not in merged


async def test_a_fork_is_named_until_it_is_gone(scene: Scene) -> None:
    shop = scene.shop
    fork = shop.github.fork(shop.repository, "bob")
    await shop.github.push(fork, "idea", {"a.txt": LINES * 2}, shop.alice)
    await shop.github.open_pull_request(shop.repository, head="bob:idea", user=shop.alice)

    there = await scene.read("/octo-org/shop/pull/2")
    shop.github.delete_repository(fork)
    gone = await scene.read("/octo-org/shop/pull/2")

    assert "into main from bob:idea" in there
    assert "into main from unknown repository" in gone


async def test_without_any_user_there_is_no_box_to_write_in(scene: Scene) -> None:
    for login in ("alice", "bob"):
        del scene.shop.github.world.accounts[login]

    text = await scene.read()
    answer = await scene.post("comment", body="x")

    assert "Add a comment" not in text
    assert answer.status == 403


@pytest.mark.parametrize(
    "path",
    ["", "commits", "checks", "files", "/", "/octo-org/shop", "/octo-org/shop/pulls",
     "/octo-org/shop/blob/main/a.txt", "/_sandbox/deliveries", "/_sandbox/requests",
     "/_sandbox/version", "/_sandbox/assets/page.js", "/_sandbox/assets/mark.svg"],
)  # fmt: skip
async def test_every_answer_forbids_what_it_does_not_need(scene: Scene, path: str) -> None:
    place = path if path.startswith("/") else f"{scene.pull_path}/{path}".rstrip("/")
    async with scene.shop.session.get(scene.shop.github.url + place) as answer:
        assert answer.status == 200
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["/nobody/nothing", "/octo-org/shop/pull/9", "/octo-org/shop/commit/1234567",
     "/octo-org/shop/blob/main/missing", "/octo-org/shop/blob/missing/a.txt", "checks?sha=abc",
     "checks?check_run_id=9", "checks?check_run_id=x", "/_sandbox/deliveries/9"],
)  # fmt: skip
async def test_what_is_not_there_is_a_page_that_says_so(scene: Scene, path: str) -> None:
    assert "There is no such page" in await scene.get(path, status=404)


@pytest.mark.parametrize(
    "path",
    ["/octo-org/shop/runs/9", "/nobody/nothing/runs/9", "/_sandbox/version?of=nobody/nothing",
     "/_sandbox/assets/nothing.css", "/_sandbox/assets/routes.py", "/avatars/9"],
)  # fmt: skip
async def test_other_addresses_are_just_not_found(scene: Scene, path: str) -> None:
    await scene.get(path, status=404)
