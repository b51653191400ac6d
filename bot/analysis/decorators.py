"""What the decorators of a function make of it: still a coroutine function, or something else.

`inspect.iscoroutinefunction` of the decorated object decides in pytest and in its plugins; a
plain wrapper loses it even with `functools.wraps`. Decorators of the repository are read, known
ones stand in `third_party`, all others are unknown.
"""

import ast
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from enum import Enum

from bot.analysis.marks import NONE, UNKNOWN_MARKS, Mark, MarkReader, Marks
from bot.analysis.module import Module
from bot.analysis.resolver import Resolver
from bot.analysis.scopes import FunctionNode, Scope
from bot.analysis.third_party import (
    DECORATORS,
    MANAGER_BASES,
    MANAGER_FACTORIES,
    RUNNERS,
    Effect,
)
from bot.analysis.values import UNKNOWN, Class, Expression, External, Function, Value
from bot.analysis.walking import own_nodes, own_returns, yields

_MAX_DEPTH = 8


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


@dataclass(frozen=True, slots=True)
class Application:
    """What one decorator does: its effect, the marks it adds, whether those below survive.

    `name` says which decorator it is, for messages.
    """

    effect: Effect
    marks: Marks = NONE
    carries_marks: bool = True
    name: str = ""


@dataclass(frozen=True, slots=True)
class Decorated:
    """A function with all its decorators applied. `cause` names the one that lost it."""

    kind: Kind
    marks: Marks = NONE
    cause: str = ""


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
        return current

    def _application(
        self, node: ast.expr, module: Module, scope: Scope, depth: int
    ) -> Application:
        values = self._resolver.values(node, module, scope)
        found = {self._of_value(value, module, scope, depth) for value in values}
        return found.pop() if len(found) == 1 else _UNKNOWN

    def _of_value(self, value: Value, module: Module, scope: Scope, depth: int) -> Application:
        if depth > _MAX_DEPTH:
            return _UNKNOWN
        if (marks := self._marks.of_value(value, module, scope)) is not None:
            return Application(Effect.KEEPS, marks)
        match value:
            case External(dotted=dotted):
                return Application(_known(dotted), _marks_of(_known(dotted)), name=dotted)
            case Function():
                return self._of_decorator(value, value.node, depth)
            case Expression(node=ast.Call() as call):
                return self._of_call(call, value.module, value.scope, depth)
            case Expression(node=ast.Lambda() as node):
                return _identity() if _is_identity(node) else _UNKNOWN
            case _:
                return _UNKNOWN

    def _of_call(self, call: ast.Call, module: Module, scope: Scope, depth: int) -> Application:
        """A decorator with arguments: what is called makes the decorator."""
        callee = self._resolver.value(call.func, module, scope)
        match callee:
            case External(dotted="functools.partial") if call.args:
                return self._application(call.args[0], module, scope, depth + 1)
            case External(dotted=dotted):
                return Application(_known(dotted), _marks_of(_known(dotted)), name=dotted)
            case Function():
                return self._of_factory(callee, depth)
            case Class():
                return self._of_instance(callee)
            case _:
                return _UNKNOWN

    def _of_factory(self, factory: Function, depth: int) -> Application:
        """`@factory(...)`: a context manager, or a function that returns a decorator."""
        for node in factory.node.decorator_list:
            scope = factory.definition.scope
            dotted = self._resolver.dotted(node, factory.module, scope) or ""
            if effect := MANAGER_FACTORIES.get(dotted):
                return Application(effect, NONE, name=factory.definition.name)
        if factory.node.decorator_list or isinstance(factory.node, ast.AsyncFunctionDef):
            return _UNKNOWN
        scope = factory.module.scope_of(factory.node)
        found = {
            self._application(node, factory.module, scope, depth + 1)
            for node in _returned(factory.node)
        }
        return found.pop() if len(found) == 1 else _UNKNOWN

    def _of_instance(self, value: Class) -> Application:
        for ancestor in self._resolver.mro(value):
            if isinstance(ancestor, External) and ancestor.dotted in MANAGER_BASES:
                effect = MANAGER_BASES[ancestor.dotted]
                return Application(effect, NONE, name=value.definition.name)
        return _UNKNOWN

    # -- decorators of the repository ------------------------------------------------------

    def _of_decorator(self, function: Function, node: FunctionNode, depth: int) -> Application:
        """`@function`: what its return statements give for the function it is handed."""
        if node.decorator_list or isinstance(node, ast.AsyncFunctionDef) or yields(node):
            return _UNKNOWN
        parameter = _first_parameter(node)
        if parameter is None:
            return _UNKNOWN
        scope = function.module.scope_of(node)
        if len(scope.bindings.get(parameter, ())) != 1 or _changes(node, parameter):
            return _UNKNOWN
        found = {
            self._of_return(value, parameter, function.module, scope, depth + 1)
            for value in _returned(node, parameter)
        }
        return found.pop() if len(found) == 1 else _UNKNOWN

    def _of_return(
        self, value: ast.expr, parameter: str, module: Module, scope: Scope, depth: int
    ) -> Application:
        match value:
            case ast.Name(id=name) if name == parameter:
                return _identity()
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
        effect = _wrapper_effect(wrapper.node, parameter)
        if marks is None:
            return _UNKNOWN
        return Application(effect, marks, carries, scope_name(scope))

    def _wrapper(self, node: ast.expr, parameter: str, module: Module, scope: Scope) -> Value:
        """Return the wrapper that is returned, on the branch that coroutine functions take."""
        values = self._resolver.values(node, module, scope)
        assert isinstance(scope.node, FunctionNode)  # noqa: S101 - the scope of a decorator
        untaken = set(_untaken(scope.node.body, parameter))
        taken = [one for one in values if not (isinstance(one, Function) and one.node in untaken)]
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
            self._resolver.dotted(_callee(node), wrapper.module, wrapper.definition.scope)
            for node in wrapper.node.decorator_list
        )
        return "functools.wraps" in names


def is_fixture(decorated: Decorated) -> bool:
    """Whether the function is a pytest fixture, whatever its name."""
    return decorated.kind is Kind.FIXTURE


def partly_marked(mark: Mark, name: str) -> bool:
    """Whether `parametrize` puts the mark `name` on some of its parameters."""
    if mark.name != "parametrize" or mark.call is None:
        return False
    return any(
        isinstance(node, ast.keyword) and node.arg == "marks" and _may_be(node.value, name)
        for node in ast.walk(mark.call)
    )


def scope_name(scope: Scope) -> str:
    """Return the name of the function or class that a scope belongs to."""
    return "" if isinstance(scope.node, ast.Module) else scope.node.name


def _may_be(node: ast.expr, name: str) -> bool:
    """Whether an expression is the mark `name`, a list with it, or a name for who knows what."""
    match node:
        case ast.Attribute(attr=attribute):
            return attribute == name
        case ast.Call(func=function):
            return _may_be(function, name)
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return any(_may_be(one, name) for one in elements)
        case _:
            return True


def _plain_kind(node: FunctionNode) -> Kind:
    if isinstance(node, ast.FunctionDef):
        return Kind.SYNC
    return Kind.ASYNC_GENERATOR if yields(node) else Kind.COROUTINE


def _after(current: Decorated, applied: Application) -> Decorated:
    """Return what a function is after one more decorator."""
    below = current.marks if applied.carries_marks else NONE
    marks = below | applied.marks
    kind = _KINDS.get(applied.effect, _same)(current.kind)
    cause = current.cause if kind is current.kind else applied.name
    return Decorated(kind, marks, cause)


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


def _known(dotted: str) -> Effect:
    return DECORATORS.get(dotted, Effect.UNKNOWN)


def _marks_of(effect: Effect) -> Marks:
    return UNKNOWN_MARKS if effect is Effect.UNKNOWN else NONE


def _identity() -> Application:
    return Application(Effect.KEEPS)


def _is_identity(node: ast.Lambda) -> bool:
    return (
        len(node.args.args) == 1
        and isinstance(node.body, ast.Name)
        and node.body.id == node.args.args[0].arg
    )


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _first_parameter(node: FunctionNode) -> str | None:
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return names[0] if names else None


_Returned = Generator[ast.expr, None, bool]  # and whether the block ends in all cases


def _returned(node: FunctionNode, parameter: str = "") -> Iterator[ast.expr]:
    """Yield what is returned for a coroutine function; a fall through the end yields None."""
    ended = yield from _returned_by(node.body, parameter)
    if not ended:
        yield ast.Constant(value=None)


def _returned_by(body: list[ast.stmt], parameter: str) -> _Returned:
    for statement in body:
        match statement:
            case ast.Return(value=value):
                yield value or ast.Constant(value=None)
                return True
            case ast.Raise():
                return True
            case ast.If():
                ended = yield from _returned_by_if(statement, parameter)
                if ended:
                    return True
            case _:
                for found in own_returns([statement]):
                    yield found.value or ast.Constant(value=None)
    return False


def _returned_by_if(statement: ast.If, parameter: str) -> _Returned:
    """Only the branch that a coroutine function takes, where the condition asks for that."""
    match _asks_for_coroutine(statement.test, parameter):
        case True:
            return (yield from _returned_by(statement.body, parameter))
        case False:
            return (yield from _returned_by(statement.orelse, parameter))
        case _:
            first = yield from _returned_by(statement.body, parameter)
            second = yield from _returned_by(statement.orelse, parameter)
            return first and second


def _untaken(body: list[ast.stmt], parameter: str) -> Iterator[ast.stmt]:
    """Yield the statements of the branches that a coroutine function does not take."""
    for statement in body:
        if isinstance(statement, ast.If):
            match _asks_for_coroutine(statement.test, parameter):
                case True:
                    yield from statement.orelse
                case False:
                    yield from statement.body
                case _:
                    continue


def _changes(node: FunctionNode, parameter: str) -> bool:
    """Whether a decorator sets what pytest reads off the function (`__test__`, marks)."""
    for one in own_nodes(node):
        match one:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()):
                if name == parameter and attribute in {"__test__", "pytestmark"}:
                    return True
            case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=name), *_]):
                if name == parameter:
                    return True
            case _:
                continue
    return False


def _asks_for_coroutine(test: ast.expr, parameter: str) -> bool | None:
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _asks_for_coroutine(operand, parameter)
            return None if inner is None else not inner
        case ast.Call(
            func=ast.Attribute(attr="iscoroutinefunction") | ast.Name(id="iscoroutinefunction"),
            args=[ast.Name(id=name)],
        ):
            return True if name == parameter else None
        case _:
            return None


def _wrapper_effect(node: FunctionNode, parameter: str) -> Effect:
    """Return what a wrapper inside a decorator does with the coroutine function it got."""
    if yields(node) or "markcoroutinefunction" in ast.dump(node):
        return Effect.UNKNOWN
    if isinstance(node, ast.AsyncFunctionDef):
        return Effect.ASYNC
    calls = [one for one in ast.walk(node) if isinstance(one, ast.Call)]
    handed_on = [call for call in calls if _calls_parameter(call, parameter)]
    if not handed_on:
        return Effect.UNKNOWN
    if any(_runner(call) in RUNNERS for call in calls):
        return Effect.RUNS
    if all(_is_returned(call, node) for call in handed_on):
        return Effect.LOSES
    return Effect.UNKNOWN


def _calls_parameter(call: ast.Call, parameter: str) -> bool:
    return isinstance(call.func, ast.Name) and call.func.id == parameter


def _runner(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _is_returned(call: ast.Call, node: FunctionNode) -> bool:
    """Whether a call's value is returned as it is: at once, or by way of one name."""
    names = {
        target.id
        for one in own_nodes(node)
        if isinstance(one, ast.Assign) and one.value is call
        for target in one.targets
        if isinstance(target, ast.Name)
    }
    for found in own_returns(node.body):
        if found.value is call:
            return True
        if isinstance(found.value, ast.Name) and found.value.id in names:
            uses = [
                one
                for one in own_nodes(node)
                if isinstance(one, ast.Name) and one.id == found.value.id
            ]
            return len(uses) == 2  # noqa: PLR2004 - assigned once, returned once
    return False
