"""Suggest fixes in a review: those that can be, each once, and keep our threads in order.

Done again, it finds the suggestions that it made by what they say.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.analysis.finding import Finding
from bot.analysis.request import Content
from bot.github.gateway import RepositoryGateway
from bot.github.reviews import ReviewState, Thread
from bot.report.head_file import HeadFile, Obstacle
from bot.report.suggestion_reply import Suggested
from bot.report.suggestion_review import (
    comments_of,
    fingerprint_in,
    is_made,
    missing,
    request_mark,
    review_body,
)
from bot.report.suggestions import Packing, Suggestion, packed


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be suggested, where, and for which request."""

    number: int
    head_sha: str
    findings: tuple[Finding, ...]
    files: Mapping[str, HeadFile]
    key: str


async def suggest(
    gateway: RepositoryGateway, wanted: Wanted, state: ReviewState
) -> Suggested | None:
    """Write the suggestions that are not there yet, in one review; None if there can be none.

    Raises:
        StaleHead: the commit is not one of the pull request's any more.
        Forbidden: the installation may not write reviews.
    """
    applicable = [one for one in state.threads if _stands(one, wanted.head_sha)]
    packing = next_packing(wanted, [*_fingerprints(applicable)])
    new = missing(packing.suggestions, _fingerprints(applicable))
    refused: tuple[Suggestion, ...] = ()
    url = ""
    if new:
        url, refused = await _written(gateway, wanted, packing, new)
    # What this very request has made before its worker died is as new as the rest.
    before = [one for one in applicable if request_mark(wanted.key) not in one.review_body]
    known = _without(packing.suggestions, missing(packing.suggestions, _fingerprints(before)))
    made = _without(packing.suggestions, [*known, *refused])
    if not (made or known):
        return None
    urls = [one.review_url for one in applicable if _is_of(one, [*made, *known])]
    return Suggested(url or urls[-1], made, known, refused, packing.left_out)


def next_packing(wanted: Wanted, posted: Sequence[str]) -> Packing:
    """Return the first suggestions of which some are not there yet; the last if all are."""
    findings = wanted.findings
    while True:
        packing = packed(findings, wanted.files)
        waiting = {one.finding for one in packing.left_out if one.obstacle is Obstacle.LIMIT}
        if not waiting or missing(packing.suggestions, posted):
            return packing
        findings = tuple(one for one in findings if one in waiting)


async def settled(gateway: RepositoryGateway, state: ReviewState) -> tuple[Thread, ...]:
    """Return our open suggestions that nobody answered to and nobody needs any more.

    Their lines have changed, or what they suggest has been done.
    """
    ours = [
        one
        for one in state.threads
        if not (one.resolved or one.answered) and fingerprint_in(one.body) is not None
    ]
    paths = {one.path for one in ours if one.lines}
    contents: Mapping[str, Content] = {}
    if paths:
        contents = await gateway.contents(await gateway.tree(state.head_sha), paths)
    return tuple(one for one in ours if one.outdated or _is_made(one, contents.get(one.path)))


def _stands(thread: Thread, head_sha: str) -> bool:
    """Whether a suggestion need not be made again.

    A resolved one cannot be applied any more. It was applied and that was taken back, or somebody
    did not want it: at the same head they are not asked twice.
    """
    return not thread.outdated and (not thread.resolved or head_sha in thread.review_body)


def _is_made(thread: Thread, content: Content) -> bool:
    if thread.lines is None or not isinstance(content, bytes):
        return False
    start, end = thread.lines
    return is_made(thread.body, content, start, end)


async def _written(
    gateway: RepositoryGateway, wanted: Wanted, packing: Packing, new: Sequence[Suggestion]
) -> tuple[str, tuple[Suggestion, ...]]:
    """Return the page of the review, and the suggestions that GitHub did not take."""
    comments = dict(zip(packing.suggestions, comments_of(packing.suggestions), strict=True))
    review = await gateway.create_review(
        wanted.number,
        commit_sha=wanted.head_sha,
        body=review_body(new, head_sha=wanted.head_sha),
        comments=[comments[one] for one in new],
        key=wanted.key,
    )
    refused = tuple(one for one in new if comments[one] in review.refused)
    return review.url or "", refused


def _fingerprints(threads: Sequence[Thread]) -> list[str]:
    return [mark for one in threads if (mark := fingerprint_in(one.body)) is not None]


def _is_of(thread: Thread, suggestions: Sequence[Suggestion]) -> bool:
    mark = fingerprint_in(thread.body)
    return mark is not None and any(not missing([one], [mark]) for one in suggestions)


def _without(
    suggestions: Sequence[Suggestion], others: Sequence[Suggestion]
) -> tuple[Suggestion, ...]:
    return tuple(one for one in suggestions if one not in others)
