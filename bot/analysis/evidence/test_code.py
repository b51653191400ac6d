"""The code that takes part in a test: its own, its class's, its fixtures', and what they call."""

import ast
from collections.abc import Iterator, Sequence
from itertools import chain

from bot.analysis.collection.collection import Test
from bot.analysis.facts import Facts
from bot.analysis.fixtures.fixtures import requested
from bot.analysis.fixtures.usefixtures import used_fixtures
from bot.analysis.mocks.reach import Reached, ReachReader
from bot.analysis.names.named_symbols import is_named
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Expression, External, Function, Unknown, Value
from bot.analysis.source.placed_nodes import references


def functions_of(test: Test, facts: Facts) -> Iterator[Function]:
    """Yield every function of the repository that takes part in a test, itself first.

    One after the other is looked for, because most who ask need not see them all.
    """
    seen: set[Function] = set()
    for start in chain([test.function], _around(test, facts)):
        for function in _reached(start, test.owner, facts):
            if function not in seen:
                seen.add(function)
                yield function


def _reached(start: Function, owner: Class | None, facts: Facts) -> tuple[Function, ...]:
    """Return what a function comes to, itself first; the same for every test of a class."""

    def compute() -> tuple[Function, ...]:
        reach = ReachReader(facts.resolver, facts.instances)
        came_to = reach.of(Reached(start, owner), frozenset())
        return tuple(one.function for one in came_to.functions)

    return facts.project.remember(("reached", start, owner), compute, cyclic=())


def _around(test: Test, facts: Facts) -> Iterator[Function]:
    """Yield decorators, fixtures, and those methods of its classes that are no tests."""
    function = test.function
    for node in function.node.decorator_list:
        called = node.func if isinstance(node, ast.Call) else node
        for value in facts.resolver.values(called, function.module, function.definition.scope):
            if isinstance(value, Function):
                yield value
    for one in test.classes:
        for name, method in facts.classes.methods(one.value).items():
            if method is not None and not name.startswith("test"):
                yield method
    used = used_fixtures(facts.collector.marks(test), facts.resolver)
    asked = (*requested(function.node), *used.names)
    fixtures: tuple[Function, ...] = facts.project.remember(
        ("fixtures of", function.module, test.module, test.owner, asked),
        lambda: tuple(_fixtures(test, facts)),
        cyclic=tuple[Function, ...](),
    )
    yield from fixtures


def _fixtures(test: Test, facts: Facts) -> Iterator[Function]:
    for run in facts.setup.runs_for(test.module.path):
        plugins = facts.plugins.plugins(run, test.module)
        closure = facts.closures.of_test(test, plugins, run.usefixtures)
        yield from (fixture.function for fixture in closure.fixtures)


def used_in(function: Function, facts: Facts) -> tuple[tuple[str, Value], ...]:
    """Return the last name and the value of everything that a function refers to."""
    return facts.project.remember(
        ("used in", function), lambda: tuple(_used_in(function, facts.resolver)), cyclic=()
    )


def _used_in(function: Function, resolver: Resolver) -> Iterator[tuple[str, Value]]:
    for placed in references(function.module, function.definition):
        node: ast.AST | None = placed.node
        while isinstance(node, ast.Attribute | ast.Name):
            name = node.id if isinstance(node, ast.Name) else node.attr
            yield name, resolver.value(node, function.module, placed.scope)
            node = node.value if isinstance(node, ast.Attribute) else None


def certainly_lacks(test: Test, symbols: Sequence[str], facts: Facts) -> bool:
    """Whether no code of a test uses any of the named things, as far as that can be told."""
    if any(facts.classes.has_unknown_base(one.value) for one in test.classes):
        return False
    return not any(
        _is_any(name, value, symbols, facts.resolver)
        for function in functions_of(test, facts)
        for name, value in used_in(function, facts)
    )


def _is_any(name: str, value: Value, symbols: Sequence[str], resolver: Resolver) -> bool:
    """Whether a value is, is made of, or (from outside) is called like one of them."""
    if isinstance(value, Expression):
        inner = (
            node for node in ast.walk(value.node) if isinstance(node, ast.Name | ast.Attribute)
        )
        values = [resolver.value(node, value.module, value.scope) for node in inner]
        return any(is_named(one, symbol) for one in values for symbol in symbols)
    if isinstance(value, Unknown | External):
        return any(name == symbol.rpartition(".")[2] for symbol in symbols)
    return any(is_named(value, symbol) for symbol in symbols)
