"""The outcome of writing newer syntax out as older syntax."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Older:
    """The rewritten text, and where (line, column in UTF-8 bytes) strings became tuples."""

    text: str
    rewritten: frozenset[tuple[int, int]]
