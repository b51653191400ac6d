"""What can be done on the pages, by whom, and from where."""

import pytest

from tests.sandbox.pages.scene import Scene


async def test_a_comment_is_written_as_who_was_chosen(scene: Scene) -> None:
    answer = await scene.post("comment", "bob", body=" /fix-async\r\nplease ")
    await scene.shop.github.settled()

    payload = scene.shop.receiver.only("issue_comment.created")
    (comment,) = scene.shop.repository.comments.values()
    assert payload["comment"]["body"] == "/fix-async\nplease"
    assert payload["sender"]["login"] == "bob"
    assert answer.status == 303
    assert answer.headers["Location"] == f"{scene.pull_path}#issuecomment-{comment.id}"


async def test_a_blank_comment_is_none(scene: Scene) -> None:
    answer = await scene.post("comment", body=" \r\n ")

    assert answer.headers["Location"] == f"{scene.pull_path}#comment"
    assert not scene.shop.repository.comments


@pytest.mark.parametrize(
    "headers",
    [{}, {"Origin": "null"}, {"Origin": "https://elsewhere.example"},
     {"Origin": "http://elsewhere.example", "Host": "elsewhere.example"}],
)  # fmt: skip
async def test_only_the_pages_themselves_may_act(scene: Scene, headers: dict[str, str]) -> None:
    address = f"{scene.url}/comment"
    async with scene.shop.session.post(address, data={"body": "x"}, headers=headers) as answer:
        assert answer.status == 403
    assert not scene.shop.repository.comments


async def test_closing_and_opening_again(scene: Scene) -> None:
    await scene.post("close", "alice")
    closed = scene.pull.state
    await scene.post("close", "alice")
    await scene.shop.github.settled()

    assert (closed, scene.pull.state) == ("closed", "open")
    assert {"pull_request.closed", "pull_request.reopened"} <= set(scene.shop.receiver.names)


async def test_a_reader_may_close_only_what_is_theirs(scene: Scene) -> None:
    assert (await scene.post("close", "bob")).status == 403
    scene.pull.author = scene.shop.github.world.account("bob")

    assert (await scene.post("close", "bob")).status == 303
    assert scene.pull.state == "closed"


async def test_without_its_branch_nothing_opens_again(scene: Scene) -> None:
    await scene.shop.github.delete_branch(scene.shop.repository, "feature", scene.shop.alice)

    assert (await scene.post("close", "alice")).status == 422


async def test_merging_takes_the_right_to_write(scene: Scene) -> None:
    refused = await scene.post("merge", "bob")
    merged = await scene.post("merge", "alice")
    again = await scene.post("merge", "alice")

    assert [one.status for one in (refused, merged, again)] == [403, 303, 409]
    assert scene.pull.merged_at is not None


async def test_a_button_asks_the_app(scene: Scene) -> None:
    run = await scene.check()
    path = f"/octo-org/shop/runs/{run['id']}/press"

    answer = await scene.post(path, "bob", identifier="fix-safe:1", number="1")
    await scene.shop.github.settled()

    payload = scene.shop.receiver.only("check_run.requested_action")
    assert payload["requested_action"] == {"identifier": "fix-safe:1"}
    assert payload["sender"]["login"] == "bob"
    assert answer.headers["Location"] == f"{scene.pull_path}/checks"
    assert (await scene.post(path, identifier="other")).status == 404
    assert (await scene.post("/octo-org/shop/runs/9/press", identifier="x")).status == 404


async def test_a_check_is_run_again_by_who_may_write(scene: Scene) -> None:
    run = await scene.check()
    path = f"/octo-org/shop/runs/{run['id']}/rerun"

    refused = await scene.post(path, "bob")
    asked = await scene.post(path, "alice")
    await scene.shop.github.settled()

    assert refused.status == 403
    assert asked.headers["Location"] == f"/octo-org/shop/runs/{run['id']}"
    assert scene.shop.receiver.only("check_run.rerequested")["sender"]["login"] == "alice"


@pytest.mark.parametrize(
    ("back", "place"),
    [("/octo-org/shop?state=closed", "/octo-org/shop?state=closed"), ("//elsewhere.example", "/"),
     ("/\\elsewhere.example", "/"), ("https://elsewhere.example", "/")],
)  # fmt: skip
async def test_being_somebody_else_stays_on_this_site(scene: Scene, back: str, place: str) -> None:
    answer = await scene.post("/_sandbox/viewer", login="bob", back=back)

    assert answer.headers["Location"] == place
    assert answer.cookies["sandbox_viewer"].value == "bob"
    assert answer.cookies["sandbox_viewer"]["samesite"] == "Strict"


@pytest.mark.parametrize("login", ["nobody", "awaited[bot]", ""])
async def test_nobody_can_be_an_app_or_a_stranger(scene: Scene, login: str) -> None:
    assert (await scene.post("/_sandbox/viewer", login=login)).status == 404


async def test_acts_on_what_is_not_there_are_refused(scene: Scene) -> None:
    assert (await scene.post("/octo-org/shop/pull/9/comment", body="x")).status == 404
    assert (await scene.post("/nobody/nothing/pull/1/comment", body="x")).status == 404
