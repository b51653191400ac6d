"""The lossless tree of a file, and edits of the code of its nodes.

Places come from libcst's tree, so comments, commas, tabs and line endings are known; what comes
out are edits by byte range, so nothing that is not edited can change.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.progress import working_on
from bot.analysis.source import newer_syntax
from bot.analysis.source.source import Source
from bot.analysis.source.templates import without_templates


class LosslessTree:
    """The tree of one file, or of its beginning. All here raises FixError if it has no answer."""

    def __init__(self, source: Source, end: int | None = None) -> None:
        """Take a file, and the number of characters after which nothing of it is looked at."""
        self.source = source
        self._end = end

    @property
    def body(self) -> Sequence[cst.BaseStatement]:
        """The statements of the file."""
        return self._wrapper.module.body

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        if newer_syntax.refusal(self.source.text):
            raise FixError("the file is too deep or too long to be edited safely")
        try:
            with working_on(self.source.path):
                return MetadataWrapper(
                    cst.parse_module(without_templates(self.source)[: self._end]),
                    unsafe_skip_copy=True,
                )
        except cst.ParserSyntaxError as error:
            raise FixError(f"libcst does not take the file: {error.message}") from error

    @cached_property
    def ranges(self) -> Mapping[cst.CSTNode, CodeRange]:
        """Where each node of the code starts and ends."""
        return dict(self._wrapper.resolve(PositionProvider))

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where a node starts and ends, in characters of the text."""
        place = self.ranges[node]
        starts = self.source.line_starts
        return (
            starts[place.start.line - 1] + place.start.column,
            starts[place.end.line - 1] + place.end.column,
        )

    def replace(self, start: int, end: int, text: str) -> Edit:
        """Replace a span given in characters of the text."""
        source = self.source
        return Edit(source.path, source.byte(start), source.byte(end), text)

    def replace_node(self, node: cst.CSTNode, text: str) -> Edit:
        """Replace the code of a node."""
        return self.replace(*self.span(node), text)

    def gap_before(self, start: int) -> str:
        """Return what separates names here: a line each, or a space."""
        line, column = self.source.position(start)
        before = self.source.line(line)[: column - 1]
        return " " if before.strip() else f"{self.source.newline}{before}"
