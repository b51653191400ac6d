"""A file's diff as the rows of a table, coloured in the language of the file."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from bot.sandbox.diff import Diff, FileChange
from bot.sandbox.pages import highlight
from bot.sandbox.repository import Repository

_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
KINDS = {"+": "added", "-": "removed", " ": "context"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a diff; a hunk's header has no numbers, and a removed line no new one."""

    kind: str
    old: int | None
    new: int | None
    code: Markup


@dataclass(frozen=True, slots=True)
class FileDiff:
    """One file of a diff. Without rows, `reason` says why."""

    change: FileChange
    anchor: str
    rows: tuple[Row, ...]
    reason: str

    @property
    def path(self) -> str:
        """The file's path, as it is now or was last."""
        return self.change.path


def anchor_of(path: str) -> str:
    """Return the fragment under which a file stands on a page of diffs."""
    return f"diff-{hashlib.sha256(path.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}"


def file_diffs(repository: Repository, old: str, new: str) -> list[FileDiff]:
    """Return what changes from one commit to another, file by file."""
    changes = Diff(repository.store, old, new).files()
    return [_file_diff(repository, change, old, new) for change in changes]


def _file_diff(repository: Repository, change: FileChange, old: str, new: str) -> FileDiff:
    anchor = anchor_of(change.path)
    if change.patch is None:
        return FileDiff(change, anchor, (), _reason(change))
    before = _lines(repository, old, change.previous_path or change.path)
    after = _lines(repository, new, change.path)
    return FileDiff(change, anchor, tuple(_rows(change.patch.split("\n"), before, after)), "")


def _reason(change: FileChange) -> str:
    if change.status == "renamed":
        return "File renamed without changes."
    if change.additions or change.deletions:
        return "This diff is too large to be shown."
    return "This file is empty, or binary, or only its mode changed."


def _lines(repository: Repository, revision: str, path: str) -> tuple[Markup, ...]:
    data = repository.file(revision, path)
    if not data or len(data) > highlight.COLOURED_CHARACTERS:
        return ()
    return highlight.lines_of(path, data.decode("utf-8", "replace"))


def _rows(
    patch: Sequence[str], before: Sequence[Markup], after: Sequence[Markup]
) -> Iterator[Row]:
    old = new = 0
    for line in patch:
        if hunk := _HUNK.match(line):
            old, new = int(hunk[1]), int(hunk[2])
            yield Row("hunk", None, None, escape(line))
        elif line.startswith("\\"):
            yield Row("note", None, None, escape(line[2:]))
        else:
            kind = KINDS[line[0]]
            side, number = (before, old) if kind == "removed" else (after, new)
            yield Row(
                kind,
                None if kind == "added" else old,
                None if kind == "removed" else new,
                _code(side, number, line[1:]),
            )
            old, new = old + (kind != "added"), new + (kind != "removed")


def _code(side: Sequence[Markup], number: int, text: str) -> Markup:
    """Return the coloured line, or the plain one where the file was not coloured."""
    return side[number - 1] if number <= len(side) else escape(text)
