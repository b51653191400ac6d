"""Of which class an expression is certainly an instance, and what a call of it reaches.

Followed are constructors, factories, annotations, fixtures, context managers, attributes that a
class or its set-up sets, and constants of other modules. Where two roads lead to two classes,
nothing is said.
"""

import ast
from collections.abc import Iterable
from typing import TypeGuard

from bot.analysis.awaiting.attributes import AttributeSource, attribute_sources
from bot.analysis.awaiting.elements import Elements
from bot.analysis.awaiting.members import Members, in_table
from bot.analysis.awaiting.overriding import Overriding
from bot.analysis.awaiting.parameters import FindFixture, Parameters
from bot.analysis.awaiting.third_party_calls import (
    AWAITED_RESULTS,
    ENTERED_RESULTS,
    GIVE_THEMSELVES,
    MAKING_ASYNC,
    RESULTS,
    RUNNING,
    SPECCED,
)
from bot.analysis.awaiting.third_party_classes import ATTRIBUTES, known_name
from bot.analysis.fixtures.fixtures import Fixture, Fixtures
from bot.analysis.names.annotations import Type, annotated, of_type, yielded
from bot.analysis.names.function_syntax import (
    is_first_parameter,
    is_of_first_parameter,
    names_bound_outside,
    results,
    yielded_values,
)
from bot.analysis.names.resolver import Resolver, owner_class
from bot.analysis.names.values import (
    UNKNOWN,
    Class,
    Expression,
    External,
    Function,
    Value,
    own_name,
)
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import (
    Assigned,
    Binding,
    Entered,
    FunctionNode,
    ImportedName,
    Parameter,
    Scope,
    Unpacked,
    parameters,
)
from bot.analysis.source.walking import yields

# Children of an AsyncMock are AsyncMocks; what it returns once awaited may be set to anything.
_ASYNC_MOCK = External("unittest.mock.AsyncMock")
_ASYNC_GENERATOR = External("collections.abc.AsyncGenerator")
_MOCK_RESULTS = frozenset({"return_value", "side_effect"})
_MANAGER_MAKERS = frozenset({"contextlib.contextmanager", "contextlib.asynccontextmanager"})


class Instances:
    """Facts about the classes of values. `find_fixture` tells which fixture a test gets."""

    def __init__(
        self,
        resolver: Resolver,
        fixtures: Fixtures,
        overriding: Overriding,
        find_fixture: FindFixture,
    ) -> None:
        self._resolver = resolver
        self._fixtures = fixtures
        self._overriding = overriding
        self._parameters = Parameters(resolver, fixtures, find_fixture, self.given_by)
        self._members = Members(resolver)
        # Asked for with each name, so by a dictionary of its own; the text alone decides.
        self._shared: dict[Module, frozenset[str]] = {}
        self._elements = Elements(resolver, self.type_of, self.callee)

    # -- questions -----------------------------------------------------------------------------

    def type_of(self, node: ast.expr, module: Module, scope: Scope) -> Type | None:
        """Return the class that an expression is certainly an instance of.

        A mock with a spec counts as an instance of its spec.
        """
        if isinstance(node, ast.Name):
            return self._of_name(node, module, scope)
        return self._resolver.project.remember(
            ("type", node, scope.node), lambda: self._compute(node, module, scope), cyclic=None
        )

    def class_of(self, node: ast.expr, module: Module, scope: Scope) -> Class | None:
        """Return the class of the repository that an expression is certainly an instance of."""
        found = self.type_of(node, module, scope)
        return found if isinstance(found, Class) else None

    def callee(self, node: ast.expr, module: Module, scope: Scope) -> Value:
        """Return what a call of an expression calls.

        A method of a known instance is that function; one of a class outside the repository
        is named by its class (`asyncio.Queue.get`).
        """
        if isinstance(node, ast.Subscript):  # Stack[int]()
            node = node.value
        found = self._resolver.value(node, module, scope)
        if isinstance(found, External):
            return External(known_name(found.dotted))
        if isinstance(found, Function | Class):
            return found
        if isinstance(found, Expression) and (made := self._callable(found)) is not None:
            return made
        if isinstance(node, ast.Name) and (made := self._factory(node, module, scope)):
            return made
        if isinstance(node, ast.Attribute):
            owner = self.type_of(node.value, module, scope)
            if owner is not None:
                if self._overriding.may_hide(owner, node, scope):
                    return UNKNOWN
                return self._members.method(owner, node.attr)
            named = self._resolver.value(node.value, module, scope)
            if isinstance(named, Class):  # User.create(), which a class elsewhere defines
                return self._members.inherited(named, node.attr)
        called = self.type_of(node, module, scope)
        return self._members.method(called, "__call__") if called is not None else found

    def given_by(self, fixture: Fixture) -> Type | None:
        """Return the class of what a fixture gives to those that ask for it."""
        function = fixture.function
        return self._resolver.project.remember(
            ("fixture type", function),
            lambda: self._of_results(function, None) or self._declared(function, None),
            cyclic=None,
        )

    def _callable(self, found: Expression) -> Value | None:
        """Return what a call gives that is called in its turn: `wrap(remove)(path)`."""
        call = found.node
        if not isinstance(call, ast.Call):
            return None
        return self._resolver.project.remember(
            ("callable", found), lambda: self._given_callable(found, call), cyclic=None
        )

    def _given_callable(self, found: Expression, call: ast.Call) -> Value | None:
        match self.callee(call.func, found.module, found.scope):
            case Function() as function if (name := own_name(function)) in MAKING_ASYNC:
                return External(f"{name}.__call__")
            case Function(node=ast.FunctionDef()) as function if not function.node.decorator_list:
                return self._callable_of(function)
            case External(dotted=dotted) if dotted in MAKING_ASYNC:
                return External(f"{dotted}.__call__")
            case _:
                return None

    def _callable_of(self, function: Function) -> Value | None:
        """Return the one function or class that a function gives."""
        declared = function.node.returns
        named = of_type(declared) if declared is not None else None
        if named is not None:
            found = self._resolver.value(named, function.module, function.definition.scope)
            return found if isinstance(found, Class) else None
        inner = function.module.scope_of(function.node)
        values = {
            self._resolver.value(one, function.module, inner) for one in results(function.node)
        }
        given = values.pop() if len(values) == 1 else None
        return given if isinstance(given, Function | Class) else None

    def _factory(self, node: ast.Name, module: Module, scope: Scope) -> Value | None:
        """Return the function or class that a fixture gives under a parameter's name."""
        fixture = self._parameters.fixture_of(node.id, module, scope)
        if fixture is None:
            return None
        return self._callable_of(fixture.function)

    # -- expressions ---------------------------------------------------------------------------

    def _compute(self, node: ast.expr, module: Module, scope: Scope) -> Type | None:
        match node:
            case ast.Call():
                return self._of_call(node, module, scope)
            case ast.Await(value=ast.Call() as call):
                return self._of_awaited(call, module, scope)
            case ast.Attribute():
                return self._of_member(node, module, scope)
            case ast.NamedExpr(value=value):
                return self.type_of(value, module, scope)
            case ast.BoolOp(op=ast.Or(), values=choices):
                return _agreed(self.type_of(one, module, scope) for one in choices)
            case ast.IfExp(body=one, orelse=other):
                return _agreed(self.type_of(each, module, scope) for each in (one, other))
            case ast.Subscript(value=value, slice=ast.Constant(value=int(position))) if (
                position >= 0
            ):
                return self._elements.of(value, position, module, scope)
            case _:
                return None

    def _of_member(self, node: ast.Attribute, module: Module, scope: Scope) -> Type | None:
        """`value.name`."""
        owner = self.type_of(node.value, module, scope)
        if isinstance(owner, Class):
            if self._overriding.may_hide(owner, node, scope):
                return None
            return self._of_attribute(owner, node.attr) or self._members.brought(owner, node.attr)
        if owner == _ASYNC_MOCK:
            return None if node.attr in _MOCK_RESULTS else _ASYNC_MOCK
        if owner is not None:
            return in_table(ATTRIBUTES, f"{known_name(owner.dotted)}.{node.attr}")
        named = self._resolver.value(node.value, module, scope)
        if isinstance(named, Class) and (found := self._members.brought(named, node.attr)):
            return found
        return self._of_value(self._resolver.value(node, module, scope))

    def _of_value(self, value: Value) -> Type | None:
        if not isinstance(value, Expression):
            return None
        return self.type_of(value.node, value.module, value.scope)

    def _of_name(self, node: ast.Name, module: Module, scope: Scope) -> Type | None:
        current: Scope | None = scope
        while current is not None:
            if node.id in current.bindings and (current is scope or not current.is_class):
                if node.id in self._shared_names(module):
                    return None
                line = getattr(node, "lineno", None) if current is scope else None
                return self._of_bindings(current.effective(node.id, line), module, current)
            current = current.parent
        return self._of_value(self._resolver.value(node, module, scope))

    def _of_bindings(
        self, bindings: tuple[Binding, ...], module: Module, scope: Scope
    ) -> Type | None:
        return self._resolver.project.remember(
            ("type of name", bindings),
            lambda: _agreed(self._of_binding(one, module, scope) for one in bindings),
            cyclic=None,
        )

    def _shared_names(self, module: Module) -> frozenset[str]:
        if module not in self._shared:
            self._shared[module] = names_bound_outside(module)
        return self._shared[module]

    def _of_binding(self, binding: Binding, module: Module, scope: Scope) -> Type | None:
        match binding.meaning:
            case Assigned(value=value, annotation=annotation):
                found = self.type_of(value, module, scope) if value is not None else None
                if found is None and annotation is not None:
                    return annotated(annotation, module, scope, self._resolver)
                return found
            case Entered(value=value, is_async=is_async):
                return self._of_entered(value, module, scope, is_async=is_async)
            case Unpacked():
                return self._of_unpacked(binding.meaning, module, scope)
            case Parameter(node=node):
                return self._parameters.of(node, module, scope)
            case ImportedName():
                values = self._resolver.meaning(binding, module, scope)
                return self._of_value(values[0]) if len(values) == 1 else None
            case _:
                return None

    def _of_unpacked(self, meaning: Unpacked, module: Module, scope: Scope) -> Type | None:
        match meaning.source:
            case Assigned(value=ast.Name() as value) if fixture := self._parameters.fixture_of(
                value.id, module, scope
            ):
                return self._elements.given_by(fixture.function, meaning.position)
            case Assigned(value=ast.expr() as value):
                return self._elements.of(value, meaning.position, module, scope)
            case Entered(value=ast.Call() as call):
                made = self.callee(call.func, module, scope)
                if self._is_manager_maker(made):
                    return self._elements.given_by(made, meaning.position)
                return None
            case _:
                return None

    # -- calls -----------------------------------------------------------------------------------

    def _of_call(self, call: ast.Call, module: Module, scope: Scope) -> Type | None:
        match self.callee(call.func, module, scope):
            case Class() as made:
                return made if self._members.makes_instances(made) else None
            case External(dotted=dotted):
                return self._of_external_call(dotted, call, module, scope)
            case Function() as function:
                if isinstance(function.node, ast.AsyncFunctionDef):
                    return _ASYNC_GENERATOR if _is_plain_generator(function) else None
                return self._result(function, self._bound(call.func, module, scope))
            case _:
                return self._of_cls(call.func, module, scope)

    def _of_cls(self, func: ast.expr, module: Module, scope: Scope) -> Class | None:
        """`cls()` in a class method."""
        if not isinstance(func, ast.Name) or not isinstance(scope.node, FunctionNode):
            return None
        definition = module.definition(scope.node)
        function = Function(module, definition)
        if not is_first_parameter(ast.arg(func.id), scope.node):
            return None
        is_class_method = "builtins.classmethod" in self._resolver.decorator_names(function)
        return _owner(function) if is_class_method else None

    def _of_external_call(
        self, dotted: str, call: ast.Call, module: Module, scope: Scope
    ) -> Type | None:
        if dotted in RUNNING:
            return self._of_first(call, module, scope)
        name = RESULTS.get(dotted, dotted)
        if name in SPECCED:
            for keyword in call.keywords:
                if keyword.arg in {"spec", "spec_set"}:
                    found = self._resolver.value(keyword.value, module, scope)
                    return found if isinstance(found, Class) else None
        is_class = dotted in RESULTS or name.rpartition(".")[2][:1].isupper()
        return External(name) if is_class else None

    def _of_awaited(self, call: ast.Call, module: Module, scope: Scope) -> Type | None:
        match self.callee(call.func, module, scope):
            case Function() as function if isinstance(function.node, ast.AsyncFunctionDef):
                return self._result(function, self._bound(call.func, module, scope))
            case External(dotted="asyncio.wait_for"):
                return self._of_first(call, module, scope)
            case External(dotted=dotted) if dotted in AWAITED_RESULTS:
                return External(AWAITED_RESULTS[dotted])
            case Function() as function if (name := own_name(function)) in AWAITED_RESULTS:
                return External(AWAITED_RESULTS[name])
            case _:
                return None

    def _of_first(self, call: ast.Call, module: Module, scope: Scope) -> Type | None:
        """Return what the coroutine gives that a call is handed."""
        match call.args:
            case [ast.Call() as inner, *_]:
                return self._of_awaited(inner, module, scope)
            case _:
                return None

    def _bound(self, func: ast.expr, module: Module, scope: Scope) -> Class | None:
        """Return the class that a method is called on."""
        if not isinstance(func, ast.Attribute):
            return None
        found = self._resolver.value(func.value, module, scope)
        return found if isinstance(found, Class) else self.class_of(func.value, module, scope)

    # -- results ---------------------------------------------------------------------------------

    def _result(self, function: Function, bound: Class | None) -> Type | None:
        """Return the class of what a function returns: as declared, else as its body shows."""
        return self._resolver.project.remember(
            ("result", function, bound),
            lambda: self._declared(function, bound) or self._of_results(function, bound),
            cyclic=None,
        )

    def _declared(self, function: Function, bound: Class | None) -> Type | None:
        annotation = function.node.returns
        if annotation is None:
            return None
        if any(True for _ in yielded_values(function.node)):
            annotation = yielded(annotation)
        if annotation is None:
            return None
        if bound is not None and is_of_first_parameter(annotation, function.node):
            return bound
        scope = function.definition.scope
        return annotated(annotation, function.module, scope, self._resolver, bound)

    def _of_results(self, function: Function, bound: Class | None) -> Type | None:
        if function.node.decorator_list and not self._hands_on(function):
            return None
        scope = function.module.scope_of(function.node)
        return _agreed(
            self._of_result(one, function, scope, bound) for one in results(function.node)
        )

    def _of_result(
        self, node: ast.expr, function: Function, scope: Scope, bound: Class | None
    ) -> Type | None:
        """`self` and `cls()` are of the class that the method is called on."""
        found = self.type_of(node, function.module, scope)
        if bound is not None and isinstance(found, Class) and found == _owner(function):
            named = node.func if isinstance(node, ast.Call) else node
            if isinstance(named, ast.Name) and is_first_parameter(
                ast.arg(named.id), function.node
            ):
                return bound
        return found

    def _hands_on(self, function: Function) -> bool:
        """Whether no decorator changes what a function gives."""
        if self._fixtures.of_function(function) is not None:
            return True
        known = _MANAGER_MAKERS | {"builtins.staticmethod", "builtins.classmethod"}
        return self._resolver.decorator_names(function) <= known | {"builtins.property"}

    def _is_manager_maker(self, made: Value) -> TypeGuard[Function]:
        """Whether calling it gives a context manager of contextlib."""
        if not isinstance(made, Function):
            return False
        return bool(self._resolver.decorator_names(made) & _MANAGER_MAKERS)

    def _of_entered(
        self, value: ast.expr, module: Module, scope: Scope, *, is_async: bool
    ) -> Type | None:
        """`with value as name`."""
        if isinstance(value, ast.Call):
            made = self.callee(value.func, module, scope)
            if self._is_manager_maker(made):
                return self._result(made, self._bound(value.func, module, scope))
            name = made.dotted if isinstance(made, External) else ""
            name = own_name(made) if isinstance(made, Function) else name
            if name in ENTERED_RESULTS:
                return External(ENTERED_RESULTS[name])
        entered = self.type_of(value, module, scope)
        if isinstance(entered, External):
            return entered if known_name(entered.dotted) in GIVE_THEMSELVES else None
        if entered is None:
            return None
        method = self._members.method(entered, "__aenter__" if is_async else "__enter__")
        return self._result(method, entered) if isinstance(method, Function) else None

    # -- attributes --------------------------------------------------------------------------

    def _of_attribute(self, owner: Class, name: str) -> Type | None:
        return self._resolver.project.remember(
            ("attribute type", owner, name),
            lambda: self._compute_attribute(owner, name),
            cyclic=None,
        )

    def _compute_attribute(self, owner: Class, name: str) -> Type | None:
        """What methods set it to; else what the class body says of it; else its property."""
        assigned = [*attribute_sources(owner, name, self._resolver)]
        if assigned:
            return _agreed(self._of_source(one) for one in assigned)
        for ancestor in self._resolver.mro(owner):
            if isinstance(ancestor, Class) and name in ancestor.scope.bindings:
                return self._of_class_body(ancestor, name, owner)
        return None

    def _of_source(self, source: AttributeSource) -> Type | None:
        """What is handed to a constructor may be anything, a mock too, whatever it declares."""
        value = getattr(source.binding.meaning, "value", None)
        if isinstance(value, ast.Name) and isinstance(source.scope.node, FunctionNode):
            names = {one.arg for one in parameters(source.scope.node)}
            function = Function(source.module, source.module.definition(source.scope.node))
            if value.id in names and not self._parameters.is_filled_by_pytest(function):
                return None
        return self._of_binding(source.binding, source.module, source.scope)

    def _of_class_body(self, ancestor: Class, name: str, owner: Class) -> Type | None:
        found = self._resolver.bound(name, ancestor.module, ancestor.scope)
        if len(found) == 1 and isinstance(found[0], Function):
            if "builtins.property" in self._resolver.decorator_names(found[0]):
                return self._result(found[0], owner)
            return None
        bindings = ancestor.scope.effective(name)
        return _agreed(self._of_binding(one, ancestor.module, ancestor.scope) for one in bindings)


def _owner(function: Function) -> Class | None:
    return owner_class(function.module, function.definition)


def _is_plain_generator(function: Function) -> bool:
    return yields(function.node) and not function.node.decorator_list


def _agreed(found: Iterable[Type | None]) -> Type | None:
    """Return the one class that all roads lead to."""
    types = set(found)
    return types.pop() if len(types) == 1 else None
