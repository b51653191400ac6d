"""Edits that bring names into a file: imports where isort would put them, or names in use."""

import ast
import re
import sys
from collections.abc import Iterator

import libcst as cst

from bot.analysis.edits.lossless import LosslessTree
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import External
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Assigned, Binding, ImportedModule, ImportedName

Import = cst.Import | cst.ImportFrom


class ImportEditor:
    """Edits the imports of one file. Raises FixError where an edit cannot be expressed."""

    def __init__(self, module: Module, resolver: Resolver) -> None:
        # Of a large file, libcst takes a second to tell the places; this needs the first lines.
        self._tree = LosslessTree(module.source, _end_of_imports(module))
        self._module = module
        self._source = module.source
        self._resolver = resolver
        self._known_names: dict[External, list[tuple[str, int]]] = {}

    def module(self, name: str, *, before: int) -> tuple[str, tuple[Edit, ...]]:
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
        name, imports = self.module("pytest", before=before)
        return f"{name}.mark", imports

    def name(self, module: str, name: str, *, before: int) -> tuple[str, tuple[Edit, ...]]:
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
            module = self._module
            self._known_names[wanted] = [
                (name, bindings[0].line)
                for name, bindings in module.scope.bindings.items()
                if all(_may_mean(one, wanted) for one in bindings)
                and self._resolver.bound(name, module, module.scope) == (wanted,)
            ]
        return self._known_names[wanted]

    def _refuse_taken(self, name: str, dotted: str) -> None:
        """Refuse a name that something else in the file has; a late import of it is no harm."""
        for binding in self._module.scope.bindings.get(name, ()):
            if _imported_as(binding) != dotted:
                raise FixError(f"`{name}` already means something else in this file")

    def _from_import(self, module: str, before: int) -> cst.ImportFrom | None:
        for node in self._imports():
            if isinstance(node, cst.ImportFrom) and self._tree.ranges[node].start.line < before:
                if _dotted(node.module) == module and not node.relative:
                    if not isinstance(node.names, cst.ImportStar):
                        return node
        return None

    def _add_alias(self, node: cst.ImportFrom, name: str) -> Edit:
        """Add a name to a `from` import, before the first that sorts after it."""
        assert not isinstance(node.names, cst.ImportStar)  # noqa: S101 - `_from_import` sees to it
        for alias in node.names:
            if _order(str(alias.evaluated_name)) > _order(name):
                start = self._tree.span(alias)[0]
                return self._tree.replace(start, start, f"{name},{self._tree.gap_before(start)}")
        end = self._tree.span(node.names[-1].name)[1]
        if (asname := node.names[-1].asname) is not None:
            end = self._tree.span(asname.name)[1]
        start = self._tree.span(node.names[-1])[0]
        return self._tree.replace(end, end, f",{self._tree.gap_before(start)}{name}")

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
        body = self._tree.body
        if body and _is_docstring(body[0]):
            return self._after(body[0], f"{newline}{text}{newline}")
        if body:
            return self._above(body[0], f"{text}{newline}{newline}")
        end = len(self._source.text)
        return self._tree.replace(end, end, f"{text}{newline}")

    def _after(self, node: cst.CSTNode, text: str) -> Edit:
        line = self._tree.ranges[node].end.line
        starts = self._source.line_starts
        if line < len(starts):
            return self._tree.replace(starts[line], starts[line], text)
        end = len(self._source.text)
        return self._tree.replace(end, end, self._source.newline + text)

    def _above(self, node: cst.CSTNode, text: str) -> Edit:
        start = self._source.line_starts[self._first_line(node) - 1]
        return self._tree.replace(start, start, text)

    def _first_line(self, node: cst.CSTNode) -> int:
        """Return the line where a statement begins, its decorators counted."""
        decorators = getattr(node, "decorators", ())
        return self._tree.ranges[decorators[0] if decorators else node].start.line

    def _header_imports(self) -> list[cst.SimpleStatementLine]:
        """Return the import statements before the first statement that is none."""
        found: list[cst.SimpleStatementLine] = []
        for statement in self._tree.body:
            if isinstance(statement, cst.SimpleStatementLine):
                if isinstance(statement.body[0], Import):
                    found.append(statement)
                    continue
                if _is_docstring(statement):
                    continue
            break
        return found

    def _imports(self) -> Iterator[Import]:
        for statement in self._tree.body:
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
        return 2 if isinstance(self._resolver.imported(module, self._module), External) else 3

    def swap(self, node: ast.expr, name: str, *, module: str = "") -> Iterator[Edit]:
        """Put another name of the same module, or of the given one, in an imported one's place.

        The old name leaves the import if nothing else in the file uses it.
        """
        if isinstance(node, ast.Name) and (alias := self._only_use(node, module)) is not None:
            yield self._tree.replace(*self._source.span(node), name)
            yield self._tree.replace_node(alias, name)
            return
        if module:
            text, imports = self.name(module, name, before=node.lineno)
        else:
            text, imports = self.sibling_of(node, name)
        yield from imports
        yield self._tree.replace(*self._source.span(node), text)

    def sibling_of(self, node: ast.expr, name: str) -> tuple[str, tuple[Edit, ...]]:
        """Return how to write the name beside what an expression names, and needed imports."""
        if isinstance(node, ast.Attribute):
            return f"{ast.unparse(node.value)}.{name}", ()
        dotted = self._resolver.dotted(node, self._module, self._module.scope)
        if dotted is None:
            raise FixError("where the name comes from cannot be told")
        return self.name(dotted.rpartition(".")[0], name, before=node.lineno)

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


def _end_of_imports(module: Module) -> int:
    """Return where the last line of imports ends; without any, that of the first statement."""
    body, source = module.tree.body, module.source
    imports = [one for one in body if isinstance(one, ast.Import | ast.ImportFrom)]
    end = 0
    for one in body:
        if one in (imports[-1:] or body[:1]) or one.lineno <= end:
            end = one.end_lineno or one.lineno
    starts = source.line_starts
    return starts[end] if end < len(starts) else len(source.text)


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
