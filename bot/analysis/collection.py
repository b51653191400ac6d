"""Which async functions of a file pytest takes for tests, and under which class.

An inherited method is a test of every class that is collected with it, so one function can be
several tests.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bot.analysis.answer import Answer
from bot.analysis.classes import Classes
from bot.analysis.decorators import Decorated, Decorators, Kind
from bot.analysis.marks import NONE, MarkReader, Marks, joined
from bot.analysis.module import Definition, Module
from bot.analysis.pytest_config import PytestRun
from bot.analysis.resolver import Resolver
from bot.analysis.scopes import Scope
from bot.analysis.third_party import Runs
from bot.analysis.values import Class, Function

_UNITTEST_SKIPS = frozenset({"unittest.skip", "unittest.case.skip"})


@dataclass(frozen=True, slots=True)
class Test:
    """An async function as one collected test.

    `classes` are the collected classes around it, the outermost first.
    """

    __test__ = False

    module: Module
    function: Function
    classes: tuple[Class, ...]

    @property
    def owner(self) -> Class | None:
        """The class that it is collected under."""
        return self.classes[-1] if self.classes else None

    @property
    def symbol(self) -> str:
        """The qualified name under which it is collected (`TestChild.test_x`)."""
        name = self.function.definition.name
        return f"{self.owner.definition.qualname}.{name}" if self.owner else name

    @property
    def is_inherited(self) -> bool:
        """Whether the function stands in another class than it is collected under."""
        owner = self.owner.definition if self.owner else None
        return self.function.definition.owner is not owner


class Collector:
    """Collects the async tests of a file."""

    def __init__(
        self, resolver: Resolver, marks: MarkReader, decorators: Decorators, classes: Classes
    ) -> None:
        self._resolver = resolver
        self._marks = marks
        self._decorators = decorators
        self._classes = classes

    def tests(self, module: Module, run: PytestRun) -> Iterator[Test]:
        """Yield the async tests that `run` collects from a file, in source order."""
        for definition in _bound(module, module.scope):
            if definition.is_class:
                yield from self._of_class(Class(module, definition), (), run)
            elif run.collects_function(definition.name):
                yield from self._test(Test(module, Function(module, definition), ()))

    def _of_class(self, value: Class, outer: tuple[Class, ...], run: PytestRun) -> Iterator[Test]:
        if not self._is_collected(value, run):
            return
        inside = (*outer, value)
        is_case = self._classes.is_test_case(value)
        for name, (function, _) in self._classes.methods(value).items():
            collected = name.startswith("test") if is_case else run.collects_function(name)
            if function is not None and collected:
                yield from self._test(Test(value.module, function, inside))
        if is_case:
            return
        for definition in _bound(value.module, value.scope):
            if definition.is_class:
                yield from self._of_class(Class(value.module, definition), inside, run)

    def _is_collected(self, value: Class, run: PytestRun) -> bool:
        if self._classes.is_disabled(value):
            return False
        if self._classes.is_test_case(value):
            return True
        named = run.collects_class(value.definition.name)
        return named and not self._classes.has_constructor(value)

    def _test(self, test: Test) -> Iterator[Test]:
        if not isinstance(test.function.node, ast.AsyncFunctionDef):
            return
        decorated = self.decorated(test)
        if decorated.kind in {Kind.FIXTURE, Kind.HIDDEN}:
            return
        if self._is_skipped(test):
            return
        yield test

    def decorated(self, test: Test) -> Decorated:
        """Return what the test's function is with its decorators applied."""
        return self._decorators.decorated(test.function)

    def marks(self, test: Test) -> Marks:
        """Return all marks that apply: its own, its classes', its module's."""
        classes = [self._classes.marks(one) for one in test.classes]
        own = self.decorated(test).marks
        return joined([own, *classes, self.module_marks(test.module)])

    def module_marks(self, module: Module) -> Marks:
        """Return the marks of `pytestmark` of a module."""
        return self._resolver.project.remember(
            ("module marks", module), lambda: self._marks.of_module(module), cyclic=NONE
        )

    def runs(self, test: Test) -> Runs:
        """Return who awaits the test, as far as its class decides."""
        return self._classes.runs(test.owner) if test.owner else Runs.PYTEST

    def _is_skipped(self, test: Test) -> bool:
        """Whether somebody switched the test off on purpose and for good."""
        if self.marks(test).has("skip") is Answer.YES:
            return True
        names = {one.name for one in self._decorators.applications(test.function)}
        for owner in test.classes:
            scope = owner.definition.scope
            names |= {
                self._decorators.application(node, owner.module, scope).name
                for node in owner.node.decorator_list
            }
        return bool(names & _UNITTEST_SKIPS)


def _bound(module: Module, scope: Scope) -> Iterator[Definition]:
    """Yield the definitions that a scope's names end up bound to, in source order."""
    for name in scope.bindings:
        for binding in scope.effective(name):
            node = getattr(binding.meaning, "node", None)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                definition = module.definition(node)
                if not definition.typing_only:
                    yield definition
