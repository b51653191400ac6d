"""One file under check: what rules ask it, and the editor that makes their fixes."""

import ast
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from bot.analysis.collection.collection import Test
from bot.analysis.collection.xunit import Hook
from bot.analysis.errors import FixError
from bot.analysis.evidence.framework import Framework, framework_of
from bot.analysis.facts import Facts
from bot.analysis.finding import Location
from bot.analysis.fix import Edit, Fix, Safety, joined, merged
from bot.analysis.handling.handling import Verdict
from bot.analysis.policy import Policy
from bot.analysis.source.module import Definition, Module

if TYPE_CHECKING:
    from bot.analysis.edits.editing import Editor

Kind = TypeVar("Kind", bound=Policy)


class CheckedFile:
    """A parsed file with the facts around it."""

    def __init__(self, module: Module, facts: Facts, *, wants_fixes: bool) -> None:
        self.module = module
        self.facts = facts
        self._wants_fixes = wants_fixes

    @property
    def path(self) -> str:
        """Where the file lies."""
        return self.module.path

    def fix(self, safety: Safety, title: str, edits: Callable[[], Iterator[Edit]]) -> Fix | None:
        """Return the fix that the edits make, or none where they cannot be expressed."""
        if not self._wants_fixes:
            return None
        try:
            return Fix(safety, title, merged(joined(edits())))
        except FixError:
            return None

    @cached_property
    def editor(self) -> "Editor":
        """Makes edits of this file."""
        # Most files need none, and libcst takes a third of a second to load.
        from bot.analysis.edits.editing import Editor  # noqa: PLC0415

        return Editor(self.module, self.facts.resolver)

    @cached_property
    def framework(self) -> Framework:
        """Which async framework the tests of this file are written for."""
        return framework_of(self.module, self.facts)

    @property
    def tests(self) -> Iterator[Test]:
        """The async tests that pytest collects from this file."""
        yield from self.facts.tests(self.module)

    def policies(self, kind: type[Kind]) -> Iterator[Kind]:
        """Return what a house rule is told about this file."""
        return self.facts.setup.config.policies_of(kind, self.path)

    def verdict(self, test: Test) -> Verdict:
        """Whether a test runs."""
        return self.facts.verdict(test)

    def place_of(self, definition: Definition) -> Location:
        """Return the place of a definition: from its `def` or `class` to its name's end."""
        node = definition.node
        source = self.module.source
        start = source.offset(node.lineno, node.col_offset)
        end = source.text.index(node.name, start + len("def ")) + len(node.name)
        line, column = source.position(start)
        end_line, end_column = source.position(end)
        return Location(self.path, line, column, end_line, end_column)

    def place_of_node(self, node: ast.expr | ast.stmt | ast.arg) -> Location:
        """Return the place of an expression, a parameter or a simple statement."""
        source = self.module.source
        start = source.position(source.offset(node.lineno, node.col_offset))
        end = source.position(
            source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        )
        return Location(self.path, *start, *end)

    def place_of_line(self, node: ast.stmt) -> Location:
        """Return the place of the line that a statement begins on."""
        source = self.module.source
        line, column = source.position(source.offset(node.lineno, node.col_offset))
        return Location(self.path, line, column, line, len(source.line(line)) + 1)

    def place_of_test(self, test: Test) -> Location:
        """Return where a test is reported.

        At its `def`; for an inherited one of another file at the class that is collected with
        it; for an imported one at the import.
        """
        if test.function.module is self.module:
            return self.place_of(test.function.definition)
        for one in reversed(test.classes):
            if one.value.module is self.module:
                return self.place_of(one.value.definition)
        return self._place_of_import(test.classes[0].name if test.classes else test.name)

    def place_of_hook(self, hook: Hook) -> Location:
        """Return where a function that is called by name is reported.

        At its `def`; for one of another file, or one that is right for other classes, at the
        class that inherits it, or at the import.
        """
        if self._is_own(hook):
            return self.place_of(hook.function.definition)
        for one in reversed(hook.classes):
            if one.value.module is self.module:
                return self.place_of(one.value.definition)
        return self._place_of_import(hook.classes[0].name if hook.classes else hook.name)

    def symbol_of_hook(self, hook: Hook) -> str:
        """Return the qualified name of a function that is called by name, as it is reported."""
        return hook.function.definition.qualname if self._is_own(hook) else hook.symbol

    def _is_own(self, hook: Hook) -> bool:
        return hook.function.module is self.module and not hook.shared

    def _place_of_import(self, name: str) -> Location:
        for node in self.module.tree.body:
            if isinstance(node, ast.Import | ast.ImportFrom | ast.Assign):
                names = {one.asname or one.name for one in getattr(node, "names", ())}
                if name in names or "*" in names or isinstance(node, ast.Assign):
                    if name in names or name not in self.module.scope.bindings:
                        return self.place_of_node(node)
        lines = [one.line for one in self.module.scope.bindings.get(name, ())]
        line = lines[-1] if lines else 1
        return Location(self.path, line, 1, line, 1)
