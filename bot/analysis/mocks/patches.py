"""Replacements of attributes in tests: `patch` and its like, `mocker.patch`, `monkeypatch`."""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.mocks.mocks import MockReader
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.texts import text_of
from bot.analysis.names.values import UNKNOWN, Value
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Parameter, Scope
from bot.analysis.source.walking import own_nodes_of

_PATCHES = frozenset({"unittest.mock.patch", "mock.patch", "mock.mock.patch"})
_OBJECT_PATCHES = frozenset(f"{name}.object" for name in _PATCHES)
_MULTIPLE_PATCHES = frozenset(f"{name}.multiple" for name in _PATCHES)
_DEFAULT = frozenset(f"{name.removesuffix('.patch')}.DEFAULT" for name in _PATCHES)
_STYLES = {
    **dict.fromkeys(_PATCHES, "dotted"),
    **dict.fromkeys(_OBJECT_PATCHES, "object"),
    **dict.fromkeys(_MULTIPLE_PATCHES, "multiple"),
}
# Arguments of `patch.multiple` that are no attributes to replace.
_OWN_ARGUMENTS = frozenset({"target", "spec", "create", "spec_set", "autospec", "new_callable"})


class Patch(Struct, frozen=True):
    """One replacement: the call, what is replaced, and by what.

    Attributes:
        target: the dotted name, or the attribute's name alone.
        owner: whose attribute is replaced: a module or a class.
        is_one_of_several: whether `patch.multiple` makes it.
    """

    call: ast.Call
    target: str
    owner: Value
    replaced: Value
    new: ast.expr | None
    new_callable: ast.expr | None
    is_one_of_several: bool = False

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
                yield from self.of_call(node, definition.scope)
        for inside in own_nodes_of(definition.node, ast.Call):
            yield from self.of_call(inside, inner)

    def of_call(self, call: ast.Call, scope: Scope) -> Iterator[Patch]:
        """Yield the replacements that a call makes; `patch.multiple` makes several."""
        match self._style(call.func, scope), call.args:
            case "dotted", [target, *rest]:
                if text := self._text(target, scope):
                    yield self._made(call, text, self._owner(text), rest)
            case "object", [owner, name, *rest]:
                if text := self._text(name, scope):
                    yield self._made(call, text, self._instance_or_value(owner, scope), rest)
            case "multiple", [target, *_]:
                yield from self._several(call, target, scope)
            case "setattr", [target, new]:
                if text := self._text(target, scope):
                    yield self._made(call, text, self._owner(text), [new])
            case "setattr", [owner, name, new]:
                if text := self._text(name, scope):
                    yield self._made(call, text, self._instance_or_value(owner, scope), [new])
            case _:
                return

    def _text(self, node: ast.expr, scope: Scope) -> str | None:
        return text_of(node, self._module, scope, self._resolver)

    def _several(self, call: ast.Call, target: ast.expr, scope: Scope) -> Iterator[Patch]:
        """`patch.multiple("shop", fetch=DEFAULT, send=AsyncMock())`."""
        text = self._text(target, scope)
        owner = self._instance_or_value(target, scope) if text is None else self._named(text)
        keywords = {one.arg: one.value for one in call.keywords}
        for name, value in keywords.items():
            if name is None or name in _OWN_ARGUMENTS:
                continue
            is_default = self._resolver.dotted(value, self._module, scope) in _DEFAULT
            replaced = _only(self._resolver.attribute(owner, name))
            made_by = keywords.get("new_callable") if is_default else None
            new = None if is_default else value
            yield Patch(call, name, owner, replaced, new, made_by, is_one_of_several=True)

    def is_mocker(self, node: ast.expr, scope: Scope) -> bool:
        """Whether an expression is pytest-mock's fixture."""
        return isinstance(node, ast.Name) and self._mocks.is_mocker(node.id, scope)

    def _style(self, node: ast.expr, scope: Scope) -> str:
        dotted = self._resolver.dotted(node, self._module, scope)
        if dotted is not None:
            return _STYLES.get(dotted, "")
        match node:
            case ast.Attribute(value=mocker, attr="patch"):
                return "dotted" if self.is_mocker(mocker, scope) else ""
            case ast.Attribute(
                value=ast.Attribute(value=mocker, attr="patch"), attr="object" | "multiple" as kind
            ):
                return kind if self.is_mocker(mocker, scope) else ""
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
        return self._named(target.rpartition(".")[0] or target)

    def _named(self, dotted: str) -> Value:
        first, *rest = dotted.split(".")
        value = self._resolver.imported(first, self._module)
        for part in rest:
            value = _only(self._resolver.attribute(value, part))
        return value

    def _instance_or_value(self, owner: ast.expr, scope: Scope) -> Value:
        instance = self._mocks.instance_class(owner, scope)
        return instance or self._resolver.value(owner, self._module, scope)


def _only(values: tuple[Value, ...]) -> Value:
    return values[0] if len(values) == 1 else UNKNOWN
