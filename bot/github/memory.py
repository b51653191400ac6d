"""What never changes in a repository, remembered from one job to the next.

A commit's tree and a blob are what they are for good, so that checking a head again, or the same
files under another head, costs next to nothing. It is one installation's view of one repository,
never shared with another.
"""

from collections.abc import Callable
from typing import Any

from cachetools import LRUCache


class Memory:
    """Bounded by the size of what is kept: what was not asked for the longest is forgotten."""

    def __init__(self) -> None:
        self._kinds: dict[str, LRUCache[Any, Any]] = {}

    def of(
        self, kind: str, most: int, size: Callable[[Any], int] = lambda _: 1
    ) -> LRUCache[Any, Any]:
        """Return what is remembered of a kind; the first who asks says how much that may be."""
        return self._kinds.setdefault(kind, LRUCache(most, getsizeof=size))
