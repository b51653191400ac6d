"""What a reader is told of mistakes in a configuration: where they are, and what holds instead."""

from collections.abc import Iterator, Mapping
from typing import cast

import msgspec

from bot.analysis.configuration.config_layers import KnownKeys, Layer
from bot.analysis.configuration.config_tables import TableReader, fields_of, names_of

_MOST = 5


def notes_on_mistakes(tables: TableReader, layer: Layer, held: KnownKeys) -> Iterator[str]:
    """Yield what holds in place of mistakes in the repository's own file, which are findings.

    Args:
        tables: its tables, read.
        layer: what was understood of it.
        held: what holds.
    """
    path = tables.text.path
    if tables.problems and not layer.table:
        yield f"{path}: nothing of this configuration holds, because it cannot be read"
    elif instead := ", ".join(_instead(held, layer.table, layer.usable)):
        yield f"{path}: in place of what cannot be used in this configuration holds {instead}"


def notes_on_inherited(tables: TableReader, layer: Layer) -> Iterator[str]:
    """Yield what is wrong in what is inherited, where nobody can be shown an annotation."""
    left_out = "what is wrong is left out, and the rest holds" if layer.table else "nothing holds"
    problems = sorted(tables.problems)
    for one in problems[:_MOST]:
        place = f"`{one.location.path}:{one.location.line}`"
        yield f"{place}: {one.message} (of this file {left_out})"
    if len(problems) > _MOST:
        yield f"`{tables.text.path}`: {len(problems) - _MOST} more mistakes"


def _instead(
    held: msgspec.Struct,
    table: Mapping[str, object],
    usable: Mapping[str, object],
    prefix: str = "",
) -> Iterator[str]:
    """Yield what holds in place of each known key that could not be used."""
    for one in fields_of(type(held)):
        name = one.encode_name
        if name not in table:
            continue
        value, said = getattr(held, one.name), usable.get(one.name)
        if isinstance(value, msgspec.Struct):
            inner = table[name]
            given = cast("dict[str, object]", inner) if isinstance(inner, dict) else None
            everything = dict.fromkeys(names_of(type(value)))
            known = cast("Mapping[str, object]", said or {})
            yield from _instead(
                value, everything if given is None else given, known, f"{prefix}{name}."
            )
        elif said is None and value is not None:
            yield f"`{prefix}{name} = {msgspec.json.encode(value).decode()}`"
