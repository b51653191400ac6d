"""Strings that expressions certainly are: constants, through names, classes and f-strings.

Tests keep the dotted names of what they patch in constants: `TARGET`, `self.TARGET`,
`f"{MODULE}.fetch"`, `f"{shop.__name__}.fetch"`.
"""

import ast

from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import UNKNOWN, Class, Expression, Function, Package, Value
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode, Scope

_MAX_DEPTH = 6


def text_of(
    node: ast.expr, module: Module, scope: Scope, resolver: Resolver, depth: int = 0
) -> str | None:
    """Return the string that an expression is, None where source does not tell."""
    if depth > _MAX_DEPTH:
        return None
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return _joined(parts, module, scope, resolver, depth)
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return text_of(value, module, scope, resolver, depth + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _joined([left, right], module, scope, resolver, depth)
        case ast.Attribute(value=value, attr="__name__" | "__qualname__" as attribute):
            return _name_of(resolver.value(value, module, scope), attribute)
        case ast.Name() | ast.Attribute():
            found = _meant(node, module, scope, resolver)
            if isinstance(found, Expression) and found.node is not node:
                return text_of(found.node, found.module, found.scope, resolver, depth + 1)
            return None
        case _:
            return None


def _joined(
    parts: list[ast.expr], module: Module, scope: Scope, resolver: Resolver, depth: int
) -> str | None:
    texts = [text_of(one, module, scope, resolver, depth + 1) for one in parts]
    known = [one for one in texts if one is not None]
    return "".join(known) if len(known) == len(texts) else None


def _meant(
    node: ast.Name | ast.Attribute, module: Module, scope: Scope, resolver: Resolver
) -> Value:
    """Return what a name stands for; `self.TARGET` is an attribute of the class around it."""
    match node:
        case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attribute) if (
            owner := _class_around(module, scope)
        ):
            found = resolver.class_attribute(owner, attribute)
            return found[0] if len(found) == 1 else UNKNOWN
        case _:
            return resolver.value(node, module, scope)


def _class_around(module: Module, scope: Scope) -> Class | None:
    if not isinstance(scope.node, FunctionNode):
        return None
    owner = module.definition(scope.node).owner
    return Class(module, owner) if owner is not None else None


def _name_of(value: Value, attribute: str) -> str | None:
    match value:
        case Package(dotted=dotted) if attribute == "__name__":
            return dotted
        case Class(definition=definition) | Function(definition=definition):
            return definition.name if attribute == "__name__" else definition.qualname
        case _:
            return None
