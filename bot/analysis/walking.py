"""Walks over a function's own code: never into the functions and classes nested in it.

A stack and no recursion: expressions can be nested deeper than Python's own stack goes.
"""

import ast
from collections.abc import Iterator, Sequence
from functools import lru_cache

from bot.analysis.scopes import FunctionNode

_BARRIERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_LEAVES = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)


@lru_cache(maxsize=4096)
def own_nodes(node: FunctionNode) -> tuple[ast.AST, ...]:
    """Return every node of the body, in source order, nested definitions left out."""
    return tuple(one for statement in node.body for one in below(statement))


def below(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it that runs when it runs, in source order."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, _BARRIERS):
            continue
        yield current
        waiting.extend(reversed(_children(current)))


def own_returns(body: Sequence[ast.stmt]) -> Iterator[ast.Return]:
    """Yield the return statements of a body."""
    for statement in body:
        for node in below(statement):
            if isinstance(node, ast.Return):
                yield node


def yields(node: FunctionNode) -> bool:
    """Whether the function is a generator."""
    return any(isinstance(one, ast.Yield | ast.YieldFrom) for one in own_nodes(node))


def every_node(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield every node of a tree, in source order."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(_children(current)))


def _children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes directly below; those that only name an operator or a context left out."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(value, ast.AST) and not isinstance(value, _LEAVES):
            found.append(value)
    return found
