"""Mocks as `__aexit__` that return something true: `async with` swallows every exception then.

An `AsyncMock()` returns a mock, and a mock is true. What `MagicMock` and `AsyncMock` have for
`__aexit__` by themselves returns False, so only what is set is looked at (observed on
unittest.mock of 3.11 to 3.13).
"""

import ast
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

from msgspec import Struct

from bot.analysis.awaiting.instances import Instances
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.mocks.mocks import MockReader, only_assignment
from bot.analysis.mocks.patches import Patch, PatchReader
from bot.analysis.names.paths_of_names import CALLED, path_of
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Function
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import below, every_node, own_nodes

_EXIT, _ENTER = "__aexit__", "__aenter__"
# Arguments and attributes that decide what a mock returns.
_DECIDING_ARGUMENTS = frozenset({"side_effect", "wraps"})
_DECIDING_ATTRIBUTES = frozenset({CALLED, "side_effect", "configure_mock"})


class TruthyExit(Struct, frozen=True):
    """An `__aexit__` that returns something true.

    Attributes:
        call: makes the mock, or patches; it takes `return_value`.
        returned: the mock that is returned on purpose, None where nothing is said.
        owner: what is left by it, as it is written; empty where it has no name.
    """

    call: ast.Call
    returned: ast.expr | None
    owner: str = ""


class _Setting(Struct, frozen=True):
    """`owner.__aexit__ = value`, however it is written; `owner` is None for an argument."""

    owner: ast.expr | None
    value: ast.expr


class _Room(Struct, frozen=True):
    """A piece of code and its names.

    `is_shared` says that code elsewhere in the file may decide what the mocks of it return.
    """

    nodes: Sequence[ast.AST]
    scope: Scope
    is_shared: bool = True


class ExitMocks:
    """Finds them in one file."""

    def __init__(
        self, resolver: Resolver, decorators: Decorators, instances: Instances, module: Module
    ) -> None:
        self._decorators = decorators
        self._module = module
        self._mocks = MockReader(resolver, instances, module)
        self._patches = PatchReader(resolver, module, self._mocks)

    def at_top(self) -> Iterator[TruthyExit]:
        """Yield what the file sets outside of functions."""
        nodes = list(chain.from_iterable(below(one) for one in self._module.tree.body))
        yield from self._set_in(_Room(nodes, self._module.scope))

    def in_class(self, definition: Definition) -> Iterator[TruthyExit]:
        """Yield what a class body sets: `class Session: __aexit__ = AsyncMock()`."""
        scope = self._module.scope_of(definition.node)
        value = only_assignment(scope, _EXIT)
        if value is not None and _ENTER in scope.bindings:
            yield from self._truthy(_Setting(None, value), _Room((), scope))

    def in_function(self, definition: Definition) -> Iterator[TruthyExit]:
        """Yield what a function sets, or patches around it."""
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
        nodes, scope = own_nodes(definition.node), self._module.scope_of(definition.node)
        # What a fixture or setUp makes, a test may finish.
        room = _Room(nodes, scope, is_shared=not definition.name.startswith("test"))
        yield from self._set_in(room)
        for patch in self._patches.patches(definition):
            if patch.target.rpartition(".")[2] == _EXIT:
                yield from self._patched(patch, room)

    @cached_property
    def _everything(self) -> Sequence[ast.AST]:
        return every_node(self._module.tree)

    # -- where it is set ---------------------------------------------------------------------

    def _set_in(self, room: _Room) -> Iterator[TruthyExit]:
        for node in room.nodes:
            match node:
                case ast.Assign(targets=targets, value=value):
                    for owner in _owners(targets, _EXIT):
                        if _is_entered(owner, room):
                            yield from self._truthy(_Setting(owner, value), room)
                case ast.Call() if self._configures(node, room.scope):
                    for value in _exits_among(dict(_named(node))):
                        yield from self._truthy(_Setting(None, value), room)
                case _:
                    continue

    def _configures(self, call: ast.Call, scope: Scope) -> bool:
        """Whether a call's arguments become attributes of a mock."""
        if isinstance(call.func, ast.Attribute) and call.func.attr == "configure_mock":
            return True
        return self._mocks.mock_class(call.func, scope) is not None

    def _patched(self, patch: Patch, room: _Room) -> Iterator[TruthyExit]:
        if _is_called_by_hand(room.nodes):
            return
        if patch.new is not None:
            yield from self._truthy(_Setting(None, patch.new), room)
        elif self._puts_async_mock(patch, room.scope) and not _is_decided(patch.call):
            if self._returns_mock(patch.call, room.scope):
                yield TruthyExit(patch.call, patch.argument(CALLED))

    def _puts_async_mock(self, patch: Patch, scope: Scope) -> bool:
        """Whether `patch` makes an AsyncMock: asked to, or because it replaces an `async def`."""
        if patch.new_callable is not None:
            return self._is_async_mock(patch.new_callable, scope)
        replaced = patch.replaced
        if not isinstance(replaced, Function):
            return False
        return self._decorators.decorated(replaced).kind is Kind.COROUTINE

    # -- what it returns ---------------------------------------------------------------------

    def _truthy(self, setting: _Setting, room: _Room) -> Iterator[TruthyExit]:
        made: ast.expr | None = setting.value
        if isinstance(made, ast.Name):
            made = only_assignment(room.scope, made.id)
        if not isinstance(made, ast.Call) or not self._is_async_mock(made.func, room.scope):
            return
        if _is_decided(made) or not self._returns_mock(made, room.scope):
            return
        if not self._is_decided_later(setting, room):
            owner = ast.unparse(setting.owner) if setting.owner else ""
            yield TruthyExit(made, _argument(made, CALLED), owner)

    def _is_decided_later(self, setting: _Setting, room: _Room) -> bool:
        """Whether what it returns is decided apart from its making, or it is set once more."""
        name = setting.value.id if isinstance(setting.value, ast.Name) else ""
        settings = 0
        for node in self._everything if room.is_shared else room.nodes:
            if not isinstance(node, ast.Attribute):
                continue
            if node.attr in _DECIDING_ATTRIBUTES:
                configured = node.value
                if _owner(configured, _EXIT) is not None:
                    return True
                if isinstance(configured, ast.Name) and configured.id == name:
                    return True
            elif setting.owner is not None and isinstance(node.ctx, ast.Store):
                owner = _owner(node, _EXIT)
                settings += owner is not None and _is_like(owner, ast.dump(setting.owner))
        return settings > 1 and not room.is_shared

    def _is_async_mock(self, node: ast.expr, scope: Scope) -> bool:
        found = self._mocks.mock_class(node, scope)
        return found is not None and found.is_async

    def _returns_mock(self, call: ast.Call, scope: Scope) -> bool:
        """Whether a mock is returned: the default, or because `return_value` is one."""
        returned = _argument(call, CALLED)
        if returned is None:
            return True
        if isinstance(returned, ast.Name):
            returned = only_assignment(scope, returned.id)
        if not isinstance(returned, ast.Call):
            return False
        return self._mocks.mock_class(returned.func, scope) is not None


def _owner(node: ast.AST, name: str) -> ast.expr | None:
    """Return whose attribute of that name an expression is."""
    return node.value if isinstance(node, ast.Attribute) and node.attr == name else None


def _owners(nodes: Sequence[ast.expr], name: str) -> list[ast.expr]:
    """Return whose attributes of that name some of the expressions are."""
    return [owner for one in nodes if (owner := _owner(one, name)) is not None]


def _is_entered(owner: ast.expr, room: _Room) -> bool:
    """Whether an object is there to be entered: its `__aenter__` is set, or a call returns it.

    One whose `__aexit__` is only called by hand swallows nothing, nor does what entering gives.
    """
    path = path_of(owner)
    if path is not None and CALLED in path.segments and path.segments[-2:] != (_ENTER, CALLED):
        return True
    written = ast.dump(owner)
    entering = frozenset(_entering(room.nodes))
    for node in room.nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                if _sets_up(targets, value, written):
                    return True
            case ast.Call() if node not in entering:
                returned = _argument(node, CALLED)
                if returned is not None and _is_like(returned, written):
                    return True
            case ast.AsyncWith(items=items):
                entered = chain.from_iterable(every_node(one.context_expr) for one in items)
                if any(_is_like(one, written) for one in entered):
                    return True
            case _:
                continue
    return False


def _sets_up(targets: list[ast.expr], value: ast.expr, written: str) -> bool:
    """Whether an assignment has an object entered: sets what it gives, or has it returned."""
    if any(_is_like(one, written) for one in _owners(targets, _ENTER)):
        return True
    entered = [_owner(one, _ENTER) for one in _owners(targets, CALLED)]
    return _is_like(value, written) and any(
        one is None or _is_like(one, written) for one in entered
    )


def _entering(nodes: Sequence[ast.AST]) -> Iterator[ast.expr]:
    """Yield what is put in the place of an `__aenter__`: what it returns is not what is left."""
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value) if _owners(targets, _ENTER):
                yield value
            case ast.Call():
                named = (one for name, one in _named(node) if name.endswith(_ENTER))
                yield from named
            case _:
                continue


def _is_like(node: ast.AST, written: str) -> bool:
    return ast.dump(node).replace("Store()", "Load()") == written


def _is_called_by_hand(nodes: Sequence[ast.AST]) -> bool:
    """Whether the code calls an `__aexit__` itself, and enters nothing."""
    called = (isinstance(one, ast.Call) and _owner(one.func, _EXIT) for one in nodes)
    return any(called) and not any(isinstance(one, ast.AsyncWith) for one in nodes)


def _exits_among(arguments: dict[str, ast.expr]) -> Iterator[ast.expr]:
    """Yield what is handed over as `__aexit__` beside an `__aenter__`."""
    for name, value in arguments.items():
        path, _, last = name.rpartition(".")
        if last == _EXIT and f"{path}.{_ENTER}".lstrip(".") in arguments:
            yield value


def _named(call: ast.Call) -> Iterator[tuple[str, ast.expr]]:
    """Yield the arguments that a call names, by keyword or in a `**{...}`."""
    for keyword in call.keywords:
        if keyword.arg is not None:
            yield keyword.arg, keyword.value
        elif isinstance(keyword.value, ast.Dict):
            for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value


def _is_decided(call: ast.Call) -> bool:
    """Whether arguments decide, or hide, what a mock returns."""
    hidden = any(isinstance(one, ast.Starred) for one in call.args)
    return hidden or any(
        one.arg is None or one.arg in _DECIDING_ARGUMENTS for one in call.keywords
    )


def _argument(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)
