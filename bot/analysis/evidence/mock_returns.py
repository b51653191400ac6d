"""Awaitables that mocks are told to return: coroutine objects and futures.

An AsyncMock makes the awaitable itself, so whoever awaits its call gets what it was told to
return: the future, or the coroutine, and not their result. Of a plain mock a future can be awaited
any number of times, a coroutine object once (observed on unittest.mock of 3.11).
"""

import ast
import re
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.awaiting.plain_functions import may_be_awaitable
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.collection.decorators import Kind
from bot.analysis.facts import Facts
from bot.analysis.mocks.mocks import method, only_assignment
from bot.analysis.mocks.patched_mocks import makes_async
from bot.analysis.names.paths_of_names import CALLED
from bot.analysis.names.values import Function
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import own_nodes, own_returns

_FUTURES = frozenset({"asyncio.Future", "asyncio.futures.Future"})
_OUTCOMES = frozenset({"set_result", "set_exception"})
# Names of attributes that may hold a future.
_FUTURE_LIKE = re.compile(r"fut|task|promise|pending|deferred", re.IGNORECASE)
_COROUTINES = frozenset({Gives.COROUTINE})


class ReturnedAwaitable(Struct, frozen=True):
    """An awaitable that a mock returns.

    Attributes:
        value: the future or the coroutine, where it is handed to the mock.
        is_future: which of both it is.
        from_async: whether the mock is an AsyncMock.
        result: what the future holds, None where that is not certain.
        statements: what made the future and set its result, where nothing else needs it.
    """

    value: ast.expr
    is_future: bool
    from_async: bool
    result: ast.expr | None = None
    statements: tuple[ast.stmt, ...] = ()


class _Site(Struct, frozen=True):
    """A value that a mock is told to return."""

    value: ast.expr
    scope: Scope
    is_async: Answer
    stands_for: Function | None
    place: ast.expr | None = None  # `fetch.return_value`, where it is assigned there


class ReturnedAwaitables:
    """Finds them in one file."""

    def __init__(self, facts: Facts, module: Module) -> None:
        self._resolver = facts.resolver
        self._decorators = facts.decorators
        self._instances = facts.instances
        self._awaitables = facts.awaitables
        self._mocks = facts.mocks
        self._module = module
        self._reader, self._patches = facts.mocks.readers(module)

    def in_function(self, definition: Definition) -> Iterator[ReturnedAwaitable]:
        """Yield those of the mocks that a function makes, patches or prepares."""
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
        if CALLED not in self._module.text_of(definition):
            return
        body = _Body(definition.node, self._module.scope_of(definition.node))
        if body.awaits_twice():
            return
        for site in self._sites(definition):
            found = self._judged(site, body)
            if found is not None:
                yield found

    # -- sites -------------------------------------------------------------------------------

    def _sites(self, definition: Definition) -> Iterator[_Site]:
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
        scope = self._module.scope_of(definition.node)
        replaced: dict[ast.expr, Function] = {}
        for patch in self._patches.patches(definition):
            target = patch.replaced if isinstance(patch.replaced, Function) else None
            if patch.new is not None and target is not None:
                replaced[patch.new] = target
            value = patch.argument(CALLED)
            if patch.new is None and value is not None and not patch.is_one_of_several:
                is_async = makes_async(patch, scope, self._reader, self._decorators)
                yield _Site(value, scope, is_async, target)
        for node in own_nodes(definition.node):
            match node:
                case ast.Assign(targets=[ast.Attribute(attr="return_value") as place]):
                    yield from self._configured(place, node.value, scope)
                case ast.Assign(targets=[ast.Attribute(value=owner, attr=name)], value=made):
                    if (function := self._method(owner, name, scope)) is not None:
                        replaced[made] = function
                case ast.Call():
                    yield from self._made(node, scope, replaced.get(node))
                case _:
                    continue

    def _configured(self, place: ast.Attribute, value: ast.expr, scope: Scope) -> Iterator[_Site]:
        made = self._mocks.at(place.value, self._module, scope)
        if made is not None:
            yield _Site(value, scope, made.is_async, made.stands_for, place)

    def _made(self, call: ast.Call, scope: Scope, stands_for: Function | None) -> Iterator[_Site]:
        found = self._reader.mock_class(call.func, scope)
        if found is not None:
            for keyword in call.keywords:
                if keyword.arg == CALLED:
                    is_async = Answer.of(found.is_async)
                    yield _Site(keyword.value, scope, is_async, stands_for)

    def _method(self, owner: ast.expr, name: str, scope: Scope) -> Function | None:
        stands_for = self._instances.class_of(owner, self._module, scope)
        return method(self._resolver, stands_for, name) if stands_for is not None else None

    # -- judgement ---------------------------------------------------------------------------

    def _judged(self, site: _Site, body: "_Body") -> ReturnedAwaitable | None:
        if site.is_async is Answer.UNKNOWN:
            return None
        from_async = site.is_async is Answer.YES
        made = self._awaitable(site.value, site.scope)
        if made is None or (isinstance(site.value, ast.Name) and body.needs(site.value.id)):
            return None
        if not self._is_future(made, site.scope):
            return ReturnedAwaitable(site.value, is_future=False, from_async=from_async)
        if not from_async or not self._gives_no_future(site.stands_for):
            return None
        result, statements = body.result_of(site)
        return ReturnedAwaitable(
            site.value, is_future=True, from_async=True, result=result, statements=statements
        )

    def _awaitable(self, node: ast.expr, scope: Scope) -> ast.expr | None:
        """Return the call that makes a future or a coroutine, where an expression is one."""
        made = only_assignment(scope, node.id) if isinstance(node, ast.Name) else node
        if made is None or not isinstance(made, ast.Call):
            return None
        if self._is_future(made, scope):
            return made
        gives = self._awaitables.given(made, self._module, scope).gives
        return made if gives in _COROUTINES else None

    def _is_future(self, node: ast.expr, scope: Scope) -> bool:
        match node:
            case ast.Call(func=ast.Attribute(attr="create_future")):
                return True
            case ast.Call(func=function):
                return self._resolver.dotted(function, self._module, scope) in _FUTURES
            case _:
                return False

    def _gives_no_future(self, function: Function | None) -> bool:
        """Whether an async function certainly gives a plain result."""
        if function is None or self._decorators.decorated(function).kind is not Kind.COROUTINE:
            return False
        if function.node.returns is not None:
            return not may_be_awaitable(function.node.returns)
        scope = function.module.scope_of(function.node)
        results = [one.value for one in own_returns(function.node.body)]
        return not any(
            self._may_be_future(one, function.module, scope) for one in results if one is not None
        )

    def _may_be_future(self, node: ast.expr, module: Module, scope: Scope) -> bool:
        match node:
            case ast.Call():
                return self._awaitables.given(node, module, scope).gives is not Gives.PLAIN
            case ast.Name(id=name):
                value = only_assignment(scope, name)
                return value is not None and self._may_be_future(value, module, scope)
            case ast.Attribute(attr=name):
                return _FUTURE_LIKE.search(name) is not None
            case _:
                return False


class _Body:
    """What a function does with awaitables under names."""

    def __init__(self, node: FunctionNode, scope: Scope) -> None:
        self._node = node
        self._scope = scope

    def awaits_twice(self) -> bool:
        """Whether what an `await` gave is awaited: then a result is meant to be an awaitable."""
        for node in own_nodes(self._node):
            if isinstance(node, ast.Await):
                awaited = node.value
                if isinstance(awaited, ast.Name):
                    awaited = only_assignment(self._scope, awaited.id) or awaited
                if isinstance(awaited, ast.Await):
                    return True
        return False

    def needs(self, name: str) -> bool:
        """Whether an awaitable is used for more than to be finished and returned by mocks."""
        uses = sum(isinstance(one, ast.Name) and one.id == name for one in ast.walk(self._node))
        return uses > 1 + self._handed(name) + len(self._finishing(ast.Name(id=name)))

    def _handed(self, name: str) -> int:
        """Return how often mocks are told to return what has a name."""
        found = 0
        for node in own_nodes(self._node):
            match node:
                case ast.keyword(arg="return_value", value=ast.Name(id=value)):
                    found += value == name
                case ast.Assign(
                    targets=[ast.Attribute(attr="return_value")], value=ast.Name(id=value)
                ):
                    found += value == name
                case _:
                    continue
        return found

    def _finishing(self, future: ast.expr) -> list[ast.Expr]:
        """Return the statements that give a future its outcome."""
        written = _written(future)
        return [
            one
            for one in own_nodes(self._node)
            if isinstance(one, ast.Expr)
            and isinstance(one.value, ast.Call)
            and isinstance(one.value.func, ast.Attribute)
            and one.value.func.attr in _OUTCOMES
            and _written(one.value.func.value) == written
        ]

    def result_of(self, site: _Site) -> tuple[ast.expr | None, tuple[ast.stmt, ...]]:
        """Return what a future holds, and the statements that nothing needs without it."""
        value = site.value
        future = value if isinstance(value, ast.Name) else site.place
        if future is None:
            return None, ()
        finishing = self._finishing(future)
        if len(finishing) != 1:
            return None, ()
        match finishing[0].value:
            case ast.Call(func=ast.Attribute(attr="set_result"), args=[result], keywords=[]):
                pass
            case _:
                return None, ()
        if not isinstance(value, ast.Name):
            return result, (finishing[0],)
        making = [one for one in own_nodes(self._node) if _assigns(one, value.id)]
        if self._handed(value.id) == 1 and len(making) == 1 and isinstance(making[0], ast.stmt):
            return result, (making[0], finishing[0])
        return result, ()


def _written(node: ast.expr) -> str:
    return ast.unparse(node)


def _assigns(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=target)]) | ast.AnnAssign(target=ast.Name(id=target)):
            return target == name
        case _:
            return False
