"""A tree on disk as an analysis asks for it: what is to be checked, and the contents it needs."""

import os
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from msgspec import Struct, field

from bot.analysis.errors import UserError
from bot.analysis.finding import FileError
from bot.analysis.pytest_runs.ini_files import is_checkable
from bot.analysis.request import Content, Fixing, Request
from bot.cli.listing import Listing, valid_unicode
from bot.cli.local_file import read
from bot.cli.project_root import find_root


class LocalTree(Struct, frozen=True):
    """What a user has asked to check, and where it lies.

    Attributes:
        root: the top of the tree; what is asked of an analysis is relative to it.
        files: where each file is, by its path in the tree.
        candidates: files in directories that the user named; None for the whole tree.
        named: files that the user named.
        unlisted: directories among those named that could not be looked into.
        contents: what was read, as it was read.
    """

    root: Path
    files: Mapping[str, str]
    candidates: tuple[str, ...] | None
    named: tuple[str, ...]
    unlisted: tuple[FileError, ...]
    contents: dict[str, Content] = field(default_factory=dict[str, Content])

    @classmethod
    def of(cls, paths: Sequence[str], working_directory: Path) -> Self:
        """Find the tree around some paths, and list it.

        Raises:
            UserError: a path does not exist.
        """
        targets = [_real(path) for path in paths]
        directories = [target for target in targets if target.is_dir()]
        named = [target for target in targets if not target.is_dir()]
        root = find_root([*directories, *(file.parent for file in named)], working_directory)
        listing = Listing(root)
        if root != Path(root.anchor):
            # Nobody means the whole disk.
            listing.walk()
        for directory in directories:
            listing.include(directory)
        for file in named:
            listing.add(file)
        return cls._of(listing, directories, named)

    @classmethod
    def _of(cls, listing: Listing, directories: Sequence[Path], named: Sequence[Path]) -> Self:
        below = [listing.key(directory) for directory in directories]
        return cls(
            root=listing.root,
            files=listing.files,
            candidates=None if "." in below else tuple(_checkable(listing.files, below)),
            named=tuple(sorted({listing.key(file) for file in named})),
            unlisted=tuple(one for one in listing.unlisted if _is_below(one.path, below)),
        )

    def request(self, fixing: Fixing) -> Request:
        """Return what is asked of an analysis."""
        return Request(
            paths=tuple(sorted(self.files)),
            candidates=self.candidates,
            named=self.named,
            fixing=fixing,
        )

    async def fetch(self, paths: frozenset[str]) -> Mapping[str, Content]:
        """Read files of the tree; nothing else is ever read, whatever the analysis asks for."""
        for path in paths:
            self.contents[path] = self.read(path)
        return {path: self.contents[path] for path in paths}

    def read(self, path: str) -> Content:
        """Return what is in a file of the tree now."""
        return read(self.files[path]) if path in self.files else None

    def stamp(self, path: str) -> tuple[int, ...]:
        """Return what changes whenever a file does, and costs no reading; empty if it is gone.

        The first two are the times of the last change, in nanoseconds since 1970.
        """
        try:
            found = os.stat(self.files[path])  # noqa: PTH116 - thousands of files
        except (KeyError, OSError):
            return ()
        return (found.st_mtime_ns, found.st_ctime_ns, found.st_size, found.st_ino)

    def from_working_directory(self, path: str) -> str:
        """Return how a path of the tree is written where the user is."""
        return valid_unicode(os.path.relpath(self.files.get(path, self.root / path)))


def _real(path: str) -> Path:
    """Return an absolute path without links, except that a file may be one itself.

    Raises:
        UserError: there is nothing, or nothing that may be looked at.
    """
    try:
        given = Path(path)
        is_directory = stat.S_ISDIR(given.stat().st_mode)
        return given.resolve() if is_directory else given.parent.resolve() / given.name
    except OSError as error:
        raise UserError(f"{valid_unicode(path)}: {error.strerror}") from error


def _checkable(files: Mapping[str, str], below: Sequence[str]) -> list[str]:
    """Return the files that pytest may take for Python, or for its configuration."""
    return sorted(path for path in files if is_checkable(path) and _is_below(path, below))


def _is_below(path: str, directories: Sequence[str]) -> bool:
    return any(
        directory in {".", path} or path.startswith(f"{directory}/") for directory in directories
    )
