"""Fixtures: what a test asks for, directly and through other fixtures, and who brings it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bot.analysis.answer import Answer
from bot.analysis.decorators import Decorators, Kind
from bot.analysis.marks import Marks
from bot.analysis.module import Definition, Module
from bot.analysis.plugins import Plugins
from bot.analysis.resolver import Resolver, is_unknown
from bot.analysis.scopes import FunctionNode, Scope, parameters_without_default
from bot.analysis.third_party import Effect
from bot.analysis.values import Class, Function
from bot.analysis.walking import yields

ANYIO_BACKEND = "anyio_backend"


@dataclass(frozen=True, slots=True)
class Fixture:
    """A function that pytest, or a plugin, takes for a fixture.

    `maker` is the dotted name of the decorator (`pytest.fixture`); `node` is the decorator as
    it is written.
    """

    name: str
    function: Function
    maker: str
    node: ast.expr
    owner: Class | None = None

    @property
    def is_async(self) -> bool:
        """Whether the body is a coroutine function or an async generator."""
        return isinstance(self.function.node, ast.AsyncFunctionDef)

    @property
    def is_generator(self) -> bool:
        """Whether it yields its value and cleans up afterwards."""
        return yields(self.function.node)

    @property
    def autouse(self) -> Answer:
        """Whether every test in reach uses it."""
        match self.argument("autouse"):
            case None:
                return Answer.NO
            case ast.Constant(value=value):
                return Answer.of(bool(value))
            case _:
                return Answer.UNKNOWN

    def argument(self, name: str) -> ast.expr | None:
        """Return a keyword argument of the decorator."""
        if not isinstance(self.node, ast.Call):
            return None
        return next((one.value for one in self.node.keywords if one.arg == name), None)


class Fixtures:
    """Finds fixtures and follows what they ask for."""

    def __init__(self, resolver: Resolver, decorators: Decorators) -> None:
        self._resolver = resolver
        self._decorators = decorators

    def of_function(self, function: Function) -> Fixture | None:
        """Return the fixture that a function is, if it is one."""
        return self._resolver.project.remember(
            ("fixture", function), lambda: self._compute(function), cyclic=None
        )

    def _compute(self, function: Function) -> Fixture | None:
        if not function.node.decorator_list:
            return None
        if self._decorators.decorated(function).kind not in {Kind.FIXTURE, Kind.UNKNOWN}:
            return None
        scope = function.definition.scope
        for node in function.node.decorator_list:
            applied = self._decorators.application(node, function.module, scope)
            if applied.effect is Effect.FIXTURE:
                return _made(function, applied.name, node)
        return None

    def marks(self, fixture: Fixture) -> list[tuple[ast.expr, Marks]]:
        """Return the decorators of a fixture that are marks, and which marks they are."""
        function = fixture.function
        scope = function.definition.scope
        applied = [
            (node, self._decorators.application(node, function.module, scope).marks)
            for node in function.node.decorator_list
            if node is not fixture.node
        ]
        return [(node, marks) for node, marks in applied if marks.marks and not marks.unknown]

    def beside_marks(self, fixture: Fixture) -> list[ast.expr]:
        """Return the decorators of a fixture without those that are marks."""
        marks = [node for node, _ in self.marks(fixture)]
        return [node for node in fixture.function.node.decorator_list if node not in marks]

    def defined_in(self, module: Module) -> tuple[Fixture, ...]:
        """Return the fixtures that a file defines, those in classes too."""
        return self._resolver.project.remember(
            ("fixtures in", module), lambda: tuple(self._compute_defined_in(module)), cyclic=()
        )

    def _compute_defined_in(self, module: Module) -> Iterator[Fixture]:
        for definition in module.functions():
            if definition.outer is None or definition.owner is not None:
                if fixture := self.of_function(Function(module, definition)):
                    yield fixture

    def _named(self, name: str, module: Module) -> Fixture | None:
        """Return the fixture that a module has under a name: defined, imported or renamed."""
        if name in module.scope.bindings:
            for value in self._resolver.bound(name, module, module.scope):
                if isinstance(value, Function) and (found := self.of_function(value)):
                    return found
        for fixture in self.defined_in(module):
            if fixture.name == name and fixture.owner is None:
                return fixture
        return None

    def find(
        self, name: str, module: Module, owner: Class | None, plugins: Plugins
    ) -> Fixture | None:
        """Return the fixture that a test gets under a name: class, module, conftests, plugins."""
        return next(self._definitions(name, module, owner, plugins), None)

    def given(self, name: str, function: Function, plugins: Plugins) -> Fixture | None:
        """Return the fixture that a function gets; one of that name gets the one that it hides."""
        owner = _owner(function.module, function.definition)
        found = self._definitions(name, function.module, owner, plugins)
        return next((one for one in found if one.function != function), None)

    def _definitions(
        self, name: str, module: Module, owner: Class | None, plugins: Plugins
    ) -> Iterator[Fixture]:
        """Yield the fixtures of a name, the nearest first; each overrides those behind it."""
        if owner is not None and (found := self._of_class(name, owner)):
            yield found
        for one in (module, *plugins.all_modules):
            if found := self._named(name, one):
                yield found

    def certain(
        self,
        name: str,
        module: Module,
        owner: Class | None,
        plugins: Plugins,
        below: Fixture | None = None,
    ) -> Fixture | Answer | None:
        """Return the one fixture that a test can get under a name.

        None where the repository has none, UNKNOWN where it cannot be told. With `below`, the
        one that this fixture hides.
        """
        places = [(one.module, one.scope) for one in self._own_classes(owner)]
        places += [(one, one.scope) for one in (module, *plugins.all_modules)]
        for where, scope in places:
            found = self._certain_in(name, where, scope)
            if isinstance(found, Answer):
                return found
            if found is not None and below is None:
                return found
            if found == below:
                below = None
        return None

    def _own_classes(self, owner: Class | None) -> list[Class]:
        mro = self._resolver.mro(owner) if owner is not None else ()
        return [one for one in mro if isinstance(one, Class)]

    def _certain_in(self, name: str, module: Module, scope: Scope) -> Fixture | Answer | None:
        """Return the fixture that a module or class has under a name."""
        found: Fixture | None = None
        if name not in scope.bindings and scope is module.scope and scope.stars:
            values = self._resolver.name(name, module, scope)
            if not is_unknown(values):
                found = self.of_function(values[0]) if isinstance(values[0], Function) else None
                return found or Answer.UNKNOWN
        if name in scope.bindings:
            values = self._resolver.bound(name, module, scope)
            if len(values) != 1 or any(one.conditional for one in scope.effective(name)):
                return Answer.UNKNOWN
            if isinstance(values[0], Function):
                found = self.of_function(values[0])
            elif not isinstance(values[0], Class):
                return Answer.UNKNOWN  # made by a call, or bound to who knows what
        if found is not None and found.name == name:
            return found
        renamed = [one for one in self.defined_in(module) if one.name == name]
        here = [one for one in renamed if one.function.definition.scope is scope]
        return here[0] if len(here) == 1 else (Answer.UNKNOWN if here else None)

    def _of_class(self, name: str, owner: Class) -> Fixture | None:
        for ancestor in self._resolver.mro(owner):
            if not isinstance(ancestor, Class) or name not in ancestor.scope.bindings:
                continue
            for value in self._resolver.bound(name, ancestor.module, ancestor.scope):
                if isinstance(value, Function) and (found := self.of_function(value)):
                    return found
        return None

    def autouse(self, module: Module, owner: Class | None, plugins: Plugins) -> Iterator[Fixture]:
        """Yield the fixtures that a test gets unasked."""
        classes = (
            [one for one in self._resolver.mro(owner) if isinstance(one, Class)] if owner else []
        )
        for one in (module, *plugins.all_modules):
            for fixture in self.defined_in(one):
                if fixture.autouse is Answer.NO:
                    continue
                if fixture.owner is None or fixture.owner in classes:
                    yield fixture
        for ancestor in classes:
            if ancestor.module is not module:
                yield from self._autouse_of_class(ancestor)

    def _autouse_of_class(self, value: Class) -> Iterator[Fixture]:
        for fixture in self.defined_in(value.module):
            if fixture.owner == value and fixture.autouse is not Answer.NO:
                yield fixture

    def closure(
        self,
        function: Function,
        owner: Class | None,
        marks: Marks,
        plugins: Plugins,
        configured: tuple[str, ...] = (),
    ) -> frozenset[str]:
        """Return the names of all fixtures that a test gets, as far as they can be followed.

        `configured` are those that the configuration asks for on behalf of every test.
        """
        module = function.module
        waiting = [*requested(function.node), *used(marks), *configured]
        names: set[str] = set()
        for fixture in self.autouse(module, owner, plugins):
            names.add(fixture.name)
            waiting += requested(fixture.function.node)
        while waiting:
            name = waiting.pop()
            if name in names:
                continue
            names.add(name)
            for found in self._definitions(name, module, owner, plugins):
                asked = requested(found.function.node)
                waiting += asked
                if name not in asked:
                    break  # it does not hand on to the one that it overrides
        return frozenset(names)


def requested(node: FunctionNode) -> list[str]:
    """Return the parameters that pytest fills: those without a default, `self` left out."""
    names = [one.arg for one in parameters_without_default(node)]
    return [name for name in names if name not in {"self", "cls", "request"}]


def used(marks: Marks) -> list[str]:
    """Return the names in `usefixtures` marks."""
    return [
        argument.value
        for mark in marks.named("usefixtures")
        if mark.call is not None
        for argument in mark.call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def _made(function: Function, maker: str, node: ast.expr) -> Fixture:
    fixture = Fixture(
        function.definition.name,
        function,
        maker,
        node,
        _owner(function.module, function.definition),
    )
    match fixture.argument("name"):
        case ast.Constant(value=str(name)):
            return Fixture(name, function, maker, node, fixture.owner)
        case _:
            return fixture


def _owner(module: Module, definition: Definition) -> Class | None:
    return Class(module, definition.owner) if definition.owner else None
