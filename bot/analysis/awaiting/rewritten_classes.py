"""Classes that code of a file hands to a call, as in `syncify(Client)`, which may rewrite them.

Of what a decorator does to a class, `Awaitables` takes account; this is about plain calls between
the definitions of a module: the one of the class, that of a test, and its plugins.
"""

import ast
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import parameters
from bot.analysis.source.walking import below, every_node

_HARMLESS_PACKAGES = frozenset(
    {"builtins", "typing", "typing_extensions", "abc", "collections", "dataclasses", "enum"}
    | {"functools", "contextlib", "logging", "pytest", "unittest", "sys", "weakref"}
)
# What keeps or looks at what it is handed, whosoever's method it is.
_KEEPING = frozenset({"append", "add", "setdefault", "insert", "register", "get", "extend"})
_LOOKING = frozenset(
    {"isinstance", "issubclass", "hasattr", "getattr", "callable", "id", "len", "str", "repr"}
    | {"print", "cast", "super"}
)


class Handed(NamedTuple):
    """What is handed over, and what is called with it."""

    given: ast.expr
    called: ast.expr


class RewrittenClasses:
    """Looks for such calls. `plugin_modules` gives the conftest files and plugins of a file."""

    def __init__(
        self, resolver: Resolver, plugin_modules: Callable[[Module], tuple[Module, ...]]
    ) -> None:
        self._resolver = resolver
        self._plugin_modules = plugin_modules

    def may_be(self, value: Class, seen_from: Module) -> bool:
        """Whether a call in the file of a class, or in one that uses it, may rewrite the class."""
        modules = {value.module, seen_from, *self._plugin_modules(seen_from)}
        return any(
            self._resolver.value(one.given, module, module.scope) == value
            and self._may_rewrite(one.called, module)
            for module in modules
            for one in self._handed(module)
        )

    def _handed(self, module: Module) -> Sequence[Handed]:
        return self._resolver.project.remember(
            ("handed over", module), lambda: tuple(_handed(module.tree)), cyclic=()
        )

    def _may_rewrite(self, called: ast.expr, module: Module) -> bool:
        if isinstance(called, ast.Attribute) and called.attr in _KEEPING:
            return False
        match self._resolver.value(called, module, module.scope):
            case External(dotted=dotted):
                return dotted.partition(".")[0] not in _HARMLESS_PACKAGES
            case Function() as function:
                return _changes(function)
            case Class() as made:
                found = self._resolver.class_attribute(made, "__init__")
                return any(isinstance(one, Function) and _changes(one) for one in found)
            case _:
                return True


def _handed(tree: ast.Module) -> Iterator[Handed]:
    for statement in tree.body:
        for node in below(statement):
            match node:
                case ast.Call(func=called, args=arguments, keywords=keywords):
                    for one in (*arguments, *(keyword.value for keyword in keywords)):
                        if isinstance(one, ast.Name | ast.Attribute):
                            yield Handed(one, called)
                case ast.For(target=ast.Name(id=name), iter=ast.Tuple() | ast.List() as iterated):
                    for call in _calls_with(name, node):
                        yield from (Handed(one, call.func) for one in iterated.elts)
                case _:
                    continue


def _calls_with(name: str, node: ast.AST) -> Iterator[ast.Call]:
    """Yield the calls below a node that are handed a name."""
    for one in every_node(node):
        if isinstance(one, ast.Call):
            if any(isinstance(it, ast.Name) and it.id == name for it in one.args):
                yield one


def _changes(function: Function) -> bool:
    """Whether a function may change what it is handed, or hands it on to one that may."""
    names = {one.arg for one in parameters(function.node)} - {"self"}
    return any(
        _is_changed(name, node) for name in names for node in every_node(function.node)
    ) or any(not _is_harmless(call) for name in names for call in _calls_with(name, function.node))


def _is_changed(name: str, node: ast.AST) -> bool:
    """Whether a node sets an attribute of a name, looks into it, or calls it otherwise."""
    match node:
        case ast.Attribute(value=ast.Name(id=owner), attr=attribute, ctx=context):
            return owner == name and (isinstance(context, ast.Store) or attribute == "__dict__")
        case ast.Assign(targets=[ast.Name(), *_], value=ast.Name(id=owner)):
            return owner == name
        case _:
            return False


def _is_harmless(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name):
            return name in _LOOKING
        case ast.Attribute(attr=name):
            return name in _KEEPING
        case _:
            return False
