"""Whether what a test puts in the place of an async function is awaited on the test's way.

A mock that nothing awaits is right as it is: code may hand the function on, start a task with
it, or never come to it. Where the way cannot be followed (a fixture, a client of a framework),
a mock of which the test holds that it is called counts as awaited if the replaced name is never
used otherwise where it lives.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.instances import Instances
from bot.analysis.mocks.patches import PatchReader
from bot.analysis.mocks.reach import Reached, ReachReader
from bot.analysis.mocks.uses import How, Use, UseReader
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Function, Package, Value
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode

# Words of a test that a mock is to be called, or never.
_CALLED = ("assert_called", "assert_any_call", "assert_has_calls", "call_args")
_EXPECTING = ("return_value", *_CALLED)
_EXCLUDING = ("assert_not_called", "assert_not_awaited", ".called", "call_count", "await_count")


class ReplacedAwaits:
    """Answers for the functions of one file."""

    def __init__(
        self, resolver: Resolver, instances: Instances, module: Module, patches: PatchReader
    ) -> None:
        self._resolver = resolver
        self._module = module
        self._patches = patches
        self._reaches = ReachReader(resolver, instances)

    def where(self, definition: Definition, owner: Value, name: str) -> str | None:
        """Return who awaits `owner.name` on the way of a function; None where that is unsure."""
        text = self._text(definition)
        if any(word in text for word in _EXCLUDING):
            return None
        uses = UseReader(self._resolver, owner, name)
        reach = self._reaches.of(self._start(definition), self._replaced(definition, owner, name))
        found = [use for one in reach.functions for use in _certain_as(one, uses)]
        if any(use.how is How.OTHERWISE for use in found):
            return None
        awaited = [use for use in found if use.how is How.AWAITED]
        expected = any(word in text for word in _EXPECTING)
        asserted = any(word in text for word in _CALLED)
        if not awaited and asserted and not (reach.complete and _is_test(definition)):
            awaited = self._where_it_lives(owner, uses)
        for use in awaited:
            if use.certain or expected:
                return _named(use, definition)
        return None

    def _where_it_lives(self, owner: Value, uses: UseReader) -> list[Use]:
        """Return how the module of the replaced name awaits it; nothing if it does otherwise."""
        module = _home(owner, self._resolver)
        if module is None:
            return []
        functions = (Function(module, one) for one in module.functions())
        found = [use for function in functions for use in uses.of(function)]
        return found if all(use.how is How.AWAITED for use in found) else []

    def _start(self, definition: Definition) -> Reached:
        receiver = Class(self._module, definition.owner) if definition.owner else None
        return Reached(Function(self._module, definition), receiver)

    def _replaced(self, definition: Definition, owner: Value, name: str) -> frozenset[Value]:
        patched = {one.replaced for one in self._patches.patches(definition)}
        return frozenset(patched | set(self._resolver.attribute(owner, name)))

    def _text(self, definition: Definition) -> str:
        """Return the code of a function, its decorators included."""
        node = definition.node
        assert isinstance(node, FunctionNode)  # noqa: S101 - only functions are asked
        return ast.unparse(node)


def _certain_as(reached: Reached, uses: UseReader) -> Iterator[Use]:
    """Yield the uses in a function, as certain as it is that the function is come to."""
    for use in uses.of(reached.function):
        yield Use(use.how, use.function, use.certain and reached.certain)


def _home(owner: Value, resolver: Resolver) -> Module | None:
    match owner:
        case Class(module=module):
            return module
        case Package(path=str(path)):
            return resolver.project.module(path)
        case _:
            return None


def _is_test(definition: Definition) -> bool:
    return definition.name.startswith("test")


def _named(use: Use, definition: Definition) -> str:
    if use.function.definition is definition:
        return "this function"
    return f"`{use.function.definition.qualname}` ({use.function.module.path})"
