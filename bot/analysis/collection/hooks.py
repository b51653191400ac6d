"""What conftest files and plugins of the repository do to how tests are called.

Only hooks that could make an unhandled test run matter. A hook that marks items after
collection changes nothing (pytest-asyncio decides while collecting, since 0.22); one that calls
tests itself, marks what tests are collected from, or swaps what an item calls, makes the answer
unknown.
"""

import ast
import sys
from collections.abc import Callable, Collection

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.collection.hook_code import (
    brings_along,
    called,
    given,
    makes,
    marks_or_sets,
    names_of_items,
    parametrized,
    registering,
    replaces_item,
    specified,
    swaps_item,
    takes,
)
from bot.analysis.collection.marks import MarkReader
from bot.analysis.collection.replacing import (
    assigned_mode,
    patches_unittest,
    replaces_called,
    sets_on_instances,
)
from bot.analysis.names.resolver import Resolver, owner_class
from bot.analysis.names.values import Class, Expression, External, Function, Package, Value
from bot.analysis.source.module import Module
from bot.analysis.source.walking import every_node

# Firstresult hooks that can take a test into their own hands.
_TAKING_HOOKS = frozenset(
    {"pytest_pyfunc_call", "pytest_runtest_protocol", "pytest_runtestloop", "pytest_runtest_call"}
)
_MAKING_HOOKS = frozenset(
    {"pytest_pycollect_makeitem", "pytest_pycollect_makemodule", "pytest_collect_file"}
)
# A mark on a session, directory, module or class counts for the tests that are collected there.
_COLLECTING_HOOKS = frozenset(
    {
        "pytest_sessionstart", "pytest_collection", "pytest_collectstart",
        "pytest_make_collect_report", "pytest_collect_directory",
    }
)  # fmt: skip
_ITEM_HOOKS = frozenset(
    {
        "pytest_collection_modifyitems", "pytest_itemcollected", "pytest_collection_finish",
        "pytest_runtest_setup", "pytest_deselected", "pytest_generate_tests",
    }
)  # fmt: skip
_ALL_HOOKS = (
    _TAKING_HOOKS | _MAKING_HOOKS | _COLLECTING_HOOKS | _ITEM_HOOKS | {"pytest_fixture_setup"}
)
# pytest calls these of every conftest file that it has read; the others for what lies below one.
_GLOBAL_HOOKS = frozenset(
    {
        "pytest_collection_modifyitems", "pytest_collection_finish", "pytest_sessionstart",
        "pytest_collection", "pytest_runtestloop",
    }
)  # fmt: skip
# Code of these does nothing to an item that it is handed.
_HARMLESS = sys.stdlib_module_names | {"builtins", "pytest", "_pytest", "pytest_asyncio"}
_MAX_DEPTH = 4
_Wanted = Callable[[ast.AST], bool]


class Hooks(Struct, frozen=True):
    """What a module's hooks may do.

    Attributes:
        may_run: whether they may run a test that no plugin handles.
        may_mark: whether they may add marks, or anyio's fixture, by which a plugin runs a test.
        may_swap: whether they may replace what an item, also one of unittest, calls.
        late_marks: names of marks that they add once items are made.
        asyncio_mode: a mode that they set by hand; UNKNOWN where they touch it otherwise.
        handles_fixtures: whether they may set up fixtures by themselves.
        parametrized: names of fixtures whose values they bring; ANY_NAME where they compute them.
    """

    may_run: bool = False
    may_mark: bool = False
    may_swap: bool = False
    late_marks: frozenset[str] = frozenset()
    asyncio_mode: str | Answer = Answer.NO
    handles_fixtures: bool = False
    parametrized: frozenset[str] = frozenset()

    def __or__(self, other: "Hooks") -> "Hooks":
        mode = other.asyncio_mode if self.asyncio_mode is Answer.NO else self.asyncio_mode
        return Hooks(
            self.may_run or other.may_run,
            self.may_mark or other.may_mark,
            self.may_swap or other.may_swap,
            self.late_marks | other.late_marks,
            mode,
            self.handles_fixtures or other.handles_fixtures,
            self.parametrized | other.parametrized,
        )


NO_HOOKS = Hooks()
_ANYTHING = Hooks(may_run=True, may_swap=True, handles_fixtures=True)


class HookReader:
    """Reads the hooks of plugin modules, and of test files those that pytest calls there."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._marks = MarkReader(resolver)

    def of_module(self, module: Module) -> Hooks:
        """Return what the hooks defined in a module (its classes included) may do."""
        return self._resolver.project.remember(
            ("hooks", module), lambda: self._compute(module, _ALL_HOOKS), cyclic=NO_HOOKS
        )

    def everywhere(self, module: Module) -> Hooks:
        """Return what a conftest file may do to tests that do not lie below it."""
        return self._resolver.project.remember(
            ("global hooks", module), lambda: self._compute(module, _GLOBAL_HOOKS), cyclic=NO_HOOKS
        )

    def of_test_file(self, module: Module) -> Hooks:
        """Return what a file that is no plugin may do to the tests in it.

        pytest calls `pytest_generate_tests` of the module and of the class of a test.
        """
        return self._resolver.project.remember(
            ("hooks of tests", module), lambda: self._compute_beside(module), cyclic=NO_HOOKS
        )

    def _compute_beside(self, module: Module) -> Hooks:
        result = NO_HOOKS
        if replaces_called(module) or sets_on_instances(module):
            result |= Hooks(may_run=True, may_swap=True)
        if "pytest_generate_tests" in module.source.text:
            result |= self._of_functions(module, frozenset({"pytest_generate_tests"}))
        return result

    def _compute(self, module: Module, wanted: frozenset[str]) -> Hooks:
        text = module.source.text
        result = Hooks(asyncio_mode=assigned_mode(module))
        if "pytest_" in text:
            result |= self._of_functions(module, wanted)
        if "pluginmanager" in text:
            result |= self._of_registered(module)
        if replaces_called(module) or sets_on_instances(module) or patches_unittest(module):
            result |= Hooks(may_run=True, may_swap=True)
        return result

    def _of_functions(self, module: Module, wanted: frozenset[str]) -> Hooks:
        result = NO_HOOKS
        for definition in module.functions():
            name = specified(definition) or definition.name
            if name in wanted:
                result |= self._of_function(name, Function(module, definition))
        for name in wanted & module.scope.bindings.keys():
            result |= self._of_binding(name, module)
        return result

    def _of_binding(self, name: str, module: Module) -> Hooks:
        """A hook that a conftest file imports, or assigns, instead of defining it."""
        result = NO_HOOKS
        for value in self._resolver.bound(name, module, module.scope):
            if not isinstance(value, Function):
                result |= _ANYTHING
            elif value.module is not module or value.definition.name != name:
                result |= self._of_function(name, value)
        return result

    def _of_function(self, name: str, hook: Function) -> Hooks:
        """Return what one hook may do."""
        if name == "pytest_fixture_setup":
            return Hooks(handles_fixtures=True)
        if name in _COLLECTING_HOOKS:
            runs = bool(self._marks_added(hook, 0)) or self._does(hook, replaces_item)
            return Hooks(may_run=runs, may_swap=runs)
        swaps = self._does(hook, swaps_item)
        if name in _TAKING_HOOKS:
            return Hooks(may_run=takes(hook.node), may_swap=swaps)
        if name in _MAKING_HOOKS:
            changes = makes(hook.node) or self._does(hook, marks_or_sets)
            return Hooks(may_run=changes, may_swap=changes)
        marks = self._does(hook, brings_along)
        names = parametrized(hook.node) if name == "pytest_generate_tests" else frozenset[str]()
        return Hooks(swaps, marks, swaps, self._marks_added(hook, 0), parametrized=names)

    def _does(self, hook: Function, wanted: _Wanted) -> bool:
        """Whether a hook, or what it calls, holds what is wanted, or hands items on."""
        return self._holds(hook, wanted, names_of_items(hook.node), 0)

    def _holds(
        self, function: Function, wanted: _Wanted, items: Collection[str], depth: int
    ) -> bool:
        for one in every_node(function.node):
            if wanted(one):
                return True
            if not isinstance(one, ast.Call):
                continue
            is_handed = any(isinstance(it, ast.Name) and it.id in items for it in given(one))
            match self._callee(one, function):
                case Function() as callee if callee.node is not function.node:
                    # Who is handed no item can do nothing to one.
                    inner = names_of_items(callee.node) if is_handed else ()
                    if depth >= _MAX_DEPTH or self._holds(callee, wanted, inner, depth + 1):
                        return True
                case External(dotted=dotted) if dotted.partition(".")[0] not in _HARMLESS:
                    if is_handed:
                        return True
                case _:
                    continue
        return False

    def _callee(self, call: ast.Call, function: Function) -> Value | None:
        """Return what a hook calls: a function, or a method of its own class."""
        match call.func:
            case ast.Attribute(value=ast.Name(id="self" | "cls"), attr=name):
                owner = owner_class(function.module, function.definition)
                found = self._resolver.class_attribute(owner, name) if owner else ()
                return found[0] if len(found) == 1 else None
            case ast.Name() | ast.Attribute(value=ast.Name() | ast.Attribute()):
                scope = function.module.scope_of(function.node)
                return self._resolver.value(call.func, function.module, scope)
            case _:
                return None

    def _marks_added(self, function: Function, depth: int) -> frozenset[str]:
        """Return the names of marks that appear where `add_marker` is called."""
        found: set[str] = set()
        for one in every_node(function.node):
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Attribute):
                if one.value.attr == "mark":
                    found.add(one.attr)
            elif isinstance(one, ast.Call):
                if called(one) == "add_marker":
                    for argument in one.args:
                        found |= self._names_of_mark(argument, function)
                callee = self._callee(one, function)
                if isinstance(callee, Function) and depth < _MAX_DEPTH:
                    found |= self._marks_added(callee, depth + 1)
        return frozenset(found)

    def _names_of_mark(self, argument: ast.expr, function: Function) -> frozenset[str]:
        """Return which mark `add_marker` is given: by its name, or as a mark under any name."""
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return frozenset({argument.value})
        scope = function.module.scope_of(function.node)
        values = self._resolver.values(argument, function.module, scope)
        marks = self._marks.of_values(values, function.module, scope)
        return frozenset(one.name for one in marks.marks) if marks else frozenset()

    # -- plugins that code registers -------------------------------------------------------

    def _of_registered(self, module: Module) -> Hooks:
        """Return what plugins may do that a module hands to pytest's plugin manager."""
        result = NO_HOOKS
        for definition in module.functions():
            function = Function(module, definition)
            for call in registering(function.node):
                result |= self._of_plugin(call, function)
        return result

    def _of_plugin(self, call: ast.Call, function: Function) -> Hooks:
        match call.args:
            case [ast.Constant(value=str(name)), *_]:
                return self._of_plugin_module(self._resolver.imported(name, function.module))
            case [ast.Name(id="self"), *_]:
                return NO_HOOKS  # a class of this module, whose hooks are read already
            case [plugin, *_]:
                scope = function.module.scope_of(function.node)
                value = self._resolver.value(plugin, function.module, scope)
                if isinstance(value, Expression) and isinstance(value.node, ast.Call):
                    value = self._resolver.value(value.node.func, value.module, value.scope)
                return self._of_plugin_module(value)
            case _:
                return _ANYTHING

    def _of_plugin_module(self, value: Value) -> Hooks:
        match value:
            case Class(module=module):
                return self.of_module(module)
            case Package(path=str(path)) if found := self._resolver.project.module(path):
                return self.of_module(found)
            case _:
                return _ANYTHING
