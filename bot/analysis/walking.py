"""Walks over a function's own code: never into the functions and classes nested in it."""

import ast
from collections.abc import Iterator, Sequence

from bot.analysis.scopes import FunctionNode

_BARRIERS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def own_nodes(node: FunctionNode) -> Iterator[ast.AST]:
    """Yield every node of the body, in source order, nested definitions left out."""
    for statement in node.body:
        yield from below(statement)


def below(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it that runs when it runs, in source order.

    A stack and no recursion: expressions can be nested deeper than Python's own stack goes.
    """
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, _BARRIERS):
            continue
        yield current
        waiting.extend(reversed(list(ast.iter_child_nodes(current))))


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
    """Yield every node of a tree, in source order, without recursion."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(ast.iter_child_nodes(current))))
