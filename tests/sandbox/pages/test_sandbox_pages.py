"""The pages beside the pull requests: lists, webhooks, requests, versions, pictures."""

import xml.etree.ElementTree as ET

import pytest

from bot.sandbox.faults import Fault
from bot.sandbox.pages.drawings import HERE, face, icon
from bot.sandbox.render.conversation import REACTIONS
from tests.sandbox.pages.scene import ANNOTATION, Scene, words


async def test_all_repositories_are_listed(scene: Scene) -> None:
    scene.shop.github.fork(scene.shop.repository, "bob")
    scene.shop.github.create_repository("octo-org/secret", private=True)

    text = await scene.read("/")

    assert "octo-org/shop Public 1 open pull request · apps: awaited" in text
    assert "bob/shop Public forked from octo-org/shop · 0 open pull requests" in text
    assert "octo-org/secret Private" in text


async def test_an_empty_github_says_so(scene: Scene) -> None:
    scene.shop.github.world.repositories.clear()

    assert "There is no repository yet." in await scene.read("/")


async def test_a_repository_lists_its_pull_requests_and_branches(scene: Scene) -> None:
    await scene.check()
    await scene.shop.github.comment(scene.shop.repository, 1, "Hello", scene.shop.alice)

    text, html = await scene.read("/octo-org/shop"), await scene.get("/octo-org/shop")
    closed = await scene.read("/octo-org/shop?state=closed")

    assert "1 Open 0 Closed Test totals" in text
    assert "#1 opened" in text
    assert 'aria-label="1 comment"' in html
    assert f"git clone {scene.shop.github.url}/octo-org/shop.git" in text
    assert "feature" in text
    assert "No closed pull requests." in closed


async def test_webhooks_are_listed_with_what_became_of_them(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.settled()
    shop.receiver.status = 500
    shop.github.faults.add(Fault("WEBHOOK issue_comment", "drop"))
    await shop.github.comment(shop.repository, 1, "One", shop.alice)
    await shop.github.comment(shop.repository, 1, "Two", shop.alice)
    pending = words(await scene.get("/_sandbox/deliveries"))
    await shop.github.settled()

    text = await scene.read("/_sandbox/deliveries")

    assert "pending issue_comment.created" in pending
    assert "500 issue_comment.created" in text
    assert "failed to connect to host issue_comment.created" in text
    assert "202 pull_request.opened" in text
    assert "202 push" in text


async def test_a_webhook_can_be_read_and_sent_again(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.settled()
    first = next(one for one in shop.github.deliveries if one.event == "push")

    text = await scene.read(f"/_sandbox/deliveries/{first.id}")
    answer = await scene.post(f"/_sandbox/deliveries/{first.id}/redeliver")
    await shop.github.settled()

    assert f"X-GitHub-Delivery: {first.guid}" in text
    assert '"ref": "refs/heads/feature"' in text
    assert "Response 202" in text
    again = shop.github.deliveries[-1]
    assert (again.guid, again.redelivery) == (first.guid, True)
    assert answer.headers["Location"] == f"/_sandbox/deliveries/{again.id}"
    assert "push redelivery" in await scene.read("/_sandbox/deliveries")
    assert (await scene.post("/_sandbox/deliveries/1/redeliver")).status == 404


async def test_without_an_app_nothing_was_sent(scene: Scene) -> None:
    scene.shop.github.deliveries.clear()

    assert "No webhook was sent yet." in await scene.read("/_sandbox/deliveries")


async def test_requests_faults_and_the_referees_words_are_listed(scene: Scene) -> None:
    shop = scene.shop
    shop.github.faults.add(Fault("GET .*/pulls/1$", "status", status=502))
    shop.github.faults.add(Fault("GET .*/never$", "slow", times=2))
    await scene.client.ask("GET", f"{shop.path}/pulls/1")
    await scene.client.ask("GET", f"{shop.path}/pulls?nonsense=1")

    text = await scene.read("/_sandbox/requests")
    shop.github.referee.forgive()
    after = await scene.read("/_sandbox/requests")

    assert "502 GET /api/v3/repos/octo-org/shop/pulls/1 pulls/get" in text
    assert "201 POST" in text
    assert "status GET .*/pulls/1$ happened" in text
    assert "slow GET .*/never$ waits, 2 times" in text
    assert "unknown query parameter nonsense" in text
    assert "0 violations" in after


async def test_nothing_asked_is_told_as_nothing(scene: Scene) -> None:
    scene.shop.github.exchanges.clear()

    text = await scene.read("/_sandbox/requests")

    assert "No request yet." in text
    assert "Faults" not in text


async def test_the_version_changes_with_what_is_shown(scene: Scene) -> None:
    shop = scene.shop
    await shop.github.settled()

    async def versions() -> tuple[str, str]:
        return (
            await scene.get("/_sandbox/version?of=octo-org/shop"),
            await scene.get("/_sandbox/version"),
        )

    first = await versions()
    assert await versions() == first
    seen = [first]
    run = await scene.start()
    seen.append(await versions())
    await scene.complete(run)
    seen.append(await versions())
    shop.repository.runs[run["id"]].annotations.append(ANNOTATION)
    seen.append(await versions())
    comment = await shop.github.comment(shop.repository, 1, "Hello", shop.alice)
    seen.append(await versions())
    shop.github.activity.react(shop.repository.comments[comment], "eyes", shop.app.bot)
    seen.append(await versions())

    assert len({everything for _, everything in seen}) == len(seen)
    assert len({of_repository for of_repository, _ in seen}) == len(seen)


async def test_reading_changes_no_version(scene: Scene) -> None:
    await scene.shop.github.settled()
    before = await scene.get("/_sandbox/version")

    for path in ("", "commits", "checks", "files", "/", "/_sandbox/deliveries"):
        await scene.get(path)

    assert await scene.get("/_sandbox/version") == before


async def test_everybody_has_a_picture(scene: Scene) -> None:
    accounts = scene.shop.github.world.accounts
    drawn = [await scene.get(f"/avatars/{accounts[one].id}") for one in ("alice", "awaited[bot]")]

    assert all(ET.fromstring(one).tag.endswith("svg") for one in drawn)  # noqa: S314 - our own
    assert drawn[0] != drawn[1]


@pytest.mark.parametrize("content", REACTIONS)
def test_every_reaction_is_drawn(content: str) -> None:
    assert f'aria-label="{content}"' in face(content)


@pytest.mark.parametrize("name", sorted(path.stem for path in (HERE / "icons").iterdir()))
def test_every_icon_is_whole(name: str) -> None:
    assert ET.fromstring(icon(name, 'a "label"')).get("aria-label") == 'a "label"'  # noqa: S314
    assert ET.fromstring(icon(name)).get("aria-hidden") == "true"  # noqa: S314 - our own
