"""Calls that make mocks, and calls that put something in another's place.

unittest.mock, its backport `mock`, and the fixtures of pytest-mock; a name that a file has under
another name, or from another file, counts too.
"""

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.analysis.awaiting.instances import Instances
from bot.analysis.mocks.mocks import MockReader
from bot.analysis.names.named_symbols import dotted_name
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Value
from bot.analysis.source.module import Module
from bot.analysis.source.placed_nodes import calls
from bot.analysis.source.scopes import Scope

_MODULES = ("unittest.mock.", "mock.mock.", "mock.")
_MAKING = frozenset(
    {
        "Mock", "MagicMock", "AsyncMock", "NonCallableMock", "NonCallableMagicMock",
        "PropertyMock", "ThreadingMock", "create_autospec", "mock_open",
    }
)  # fmt: skip
# `patch.dict` sets values, which need be no mocks.
_PATCHING = frozenset({"patch", "patch.object", "patch.multiple"})
# Of pytest-mock alone (https://pytest-mock.readthedocs.io/en/latest/usage.html).
_STUBS = frozenset({"stub", "async_stub"})
_SPECS = frozenset({"spec", "spec_set"})


class MockCall(Struct, frozen=True):
    """One call.

    Attributes:
        name: what is called, as its documentation names it (`Mock`, `patch.object`).
        patches: whether it puts something in another's place.
        symbol: the definition that it stands in.
    """

    call: ast.Call
    name: str
    patches: bool
    scope: Scope
    symbol: str


class MockCalls:
    """Finds the calls of one file."""

    def __init__(self, resolver: Resolver, instances: Instances, module: Module) -> None:
        self._resolver = resolver
        self._module = module
        self._mocks = MockReader(resolver, instances, module)

    def all(self) -> Iterator[MockCall]:
        """Yield the calls, in order."""
        for call, placed in calls(self._module):
            name = self._called(call.func, placed.scope)
            if name in _MAKING | _PATCHING | _STUBS:
                patches = name in _PATCHING
                yield MockCall(call, name, patches, placed.scope, placed.symbol)

    def subjects(self, call: MockCall) -> Iterator[str]:
        """Yield dotted names of what a call replaces or imitates, as far as they are known."""
        match call.name, call.call.args:
            case "patch", [ast.Constant(value=str(target)), *_]:
                yield target
                yield from self._names(self._imported(target))
            case "patch.object", [owner, ast.Constant(value=str(attribute)), *_]:
                for value in self._resolver.values(owner, self._module, call.scope):
                    yield from (f"{name}.{attribute}" for name in self._names([value]))
                    yield from self._names(self._resolver.attribute(value, attribute))
            case "create_autospec" | "patch.multiple", [subject, *_]:
                yield from self._names(self._resolver.values(subject, self._module, call.scope))
            case _:
                pass
        for keyword in call.call.keywords:
            if keyword.arg in _SPECS:
                found = self._resolver.values(keyword.value, self._module, call.scope)
                yield from self._names(found)

    def _imported(self, target: str) -> tuple[Value, ...]:
        first, *rest = target.split(".")
        found: tuple[Value, ...] = (self._resolver.imported(first, self._module),)
        for name in rest:
            found = tuple(
                value for owner in found for value in self._resolver.attribute(owner, name)
            )
        return found

    def _names(self, values: Iterable[Value]) -> Iterator[str]:
        return (name for value in values if (name := dotted_name(value)) is not None)

    def _called(self, node: ast.expr, scope: Scope) -> str:
        """Return what a mocking library calls the thing that is called; empty if not theirs."""
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if self._mocks.is_mocker(
                name, scope
            ):
                return attribute
            case ast.Attribute(
                value=ast.Attribute(value=ast.Name(id=name), attr="patch"), attr=attribute
            ) if self._mocks.is_mocker(name, scope):
                return f"patch.{attribute}"
            case _:
                return self._imported_name(node, scope)

    def _imported_name(self, node: ast.expr, scope: Scope) -> str:
        dotted = self._resolver.dotted(node, self._module, scope) or ""
        prefix = next((one for one in _MODULES if dotted.startswith(one)), None)
        return dotted.removeprefix(prefix) if prefix else ""
