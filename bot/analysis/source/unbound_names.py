"""Names that a file uses and that nothing in it can have bound: using them is a NameError."""

import ast
from collections.abc import Iterator

from bot.analysis.source.module import Module
from bot.analysis.source.scopes import is_never_true
from bot.analysis.source.walking import every_node

# Code that may bind any name at all.
_BINDING_CALLS = frozenset({"exec", "globals", "vars", "locals", "setattr", "__import__"})


def first_use_of_unbound(module: Module, name: str) -> ast.Name | None:
    """Return the first place where a file reads a name that it binds nowhere, in any scope.

    What is not evaluated is no use: annotations, and what only a type checker reads.
    """
    if module.scope.stars or name in module.scope.bindings:
        return None
    if any(_may_bind(node, name) for node in every_node(module.tree)):
        return None
    unread = {inner for root in _unevaluated(module.tree) for inner in every_node(root)}
    uses = (
        node
        for node in every_node(module.tree)
        if isinstance(node, ast.Name) and node.id == name and node not in unread
    )
    return min(uses, key=lambda node: (node.lineno, node.col_offset), default=None)


def _may_bind(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Name(id=identifier, ctx=ast.Store() | ast.Del()) | ast.arg(arg=identifier):
            return identifier == name
        case ast.alias(name=imported, asname=bound):
            return (bound or imported.partition(".")[0]) == name
        case ast.ImportFrom(names=[ast.alias(name="*")]):
            return True
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return node.name == name
        case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar():
            return node.name == name
        case ast.MatchMapping(rest=rest):
            return rest == name
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return name in names
        case ast.Call(func=ast.Name(id=called)):
            return called in _BINDING_CALLS
        case _:
            return False


def _unevaluated(tree: ast.Module) -> Iterator[ast.AST]:
    for node in every_node(tree):
        match node:
            case ast.arg(annotation=ast.expr() as said) | ast.AnnAssign(annotation=said):
                yield said
            case ast.FunctionDef(returns=ast.expr() as said):
                yield said
            case ast.AsyncFunctionDef(returns=ast.expr() as said):
                yield said
            case ast.If(test=test) if is_never_true(test):
                yield from node.body
            case _:
                continue
