"""A page of Markdown that fits where it goes: cut between lines, and saying what it leaves out."""

from collections.abc import Sequence
from itertools import accumulate

from msgspec import Struct

_CLOSING_ROOM = 400


class Part(Struct, frozen=True):
    """A heading or a table's head, and lines of equal rank, of which the last may be left out.

    Attributes:
        name: what a reader misses where lines are left out ("files that were not checked").
        head: stands before the lines, and is never shortened.
        lines: cut from the end; each is whole Markdown by itself.
        tail: closes what `head` opened.
        between: what separates the lines.
    """

    name: str
    head: str
    lines: tuple[str, ...] = ()
    tail: str = ""
    between: str = "\n"

    def within(self, limit: int) -> str:
        """Return the part in at most `limit` characters; empty when that shows nothing of it."""
        whole = self._showing(len(self.lines))
        if len(whole) <= limit:
            return whole
        count = self._count_within(limit)
        return self._showing(count) if count else ""

    def _count_within(self, limit: int) -> int:
        room = limit - len(self._showing(0))
        used = accumulate(len(line) + len(self.between) for line in self.lines)
        return sum(1 for so_far in used if so_far <= room)

    def _showing(self, count: int) -> str:
        body = self.between.join([self.head, *self.lines[:count]]) + self.tail
        left_out = len(self.lines) - count
        return f"{body}\n\n… {left_out:,} more not shown ({self.name})." if left_out else body


def page(parts: Sequence[Part], limit: int) -> str:
    """Return the parts in order, in at most `limit` characters; the first ones go first."""
    shown: list[str] = []
    dropped: list[str] = []
    room = limit - _CLOSING_ROOM
    for part in parts:
        text = part.within(room - 2)
        room -= len(text) + 2 if text else 0
        shown += [text] if text else []
        dropped += [] if text else [part.name]
    closing = [f"Not shown, for lack of room: {', '.join(dropped)}."] if dropped else []
    return "\n\n".join([*shown, *closing])
