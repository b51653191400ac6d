"""Hooks that mark tests which are items already: too late for pytest-asyncio.

Since version 0.22 it decides in `pytest_pycollect_makeitem`; what these hooks add comes after.
"""

import ast
from collections.abc import Iterator

from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import every_node

LATE_HOOKS = frozenset(
    {
        "pytest_collection_modifyitems",
        "pytest_itemcollected",
        "pytest_generate_tests",
        "pytest_runtest_setup",
    }
)
SINCE = "0.22"
# The documented recipe for loop scopes: it marks tests that run already.
_RECIPE = "is_async_test"


def late_marking_hooks(module: Module) -> Iterator[Definition]:
    """Yield the hooks of a file that add `pytest.mark.asyncio` to tests, whatever runs them."""
    if "add_marker" not in module.source.text:
        return
    for definition in module.functions():
        node = definition.node
        if isinstance(node, FunctionNode) and node.name in LATE_HOOKS and _adds_mark(node, module):
            yield definition


def _adds_mark(hook: FunctionNode, module: Module) -> bool:
    nodes = tuple(every_node(hook))
    if any(
        isinstance(node, ast.Name | ast.Attribute) and _name(node) == _RECIPE for node in nodes
    ):
        return False
    marks = _names_of_mark((*module.tree.body, *nodes))
    return any(
        isinstance(node, ast.Call)
        and _name(node.func) == "add_marker"
        and any(_is_mark(argument, marks) for argument in node.args[:1])
        for node in nodes
    )


def _names_of_mark(nodes: tuple[ast.AST, ...]) -> frozenset[str]:
    """Return the names that are assigned the mark."""
    return frozenset(
        node.targets[0].id
        for node in nodes
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and _is_mark(node.value, frozenset())
    )


def _is_mark(node: ast.expr, names: frozenset[str]) -> bool:
    match node:
        case ast.Constant(value="asyncio") | ast.Attribute(attr="asyncio"):
            return True
        case ast.Call(func=function):
            return _is_mark(function, names)
        case ast.Name(id=name):
            return name in names
        case _:
            return False


def _name(node: ast.expr) -> str:
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""
