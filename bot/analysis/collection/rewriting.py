"""Code between the definitions of a module or class that changes what they define.

What such code does is not followed: a test that it may have marked or replaced is not judged.
"""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.source.scopes import FunctionNode, is_never_true
from bot.analysis.source.walking import below, own_nodes


class Touched(Struct, frozen=True):
    """Names that statements between the definitions of a module or class do something to.

    `test_x.__test__ = False`, `pytest.mark.asyncio(test_x)`: such tests are not judged. `used` are
    all names that are read, other than to be called or to get another name; `handed` are those
    of them that are arguments.
    """

    used: frozenset[str]
    handed: frozenset[str]


UNTOUCHED = Touched(frozenset(), frozenset())

# With these, code between the definitions can change any of them.
_REWRITING = frozenset({"exec", "eval", "globals", "locals", "vars", "setattr"})


def rewrites_itself(body: list[ast.stmt]) -> bool:
    """Whether a module or class changes its own names by code: then nothing in it is judged.

    By code of its own, also in a function that it calls, or of somebody to whom it names itself.
    """
    functions = {one.name: one for one in body if isinstance(one, FunctionNode)}
    for statement in body:
        for one in below(statement):
            if not isinstance(one, ast.Call):
                continue
            called = one.func.id if isinstance(one.func, ast.Name) else ""
            if _may_rewrite(one):
                return True
            if called in functions and any(map(_may_rewrite, own_nodes(functions[called]))):
                return True
            if isinstance(statement, ast.Expr) and any(map(_is_the_module, one.args)):
                return True
    return False


def _may_rewrite(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="vars"), args=[ast.Name()]):
            return False  # of something else that has a name: another module, mostly
        case ast.Call(func=ast.Name(id=called)):
            return called in _REWRITING
        case ast.Attribute(value=ast.Name(id="sys"), attr="modules"):
            return True
        case _:
            return False


def _is_the_module(node: ast.expr) -> bool:
    """Whether an argument is the module itself: its name, or `sys.modules[__name__]`."""
    match node:
        case ast.Name(id="__name__"):
            return True
        case ast.Subscript(value=ast.Attribute(attr="modules")):
            return True
        case _:
            return False


def touched_by(body: list[ast.stmt]) -> Touched:
    """Return the names that the statements of a module or class do something to."""
    used: set[str] = set()
    handed: set[str] = set()
    harmless: set[ast.AST] = set()
    for one in _between_definitions(body):
        match one:
            case ast.Assign(value=ast.Name() as value):
                harmless.add(value)  # another name for it
            case ast.Call(func=function, args=arguments):
                harmless.add(function)
                handed |= {node.id for node in arguments if isinstance(node, ast.Name)}
            case ast.Name(id=name, ctx=ast.Load()) if one not in harmless:
                used.add(name)
            case _:
                continue
    return Touched(frozenset(used), frozenset(handed))


def _between_definitions(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the nodes of all statements that define nothing, but for what pytest does not run."""
    for statement in body:
        if isinstance(statement, ast.If) and is_never_true(statement.test):
            yield from _between_definitions(statement.orelse)
        else:
            yield from below(statement)
