"""Which functions of a file pytest takes for tests, and under which class.

An inherited method is a test of every class that is collected with it, and a name imported into
a test module is a test there too, so one function can be several tests.
"""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.collection.classes import Classes, declared_test
from bot.analysis.collection.decorators import Application, Decorated, Decorators, Kind
from bot.analysis.collection.expected_failures import is_not_to_run
from bot.analysis.collection.marks import NONE, Mark, MarkReader, Marks, joined
from bot.analysis.collection.rewriting import (
    UNTOUCHED,
    Touched,
    rewrites_itself,
    touched_by,
)
from bot.analysis.collection.third_party import Runs
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Function, Package, Value
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import (
    Assigned,
    FunctionNode,
    ImportedName,
    Scope,
    parameters_without_default,
)
from bot.analysis.source.walking import own_nodes_of

# Marks (no name) and what only binds.
_BARE = frozenset({"", "builtins.staticmethod", "builtins.classmethod"})
_UNITTEST_SKIPS = frozenset({"unittest.skip", "unittest.case.skip"})
# Names that take over from each other; nobody writes as many, but for circles.
_MAX_DEPTH = 20


class Collected(Struct, frozen=True):
    """A class under the name that it is collected by."""

    name: str
    value: Class


class Test(Struct, frozen=True):
    """A function as one collected test.

    `module` is the file that it is collected from; `classes` are the classes around it, the
    outermost first; `name` is what it is bound to there.
    """

    __test__ = False

    module: Module
    function: Function
    name: str
    classes: tuple[Collected, ...] = ()

    @property
    def owner(self) -> Class | None:
        """The class that it is collected under."""
        return self.classes[-1].value if self.classes else None

    @property
    def symbol(self) -> str:
        """The qualified name under which it is collected (`TestChild.test_x`)."""
        return ".".join([*(one.name for one in self.classes), self.name])

    @property
    def is_async(self) -> bool:
        """Whether it is written as `async def`."""
        return isinstance(self.function.node, ast.AsyncFunctionDef)


class Collector:
    """Collects the tests of a file as pytest does."""

    def __init__(
        self, resolver: Resolver, marks: MarkReader, decorators: Decorators, classes: Classes
    ) -> None:
        self._resolver = resolver
        self._marks = marks
        self._decorators = decorators
        self._classes = classes

    def async_tests(self, module: Module, run: PytestRun) -> Iterator[Test]:
        """Yield the async tests that `run` collects from a file and that nobody switched off."""
        if "async" not in module.source.text and not module.scope.stars:
            if "import" not in module.source.text:
                return
        for test in self.tests(module, run):
            if test.is_async and not self.is_switched_off(test):
                if self.decorated(test).kind not in {Kind.FIXTURE, Kind.HIDDEN}:
                    yield test

    def tests_of(self, name: str, value: Class, module: Module, run: PytestRun) -> Iterator[Test]:
        """Yield the tests of a class of a file as if nothing else bore its name."""
        yield from self._of_class(Collected(name, value), (), module, run)

    def tests(self, module: Module, run: PytestRun) -> tuple[Test, ...]:
        """Return the tests that `run` collects from a file."""
        names = (run.python_functions, run.python_classes, run.collects_imported)
        return self._resolver.project.remember(
            ("collected", module, names), lambda: tuple(self._collect(module, run)), cyclic=()
        )

    def _collect(self, module: Module, run: PytestRun) -> Iterator[Test]:
        if declared_test(module.scope) is Answer.NO or rewrites_itself(module.tree.body):
            return
        for name, value in self._members(module, run):
            if isinstance(value, Class):
                yield from self._of_class(Collected(name, value), (), module, run)
            elif run.collects_function(name) and not self._is_touched(name, value, module.scope):
                yield Test(module, value, name)

    def _is_touched(self, name: str, function: Function, scope: Scope) -> bool:
        """Whether code does something to a test, where it is collected or where it is defined."""
        own = function.definition
        return name in self._touched_in(scope).used or own.name in self._touched_in(own.scope).used

    def _is_handed_on(self, one: Collected, module: Module) -> bool:
        """Whether code gets a class, or an ancestor of it, as an argument."""
        if one.name in self._touched_in(module.scope).handed:
            return True
        own = (ancestor.definition for ancestor in self._classes.own_ancestors(one.value))
        return any(it.name in self._touched_in(it.scope).handed for it in own)

    def _touched_in(self, scope: Scope) -> Touched:
        return self._resolver.project.remember(
            ("touched", scope.node), lambda: touched_by(scope.node.body), cyclic=UNTOUCHED
        )

    def _members(self, module: Module, run: PytestRun) -> Iterator[tuple[str, Function | Class]]:
        """Yield the functions and classes that the names of a module are bound to."""
        for name in module.scope.bindings:
            if is_imported(module.scope, name):
                if not run.collects_imported or not _may_be_test(name, run):
                    continue
            yield from self._values(name, module.scope, module)
        for star in module.scope.stars if run.collects_imported else ():
            for name in self._resolver.names_of_star(star, module):
                if name not in module.scope.bindings and _may_be_test(name, run):
                    for value in self._resolver.name(name, module, module.scope):
                        if isinstance(value, Function | Class):
                            yield name, value

    def _values(
        self, name: str, scope: Scope, module: Module
    ) -> Iterator[tuple[str, Function | Class]]:
        for value in dict.fromkeys(self._certain(name, scope, module)):
            if isinstance(value, Function | Class) and not value.definition.typing_only:
                yield name, value

    def _certain(
        self, name: str, scope: Scope, module: Module, line: int | None = None, depth: int = 0
    ) -> Iterator[Value]:
        """Yield what a name is bound to, without what a condition may have replaced by then.

        The same goes for the name that it takes over, at the line where it does.
        """
        first, *others = scope.effective(name, line)
        for binding in others if others and not first.conditional else (first, *others):
            match binding.meaning:
                case Assigned(value=ast.Name(id=other, lineno=taken)) if (
                    other in scope.bindings and depth < _MAX_DEPTH
                ):
                    yield from self._certain(other, scope, module, taken, depth + 1)
                case (
                    ImportedName(name=other) | Assigned(value=ast.Attribute(attr=other))
                ) as taken_from if depth < _MAX_DEPTH and (
                    (source := self._source(taken_from, module, scope)) is not None
                    and other in source.scope.bindings
                ):
                    yield from self._certain(other, source.scope, source, depth=depth + 1)
                case _:
                    yield from self._resolver.meaning(binding, module, scope)

    def _source(
        self, meaning: ImportedName | Assigned, module: Module, scope: Scope
    ) -> Module | None:
        """Return the file of the repository that a name is imported or taken from."""
        match meaning:
            case ImportedName():
                package = self._resolver.package_of(meaning, module)
            case Assigned(value=ast.Attribute(value=base)):
                package = self._resolver.value(base, module, scope)
            case _:
                return None
        path = package.path if isinstance(package, Package) else None
        return self._resolver.project.module(path) if path is not None else None

    def _of_class(
        self, one: Collected, outer: tuple[Collected, ...], module: Module, run: PytestRun
    ) -> Iterator[Test]:
        value = one.value
        if not self.collects_class(one.name, value, run) or rewrites_itself(value.node.body):
            return
        if self._is_handed_on(one, module):
            return
        inside = (*outer, one)
        is_case = self._classes.is_test_case(value)
        found = False
        for name, function in self._classes.methods(value).items():
            collected = name.startswith("test") if is_case else run.collects_function(name)
            if function is None or not collected:
                continue
            found = True
            if not self._is_touched(name, function, value.scope):
                yield Test(module, function, name, inside)
        if is_case:
            yield from self._run_test(value, inside, module) if not found else ()
            return
        if self._classes.has_unknown_base(value):
            return  # it may be unittest's, which looks into no class inside another
        around = [each.value for each in inside]
        for bound, inner in self._nested(value):
            if inner not in around:
                yield from self._of_class(Collected(bound, inner), inside, module, run)

    def _nested(self, value: Class) -> Iterator[tuple[str, Class]]:
        """Yield the classes inside a class, inherited ones too."""
        names: set[str] = set()
        for ancestor in self._classes.own_ancestors(value):
            for name in sorted(ancestor.scope.bindings.keys() - names):
                for bound, inner in self._values(name, ancestor.scope, ancestor.module):
                    if isinstance(inner, Class):
                        yield bound, inner
            names |= ancestor.scope.bindings.keys()

    def _run_test(
        self, value: Class, inside: tuple[Collected, ...], module: Module
    ) -> Iterator[Test]:
        """`runTest` is the one test of a class of unittest that has no other."""
        function = self._classes.methods(value).get("runTest")
        if function is not None:
            yield Test(module, function, "runTest", inside)

    def collects_class(self, name: str, value: Class, run: PytestRun) -> bool:
        """Whether `run` looks for tests in a class that goes by a name."""
        says = self._classes.says_of_itself(value)
        if says is Answer.NO or self._classes.is_abstract(value):
            return False
        if self._classes.is_test_case(value):
            return not self._classes.takes_no_name(value)
        named = says is Answer.YES or run.collects_class(name)
        return named and not self._classes.has_constructor(value)

    # -- what is known of a test -------------------------------------------------------------

    def decorated(self, test: Test) -> Decorated:
        """Return what the test's function is with its decorators applied."""
        return self._decorators.decorated(test.function)

    def marks(self, test: Test) -> Marks:
        """Return all marks that apply: its own, its classes', its module's."""
        classes = [self._classes.marks(one.value) for one in test.classes]
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

    def applied_names(self, test: Test) -> frozenset[str]:
        """Return the dotted names of the decorators of a test's function."""
        return frozenset(one.name for one in self._decorators.applications(test.function))

    def lacks_arguments(self, test: Test) -> bool:
        """Whether a method asks for arguments and no decorator is there to give them.

        unittest calls its methods with none; a decorator other than a mark (`mock.patch`, say)
        may add some.
        """
        node = test.function.node
        static = any(one.name == "builtins.staticmethod" for one in self._applications(test))
        if len(parameters_without_default(node)) <= int(not static):
            return False
        decorated = any(one.value.node.decorator_list for one in test.classes)
        return not decorated and all(one.name in _BARE for one in self._applications(test))

    def _applications(self, test: Test) -> list[Application]:
        return self._decorators.applications(test.function)

    def is_switched_off(self, test: Test) -> bool:
        """Whether somebody switched the test off on purpose and for good."""
        marks = self.marks(test)
        if marks.has("skip") is Answer.YES or is_not_to_run(marks):
            return True
        if any(map(_is_always, marks.named("skipif"))):
            return True
        names = set(self.applied_names(test))
        for one in test.classes:
            scope = one.value.definition.scope
            names |= {
                self._decorators.application(node, one.value.module, scope).name
                for node in one.value.node.decorator_list
            }
        return bool(names & _UNITTEST_SKIPS)


def _is_always(mark: Mark) -> bool:
    """Whether a condition of a mark is written out as true: `skipif(True, reason=...)`.

    One of several marks that a function may return need not be the one.
    """
    node = mark.scope.node
    if isinstance(node, FunctionNode) and len(own_nodes_of(node, ast.Return)) > 1:
        return False
    match mark.call:
        case ast.Call(args=[ast.Constant(value=True), *_]):
            return True
        case _:
            return False


def is_imported(scope: Scope, name: str) -> bool:
    """Whether a name of a scope may mean at its end what a `from` import brings."""
    return any(isinstance(one.meaning, ImportedName) for one in scope.effective(name))


def _may_be_test(name: str, run: PytestRun) -> bool:
    """Whether an imported name may be collected; only such files are looked into."""
    if run.collects_function(name) or run.collects_class(name):
        return True
    return name[:1].isupper() and ("Test" in name or "Case" in name)
