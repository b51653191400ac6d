"""What git is told not to look at: `.gitignore` files, nested as they are, and `info/exclude`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from bot.cli.local_file import read

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


class Ignored(Struct, frozen=True):
    """The patterns that hold in one directory, outermost first.

    Attributes:
        levels: how many characters of a path the directory of the patterns takes, and the
            patterns. What the innermost says holds, as git has it.
    """

    levels: tuple[tuple[int, "GitIgnoreSpec"], ...] = ()

    def names(self, path: str) -> bool:
        """Whether a path is to be ignored; that of a directory ends with a slash."""
        for length, patterns in reversed(self.levels):
            verdict = patterns.check_file(path[length:]).include
            if verdict is not None:
                return verdict
        return False

    def with_patterns_of(self, file: Path, prefix: str) -> "Ignored":
        """Return the patterns that hold where `file` lies; `prefix` is how paths begin there."""
        content = read(file)
        if not isinstance(content, bytes):
            return self
        return Ignored((*self.levels, (len(prefix), _patterns(os.fsdecode(content)))))


def excluded_by_git(root: Path) -> Ignored:
    """Return what is excluded in this clone alone, if `root` is the top of a work tree."""
    return Ignored().with_patterns_of(_git_directory(root / ".git") / "info" / "exclude", "")


def _git_directory(path: Path) -> Path:
    """Follow the files that a linked work tree has: to its own directory, then to the shared."""
    directory = _pointed_to(path) or path
    return _pointed_to(directory / "commondir") or directory


def _pointed_to(file: Path) -> Path | None:
    content = read(file)
    if not isinstance(content, bytes):
        return None
    return file.parent / os.fsdecode(content).removeprefix("gitdir:").strip()


def _patterns(text: str) -> "GitIgnoreSpec":
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - slow to load, and some trees need none

    lines = text.split("\n")
    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines(list(_valid(lines)))


def _valid(lines: list[str]) -> Iterator[str]:
    """Yield the lines that are patterns: as in git, a broken one does not void the others."""
    from pathspec import GitIgnoreSpec  # noqa: PLC0415 - as above

    for line in lines:
        try:
            GitIgnoreSpec.from_lines([line])
        except ValueError:
            continue
        yield line
