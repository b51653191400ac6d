"""What a decorator of the repository gives back, read off its body."""

import ast
from collections.abc import Generator, Iterator

from bot.analysis.collection.third_party import RUNNERS, Effect
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import every_node, own_nodes, own_returns, yields

_Returned = Generator[ast.expr, None, bool]  # and whether the block ends in all cases


def is_identity(node: ast.Lambda) -> bool:
    """Whether a lambda gives back what it is handed."""
    return (
        len(node.args.args) == 1
        and isinstance(node.body, ast.Name)
        and node.body.id == node.args.args[0].arg
    )


def callee_of(node: ast.expr) -> ast.expr:
    """Return what a decorator with arguments calls, or the decorator itself."""
    return node.func if isinstance(node, ast.Call) else node


def first_parameter(node: FunctionNode) -> str | None:
    """Return the name under which a decorator gets the function."""
    names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)]
    return names[0] if names else None


def returned(node: FunctionNode, parameter: str = "") -> Iterator[ast.expr]:
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
    match _holds_for_coroutine(statement.test, parameter):
        case True:
            return (yield from _returned_by(statement.body, parameter))
        case False:
            return (yield from _returned_by(statement.orelse, parameter))
        case _:
            first = yield from _returned_by(statement.body, parameter)
            second = yield from _returned_by(statement.orelse, parameter)
            return first and second


def untaken(body: list[ast.stmt], parameter: str) -> Iterator[ast.stmt]:
    """Yield the statements that a coroutine function does not come to."""
    for number, statement in enumerate(body):
        if not isinstance(statement, ast.If):
            continue
        holds = _holds_for_coroutine(statement.test, parameter)
        if holds is None:
            continue
        taken, other = statement.body, statement.orelse
        if not holds:
            taken, other = other, taken
        yield from other
        yield from untaken(taken, parameter)
        if taken and isinstance(taken[-1], ast.Return | ast.Raise):
            yield from body[number + 1 :]
            return


# What is read off a function: by pytest, by `asyncio.iscoroutinefunction`.
_READ_OFF = frozenset({"__test__", "pytestmark", "_is_coroutine", "_is_coroutine_marker"})
# What `inspect.signature` reads before it looks at the parameters.
_SIGNATURE = frozenset({"__signature__", "__wrapped__"})
# These look at a function, keep it, or make another of it: they leave it as it is.
_LOOKING = frozenset(
    {
        "append", "add", "callable", "getattr", "hasattr", "isasyncgenfunction", "isawaitable",
        "isclass", "iscoroutine", "iscoroutinefunction", "isfunction", "isinstance", "issubclass",
        "getfullargspec", "getsource", "id", "repr", "signature", "str", "unwrap", "cast", "wraps",
        "update_wrapper",
    }
)  # fmt: skip


def changes(node: FunctionNode, parameter: str) -> bool:
    """Whether a decorator may change the function that it got, or the wrapper that it gives back.

    It sets what pytest reads off a function (`__test__`, marks), or hands the function to code
    that may (`pytest.mark.asyncio(function)` marks in place).
    """
    elsewhere = {one for dead in untaken(node.body, parameter) for one in every_node(dead)}
    wrappers = {one.name for one in node.body if isinstance(one, FunctionNode)}
    returns = {call for one in own_returns(node.body) for call in _calls_in_turn(one.value)}
    return any(
        _changes_one_of({parameter, *wrappers}, one)
        for one in own_nodes(node)
        if one not in elsewhere and one not in returns
    )


def _calls_in_turn(value: ast.expr | None) -> Iterator[ast.expr]:
    """Yield the calls of `outer(inner(function))`: what they do is known of each decorator."""
    while isinstance(value, ast.Call):
        yield value
        value = value.args[0] if len(value.args) == 1 else None


def _changes_one_of(names: set[str], node: ast.AST) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()):
            return name in names and attribute in _READ_OFF
        case ast.Call(args=given):
            handed = {one.id for one in given if isinstance(one, ast.Name)}
            return bool(handed & names) and _runner(node) not in _LOOKING
        case _:
            return False


def redirects(node: FunctionNode) -> bool:
    """Whether a decorator changes by hand what `inspect.signature` says of its wrapper."""
    return any(
        isinstance(one, ast.Attribute) and one.attr in _SIGNATURE
        for one in every_node(node)
        if not isinstance(getattr(one, "ctx", None), ast.Load)
    )


def _holds_for_coroutine(test: ast.expr, parameter: str) -> bool | None:
    """Return whether a condition holds where a coroutine function is decorated, no class."""
    match test:
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            inner = _holds_for_coroutine(operand, parameter)
            return None if inner is None else not inner
        case ast.Call(
            func=ast.Name(id="isinstance"), args=[ast.Name(id=name), ast.Name(id="type")]
        ):
            return False if name == parameter else None
        case ast.Call(
            func=ast.Attribute(attr="isclass") | ast.Name(id="isclass"), args=[ast.Name(id=name)]
        ):
            return False if name == parameter else None
        case ast.Call(
            func=ast.Attribute(attr="iscoroutinefunction") | ast.Name(id="iscoroutinefunction"),
            args=[ast.Name(id=name)],
        ):
            return True if name == parameter else None
        case _:
            return None


def wrapper_effect(node: FunctionNode, parameter: str) -> Effect:
    """Return what a wrapper inside a decorator does with the coroutine function it got."""
    if yields(node) or "markcoroutinefunction" in ast.dump(node):
        return Effect.UNKNOWN
    if isinstance(node, ast.AsyncFunctionDef):
        return Effect.ASYNC
    calls = [one for one in every_node(node) if isinstance(one, ast.Call)]
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


def reaches_into(node: FunctionNode) -> bool:
    """Whether what is handed a class may change it: it sets attributes, or loops over them."""
    for one in every_node(node):
        match one:
            case ast.Assign(targets=[ast.Attribute()], value=ast.Constant()):
                continue  # a tag, not a method
            case ast.Assign(targets=targets) if any(isinstance(t, ast.Attribute) for t in targets):
                return True
            case ast.Call(func=ast.Name(id="setattr" | "vars" | "dir" | "type")):
                return True
            case _:
                continue
    return False
