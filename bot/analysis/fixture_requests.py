"""Which fixtures of the repository a test gets for certain, and on what road.

Where a road cannot be followed (a value that `parametrize` brings, a decorator that changes the
signature, a fixture under a condition) nothing is said of what lies behind it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bot.analysis.answer import Answer
from bot.analysis.collection import Collector, Test
from bot.analysis.decorators import Decorators
from bot.analysis.fixtures import Fixture, Fixtures, requested, used
from bot.analysis.marks import Marks
from bot.analysis.plugins import Plugins
from bot.analysis.scopes import FunctionNode, parameters
from bot.analysis.third_party import Effect, Runs

_PATCHES = ("unittest.mock.patch", "mock.patch", "mock.mock.patch")
_GIVEN = "hypothesis.given"


@dataclass(frozen=True, slots=True)
class Request:
    """A fixture that a test gets.

    Attributes:
        fixture: the fixture, None where it is not one of the repository.
        node: the parameter or call in the test's function where the road begins, if it is there.
        through: the names of the fixtures that lie between.
        consumer: the fixture that asks for it, None where it is the test.
    """

    name: str
    fixture: Fixture | None
    node: ast.arg | ast.Call | None = None
    through: tuple[str, ...] = ()
    consumer: Fixture | None = None


class FixtureRequests:
    """Follows the requests of tests."""

    def __init__(self, collector: Collector, fixtures: Fixtures, decorators: Decorators) -> None:
        self._collector = collector
        self._fixtures = fixtures
        self._decorators = decorators

    def of(
        self, test: Test, plugins: Plugins, configured: tuple[str, ...] = ()
    ) -> Iterator[Request]:
        """Yield what a test gets, each fixture once, on the shortest road.

        `configured` are those that the configuration asks for on behalf of every test.
        """
        marks = self._collector.marks(test)
        replaced = _parametrized(marks)
        if replaced is None:
            return
        waiting = list(self._direct(test, marks, plugins, configured))
        seen: set[tuple[str, Fixture | None]] = set()
        while waiting:
            name, node, through, consumer = waiting.pop(0)
            if name in replaced:
                continue
            below = consumer if consumer is not None and consumer.name == name else None
            found = self._fixtures.certain(name, test.module, test.owner, plugins, below)
            if isinstance(found, Answer) or (name, found) in seen:
                continue
            seen.add((name, found))
            yield Request(name, found, node, through, consumer)
            if found is not None:
                asked = (*requested(found.function.node), *_asked_in_body(found.function.node))
                road = (*through, name)
                waiting += [(one, node, road, found) for one in asked]

    def _direct(
        self, test: Test, marks: Marks, plugins: Plugins, configured: tuple[str, ...]
    ) -> "Iterator[_Step]":
        if self._collector.runs(test) is Runs.PYTEST and self._is_followed(test):
            asked = set(requested(test.function.node)) - set(self._patched(test))
            for parameter in parameters(test.function.node):
                if parameter.arg in asked:
                    yield parameter.arg, parameter, (), None
            for name, call in _asked_in_body(test.function.node).items():
                yield name, call, (), None
        for name in (*used(marks), *configured):
            yield name, None, (), None
        for fixture in self._fixtures.autouse(test.module, test.owner, plugins):
            if fixture.autouse is Answer.YES:
                yield fixture.name, None, (), None

    def _is_followed(self, test: Test) -> bool:
        """Whether the parameters that are written are those that pytest sees."""
        applied = self._decorators.applications(test.function)
        return all(one.effect is Effect.KEEPS and one.name != _GIVEN for one in applied)

    def _patched(self, test: Test) -> list[str]:
        """Return the parameters that decorators of mocks fill: as many as there are, the first."""
        applied = self._decorators.applications(test.function)
        count = sum(one.name.startswith(_PATCHES) for one in applied)
        return requested(test.function.node)[:count]


_Step = tuple[str, ast.arg | ast.Call | None, tuple[str, ...], Fixture | None]


def _parametrized(marks: Marks) -> frozenset[str] | None:
    """Return the names whose values `parametrize` brings; None where they cannot be read."""
    names: set[str] = set()
    for mark in marks.named("parametrize"):
        call = mark.call
        if call is None:
            continue
        indirect = next((one.value for one in call.keywords if one.arg == "indirect"), None)
        argnames = call.args[0] if call.args else None
        found = _names_in(argnames or _keyword(call, "argnames"))
        if found is None:
            return None
        if not (isinstance(indirect, ast.Constant) and indirect.value is True):
            names |= found - (_names_in(indirect) or set())
    return frozenset(names)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)


def _names_in(node: ast.expr | None) -> set[str] | None:
    match node:
        case ast.Constant(value=str(text)):
            return {one.strip() for one in text.split(",")}
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            texts = [one.value for one in elements if isinstance(one, ast.Constant)]
            return {str(one) for one in texts} if len(texts) == len(elements) else None
        case _:
            return None


def _asked_in_body(node: FunctionNode) -> dict[str, ast.Call]:
    """Return what a body asks for by `getfixturevalue`, on lines that are certainly reached."""
    found: dict[str, ast.Call] = {}
    for statement in node.body:
        match statement:
            case (
                ast.Expr(value=value)
                | ast.Assign(value=value)
                | ast.Return(value=ast.expr() as value)
            ):
                pass
            case _:
                break  # behind a condition or a block nothing is certain
        match value:
            case ast.Call(
                func=ast.Attribute(attr="getfixturevalue"), args=[ast.Constant(value=str(name))]
            ):
                found[name] = value
            case _:
                continue
    return found
