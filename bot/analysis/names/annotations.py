"""Which class a type annotation names."""

import ast
import re
from collections.abc import Iterator

from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Scope
from bot.analysis.source.stdlib_parser import expression_of

Type = Class | External

# A decorator with one of these may run the coroutine, whatever it declares.
_RUNNING = re.compile(r"\brun|_run\b|run_|until_complete|async_to_sync|syncify")
_TYPING = ("typing", "typing_extensions")
# `Optional[Service]`: whoever uses an attribute takes it for a Service.
_TRANSPARENT = frozenset(
    f"{module}.{name}" for module in _TYPING for name in ("Optional", "Final", "ClassVar")
)
_ANNOTATED = frozenset(f"{module}.Annotated" for module in _TYPING)
_UNION = frozenset(f"{module}.Union" for module in _TYPING)
_SELF = frozenset(f"{module}.Self" for module in _TYPING)
_NOTHING = frozenset({"builtins.object", "typing.Any", "typing_extensions.Any"})
# What fixtures and context managers that yield are annotated with; the first argument counts.
_YIELDING = frozenset({"Generator", "Iterator", "Iterable"}) | frozenset(
    {"AsyncGenerator", "AsyncIterator", "AsyncIterable"}
)


def annotated(
    node: ast.expr, module: Module, scope: Scope, resolver: Resolver, itself: Class | None = None
) -> Type | None:
    """Return the class that an annotation names; `itself` is what `Self` means."""
    match node:
        case ast.Constant(value=str(text)):
            inner = _parsed(text)
            return annotated(inner, module, scope, resolver, itself) if inner else None
        case ast.BinOp(op=ast.BitOr()):
            return _only(_alternatives(node), module, scope, resolver, itself)
        case ast.Subscript(value=value, slice=inner):
            name = resolver.dotted(value, module, scope)
            if name in _TRANSPARENT:
                return annotated(inner, module, scope, resolver, itself)
            if name in _ANNOTATED and isinstance(inner, ast.Tuple):
                return annotated(inner.elts[0], module, scope, resolver, itself)
            if name in _UNION and isinstance(inner, ast.Tuple):
                return _only(iter(inner.elts), module, scope, resolver, itself)
            return annotated(value, module, scope, resolver, itself)
        case ast.Name() | ast.Attribute():
            found = resolver.value(node, module, scope)
            if isinstance(found, External) and found.dotted in _SELF:
                return itself
            if isinstance(found, External) and found.dotted in _NOTHING:
                return None
            return found if isinstance(found, Type) else None
        case _:
            return None


def yielded(node: ast.expr) -> ast.expr | None:
    """Return what an annotation of a generator says that it yields."""
    match node:
        case ast.Constant(value=str(text)):
            inner = _parsed(text)
            return yielded(inner) if inner else None
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name), slice=inner) if (
            name in _YIELDING
        ):
            return inner.elts[0] if isinstance(inner, ast.Tuple) else inner
        case _:
            return None


def elements(node: ast.expr) -> list[ast.expr]:
    """Return what the annotation of a tuple says of its elements."""
    match node:
        case ast.Constant(value=str(text)):
            inner = _parsed(text)
            return elements(inner) if inner else []
        case ast.Subscript(
            value=ast.Name(id="tuple" | "Tuple") | ast.Attribute(attr="Tuple"),
            slice=ast.Tuple(elts=elts),
        ):
            return elts
        case _:
            return []


def of_type(node: ast.expr) -> ast.expr | None:
    """Return the class that `type[Service]` speaks of."""
    match node:
        case ast.Constant(value=str(text)):
            inner = _parsed(text)
            return of_type(inner) if inner else None
        case ast.Subscript(value=ast.Name(id="type" | "Type") | ast.Attribute(attr="Type")):
            return node.slice
        case _:
            return None


def alternatives(node: ast.expr) -> list[ast.expr]:
    """Return the names of the classes that an annotation allows, `None` left out."""
    match node:
        case ast.Constant(value=None):
            return []
        case ast.Constant(value=str(text)):
            inner = _parsed(text)
            return alternatives(inner) if inner else [node]
        case ast.BinOp(op=ast.BitOr()):
            return [name for one in _alternatives(node) for name in alternatives(one)]
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional")):
            return alternatives(node.slice)
        case ast.Subscript(
            value=ast.Name(id="Union") | ast.Attribute(attr="Union"), slice=ast.Tuple(elts=elts)
        ):
            return [name for one in elts for name in alternatives(one)]
        case ast.Subscript(value=value):
            return alternatives(value)
        case _:
            return [node]


def _only(
    nodes: Iterator[ast.expr],
    module: Module,
    scope: Scope,
    resolver: Resolver,
    itself: Class | None,
) -> Type | None:
    """Return the one class of a union; `None` in it does not count."""
    named = [one for one in nodes if not (isinstance(one, ast.Constant) and one.value is None)]
    return annotated(named[0], module, scope, resolver, itself) if len(named) == 1 else None


def _alternatives(node: ast.expr) -> Iterator[ast.expr]:
    while isinstance(node, ast.BinOp):
        yield node.right
        node = node.left
    yield node


def _parsed(text: str) -> ast.expr | None:
    try:
        return expression_of(text.strip())
    except (SyntaxError, ValueError):
        return None


def keeps_type(decorator: Function, *, is_called: bool) -> bool:
    """Whether a decorator declares that it gives back the type that it is handed.

    `is_called` says that it is used with arguments, and so gives the decorator.
    """
    node = decorator.node
    given = node.returns
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        given = _parsed(given.value)
    if given is None or _RUNNING.search(decorator.module.text_of(decorator.definition)):
        return False
    if not is_called:
        positional = (*node.args.posonlyargs, *node.args.args)
        taken = positional[-1].annotation if positional else None
        return taken is not None and ast.unparse(taken) == ast.unparse(given)
    match given:
        case ast.Subscript(slice=ast.Tuple(elts=[ast.List(elts=[taken]), result])):
            return ast.unparse(taken) == ast.unparse(result)
        case _:
            return False
