"""The Files changed tab: the diff from the merge base, with annotations and remarks inline."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

from bot.sandbox.model import PullRequest
from bot.sandbox.pages import annotations
from bot.sandbox.pages.annotations import Annotation, Shown
from bot.sandbox.pages.commits import commit_line
from bot.sandbox.pages.header import header
from bot.sandbox.pages.patches import FileDiff, Row, file_diffs
from bot.sandbox.pages.reviewing import Remark, remark
from bot.sandbox.pages.visit import Page, Visit
from bot.sandbox.repository import Repository


@dataclass(frozen=True, slots=True)
class Noted:
    """A row of a diff with what is said below it."""

    row: Row
    annotations: tuple[Annotation, ...]
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class File:
    """A file of the diff; `href` leads to the whole of it."""

    diff: FileDiff
    rows: tuple[Noted, ...]
    notes: int
    href: str


def show(visit: Visit) -> Page:
    """Show what the pull request changes."""
    repository, pull = visit.pull()
    said = annotations.of_commit(repository, pull.head_sha)
    remarks = _remarks(visit, repository, pull)
    base = repository.store.merge_base(pull.base_sha, pull.head_sha) or pull.base_sha
    diffs = file_diffs(repository, base, pull.head_sha)
    files = [_file(repository, pull.head_sha, diff, said, remarks) for diff in diffs]
    values = {
        "pull": header(visit.site, repository, pull, "files"),
        "files": files,
        "elsewhere": _elsewhere(repository, files, said),
    }
    return Page(
        "files.html",
        f"Files \N{MIDDLE DOT} {pull.title} \N{MIDDLE DOT} #{pull.number}",
        values,
        repository,
        repository.full_name,
        wide=True,
    )


def show_commit(visit: Visit) -> Page:
    """Show one commit: its message, and what it changes."""
    repository = visit.repository()
    commit = repository.store.commit(visit.word("sha"))
    line = commit_line(visit.site.world, repository, commit)
    parents = [str(parent.id) for parent in commit.parents]
    diffs = file_diffs(repository, parents[0], line.sha) if parents else []
    said = annotations.of_commit(repository, line.sha)
    files = [_file(repository, line.sha, diff, said, []) for diff in diffs]
    values = {"commit": line, "parents": parents, "files": files}
    return Page("commit.html", line.headline, values, repository, repository.full_name, wide=True)


def _remarks(visit: Visit, repository: Repository, pull: PullRequest) -> list[Remark]:
    references = visit.references(repository)
    return [
        remark(references, review, comment, pull)
        for review in repository.reviews.values()
        if review.number == pull.number
        for comment in review.comments
    ]


def _file(
    repository: Repository,
    sha: str,
    diff: FileDiff,
    said: Sequence[Annotation],
    remarks: Sequence[Remark],
) -> File:
    here = [one for one in said if one.given.path == diff.path]
    current = [one for one in remarks if one.path == diff.path and not one.outdated]
    rows = tuple(_noted(row, here, current) for row in diff.rows)
    notes = sum(len(row.annotations) + len(row.remarks) for row in rows)
    href = f"/{repository.full_name}/blob/{sha}/{quote(diff.path)}"
    return File(diff, rows, notes, href)


def _noted(row: Row, said: Sequence[Annotation], remarks: Sequence[Remark]) -> Noted:
    """Annotations stand below the last of their lines, as on GitHub."""
    return Noted(
        row,
        tuple(one for one in said if one.given.end_line == row.new),
        tuple(one for one in remarks if one.line == (row.old if one.side == "LEFT" else row.new)),
    )


def _elsewhere(
    repository: Repository, files: Sequence[File], said: Sequence[Annotation]
) -> list[tuple[str, list[Shown]]]:
    """Return the annotations on lines that the diff does not show, file by file."""
    placed = {one.anchor for file in files for row in file.rows for one in row.annotations}
    rest = sorted(
        (one for one in said if one.anchor not in placed),
        key=lambda one: (one.given.path, one.given.start_line),
    )
    return [
        (path, [annotations.shown(repository, one) for one in group])
        for path, group in groupby(rest, key=lambda one: one.given.path)
    ]
