"""Reviews and their threads: what is said about lines, and that it is settled."""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.graphql_api.sources import (
    Connection,
    Context,
    Field,
    Plain,
    Pull,
    PullReview,
    Refusal,
    Remark,
)
from bot.sandbox.render import conversation
from bot.sandbox.threads import Thread, opinions, threads_of

Json = dict[str, Any]


def threads(source: Pull, _: Context, **part: Any) -> Connection:
    """Answer a pull request's `reviewThreads`, oldest first."""
    found = threads_of(source.repository, source.record)
    return Connection.of(found, "reviewThreads", **part)


def latest_opinions(
    source: Pull,
    _: Context,
    *,
    writersOnly: bool = False,  # noqa: N803 - GitHub's name
    **part: Any,
) -> Connection:
    """Answer `latestOpinionatedReviews`: the last approval or request of each reviewer."""
    repository = source.repository
    found = [
        PullReview(repository, source.record, one)
        for one in opinions(repository, source.record)
        if not writersOnly or repository.allows(one.author.login, "write")
    ]
    return Connection.of(found, "latestOpinionatedReviews", **part)


def resolve(_: object, context: Context, *, input: Json) -> Json:  # noqa: A002 - GitHub's name
    """Answer `resolveReviewThread`.

    To an app GitHub grants it only with the right to write contents, whatever that has to do with
    it (github/gh-aw#35726).

    Raises:
        Refusal: there is no such thread, or the caller may not.
    """
    for repository in context.site.world.repositories.values():
        for pull in repository.pulls.values():
            for thread in threads_of(repository, pull):
                if node_id(thread) == input["threadId"]:
                    context.require(repository, "contents=write")
                    context.require(repository, "pull_requests=write")
                    thread.first.resolved = True
                    return {
                        "clientMutationId": input.get("clientMutationId"),
                        "thread": thread,
                    }
    message = f"Could not resolve to a node with the global id of '{input['threadId']}'"
    raise Refusal("NOT_FOUND", message)


def node_id(thread: Thread) -> str:
    """Return the global id of a thread."""
    return f"PRRT_{thread.first.id}"


def _line(thread: Thread, _: Context) -> int | None:
    return thread.lines[1] if thread.lines else None


def _start_line(thread: Thread, _: Context) -> int | None:
    return thread.lines[0] if thread.lines and thread.first.start_line else None


def _comments(thread: Thread, _: Context, *, skip: int = 0, **part: Any) -> Connection:
    remarks = [
        Remark(thread.repository, thread.pull, review, comment)
        for review, comment in thread.remarks[skip:]
    ]
    return Connection.of(remarks, "comments", **part)


_THREAD: Plain[Thread] = {
    "id": lambda one, _: node_id(one),
    "isOutdated": lambda one, _: one.lines is None,
    "isResolved": lambda one, _: one.first.resolved,
    "line": _line,
    "path": lambda one, _: one.first.path,
    "startLine": _start_line,
}
THREAD: Mapping[str, Field] = {**_THREAD, "comments": _comments}


def _page(remark: Remark, context: Context) -> object:
    rendered = conversation.review_comment(
        context.site.world, remark.repository, remark.pull, remark.review, remark.comment
    )
    return rendered["html_url"]


COMMENT: Plain[Remark] = {
    "author": lambda one, _: one.review.author,
    "body": lambda one, _: one.comment.body,
    "databaseId": lambda one, _: one.comment.id,
    "id": lambda one, _: f"PRRC_{one.comment.id}",
    "pullRequestReview": lambda one, _: PullReview(one.repository, one.pull, one.review),
    "url": _page,
    "viewerDidAuthor": lambda one, context: one.review.author is context.account,
}


def _review_page(one: PullReview, context: Context) -> object:
    rendered = conversation.review(context.site.world, one.repository, one.pull, one.record)
    return rendered["html_url"]


REVIEW: Plain[PullReview] = {
    "author": lambda one, _: one.record.author,
    "body": lambda one, _: one.record.body,
    "databaseId": lambda one, _: one.record.id,
    "id": lambda one, _: f"PRR_{one.record.id}",
    "state": lambda one, _: one.record.state,
    "url": _review_page,
    "viewerDidAuthor": lambda one, context: one.record.author is context.account,
}
