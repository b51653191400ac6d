"""Where in a TOML text something stands, which its parser does not tell.

A word stands where it does if writing another in its place changes the parsed document exactly
there. So no second reading of the grammar is needed, and no place is guessed.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import cast

from msgspec import Struct

from bot.analysis.finding import Location

# What leads to a value: keys of tables, and indexes of arrays.
Keys = tuple[str | int, ...]

_OTHER = "awaited-looks-for-this"
# A word that stands in more places than that is not looked for in all of them.
_MOST = 40
_ERROR_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)$")


class TomlText(Struct, frozen=True):
    """A TOML file: what it says, and where."""

    path: str
    text: str

    def parsed(self) -> dict[str, object]:
        """Return the document.

        Raises:
            tomllib.TOMLDecodeError: it is none.
            RecursionError: it is nested too deeply.
        """
        return tomllib.loads(self.text)

    def place_of_error(self, error: Exception) -> Location:
        """Return where the parser stopped."""
        found = _ERROR_PLACE.search(str(error))
        line, column = map(int, found.groups()) if found else (self.text.count("\n") + 1, 1)
        return Location(self.path, line, column, line, column + 1)

    def place(self, keys: Keys) -> Location:
        """Return where the string or the key stands, or the nearest key above it that is found."""
        for length in range(len(keys), 0, -1):
            found = self._place_of_string(keys[:length]) or self._place_of_key(keys[:length])
            if found is not None:
                return found
        return Location(self.path, 1, 1, 1, 2)

    def _place_of_key(self, keys: Keys) -> Location | None:
        *above, name = keys
        if not isinstance(name, str):
            return None
        other = (*above, _OTHER)
        return self._first(name, lambda document: _value(document, other) is not None)

    def _place_of_string(self, keys: Keys) -> Location | None:
        value = _value(self.parsed(), keys) if isinstance(keys[-1], int) else None
        if not isinstance(value, str) or not value:
            return None
        return self._first(value, lambda document: _value(document, keys) == _OTHER)

    def _first(self, word: str, fits: Callable[[object], bool]) -> Location | None:
        """Return the first place of a word at which another would make the document fit."""
        for start, end in islice(self._occurrences(word), _MOST):
            try:
                document = tomllib.loads(f"{self.text[:start]}{_OTHER}{self.text[end:]}")
            except (tomllib.TOMLDecodeError, RecursionError):
                continue
            if fits(document):
                line = self.text.count("\n", 0, start) + 1
                column = start - (self.text.rfind("\n", 0, start) + 1) + 1
                return Location(self.path, line, column, line, column + len(word))
        return None

    def _occurrences(self, word: str) -> Iterator[tuple[int, int]]:
        for found in re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", self.text):
            yield found.span()


def _value(document: object, keys: Sequence[str | int]) -> object:
    """Return what stands under keys, None where there is nothing."""
    for key in keys:
        match document, key:
            case dict(), str():
                document = cast("dict[str, object]", document).get(key)
            case list(), int() if key < len(cast("list[object]", document)):
                document = cast("list[object]", document)[key]
            case _:
                return None
    return document
