"""Threads of a review: comments on lines, where those lines are now, and who answered.

A thread stays at its lines while commits are pushed that leave them as they are, and is outdated
once they are changed or the diff shows them no more.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pygit2

from bot.sandbox.model import Account, PullRequest, Review, ReviewComment
from bot.sandbox.repository import Repository

Lines = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments on some lines, with the review that each came with; the first began it."""

    repository: Repository
    pull: PullRequest
    remarks: tuple[tuple[Review, ReviewComment], ...]

    @property
    def first(self) -> ReviewComment:
        """The comment that began it."""
        return self.remarks[0][1]

    @property
    def author(self) -> Account:
        """Who began it."""
        return self.remarks[0][0].author

    @property
    def lines(self) -> Lines | None:
        """The first and the last line at the head of today; None if it is outdated."""
        return lines_now(self.repository, self.pull, self.first)


def threads_of(repository: Repository, pull: PullRequest) -> list[Thread]:
    """Return the threads of a pull request, oldest first."""
    remarks: dict[int, list[tuple[Review, ReviewComment]]] = {}
    for review in repository.reviews.values():
        if review.number == pull.number:
            for comment in review.comments:
                remarks.setdefault(comment.in_reply_to or comment.id, []).append((review, comment))
    return [Thread(repository, pull, tuple(each)) for each in remarks.values()]


def lines_now(repository: Repository, pull: PullRequest, comment: ReviewComment) -> Lines | None:
    """Return where the lines of a comment are at the head; None where they are not there."""
    start = comment.start_line or comment.line
    lines: Lines | None = (start, comment.line)
    if comment.side == "RIGHT":
        lines = _moved(repository, pull, comment.path, comment.commit_id, (start, comment.line))
    if lines is None:
        return None
    diff = repository.diff_of(pull)
    hunk = diff.hunk_at(comment.path, comment.side, lines[0])
    shown = hunk is not None and hunk == diff.hunk_at(comment.path, comment.side, lines[1])
    return lines if shown else None


def _moved(
    repository: Repository, pull: PullRequest, path: str, commit: str, lines: Lines
) -> Lines | None:
    start, end = lines
    offset = 0
    for hunk in _changes(repository, path, commit, pull.head_sha):
        first, behind = hunk.old_start, hunk.old_start + hunk.old_lines
        if not hunk.old_lines:
            # git names the line above what is put in.
            first = behind = hunk.old_start + 1
        if behind <= start:
            offset += hunk.new_lines - hunk.old_lines
        elif first <= end:
            return None
    return start + offset, end + offset


def _changes(repository: Repository, path: str, old: str, new: str) -> Iterator[pygit2.DiffHunk]:
    if old == new:
        return
    store = repository.store
    for patch in store.git.diff(store.commit(old), store.commit(new), context_lines=0):
        if patch is not None and patch.delta.old_file.path == path:
            yield from patch.hunks


def opinions(repository: Repository, pull: PullRequest) -> list[Review]:
    """Return the last review of everybody who approved or asked for changes."""
    latest: dict[int, Review] = {}
    for review in repository.reviews.values():
        if review.number == pull.number and review.state not in ("COMMENTED", "PENDING"):
            latest[review.author.id] = review
    return list(latest.values())
