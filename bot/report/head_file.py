"""A file at the head of a pull request, as far as suggestions on its lines go.

GitHub takes comments only on lines that the diff shows: the hunks, context included. Lines count
from one and end at a line feed, as in a diff; a range of them lies within one hunk or nowhere.
"""

import re
from bisect import bisect_right
from codecs import BOM_UTF8
from collections.abc import Sequence
from enum import Enum

import msgspec
from msgspec.structs import replace

from bot.analysis.source.source import UndecodableSource, decode

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")


class Obstacle(Enum):
    """Why a fix is not suggested, in words for a reader."""

    OUTSIDE = "a part of the fix is outside of the lines that the diff of this pull request shows"
    NO_DIFF = "GitHub shows no diff of this file"
    LINE_ENDS = "the line endings of the file are mixed"
    CHARACTERS = "the file holds characters that a comment does not carry unchanged"
    LENGTH = "the fix is too long for a comment"
    REFUSED = "GitHub did not take the suggestion"
    OVERLAP = "it changes the same place as another fix"
    LIMIT = "a review has no room for more"

    @property
    def passes(self) -> bool:
        """Whether it is none any more once the other suggestions are applied."""
        return self in {Obstacle.OVERLAP, Obstacle.LIMIT}


class HeadFile(msgspec.Struct, frozen=True):
    """Its content, where its lines start in bytes, and which of them the diff shows.

    Attributes:
        ending: how all its lines end; empty if they differ.
    """

    path: str
    content: bytes
    starts: tuple[int, ...]
    ending: bytes
    hunks: tuple[range, ...] = ()
    obstacle: Obstacle | None = None

    def line_at(self, offset: int) -> int:
        """Return the line that a byte is in; behind the last byte that is the last line."""
        return max(bisect_right(self.starts, offset), 1)

    def start_of(self, line: int) -> int:
        """Return the first byte of a line, the file's length for the one behind the last."""
        return self.starts[line - 1] if line <= len(self.starts) else len(self.content)

    def text_of(self, start: int, end: int) -> bytes:
        """Return the lines `start` to `end` with their endings."""
        return self.content[self.start_of(start) : self.start_of(end + 1)]

    def hunk_of(self, start: int, end: int) -> range | None:
        """Return the hunk that shows all of these lines."""
        return next((hunk for hunk in self.hunks if start in hunk and end in hunk), None)


def head_file(path: str, content: bytes, patch: str | None) -> HeadFile:
    """Return a file with what its patch, as GitHub lists it, shows of it.

    Args:
        path: relative to the root of the repository.
        content: at the head.
        patch: None where GitHub leaves it out (binary and very large files).
    """
    starts = (0, *(at.end() for at in re.finditer(b"\n", content))) if content else ()
    starts = tuple(at for at in starts if at < len(content))
    file = HeadFile(path, content, starts, line_ending(content))
    obstacle = _obstacle(file)
    if obstacle is not None:
        return replace(file, obstacle=obstacle)
    hunks = hunks_of(patch or "", content.decode().split("\n"))
    if not hunks:
        return replace(file, obstacle=Obstacle.NO_DIFF)
    return replace(file, hunks=hunks)


def _obstacle(file: HeadFile) -> Obstacle | None:
    try:
        encoding = decode(file.path, file.content).encoding
    except UndecodableSource:
        return Obstacle.CHARACTERS
    if encoding != "utf-8":
        return Obstacle.CHARACTERS
    return None if file.ending else Obstacle.LINE_ENDS


def line_ending(text: bytes) -> bytes:
    r"""Return how all lines end, `\n` where none does; empty if they differ."""
    feeds, returns = text.count(b"\n"), text.count(b"\r")
    if not returns:
        return b"\n"
    return b"\r\n" if feeds == returns == text.count(b"\r\n") else b""


def starts_with_mark(file: HeadFile) -> bool:
    """Whether the first line hides a byte order mark, which no comment shows."""
    return file.content.startswith(BOM_UTF8)


def hunks_of(patch: str, lines: Sequence[str]) -> tuple[range, ...]:
    """Return the lines that each hunk shows of a file; nothing if it is not this file's patch.

    GitHub lists the changes of the newest head, which may be newer than the file at hand. A
    patch that shows other lines than the file has is of no use.
    """
    hunks: list[range] = []
    rest = patch.split("\n")
    while rest:
        header = _HUNK.match(rest.pop(0))
        if header is None:
            return ()
        start, count = int(header[1]), int(header[2] or 1)
        shown = [line[1:] for line in _body(rest) if line[0] in " +"]
        if len(shown) != count or not _are_at(shown, lines, start):
            return ()
        hunks.append(range(start, start + count))
    return tuple(hunks)


def _body(rest: list[str]) -> list[str]:
    """Take the lines of a hunk off what is left of the patch."""
    length = next((at for at, line in enumerate(rest) if line[:1] == "@"), len(rest))
    body = rest[:length]
    del rest[:length]
    return [line for line in body if line]


def _are_at(shown: Sequence[str], lines: Sequence[str], start: int) -> bool:
    there = lines[start - 1 : start - 1 + len(shown)] if shown else ()
    return [_bare(line) for line in there] == [_bare(line) for line in shown]


def _bare(line: str) -> str:
    """Return a line without what is lost on some ways through JSON and HTML."""
    return line.removesuffix("\r").removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}")
