"""One file under check: what rules ask it, and the editor that makes their fixes."""

import ast
from collections.abc import Iterator
from functools import cached_property

from bot.analysis.collection import Test
from bot.analysis.editing import Editor
from bot.analysis.facts import Facts
from bot.analysis.finding import Location
from bot.analysis.framework import Framework, framework_of
from bot.analysis.handling import Verdict
from bot.analysis.module import Definition, Module


class CheckedFile:
    """A parsed file with the facts around it."""

    def __init__(self, module: Module, facts: Facts, *, native_allowed: bool) -> None:
        self.module = module
        self.facts = facts
        self._native_allowed = native_allowed

    @property
    def path(self) -> str:
        """Where the file lies."""
        return self.module.path

    @cached_property
    def editor(self) -> Editor:
        """Makes edits of this file."""
        return Editor(self.module, self.facts.resolver, native_allowed=self._native_allowed)

    @cached_property
    def framework(self) -> Framework:
        """Which async framework the tests of this file are written for."""
        return framework_of(self.module, self.facts)

    @property
    def tests(self) -> Iterator[Test]:
        """The async tests that pytest collects from this file."""
        yield from self.facts.tests(self.module)

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

    def place_of_expression(self, node: ast.expr) -> Location:
        """Return the place of an expression."""
        source = self.module.source
        start = source.position(source.offset(node.lineno, node.col_offset))
        end = source.position(source.offset(node.end_lineno or node.lineno, node.end_col_offset or 0))
        return Location(self.path, *start, *end)

    def place_of_test(self, test: Test) -> Location:
        """Return where a test is reported: at its `def`, or at the class that inherits it."""
        definition = test.function.definition
        if test.function.module is not self.module and test.owner is not None:
            definition = test.owner.definition
        return self.place_of(definition)
