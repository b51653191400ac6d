"""Source text as coloured HTML, line by line, with characters that cannot be seen written out."""

import re
from functools import lru_cache
from typing import Any, cast

from markupsafe import Markup, escape
from pygments import lexers  # type: ignore[import-untyped]  # it ships neither types nor stubs
from pygments.token import STANDARD_TYPES  # type: ignore[import-untyped]  # the same
from pygments.util import ClassNotFound  # type: ignore[import-untyped]  # the same

# Larger text stays plain: colouring it would take seconds.
COLOURED_CHARACTERS = 500_000
# What changes the direction of text, or hides, or moves the cursor.
_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LEXERS = cast("Any", lexers)
_CLASSES = cast("dict[object, str]", STANDARD_TYPES)


def lines_of(path: str, text: str) -> tuple[Markup, ...]:
    """Return the lines of a file, coloured in the language that its name tells."""
    return _lines(path.rpartition("/")[2], text)


def block(language: str, text: str) -> Markup:
    """Return a block of code, coloured in the language of that name, if there is such a one."""
    lexer = _lexer("by_name", language) if language else None
    return Markup("\n").join(_coloured(lexer, text))


@lru_cache(maxsize=256)
def _lines(name: str, text: str) -> tuple[Markup, ...]:
    return tuple(_coloured(_lexer("for_filename", name), text))


def _lexer(way: str, name: str) -> Any:
    try:
        return getattr(_LEXERS, f"get_lexer_{way}")(name, stripnl=False)
    except ClassNotFound:
        return None


def _coloured(lexer: Any, text: str) -> list[Markup]:
    # A lexer takes a lone carriage return for the end of a line; git does not.
    shown = text.replace("\r\n", "\n").replace("\r", "\N{SYMBOL FOR CARRIAGE RETURN}")
    shown = shown.removesuffix("\n") + "\n"
    if lexer is None or len(shown) > COLOURED_CHARACTERS:
        return [_span("", line) for line in shown.split("\n")[:-1]]
    lines = [Markup("")]
    for kind, piece in lexer.get_tokens(shown):
        first, *others = str(piece).split("\n")
        lines[-1] += _span(_class(kind), first)
        lines += [_span(_class(kind), other) for other in others]
    return lines[:-1]


def _class(kind: Any) -> str:
    while kind not in _CLASSES:
        kind = kind.parent
    return _CLASSES[kind]


def _span(kind: str, text: str) -> Markup:
    shown = Markup(_UNSEEN.sub(_written_out, escape(text)))  # noqa: S704 - escaped before
    if not kind or not text.strip():
        return shown
    return Markup('<span class="tk-{}">{}</span>').format(kind, shown)


def _written_out(found: re.Match[str]) -> str:
    return f'<span class="unseen">U+{ord(found[0]):04X}</span>'
