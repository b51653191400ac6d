"""What code of the repository does with what a test hands it: which paths of it are awaited."""

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.analysis.collection.third_party import DATACLASS_DECORATORS
from bot.analysis.mocks.mocks import method, settings
from bot.analysis.names.paths_of_names import (
    AwaitedCall,
    Path,
    awaited_calls,
    awaited_in,
    path_of,
)
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import own_nodes, own_nodes_of

_MAX_DEPTH = 3
_ASKING = frozenset({"isawaitable", "iscoroutine", "iscoroutinefunction", "isfuture"})


class AwaitedPath(Struct, frozen=True):
    """A path of an argument that is called and awaited, and where."""

    segments: tuple[str, ...]
    certain: bool
    where: str


class Targets:
    """Follows arguments into functions, constructors and methods."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def awaited(self, function: Function, parameter: str, depth: int = 0) -> list[AwaitedPath]:
        """Return the paths of a parameter that a function awaits, also by way of others."""
        return self._resolver.project.remember(
            ("awaited", function, parameter),
            lambda: list(self._compute(function, parameter, depth)),
            cyclic=[],
        )

    def _compute(self, function: Function, parameter: str, depth: int) -> Iterator[AwaitedPath]:
        scope = function.module.scope_of(function.node)
        if len(scope.bindings.get(parameter, ())) != 1 or _asks(function.node):
            return
        plain = _called_plainly(function.node)
        for awaited in awaited_calls(function.node):
            if awaited.path.root == parameter and awaited.path not in plain:
                yield _awaited_path(awaited, awaited.path.segments, function)
        if depth < _MAX_DEPTH:
            yield from self._handed_on(function, parameter, depth)

    def _handed_on(self, function: Function, parameter: str, depth: int) -> Iterator[AwaitedPath]:
        """Yield what other functions await that this one hands its parameter to.

        Whether that call is reached is not looked into, so nothing here is certain.
        """
        scope = function.module.scope_of(function.node)
        for call in _calls(function.node):
            callee = self._resolver.value(call.func, function.module, scope)
            if isinstance(callee, Function):
                bound = self._resolver.fills_first(callee, call.func, function.module, scope)
                for name in names_handed(call, parameter, callee, bound=bound):
                    for path in self.awaited(callee, name, depth + 1):
                        yield AwaitedPath(path.segments, certain=False, where=path.where)

    # -- constructors --------------------------------------------------------------------------

    def attribute_of(self, owner: Class, position: int, keyword: str | None) -> str | None:
        """Return the attribute in which a constructor keeps an argument."""
        constructor = method(self._resolver, owner, "__init__")
        if constructor is None:
            return self._field(owner, position, keyword)
        name = parameter_at(constructor.node, position, keyword, bound=True)
        for setting in settings(constructor.node):
            if isinstance(setting.value, ast.Name) and setting.value.id == name:
                if setting.path.root == "self" and len(setting.path.segments) == 1:
                    return setting.path.segments[0]
        return None

    def _field(self, owner: Class, position: int, keyword: str | None) -> str | None:
        """Dataclasses keep arguments under their fields' names, in order."""
        scope = owner.definition.scope
        decorators = [
            self._resolver.value(_callee(one), owner.module, scope)
            for one in owner.node.decorator_list
        ]
        if not any(
            isinstance(d, External) and d.dotted in DATACLASS_DECORATORS for d in decorators
        ):
            return None
        fields = [
            one.target.id
            for one in owner.node.body
            if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)
        ]
        if keyword is not None:
            return keyword if keyword in fields else None
        return fields[position] if position < len(fields) else None

    def awaited_by_method(
        self, owner: Class, name: str, attribute: str, depth: int = 0
    ) -> Iterator[AwaitedPath]:
        """Yield the paths of `self.attribute` that a method awaits, also in methods it calls."""
        function = method(self._resolver, owner, name)
        if function is None or depth > _MAX_DEPTH or _asks(function.node):
            return
        plain = _called_plainly(function.node)
        for call in awaited_calls(function.node):
            if call.path.root != "self" or not call.path.segments or call.path in plain:
                continue
            first, *rest = call.path.segments
            if first == attribute:
                yield _awaited_path(call, tuple(rest), function)
            elif not rest:
                for path in self.awaited_by_method(owner, first, attribute, depth + 1):
                    yield AwaitedPath(path.segments, path.certain and call.certain, path.where)


def names_handed(
    call: ast.Call, handed: str | ast.expr, callee: Function, *, bound: bool
) -> Iterator[str]:
    """Yield the parameters of a callee that get a plain name, or this very expression.

    `bound` says that the call fills the first one itself.
    """
    for position, keyword in places_of(call, handed):
        found = parameter_at(callee.node, position, keyword, bound=bound)
        if found is not None:
            yield found


def places_of(call: ast.Call, handed: str | ast.expr) -> Iterator[tuple[int, str | None]]:
    """Yield where a call hands something on: its position, or its keyword."""
    for position, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            return
        if _is_handed(argument, handed):
            yield position, None
    for keyword in call.keywords:
        if keyword.arg and _is_handed(keyword.value, handed):
            yield -1, keyword.arg


def _is_handed(argument: ast.expr, handed: str | ast.expr) -> bool:
    if isinstance(handed, str):
        return isinstance(argument, ast.Name) and argument.id == handed
    return argument is handed


def parameter_at(
    node: FunctionNode, position: int, keyword: str | None, *, bound: bool
) -> str | None:
    """Return the name of a parameter; `bound` leaves out the first (`self`)."""
    positional = [one.arg for one in (*node.args.posonlyargs, *node.args.args)][int(bound) :]
    if keyword is None:
        return positional[position] if position < len(positional) else None
    every = {*positional, *(one.arg for one in node.args.kwonlyargs)}
    return keyword if keyword in every else None


def _awaited_path(call: AwaitedCall, segments: tuple[str, ...], function: Function) -> AwaitedPath:
    where = f"`{function.definition.qualname}` ({function.module.path})"
    return AwaitedPath(segments, call.certain, where)


def _calls(node: FunctionNode) -> Sequence[ast.Call]:
    return own_nodes_of(node, ast.Call)


def _asks(node: FunctionNode) -> bool:
    """Whether a function looks at what it got before it awaits it."""
    return any(
        isinstance(one, ast.Attribute | ast.Name) and _last(one) in _ASKING
        for one in own_nodes(node)
    )


def _called_plainly(node: FunctionNode) -> frozenset[Path]:
    """Return what a function calls without awaiting it: it takes sync ones as well."""
    awaited = {call for one in own_nodes_of(node, ast.Await) for call in awaited_in(one)}
    paths = (path_of(one.func) for one in _calls(node) if one not in awaited)
    return frozenset(one for one in paths if one is not None)


def _last(node: ast.Attribute | ast.Name) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node
