"""Which files a `pytest_ignore_collect` hook certainly leaves alone.

It does where every answer that is no None and no False stands under a condition, or is one, that
asks for a text in the path which the path does not have.
"""

import ast
from collections import Counter
from collections.abc import Iterator

from bot.analysis.source.scopes import FunctionNode, is_never_true, parameters
from bot.analysis.source.walking import own_nodes_of, own_parents, yields

# What asks a text for a part.
_ASKING = frozenset({"startswith", "endswith"})
# Names of the parameter that is the path, of today and of before pytest 7.
_PATHS = frozenset({"collection_path", "path"})
# What makes of a path a text, or another one, with no part that the path does not have.
_METHODS = frozenset({"as_posix", "lower", "relative_to"})
_FUNCTIONS = frozenset({"str", "fspath", "basename", "Path"})


def leaves_alone(hook: FunctionNode, path: str) -> bool:
    """Whether a hook certainly keeps no file of that path out of collection."""
    if yields(hook):
        return False
    parents = own_parents(hook)
    names = _names_of_path(hook)
    returned = own_nodes_of(hook, ast.Return)
    return all(
        _is_no(one.value, path, names)
        or any(_is_no(test, path, names) for test in _tests_above(one, parents))
        for one in returned
    )


def _names_of_path(hook: FunctionNode) -> frozenset[str]:
    """Return the names of the path, and of what is made of it, that never mean anything else."""
    stored = Counter(
        one.id for one in own_nodes_of(hook, ast.Name) if not isinstance(one.ctx, ast.Load)
    )
    names = {one.arg for one in parameters(hook)} & _PATHS - stored.keys()
    for node in own_nodes_of(hook, ast.Assign):
        if _is_of_path(node.value, frozenset(names)):
            bound = {one.id for one in node.targets if isinstance(one, ast.Name)}
            names |= {one for one in bound if stored[one] == 1}
    return frozenset(names)


def _tests_above(node: ast.AST, parents: dict[ast.AST, ast.AST]) -> Iterator[ast.expr]:
    """Yield the conditions that hold where a node stands."""
    while (above := parents.get(node)) is not None:
        if isinstance(above, ast.If) and node in above.body:
            yield above.test
        node = above


def _is_no(test: ast.expr | None, path: str, names: frozenset[str]) -> bool:
    """Whether an expression is certainly false for a path, or None."""
    match test:
        case None | ast.Constant(value=None | False):
            return True
        case ast.BoolOp(op=ast.And(), values=values):
            return any(_is_no(one, path, names) for one in values)
        case ast.BoolOp(values=values):
            return all(_is_no(one, path, names) for one in values)
        case ast.IfExp(test=condition, body=body, orelse=other):
            first = _is_no(condition, path, names) or _is_no(body, path, names)
            return first and _is_no(other, path, names)
        case ast.Compare(left=ast.Constant(value=str(text)), ops=[ast.In()], comparators=[asked]):
            return _is_of_path(asked, names) and not _may_have(path, text)
        case ast.Compare(left=asked, ops=[ast.Eq()], comparators=[ast.Constant(value=str(text))]):
            return _is_of_path(asked, names) and not _may_have(path, text)
        case ast.Call(
            func=ast.Attribute(value=asked, attr=asking), args=[ast.Constant(value=str(text))]
        ) if asking in _ASKING:
            return _is_of_path(asked, names) and not _may_have(path, text)
        case _:
            return is_never_true(test)


def _may_have(path: str, text: str) -> bool:
    """Whether a path may have a text, or end one, with the folders that the repository lies in."""
    inside, part = f"/{path}".lower(), text.lower()
    behind = (part[at + 1 :] for at, character in enumerate(part) if character == "/")
    return part in inside or any(inside[1:].startswith(one) for one in behind if one)


def _is_of_path(node: ast.expr, names: frozenset[str]) -> bool:
    """Whether an expression is the path, a part of it, or a text of that with nothing added."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.Attribute(value=value) | ast.Subscript(value=value):
            return _is_of_path(value, names)
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in _METHODS:
            return _is_of_path(value, names)
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[value]) if (
            name in _FUNCTIONS
        ):
            return _is_of_path(value, names)
        case _:
            return False
