"""Reviews with comments on lines of the diff, and the threads that such comments begin.

A review is taken as a whole or not at all: one comment that GitHub cannot place refuses all of
them (422), and the answer does not say which. So a refused review is sent in halves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from bot.github.client import parsed
from bot.github.errors import Gone, StaleHead, UnexpectedAnswer
from bot.github.query_errors import QueryFailed
from bot.github.repository import RepositoryPart
from bot.report.suggestion_review import LineComment, request_mark

# Enough to find one bad comment among thirty; after that the rest counts as refused.
_MOST_REQUESTS = 12
_CONTINUED = "(More of the same.)"

# GitHub gives a hundred of a list at once. Of older threads it tells us nothing here, and of a
# thread with more comments than these somebody else has surely written one.
_THREADS = """query Threads($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      headRefOid
      latestOpinionatedReviews(last: 100, writersOnly: true) { nodes { state } }
      reviewThreads(last: 100) {
        nodes {
          id isResolved isOutdated path line startLine
          comments(first: 10) {
            totalCount
            nodes { body viewerDidAuthor pullRequestReview { body url } }
          }
        }
      }
    }
  }
}"""


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation about lines that we began.

    Attributes:
        path: of the file.
        lines: the first and the last line, as they are numbered at the head; None if outdated.
        outdated: the lines have changed since.
        answered: somebody else has written in it.
        body: of our comment.
        review_body: of the review that it came with.
        review_url: the page of that review.
    """

    id: str
    path: str
    lines: tuple[int, int] | None
    resolved: bool
    outdated: bool
    answered: bool
    body: str
    review_body: str
    review_url: str


@dataclass(frozen=True, slots=True)
class ReviewState:
    """Where the review of a pull request stands.

    Attributes:
        head_sha: its head at this moment.
        approved: somebody who may write approves of it.
        threads: ours, the newest hundred of all.
    """

    head_sha: str
    approved: bool
    threads: tuple[Thread, ...]


@dataclass(frozen=True, slots=True)
class PlacedReview:
    """A review that was written.

    Attributes:
        url: of its first part; None if nothing could be placed.
        refused: the comments that GitHub could not place.
    """

    url: str | None
    refused: tuple[LineComment, ...]


class _Reviewed(msgspec.Struct, frozen=True):
    body: str
    url: str


class _Remark(msgspec.Struct, frozen=True, rename="camel"):
    body: str
    viewer_did_author: bool
    pull_request_review: _Reviewed | None = None


class _Remarks(msgspec.Struct, frozen=True, rename="camel"):
    total_count: int
    nodes: list[_Remark]


class _Thread(msgspec.Struct, frozen=True, rename="camel"):
    id: str
    is_resolved: bool
    is_outdated: bool
    path: str
    comments: _Remarks
    line: int | None = None
    start_line: int | None = None


class _Threads(msgspec.Struct, frozen=True):
    nodes: list[_Thread]


class _Opinion(msgspec.Struct, frozen=True):
    state: str


class _Opinions(msgspec.Struct, frozen=True):
    nodes: list[_Opinion]


class _Pull(msgspec.Struct, frozen=True, rename="camel"):
    head_ref_oid: str
    latest_opinionated_reviews: _Opinions | None
    review_threads: _Threads


class _Repository(msgspec.Struct, frozen=True, rename="camel"):
    pull_request: _Pull


class _Data(msgspec.Struct, frozen=True):
    repository: _Repository


class _Created(msgspec.Struct, frozen=True):
    html_url: str


class Reviews(RepositoryPart):
    """Reads and writes reviews."""

    async def review_state(self, number: int) -> ReviewState:
        """Return who approves of a pull request, and our threads in it: one request.

        Raises:
            Gone: there is none of this number.
        """
        try:
            data = await self._client.graphql(
                _THREADS, owner=self._owner, name=self._name, number=number
            )
        except QueryFailed as failure:
            if failure.has("NOT_FOUND"):
                raise Gone(str(failure)) from None
            raise
        pull = parsed(data, _Data, "review threads").repository.pull_request
        opinions = pull.latest_opinionated_reviews
        approved = opinions is not None and any(one.state == "APPROVED" for one in opinions.nodes)
        return ReviewState(
            pull.head_ref_oid,
            approved,
            tuple(_ours(one) for one in pull.review_threads.nodes if _is_ours(one)),
        )

    async def create_review(
        self,
        number: int,
        *,
        commit_sha: str,
        body: str,
        comments: Sequence[LineComment],
        key: str,
    ) -> PlacedReview:
        """Comment on lines of the diff at a commit, in one review and one request.

        Where GitHub refuses a comment, the others come in several reviews. Done again after an
        answer was lost, with the same key, it finds what is there.

        Raises:
            StaleHead: the commit is not one of the pull request's any more.
            Forbidden: the installation may not write reviews.
        """
        waiting = [tuple(comments)]
        urls: list[str] = []
        refused: list[LineComment] = []
        for _ in range(_MOST_REQUESTS):
            if not waiting:
                break
            part = waiting.pop(0)
            text = f"{_CONTINUED if urls else body}\n\n{request_mark(key)}"
            url = await self._part(number, commit_sha, text, part)
            if url is not None:
                urls.append(url)
            elif len(part) == 1:
                refused += part
            else:
                half = len(part) // 2
                waiting[:0] = [part[:half], part[half:]]
        refused += [comment for part in waiting for comment in part]
        return PlacedReview(urls[0] if urls else None, tuple(refused))

    async def resolve(self, threads: Sequence[Thread]) -> None:
        """Mark threads as resolved, all in one request.

        GitHub lets an app do so only with the right to write contents.

        Raises:
            Forbidden: the installation does not have that.
        """
        names = [f"t{number}" for number in range(len(threads))]
        declared = ", ".join(f"${name}: ID!" for name in names)
        fields = " ".join(
            f"{name}: resolveReviewThread(input: {{threadId: ${name}}}) {{ thread {{ id }} }}"
            for name in names
        )
        ids = {name: thread.id for name, thread in zip(names, threads, strict=True)}
        try:
            await self._client.graphql(f"mutation Resolve({declared}) {{ {fields} }}", **ids)
        except QueryFailed as failure:
            # Somebody deleted the comment meanwhile.
            if not failure.has("NOT_FOUND"):
                raise

    async def _part(
        self, number: int, commit_sha: str, text: str, comments: Sequence[LineComment]
    ) -> str | None:
        """Write one review and return its page; None if GitHub cannot place all comments."""
        review = {
            "commit_id": commit_sha,
            "event": "COMMENT",
            "body": text,
            "comments": [_sent(comment) for comment in comments],
        }
        path = self._path("pulls", number, "reviews")

        async def write() -> str:
            created = await self._client.send("POST", path, review, _Created, repeatable=False)
            return created.html_url

        async def look() -> str | None:
            state = await self.review_state(number)
            return _page_of(state.threads, text, comments[0].body)

        try:
            return await self._client.once(write, look)
        except UnexpectedAnswer as error:
            if error.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            if "commit_id" in error.message:
                raise StaleHead(error.message) from None
            return None


def _sent(comment: LineComment) -> dict[str, Any]:
    """GitHub refuses a first line that is the last line too."""
    lines: dict[str, Any] = {"line": comment.line, "side": "RIGHT"}
    if comment.start_line is not None:
        lines |= {"start_line": comment.start_line, "start_side": "RIGHT"}
    return {"path": comment.path, "body": comment.body, **lines}


def _is_ours(thread: _Thread) -> bool:
    return bool(thread.comments.nodes) and thread.comments.nodes[0].viewer_did_author


def _ours(thread: _Thread) -> Thread:
    nodes = thread.comments.nodes
    review = nodes[0].pull_request_review or _Reviewed("", "")
    return Thread(
        id=thread.id,
        path=thread.path,
        lines=(thread.start_line or thread.line, thread.line) if thread.line else None,
        resolved=thread.is_resolved,
        outdated=thread.is_outdated,
        answered=thread.comments.total_count > len(nodes)
        or not all(one.viewer_did_author for one in nodes),
        body=nodes[0].body,
        review_body=review.body,
        review_url=review.url,
    )


def _page_of(threads: Sequence[Thread], review_body: str, body: str) -> str | None:
    for thread in threads:
        if _normal(thread.review_body) == _normal(review_body):
            if _normal(thread.body) == _normal(body):
                return thread.review_url
    return None


def _normal(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
