"""What the decorators of a function make of it: still a coroutine function, or something else.

`inspect.iscoroutinefunction` of the decorated object decides in pytest and in its plugins; a
plain wrapper loses it even with `functools.wraps`. Decorators of the repository are read, known
ones stand in `third_party`, all others are unknown.
"""

import ast
from collections.abc import Callable, Sequence
from enum import Enum

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.collection.marks import (
    NONE,
    UNKNOWN_MARKS,
    MarkReader,
    Marks,
    joined,
)
from bot.analysis.collection.third_party import (
    DECORATORS,
    MANAGER_BASES,
    MANAGER_FACTORIES,
    MANAGING_DECORATORS,
    Effect,
)
from bot.analysis.collection.wrappers import (
    callee_of,
    changes,
    first_parameter,
    is_identity,
    redirects,
    returned,
    untaken,
    wrapper_effect,
)
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import (
    UNKNOWN,
    Class,
    Expression,
    External,
    Function,
    Value,
    own_name,
)
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import yields

_MAX_DEPTH = 8
DESCRIPTORS = frozenset({"builtins.staticmethod", "builtins.classmethod"})
_PARTIAL = External("functools.partial")
# By these contextlib.ContextDecorator and AsyncContextDecorator wrap.
_CALLING = frozenset({"__call__", "_recreate_cm"})
# They give back their second argument.
_CASTS = frozenset({"typing.cast", "typing_extensions.cast"})


class Kind(Enum):
    """What calling the finished function gives."""

    SYNC = "sync"
    COROUTINE = "coroutine"
    ASYNC_GENERATOR = "async generator"
    LOST = "lost"  # a coroutine, but the function does not look like it
    RUN = "run"  # the coroutine was run inside
    HIDDEN = "hidden"  # not a function: not collected
    FIXTURE = "fixture"
    UNKNOWN = "unknown"


class Application(Struct, frozen=True):
    """What one decorator does: its effect, the marks it adds, whether those below survive.

    `name` says which decorator it is, for messages. `manages` says that it is a context manager,
    which could be entered instead; `called_bare`, that it is one once it is called; `decides`,
    that it looks whether it is given a coroutine function; `wraps`, that it leads by `__wrapped__`
    to the function below, so that pytest reads the parameters of that one.
    """

    effect: Effect
    marks: Marks = NONE
    carries_marks: bool = True
    name: str = ""
    manages: bool = False
    called_bare: bool = False
    decides: bool = False
    wraps: bool = False


class Decorated(Struct, frozen=True):
    """A function with all its decorators applied.

    `cause` names the one that lost it; `descriptor` is what made no plain function of it any more
    (`builtins.staticmethod`), and `above` are the marks that were put on that.
    """

    kind: Kind
    marks: Marks = NONE
    cause: str = ""
    descriptor: str = ""
    above: Marks = NONE


_UNKNOWN = Application(Effect.UNKNOWN, UNKNOWN_MARKS)


class Decorators:
    """Applies decorators, following those of the repository."""

    def __init__(self, resolver: Resolver, marks: MarkReader) -> None:
        self._resolver = resolver
        self._marks = marks

    def decorated(self, function: Function) -> Decorated:
        """Return what a function is with all its decorators applied."""
        return self._resolver.project.remember(
            ("decorated", function),
            lambda: self._apply_all(function, 0),
            cyclic=Decorated(Kind.UNKNOWN, UNKNOWN_MARKS),
        )

    def applications(self, function: Function) -> list[Application]:
        """Return what each decorator does, from the innermost to the outermost."""
        module, scope = function.module, function.definition.scope
        return [
            self.application(node, module, scope)
            for node in reversed(function.node.decorator_list)
        ]

    def application(self, node: ast.expr, module: Module, scope: Scope) -> Application:
        """Return what the decorator written as `node` does."""
        return self._application(node, module, scope, 0)

    def _apply_all(self, function: Function, depth: int) -> Decorated:
        current = Decorated(_plain_kind(function.node))
        module, scope = function.module, function.definition.scope
        for node in reversed(function.node.decorator_list):
            applied = self._application(node, module, scope, depth)
            current = _after(current, applied)
            if applied.name == "functools.wraps":
                # It takes over whatever the other function bears, marks among it.
                current = replace(current, marks=current.marks | UNKNOWN_MARKS)
        return current

    def _application(
        self, node: ast.expr, module: Module, scope: Scope, depth: int
    ) -> Application:
        values = self._resolver.values(node, module, scope)
        found = dict.fromkeys(self._of_value(value, module, scope, depth) for value in values)
        return _agreed([*found]) if found else _UNKNOWN

    def _of_value(self, value: Value, module: Module, scope: Scope, depth: int) -> Application:
        if depth > _MAX_DEPTH:
            return _UNKNOWN
        if (marks := self._marks.of_value(value, module, scope)) is not None:
            return Application(Effect.KEEPS, marks)
        match value:
            case External(dotted=dotted):
                return _of_external(dotted)
            case Function() if (name := own_name(value)) in DECORATORS:
                return _of_external(name)
            case Function():
                return self._of_decorator(value, value.node, depth)
            case Expression(node=ast.Call() as call):
                return self._of_call(call, value.module, value.scope, depth)
            case Expression(node=ast.Lambda() as node):
                return _identity() if is_identity(node) else _UNKNOWN
            case _:
                return _UNKNOWN

    def _of_call(self, call: ast.Call, module: Module, scope: Scope, depth: int) -> Application:
        """A decorator with arguments: what is called makes the decorator."""
        callee = self._resolver.value(call.func, module, scope)
        if callee == _PARTIAL and call.args:
            return self._application(call.args[0], module, scope, depth + 1)
        if isinstance(callee, Expression) and isinstance(callee.node, ast.Call):
            callee = self._prepared(callee.node, callee.module, callee.scope)
        match callee:
            case External(dotted=dotted):
                return _of_external(dotted)
            case Function() if (name := own_name(callee)) in DECORATORS:
                return _of_external(name)
            case Class() if (name := own_name(callee)) in DECORATORS:
                return _of_external(name)
            case Function():
                return self._of_factory(callee, depth)
            case Class():
                return self._of_instance(callee)
            case _:
                return _UNKNOWN

    def _prepared(self, call: ast.Call, module: Module, scope: Scope) -> Value:
        """Return what `functools.partial` calls, where that is what is called."""
        if self._resolver.value(call.func, module, scope) != _PARTIAL or not call.args:
            return UNKNOWN
        return self._resolver.value(call.args[0], module, scope)

    def _of_factory(self, factory: Function, depth: int) -> Application:
        """`@factory(...)`: a context manager, or a function that returns a decorator."""
        if len(factory.node.decorator_list) == 1:
            node, scope = factory.node.decorator_list[0], factory.definition.scope
            dotted = self._resolver.dotted(node, factory.module, scope) or ""
            if effect := MANAGER_FACTORIES.get(dotted):
                return _managing(effect, factory.definition.name)
        if factory.node.decorator_list or isinstance(factory.node, ast.AsyncFunctionDef):
            return _UNKNOWN
        scope = factory.module.scope_of(factory.node)
        found = dict.fromkeys(
            self._application(node, factory.module, scope, depth + 1)
            for node in returned(factory.node)
        )
        return _agreed([*found]) if found else _UNKNOWN

    def _of_instance(self, value: Class) -> Application:
        """`@Manager()`: contextlib's classes wrap, unless a class before them has its own way."""
        for ancestor in self._resolver.mro(value):
            match ancestor:
                case External(dotted=dotted) if effect := MANAGER_BASES.get(dotted):
                    return _managing(effect, value.definition.name)
                case Class() if not _CALLING & ancestor.scope.bindings.keys():
                    continue
                case External(dotted="abc.ABC" | "typing.Generic" | "typing.Protocol"):
                    continue
                case _:
                    return _UNKNOWN
        return _UNKNOWN

    # -- decorators of the repository ------------------------------------------------------

    def _of_decorator(self, function: Function, node: FunctionNode, depth: int) -> Application:
        """`@function`: what its return statements give for the function it is handed."""
        if node.decorator_list or isinstance(node, ast.AsyncFunctionDef) or yields(node):
            return _UNKNOWN
        parameter = first_parameter(node)
        if parameter is None:
            return _UNKNOWN
        scope = function.module.scope_of(node)
        if len(scope.bindings.get(parameter, ())) != 1 or changes(node, parameter):
            return _UNKNOWN
        found = {
            self._of_return(value, parameter, function.module, scope, depth + 1)
            for value in returned(node, parameter)
        }
        if len(found) != 1:
            return _UNKNOWN
        # Whatever manager it uses inside, it is not one that could be entered instead.
        return replace(found.pop(), manages=False, called_bare=False)

    def _of_return(
        self, value: ast.expr, parameter: str, module: Module, scope: Scope, depth: int
    ) -> Application:
        match value:
            case ast.Name(id=name) if name == parameter:
                return _identity()
            case ast.Call(func=cast, args=[_, inner]) if (
                self._resolver.dotted(cast, module, scope) in _CASTS
            ):
                return self._of_return(inner, parameter, module, scope, depth)
            case ast.Call(args=[ast.Name(id=name), *_]) if name == parameter:
                return self._application(value.func, module, scope, depth)
            case ast.Call(func=ast.Call(func=wraps), args=[wrapper]) if (
                self._resolver.dotted(wraps, module, scope) == "functools.wraps"
            ):
                return self._of_wrapper(wrapper, parameter, module, scope, carries=True)
            case ast.Call(func=update, args=[wrapper, *_]) if (
                self._resolver.dotted(update, module, scope) == "functools.update_wrapper"
            ):
                return self._of_wrapper(wrapper, parameter, module, scope, carries=True)
            case ast.Call(args=[ast.Call() | ast.Name() as inner], keywords=[]):
                first = self._of_return(inner, parameter, module, scope, depth)
                return _one_after(first, self._application(value.func, module, scope, depth))
            case _:
                return self._of_wrapper(value, parameter, module, scope, carries=False)

    def _of_wrapper(
        self, node: ast.expr, parameter: str, module: Module, scope: Scope, *, carries: bool
    ) -> Application:
        wrapper = self._wrapper(node, parameter, module, scope)
        if not isinstance(wrapper, Function):
            return _UNKNOWN
        if wrapper.definition.outer is None or wrapper.definition.outer.node is not scope.node:
            return _UNKNOWN
        marks = self._wrapper_marks(wrapper)
        carries = carries or self._wraps(wrapper)
        effect = wrapper_effect(wrapper.node, parameter)
        if marks is None:
            return _UNKNOWN
        assert isinstance(scope.node, FunctionNode)  # noqa: S101 - the scope of a decorator
        decides = any(True for _ in untaken(scope.node.body, parameter))
        name, wraps = scope_name(scope), carries and not redirects(scope.node)
        return Application(effect, marks, carries, name, decides=decides, wraps=wraps)

    def _wrapper(self, node: ast.expr, parameter: str, module: Module, scope: Scope) -> Value:
        """Return the wrapper that is returned, on the branch that coroutine functions take."""
        values = self._resolver.values(node, module, scope)
        assert isinstance(scope.node, FunctionNode)  # noqa: S101 - the scope of a decorator
        elsewhere = set(untaken(scope.node.body, parameter))
        taken = [
            one for one in values if not (isinstance(one, Function) and one.node in elsewhere)
        ]
        return taken[0] if len(taken) == 1 else UNKNOWN

    def _wrapper_marks(self, wrapper: Function) -> Marks | None:
        """Return the marks on a wrapper; None if a decorator on it may change what it is."""
        marks = NONE
        for applied in self.applications(wrapper):
            if applied.effect is not Effect.KEEPS:
                return None
            marks |= applied.marks
        return marks

    def _wraps(self, wrapper: Function) -> bool:
        names = (
            self._resolver.dotted(callee_of(node), wrapper.module, wrapper.definition.scope)
            for node in wrapper.node.decorator_list
        )
        return "functools.wraps" in names


def _one_after(first: Application, second: Application) -> Application:
    """Return what two decorators do in turn, where only one of them does more than to mark."""
    doing = [one for one in (first, second) if one.name or one.effect is not Effect.KEEPS]
    if len(doing) > 1:
        return _UNKNOWN
    below = first.marks if second.carries_marks else NONE
    return replace(doing[0] if doing else first, marks=below | second.marks)


def _agreed(found: Sequence[Application]) -> Application:
    """Return what the decorators do that one may be any of: marks of the same names."""
    if len(found) == 1:
        return found[0]
    names = {tuple(mark.name for mark in one.marks.marks) for one in found}
    if len(names) > 1 or any(
        one.effect is not Effect.KEEPS or one.marks.unknown or not one.marks.marks for one in found
    ):
        return _UNKNOWN
    return Application(Effect.KEEPS, joined(one.marks for one in found))


def is_fixture(decorated: Decorated) -> bool:
    """Whether the function is a pytest fixture, whatever its name."""
    return decorated.kind is Kind.FIXTURE


def scope_name(scope: Scope) -> str:
    """Return the name of the function or class that a scope belongs to."""
    return "" if isinstance(scope.node, ast.Module) else scope.node.name


def _plain_kind(node: FunctionNode) -> Kind:
    if isinstance(node, ast.FunctionDef):
        return Kind.SYNC
    return Kind.ASYNC_GENERATOR if yields(node) else Kind.COROUTINE


def _after(current: Decorated, applied: Application) -> Decorated:
    """Return what a function is after one more decorator.

    One that does more than to mark may not expect a `staticmethod` or `classmethod`: what it makes
    of that is a method again, which loses its first parameter and, by version, its marks.
    """
    if current.descriptor and (applied.name or applied.effect is not Effect.KEEPS):
        return Decorated(Kind.UNKNOWN, UNKNOWN_MARKS)
    below = current.marks if applied.carries_marks else NONE
    marks = below | applied.marks
    kind = _KINDS.get(applied.effect, _same)(current.kind)
    if applied.decides and current.kind is Kind.LOST:
        kind = Kind.UNKNOWN  # it takes another branch than the one that was followed
    cause = current.cause if kind is current.kind else applied.name
    above = current.above | applied.marks if current.descriptor else NONE
    descriptor = applied.name if applied.name in DESCRIPTORS else current.descriptor
    return Decorated(kind, marks, cause, descriptor, above)


def _same(kind: Kind) -> Kind:
    return kind


def _lost(kind: Kind) -> Kind:
    return Kind.LOST if kind in {Kind.COROUTINE, Kind.ASYNC_GENERATOR, Kind.LOST} else kind


def _always(kind: Kind) -> Callable[[Kind], Kind]:
    return lambda _: kind


def _run(kind: Kind) -> Kind:
    return Kind.RUN if kind in {Kind.COROUTINE, Kind.LOST} else Kind.UNKNOWN


def _wrapped(kind: Kind) -> Kind:
    return Kind.COROUTINE if kind in {Kind.COROUTINE, Kind.LOST} else Kind.UNKNOWN


_KINDS: dict[Effect, Callable[[Kind], Kind]] = {
    Effect.ASYNC: _wrapped,
    Effect.LOSES: _lost,
    Effect.RUNS: _run,
    Effect.HIDES: _always(Kind.HIDDEN),
    Effect.FIXTURE: _always(Kind.FIXTURE),
    Effect.UNKNOWN: _always(Kind.UNKNOWN),
}


def _of_external(dotted: str) -> Application:
    effect = DECORATORS.get(dotted, Effect.UNKNOWN)
    marks = UNKNOWN_MARKS if effect is Effect.UNKNOWN else NONE
    manages = dotted in MANAGING_DECORATORS
    return Application(effect, marks, name=dotted, manages=manages, called_bare=manages)


def _managing(effect: Effect, name: str) -> Application:
    """A context manager of contextlib as a decorator: it uses `functools.wraps` (its source)."""
    return Application(effect, name=name, manages=True, wraps=True)


def _identity() -> Application:
    return Application(Effect.KEEPS)
