"""Whether a function wants a result where it is handed a value: no coroutine will do for it.

It says so by the annotation of its parameter, or by what it does with it first of all.
"""

import ast
from collections.abc import Callable

from bot.analysis.awaiting.awaitables import Awaitables
from bot.analysis.awaiting.call_results import Body
from bot.analysis.awaiting.instances import Instances
from bot.analysis.awaiting.third_party_calls import PLAIN_TYPES, Gives
from bot.analysis.names.annotations import alternatives
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Scope


class HandedOn:
    """Answers for arguments of calls. `body` gives the code of a function."""

    def __init__(
        self,
        resolver: Resolver,
        instances: Instances,
        awaitables: Awaitables,
        body: Callable[[Function], Body],
    ) -> None:
        self._resolver = resolver
        self._instances = instances
        self._awaitables = awaitables
        self._body = body

    def wants_result(
        self, call: ast.Call, argument: ast.expr, module: Module, scope: Scope
    ) -> bool:
        """Whether what is called certainly wants no coroutine for one of its arguments."""
        called = self._instances.callee(call.func, module, scope)
        if not isinstance(called, Function) or called.node.decorator_list:
            return False
        bound = self._resolver.fills_first(called, call.func, module, scope)
        parameter = _parameter(call, argument, called, bound=bound)
        if parameter is None:
            return False
        if parameter.annotation is not None:
            return self._is_plain(parameter.annotation, called)
        return self._body(called).uses_at_once(parameter.arg)

    def _is_plain(self, annotation: ast.expr, function: Function) -> bool:
        """Whether an annotation names nothing that could be awaited."""
        named = alternatives(annotation)
        return bool(named) and all(self._is_plain_class(one, function) for one in named)

    def _is_plain_class(self, node: ast.expr, function: Function) -> bool:
        match self._resolver.value(node, function.module, function.definition.scope):
            case External(dotted=dotted):
                return dotted in PLAIN_TYPES
            case Class() as found:
                return self._awaitables.of_class(found).gives is Gives.PLAIN
            case _:
                return False


def _parameter(
    call: ast.Call, argument: ast.expr, function: Function, *, bound: bool
) -> ast.arg | None:
    """Return the parameter that takes an argument."""
    arguments = function.node.args
    for keyword in call.keywords:
        if keyword.value is argument:
            named = (*arguments.args, *arguments.kwonlyargs)
            return next((one for one in named if one.arg == keyword.arg), None)
    positional = [*arguments.posonlyargs, *arguments.args][int(bound) :]
    for position, one in enumerate(call.args):
        if isinstance(one, ast.Starred):
            return None
        if one is argument:
            return positional[position] if position < len(positional) else None
    return None
