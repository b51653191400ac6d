"""Comments, their authors, and reactions."""

import pytest

from bot.sandbox.errors import ApiError
from tests.sandbox.shop import Client, Shop


@pytest.fixture
async def client(shop: Shop) -> Client:
    await shop.pull()
    return await shop.installed()


async def test_a_persons_comment_is_delivered_with_its_pull_request(
    shop: Shop, client: Client
) -> None:
    comment_id = await shop.github.comment(shop.repository, 1, "/fix-async", shop.alice)

    await shop.github.settled()
    event = shop.receiver.only("issue_comment.created")
    assert event["comment"]["id"] == comment_id
    assert event["comment"]["user"]["type"] == "User"
    assert event["comment"]["performed_via_github_app"] is None
    assert event["issue"]["pull_request"]["url"] == f"{shop.github.api_url}{shop.path}/pulls/1"
    assert "head" not in event["issue"]
    found = await client.get(f"{shop.path}/issues/comments/{comment_id}")
    assert found["author_association"] == "MEMBER"


async def test_an_apps_comment_says_that_an_app_wrote_it(shop: Shop, client: Client) -> None:
    made = await client.post(f"{shop.path}/issues/1/comments", {"body": "Fixed."})

    assert (made["user"]["login"], made["user"]["type"]) == ("awaited[bot]", "Bot")
    assert made["performed_via_github_app"]["slug"] == "awaited"
    await shop.github.settled()
    assert shop.receiver.only("issue_comment.created")["sender"]["type"] == "Bot"


async def test_the_right_to_write_pull_requests_is_enough_to_comment(
    shop: Shop, client: Client
) -> None:
    del client
    only_pulls = await shop.installed(pull_requests="write")

    await only_pulls.post(f"{shop.path}/issues/1/comments", {"body": "Hello."})

    assert len(shop.repository.comments) == 1


async def test_an_edit_brings_the_old_text(shop: Shop, client: Client) -> None:
    made = await client.post(f"{shop.path}/issues/1/comments", {"body": "Before"})

    await client.ask("PATCH", f"{shop.path}/issues/comments/{made['id']}", {"body": "After"})

    await shop.github.settled()
    event = shop.receiver.only("issue_comment.edited")
    assert event["changes"] == {"body": {"from": "Before"}}
    assert event["comment"]["body"] == "After"


async def test_somebody_else_may_edit_a_persons_comment(shop: Shop, client: Client) -> None:
    del client
    maintainer = shop.github.create_user("maintainer")
    comment_id = await shop.github.comment(shop.repository, 1, "Hello", shop.alice)

    await shop.github.edit_comment(shop.repository, comment_id, "/fix-async", maintainer)

    await shop.github.settled()
    event = shop.receiver.only("issue_comment.edited")
    assert (event["sender"]["login"], event["comment"]["user"]["login"]) == ("maintainer", "alice")


async def test_an_app_edits_only_its_own_comments(shop: Shop, client: Client) -> None:
    comment_id = await shop.github.comment(shop.repository, 1, "Hello", shop.alice)

    answer = await client.ask(
        "PATCH", f"{shop.path}/issues/comments/{comment_id}", {"body": "Mine now"}
    )

    assert answer.status == 403
    assert shop.repository.comments[comment_id].body == "Hello"


@pytest.mark.parametrize(("role", "status"), [("read", 403), ("write", 200)])
async def test_a_user_edits_others_comments_with_the_right_to_write(
    shop: Shop, client: Client, role: str, status: int
) -> None:
    del client
    bob = shop.github.create_user("bob")
    shop.repository.permissions["bob"] = role
    comment_id = await shop.github.comment(shop.repository, 1, "Hello", shop.alice)

    answer = await shop.client(bob.token).ask(
        "PATCH", f"{shop.path}/issues/comments/{comment_id}", {"body": "Edited"}
    )

    assert answer.status == status


async def test_a_conversation_is_listed_from_its_beginning_or_from_a_time_on(
    shop: Shop, client: Client
) -> None:
    await shop.github.comment(shop.repository, 1, "One", shop.alice)
    await shop.github.comment(shop.repository, 1, "Two", shop.alice)
    path = f"{shop.path}/issues/1/comments"

    assert [one["body"] for one in await client.get(path)] == ["One", "Two"]
    assert await client.get(f"{path}?since=2999-01-01T00:00:00Z") == []


@pytest.mark.parametrize("body", ["", "  \n", "x" * 65_537])
async def test_an_empty_or_endless_comment_is_refused(
    shop: Shop, client: Client, body: str
) -> None:
    answer = await client.ask("POST", f"{shop.path}/issues/1/comments", {"body": body})

    assert (answer.status, answer.body["message"]) == (422, "Validation Failed")
    assert shop.repository.comments == {}


async def test_a_comment_under_no_pull_request_is_refused(shop: Shop, client: Client) -> None:
    path = f"{shop.path}/issues/9/comments"

    assert (await client.ask("POST", path, {"body": "Hello"})).status == 404
    assert (await client.ask("GET", path)).status == 404
    with pytest.raises(ApiError):
        await shop.github.comment(shop.repository, 9, "Hello", shop.alice)


async def test_the_same_reaction_counts_once(shop: Shop, client: Client) -> None:
    comment_id = await shop.github.comment(shop.repository, 1, "/fix-async", shop.alice)
    path = f"{shop.path}/issues/comments/{comment_id}/reactions"

    first = await client.ask("POST", path, {"content": "eyes"})
    again = await client.ask("POST", path, {"content": "eyes"})
    other = await client.ask("POST", path, {"content": "rocket"})

    assert [one.status for one in (first, again, other)] == [201, 200, 201]
    assert again.body == first.body
    assert [one["content"] for one in await client.get(path)] == ["eyes", "rocket"]
    assert [one["content"] for one in await client.get(f"{path}?content=rocket")] == ["rocket"]
    comment = await client.get(f"{shop.path}/issues/comments/{comment_id}")
    assert (comment["reactions"]["eyes"], comment["reactions"]["total_count"]) == (1, 2)


async def test_what_somebody_is_to_a_repository_is_only_advice(shop: Shop, client: Client) -> None:
    github = shop.github
    owner = github.create_user("owner")
    mine = github.create_repository("owner/mine")
    mine.permissions["alice"] = "read"
    mine.commit({"a.txt": "a\n"})
    mine.commit({"b.txt": "b\n"}, branch="side")
    await github.open_pull_request(mine, head="side", user=owner)
    stranger = github.create_user("stranger")
    for who in (owner, shop.alice, stranger):
        await github.comment(mine, 1, "Hello", who)

    listed = await shop.client(owner.token).get("/repos/owner/mine/issues/1/comments")

    del client
    associations = [one["author_association"] for one in listed]
    assert associations == ["OWNER", "COLLABORATOR", "NONE"]
