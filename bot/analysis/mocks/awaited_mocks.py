"""Plain mocks that stand where the code awaits, function by function."""

import ast
from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.awaiting.instances import Instances
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.mocks.mock_targets import AwaitedPath, Targets, names_handed, places_of
from bot.analysis.mocks.mocks import (
    Making,
    MockReader,
    Setting,
    is_set_by_name,
    is_wired,
    method,
    only_assignment,
    settings,
)
from bot.analysis.mocks.patches import Patch, PatchReader
from bot.analysis.mocks.replaced_awaits import ReplacedAwaits
from bot.analysis.names.paths_of_names import (
    CALLED,
    Path,
    awaited_calls,
    path_of,
    raises_no_type_error,
)
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Function, Value
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, ImportedName, Scope
from bot.analysis.source.walking import every_node, own_nodes

# `patch.object(mock, ...)`, `patch.multiple(mock, ...)`, `monkeypatch.setattr(mock, ...)`.
_PATCHING = frozenset({"object", "multiple", "setattr"})


class AwaitedMock(Struct, frozen=True):
    """A plain mock where something awaitable must stand.

    Attributes:
        node: what is reported: the call that makes the mock, or the class given to `patch`.
        callee: the expression to replace by AsyncMock, None where a child is missing.
        child: the path that needs an AsyncMock of its own, behind the name in `owner`.
        module: where AsyncMock comes from (`unittest.mock`, or the mocker fixture's name).
        why: who awaits it.
    """

    node: ast.expr
    callee: ast.expr | None
    module: str
    why: str = ""
    owner: str = ""
    child: tuple[str, ...] = ()
    statement: ast.stmt | None = None


class AwaitedMocks:
    """Finds awaited mocks in the functions of one file."""

    def __init__(
        self, resolver: Resolver, decorators: Decorators, instances: Instances, module: Module
    ) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._module = module
        self._mocks = MockReader(resolver, instances, module)
        self._patches = PatchReader(resolver, module, self._mocks)
        self._targets = Targets(resolver)
        self._awaits = ReplacedAwaits(resolver, instances, module, self._patches)

    def in_function(self, definition: Definition) -> list[AwaitedMock]:
        """Return the awaited mocks that a function makes, each once, in source order."""
        node = definition.node
        assert isinstance(node, FunctionNode)  # noqa: S101 - only functions are asked
        if not self._mentions_mocks(node):
            return []
        scope = self._module.scope_of(node)
        found: dict[ast.expr, AwaitedMock] = {}
        for one in (
            *self._patched(definition, scope),
            *self._standing_for_methods(definition, scope),
            *self._awaited(node, scope),
            *self._inline(node, scope),
        ):
            found.setdefault(one.node, one)
        return sorted(found.values(), key=lambda one: (one.node.lineno, one.node.col_offset))

    def _mentions_mocks(self, node: FunctionNode) -> bool:
        """Whether the text of a function, its decorators included, names a mock at all."""
        source = self._module.source
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        start, end = source.line_starts[first - 1], node.end_lineno or node.lineno
        stop = source.line_starts[end] if end < len(source.line_starts) else len(source.text)
        text = source.text[start:stop]
        # A test that speaks of TypeErrors may well want this one.
        return "TypeError" not in text and any(name in text for name in self._names)

    @cached_property
    def _names(self) -> frozenset[str]:
        """What mocks are called in this file: `Mock`, and names that they were imported as."""
        return frozenset(
            {"Mock"}
            | {
                name
                for name, bindings in self._module.scope.bindings.items()
                for one in bindings
                if isinstance(one.meaning, ImportedName) and one.meaning.name.endswith("Mock")
            }
        )

    # -- patched over an async function ---------------------------------------------------------

    def _patched(self, definition: Definition, scope: Scope) -> Iterator[AwaitedMock]:
        for patch in self._patches.patches(definition):
            if patch.is_opaque or not self._is_async(patch.replaced):
                continue
            found = (
                self._made_here(patch.new, definition, scope)
                if patch.new is not None
                else self._made_by_class(patch, definition, scope)
            )
            where = found and self._awaits.where(definition, patch.owner, patch.name)
            if found is not None and where:
                why = f"`{patch.target}` is an async function, and {where} awaits it"
                yield replace(found, why=why)

    def _made_by_class(
        self, patch: Patch, definition: Definition, scope: Scope
    ) -> AwaitedMock | None:
        node = patch.new_callable
        module = node and self._mocks.class_name(node, scope)
        if node is None or not module:
            return None
        fake = ast.Call(func=node, args=[], keywords=_mock_arguments(patch.call))
        if not self._mocks.cannot_be_awaited(Making(fake, module), scope):
            return None
        if _mentions(definition.node, "side_effect") or _mentions(definition.node, "return_value"):
            return None
        return AwaitedMock(node, node, module)

    def _made_here(
        self, new: ast.expr, definition: Definition, scope: Scope
    ) -> AwaitedMock | None:
        name = new.id if isinstance(new, ast.Name) else ""
        making = self._mocks.making(only_assignment(scope, name) if name else new, scope)
        if making is None or not self._mocks.cannot_be_awaited(making, scope):
            return None
        node = definition.node
        assert isinstance(node, FunctionNode)  # noqa: S101 - only functions are asked
        if _mentions(node, "side_effect") or (name and self._is_set_up(node, Path(name), scope)):
            return None
        return AwaitedMock(making.call, making.call.func, making.module)

    def _is_async(self, value: Value) -> bool:
        if not isinstance(value, Function):
            return False
        return self._decorators.decorated(value).kind is Kind.COROUTINE

    # -- set as a method that is async in the class it stands for ----------------------------

    def _standing_for_methods(self, definition: Definition, scope: Scope) -> Iterator[AwaitedMock]:
        node = definition.node
        assert isinstance(node, FunctionNode)  # noqa: S101 - only functions are asked
        for setting in settings(node):
            making = self._mocks.making(setting.value, scope)
            if making is None or len(setting.path.segments) != 1:
                continue
            name = setting.path.segments[0]
            owner = self._mocks.instance_class(ast.Name(id=setting.path.root), scope)
            function = method(self._resolver, owner, name) if owner else None
            if owner is None or function is None or not self._is_async(function):
                continue
            if self._fails(making, setting.path, node, scope):
                if where := self._awaits.where(definition, owner, name):
                    why = f"`{function.definition.qualname}` is async, and {where} awaits it"
                    yield AwaitedMock(making.call, making.call.func, making.module, why)

    # -- awaited here, or where it is handed to ------------------------------------------------

    def _awaited(self, node: FunctionNode, scope: Scope) -> Iterator[AwaitedMock]:
        for name in scope.bindings:
            value = only_assignment(scope, name)
            making = self._mocks.making(value, scope)
            if making is None or self._is_prepared_elsewhere(node, name, scope):
                continue
            for path in self._paths(node, name, scope):
                found = self._at_path(making, name, path, node, scope)
                if found is not None:
                    yield found

    def _is_prepared_elsewhere(self, node: FunctionNode, name: str, scope: Scope) -> bool:
        """Whether other code may have given a mock awaitable children before it is awaited."""
        if is_set_by_name(node, name) or _is_aliased(node, name):
            return True
        if any(_sets_children(one, name) for one in _nested(node)):
            return True
        for call in own_nodes(node):
            if not isinstance(call, ast.Call) or not any(places_of(call, name)):
                continue
            if isinstance(call.func, ast.Attribute) and call.func.attr in _PATCHING:
                return True
            callee = self._callee(call, scope)
            if isinstance(callee, Function):
                for parameter in self._names_handed(call, name, callee, scope):
                    if _sets_children(callee.node, parameter):
                        return True
        return False

    def _inline(self, node: FunctionNode, scope: Scope) -> Iterator[AwaitedMock]:
        """Mocks that are made where they are handed on or awaited: `await run(Mock())`."""
        for call in own_nodes(node):
            if isinstance(call, ast.Await):
                yield from self._made_and_awaited(call, node, scope)
            if not isinstance(call, ast.Call):
                continue
            for argument in (*call.args, *(one.value for one in call.keywords)):
                making = self._mocks.making(argument, scope)
                if making is None or raises_no_type_error(node, call):
                    continue
                for path in self._handed(call, argument, node, scope):
                    found = self._at_path(making, "", path, node, scope)
                    if found is not None:
                        yield found

    def _made_and_awaited(
        self, awaited: ast.Await, node: FunctionNode, scope: Scope
    ) -> Iterator[AwaitedMock]:
        """`await Mock()()`."""
        if not isinstance(awaited.value, ast.Call):
            return
        making = self._mocks.making(awaited.value.func, scope)
        if making is None or raises_no_type_error(node, awaited):
            return
        if self._mocks.cannot_be_awaited(making, scope):
            why = "this function awaits it"
            yield AwaitedMock(making.call, making.call.func, making.module, why)

    def _paths(self, node: FunctionNode, name: str, scope: Scope) -> Iterator[AwaitedPath]:
        for call in awaited_calls(node):
            if call.path.root == name:
                yield AwaitedPath(call.path.segments, call.certain, "this function")
        for one in own_nodes(node):
            if isinstance(one, ast.Call) and any(places_of(one, name)):
                if not raises_no_type_error(node, one):
                    yield from self._handed(one, name, node, scope)

    def _handed(
        self, call: ast.Call, handed: str | ast.expr, node: FunctionNode, scope: Scope
    ) -> Iterator[AwaitedPath]:
        callee = self._callee(call, scope)
        if isinstance(callee, Class):
            if any(_sets_children(node, one) for one in _names_given(node, call)):
                return
            for position, keyword in places_of(call, handed):
                attribute = self._targets.attribute_of(callee, position, keyword)
                for called in _methods_called(node, call):
                    if attribute is not None:
                        yield from self._targets.awaited_by_method(callee, called, attribute)
        elif isinstance(callee, Function):
            for parameter in self._names_handed(call, handed, callee, scope):
                yield from self._targets.awaited(callee, parameter)

    def _names_handed(
        self, call: ast.Call, handed: str | ast.expr, callee: Function, scope: Scope
    ) -> Iterator[str]:
        bound = self._resolver.fills_first(callee, call.func, self._module, scope)
        return names_handed(call, handed, callee, bound=bound)

    def _callee(self, call: ast.Call, scope: Scope) -> Value | None:
        """Return what is called: a function or class, or the method of a known instance."""
        if isinstance(call.func, ast.Attribute):
            owner = self._mocks.instance_class(call.func.value, scope)
            if owner is not None:
                return method(self._resolver, owner, call.func.attr)
        return self._resolver.value(call.func, self._module, scope)

    def _at_path(
        self, making: Making, name: str, path: AwaitedPath, node: FunctionNode, scope: Scope
    ) -> AwaitedMock | None:
        """Return the mock at a path of the mock `name`, if awaiting its call must fail."""
        full = Path(name, path.segments)
        nearest, value = self._nearest(making, name, full, node)
        why = f"{path.where} awaits it"
        inner = making if nearest.segments == () else self._mocks.making(value, scope)
        if inner is None or inner.is_opaque:
            return None
        explicit = nearest == full
        if explicit and (path.certain or path.segments):
            if not self._fails(inner, full, node, scope):
                return None
            return AwaitedMock(inner.call, inner.call.func, inner.module, why)
        if not path.certain or self._is_set_up(node, full, scope):
            return None
        return AwaitedMock(
            inner.call, None, inner.module, why, owner=name, child=path.segments,
            statement=_statement_of(node, name),
        )  # fmt: skip

    def _nearest(
        self, making: Making, name: str, full: Path, node: FunctionNode
    ) -> tuple[Path, ast.expr | None]:
        """Return the longest path on the way that was set, and to what."""
        best: tuple[Path, ast.expr | None] = (Path(name), making.call)
        children = [Setting(Path(name, (key,)), value) for key, value in making.children.items()]
        for setting in (*children, *settings(node)):
            if full.under(setting.path) is not None:
                if len(setting.path.segments) >= len(best[0].segments):
                    best = (setting.path, setting.value)
        return best

    def _fails(self, making: Making, path: Path, node: FunctionNode, scope: Scope) -> bool:
        if not self._mocks.cannot_be_awaited(making, scope):
            return False
        return not self._is_set_up(node, path, scope)

    def _is_set_up(self, node: FunctionNode, path: Path, scope: Scope) -> bool:
        """Whether a side effect, or a return value that may be awaitable, is set on a path."""
        if is_wired(node, path):
            return True
        returned = Path(path.root, (*path.segments, CALLED))
        for setting in settings(node):
            if setting.path == returned and not self._mocks.is_plain_value(setting.value, scope):
                return True
        return False


def _is_aliased(node: FunctionNode, name: str) -> bool:
    """Whether a child of a mock, or its `__dict__`, can be changed without naming it."""
    for one in own_nodes(node):
        match one:
            case ast.Attribute(value=ast.Name(id=owner), attr="__dict__") if owner == name:
                return True
            case ast.Call(func=ast.Name(id="vars"), args=[ast.Name(id=owner)]) if owner == name:
                return True
            case _:
                pass
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            path = path_of(one.value)
            if path is not None and path.root == name and one.targets[0].id != name:
                if not isinstance(one.value, ast.Call):
                    return True
    return False


def _nested(node: FunctionNode) -> Iterator[FunctionNode]:
    """Yield the functions that are defined inside one."""
    return (one for one in every_node(node) if isinstance(one, FunctionNode) and one is not node)


def _sets_children(node: FunctionNode, parameter: str) -> bool:
    return is_set_by_name(node, parameter) or any(
        one.path.root == parameter for one in settings(node)
    )


def _mock_arguments(call: ast.Call) -> list[ast.keyword]:
    """Return the arguments of `patch` that it hands to the mock it makes."""
    own = {"new", "spec", "create", "spec_set", "autospec", "new_callable", "unsafe"}
    return [one for one in call.keywords if one.arg not in own]


def _mentions(node: ast.AST, attribute: str) -> bool:
    return any(
        isinstance(one, ast.Attribute) and one.attr == attribute for one in every_node(node)
    )


def _methods_called(node: FunctionNode, made: ast.Call) -> Iterator[str]:
    """Yield the methods that are called on what a constructor call made."""
    names = _names_given(node, made)
    for one in own_nodes(node):
        match one:
            case ast.Call(func=ast.Attribute(value=value, attr=attribute)):
                if value is made or (isinstance(value, ast.Name) and value.id in names):
                    yield attribute
            case ast.Call(func=called):
                if called is made or (isinstance(called, ast.Name) and called.id in names):
                    yield "__call__"
            case _:
                continue


def _names_given(node: FunctionNode, made: ast.Call) -> frozenset[str]:
    """Return the names that what a call made is assigned to."""
    return frozenset(
        target.id
        for one in own_nodes(node)
        if isinstance(one, ast.Assign) and one.value is made
        for target in one.targets
        if isinstance(target, ast.Name)
    )


def _statement_of(node: FunctionNode, name: str) -> ast.stmt | None:
    """Return the statement that binds a name, if it stands in a block of its own lines."""
    for one in own_nodes(node):
        match one:
            case ast.Assign(targets=[ast.Name(id=target)]) if target == name:
                return one
            case ast.AnnAssign(target=ast.Name(id=target)) if target == name:
                return one
            case _:
                continue
    return None
