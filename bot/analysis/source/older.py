"""The outcome of writing newer syntax out as older syntax."""

from msgspec import Struct


class Older(Struct, frozen=True):
    """The rewritten text, and where (line, column in UTF-8 bytes) strings became tuples."""

    text: str
    rewritten: frozenset[tuple[int, int]]
