"""AsyncMocks that stand for sync functions: patched over one, or set as a method that is sync."""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.awaiting.plain_functions import gives_plain_value
from bot.analysis.facts import Facts
from bot.analysis.mocks.mocks import method, only_assignment
from bot.analysis.names.values import Function
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import own_nodes

_DECIDING = frozenset({"spec", "spec_set", "wraps"})


class SyncDouble(Struct, frozen=True):
    """An AsyncMock in the place of a sync function.

    Attributes:
        node: the call that makes it, or the class that `patch` makes it of.
        mock_class: the name `AsyncMock` as it is written there.
        function: what it stands for.
    """

    node: ast.expr
    mock_class: ast.expr
    function: Function


class SyncDoubles:
    """Finds them in one file."""

    def __init__(self, facts: Facts, module: Module) -> None:
        self._facts = facts
        self._module = module
        self._reader, self._patches = facts.mocks.readers(module)

    def in_function(self, definition: Definition) -> Iterator[SyncDouble]:
        """Yield those that a function makes, or that are patched around it."""
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
        scope = self._module.scope_of(definition.node)
        for patch in self._patches.patches(definition):
            replaced = patch.replaced
            if not isinstance(replaced, Function) or not self._is_plain(replaced):
                continue
            if patch.new is not None:
                yield from self._made(patch.new, replaced, scope)
            elif patch.new_callable is not None and self._is_async(patch.new_callable, scope):
                yield SyncDouble(patch.new_callable, patch.new_callable, replaced)
        for node in own_nodes(definition.node):
            match node:
                case ast.Assign(targets=[ast.Attribute(value=owner, attr=name)], value=value):
                    function = self._method(owner, name, scope)
                    if function is not None and self._is_plain(function):
                        yield from self._made(value, function, scope)
                case _:
                    continue

    def _made(self, node: ast.expr, function: Function, scope: Scope) -> Iterator[SyncDouble]:
        made = only_assignment(scope, node.id) if isinstance(node, ast.Name) else node
        if not isinstance(made, ast.Call) or not self._is_async(made.func, scope):
            return
        if not made.args and all(one.arg not in _DECIDING for one in made.keywords):
            yield SyncDouble(made, made.func, function)

    def _is_async(self, node: ast.expr, scope: Scope) -> bool:
        found = self._reader.mock_class(node, scope)
        return found is not None and found.is_async

    def _is_plain(self, function: Function) -> bool:
        return gives_plain_value(function, self._facts.decorators, self._facts.awaitables)

    def _method(self, owner: ast.expr, name: str, scope: Scope) -> Function | None:
        """Return the method of the class that a value is certainly an instance of."""
        stands_for = self._facts.instances.class_of(owner, self._module, scope)
        return method(self._facts.resolver, stands_for, name) if stands_for is not None else None
