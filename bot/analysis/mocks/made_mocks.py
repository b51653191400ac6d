"""Which mock an expression is, wherever it was made: here, by `patch`, in set-up, in a fixture.

Children are followed too: those of an AsyncMock are AsyncMocks, those of a mock with a spec are
what the class says, and what code sets in their place comes first (observed on unittest.mock of
3.11 to 3.13).
"""

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.answer import Answer
from bot.analysis.awaiting.attributes import attribute_sources
from bot.analysis.awaiting.instances import Instances
from bot.analysis.awaiting.parameters import FindFixture
from bot.analysis.collection.decorators import Decorators
from bot.analysis.fixtures.fixtures import Fixture, Fixtures
from bot.analysis.mocks.mocks import MockReader, Setting, only_assignment, settings_among
from bot.analysis.mocks.patched_mocks import (
    filled_parameters,
    gives_coroutines,
    has_spec,
    makes_async,
    mock_arguments,
)
from bot.analysis.mocks.patches import Patch, PatchReader
from bot.analysis.names.paths_of_names import CALLED, Path, path_of
from bot.analysis.names.resolver import Resolver, owner_class
from bot.analysis.names.values import Class, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import (
    Assigned,
    Binding,
    Entered,
    FunctionNode,
    Parameter,
    Scope,
)
from bot.analysis.source.walking import every_node, own_nodes, own_returns

_SPECS = frozenset({"spec", "spec_set"})
_ENTERING = frozenset({"enter_context", "enterContext", "enterClassContext"})
_AUTOSPEC = frozenset({"unittest.mock.create_autospec", "mock.create_autospec"})
# Attributes of mocks that are no mocks themselves.
_OWN_ATTRIBUTES = frozenset(
    {
        "called", "call_count", "call_args", "call_args_list", "method_calls", "mock_calls",
        "await_count", "await_args", "await_args_list", "side_effect", "reset_mock",
        "configure_mock", "attach_mock", "mock_add_spec",
    }
)  # fmt: skip
_OWNERS = frozenset({"self", "cls"})
_CONFIGURING = frozenset({"configure_mock", "mock_add_spec", "attach_mock"})


class Home(Struct, frozen=True):
    """Code that may configure a mock, and what the mock is called there."""

    module: Module
    scope: Scope
    path: Path

    def at(self, segment: str) -> "Home":
        """Return the home of a child."""
        return replace(self, path=Path(self.path.root, (*self.path.segments, segment)))


class MadeMock(Struct, frozen=True):
    """A mock, as far as source tells.

    Attributes:
        is_async: whether calling it gives a coroutine.
        call: what makes it, or the mock that it is a child of.
        arguments: what it was made with, as far as they configure it.
        spec: the class that it stands for.
        has_spec: whether it is limited to what something else has.
        homes: where it may be configured.
        is_child: whether it came to be as an attribute of another mock.
        stands_for: the function of the repository that it replaces.
    """

    is_async: Answer
    call: ast.Call
    arguments: tuple[ast.keyword, ...] = ()
    spec: Class | None = None
    has_spec: bool = False
    homes: tuple[Home, ...] = ()
    is_child: bool = False
    stands_for: Function | None = None

    def at_home(self, module: Module, scope: Scope, path: Path) -> "MadeMock":
        """Return the mock with one more home."""
        return replace(self, homes=(*self.homes, Home(module, scope, path)))


class MadeMocks:
    """Facts about mocks. `find_fixture` tells which fixture a test gets."""

    def __init__(
        self,
        resolver: Resolver,
        decorators: Decorators,
        instances: Instances,
        fixtures: Fixtures,
        find_fixture: FindFixture,
    ) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._instances = instances
        self._fixtures = fixtures
        self._find_fixture = find_fixture
        self._readers: dict[str, tuple[MockReader, PatchReader]] = {}

    def at(self, node: ast.expr, module: Module, scope: Scope) -> MadeMock | None:
        """Return the mock that an expression certainly is."""
        if isinstance(node, ast.Name):
            return self._of_name(node.id, module, scope)
        root = _root(node)
        if root is not node and self.at(root, module, scope) is None:
            return None  # as most are: there is nothing to remember
        return self._resolver.project.remember(
            ("mock at", node, scope.node), lambda: self._compute(node, module, scope), cyclic=None
        )

    def _compute(self, node: ast.expr, module: Module, scope: Scope) -> MadeMock | None:
        if isinstance(node, ast.Call) and (made := self._of_call(node, module, scope)):
            return made
        match node:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=attribute):
                return self._of_own_attribute(attribute, module, scope)
            case ast.Attribute(value=value, attr=attribute):
                owner = self.at(value, module, scope)
                return self._child(owner, attribute) if owner is not None else None
            case ast.Call(func=function):
                owner = self.at(function, module, scope)
                return self._child(owner, CALLED) if owner is not None else None
            case _:
                return None

    def readers(self, module: Module) -> tuple[MockReader, PatchReader]:
        """Return what reads the mocks and the patches of a file."""
        if module.path not in self._readers:
            mocks = MockReader(self._resolver, self._instances, module)
            self._readers[module.path] = mocks, PatchReader(self._resolver, module, mocks)
        return self._readers[module.path]

    # -- names -------------------------------------------------------------------------------

    def _of_name(self, name: str, module: Module, scope: Scope) -> MadeMock | None:
        current: Scope | None = scope
        while current is not None:
            if name in current.bindings and (current is scope or not current.is_class):
                bindings = current.bindings[name]
                if len(bindings) != 1:
                    return None
                return self._of_only_binding(name, bindings[0], module, current)
            current = current.parent
        return None

    def _of_only_binding(
        self, name: str, binding: Binding, module: Module, scope: Scope
    ) -> MadeMock | None:
        made = self._resolver.project.remember(
            ("mock of name", binding),
            lambda: self._of_binding(name, binding, module, scope),
            cyclic=None,
        )
        return made.at_home(module, scope, Path(name)) if made is not None else None

    def _of_binding(
        self, name: str, binding: Binding, module: Module, scope: Scope
    ) -> MadeMock | None:
        match binding.meaning:
            case Assigned(value=ast.expr() as value):
                return self.at(value, module, scope)
            case Entered(value=ast.Call() as value, is_async=False):
                return self._of_patch_call(value, module, scope) or self.at_entered(
                    value, module, scope
                )
            case Entered(value=ast.Name(id=patcher), is_async=False):
                call = only_assignment(scope, patcher)
                return self._of_patch_call(call, module, scope)
            case Parameter():
                return self._of_parameter(name, module, scope)
            case _:
                return None

    def at_entered(self, value: ast.Call, module: Module, scope: Scope) -> MadeMock | None:
        """`with make_client() as client`, where the function is a context manager."""
        callee = self._instances.callee(value.func, module, scope)
        return self._of_results(callee) if isinstance(callee, Function) else None

    def _of_own_attribute(self, name: str, module: Module, scope: Scope) -> MadeMock | None:
        """`self.client`, set by one method of the class: usually its set-up."""
        owner = _class_around(module, scope)
        if owner is None:
            return None
        sources = list(attribute_sources(owner, name, self._resolver))
        if len(sources) != 1:
            return None
        source, path = sources[0], Path("self", (name,))
        made = self._of_binding(name, source.binding, source.module, source.scope)
        if made is None:
            return None
        for node in owner.node.body:
            if isinstance(node, FunctionNode) and not node.name.startswith("test"):
                made = made.at_home(owner.module, owner.module.scope_of(node), path)
        return made.at_home(source.module, source.scope, path).at_home(module, scope, path)

    # -- parameters --------------------------------------------------------------------------

    def _of_parameter(self, name: str, module: Module, scope: Scope) -> MadeMock | None:
        assert isinstance(scope.node, FunctionNode)  # noqa: S101 - only functions have parameters
        definition = module.definition(scope.node)
        function = Function(module, definition)
        _, patches = self.readers(module)
        filled = filled_parameters(definition, module, patches, self._resolver)
        if name in filled:
            return self._of_patch(filled[name], module, definition.scope)
        if not (definition.name.startswith("test") or self._fixtures.of_function(function)):
            return None
        if _is_named_in_decorator(scope.node, name):
            return None
        fixture = self._find_fixture(name, module, owner_class(module, definition))
        if fixture is None or fixture.function == function:
            return None
        return self._of_fixture(fixture, name, module)

    def _of_fixture(self, fixture: Fixture, name: str, module: Module) -> MadeMock | None:
        made = self._of_results(fixture.function)
        if made is None:
            return None
        for where in {
            module.path: module,
            fixture.function.module.path: fixture.function.module,
        }.values():
            for other in self._fixtures.defined_in(where):
                scope = where.scope_of(other.function.node)
                if any(isinstance(one.meaning, Parameter) for one in scope.bindings.get(name, ())):
                    made = made.at_home(where, scope, Path(name))
        return made

    def _of_results(self, function: Function) -> MadeMock | None:
        """Return the mock that a function gives: it returns, or yields, in one place only."""
        return self._resolver.project.remember(
            ("mock of", function), lambda: self._compute_results(function), cyclic=None
        )

    def _compute_results(self, function: Function) -> MadeMock | None:
        yielded = [one.value for one in own_nodes(function.node) if isinstance(one, ast.Yield)]
        results = yielded or [one.value for one in own_returns(function.node.body)]
        if len(results) != 1 or results[0] is None:
            return None
        return self.at(results[0], function.module, function.module.scope_of(function.node))

    # -- calls -------------------------------------------------------------------------------

    def _of_call(self, call: ast.Call, module: Module, scope: Scope) -> MadeMock | None:
        mocks, patches = self.readers(module)
        mock_class = mocks.mock_class(call.func, scope)
        if mock_class is not None:
            return self._of_class(call, module, scope, is_async=mock_class.is_async)
        if self._resolver.dotted(call.func, module, scope) in _AUTOSPEC:
            return self._autospecced(call, module, scope)
        match call.func:
            case ast.Attribute(value=value, attr="start") if not call.args:
                return self._of_patcher(value, module, scope)
            case ast.Attribute(attr=attribute) if attribute in _ENTERING and call.args:
                return self._of_patcher(call.args[0], module, scope)
            case ast.Attribute(value=value, attr=attribute) if patches.is_mocker(value, scope):
                return self._of_mocker(call, attribute, module, scope)
            case ast.Attribute(value=ast.Attribute(value=value, attr="patch"), attr="object") if (
                patches.is_mocker(value, scope)
            ):
                return self._of_patch_call(call, module, scope)
            case _:
                return self._of_factory(call, module, scope)

    def _of_mocker(
        self, call: ast.Call, attribute: str, module: Module, scope: Scope
    ) -> MadeMock | None:
        match attribute:
            case "patch":
                return self._of_patch_call(call, module, scope)
            case "create_autospec":
                return self._autospecced(call, module, scope)
            case "stub" | "async_stub":
                return MadeMock(Answer.of(attribute == "async_stub"), call)
            case _:
                return None

    def _of_factory(self, call: ast.Call, module: Module, scope: Scope) -> MadeMock | None:
        """`make_client()`, a function of the repository that returns a mock."""
        callee = self._instances.callee(call.func, module, scope)
        if not isinstance(callee, Function) or callee.node.decorator_list:
            return None
        return self._of_results(callee) if isinstance(callee.node, ast.FunctionDef) else None

    def _of_class(
        self, call: ast.Call, module: Module, scope: Scope, *, is_async: bool
    ) -> MadeMock:
        specs = [one.value for one in call.keywords if one.arg in _SPECS]
        specs += call.args[:1]
        hidden = any(one.arg is None for one in call.keywords)
        spec = self._resolver.value(specs[0], module, scope) if len(specs) == 1 else None
        return MadeMock(
            Answer.of(is_async),
            call,
            tuple(one for one in call.keywords if one.arg not in _SPECS),
            spec if isinstance(spec, Class) else None,
            has_spec=bool(specs) or hidden,
        )

    def _autospecced(self, call: ast.Call, module: Module, scope: Scope) -> MadeMock | None:
        """`create_autospec(Service, instance=True)`, `create_autospec(fetch)`."""
        if not call.args:
            return None
        spec = self._resolver.value(call.args[0], module, scope)
        is_instance = any(
            one.arg == "instance" and isinstance(one.value, ast.Constant) and bool(one.value.value)
            for one in call.keywords
        )
        stands_for = spec if isinstance(spec, Class) and is_instance else None
        return MadeMock(
            gives_coroutines(spec, self._decorators),
            call,
            spec=stands_for,
            has_spec=True,
            stands_for=spec if isinstance(spec, Function) else None,
        )

    # -- patches -----------------------------------------------------------------------------

    def _of_patcher(self, node: ast.expr, module: Module, scope: Scope) -> MadeMock | None:
        """`patch(...)`, or a name or attribute that holds one."""
        match node:
            case ast.Call():
                return self._of_patch_call(node, module, scope)
            case ast.Name(id=name):
                return self._of_patch_call(only_assignment(scope, name), module, scope)
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                owner = _class_around(module, scope)
                sources = list(attribute_sources(owner, name, self._resolver)) if owner else []
                if len(sources) != 1:
                    return None
                value = getattr(sources[0].binding.meaning, "value", None)
                return self._of_patch_call(value, sources[0].module, sources[0].scope)
            case _:
                return None

    def _of_patch_call(
        self, call: ast.expr | None, module: Module, scope: Scope
    ) -> MadeMock | None:
        if not isinstance(call, ast.Call):
            return None
        made = list(self.readers(module)[1].of_call(call, scope))
        if len(made) != 1 or made[0].is_one_of_several:
            return None
        return self._of_patch(made[0], module, scope)

    def _of_patch(self, patch: Patch, module: Module, scope: Scope) -> MadeMock | None:
        replaced = patch.replaced if isinstance(patch.replaced, Function) else None
        if patch.new is not None:
            made = self.at(patch.new, module, scope)
            return replace(made, stands_for=replaced) if made is not None else None
        mocks, _ = self.readers(module)
        if patch.new_callable is not None and mocks.mock_class(patch.new_callable, scope) is None:
            return None
        return MadeMock(
            makes_async(patch, scope, mocks, self._decorators),
            patch.call,
            mock_arguments(patch),
            has_spec=has_spec(patch) or patch.is_opaque,
            stands_for=replaced,
        )

    # -- children ----------------------------------------------------------------------------

    def _child(self, owner: MadeMock, name: str) -> MadeMock | None:
        """Return what an attribute of a mock is; calling it is the attribute `return_value`."""
        if name in _OWN_ATTRIBUTES or name.startswith(("assert_", "__")):
            return None
        homes = tuple(one.at(name) for one in owner.homes)
        stands_for = self._method(owner, name)
        explicit = list(self._explicit(owner, name))
        if not explicit:
            is_async = self._inherited(owner, name)
            return MadeMock(
                is_async, owner.call, homes=homes, is_child=True, stands_for=stands_for
            )
        made = [self.at(value, module, scope) for value, module, scope in explicit]
        first = made[0]
        if first is None or any(one is None or one.is_async is not first.is_async for one in made):
            return None
        return replace(first, homes=(*first.homes, *homes), stands_for=stands_for)

    def _method(self, owner: MadeMock, name: str) -> Function | None:
        """Return the method of the class that a mock stands for."""
        if owner.spec is None or name == CALLED:
            return None
        found = self._resolver.class_attribute(owner.spec, name)
        return found[0] if len(found) == 1 and isinstance(found[0], Function) else None

    def _explicit(self, owner: MadeMock, name: str) -> Iterator[tuple[ast.expr, Module, Scope]]:
        """Yield what is put in a child's place: by an argument of the mock, by an assignment."""
        where = owner.homes[0] if owner.homes else None
        for keyword in owner.arguments:
            if keyword.arg == name and where is not None:
                yield keyword.value, where.module, where.scope
        for home in owner.homes:
            wanted = home.at(name).path
            for setting in self._settings(home):
                if setting.path == wanted:
                    yield setting.value, home.module, home.scope

    def _inherited(self, owner: MadeMock, name: str) -> Answer:
        """Return whether a child that nothing sets is an AsyncMock."""
        if any(self._is_configured(home) for home in owner.homes):
            return Answer.UNKNOWN
        if not owner.has_spec:
            return owner.is_async
        method = self._method(owner, name)
        return gives_coroutines(method, self._decorators) if method else Answer.UNKNOWN

    def _is_configured(self, home: Home) -> bool:
        """Whether children of a mock may be set in ways that name none of them."""
        return any(home.path.under(path) is not None for path in self._configured(home))

    def _configured(self, home: Home) -> tuple[Path, ...]:
        return self._resolver.project.remember(
            ("configured mocks", home.scope.node),
            lambda: tuple(_configured_among(self._nodes(home))),
            cyclic=(),
        )

    def _settings(self, home: Home) -> tuple[Setting, ...]:
        return self._resolver.project.remember(
            ("settings", home.scope.node),
            lambda: tuple(settings_among(self._nodes(home))),
            cyclic=(),
        )

    def _nodes(self, home: Home) -> Sequence[ast.AST]:
        node = home.scope.node
        return own_nodes(node) if isinstance(node, FunctionNode) else every_node(node)


def _configured_among(nodes: Sequence[ast.AST]) -> Iterator[Path]:
    """Yield what gets attributes by names that are not written out, or a spec."""
    for node in nodes:
        match node:
            case ast.Attribute(value=value, attr=attribute) if attribute in _CONFIGURING:
                path = path_of(value)
            case ast.Call(func=ast.Name(id="setattr"), args=[owner, name, *_]):
                path = None if isinstance(name, ast.Constant) else path_of(owner)
            case _:
                continue
        if path is not None:
            yield path


def _root(node: ast.expr) -> ast.expr:
    """Return what attributes are taken of, one after another: a name, or `self.name`."""
    while isinstance(node, ast.Attribute):
        if isinstance(node.value, ast.Name) and node.value.id in _OWNERS:
            break
        node = node.value
    return node


def _class_around(module: Module, scope: Scope) -> Class | None:
    """Return the class whose method a scope belongs to, also from a function nested in it."""
    current: Scope | None = scope
    while current is not None and isinstance(current.node, FunctionNode):
        definition = module.definition(current.node)
        if definition.owner is not None:
            return Class(module, definition.owner)
        current = current.parent
    return None


def _is_named_in_decorator(node: FunctionNode, name: str) -> bool:
    """Whether `parametrize` may bring a value of that name."""
    return any(
        isinstance(one, ast.Constant) and isinstance(one.value, str) and name in one.value
        for decorator in node.decorator_list
        for one in every_node(decorator)
    )
