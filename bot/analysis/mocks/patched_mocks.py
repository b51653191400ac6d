"""What `patch` puts in the place of what it replaces, and which parameters it fills.

Without `new` it makes an AsyncMock over an async function and a MagicMock over anything else; a
`functools.wraps` wrapper, a class and an instance count as anything else (observed on
unittest.mock of 3.11 to 3.13).
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.mocks.mocks import MockReader
from bot.analysis.mocks.patches import Patch, PatchReader
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function, Package, Value
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Scope

# Arguments of `patch` that are none of the mock that it makes.
_OWN_ARGUMENTS = frozenset(
    {
        "target",
        "attribute",
        "new",
        "spec",
        "create",
        "spec_set",
        "autospec",
        "new_callable",
        "unsafe",
    }
)
_SPECS = frozenset({"spec", "spec_set", "autospec"})
_PREFIX = "test"  # unittest.mock.patch.TEST_PREFIX
_PLAIN_KINDS = frozenset({Kind.SYNC, Kind.ASYNC_GENERATOR, Kind.LOST, Kind.RUN})


def gives_coroutines(value: Value, decorators: Decorators) -> Answer:
    """Return whether a mock that stands for a value is an AsyncMock."""
    match value:
        case Function():
            kind = decorators.decorated(value).kind
            if kind is Kind.COROUTINE:
                return Answer.YES
            return Answer.NO if kind in _PLAIN_KINDS else Answer.UNKNOWN
        case Class() | Package():
            return Answer.NO
        case _:
            return Answer.UNKNOWN


def makes_async(patch: Patch, scope: Scope, mocks: MockReader, decorators: Decorators) -> Answer:
    """Return whether a patch without `new` makes an AsyncMock."""
    if patch.new_callable is not None:
        found = mocks.mock_class(patch.new_callable, scope)
        return Answer.of(None if found is None else found.is_async)
    if any(patch.argument(name) is not None for name in ("spec", "spec_set")):
        return Answer.UNKNOWN
    return gives_coroutines(patch.replaced, decorators)


def has_spec(patch: Patch) -> bool:
    """Whether a patch limits what its mock can do."""
    return any(one.arg in _SPECS for one in patch.call.keywords)


def mock_arguments(patch: Patch) -> tuple[ast.keyword, ...]:
    """Return the arguments of a patch that it hands to the mock that it makes."""
    if patch.is_one_of_several:
        return ()
    return tuple(one for one in patch.call.keywords if one.arg not in _OWN_ARGUMENTS)


def filled_parameters(
    definition: Definition, module: Module, patches: PatchReader, resolver: Resolver
) -> dict[str, Patch]:
    """Return the parameters that patches around a function fill, and with what.

    Decorators fill positional parameters from the innermost on, those of a class after those of
    the function; `patch.multiple` fills by name. Where another decorator may fill parameters in
    ways of its own, nothing is said: what one around the patches hands on comes first.
    """
    assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
    positional = [
        one.arg for one in (*definition.node.args.posonlyargs, *definition.node.args.args)
    ]
    waiting = iter(positional[int(definition.owner is not None) :])
    filled: dict[str, Patch] = {}
    for node, scope in _decorators(definition):
        made = list(patches.of_call(node, scope)) if isinstance(node, ast.Call) else []
        if not made and not _is_harmless(node, module, scope, resolver):
            return {}
        for patch in made:
            if patch.new is None:
                name = patch.name if patch.is_one_of_several else next(waiting, "")
                filled[name] = patch
    return filled


def _decorators(definition: Definition) -> Iterator[tuple[ast.expr, Scope]]:
    assert isinstance(definition.node, FunctionNode)  # noqa: S101 - only functions are asked
    for node in reversed(definition.node.decorator_list):
        yield node, definition.scope
    owner = definition.owner
    if owner is not None and definition.name.startswith(_PREFIX):
        for node in reversed(owner.node.decorator_list):
            yield node, owner.scope


def _is_harmless(node: ast.expr, module: Module, scope: Scope, resolver: Resolver) -> bool:
    """Whether a decorator is known to fill no positional parameter: marks, skips and the like."""
    callee = node.func if isinstance(node, ast.Call) else node
    found = resolver.value(callee, module, scope)
    return isinstance(found, External) and found.dotted.partition(".")[0] in _HARMLESS


_HARMLESS = frozenset(
    {"pytest", "unittest", "mock", "builtins", "freezegun", "time_machine", "django"}
)
