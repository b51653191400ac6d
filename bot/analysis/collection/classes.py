"""Who runs the async methods of a class: decided over its whole MRO, across files.

A class that changes how its tests are called (a metaclass, `__init_subclass__`, an overridden
`run`) is unknown, because such code is where teams run coroutines by themselves.
"""

import ast
from collections.abc import Collection, Iterator

from bot.analysis.answer import Answer
from bot.analysis.collection.decorators import Decorators
from bot.analysis.collection.marks import NONE, UNKNOWN_MARKS, MarkReader, Marks
from bot.analysis.collection.third_party import (
    CLASS_DECORATORS,
    CLASSES,
    CLASSES_AWAITING_SETUP,
    CLASSES_WITH_ASYNC_SETUP,
    DATACLASS_DECORATORS,
    DJANGO_CASES,
    PLAIN_ASYNC_CASES,
    PLAIN_METACLASSES,
    Effect,
    Runs,
)
from bot.analysis.collection.wrappers import reaches_into
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import (
    Class,
    Expression,
    External,
    Function,
    Unknown,
    Value,
    own_name,
)
from bot.analysis.source.scopes import Scope
from bot.analysis.source.walking import every_node

# unittest.TestCase calls a test by way of these (Lib/unittest/case.py); a class that brings its
# own decides for itself who awaits. testtools calls it by way of what `run_tests_with` names.
_CALLING_METHODS = frozenset(
    {"run", "_callTestMethod", "__call__", "debug", "__getattribute__", "__getattr__"}
    | {"run_tests_with", "_run_test_method"}
)
_CONSTRUCTORS = frozenset({"__init__", "__new__"})
_BEFORE_TESTS = _CONSTRUCTORS | {"setUpClass"}
_ANY_CLASS = "*"
_SELF_AND_NAME = 2


class Classes:
    """Facts about classes of the repository."""

    def __init__(self, resolver: Resolver, marks: MarkReader, decorators: Decorators) -> None:
        self._resolver = resolver
        self._marks = marks
        self._decorators = decorators

    def runs(self, value: Class) -> Runs:
        """Return who awaits the async test methods of a class."""
        return self._resolver.project.remember(
            ("runs", value), lambda: self._compute_runs(value), cyclic=Runs.UNKNOWN
        )

    def _compute_runs(self, value: Class) -> Runs:
        found = {self._of_ancestor(one) for one in self._resolver.mro(value)}
        if Runs.ITSELF in found:
            return Runs.ITSELF
        for answer in (Runs.UNKNOWN, Runs.IF_DECORATED, Runs.NOBODY):
            if answer in found:
                return answer
        return Runs.PYTEST

    def _of_ancestor(self, value: Value) -> Runs:
        match value:
            case External(dotted=dotted):
                return CLASSES.get(dotted, Runs.UNKNOWN)
            case Class() if (known := CLASSES.get(own_name(value))) is not None:
                return known
            case Class():
                return Runs.UNKNOWN if self._meddles(value) else Runs.PYTEST
            case _:
                return Runs.UNKNOWN

    def _meddles(self, value: Class) -> bool:
        """Whether a class may change how its methods, or those of its subclasses, are called."""
        names = value.scope.bindings.keys()
        return (
            bool(names & _CALLING_METHODS)
            or "__init_subclass__" in names
            or not self._plain_metaclass(value)
            or not all(self._keeps(node, value) for node in value.node.decorator_list)
            or self._is_patched(value)
            or self._replaces_tests(value)
        )

    def _plain_metaclass(self, value: Class) -> bool:
        for keyword in value.node.keywords:
            if keyword.arg != "metaclass":
                continue
            scope = value.definition.scope
            dotted = self._resolver.dotted(keyword.value, value.module, scope)
            if dotted not in PLAIN_METACLASSES:
                return False
        return all(keyword.arg is not None for keyword in value.node.keywords)

    def _keeps(self, node: ast.expr, value: Class) -> bool:
        applied = self._decorators.application(node, value.module, value.definition.scope)
        if applied.name in CLASS_DECORATORS | DATACLASS_DECORATORS:
            return True
        found = self._resolver.value(_callee(node), value.module, value.definition.scope)
        if isinstance(found, Function) and reaches_into(found.node):
            return False
        return applied.effect is Effect.KEEPS

    def _is_patched(self, value: Class) -> bool:
        """Whether the module sets attributes of the class from outside."""
        module = value.module
        names = self._resolver.project.remember(
            ("set from outside", module),
            lambda: _set_from_outside(module.tree.body),
            cyclic=frozenset[str](),
        )
        return value.definition.name in names or _ANY_CLASS in names

    def _replaces_tests(self, value: Class) -> bool:
        """Whether a constructor, or what runs before the first test, sets attributes by name."""
        return any(
            isinstance(one, Function) and any(map(_sets_test, every_node(one.node)))
            for name in _BEFORE_TESTS & value.scope.bindings.keys()
            for one in self._resolver.bound(name, value.module, value.scope)
        )

    def awaits_setup(self, value: Class) -> bool:
        """Whether a class may await what `setUp`, `tearDown` and their like return."""
        return self._descends(value, CLASSES_AWAITING_SETUP)

    def has_async_setup(self, value: Class) -> bool:
        """Whether a class calls `asyncSetUp` and `asyncTearDown`."""
        return self._descends(value, CLASSES_WITH_ASYNC_SETUP)

    def is_plain_async_case(self, value: Class) -> bool:
        """Whether unittest's own class is the only one outside the repository it descends from."""
        bases = {one.dotted for one in self._resolver.mro(value) if isinstance(one, External)}
        return bases <= PLAIN_ASYNC_CASES

    def is_of_django(self, value: Class) -> bool:
        """Whether a class descends from one of Django's test cases."""
        return any(
            isinstance(one, External)
            and (one.dotted in DJANGO_CASES or one.dotted.startswith("django."))
            and one.dotted in CLASSES
            for one in self._resolver.mro(value)
        )

    def _descends(self, value: Class, names: Collection[str]) -> bool:
        mro = self._resolver.mro(value)
        return any(isinstance(one, External) and one.dotted in names for one in mro)

    # -- what pytest asks of a class -------------------------------------------------------

    def is_test_case(self, value: Class) -> bool:
        """Whether a class is certainly a unittest.TestCase: collected whatever its name."""
        return any(
            isinstance(one, External)
            and CLASSES.get(one.dotted, Runs.PYTEST) not in {Runs.PYTEST, Runs.UNKNOWN}
            for one in self._resolver.mro(value)
        )

    def has_unknown_base(self, value: Class) -> bool:
        """Whether a base cannot be followed, or leads to a class that nothing is known of."""
        return any(
            isinstance(one, Unknown | Expression)
            or (isinstance(one, External) and one.dotted not in CLASSES)
            for one in self._resolver.mro(value)
        )

    def has_constructor(self, value: Class) -> bool:
        """Whether pytest refuses the class for its `__init__` or `__new__` (a dataclass too)."""
        return any(
            bool(_CONSTRUCTORS & one.scope.bindings.keys()) or self._is_dataclass(one)
            for one in self.own_ancestors(value)
        )

    def takes_no_name(self, value: Class) -> bool:
        """Whether no instance can be made of the name of a test: pytest refuses unittest's then.

        `UnitTestCase.newinstance` in _pytest/unittest.py.
        """
        for one in self._resolver.mro(value):
            if not isinstance(one, Class):
                return False
            if "__init__" in one.scope.bindings:
                made = tuple(self._resolver.bound("__init__", one.module, one.scope))
                return bool(made) and not any(map(_may_take_one, made))
        return False

    def says_of_itself(self, value: Class) -> Answer:
        """Return what `__test__` says of the class: a test, none, or (unknown) nothing."""
        for one in self.own_ancestors(value):
            if "__test__" in one.scope.bindings:
                return declared_test(one.scope)
        return Answer.UNKNOWN

    def is_abstract(self, value: Class) -> bool:
        """Whether a method is left abstract: pytest collects no class that cannot be made."""
        mro = self._resolver.mro(value)
        if not any(self._has_abstract_meta(one) for one in mro):
            return False
        bound: set[str] = set()
        for one in mro:
            if not isinstance(one, Class):
                continue
            for name in one.scope.bindings.keys() - bound:
                if self._is_abstract_method(one, name):
                    return True
            bound |= one.scope.bindings.keys()
        return False

    def _has_abstract_meta(self, value: Value) -> bool:
        if isinstance(value, External):
            return value.dotted == "abc.ABC"
        if not isinstance(value, Class):
            return False
        scope = value.definition.scope
        return any(
            self._resolver.dotted(keyword.value, value.module, scope) == "abc.ABCMeta"
            for keyword in value.node.keywords
        )

    def _is_abstract_method(self, value: Class, name: str) -> bool:
        return any(
            isinstance(one, Function)
            and any(
                applied.name.startswith("abc.abstract")
                for applied in self._decorators.applications(one)
            )
            for one in self._resolver.bound(name, value.module, value.scope)
        )

    def _is_dataclass(self, value: Class) -> bool:
        scope = value.definition.scope
        names = (
            self._decorators.application(node, value.module, scope).name
            for node in value.node.decorator_list
        )
        return any(name in DATACLASS_DECORATORS for name in names)

    def own_ancestors(self, value: Class) -> Iterator[Class]:
        """Return the class and its ancestors in this repository, in the order of resolution."""
        return (one for one in self._resolver.mro(value) if isinstance(one, Class))

    # -- marks -------------------------------------------------------------------------------

    def marks(self, value: Class) -> Marks:
        """Return the marks of a class: its own and those of its bases (pytest walks the MRO)."""
        return self._resolver.project.remember(
            ("class marks", value), lambda: self._compute_marks(value), cyclic=UNKNOWN_MARKS
        )

    def own_marks(self, value: Class) -> Marks:
        """Return the marks that stand on or in this very class."""
        found = self._marks.of_class_body(value)
        for node in value.node.decorator_list:
            applied = self._decorators.application(node, value.module, value.definition.scope)
            if applied.name not in CLASS_DECORATORS | DATACLASS_DECORATORS:
                found |= applied.marks
        return found

    def _compute_marks(self, value: Class) -> Marks:
        result = NONE
        for ancestor in self._resolver.mro(value):
            if isinstance(ancestor, Class):
                result |= self.own_marks(ancestor)
            elif not (isinstance(ancestor, External) and ancestor.dotted in CLASSES):
                result |= UNKNOWN_MARKS
        return result

    # -- methods -----------------------------------------------------------------------------

    def methods(self, value: Class) -> dict[str, Function | None]:
        """Return each name's method as the MRO gives it; None: not one plain `def`."""
        return self._resolver.project.remember(
            ("methods", value), lambda: self._compute_methods(value), cyclic={}
        )

    def _compute_methods(self, value: Class) -> dict[str, Function | None]:
        found: dict[str, Function | None] = {}
        for ancestor in self.own_ancestors(value):
            for name in ancestor.scope.bindings:
                if name not in found:
                    values = self._resolver.bound(name, ancestor.module, ancestor.scope)
                    one = values[0] if len(values) == 1 else None
                    found[name] = one if isinstance(one, Function) and one.is_live else None
        return found


def declared_test(scope: Scope) -> Answer:
    """Return what `__test__` in a module or class says; unknown where it says nothing."""
    for binding in scope.effective("__test__"):
        match getattr(binding.meaning, "value", None):
            case ast.Constant(value=value):
                return Answer.of(bool(value))
            case _:
                return Answer.UNKNOWN
    return Answer.UNKNOWN


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _sets_test(node: ast.AST) -> bool:
    """Whether code may set an attribute that is a test, of a class or of an instance."""
    match node:
        case ast.Call(
            func=ast.Name(id="setattr" | "delattr") | ast.Attribute(attr="__setattr__"),
            args=[*_, ast.Constant(value=str(name)), _],
        ):
            return name.startswith("test")
        case ast.Call(func=ast.Name(id="setattr" | "vars") | ast.Attribute(attr="__setattr__")):
            return True
        case ast.Attribute(attr="__dict__"):
            return True
        case ast.Attribute(attr=name, ctx=ast.Store()):
            return name.startswith("test")
        case _:
            return False


def _set_from_outside(body: list[ast.stmt]) -> frozenset[str]:
    """Return the names whose attributes a module sets, outside of functions and classes.

    A loop that calls `setattr` may set those of any class.
    """
    found: set[str] = set()
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for node in every_node(statement):
            match node:
                case ast.Attribute(value=ast.Name(id=owner), ctx=ast.Store()):
                    found.add(owner)
                case ast.Call(func=ast.Name(id="setattr"), args=[ast.Name(id=owner), *_]):
                    found.add(_ANY_CLASS if isinstance(statement, ast.For) else owner)
                case _:
                    continue
    return frozenset(found)


def _may_take_one(constructor: Value) -> bool:
    """Whether a constructor may be called with one argument beside `self`, by position."""
    if not isinstance(constructor, Function) or constructor.node.decorator_list:
        return True
    arguments = constructor.node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    needed = len(positional) - len(arguments.defaults)
    if None in arguments.kw_defaults or needed > _SELF_AND_NAME:
        return False
    return arguments.vararg is not None or len(positional) >= _SELF_AND_NAME
