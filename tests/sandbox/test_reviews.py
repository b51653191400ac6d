"""Review threads: where they stand, when they are outdated, and suggestions that are applied."""

from typing import Any

import pytest

from bot.sandbox.model import PullRequest
from bot.sandbox.suggesting import SuggestionRefusedError
from tests.sandbox.shop import EVENTS, FULL, LINES, Client, Shop

THREADS = """
query($last: Int) { repository(owner: "octo-org", name: "shop") { pullRequest(number: 1) {
  reviewThreads(last: $last) { totalCount nodes {
    id isResolved isOutdated path line startLine
    comments(first: 5) { totalCount nodes {
      body viewerDidAuthor author { login } pullRequestReview { body state url }
    } }
  } }
} } }
"""
RESOLVE = """
mutation($id: ID!) { resolveReviewThread(input: {threadId: $id}) { thread { isResolved } } }
"""


@pytest.fixture
async def pull(shop: Shop) -> PullRequest:
    """A pull request that adds a line before the first of thirty."""
    return await shop.pull()


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed(contents="write", pull_requests="write")


async def remark(
    shop: Shop, client: Client, line: int, suggestion: str | None = None, **more: Any
) -> int:
    """Let the app comment on a line, and return the comment's id."""
    body = "Look." if suggestion is None else f"So.\n\n```suggestion\n{suggestion}```"
    comment = {"path": "a.txt", "line": line, "side": "RIGHT", "body": body} | more
    review = {"event": "COMMENT", "body": "Ideas.", "comments": [comment]}
    await client.post(f"{shop.path}/pulls/1/reviews", review, 200)
    return int((await client.get(f"{shop.path}/pulls/1/comments"))[-1]["id"])


async def threads(client: Client) -> list[dict[str, Any]]:
    answer = await client.graphql(THREADS, last=100)
    found: list[dict[str, Any]] = answer["data"]["repository"]["pullRequest"]["reviewThreads"][
        "nodes"
    ]
    return found


async def push(shop: Shop, text: str) -> str:
    return await shop.github.push(shop.repository, "feature", {"a.txt": text}, shop.alice)


@pytest.mark.usefixtures("pull")
async def test_a_thread_tells_who_began_it_and_with_what(shop: Shop, client: Client) -> None:
    await remark(shop, client, 3, start_line=2, start_side="RIGHT")

    (thread,) = await threads(client)

    assert (thread["isResolved"], thread["isOutdated"]) == (False, False)
    assert (thread["path"], thread["startLine"], thread["line"]) == ("a.txt", 2, 3)
    (first,) = thread["comments"]["nodes"]
    assert (first["viewerDidAuthor"], first["author"]["login"]) == (True, "awaited")
    assert first["pullRequestReview"]["body"] == "Ideas."


async def test_an_answer_of_a_person_belongs_to_the_thread(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    first = await remark(shop, client, 2)

    await shop.github.reply(shop.repository, pull.number, first, "Why?", shop.alice)

    (thread,) = await threads(client)
    assert [one["viewerDidAuthor"] for one in thread["comments"]["nodes"]] == [True, False]
    assert thread["comments"]["nodes"][1]["body"] == "Why?"
    listed = await client.get(f"{shop.path}/pulls/1/comments")
    assert [one.get("in_reply_to_id") for one in listed] == [None, first]


async def test_webhooks_tell_of_comments_on_lines_and_of_edits(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    shop.app.events = (*EVENTS, "pull_request_review_comment")
    first = await remark(shop, client, 2)

    answer = await shop.github.reply(shop.repository, pull.number, first, "Why?", shop.alice)
    await shop.github.edit_reply(shop.repository, answer, "Oh.")

    await shop.github.settled()
    began, answered = shop.receiver.all("pull_request_review_comment.created")
    assert (began["comment"]["id"], began["sender"]["type"]) == (first, "Bot")
    assert (answered["comment"]["id"], answered["sender"]["login"]) == (answer, "alice")
    assert answered["comment"]["in_reply_to_id"] == first
    assert answered["pull_request"]["number"] == pull.number
    # The header of the hunk, the line that is new, and the one below it.
    assert (answered["comment"]["line"], answered["comment"]["position"]) == (2, 2)
    edited = shop.receiver.only("pull_request_review_comment.edited")
    assert edited["changes"] == {"body": {"from": "Why?"}}
    assert edited["comment"]["body"] == "Oh."


async def test_webhooks_tell_of_no_review_that_is_not_submitted(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    shop.app.events = (*EVENTS, "pull_request_review_comment")
    comment = {"path": "a.txt", "line": 2, "side": "RIGHT", "body": "Look."}

    await client.post(f"{shop.path}/pulls/{pull.number}/reviews", {"comments": [comment]}, 200)

    await shop.github.settled()
    assert shop.receiver.all("pull_request_review_comment.created") == []


@pytest.mark.usefixtures("pull")
async def test_a_comment_on_lines_takes_reactions(shop: Shop, client: Client) -> None:
    first = await remark(shop, client, 2)
    url = f"{shop.path}/pulls/comments/{first}/reactions"

    await client.post(url, {"content": "eyes"}, 201)
    await client.post(url, {"content": "eyes"}, 200)

    (listed,) = await client.get(f"{shop.path}/pulls/1/comments")
    assert (listed["reactions"]["eyes"], listed["reactions"]["total_count"]) == (1, 1)
    await client.post(f"{shop.path}/pulls/comments/4711/reactions", {"content": "eyes"}, 404)


async def test_only_comments_that_are_there_can_be_edited(shop: Shop, pull: PullRequest) -> None:
    del pull
    with pytest.raises(LookupError, match="has no comment 4711"):
        await shop.github.edit_reply(shop.repository, 4711, "Oh.")


@pytest.mark.usefixtures("pull")
@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"line 0\n{LINES}line 31\n", 2),
        (f"new\nline 0\n{LINES}", 3),
        (f"line 0\n{LINES}".replace("line 2\n", "changed\n"), 2),
        (f"line 0\n{LINES}".replace("line 1\n", "changed\n"), None),
        (f"line 0\n{LINES}".replace("line 1\n", ""), None),
        (LINES, None),
    ],
)
async def test_a_thread_follows_its_line_until_that_is_changed(
    shop: Shop, client: Client, text: str, line: int | None
) -> None:
    await remark(shop, client, 2)

    await push(shop, text)

    (thread,) = await threads(client)
    assert (thread["line"], thread["isOutdated"]) == (line, line is None)
    (listed,) = await client.get(f"{shop.path}/pulls/1/comments")
    assert (listed.get("line"), listed["original_line"]) == (line, 2)


@pytest.mark.usefixtures("pull")
async def test_a_line_put_between_those_of_a_thread_makes_it_outdated(
    shop: Shop, client: Client
) -> None:
    await remark(shop, client, 3, start_line=2, start_side="RIGHT")

    await push(shop, f"line 0\n{LINES}".replace("line 2\n", "new\nline 2\n"))

    assert [one["isOutdated"] for one in await threads(client)] == [True]


@pytest.mark.usefixtures("pull")
async def test_threads_come_in_pages_of_a_hundred_at_most(shop: Shop, client: Client) -> None:
    await remark(shop, client, 1)
    await remark(shop, client, 2)

    answer = await client.graphql(THREADS, last=1)
    found = answer["data"]["repository"]["pullRequest"]["reviewThreads"]
    assert ([one["line"] for one in found["nodes"]], found["totalCount"]) == ([2], 2)
    for wrong in ({}, {"last": 101}):
        refused = await client.graphql(THREADS, **wrong)
        assert refused["errors"][0]["type"] in {
            "MISSING_PAGINATION_BOUNDARIES",
            "EXCESSIVE_PAGINATION",
        }


@pytest.mark.usefixtures("pull")
async def test_who_may_write_contents_may_resolve_threads(shop: Shop, client: Client) -> None:
    await remark(shop, client, 2)
    (thread,) = await threads(client)
    reader = await shop.installed(contents="read", pull_requests="write")

    refused = await reader.graphql(RESOLVE, id=thread["id"])
    assert refused["errors"][0]["type"] == "FORBIDDEN"
    assert [one["isResolved"] for one in await threads(client)] == [False]

    done = await client.graphql(RESOLVE, id=thread["id"])
    assert done["data"]["resolveReviewThread"]["thread"] == {"isResolved": True}
    assert [one["isResolved"] for one in await threads(client)] == [True]

    nothing = await client.graphql(RESOLVE, id="PRRT_0")
    assert nothing["errors"][0]["type"] == "NOT_FOUND"


# Suggestions


async def test_suggestions_are_applied_in_one_commit_with_their_author(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    one = await remark(shop, client, 1, "LINE 0\nnew\n")
    other = await remark(shop, client, 3, "", start_line=2, start_side="RIGHT")

    head = await shop.github.apply_suggestions(shop.repository, 1, [one, other], shop.alice)

    assert pull.head_sha == head
    rest = LINES.removeprefix("line 1\nline 2\n")
    assert shop.repository.file("feature", "a.txt") == f"LINE 0\nnew\n{rest}".encode()
    commit = shop.repository.store.resolve(head)
    assert commit.author.name == "alice"
    assert commit.message.startswith("Apply suggestions from code review\n\nCo-authored-by: ")
    assert "awaited[bot]" in commit.message
    assert [one["isResolved"] for one in await threads(client)] == [True, True]


async def test_one_suggestion_gives_a_commit_named_after_its_file(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    one = await remark(shop, client, 1, "LINE 0\n")

    head = await shop.github.apply_suggestions(shop.repository, 1, [one], shop.alice)

    assert shop.repository.store.resolve(head).message.startswith("Update a.txt\n")
    assert pull.head_sha == head


async def refused(shop: Shop, *comments: int, user: str = "alice") -> str:
    head = shop.repository.head("feature")
    who = shop.github.world.account(user)
    with pytest.raises(SuggestionRefusedError) as error:
        await shop.github.apply_suggestions(shop.repository, 1, comments, who)
    assert shop.repository.head("feature") == head
    return str(error.value)


@pytest.mark.usefixtures("pull")
async def test_what_githubs_page_would_refuse_is_refused(shop: Shop, client: Client) -> None:
    one = await remark(shop, client, 1, "LINE 0\n")
    overlapping = await remark(shop, client, 2, "x\n", start_line=1, start_side="RIGHT")
    same = await remark(shop, client, 1, "line 0\n")
    words = await remark(shop, client, 1)
    shop.github.create_user("eve")

    assert "per line" in await refused(shop, one, overlapping)
    assert "no changes" in await refused(shop, same)
    assert "suggests nothing" in await refused(shop, words)
    assert "may push" in await refused(shop, one, user="eve")
    (thread, *_) = await threads(client)
    await client.graphql(RESOLVE, id=thread["id"])
    assert "marked as resolved" in await refused(shop, one)
    shop.repository.protect("feature")
    assert "protected" in await refused(shop, overlapping)
    shop.repository.protected.clear()
    await shop.github.queue_pull_request(shop.repository, 1, shop.alice)
    assert "merge queue" in await refused(shop, overlapping)
    await push(shop, f"line X\n{LINES}")
    assert "Outdated" in await refused(shop, overlapping)
    await shop.github.close_pull_request(shop.repository, 1, shop.alice)
    assert "closed" in await refused(shop, overlapping)


async def test_a_suggestion_on_a_deleted_line_cannot_be_applied(
    shop: Shop, client: Client
) -> None:
    await shop.pull({"a.txt": LINES.removeprefix("line 1\n")})
    one = await remark(shop, client, 1, "x\n", side="LEFT")

    assert "deleted lines" in await refused(shop, one)


async def test_the_author_of_a_fork_applies_suggestions_whoever_else_may(
    shop: Shop, client: Client
) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "feature", {"a.txt": f"line 0\n{LINES}"}, bob)
    await shop.github.open_pull_request(
        shop.repository, head="bob:feature", user=bob, maintainer_can_modify=False
    )
    one = await remark(shop, client, 1, "LINE 0\n")

    assert "may push" in await refused(shop, one)
    await shop.github.apply_suggestions(shop.repository, 1, [one], bob)

    assert fork.file("feature", "a.txt") == f"LINE 0\n{LINES}".encode()


# Approvals


OPINIONS = """
{ repository(owner: "octo-org", name: "shop") { pullRequest(number: 1) {
  latestOpinionatedReviews(first: 10, writersOnly: true) { nodes { state author { login } } }
} } }
"""


async def opinions(client: Client) -> list[str]:
    answer = await client.graphql(OPINIONS)
    pull = answer["data"]["repository"]["pullRequest"]
    return [one["state"] for one in pull["latestOpinionatedReviews"]["nodes"]]


@pytest.mark.usefixtures("pull")
async def test_approvals_of_who_may_write_count(shop: Shop, client: Client) -> None:
    eve = shop.github.create_user("eve")
    await shop.github.approve(shop.repository, 1, eve)
    assert await opinions(client) == []

    await shop.github.approve(shop.repository, 1, shop.alice)

    assert await opinions(client) == ["APPROVED"]


@pytest.mark.usefixtures("pull")
@pytest.mark.parametrize(
    ("how", "state"), [("no", "APPROVED"), ("rule", "DISMISSED"), ("classic", "DISMISSED")]
)
async def test_a_push_dismisses_approvals_where_the_base_says_so(
    shop: Shop, client: Client, how: str, state: str
) -> None:
    await shop.github.approve(shop.repository, 1, shop.alice)
    if how == "rule":
        shop.repository.add_rule("main", "pull_request", dismiss_stale_reviews_on_push=True)
    if how == "classic":
        shop.repository.protect("main", dismisses_stale=True)

    await push(shop, "changed\n")

    assert await opinions(client) == [state]


# Limits


@pytest.mark.usefixtures("pull")
async def test_reviews_and_comments_are_limited_by_the_minute(shop: Shop, client: Client) -> None:
    shop.github.limits.content_per_minute = 2
    await remark(shop, client, 1)
    await client.post(f"{shop.path}/issues/1/comments", {"body": "One."}, 201)

    answer = await client.ask("POST", f"{shop.path}/issues/1/comments", {"body": "Two."})

    assert (answer.status, answer.headers["retry-after"]) == (403, "60")
    assert "secondary rate limit" in answer.body["message"]


@pytest.mark.usefixtures("pull")
async def test_reviews_and_comments_are_limited_by_the_hour(shop: Shop, client: Client) -> None:
    shop.github.limits.content_per_hour = 1
    await remark(shop, client, 1)
    review = {"event": "COMMENT", "body": "Look."}

    answer = await client.ask("POST", f"{shop.path}/pulls/1/reviews", review)

    assert (answer.status, answer.headers["retry-after"]) == (403, "3600")


async def test_a_review_and_its_edit_are_told_of(shop: Shop) -> None:
    events = ("pull_request_review", "pull_request_review_comment")
    app = shop.github.create_app(
        "reader", permissions=FULL, events=events, hook_url=shop.app.hook_url
    )
    shop.github.install(app, shop.repository)
    pull = await shop.pull()

    review = await shop.github.review(shop.repository, pull.number, "Nice.", shop.alice)
    await shop.github.edit_review(shop.repository, review, "Very nice.")
    await shop.github.approve(shop.repository, pull.number, shop.alice)

    told = [one.payload for one in shop.github.deliveries if one.event == "pull_request_review"]
    assert [one["action"] for one in told] == ["submitted", "edited", "submitted"]
    assert [one["review"]["body"] for one in told] == ["Nice.", "Very nice.", None]
    assert [one["review"]["state"] for one in told] == ["commented", "commented", "approved"]
    assert told[1]["changes"] == {"body": {"from": "Nice."}}
