"""Which files differ between two commits, and which of their lines can be commented on."""

from collections.abc import Iterator
from dataclasses import dataclass

import pygit2
from pygit2.enums import DiffFlag

from bot.sandbox.git_store import GitStore

STATUSES = {
    "A": "added",
    "M": "modified",
    "D": "removed",
    "R": "renamed",
    "C": "copied",
    "T": "changed",
}
# GitHub leaves the patch of a larger file out (20,000 lines or 500 KB).
PATCH_LINES = 20_000
PATCH_BYTES = 500_000


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a diff; without a patch when it is binary, too large, or only renamed."""

    path: str
    previous_path: str | None
    status: str
    blob: str
    additions: int
    deletions: int
    patch: str | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """A stretch of a file's diff: its text, and the lines that a comment may name on each side."""

    path: str
    text: str
    left: range
    right: range


class Diff:
    """The changes from `old` to `new`, renames found."""

    def __init__(self, store: GitStore, old: str, new: str) -> None:
        self._diff = store.git.diff(store.commit(old), store.commit(new), context_lines=3)
        self._diff.find_similar()

    @property
    def additions(self) -> int:
        """Lines added over all files."""
        return self._diff.stats.insertions

    @property
    def deletions(self) -> int:
        """Lines removed over all files."""
        return self._diff.stats.deletions

    def files(self) -> list[FileChange]:
        """Return the changed files, in git's order."""
        return [_file_change(patch) for patch in self._patches()]

    def hunk_at(self, path: str, side: str, line: int) -> Hunk | None:
        """Return the hunk in which that line can be commented on, or None outside of the diff."""
        for hunk in self._hunks(path):
            if line in (hunk.right if side == "RIGHT" else hunk.left):
                return hunk
        return None

    def position_of(self, path: str, side: str, line: int) -> int | None:
        """Return how many lines of the file's patch lie above a line, its first header included.

        The headers of further hunks count as well ("Create a review for a pull request").
        """
        position = 0
        for patch in self._patches():
            for hunk in patch.hunks if patch.delta.new_file.path == path else ():
                for one in hunk.lines:
                    position += 1
                    if line == (one.new_lineno if side == "RIGHT" else one.old_lineno):
                        return position
                position += 1
        return None

    def _patches(self) -> list[pygit2.Patch]:
        # A delta without a patch is one that libgit2 calls unmodified; it is not listed.
        return [patch for patch in self._diff if patch is not None]

    def _hunks(self, path: str) -> Iterator[Hunk]:
        for patch in self._patches():
            if patch.delta.new_file.path == path:
                yield from (_hunk(path, hunk) for hunk in patch.hunks)


def _hunk(path: str, hunk: pygit2.DiffHunk) -> Hunk:
    return Hunk(
        path,
        hunk.header.rstrip("\n"),
        range(hunk.old_start, hunk.old_start + hunk.old_lines),
        range(hunk.new_start, hunk.new_start + hunk.new_lines),
    )


def _file_change(patch: pygit2.Patch) -> FileChange:
    delta = patch.delta
    status = STATUSES[delta.status_char()]
    file = delta.old_file if status == "removed" else delta.new_file
    renamed = status in ("renamed", "copied")
    _, additions, deletions = patch.line_stats
    previous = delta.old_file.path if renamed else None
    return FileChange(
        file.path, previous, status, str(file.id), additions, deletions, _patch_text(patch)
    )


def _patch_text(patch: pygit2.Patch) -> str | None:
    if patch.delta.flags & DiffFlag.BINARY or not patch.hunks:
        return None
    data = patch.data
    if len(data) > PATCH_BYTES or sum(patch.line_stats) > PATCH_LINES:
        return None
    _, _, text = data.decode("utf-8", "replace").partition("\n@@")
    return f"@@{text}".rstrip("\n")
