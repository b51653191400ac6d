"""Fixes are text edits: rules think in nodes, everyone downstream thinks in bytes.

Offsets count bytes of the file as it lies on disk, byte order mark included, so that an edit
can be applied without knowing the encoding of the rest of the file.
"""

from collections.abc import Iterable
from enum import StrEnum
from itertools import pairwise
from typing import Self

from msgspec import Struct

from bot.analysis.errors import FixError


class Safety(StrEnum):
    """Whether a fix may be applied unseen (ruff calls it applicability).

    Safe: the edit changes only whether this code is awaited, in the framework in use here.
    Unsafe: it changes what others share (a class, an object, a configuration), or the author's
    intent is not certain.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"


class Edit(Struct, frozen=True, order=True):
    """Replace the bytes `start:end` of the file `path`."""

    path: str
    start: int
    end: int
    replacement: str


class Fix(Struct, frozen=True):
    """Edits that belong together, what they do, and how far to trust them."""

    safety: Safety
    title: str
    edits: tuple[Edit, ...]

    @classmethod
    def safe(cls, title: str, edits: Iterable[Edit]) -> Self:
        """May be applied without being looked at."""
        return cls(Safety.SAFE, title, tuple(edits))

    @classmethod
    def unsafe(cls, title: str, edits: Iterable[Edit]) -> Self:
        """Offered, and applied only to who asks for it."""
        return cls(Safety.UNSAFE, title, tuple(edits))


def joined(edits: Iterable[Edit]) -> list[Edit]:
    """Return the edits with insertions at one place made one, in the order they came."""
    found: dict[tuple[str, int, int], Edit] = {}
    for edit in edits:
        place = (edit.path, edit.start, edit.end)
        earlier = found.get(place)
        if earlier is None or edit == earlier or edit.start != edit.end:
            found[place] = edit
        else:
            found[place] = Edit(*place, earlier.replacement + edit.replacement)
    return list(found.values())


def merged(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return the edits in order, identical ones once (one import for ten markers).

    Raises:
        FixError: two different edits touch the same bytes.
    """
    ordered = sorted(set(edits))
    for one, other in pairwise(ordered):
        if one.path == other.path and (one.end > other.start or one.start == other.start):
            raise FixError(f"edits overlap in {one.path} at byte {other.start}")
    return tuple(ordered)


def apply_edits(content: bytes, edits: Iterable[Edit], *, encoding: str) -> bytes:
    """Return `content` with the edits of one file made; no other byte changes.

    Raises:
        FixError: the edits overlap, lie outside the file, or do not fit its encoding.
    """
    pieces: list[bytes] = []
    untouched_from = 0
    for edit in merged(edits):
        if edit.end > len(content) or edit.start > edit.end:
            raise FixError(f"an edit lies outside {edit.path}")
        pieces += [content[untouched_from : edit.start], _encoded(edit, encoding)]
        untouched_from = edit.end
    return b"".join([*pieces, content[untouched_from:]])


def _encoded(edit: Edit, encoding: str) -> bytes:
    try:
        return edit.replacement.encode(encoding)
    except UnicodeEncodeError as error:
        raise FixError(f"the replacement does not fit {encoding} in {edit.path}") from error
