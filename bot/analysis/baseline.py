"""Tells what a change brings from what was there before it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct

from bot.analysis.finding import Finding
from bot.analysis.multisets import take


class Compared(Struct, frozen=True):
    """The findings of a head, in their order, parted by whether the base has them too."""

    new: tuple[Finding, ...]
    known: tuple[Finding, ...]


def compared(
    head: Sequence[Finding], base: Sequence[Finding], moved: Mapping[str, str]
) -> Compared:
    """Part the findings of a head.

    Each finding of the base accounts for one of the head: for one in the same file first, then
    for one that has gone anywhere else.

    Args:
        head: in any order.
        base: in any order.
        moved: from the paths at the base to those at the head, of files that were renamed.
    """
    in_files = Counter((moved.get(one.path, one.path), one.fingerprint) for one in base)
    stayed = [take(in_files, (one.path, one.fingerprint)) for one in head]
    anywhere = Counter(mark for (_, mark), count in in_files.items() for _ in range(count))
    new, known = list[Finding](), list[Finding]()
    for one, has_stayed in zip(head, stayed, strict=True):
        is_known = has_stayed or take(anywhere, one.fingerprint)
        (known if is_known else new).append(one)
    return Compared(tuple(new), tuple(known))
