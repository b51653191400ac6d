"""Dotted paths from a name: `service.execute`, `make().fetch`, `client.get.return_value`.

A call is the segment `return_value`, as in unittest.mock: what a mock returns is a child of it.
"""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import below, every_node

CALLED = "return_value"
_SPREADING = frozenset({"wait_for", "gather", "shield"})
_TYPE_ERRORS = frozenset({"TypeError", "Exception", "BaseException"})
_LEAVING = frozenset({"skip", "skipTest", "xfail", "fail", "exit"})


class Path(Struct, frozen=True):
    """A name and the attributes behind it."""

    root: str
    segments: tuple[str, ...] = ()

    def under(self, prefix: "Path") -> tuple[str, ...] | None:
        """Return the segments behind `prefix`, None where this path does not begin with it."""
        size = len(prefix.segments)
        if self.root != prefix.root or self.segments[:size] != prefix.segments:
            return None
        return self.segments[size:]


class AwaitedCall(Struct, frozen=True):
    """`await path(...)`. `certain` says that nothing stands between the start and it."""

    path: Path
    certain: bool
    callee: ast.expr

    @property
    def line(self) -> int:
        """The line that it begins on, from one."""
        return self.callee.lineno


def path_of(node: ast.expr) -> Path | None:
    """Return the path that an expression is, None where it does not start at a name."""
    segments: list[str] = []
    while True:
        match node:
            case ast.Name(id=name):
                return Path(name, tuple(reversed(segments)))
            case ast.Attribute(value=value, attr=attribute):
                segments.append(attribute)
                node = value
            case ast.Call(func=function):
                segments.append(CALLED)
                node = function
            case _:
                return None


def awaited_calls(node: FunctionNode) -> Iterator[AwaitedCall]:
    """Yield every call of a path that the function itself awaits.

    Those whose TypeError is caught, as nothing but a mock raises it there, are left out.
    """
    certain = certain_statements(node.body)
    for statement in reached_statements(node.body):
        for one in below(statement):
            if isinstance(one, ast.Await) and not _is_caught(one, statement):
                sure = statement in certain and not is_guarded(one, statement)
                for call in awaited_in(one):
                    if (path := path_of(call.func)) is not None:
                        yield AwaitedCall(path, sure, call.func)


def raises_no_type_error(function: FunctionNode, node: ast.AST) -> bool:
    """Whether a TypeError of a node goes no further than the function, or never comes up."""
    reached = reached_statements(function.body)
    if not any(node is one for statement in reached for one in every_node(statement)):
        return True
    return any(_is_caught(node, statement) for statement in reached)


def _is_caught(node: ast.AST, statement: ast.stmt) -> bool:
    for one in below(statement):
        match one:
            case ast.Try(body=body, handlers=handlers) if any(map(_swallows, handlers)):
                pass
            case ast.With(body=body, items=items) | ast.AsyncWith(body=body, items=items) if any(
                _names_type_error(item) for item in items
            ):
                pass
            case _:
                continue
        if any(inner is node for child in body for inner in every_node(child)):
            return True
    return False


def _swallows(handler: ast.ExceptHandler) -> bool:
    """Whether a handler takes a TypeError and does not raise it again as it is."""
    if handler.type is not None and not _names_type_error(handler.type):
        return False
    return not any(isinstance(one, ast.Raise) and one.exc is None for one in every_node(handler))


def _names_type_error(node: ast.AST) -> bool:
    return any(isinstance(one, ast.Name) and one.id in _TYPE_ERRORS for one in every_node(node))


def awaited_in(awaited: ast.Await) -> Iterator[ast.Call]:
    """Yield what is awaited: the call, or those handed to `asyncio.gather` and its like."""
    node = awaited.value
    if not isinstance(node, ast.Call):
        return
    match node.func:
        case ast.Attribute(value=ast.Name(id="asyncio"), attr=name) if name in _SPREADING:
            if all(keyword.arg != "return_exceptions" for keyword in node.keywords):
                yield from (one for one in node.args if isinstance(one, ast.Call))
        case _:
            yield node


def certain_statements(body: list[ast.stmt]) -> set[ast.stmt]:
    """Return the statements that run whenever the body does."""
    found: set[ast.stmt] = set()
    for statement in body:
        found.add(statement)
        if any(_leaves(one) for one in below(statement)):
            break
    return found


def reached_statements(body: list[ast.stmt]) -> list[ast.stmt]:
    """Return the statements in front of one that ends the function in any case."""
    for index, statement in enumerate(body):
        inner = statement.value if isinstance(statement, ast.Expr) else statement
        if _leaves(inner):
            return body[: index + 1]
    return body


def _leaves(node: ast.AST) -> bool:
    """Whether a node ends the function: `return`, `raise`, `pytest.skip(...)`."""
    match node:
        case ast.Return() | ast.Raise():
            return True
        case ast.Call(func=ast.Attribute(attr=name) | ast.Name(id=name)):
            return name in _LEAVING
        case _:
            return False


def is_guarded(node: ast.AST, statement: ast.stmt) -> bool:
    """Whether something inside the statement decides if the node is reached."""
    for one in below(statement):
        branches: list[ast.AST] = []
        match one:
            case ast.If(body=body, orelse=orelse) | ast.While(body=body, orelse=orelse):
                branches += [*body, *orelse]
            case ast.For(body=body, orelse=orelse) | ast.AsyncFor(body=body, orelse=orelse):
                branches += [*body, *orelse]
            case ast.Try(handlers=handlers, orelse=orelse):
                branches += [*handlers, *orelse]
            case ast.IfExp(body=first, orelse=second):
                branches += [first, second]
            case ast.BoolOp(values=values):
                branches += values[1:]
            case ast.Match(cases=cases):
                branches += cases
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                branches.append(one)
            case _:
                continue
        if any(inner is node for branch in branches for inner in every_node(branch)):
            return True
    return False
