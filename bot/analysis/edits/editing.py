"""Makes edits on the lossless tree of a file: decorators, base classes, names, imports.

Places come from libcst's tree, so comments, commas, tabs and line endings are known; what comes
out are edits by byte range, so nothing that is not edited can change.
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from functools import cached_property

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider

from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import External
from bot.analysis.progress import working_on
from bot.analysis.source import newer_syntax
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import (
    Assigned,
    Binding,
    DefinitionNode,
    FunctionNode,
    ImportedModule,
    ImportedName,
)

Import = cst.Import | cst.ImportFrom


class Editor:
    """Edits one file. Everything here raises FixError where an edit cannot be expressed."""

    def __init__(self, module: Module, resolver: Resolver) -> None:
        self.module = module
        self._source = module.source
        self._resolver = resolver
        self._known_names: dict[External, list[tuple[str, int]]] = {}

    # -- the tree ----------------------------------------------------------------------------

    @cached_property
    def _wrapper(self) -> MetadataWrapper:
        if newer_syntax.refusal(self._source.text):
            raise FixError("the file is too deep or too long to be edited safely")
        try:
            with working_on(self._source.path):
                return MetadataWrapper(cst.parse_module(self._source.text), unsafe_skip_copy=True)
        except cst.ParserSyntaxError as error:
            raise FixError(f"libcst does not take the file: {error.message}") from error

    @cached_property
    def _nodes(self) -> dict[tuple[str, int, int], cst.CSTNode]:
        """Nodes by kind and start (in characters); of equal ones the outermost."""
        found: dict[tuple[str, int, int], cst.CSTNode] = {}
        for node, place in self._ranges.items():
            found[type(node).__name__, place.start.line, place.start.column] = node
        return found

    @cached_property
    def _ranges(self) -> dict[cst.CSTNode, CodeRange]:
        return dict(self._wrapper.resolve(PositionProvider))

    def _span(self, node: cst.CSTNode) -> tuple[int, int]:
        place = self._ranges[node]
        starts = self._source.line_starts
        return (
            starts[place.start.line - 1] + place.start.column,
            starts[place.end.line - 1] + place.end.column,
        )

    def node_at(self, kind: type[cst.CSTNode], line: int, utf8_column: int) -> cst.CSTNode:
        """Return the node of a kind that starts where an `ast` node starts."""
        offset = self._source.offset(line, utf8_column)
        start = (line, offset - self._source.line_starts[line - 1])
        node = self._nodes.get((kind.__name__, *start))
        if node is None:
            raise FixError(f"no {kind.__name__} at line {line}")
        return node

    # -- plain edits ---------------------------------------------------------------------------

    def replace(self, start: int, end: int, text: str) -> Edit:
        """Replace a span given in characters of the text."""
        source = self._source
        return Edit(source.path, source.byte(start), source.byte(end), text)

    def replace_node(self, node: cst.CSTNode, text: str) -> Edit:
        """Replace the code of a node."""
        return self.replace(*self._span(node), text)

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
        start, end = self._span(last[0])
        return self.replace(end, end, f",{self._gap_before(start)}{text}")

    def _arguments(self, call: ast.Call) -> Sequence[cst.Arg]:
        """Return the arguments of a call; of several that begin at one place, the right call's."""
        place = self._source.span(call)
        for node in self._ranges:
            if isinstance(node, cst.Call) and self._span(node) == place:
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

    def swap_imported(self, node: ast.expr, name: str, *, module: str = "") -> Iterator[Edit]:
        """Put another name of the same module, or of the given one, in an imported one's place.

        The old name leaves the import if nothing else in the file uses it.
        """
        if isinstance(node, ast.Name) and (alias := self._only_use(node, module)) is not None:
            yield self.replace_expression(node, name)
            yield self.replace_node(alias, name)
            return
        if module:
            text, imports = self.import_name(module, name, before=node.lineno)
        else:
            text, imports = self.sibling_of(node, name)
        yield from imports
        yield self.replace_expression(node, text)

    def sibling_of(self, node: ast.expr, name: str) -> tuple[str, tuple[Edit, ...]]:
        """Return how to write the name beside what an expression names, and needed imports."""
        if isinstance(node, ast.Attribute):
            return f"{ast.unparse(node.value)}.{name}", ()
        dotted = self._resolver.dotted(node, self.module, self.module.scope)
        if dotted is None:
            raise FixError("where the name comes from cannot be told")
        return self.import_name(dotted.rpartition(".")[0], name, before=node.lineno)

    def _only_use(self, node: ast.Name, module: str) -> cst.ImportAlias | None:
        """Return the import of a name that stands nowhere else in the file."""
        pattern = re.compile(rf"\b{re.escape(node.id)}\b")
        if len(pattern.findall(self._source.text)) != 2:  # noqa: PLR2004 - import and use
            return None
        for statement in self._imports():
            if isinstance(statement, cst.ImportFrom) and not isinstance(
                statement.names, cst.ImportStar
            ):
                if module and _dotted(statement.module) != module:
                    continue
                for alias in statement.names:
                    if alias.asname is None and alias.evaluated_name == node.id:
                        return alias
        return None

    # -- decorators ----------------------------------------------------------------------------

    def add_decorator(self, node: DefinitionNode, text: str) -> Edit:
        """Put `@text` directly above a `def` or `class` line, below every other decorator."""
        kind = cst.FunctionDef if isinstance(node, FunctionNode) else cst.ClassDef
        found = self.node_at(kind, node.lineno, node.col_offset)
        start = self._source.line_starts[self._ranges[found].start.line - 1]
        indent = self._source.line(node.lineno)[: self._ranges[found].start.column]
        if indent.strip():
            raise FixError("the definition does not begin its line")
        return self.replace(start, start, f"{indent}@{text}{self._source.newline}")

    def remove_decorator(self, line: int, utf8_column: int) -> Edit:
        """Remove the decorator whose expression starts there, with its line."""
        decorator = self._decorator(line, utf8_column)
        place = self._ranges[decorator]
        starts = self._source.line_starts
        end = starts[place.end.line] if place.end.line < len(starts) else len(self._source.text)
        return self.replace(starts[place.start.line - 1], end, "")

    def replace_decorator_name(self, line: int, utf8_column: int, text: str) -> Edit:
        """Replace what a decorator applies or calls, its arguments stay."""
        decorator = self._decorator(line, utf8_column)
        target = decorator.decorator
        return self.replace_node(target.func if isinstance(target, cst.Call) else target, text)

    def _decorator(self, line: int, utf8_column: int) -> cst.Decorator:
        start = self._source.offset(line, utf8_column) - self._source.line_starts[line - 1]
        for node, place in self._ranges.items():
            if isinstance(node, cst.Decorator) and place.start.line == line:
                expression = self._ranges[node.decorator].start
                if (expression.line, expression.column) == (line, start):
                    return node
        raise FixError(f"no decorator at line {line}")

    # -- imports -------------------------------------------------------------------------------

    def import_module(self, name: str, *, before: int) -> tuple[str, tuple[Edit, ...]]:
        """Return how to write a module at line `before`, and the edits that make it so.

        An import that is there under whatever name is used; a name that means something else
        refuses the edit.
        """
        bound = self._bound_to(External(name), before)
        if bound is not None:
            return bound, ()
        self._refuse_taken(name, name)
        return name, (self._insert_import(f"import {name}", name),)

    def pytest_mark(self, *, before: int) -> tuple[str, tuple[Edit, ...]]:
        """Return how to write `pytest.mark` at line `before`, and the edits that make it so."""
        bound = self._bound_to(External("pytest.mark"), before)
        if bound is not None:
            return bound, ()
        name, imports = self.import_module("pytest", before=before)
        return f"{name}.mark", imports

    def import_name(self, module: str, name: str, *, before: int) -> tuple[str, tuple[Edit, ...]]:
        """Return how to write `module.name` at line `before`, and the edits that make it so."""
        bound = self._bound_to(External(f"{module}.{name}"), before)
        if bound is not None:
            return bound, ()
        existing = self._from_import(module, before)
        if existing is not None:
            self._refuse_taken(name, f"{module}.{name}")
            return name, (self._add_alias(existing, name),)
        parent, _, last = module.rpartition(".")
        for dotted, suffix in ((module, ""), (parent, f"{last}.")):
            if dotted and (bound := self._bound_to(External(dotted), before)) is not None:
                return f"{bound}.{suffix}{name}", ()
        self._refuse_taken(name, f"{module}.{name}")
        return name, (self._insert_import(f"from {module} import {name}", module),)

    def _bound_to(self, wanted: External, before: int) -> str | None:
        """Return a module-level name that certainly means `wanted` at line `before`."""
        for name, line in self._names_of(wanted):
            if line < before:
                return name
        return None

    def _names_of(self, wanted: External) -> list[tuple[str, int]]:
        """Return the module-level names that certainly mean `wanted`, with their lines."""
        if wanted not in self._known_names:
            module = self.module
            self._known_names[wanted] = [
                (name, bindings[0].line)
                for name, bindings in module.scope.bindings.items()
                if all(_may_mean(one, wanted) for one in bindings)
                and self._resolver.bound(name, module, module.scope) == (wanted,)
            ]
        return self._known_names[wanted]

    def _refuse_taken(self, name: str, dotted: str) -> None:
        """Refuse a name that something else in the file has; a late import of it is no harm."""
        for binding in self.module.scope.bindings.get(name, ()):
            if _imported_as(binding) != dotted:
                raise FixError(f"`{name}` already means something else in this file")

    def _from_import(self, module: str, before: int) -> cst.ImportFrom | None:
        for node in self._imports():
            if isinstance(node, cst.ImportFrom) and self._ranges[node].start.line < before:
                if _dotted(node.module) == module and not node.relative:
                    if not isinstance(node.names, cst.ImportStar):
                        return node
        return None

    def _add_alias(self, node: cst.ImportFrom, name: str) -> Edit:
        """Add a name to a `from` import, before the first that sorts after it."""
        assert not isinstance(node.names, cst.ImportStar)  # noqa: S101 - `_from_import` sees to it
        for alias in node.names:
            if _order(str(alias.evaluated_name)) > _order(name):
                start = self._span(alias)[0]
                return self.replace(start, start, f"{name},{self._gap_before(start)}")
        end = self._span(node.names[-1].name)[1]
        if (asname := node.names[-1].asname) is not None:
            end = self._span(asname.name)[1]
        start = self._span(node.names[-1])[0]
        return self.replace(end, end, f",{self._gap_before(start)}{name}")

    def _gap_before(self, start: int) -> str:
        """Return what separates names here: a line each, or a space."""
        line, column = self._source.position(start)
        before = self._source.line(line)[: column - 1]
        return " " if before.strip() else f"{self._source.newline}{before}"

    def _insert_import(self, text: str, module: str) -> Edit:
        """Insert an import statement where isort would put it."""
        newline = self._source.newline
        statements = self._header_imports()
        section = self._section(module)
        same = [one for one in statements if self._section_of(one) == section]
        for statement in reversed(same):
            if _sorts_before(statement, text):
                return self._after(statement, f"{text}{newline}")
        if same:
            return self._above(same[0], f"{text}{newline}")
        for statement in reversed(statements):
            if self._section_of(statement) < section:
                return self._after(statement, f"{newline}{text}{newline}")
        if statements:
            return self._above(statements[0], f"{text}{newline}{newline}")
        return self._at_top(text)

    def _at_top(self, text: str) -> Edit:
        """Insert the first import: below the docstring and what must stay in front."""
        newline = self._source.newline
        body = self._wrapper.module.body
        if body and _is_docstring(body[0]):
            return self._after(body[0], f"{newline}{text}{newline}")
        if body:
            return self._above(body[0], f"{text}{newline}{newline}")
        end = len(self._source.text)
        return self.replace(end, end, f"{text}{newline}")

    def _after(self, node: cst.CSTNode, text: str) -> Edit:
        line = self._ranges[node].end.line
        starts = self._source.line_starts
        if line < len(starts):
            return self.replace(starts[line], starts[line], text)
        end = len(self._source.text)
        return self.replace(end, end, self._source.newline + text)

    def _above(self, node: cst.CSTNode, text: str) -> Edit:
        start = self._source.line_starts[self._first_line(node) - 1]
        return self.replace(start, start, text)

    def _first_line(self, node: cst.CSTNode) -> int:
        """Return the line where a statement begins, its decorators counted."""
        decorators = getattr(node, "decorators", ())
        return self._ranges[decorators[0] if decorators else node].start.line

    def _header_imports(self) -> list[cst.SimpleStatementLine]:
        """Return the import statements before the first statement that is none."""
        found: list[cst.SimpleStatementLine] = []
        for statement in self._wrapper.module.body:
            if isinstance(statement, cst.SimpleStatementLine):
                if isinstance(statement.body[0], Import):
                    found.append(statement)
                    continue
                if _is_docstring(statement):
                    continue
            break
        return found

    def _imports(self) -> Iterator[Import]:
        for statement in self._wrapper.module.body:
            if isinstance(statement, cst.SimpleStatementLine):
                yield from (one for one in statement.body if isinstance(one, Import))

    def _section_of(self, statement: cst.SimpleStatementLine) -> int:
        first = statement.body[0]
        if isinstance(first, cst.ImportFrom):
            return 3 if first.relative else self._section(_dotted(first.module))
        assert isinstance(first, cst.Import)  # noqa: S101 - only imports are asked
        return self._section(_dotted(first.names[0].name))

    def _section(self, module: str) -> int:
        """Return isort's section: __future__, standard library, third party, the repository."""
        top = module.partition(".")[0]
        if top == "__future__":
            return 0
        if top in sys.stdlib_module_names:
            return 1
        return 2 if isinstance(self._resolver.imported(module, self.module), External) else 3


def _imported_as(binding: Binding) -> str | None:
    """Return the dotted name that a binding imports."""
    match binding.meaning:
        case ImportedModule(dotted=dotted):
            return dotted
        case ImportedName(module=module, name=name, level=0):
            return f"{module}.{name}"
        case _:
            return None


def _may_mean(binding: Binding, wanted: External) -> bool:
    """Whether a binding can give a name that meaning; keeps other imports from being followed."""
    if binding.conditional or binding.typing_only:
        return False
    if _imported_as(binding) == wanted.dotted:
        return True
    match binding.meaning:
        case Assigned(value=ast.Attribute(attr=attribute)):
            return wanted.dotted.endswith(f".{attribute}")
        case _:
            return False


def _dotted(node: cst.BaseExpression | None) -> str:
    match node:
        case cst.Name(value=value):
            return value
        case cst.Attribute(value=base, attr=attribute):
            return f"{_dotted(base)}.{attribute.value}"
        case _:
            return ""


def _order(name: str) -> tuple[int, str]:
    """Return isort's default order in a `from` import: constants, classes, the rest."""
    if name.isupper():
        return 0, name
    return (1, name) if name[:1].isupper() else (2, name)


def _sorts_before(statement: cst.SimpleStatementLine, text: str) -> bool:
    """Whether a statement comes before a new one: plain imports first, each kind by name."""
    first = statement.body[0]
    is_from = isinstance(first, cst.ImportFrom)
    name = _dotted(first.module if isinstance(first, cst.ImportFrom) else _first_name(first))
    new_is_from = text.startswith("from ")
    return (is_from, name.lower()) < (new_is_from, text.split()[1].lower())


def _first_name(statement: cst.BaseSmallStatement) -> cst.BaseExpression | None:
    return statement.names[0].name if isinstance(statement, cst.Import) else None


def _is_docstring(node: cst.BaseStatement | cst.BaseSmallStatement) -> bool:
    match node:
        case cst.SimpleStatementLine(body=[cst.Expr(value=value), *_]):
            return isinstance(value, cst.SimpleString | cst.ConcatenatedString)
        case _:
            return False
