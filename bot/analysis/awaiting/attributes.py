"""Attributes that the methods of a class set on its instances: `self.service = Service()`."""

import ast
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import (
    Assigned,
    Binding,
    Entered,
    FunctionNode,
    Meaning,
    Opaque,
    Scope,
    unpacked,
)
from bot.analysis.source.walking import own_kinds

# What may set an attribute.
_SETTING = (ast.Assign, ast.AnnAssign, ast.With, ast.AsyncWith, ast.AugAssign, ast.For)


class AttributeSource(NamedTuple):
    """One place where an attribute is set, and the scope of the method that sets it."""

    module: Module
    scope: Scope
    binding: Binding


def attribute_sources(owner: Class, name: str, resolver: Resolver) -> Iterator[AttributeSource]:
    """Yield where methods set an attribute: those of the first class in the MRO that does."""
    for ancestor in resolver.mro(owner):
        if isinstance(ancestor, Class):
            found = attributes_set(ancestor, resolver).get(name, ())
            yield from found
            if found:
                return


def attributes_set(owner: Class, resolver: Resolver) -> Mapping[str, list[AttributeSource]]:
    """Return what the methods of this very class set, by name."""
    return resolver.project.remember(("attributes", owner), lambda: _collected(owner), cyclic={})


def _collected(owner: Class) -> dict[str, list[AttributeSource]]:
    found: dict[str, list[AttributeSource]] = {}
    for node in owner.node.body:
        if isinstance(node, FunctionNode) and node.args.args:
            scope = owner.module.scope_of(node)
            for name, binding in _settings(node, node.args.args[0].arg):
                found.setdefault(name, []).append(AttributeSource(owner.module, scope, binding))
    return found


def _settings(method: FunctionNode, itself: str) -> Iterator[tuple[str, Binding]]:
    kinds = own_kinds(method)
    for node in chain.from_iterable(kinds[one] for one in _SETTING if one in kinds):
        match node:
            case ast.Assign(targets=targets, value=value):
                yield from _bindings(targets, itself, Assigned(value), node)
            case ast.AnnAssign(target=target, value=ast.expr() as value, annotation=annotation):
                yield from _bindings([target], itself, Assigned(value, annotation), node)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                is_async = isinstance(node, ast.AsyncWith)
                for item in items:
                    if item.optional_vars is not None:
                        meaning = Entered(item.context_expr, is_async)
                        yield from _bindings([item.optional_vars], itself, meaning, node)
            case ast.AugAssign(target=target) | ast.For(target=target):
                yield from _bindings([target], itself, Opaque(), node)
            case _:
                continue


def _bindings(
    targets: list[ast.expr], itself: str, meaning: Meaning, node: ast.stmt
) -> Iterator[tuple[str, Binding]]:
    for target in targets:
        match target:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == itself:
                if not _is_emptied(meaning):
                    yield attribute, Binding(meaning, node.lineno)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for position, element in enumerate(elements):
                    inner = unpacked(meaning, elements, position)
                    yield from _bindings([element], itself, inner, node)
            case _:
                continue


def _is_emptied(meaning: Meaning) -> bool:
    """`self.service = None` says nothing of what it is at other times."""
    match meaning:
        case Assigned(value=ast.Constant(value=None), annotation=None):
            return True
        case _:
            return False
