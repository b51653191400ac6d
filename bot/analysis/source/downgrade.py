"""Writes syntax that only libcst knows out as older syntax, every other character in its place."""

from collections.abc import Iterator, Sequence

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from bot.analysis.source.older import Older
from bot.analysis.source.source import Source
from bot.analysis.source.templates import without_templates


def downgraded(source: Source) -> Older | None:
    """Return the text in older syntax; None if libcst does not take it."""
    try:
        wrapper = MetadataWrapper(
            cst.parse_module(without_templates(source)), unsafe_skip_copy=True
        )
    except cst.ParserSyntaxError:
        return None
    return _Writer(source, wrapper).written()


class _Writer:
    """The text as a list of characters, of which some are blanked or replaced."""

    def __init__(self, source: Source, wrapper: MetadataWrapper) -> None:
        self._source = source
        self._module = wrapper.module
        self._ranges = wrapper.resolve(PositionProvider)
        self._characters = list(source.text)
        self._tuples: set[tuple[int, int]] = set()
        self._done: set[cst.CSTNode] = set()

    def written(self) -> Older:
        for node in _walk(self._module):
            self._write(node)
        return Older("".join(self._characters), frozenset(self._tuples))

    def _write(self, node: cst.CSTNode) -> None:
        match node:
            case cst.TypeParameters():
                self._blank(*self._span(node))
            case cst.TypeAlias(name=name):
                self._shift_name(node, name)
            case cst.ExceptHandler(type=cst.Tuple(lpar=()) as names):
                first = self._span(names.elements[0].value)
                self._blank(first[1], self._span(names)[1])
            case cst.ConcatenatedString() if any(_formatted(node)):
                self._to_tuple(node, list(_formatted(node)))
            case cst.FormattedString():
                self._to_tuple(node, [node])
            case _:
                return

    def _shift_name(self, alias: cst.TypeAlias, name: cst.Name) -> None:
        """`type X = int` becomes `X      = int`, so that the indentation stays."""
        start = self._span(alias)[0]
        end = self._span(name)[1]
        self._blank(start, end)
        self._characters[start : start + len(name.value)] = name.value

    def _to_tuple(self, node: cst.BaseExpression, strings: list[cst.FormattedString]) -> None:
        """`f"{a} and {b!r}"` becomes `(  a,      b,   )`."""
        if node in self._done:
            return  # a part of a concatenation that is a tuple already
        self._done.update(strings, _concatenations(node))
        start, end = self._span(node)
        kept = [span for string in strings for span in self._fields(string)]
        for left, right in zip(
            [start, *(b for _, b in kept)], [*(a for a, _ in kept), end], strict=True
        ):
            self._blank(left, right)
        for _, right in kept:
            self._characters[right] = ","
        self._characters[start], self._characters[end - 1] = "(", ")"
        line, column = self._source.position(start)
        before = self._source.line(line)[: column - 1]
        self._tuples.add((line, len(before.encode())))

    def _fields(self, string: cst.FormattedString) -> Iterator[tuple[int, int]]:
        """Yield the spans of the expressions in a string, those in format specifications too."""
        for part in _fields_of(string.parts):
            end = self._span(part.expression)[1]
            for _ in part.expression.lpar:
                end = self._source.text.index(")", end) + 1
            yield self._span(part)[0] + 1, end

    def _blank(self, start: int, end: int) -> None:
        for index in range(start, end):
            if self._characters[index] not in "\r\n":
                self._characters[index] = " "

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        found = self._ranges[node]
        assert isinstance(found, CodeRange)  # noqa: S101 - what the provider gives
        starts = self._source.line_starts
        return (
            starts[found.start.line - 1] + found.start.column,
            starts[found.end.line - 1] + found.end.column,
        )


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield every node, outer ones first, without recursion."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children))


def _formatted(node: cst.BaseExpression) -> Iterator[cst.FormattedString]:
    match node:
        case cst.ConcatenatedString(left=left, right=right):
            yield from _formatted(left)
            yield from _formatted(right)
        case cst.FormattedString():
            yield node
        case _:
            return


def _concatenations(node: cst.BaseExpression) -> Iterator[cst.CSTNode]:
    while isinstance(node, cst.ConcatenatedString):
        yield node
        node = node.right


def _fields_of(parts: Sequence[cst.CSTNode] | None) -> Iterator[cst.FormattedStringExpression]:
    for part in parts or ():
        if isinstance(part, cst.FormattedStringExpression):
            yield part
            yield from _fields_of(part.format_spec)
