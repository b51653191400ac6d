"""Calls of AsyncMocks that nobody awaits, and what becomes of their coroutines."""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.awaiting.awaitables import Given
from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import WARNING, CallUse, is_about_coroutines, last_name
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.facts import Facts
from bot.analysis.mocks.made_mocks import Home, MadeMock
from bot.analysis.mocks.mock_assertions import MISSPELT
from bot.analysis.mocks.mock_targets import names_handed, places_of
from bot.analysis.mocks.mocks import is_set_by_name, method, settings
from bot.analysis.names.paths_of_names import Path, path_of
from bot.analysis.names.values import Class, External, Function, Value
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import own_nodes

_NOT_MISSED = (Fate.AWAITED, Fate.OTHER, Fate.RETURNED, Fate.ENTERED)
# Attributes by which a test says that it knows of the missing await.
_KNOWN = frozenset({"assert_not_awaited", "await_count"})


class AsyncMockUse(Struct, frozen=True):
    """A call of an AsyncMock that is not awaited.

    Attributes:
        use: the call and what becomes of it.
        mock: what is called.
        is_guess: whether nothing but its being a child says that the mock is async: what it
            stands for may well be sync.
    """

    use: CallUse
    mock: MadeMock
    is_guess: bool


class AsyncMockUses:
    """Finds them in one file."""

    def __init__(self, facts: Facts, module: Module) -> None:
        self._facts = facts
        self._module = module

    def in_file(self) -> tuple[AsyncMockUse, ...]:
        """Return the calls of every function of the file."""
        return self._facts.project.remember(
            ("async mock uses", self._module),
            lambda: tuple(
                use
                for one in self._module.functions()
                for use in self._in_function(Function(self._module, one))
                if not is_about_coroutines(use.use.function)
            ),
            cyclic=(),
        )

    def _in_function(self, function: Function) -> Iterator[AsyncMockUse]:
        body = self._facts.call_uses.body(function)
        scope = self._module.scope_of(function.node)
        for call in body.calls():
            fate = body.fate(call)
            if fate in _NOT_MISSED or not _is_path(call.func):
                continue
            made = self._facts.mocks.at(call.func, self._module, scope)
            if made is None or made.is_async is not Answer.YES or _is_known(call.func, function):
                continue
            managers = [one for one in body.managers(call) if isinstance(one, ast.Call)]
            if any(last_name(one.func) in WARNING for one in managers):
                continue
            given = Given(Gives.COROUTINE, by_mock=True)
            use = CallUse(call, given, fate, function, body, raises=None)
            is_guess = made.is_child and made.stands_for is None
            if not is_guess or not self._is_prepared_elsewhere(made):
                yield AsyncMockUse(use, made, is_guess)

    # -- children that other code may set ------------------------------------------------------

    def _is_prepared_elsewhere(self, made: MadeMock) -> bool:
        return any(self._may_be_prepared(home) for home in made.homes)

    def _may_be_prepared(self, home: Home) -> bool:
        """Whether a mock is handed to code that may set its children."""
        if not isinstance(home.scope.node, FunctionNode):
            return False
        root = _root(home.path)
        for call in own_nodes(home.scope.node):
            if not isinstance(call, ast.Call):
                continue
            for argument in (*call.args, *(one.value for one in call.keywords)):
                if path_of(argument) == root and self._may_prepare(call, argument, home):
                    return True
        return False

    def _may_prepare(self, call: ast.Call, argument: ast.expr, home: Home) -> bool:
        callee = self._callee(call, home.module, home.scope)
        match callee:
            case External():
                return False
            case Class():
                constructor = method(self._facts.resolver, callee, "__init__")
                if constructor is None:
                    return False
                return _sets_children(constructor, call, argument, bound=True)
            case Function():
                bound = self._facts.resolver.fills_first(
                    callee, call.func, home.module, home.scope
                )
                return _sets_children(callee, call, argument, bound=bound)
            case _:
                return True

    def _callee(self, call: ast.Call, module: Module, scope: Scope) -> Value:
        return self._facts.instances.callee(call.func, module, scope)


def _is_path(node: ast.expr) -> bool:
    """Whether what is called is written as names and attributes, none of them misspelt."""
    while isinstance(node, ast.Attribute):
        if node.attr in MISSPELT:
            return False
        node = node.value
    return isinstance(node, ast.Name)


def _is_known(called: ast.expr, function: Function) -> bool:
    """Whether the test says of what is called that nothing awaits it."""
    written = ast.dump(called)
    return any(
        isinstance(one, ast.Attribute) and one.attr in _KNOWN and ast.dump(one.value) == written
        for one in own_nodes(function.node)
    )


def _root(path: Path) -> Path:
    """Return what a mock is called: a name, or an attribute of `self`."""
    return Path(path.root, path.segments[:1] if path.root in {"self", "cls"} else ())


def _sets_children(function: Function, call: ast.Call, argument: ast.expr, *, bound: bool) -> bool:
    """Whether a function sets attributes of what it is handed, or keeps it and does so."""
    handed = set(names_handed(call, argument, function, bound=bound))
    if not handed and any(places_of(call, argument)):
        return True
    if any(is_set_by_name(function.node, name) for name in handed):
        return True
    return any(
        one.path.root in handed or len(one.path.segments) > 1 for one in settings(function.node)
    )
