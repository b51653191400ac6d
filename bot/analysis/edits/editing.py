"""Makes edits of a file: expressions, statements, decorators and, through `imports`, names."""

import ast
from collections.abc import Sequence

import libcst as cst

from bot.analysis.edits.import_edits import ImportEditor
from bot.analysis.edits.lossless import LosslessTree
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.names.resolver import Resolver
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import DefinitionNode, FunctionNode


class Editor:
    """Edits one file. Everything here raises FixError where an edit cannot be expressed.

    Attributes:
        imports: brings names into the file.
    """

    def __init__(self, module: Module, resolver: Resolver) -> None:
        self._source = module.source
        self._tree = LosslessTree(module.source)
        self.imports = ImportEditor(module, resolver)

    def replace(self, start: int, end: int, text: str) -> Edit:
        """Replace a span given in characters of the text."""
        return self._tree.replace(start, end, text)

    # -- expressions, statements, parameters --------------------------------------------------

    def replace_name(self, line: int, utf8_column: int, length: int, text: str) -> Edit:
        """Replace a name given by where `ast` says that it starts."""
        start = self._source.offset(line, utf8_column)
        return self.replace(start, start + length, text)

    def replace_attribute(self, node: ast.Attribute, text: str) -> Edit:
        """Replace the name behind the dot."""
        length = len(node.attr)
        column = (node.end_col_offset or length) - length
        return self.replace_name(node.end_lineno or node.lineno, column, length, text)

    def replace_expression(self, node: ast.expr, text: str) -> Edit:
        """Replace an expression given by its `ast` node."""
        return self.replace(*self._source.span(node), text)

    def remove_await(self, node: ast.Await) -> Edit:
        """Leave of `await value` only the value."""
        source = self._source
        start = source.offset(node.lineno, node.col_offset)
        end = source.offset(node.value.lineno, node.value.col_offset)
        if source.text[start:end].strip() != "await":
            raise FixError("something stands between `await` and what is awaited")
        return self.replace(start, end, "")

    def add_argument(self, call: ast.Call, text: str) -> Edit:
        """Put an argument behind all others of a call, on a line of its own if they have one."""
        last = self._arguments(call)[-1:]
        if not last:
            end = self._source.span(call)[1] - 1
            return self.replace(end, end, text)
        start, end = self._tree.span(last[0])
        return self.replace(end, end, f",{self._tree.gap_before(start)}{text}")

    def _arguments(self, call: ast.Call) -> Sequence[cst.Arg]:
        """Return the arguments of a call; of several that begin at one place, the right call's."""
        place = self._source.span(call)
        for node in self._tree.ranges:
            if isinstance(node, cst.Call) and self._tree.span(node) == place:
                return node.args
        raise FixError(f"no call at line {call.lineno}")

    def remove_statement(self, statement: ast.stmt) -> Edit:
        """Remove a statement with the lines that it stands on alone."""
        source = self._source
        end = statement.end_lineno or statement.lineno
        before = source.line(statement.lineno)[: statement.col_offset]
        after = source.line(end).encode()[statement.end_col_offset or 0 :].decode()
        if before.strip() or after.partition("#")[0].strip():
            raise FixError("the statement shares its line with others")
        starts = source.line_starts
        stop = starts[end] if end < len(starts) else len(source.text)
        return self.replace(starts[statement.lineno - 1], stop, "")

    def remove_parameter(self, node: FunctionNode, parameter: ast.arg) -> Edit:
        """Remove a plain parameter from a signature, with the comma that goes with it."""
        plain = node.args.args
        if parameter not in plain or node.args.defaults:
            raise FixError("only plain parameters can be removed")
        source = self._source
        place = plain.index(parameter)
        start = source.offset(parameter.lineno, parameter.col_offset)
        end = source.offset(parameter.end_lineno or 0, parameter.end_col_offset or 0)
        if place + 1 < len(plain):
            after = plain[place + 1]
            return self.replace(start, source.offset(after.lineno, after.col_offset), "")
        if place:
            before = plain[place - 1]
            start = source.offset(before.end_lineno or 0, before.end_col_offset or 0)
        return self.replace(start, end, "")

    def insert_before(self, statement: ast.stmt, text: str) -> Edit:
        """Insert a statement on a line of its own before another of the same block."""
        source = self._source
        indent = source.line(statement.lineno)[: statement.col_offset]
        if indent.strip():
            raise FixError("the statement does not begin its line")
        start = source.line_starts[statement.lineno - 1]
        return self.replace(start, start, f"{indent}{text}{source.newline}")

    def insert_after(self, statement: ast.stmt, text: str) -> Edit:
        """Insert a statement on a line of its own behind another of the same block."""
        source = self._source
        indent = source.line(statement.lineno)[: statement.col_offset]
        end = statement.end_lineno or statement.lineno
        after = source.line(end).encode()[statement.end_col_offset or 0 :].decode()
        if indent.strip() or after.partition("#")[0].strip():
            raise FixError("the statement shares its line with others")
        if end >= len(source.line_starts):
            raise FixError("the statement ends the file without a line ending")
        start = source.line_starts[end]
        return self.replace(start, start, f"{indent}{text}{source.newline}")

    # -- decorators ----------------------------------------------------------------------------

    def add_decorator(self, node: DefinitionNode, text: str) -> Edit:
        """Put `@text` directly above a `def` or `class` line, below every other decorator."""
        return self.insert_before(node, f"@{text}")

    def remove_decorator(self, line: int, utf8_column: int) -> Edit:
        """Remove the decorator whose expression starts there, with its line."""
        decorator = self._decorator(line, utf8_column)
        place = self._tree.ranges[decorator]
        starts = self._source.line_starts
        end = starts[place.end.line] if place.end.line < len(starts) else len(self._source.text)
        return self.replace(starts[place.start.line - 1], end, "")

    def replace_decorator_name(self, line: int, utf8_column: int, text: str) -> Edit:
        """Replace what a decorator applies or calls, its arguments stay."""
        decorator = self._decorator(line, utf8_column)
        target = decorator.decorator
        return self._tree.replace_node(
            target.func if isinstance(target, cst.Call) else target, text
        )

    def _decorator(self, line: int, utf8_column: int) -> cst.Decorator:
        start = self._source.offset(line, utf8_column) - self._source.line_starts[line - 1]
        for node, place in self._tree.ranges.items():
            if isinstance(node, cst.Decorator) and place.start.line == line:
                expression = self._tree.ranges[node.decorator].start
                if (expression.line, expression.column) == (line, start):
                    return node
        raise FixError(f"no decorator at line {line}")
