"""Which names a test may have replaced by mocks or stand-ins while it runs.

Read off the text, on the safe side, in the test itself and in all that is not another test: every
attribute that is set counts, and every name that is handed to a function that patches. Where one
gets its name from elsewhere, every string counts.
"""

import ast
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Scope
from bot.analysis.source.walking import every_node, nodes_outside

# Functions that replace an attribute, of unittest.mock, pytest, pytest-mock and their like.
_REPLACING = frozenset(
    {
        "object", "multiple", "setattr", "delattr", "spy", "stub", "setitem", "replace",
        "configure_mock", "attach_mock", "allow", "expect", "when", "flexmock", "should_receive",
    }
)  # fmt: skip
# Keywords by which a test chooses the double itself (docs.python.org/3/library/unittest.mock).
_DECIDING = frozenset({"new", "new_callable", "spec", "spec_set", "create"})


class Replacements(Struct, frozen=True):
    """What a piece of code replaces.

    Attributes:
        names: attributes that are set, and names that patching functions are handed.
        patched: names that patching functions are handed, alone.
        mocked: names that `unittest.mock` puts a double of its own choice in the place of.
        strings: all other strings that could be such names.
        is_open: whether a patching function gets its name from elsewhere.
    """

    names: frozenset[str] = frozenset()
    patched: frozenset[str] = frozenset()
    mocked: frozenset[str] = frozenset()
    strings: frozenset[str] = frozenset()
    is_open: bool = False


class ReplacedNames:
    """Looks for replacements. `plugin_modules` gives the conftest files and plugins of a file."""

    def __init__(
        self, resolver: Resolver, plugin_modules: Callable[[Module], tuple[Module, ...]]
    ) -> None:
        self._resolver = resolver
        self._plugin_modules = plugin_modules

    def may_hold(
        self, name: str, module: Module, scope: Scope, *, mocks_are_async: bool = False
    ) -> bool:
        """Whether `name` may mean something else while the code of a scope runs.

        With `mocks_are_async`, what `unittest.mock` itself puts in its place is async as well.
        """
        found = self._all(module, scope)
        if any(name in one.names for one in found):
            return True
        if not mocks_are_async and any(name in one.mocked for one in found):
            return True
        return _is_open_to(frozenset({name}), found)

    def may_be_patched(self, names: frozenset[str], module: Module, scope: Scope) -> bool:
        """Whether patching may have put a double in the place of one of the names.

        For names on the way to what is called: an attribute that is set there holds what it is
        set to, and what that is can be told.
        """
        found = self._all(module, scope)
        return any(names & one.patched for one in found) or _is_open_to(names, found)

    def _all(self, module: Module, scope: Scope) -> list[Replacements]:
        found = [*self._around(module, scope)]
        return [*found, *(self._outside_tests(one) for one in self._plugin_modules(module))]

    def _around(self, module: Module, scope: Scope) -> Iterator[Replacements]:
        yield self._outside_tests(module)
        function, owner = _enclosing(module, scope)
        if function is not None:
            yield self._made_in(function.node)
        if owner is not None:
            for ancestor in self._resolver.mro(Class(module, owner)):
                if isinstance(ancestor, Class) and ancestor.module is not module:
                    yield self._outside_tests(ancestor.module)

    def _made_in(self, node: ast.AST) -> Replacements:
        return self._resolver.project.remember(
            ("replaced in", node), lambda: _replacements(every_node(node)), cyclic=Replacements()
        )

    def _outside_tests(self, module: Module) -> Replacements:
        return self._resolver.project.remember(
            ("replaced outside tests", module),
            lambda: _replacements(nodes_outside(module.tree, _is_test)),
            cyclic=Replacements(),
        )


def _enclosing(module: Module, scope: Scope) -> tuple[Definition | None, Definition | None]:
    """Return the outermost function around a scope, and the class that it stands in."""
    if isinstance(scope.node, ast.Module):
        return None, None
    current: Definition | None = module.definition(scope.node)
    function: Definition | None = None
    while current is not None:
        if not current.is_class:
            function = current
        current = current.outer
    return function, function.owner if function is not None else None


def _is_test(function: FunctionNode) -> bool:
    return function.name.startswith("test")


def _replacements(nodes: Sequence[ast.AST]) -> Replacements:
    """Return what nodes replace; what an async double stands for stays what it is."""
    doubles = _async_names(nodes)
    kept: set[ast.AST] = set()
    names: set[str] = set()
    patched: set[str] = set()
    mocked: set[str] = set()
    strings: set[str] = set()
    is_open = False
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value) if _is_async(value, doubles):
                kept.update(targets)
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()) if node not in kept:
                names.add(name)
            case ast.Constant(value=str(text)):
                strings.add(text.rpartition(".")[2])
            case ast.Call(func=func, args=arguments, keywords=keywords) if _replaces(func):
                chosen = mocked if _leaves_choice(node) else names
                patched.update(_names_of(arguments))
                patched.update(one.arg for one in keywords if one.arg)
                names.update(one.arg for one in keywords if one.arg)
                if not any(_is_async(one, doubles) for one in _doubles(node)):
                    chosen.update(_names_of(arguments))
                is_open = is_open or _is_open(arguments)
            case _:
                continue
    return Replacements(
        frozenset(names), frozenset(patched), frozenset(mocked), frozenset(strings), is_open
    )


def _is_open_to(names: frozenset[str], found: Sequence[Replacements]) -> bool:
    """Whether a patching function may get one of the names from elsewhere."""
    return any(one.is_open for one in found) and any(names & one.strings for one in found)


def _async_names(nodes: Sequence[ast.AST]) -> frozenset[str]:
    """Return the names that only async functions have here."""
    functions = [one for one in nodes if isinstance(one, FunctionNode)]
    plain = {one.name for one in functions if isinstance(one, ast.FunctionDef)}
    bound = {
        one.id for one in nodes if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }
    return frozenset(
        one.name
        for one in functions
        if isinstance(one, ast.AsyncFunctionDef) and not one.decorator_list
    ) - (plain | bound)


def _is_async(value: ast.expr, doubles: frozenset[str]) -> bool:
    """Whether calling a double gives a coroutine: an AsyncMock, an async function."""
    match value:
        case ast.Call(func=ast.Name(id="AsyncMock") | ast.Attribute(attr="AsyncMock")):
            return True
        case ast.Name(id="AsyncMock") | ast.Attribute(attr="AsyncMock"):
            return True
        case ast.Name(id=name):
            return name in doubles
        case _:
            return False


def _doubles(call: ast.Call) -> Iterator[ast.expr]:
    """Yield what a patching call may put in the place: its last argument, `new`."""
    if len(call.args) > 1:
        yield call.args[-1]
    yield from (one.value for one in call.keywords if one.arg in {"new", "new_callable"})


def _leaves_choice(call: ast.Call) -> bool:
    """Whether `unittest.mock` chooses the double: an AsyncMock for an async function."""
    if any(one.arg is None or one.arg in _DECIDING for one in call.keywords):
        return False
    match call.func:
        case ast.Name(id="patch"):
            return len(call.args) == 1
        case ast.Attribute(value=ast.Name(id="mock" | "mocker"), attr="patch"):
            return len(call.args) == 1
        case ast.Attribute(
            value=ast.Name(id="patch") | ast.Attribute(attr="patch"), attr="object"
        ):
            return len(call.args) == 2  # noqa: PLR2004 - the object, and the name
        case _:
            return False


def _replaces(func: ast.expr) -> bool:
    """Whether a call puts something in an attribute's place, by its name."""
    match func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _REPLACING or "patch" in name.lower()
        case _:
            return False


def _names_of(arguments: list[ast.expr]) -> Iterator[str]:
    for one in arguments:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value.rpartition(".")[2]


def _is_open(arguments: list[ast.expr]) -> bool:
    """Whether the name of what is replaced is not written out."""
    return not any(isinstance(one, ast.Constant | ast.JoinedStr) for one in arguments)
