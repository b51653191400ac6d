"""Tables of a configuration file as typed values: a key that cannot be read is a problem.

Each key is read by itself, so that a mistake in one of them costs only that one.
"""

import re
import tomllib
from collections.abc import Collection, Mapping
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin

import msgspec
from msgspec import Struct, field
from msgspec.structs import FieldInfo

from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.configuration.toml_places import Keys, TomlText
from bot.analysis.finding import Location

Table = Mapping[str, object]
Kind = TypeVar("Kind", bound=msgspec.Struct)

_ITEM = re.compile(r" - at `\$(?:\[(\d+)\])?.*`$")


class ConfigProblem(Struct, frozen=True, order=True):
    """What is wrong with a configuration, and where."""

    location: Location
    message: str


class TableReader(Struct):
    """Reads the tables of one file.

    Attributes:
        text: the file.
        root: the keys under which the configuration stands in it.
        problems: what was wrong so far.
    """

    text: TomlText
    root: Keys
    problems: list[ConfigProblem] = field(default_factory=list[ConfigProblem])

    def table(self) -> Table:
        """Return the whole configuration, empty where it cannot be read."""
        try:
            found: object = self.text.parsed()
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            place = self.text.place_of_error(error)
            self.problems.append(ConfigProblem(place, f"this is not TOML: {error}"))
            return {}
        for key in self.root:
            found = cast("dict[str | int, object]", found)[key]
        return self.as_table(found, ())

    def problem(self, keys: Keys, message: str) -> None:
        """Note what is wrong with what stands under keys."""
        place = self.text.place((*self.root, *keys))
        self.problems.append(ConfigProblem(place, message))

    def as_table(self, value: object, keys: Keys) -> Table:
        """Return a table; anything else is a problem."""
        if isinstance(value, dict):
            return cast("dict[str, object]", value)
        self.problem(keys, f"`{self.dotted(keys)}` must be a table")
        return {}

    def dotted(self, keys: Keys) -> str:
        """Return keys as they are written in a table's header."""
        return ".".join(str(key) for key in (*self.root, *keys) if isinstance(key, str))

    def check_keys(self, table: Table, known: Collection[str], keys: Keys = ()) -> None:
        """Note every key that means nothing."""
        for key in table:
            if key not in known:
                self.problem((*keys, key), f"unknown key `{key}`{did_you_mean(key, known)}")

    def struct(self, kind: type[Kind], table: Table, keys: Keys = ()) -> Kind | None:
        """Return a table as a value; None where a key that it needs is missing or unusable."""
        found = self.usable(kind, table, keys)
        return built(kind, found) if found is not None else None

    def usable(
        self, kind: type[msgspec.Struct], table: Table, keys: Keys = ()
    ) -> dict[str, object] | None:
        """Return what a table says, by field, a table in it as a mapping; None as for `struct`."""
        usable: dict[str, object] = {}
        for one in fields_of(kind):
            name = one.encode_name
            kind_of = _without_none(one.type)
            found = self._value(kind_of, table[name], (*keys, name)) if name in table else None
            if found is not None:
                usable[one.name] = found
            elif one.required:
                if name not in table:
                    self.problem(keys, f"`{name}` is missing in `{self.dotted(keys)}`")
                return None
        return usable

    def _value(self, kind: Any, value: object, keys: Keys) -> object | None:
        """Return a value of a kind, entry by entry if it is a table; None if it is of another."""
        if (nested := _as_struct(kind)) is not None:
            table = self.as_table(value, keys)
            self.check_keys(table, names_of(nested), keys)
            return self.usable(nested, table, keys)
        if get_origin(kind) is dict and isinstance(value, dict):
            entries = cast("dict[str, object]", value)
            _, inner = get_args(kind)
            found = {key: self._value(inner, one, (*keys, key)) for key, one in entries.items()}
            return {key: one for key, one in found.items() if one is not None}
        try:
            return cast("object", msgspec.convert(value, kind))
        except msgspec.ValidationError as error:
            self.problem(keys, f"`{keys[-1]}`: {_explained(error, kind, value)}")
            return None


def built(kind: type[Kind], usable: Mapping[str, object]) -> Kind:
    """Return the value that usable fields make."""
    nested = {one.name: _as_struct(one.type) for one in fields_of(kind)}
    values = {
        name: built(inner, cast("Mapping[str, object]", value))
        if (inner := nested[name]) is not None
        else value
        for name, value in usable.items()
    }
    return kind(**values)


@cache
def fields_of(kind: type[msgspec.Struct]) -> tuple[FieldInfo, ...]:
    """Return the keys of a kind of table, with their types; msgspec works them out each time."""
    return msgspec.structs.fields(kind)


def names_of(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the keys that a table of a kind may have."""
    return tuple(one.encode_name for one in fields_of(kind))


def required_names(kind: type[msgspec.Struct]) -> tuple[str, ...]:
    """Return the keys that a table of a kind must have."""
    return tuple(one.encode_name for one in fields_of(kind) if one.required)


def _without_none(kind: Any) -> Any:
    """Return what a field holds if it holds anything: TOML has no null."""
    if get_origin(kind) is not UnionType:
        return kind
    (inner,) = (one for one in get_args(kind) if one is not NoneType)
    return inner


def _as_struct(kind: Any) -> type[msgspec.Struct] | None:
    return kind if isinstance(kind, type) and issubclass(kind, msgspec.Struct) else None


def _explained(error: msgspec.ValidationError, kind: Any, value: object) -> str:
    if isinstance(kind, type) and issubclass(kind, Enum):
        names = [str(one.value) for one in kind]
        meant = did_you_mean(value, names) if isinstance(value, str) else ""
        return f"must be one of {', '.join(f'`{one}`' for one in names)}{meant}"
    text = str(error)
    item = _ITEM.search(text)
    what = text[: item.start()] if item else text
    where = f" as item {int(item[1]) + 1}" if item and item[1] else ""
    return f"{what[:1].lower()}{what[1:]}{where}"
