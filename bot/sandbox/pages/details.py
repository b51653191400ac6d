"""The few HTML tags that Markdown may bring along, each closed where it was opened.

Everything else that looks like a tag is shown as the text that it is, and comments vanish, as
they do on GitHub. No tag keeps attributes, but for the `open` of `<details>`.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import escape

BLOCKS = frozenset({"details", "summary", "blockquote", "p", "pre"})
PHRASES = frozenset({"b", "code", "del", "em", "i", "ins", "kbd", "s", "strong", "sub", "sup"})
EMPTY = frozenset({"br", "hr"})
_TAG = re.compile(
    r"<!--.*?-->|<(?P<close>/?)(?P<name>[a-zA-Z]+)(?P<open>\s+open(?:=\"[^\"]*\")?)?\s*/?>",
    re.DOTALL,
)


@dataclass(slots=True)
class Piece:
    """A stretch of raw HTML: text, or a tag, which is kept only when it has its partner."""

    level: int
    text: str
    name: str = ""
    closes: bool = False
    is_open: bool = False
    kept: bool = False

    def html(self) -> str:
        """Return what is shown of it."""
        if not self.kept:
            return str(escape(self.text))
        slash, attribute = "/" * self.closes, " open" * self.is_open
        return f"<{slash}{self.name}{attribute}>"


def settle(tokens: Sequence[Token]) -> None:
    """Turn the raw HTML of a page, and that of its paragraphs, into HTML that is safe."""
    _settle(tokens, "html_block", BLOCKS | PHRASES | EMPTY)
    for token in tokens:
        _settle(token.children or [], "html_inline", PHRASES | EMPTY)


def _settle(tokens: Sequence[Token], kind: str, allowed: frozenset[str]) -> None:
    made: list[tuple[Token, list[Piece]]] = []
    waiting: list[Piece] = []
    for token in tokens:
        # A tag cannot be closed outside of the list item or emphasis in which it was opened.
        while waiting and waiting[-1].level > token.level:
            waiting.pop()
        if token.type == kind:
            pieces = list(_pieces(token, allowed))
            made.append((token, pieces))
            _match(pieces, waiting)
    for token, pieces in made:
        token.content = "".join(piece.html() for piece in pieces)


def _pieces(token: Token, allowed: frozenset[str]) -> Iterator[Piece]:
    end = 0
    for found in _TAG.finditer(token.content):
        yield Piece(token.level, token.content[end : found.start()])
        end = found.end()
        name = (found["name"] or "").lower()
        if not name:
            continue
        known = name if name in allowed and not (found["open"] and name != "details") else ""
        yield Piece(token.level, found[0], known, bool(found["close"]), bool(found["open"]))
    yield Piece(token.level, token.content[end:])


def _match(pieces: Iterable[Piece], waiting: list[Piece]) -> None:
    for piece in pieces:
        if piece.name in EMPTY:
            piece.kept = not piece.closes
        elif piece.closes:
            _close(piece, waiting)
        elif piece.name:
            waiting.append(piece)


def _close(piece: Piece, waiting: list[Piece]) -> None:
    opened = [i for i, each in enumerate(waiting) if each.name == piece.name and piece.name]
    if not opened or waiting[opened[-1]].level != piece.level:
        return
    piece.kept = waiting[opened[-1]].kept = True
    del waiting[opened[-1] :]
