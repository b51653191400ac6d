"""Sync functions that certainly give a plain result: nobody awaits what they return."""

import ast
import re
from collections.abc import Iterator

from bot.analysis.awaiting.awaitables import Awaitables
from bot.analysis.awaiting.third_party_calls import Gives
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.collection.wrappers import returned
from bot.analysis.names.values import Function
from bot.analysis.source.scopes import Defined, FunctionNode
from bot.analysis.source.walking import own_returns

# What an annotation says that leaves room for an awaitable.
_VAGUE = re.compile(
    r"Future|Task|Awaitable|Coroutine|Deferred|Any\b|object\b|Callable|\bT\b|\b_?T_?[A-Z]\w*\b"
)


def may_be_awaitable(annotation: ast.expr) -> bool:
    """Whether something annotated like that may be a future, or anything at all."""
    return _VAGUE.search(ast.unparse(annotation)) is not None


def gives_plain_value(function: Function, decorators: Decorators, awaitables: Awaitables) -> bool:
    """Whether a sync function certainly returns something that nobody can await.

    A body that says nothing (`...`, `raise NotImplementedError`) may be filled by an async one.
    """
    if decorators.decorated(function).kind is not Kind.SYNC or _is_empty(function.node):
        return False
    if any(map(may_be_awaitable, _annotations(function))):
        return False
    scope = function.module.scope_of(function.node)
    if not any(one.value is not None for one in own_returns(function.node.body)):
        return True
    results = returned(function.node)
    found = {awaitables.given(one, function.module, scope).gives for one in results}
    if function.node.returns is not None:
        return found <= {Gives.PLAIN, Gives.UNKNOWN}
    return found == {Gives.PLAIN}


def _annotations(function: Function) -> Iterator[ast.expr]:
    """Yield what a function, and each `@overload` of it, is said to return."""
    for one in function.definition.scope.bindings.get(function.definition.name, ()):
        match one.meaning:
            case Defined(node=ast.FunctionDef(returns=ast.expr() as said)):
                yield said
            case _:
                continue


def _is_empty(node: FunctionNode) -> bool:
    """Whether a body does nothing that a subclass would not do for it."""
    for statement in node.body:
        match statement:
            case ast.Pass() | ast.Raise() | ast.Expr(value=ast.Constant()):
                continue
            case _:
                return False
    return True
