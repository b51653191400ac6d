"""Edits around `ast` nodes: where no comment or comma can matter, no lossless tree is needed."""

import ast
import re
from collections.abc import Iterator

from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.source.source import Source

_ASYNC = re.compile(r"async[ \t]+")


def replaced(source: Source, start: int, end: int, text: str) -> Edit:
    """Replace a span given in characters of the text."""
    return Edit(source.path, source.byte(start), source.byte(end), text)


def surround(source: Source, node: ast.expr, before: str, after: str) -> Iterator[Edit]:
    """Put text in front of an expression and behind it."""
    start, end = _start(source, node), _end(source, node)
    yield replaced(source, start, start, before)
    if after:
        yield replaced(source, end, end, after)


def put_before(source: Source, statement: ast.stmt, text: str) -> Edit:
    """Put text directly in front of a statement."""
    start = _start(source, statement)
    return replaced(source, start, start, text)


def replace_word(source: Source, statement: ast.stmt, word: str, text: str) -> Edit:
    """Replace the keyword that a statement begins with."""
    start = _start(source, statement)
    return replaced(source, start, start + len(word), text)


def without_async(source: Source, statement: ast.stmt) -> Edit:
    """Make a plain statement of an async one.

    Raises:
        FixError: the line goes on behind `async`.
    """
    start = _start(source, statement)
    found = _ASYNC.match(source.text, start)
    if found is None:
        raise FixError("the statement does not begin with `async`")
    return replaced(source, start, found.end(), "")


def remove_after(source: Source, kept: ast.stmt, last: ast.stmt) -> Edit:
    """Remove everything behind a statement up to the end of a later one."""
    return replaced(source, _end(source, kept), _end(source, last), "")


def rewrap(
    source: Source, node: ast.expr, parts: tuple[ast.expr, ast.expr], around: tuple[str, str]
) -> Iterator[Edit]:
    """Put other text around the parts of an expression: parentheses, or a call, go.

    `parts` are the first and the last that stay.

    Raises:
        FixError: a comment would go with them.
    """
    opening = _start(source, node), _start(source, parts[0])
    closing = _end(source, parts[1]), _end(source, node)
    if any("#" in source.text[start:end] for start, end in (opening, closing)):
        raise FixError("a comment stands between what stays and what goes")
    yield replaced(source, *opening, around[0])
    yield replaced(source, *closing, around[1])


def _start(source: Source, node: ast.expr | ast.stmt) -> int:
    return source.offset(node.lineno, node.col_offset)


def _end(source: Source, node: ast.expr | ast.stmt) -> int:
    return source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
