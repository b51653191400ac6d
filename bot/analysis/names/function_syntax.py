"""What the syntax of a function tells of its parameters and of what it gives."""

import ast
import re
from collections.abc import Iterator

from bot.analysis.names.values import Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import own_nodes_of, own_returns

_SHARED = re.compile(r"^[ \t]+(?:global|nonlocal)[ \t]+([\w, \t]+)", re.MULTILINE)


def is_first_parameter(node: ast.arg, function: FunctionNode) -> bool:
    """Whether a parameter is the first one: `self`, `cls`."""
    positional = (*function.args.posonlyargs, *function.args.args)
    return bool(positional) and positional[0].arg == node.arg


def is_of_first_parameter(annotation: ast.expr, function: FunctionNode) -> bool:
    """Whether an annotation is the type variable of `self` or `cls` (`self: T`)."""
    positional = (*function.args.posonlyargs, *function.args.args)
    declared = positional[0].annotation if positional else None
    if isinstance(declared, ast.Subscript):
        declared = declared.slice
    match declared, annotation:
        case ast.Name(id=own), ast.Name(id=given):
            return own == given
        case ast.Constant(value=str(own)), ast.Constant(value=str(given)):
            return own == given
        case _:
            return False


def is_parametrized(function: Function, name: str) -> bool:
    """Whether a decorator names a parameter: `parametrize` replaces the fixture of that name."""
    return any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and name in one.value
        for decorator in function.node.decorator_list
        for one in ast.walk(decorator)
    )


def is_patched(function: Function) -> bool:
    """Whether decorators may hand in mocks as arguments."""
    nodes = [*function.node.decorator_list]
    if function.definition.owner is not None:
        nodes += function.definition.owner.node.decorator_list
    return any(
        (isinstance(one, ast.Name | ast.Attribute)) and "patch" in ast.unparse(one)
        for decorator in nodes
        for one in ast.walk(decorator)
    )


def results(node: FunctionNode) -> list[ast.expr]:
    """Return what a function yields, or what it returns."""
    return [*yielded_values(node)] or [
        one.value for one in own_returns(node.body) if one.value is not None
    ]


def yielded_values(node: FunctionNode) -> Iterator[ast.expr]:
    """Yield what a generator yields."""
    return (one.value for one in own_nodes_of(node, ast.Yield) if one.value is not None)


def names_bound_outside(module: Module) -> frozenset[str]:
    """Return the names that functions of a file bind outside themselves."""
    found = _SHARED.findall(module.source.text)
    return frozenset(name.strip() for names in found for name in names.split(","))
