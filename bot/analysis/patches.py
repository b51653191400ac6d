"""Replacements of attributes in tests: `patch`, `patch.object`, `mocker.patch`, `monkeypatch`."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bot.analysis.mocks import MockReader
from bot.analysis.module import Definition, Module
from bot.analysis.resolver import Resolver
from bot.analysis.scopes import FunctionNode, Parameter, Scope
from bot.analysis.values import UNKNOWN, Value
from bot.analysis.walking import own_nodes

_PATCHES = frozenset({"unittest.mock.patch", "mock.patch", "mock.mock.patch"})
_OBJECT_PATCHES = frozenset(f"{name}.object" for name in _PATCHES)


@dataclass(frozen=True, slots=True)
class Patch:
    """One replacement: the call, what is replaced, and by what.

    Attributes:
        target: the dotted name, or the attribute's name alone.
        owner: whose attribute is replaced: a module or a class.
    """

    call: ast.Call
    target: str
    owner: Value
    replaced: Value
    new: ast.expr | None
    new_callable: ast.expr | None

    def argument(self, name: str) -> ast.expr | None:
        """Return a keyword argument of the call."""
        return next((one.value for one in self.call.keywords if one.arg == name), None)

    @property
    def name(self) -> str:
        """The attribute that is replaced."""
        return self.target.rpartition(".")[2]

    @property
    def is_opaque(self) -> bool:
        """Whether arguments are handed over that cannot be seen."""
        return any(one.arg is None for one in self.call.keywords)


class PatchReader:
    """Finds the replacements that a function makes, by decorator, `with` or call."""

    def __init__(self, resolver: Resolver, module: Module, mocks: MockReader) -> None:
        self._resolver = resolver
        self._module = module
        self._mocks = mocks

    def patches(self, definition: Definition) -> Iterator[Patch]:
        """Yield the replacements around and inside a function."""
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
        inner = self._module.scope_of(definition.node)
        for node in definition.node.decorator_list:
            if isinstance(node, ast.Call):
                yield from self._patch(node, definition.scope)
        for inside in own_nodes(definition.node):
            if isinstance(inside, ast.Call):
                yield from self._patch(inside, inner)

    def _patch(self, call: ast.Call, scope: Scope) -> Iterator[Patch]:
        match self._style(call.func, scope), call.args:
            case "dotted", [ast.Constant(value=str(target)), *rest]:
                yield self._made(call, target, self._owner(target), rest)
            case "object", [owner, ast.Constant(value=str(name)), *rest]:
                yield self._made(call, name, self._instance_or_value(owner, scope), rest)
            case "setattr", [ast.Constant(value=str(target)), new]:
                yield self._made(call, target, self._owner(target), [new])
            case "setattr", [owner, ast.Constant(value=str(name)), new]:
                yield self._made(call, name, self._instance_or_value(owner, scope), [new])
            case _:
                return

    def _style(self, node: ast.expr, scope: Scope) -> str:
        dotted = self._resolver.dotted(node, self._module, scope)
        if dotted in _PATCHES:
            return "dotted"
        if dotted in _OBJECT_PATCHES:
            return "object"
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr="patch"):
                return "dotted" if self._mocks.is_mocker(name, scope) else ""
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr="patch"), attr="object"
            ):
                return "object" if self._mocks.is_mocker(name, scope) else ""
            case ast.Attribute(value=ast.Name(id="monkeypatch"), attr="setattr"):
                bindings = scope.bindings.get("monkeypatch", ())
                is_fixture = any(isinstance(one.meaning, Parameter) for one in bindings)
                return "setattr" if is_fixture else ""
            case _:
                return ""

    def _made(self, call: ast.Call, target: str, owner: Value, rest: list[ast.expr]) -> Patch:
        keywords = {one.arg: one.value for one in call.keywords}
        new = rest[0] if rest else keywords.get("new")
        replaced = _only(self._resolver.attribute(owner, target.rpartition(".")[2]))
        return Patch(call, target, owner, replaced, new, keywords.get("new_callable"))

    def _owner(self, target: str) -> Value:
        """Return what a dotted target is looked up in, as `patch` imports it."""
        first, *rest = target.split(".")
        value = self._resolver.imported(first, self._module)
        for part in rest[:-1]:
            value = _only(self._resolver.attribute(value, part))
        return value

    def _instance_or_value(self, owner: ast.expr, scope: Scope) -> Value:
        instance = self._mocks.instance_class(owner, scope)
        return instance or self._resolver.value(owner, self._module, scope)


def _only(values: tuple[Value, ...]) -> Value:
    return values[0] if len(values) == 1 else UNKNOWN
