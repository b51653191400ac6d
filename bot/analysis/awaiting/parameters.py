"""Of which class a parameter is: `self`, what pytest fills in, or what the annotation says."""

import ast
import re
from collections.abc import Callable

from bot.analysis.awaiting.third_party_calls import FIXTURES
from bot.analysis.fixtures.fixtures import Fixture, Fixtures
from bot.analysis.names.annotations import Type, annotated
from bot.analysis.names.function_syntax import is_first_parameter, is_parametrized, is_patched
from bot.analysis.names.resolver import Resolver, owner_class
from bot.analysis.names.values import Class, External, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode, Parameter, Scope

FindFixture = Callable[[str, Module, Class | None], Fixture | None]

# What makes, or is called like, something that stands for another.
_DOUBLE = re.compile(r"mock|patch|stub|fake|dummy|spy", re.IGNORECASE)


class Parameters:
    """Facts about parameters. `given_by` tells the class of what a fixture gives."""

    def __init__(
        self,
        resolver: Resolver,
        fixtures: Fixtures,
        find_fixture: FindFixture,
        given_by: Callable[[Fixture], Type | None],
    ) -> None:
        self._resolver = resolver
        self._fixtures = fixtures
        self._find_fixture = find_fixture
        self._given_by = given_by

    def of(self, node: ast.arg, module: Module, scope: Scope) -> Type | None:
        """Return the class that what a parameter holds is certainly an instance of."""
        assert isinstance(scope.node, FunctionNode)  # noqa: S101 - only functions have parameters
        function = Function(module, module.definition(scope.node))
        owner = owner_class(module, function.definition)
        if owner is not None and is_first_parameter(node, scope.node):
            return None if self._is_unbound(function) else owner
        if self.is_filled_by_pytest(function):
            fixture = self._find_fixture(node.arg, module, owner)
            if fixture is not None and fixture.function != function:
                if is_parametrized(function, node.arg):
                    return None
                if (given := self._given_by(fixture)) is not None or _makes_doubles(fixture):
                    return given
            if fixture is None and node.arg in FIXTURES:
                return External(FIXTURES[node.arg])
        if is_patched(function) or node.annotation is None:
            return None
        return annotated(node.annotation, module, function.definition.scope, self._resolver)

    def fixture_of(self, name: str, module: Module, scope: Scope) -> Fixture | None:
        """Return the fixture that pytest hands a function under a parameter's name."""
        bindings = scope.bindings.get(name, ())
        if len(bindings) != 1 or not isinstance(bindings[0].meaning, Parameter):
            return None
        assert isinstance(scope.node, FunctionNode)  # noqa: S101 - only functions have parameters
        function = Function(module, module.definition(scope.node))
        if not self.is_filled_by_pytest(function) or is_parametrized(function, name):
            return None
        fixture = self._find_fixture(name, module, owner_class(module, function.definition))
        return fixture if fixture is not None and fixture.function != function else None

    def is_filled_by_pytest(self, function: Function) -> bool:
        """Whether it is called with fixtures for its parameters."""
        if function.definition.name.startswith("test"):
            return True
        return self._fixtures.of_function(function) is not None

    def _is_unbound(self, function: Function) -> bool:
        """Whether the first parameter is no instance: in static and class methods."""
        names = self._resolver.decorator_names(function)
        return bool(names & {"builtins.staticmethod", "builtins.classmethod"})


def _makes_doubles(fixture: Fixture) -> bool:
    """Whether a fixture may give what only stands for the class that a test declares."""
    function = fixture.function
    return _DOUBLE.search(function.module.text_of(function.definition)) is not None
