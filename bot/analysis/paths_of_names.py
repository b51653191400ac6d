"""Dotted paths from a name: `service.execute`, `make().fetch`, `client.get.return_value`.

A call is the segment `return_value`, as in unittest.mock: what a mock returns is a child of it.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bot.analysis.scopes import FunctionNode
from bot.analysis.walking import below

CALLED = "return_value"
_SPREADING = frozenset({"wait_for", "gather", "shield"})


@dataclass(frozen=True, slots=True)
class Path:
    """A name and the attributes behind it."""

    root: str
    segments: tuple[str, ...] = ()

    def under(self, prefix: "Path") -> tuple[str, ...] | None:
        """Return the segments behind `prefix`, None where this path does not begin with it."""
        size = len(prefix.segments)
        if self.root != prefix.root or self.segments[:size] != prefix.segments:
            return None
        return self.segments[size:]


@dataclass(frozen=True, slots=True)
class AwaitedCall:
    """`await path(...)`. `certain` says that nothing stands between the start and it."""

    path: Path
    certain: bool
    line: int


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
    """Yield every call of a path that the function itself awaits."""
    certain = _certain_statements(node.body)
    for statement in node.body:
        for one in below(statement):
            if isinstance(one, ast.Await):
                sure = statement in certain and not _is_guarded(one, statement)
                for call in _calls(one.value):
                    if (path := path_of(call.func)) is not None:
                        yield AwaitedCall(path, sure, one.lineno)


def _calls(node: ast.expr) -> Iterator[ast.Call]:
    """Yield what is awaited: the call, or those handed to `asyncio.gather` and its like."""
    if not isinstance(node, ast.Call):
        return
    match node.func:
        case ast.Attribute(value=ast.Name(id="asyncio"), attr=name) if name in _SPREADING:
            yield from (one for one in node.args if isinstance(one, ast.Call))
        case _:
            yield node


def _certain_statements(body: list[ast.stmt]) -> set[ast.stmt]:
    """Return the statements that run whenever the body does."""
    found: set[ast.stmt] = set()
    for statement in body:
        found.add(statement)
        if any(isinstance(one, ast.Return | ast.Raise) for one in below(statement)):
            break
    return found


def _is_guarded(node: ast.AST, statement: ast.stmt) -> bool:
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
        if any(inner is node for branch in branches for inner in ast.walk(branch)):
            return True
    return False
