"""What evaluating a call gives: a coroutine, a future, a task, a plain value, or who knows.

Functions of the repository are followed through imports, decorators, classes and sync functions
that hand a coroutine on; what stands outside comes from `third_party_calls`.
"""

import ast
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.awaiting.instances import Instances
from bot.analysis.awaiting.overriding import Overriding
from bot.analysis.awaiting.replaced_names import ReplacedNames
from bot.analysis.awaiting.rewritten_classes import RewrittenClasses
from bot.analysis.awaiting.third_party_calls import CALLS, HARMLESS_BASES, MAKING_ASYNC, Gives
from bot.analysis.collection.decorators import Decorators, Kind
from bot.analysis.collection.third_party import (
    CLASS_DECORATORS,
    DATACLASS_DECORATORS,
    PLAIN_METACLASSES,
    Effect,
)
from bot.analysis.collection.wrappers import callee_of, reaches_into, returned
from bot.analysis.names.annotations import keeps_type
from bot.analysis.names.resolver import Resolver, owner_class
from bot.analysis.names.values import Class, Expression, External, Function, Value, own_name
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Assigned, FunctionNode, Scope
from bot.analysis.source.walking import own_nodes_of, yields

_ASYNC_MOCK = "unittest.mock.AsyncMock."
# Of an AsyncMock, these are plain methods (docs.python.org/3/library/unittest.mock.html).
_MOCK_METHODS = frozenset(
    {"reset_mock", "configure_mock", "attach_mock", "mock_add_spec", "return_value", "side_effect"}
)
# What annotations of sync functions say of what they return (collections.abc, asyncio, typing).
_DECLARED = {
    "Awaitable": Gives.FUTURE,
    "Coroutine": Gives.COROUTINE,
    "Future": Gives.FUTURE,
    "Task": Gives.FUTURE,
    "AsyncGenerator": Gives.ASYNC_GENERATOR,
    "AsyncIterator": Gives.ASYNC_GENERATOR,
    "AbstractAsyncContextManager": Gives.ASYNC_MANAGER,
    "AsyncContextManager": Gives.ASYNC_MANAGER,
}
_MANAGER_MAKER = "contextlib.asynccontextmanager"
# What a metaclass has that may change the classes that it makes.
_MAKING_CLASSES = frozenset({"__new__", "__init__", "__prepare__", "__getattribute__"})
_STAYING = frozenset({Effect.KEEPS, Effect.LOSES, Effect.ASYNC})
_PLAIN_NODES = (
    ast.Constant, ast.JoinedStr, ast.Dict, ast.List, ast.Tuple, ast.Set, ast.ListComp,
    ast.DictComp, ast.SetComp, ast.GeneratorExp, ast.Compare,
)  # fmt: skip


class Given(Struct, frozen=True):
    """What a call gives.

    Attributes:
        gives: its kind.
        function: the function of the repository that is called, if it is one.
        dotted: the dotted name of what is called, if it is outside the repository.
        by_mock: whether an AsyncMock gives it.
        through: the names of what plain functions call on the way to it.
    """

    gives: Gives
    function: Function | None = None
    dotted: str = ""
    by_mock: bool = False
    through: frozenset[str] = frozenset()


UNKNOWN = Given(Gives.UNKNOWN)
PLAIN = Given(Gives.PLAIN)


class Awaitables:
    """Facts about what calls give."""

    def __init__(
        self,
        resolver: Resolver,
        decorators: Decorators,
        instances: Instances,
        overriding: Overriding,
        replaced: ReplacedNames,
        *,
        rewritten: RewrittenClasses,
    ) -> None:
        self._resolver = resolver
        self._decorators = decorators
        self._instances = instances
        self._overriding = overriding
        self._replaced = replaced
        self._rewritten = rewritten

    # -- questions -----------------------------------------------------------------------------

    def given(self, node: ast.expr, module: Module, scope: Scope) -> Given:
        """Return what evaluating an expression gives."""
        if isinstance(node, ast.Call):
            return self.called(node.func, module, scope)
        return self._resolver.project.remember(
            ("given", node, scope.node),
            lambda: self._compute(node, module, scope),
            cyclic=UNKNOWN,
        )

    def called(self, node: ast.expr, module: Module, scope: Scope) -> Given:
        """Return what calling an expression gives, if no test double may stand in its place."""
        found = self._resolver.project.remember(
            ("called", _path(node, scope)),
            lambda: self._called(node, module, scope),
            cyclic=UNKNOWN,
        )
        if found.gives is Gives.UNKNOWN or found.gives is Gives.PLAIN:
            return found
        if self._may_be_double(node, found, module, scope):
            return UNKNOWN
        return UNKNOWN if self._is_of_rewritten(node, found, module, scope) else found

    def _may_be_double(self, node: ast.expr, found: Given, module: Module, scope: Scope) -> bool:
        """Whether what is called, or what it is a method of, may be replaced by a double."""
        if not isinstance(node, ast.Name | ast.Attribute):
            return False
        name = node.id if isinstance(node, ast.Name) else node.attr
        stays = found.function is not None and self._is_plainly_async(found.function)
        if self._replaced.may_hold(name, module, scope, mocks_are_async=stays):
            return True
        if any(self._replaced.may_hold(one, module, scope) for one in found.through):
            return True
        if not isinstance(node, ast.Attribute):
            return False
        on_the_way = frozenset(self._names_on_the_way(node.value, module, scope))
        return self._replaced.may_be_patched(on_the_way, module, scope)

    def _is_of_rewritten(self, node: ast.expr, found: Given, module: Module, scope: Scope) -> bool:
        """Whether it is a method of a class that a plain call may have rewritten."""
        if found.function is None or found.function.definition.owner is None:
            return False
        function = found.function
        classes = {owner_class(function.module, function.definition)}
        if isinstance(node, ast.Attribute):
            classes.add(self._instances.class_of(node.value, module, scope))
        return any(one is not None and self._rewritten.may_be(one, module) for one in classes)

    def _names_on_the_way(self, node: ast.expr, module: Module, scope: Scope) -> Iterator[str]:
        """Yield names that an owner comes from: as it is written or assigned, and its class."""
        made = self._instances.class_of(node, module, scope)
        if made is not None:
            yield made.definition.name
        values = [node]
        if isinstance(node, ast.Name):
            assigned = (one.meaning for one in scope.effective(node.id, node.lineno))
            values += [one.value for one in assigned if isinstance(one, Assigned) and one.value]
        for value in values:
            for one in ast.walk(value):
                if isinstance(one, ast.Name | ast.Attribute):
                    yield one.id if isinstance(one, ast.Name) else one.attr

    def _is_plainly_async(self, function: Function) -> bool:
        """Whether `unittest.mock` sees that a function is async: it asks the finished object."""
        return self._decorators.decorated(function).kind is Kind.COROUTINE

    def of_function(self, function: Function) -> Given:
        """Return what calling a function of the repository gives."""
        return self._resolver.project.remember(
            ("function gives", function), lambda: self._of_function(function), cyclic=UNKNOWN
        )

    def of_class(self, made: Class) -> Given:
        """Return what making an instance gives: an awaitable where the class says so."""
        for ancestor in self._resolver.mro(made):
            if isinstance(ancestor, Class):
                if ancestor.scope.bindings.keys() & {"__await__", "__new__"}:
                    return UNKNOWN
            elif not (isinstance(ancestor, External) and ancestor.dotted in HARMLESS_BASES):
                return UNKNOWN
        return PLAIN

    # -- expressions ---------------------------------------------------------------------------

    def _compute(self, node: ast.expr, module: Module, scope: Scope) -> Given:
        match node:
            case ast.Name(id=name):
                return self._of_name(name, getattr(node, "lineno", None), module, scope)
            case ast.NamedExpr(value=value):
                return self.given(value, module, scope)
            case _ if isinstance(node, _PLAIN_NODES):
                return PLAIN
            case _:
                return UNKNOWN

    def _of_name(self, name: str, line: int | None, module: Module, scope: Scope) -> Given:
        """Return what a local name holds that is assigned in one place."""
        bindings = scope.effective(name, line)
        if len(bindings) != 1:
            return UNKNOWN
        match bindings[0].meaning:
            case Assigned(value=ast.expr() as value):
                return self.given(value, module, scope)
            case _:
                return UNKNOWN

    def _called(self, node: ast.expr, module: Module, scope: Scope) -> Given:
        match self._instances.callee(node, module, scope):
            case Function() as function:
                given = self.of_function(function)
                return UNKNOWN if self._may_differ(node, given, module, scope) else given
            case External(dotted=dotted):
                return _of_external(dotted)
            case Class() as made:
                return self.of_class(made)
            case Expression(node=ast.Call(func=func, args=[wrapped, *_]), scope=place) as found:
                if self._resolver.dotted(func, found.module, place) == "functools.partial":
                    return self._called(wrapped, found.module, place)
                return UNKNOWN
            case _:
                return UNKNOWN

    def _may_differ(self, node: ast.expr, given: Given, module: Module, scope: Scope) -> bool:
        """Whether a method hands on what a subclass has, and it is one whose method is called."""
        if given.function is None or not given.through or not isinstance(node, ast.Attribute):
            return False
        owner = owner_class(given.function.module, given.function.definition)
        receiver = self._instances.class_of(node.value, module, scope)
        if owner is None or receiver is None:
            return False
        return self._overriding.is_answered_below(receiver, owner, given.through)

    # -- functions -----------------------------------------------------------------------------

    def _of_function(self, function: Function) -> Given:
        if not self._is_as_written(function):
            return UNKNOWN
        match self._decorators.decorated(function).kind:
            case Kind.COROUTINE:
                return Given(Gives.COROUTINE, function)
            case Kind.ASYNC_GENERATOR:
                return Given(Gives.ASYNC_GENERATOR, function)
            case Kind.LOST:
                lost = Gives.ASYNC_GENERATOR if yields(function.node) else Gives.COROUTINE
                return Given(lost, function)
            case Kind.SYNC:
                return self._of_sync(function)
            case Kind.UNKNOWN if self._is_made_async(function):
                return Given(Gives.COROUTINE, function)
            case Kind.UNKNOWN if self._makes_manager(function):
                return Given(Gives.ASYNC_MANAGER, function)
            case Kind.UNKNOWN if self._is_declared_to_stay(function):
                stays = Gives.ASYNC_GENERATOR if yields(function.node) else Gives.COROUTINE
                return Given(stays, function)
            case _:
                return UNKNOWN

    def _is_made_async(self, function: Function) -> bool:
        """Whether the outermost decorator makes an async function of a plain one."""
        node, scope = function.node.decorator_list[0], function.definition.scope
        match self._resolver.value(callee_of(node), function.module, scope):
            case External(dotted=dotted):
                return dotted in MAKING_ASYNC
            case Function() as made:
                return own_name(made) in MAKING_ASYNC
            case _:
                return False

    def _is_declared_to_stay(self, function: Function) -> bool:
        """Whether decorators that cannot be followed say that they give back what they get."""
        if not isinstance(function.node, ast.AsyncFunctionDef):
            return False
        scope = function.definition.scope
        for node in function.node.decorator_list:
            if self._decorators.application(node, function.module, scope).effect in _STAYING:
                continue
            found = self._resolver.value(callee_of(node), function.module, scope)
            is_called = isinstance(node, ast.Call)
            if not isinstance(found, Function) or not keeps_type(found, is_called=is_called):
                return False
        return True

    def _is_as_written(self, function: Function) -> bool:
        """Whether no metaclass or decorator of its class may wrap it, and nothing else is set."""
        owner = owner_class(function.module, function.definition)
        if owner is not None and _is_set_again(function, owner):
            return False
        for one in self._resolver.mro(owner) if owner is not None else ():
            if isinstance(one, Class) and not self._keeps_methods(one):
                return False
        return True

    def _keeps_methods(self, owner: Class) -> bool:
        for keyword in owner.node.keywords:
            if keyword.arg == "metaclass" and not self._is_plain_metaclass(keyword.value, owner):
                return False
        for one in self._resolver.bound("__init_subclass__", owner.module, owner.scope):
            if "__init_subclass__" in owner.scope.bindings and _may_change(one):
                return False
        return all(self._keeps_class(node, owner) for node in owner.node.decorator_list)

    def _is_plain_metaclass(self, node: ast.expr, owner: Class) -> bool:
        """Whether a metaclass has no say in what a class is made of."""
        found = self._resolver.value(node, owner.module, owner.definition.scope)
        if not isinstance(found, Class):
            return isinstance(found, External) and found.dotted in PLAIN_METACLASSES
        return all(
            not one.scope.bindings.keys() & _MAKING_CLASSES
            if isinstance(one, Class)
            else isinstance(one, External) and one.dotted in PLAIN_METACLASSES
            for one in self._resolver.mro(found)
        )

    def _keeps_class(self, node: ast.expr, owner: Class) -> bool:
        """Whether a decorator of a class leaves its methods alone."""
        scope = owner.definition.scope
        applied = self._decorators.application(node, owner.module, scope)
        if applied.name in CLASS_DECORATORS | DATACLASS_DECORATORS:
            return True
        found = self._resolver.value(callee_of(node), owner.module, scope)
        return applied.effect is Effect.KEEPS and not _may_change(found)

    def _makes_manager(self, function: Function) -> bool:
        if len(function.node.decorator_list) != 1 or not yields(function.node):
            return False
        decorator, scope = function.node.decorator_list[0], function.definition.scope
        return self._resolver.dotted(decorator, function.module, scope) == _MANAGER_MAKER

    def _of_sync(self, function: Function) -> Given:
        """A plain function may hand on what another one gives."""
        if yields(function.node):
            return Given(Gives.PLAIN, function)
        scope = function.module.scope_of(function.node)
        inner = [self.given(one, function.module, scope) for one in returned(function.node)]
        found = {one.gives for one in inner}
        through = frozenset(_names_called(function.node)).union(*(one.through for one in inner))
        if len(found) == 1 and Gives.UNKNOWN not in found:
            return Given(found.pop(), function, through=through)
        return Given(_declared(function.node.returns), function, through=through)


def _may_change(value: Value) -> bool:
    return isinstance(value, Function) and reaches_into(value.node)


def _is_set_again(function: Function, owner: Class) -> bool:
    """Whether the file of a class puts something else in a method's place: `Till.open = ...`."""
    place = (owner.definition.name, function.definition.name)
    return any(
        isinstance(target, ast.Attribute)
        and isinstance(target.value, ast.Name)
        and (target.value.id, target.attr) == place
        for statement in owner.module.tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
    )


def _path(node: ast.expr, scope: Scope) -> tuple[object, ...]:
    """Return what decides what a path of names leads to, or the expression itself.

    That is what its first name is bound to there, and the attributes behind it.
    """
    inner, attributes = node, list[object]()
    while isinstance(inner, ast.Attribute):
        attributes.append(inner.attr)
        inner = inner.value
    if not isinstance(inner, ast.Name):
        return (node, scope.node)
    current: Scope | None = scope
    while current is not None:
        if inner.id in current.bindings and (current is scope or not current.is_class):
            line = getattr(inner, "lineno", None) if current is scope else None
            return (current.effective(inner.id, line), current is scope, *attributes)
        current = current.parent
    return (scope.top, inner.id, *attributes)


def _of_external(dotted: str) -> Given:
    if dotted.startswith(_ASYNC_MOCK):
        return _of_async_mock(dotted.removeprefix(_ASYNC_MOCK).split("."))
    return Given(CALLS.get(dotted, Gives.UNKNOWN), dotted=dotted)


def _of_async_mock(names: list[str]) -> Given:
    """Calling an AsyncMock, or a child of it, gives a coroutine."""
    if any(one.startswith("assert_") or one in _MOCK_METHODS for one in names):
        return UNKNOWN
    return Given(Gives.COROUTINE, dotted="unittest.mock.AsyncMock", by_mock=True)


def _names_called(node: FunctionNode) -> Iterator[str]:
    for call in own_nodes_of(node, ast.Call):
        match call.func:
            case ast.Name(id=name):
                yield name
            case ast.Attribute() as called:
                yield from (it.attr for it in ast.walk(called) if isinstance(it, ast.Attribute))
            case _:
                continue


def _declared(annotation: ast.expr | None) -> Gives:
    match annotation:
        case ast.Subscript(value=value):
            return _declared(value)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return _DECLARED.get(name, Gives.UNKNOWN)
        case ast.Constant(value=str(text)):
            return _DECLARED.get(text.partition("[")[0].rpartition(".")[2], Gives.UNKNOWN)
        case _:
            return Gives.UNKNOWN
