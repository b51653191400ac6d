"""What conftest files keep out of collection: `collect_ignore` and its like."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch

from bot.analysis.collection.ignore_hooks import leaves_alone
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Binding, Defined, is_never_true
from bot.analysis.source.walking import every_node

_HOOK = "pytest_ignore_collect"


def may_ignore(conftest: Module, path: str) -> bool:
    """Whether a conftest file keeps a file out of collection, or may: then it is not judged."""
    if not all(_leaves_alone(one, path) for one in conftest.scope.bindings.get(_HOOK, ())):
        return True
    folder = conftest.path.rpartition("/")[0]
    inside = path.removeprefix(f"{folder}/") if folder else path
    return _listed(conftest, "collect_ignore", inside, exact=True) or _listed(
        conftest, "collect_ignore_glob", inside, exact=False
    )


def _leaves_alone(hook: Binding, path: str) -> bool:
    match hook.meaning:
        case Defined(node=ast.FunctionDef() as node):
            return leaves_alone(node, path)
        case _:
            return False


def _listed(conftest: Module, name: str, path: str, *, exact: bool) -> bool:
    if name not in conftest.scope.bindings:
        return False
    values = _strings(conftest, name)
    if values is None:
        return True
    if exact:
        return any(path == one or path.startswith(f"{one.rstrip('/')}/") for one in values)
    return any(fnmatch(path, one) or fnmatch(path, f"{one}/*") for one in values)


def _strings(conftest: Module, name: str) -> list[str] | None:
    """Return what is listed, or may be; None where the list is built by code."""
    found: list[str] = []
    for node in _living(conftest.tree.body):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                pass
            case ast.AugAssign(target=ast.Name(id=target), value=value) if target == name:
                pass
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=target), attr="append" | "extend"),
                args=[value],
            ) if target == name:
                pass
            case _:
                continue
        strings = _constants(value)
        if strings is None:
            return None
        found += strings
    return found


def _living(body: list[ast.stmt]) -> Iterator[ast.AST]:
    """Yield all nodes but those under a condition that holds for no Python of today."""
    for statement in body:
        if isinstance(statement, ast.If) and is_never_true(statement.test):
            yield from _living(statement.orelse)
        else:
            yield from every_node(statement)


def _constants(node: ast.expr) -> list[str] | None:
    elements = node.elts if isinstance(node, ast.List | ast.Tuple) else [node]
    found = [
        one.value
        for one in elements
        if isinstance(one, ast.Constant) and isinstance(one.value, str)
    ]
    return found if len(found) == len(elements) else None
