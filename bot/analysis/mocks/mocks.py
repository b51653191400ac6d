"""Mocks in a function: where they are made, what is known of them, which of them are awaited.

What `Mock` and `MagicMock` return cannot be awaited, unless a `side_effect`, a spec or an
awaitable `return_value` makes it so (observed on unittest.mock of 3.11). Whatever could make a
mock awaitable silences it here.
"""

import ast
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.analysis.awaiting.instances import Instances
from bot.analysis.names.paths_of_names import Path, path_of
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function, Value
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import Assigned, FunctionNode, Parameter, Scope
from bot.analysis.source.walking import own_nodes

_PLAIN = frozenset({"Mock", "MagicMock", "NonCallableMock", "NonCallableMagicMock"})
_ASYNC = "AsyncMock"
_CLASSES = _PLAIN | {_ASYNC}
_MODULES = ("unittest.mock", "mock", "mock.mock")
# Arguments of Mock that are no children of it (docs.python.org/3/library/unittest.mock.html).
_OWN_ARGUMENTS = frozenset({"return_value", "name", "unsafe"})
_WIRING_ARGUMENTS = frozenset({"side_effect", "wraps", "spec", "spec_set"})
_WIRING_SEGMENTS = frozenset({"side_effect", "configure_mock", "mock_add_spec", "attach_mock"})


class MockClass(Struct, frozen=True):
    """A mock class, and where this file has it from.

    `module` is `unittest.mock`, `mock`, or the name of the mocker fixture.
    """

    name: str
    module: str

    @property
    def is_async(self) -> bool:
        """Whether calls of its instances give coroutines."""
        return self.name == _ASYNC


class Making(Struct, frozen=True):
    """A call that makes a plain mock: `Mock(...)`, `mock.MagicMock(...)`, `mocker.Mock(...)`."""

    call: ast.Call
    module: str  # `unittest.mock`, `mock`, or the name of the mocker fixture

    @property
    def is_opaque(self) -> bool:
        """Whether an argument may make the mock, or what it returns, awaitable."""
        return bool(self.call.args) or any(
            keyword.arg is None or (keyword.arg in _WIRING_ARGUMENTS and not _lists_names(keyword))
            for keyword in self.call.keywords
        )

    def argument(self, name: str) -> ast.expr | None:
        """Return a keyword argument."""
        return next((one.value for one in self.call.keywords if one.arg == name), None)

    @property
    def children(self) -> dict[str, ast.expr]:
        """Attributes that the arguments set."""
        known = _OWN_ARGUMENTS | _WIRING_ARGUMENTS
        return {
            one.arg: one.value for one in self.call.keywords if one.arg and one.arg not in known
        }


class MockReader:
    """Reads mocks off functions of one file."""

    def __init__(self, resolver: Resolver, instances: Instances, module: Module) -> None:
        self._resolver = resolver
        self._instances = instances
        self._module = module

    def making(self, node: ast.expr | None, scope: Scope) -> Making | None:
        """Return the making of a plain mock that an expression is."""
        if not isinstance(node, ast.Call):
            return None
        name = self.class_name(node.func, scope)
        return Making(node, name) if name is not None else None

    def class_name(self, node: ast.expr, scope: Scope) -> str | None:
        """Return the module of the plain mock class that an expression names."""
        found = self.mock_class(node, scope)
        return found.module if found is not None and not found.is_async else None

    def mock_class(self, node: ast.expr, scope: Scope) -> MockClass | None:
        """Return the mock class that an expression names, wherever it may come from.

        A class imported from one of two places (`try: from mock import AsyncMock`) counts.
        """
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if attribute in _CLASSES:
                if self.is_mocker(name, scope):
                    return MockClass(attribute, name)
            case _:
                pass
        found = [_mock_class(one) for one in self._resolver.values(node, self._module, scope)]
        first = found[0]
        if first is None or any(one is None or one.name != first.name for one in found):
            return None
        return first

    def is_mocker(self, name: str, scope: Scope) -> bool:
        """Whether a name is pytest-mock's fixture, asked for here or by a function around."""
        if not name.endswith("mocker"):
            return False
        if name not in scope.bindings and scope.parent is not None:
            return self.is_mocker(name, scope.parent)
        return any(isinstance(one.meaning, Parameter) for one in scope.bindings.get(name, ()))

    def cannot_be_awaited(self, making: Making, scope: Scope) -> bool:
        """Whether awaiting what the mock returns certainly fails."""
        if making.is_opaque:
            return False
        returned = making.argument("return_value")
        return returned is None or self.is_plain_value(returned, scope)

    def is_plain_value(self, node: ast.expr, scope: Scope) -> bool:
        """Whether a value is certainly no awaitable."""
        match node:
            case ast.Constant() | ast.JoinedStr() | ast.Dict() | ast.List() | ast.Tuple():
                return True
            case ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp() | ast.Compare():
                return True
            case ast.Call():
                inner = self.making(node, scope)
                if inner is not None:
                    return not inner.is_opaque
                made = self._resolver.value(node.func, self._module, scope)
                return _makes_plain_value(made, self._resolver)
            case ast.Name(id=name):
                value = only_assignment(scope, name)
                return value is not None and self.is_plain_value(value, scope)
            case _:
                return False

    def instance_class(self, node: ast.expr, scope: Scope) -> Class | None:
        """Return the class of the repository that an expression is certainly an instance of."""
        return self._instances.class_of(node, self._module, scope)


def _mock_class(value: Value) -> MockClass | None:
    if not isinstance(value, External):
        return None
    module, _, name = value.dotted.rpartition(".")
    return MockClass(name, module) if name in _CLASSES and module in _MODULES else None


def _lists_names(keyword: ast.keyword) -> bool:
    """Whether a spec is a list of names: the children are plain mocks then."""
    return keyword.arg in {"spec", "spec_set"} and isinstance(keyword.value, ast.List | ast.Tuple)


class Setting(Struct, frozen=True):
    """`path = value` inside a function."""

    path: Path
    value: ast.expr


def settings(node: FunctionNode) -> Iterator[Setting]:
    """Yield every assignment of a function to an attribute of a name."""
    yield from settings_among(own_nodes(node))


def settings_among(nodes: Iterable[ast.AST]) -> Iterator[Setting]:
    """Yield every assignment among nodes to an attribute of a name."""
    for one in nodes:
        match one:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Attribute) and (path := path_of(target)):
                        yield Setting(path, value)
            case ast.Call(
                func=ast.Name(id="setattr"),
                args=[ast.expr() as owner, ast.Constant(value=str(name)), value],
            ):
                if path := path_of(owner):
                    yield Setting(Path(path.root, (*path.segments, name)), value)
            case _:
                continue


def is_wired(node: FunctionNode, path: Path) -> bool:
    """Whether a path, or one on the way to it, gets a side effect or is configured as a whole."""
    for one in own_nodes(node):
        if isinstance(one, ast.Attribute) and one.attr in _WIRING_SEGMENTS:
            owner = path_of(one.value)
            if owner is not None and path.under(owner) is not None:
                return True
    return False


def is_set_by_name(node: FunctionNode, name: str) -> bool:
    """Whether attributes of a name are set under names that are not written out."""
    return any(
        isinstance(one, ast.Call)
        and isinstance(one.func, ast.Name)
        and one.func.id == "setattr"
        and len(one.args) > 1
        and isinstance(one.args[0], ast.Name)
        and one.args[0].id == name
        and not isinstance(one.args[1], ast.Constant)
        for one in own_nodes(node)
    )


def only_assignment(scope: Scope, name: str) -> ast.expr | None:
    """Return the value of a name that is bound once in a scope, by an assignment."""
    bindings = scope.bindings.get(name, ())
    if len(bindings) != 1 or not isinstance(bindings[0].meaning, Assigned):
        return None
    return bindings[0].meaning.value


def method(resolver: Resolver, owner: Class, name: str) -> Function | None:
    """Return the one function that a class has under a name."""
    found = resolver.class_attribute(owner, name)
    return found[0] if len(found) == 1 and isinstance(found[0], Function) else None


def is_function(definition: Definition) -> bool:
    """Whether a definition is a function that is not nested in another."""
    if not isinstance(definition.node, FunctionNode):
        return False
    return definition.outer is None or definition.owner is not None


def _makes_plain_value(made: Value, resolver: Resolver) -> bool:
    """Whether calling something gives a value that nobody can await."""
    match made:
        case External(dotted=dotted):
            return dotted in {
                f"builtins.{n}" for n in ("dict", "list", "set", "str", "int", "len")
            }
        case Class():
            known = [one for one in resolver.mro(made) if isinstance(one, Class)]
            external = [one for one in resolver.mro(made) if not isinstance(one, Class)]
            return (
                not made.node.keywords
                and not external
                and not any(
                    "__await__" in one.scope.bindings or "__new__" in one.scope.bindings
                    for one in known
                )
            )
        case _:
            return False
