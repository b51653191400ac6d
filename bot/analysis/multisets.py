"""Taking things off a counted collection, one for one."""

from collections import Counter
from collections.abc import Hashable
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def take(left: Counter[Key], key: Key) -> bool:
    """Take one away, and tell whether there was one."""
    if left[key] <= 0:
        return False
    left[key] -= 1
    return True
