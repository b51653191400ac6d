"""Calls that give something to await, and what the function that makes them does with it."""

import ast
import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from bot.analysis.awaiting.awaitables import Awaitables, Given
from bot.analysis.awaiting.call_results import OF_COROUTINES, Body, Fate
from bot.analysis.awaiting.handed_on import HandedOn
from bot.analysis.awaiting.instances import Instances
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Function
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode

_UNCERTAIN = (Fate.AWAITED, Fate.OTHER)
_UNDECIDED = (Gives.UNKNOWN, Gives.PLAIN, Gives.GROUP_TASK)
# A test with one of these words is about coroutines themselves.
_ABOUT_COROUTINES = re.compile(
    r"never awaited|RuntimeWarning|iscoroutine|isawaitable|isasyncgen|inspect\.|assert_type"
    r"|reveal_type|unraisable|catch_warnings|Coroutine\b|CoroutineType|Awaitable\b|__await__"
)
WARNING = frozenset({"warns", "deprecated_call", "catch_warnings", "assertWarns"})
# Longer texts of what is called are cut to their end.
_LONG = 60
# What expects an error of the block below it.
RAISING = frozenset({"raises", "assertRaises", "assertRaisesRegex"})


class CallUse(Struct, frozen=True):
    """One call that gives something to await, and what becomes of that.

    Attributes:
        call: the call.
        given: what it gives.
        fate: what the function does with it.
        function: the function that it stands in directly.
        body: the code of that function.
        raises: the innermost `pytest.raises` (or its like) around it, None if there is none.
    """

    call: ast.Call
    given: Given
    fate: Fate
    function: Function
    body: Body
    raises: ast.Call | None

    @property
    def name(self) -> str:
        """What is called, as it is written; of a long chain, its end."""
        text = ast.unparse(self.call.func)
        return text if len(text) <= _LONG and "\n" not in text else text.rpartition(".")[2]

    @property
    def in_async(self) -> bool:
        """Whether the function may await."""
        return isinstance(self.function.node, ast.AsyncFunctionDef)

    @property
    def in_sync_test(self) -> bool:
        """Whether the function is written as a test that is not async."""
        return not self.in_async and self.function.definition.name.startswith("test")

    @property
    def calls_nested(self) -> bool:
        """Whether what is called is defined inside the function that calls it."""
        called = self.given.function
        return called is not None and called.definition.outer is self.function.definition

    @property
    def place(self) -> ast.expr:
        """What is reported: the call, or the f-string that it stands in."""
        texts = [one for one in self.body.above(self.call) if isinstance(one, ast.JoinedStr)]
        return texts[-1] if texts else self.call


class CallUses:
    """Finds calls that give something to await."""

    def __init__(
        self,
        resolver: Resolver,
        decorators: Decorators,
        instances: Instances,
        awaitables: Awaitables,
    ) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._awaitables = awaitables
        self._bodies: dict[Function, Body] = {}
        self._handed_on = HandedOn(resolver, instances, awaitables, self.body)

    def in_module(self, module: Module) -> tuple[CallUse, ...]:
        """Return those of every function of a file, in source order of the functions."""
        return self._resolver.project.remember(
            ("call uses", module), lambda: tuple(self._compute(module)), cyclic=()
        )

    def body(self, function: Function) -> Body:
        """Return the code of a function."""
        if function not in self._bodies:
            scope = function.module.scope_of(function.node)
            self._bodies[function] = Body(function.node, scope)
        return self._bodies[function]

    def _compute(self, module: Module) -> Iterator[CallUse]:
        for definition in module.functions():
            if not definition.typing_only:
                function = Function(module, definition)
                found = [*self._in_function(function)]
                if not found or is_about_coroutines(function):
                    continue
                if found[0].in_async or not self._may_be_skipped(function):
                    yield from found

    def _may_be_skipped(self, function: Function) -> bool:
        """Whether a decorator that cannot be followed decides on it, or on what it is inside.

        Code that is sync and async by turns has such ones: the test is for the other turn.
        """
        definition: Definition | None = function.definition
        while definition is not None:
            if isinstance(definition.node, FunctionNode):
                around = Function(function.module, definition)
                if self._decorators.decorated(around).kind is Kind.UNKNOWN:
                    return True
            definition = definition.outer
        return False

    def _in_function(self, function: Function) -> Iterator[CallUse]:
        body = self.body(function)
        scope = function.module.scope_of(function.node)
        is_async = isinstance(function.node, ast.AsyncFunctionDef)
        for call in body.calls():
            # Cheap first: what is handed on, who knows where, need not be looked at.
            fate = body.fate(call, OF_COROUTINES)
            takers = [*body.handed_to(call)] if fate is Fate.OTHER and is_async else []
            if fate is Fate.AWAITED or (fate is Fate.OTHER and not takers):
                continue
            given = self._awaitables.given(call, function.module, scope)
            if given.gives in _UNDECIDED:
                continue
            if given.gives is not Gives.COROUTINE:
                fate = body.fate(call)
            elif any(self._handed_on.wants_result(*one, function.module, scope) for one in takers):
                fate = Fate.USED
            if fate in _UNCERTAIN:
                continue
            managers = [one for one in body.managers(call) if isinstance(one, ast.Call)]
            if not any(last_name(one.func) in WARNING for one in managers):
                yield CallUse(call, given, fate, function, body, raises_around(call, body))


def raises_around(node: ast.AST, body: Body) -> ast.Call | None:
    """Return the innermost `pytest.raises` (or its like) in whose block a node stands."""
    managers = (one for one in body.managers(node) if isinstance(one, ast.Call))
    return next((one for one in managers if last_name(one.func) in RAISING), None)


def is_about_coroutines(function: Function) -> bool:
    """Whether a function looks at coroutines themselves, not at what they give."""
    mentions = _mentions_of_coroutines(function.module.source.text)
    if not mentions:
        return False
    definition = function.definition
    while definition.outer is not None and not definition.outer.is_class:
        definition = definition.outer
    start, end = function.module.span_of(definition)
    return bisect_left(mentions, start) < bisect_left(mentions, end)


@lru_cache(maxsize=64)
def _mentions_of_coroutines(text: str) -> tuple[int, ...]:
    """Return where a file mentions coroutines themselves."""
    return tuple(found.start() for found in _ABOUT_COROUTINES.finditer(text))


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
