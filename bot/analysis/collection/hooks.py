"""What conftest files and plugins of the repository do to how tests are called.

Only hooks that could make an unhandled test run matter. A hook that marks items after
collection changes nothing (pytest-asyncio decides while collecting, since 0.22); one that calls
tests itself, or swaps what an item calls, makes the answer unknown.
"""

import ast
from dataclasses import dataclass

from bot.analysis.answer import Answer
from bot.analysis.collection.marks import MarkReader
from bot.analysis.collection.third_party import RUNNERS
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Function
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import every_node

# Firstresult hooks that can take a test into their own hands.
_TAKING_HOOKS = frozenset(
    {"pytest_pyfunc_call", "pytest_runtest_protocol", "pytest_runtestloop", "pytest_runtest_call"}
)
_MAKING_HOOKS = frozenset(
    {"pytest_pycollect_makeitem", "pytest_pycollect_makemodule", "pytest_collect_file"}
)
_ITEM_HOOKS = frozenset(
    {
        "pytest_collection_modifyitems", "pytest_itemcollected", "pytest_collection_finish",
        "pytest_runtest_setup", "pytest_make_collect_report", "pytest_collectstart",
        "pytest_collection", "pytest_deselected", "pytest_generate_tests",
    }
)  # fmt: skip
_ALL_HOOKS = _TAKING_HOOKS | _MAKING_HOOKS | _ITEM_HOOKS
_SWAPPED = frozenset(
    {
        "obj",
        "_obj",
        "runtest",
        "__class__",
        "_testfunc",
        "_testcase",
        "_fixtureinfo",
        "fixturenames",
    }
)
_MAX_DEPTH = 4


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a module's hooks may do.

    Attributes:
        may_run: whether they may run a test that no plugin handles.
        may_swap: whether they may replace what an item, also one of unittest, calls.
        late_marks: names of marks that they add once items are made.
        asyncio_mode: a mode that they set by hand; UNKNOWN where they touch it otherwise.
        handles_fixtures: whether they may set up fixtures by themselves.
    """

    may_run: bool = False
    may_swap: bool = False
    late_marks: frozenset[str] = frozenset()
    asyncio_mode: str | Answer = Answer.NO
    handles_fixtures: bool = False

    def __or__(self, other: "Hooks") -> "Hooks":
        mode = other.asyncio_mode if self.asyncio_mode is Answer.NO else self.asyncio_mode
        return Hooks(
            self.may_run or other.may_run,
            self.may_swap or other.may_swap,
            self.late_marks | other.late_marks,
            mode,
            self.handles_fixtures or other.handles_fixtures,
        )


NO_HOOKS = Hooks()


class HookReader:
    """Reads the hooks of plugin modules."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._marks = MarkReader(resolver)

    def of_module(self, module: Module) -> Hooks:
        """Return what the hooks defined in a module (its classes included) may do."""
        return self._resolver.project.remember(
            ("hooks", module), lambda: self._compute(module), cyclic=NO_HOOKS
        )

    def _compute(self, module: Module) -> Hooks:
        text = module.source.text
        result = NO_HOOKS
        if "pytest_" in text:
            for definition in module.functions():
                result |= self._of_function(definition, module)
            for name in module.scope.bindings:
                if name in _ALL_HOOKS:
                    result |= self._of_import(name, module)
        if _swaps_anywhere(module) or sets_on_instances(module):
            result |= Hooks(may_run=True, may_swap=True)
        if "asyncio_mode" in text:
            result |= Hooks(asyncio_mode=_assigned_mode(module))
        if "TestCase" in text and _patches_unittest(module):
            result |= Hooks(may_swap=True, may_run=True)
        return result

    def _of_function(self, definition: Definition, module: Module) -> Hooks:
        node = definition.node
        if not isinstance(node, FunctionNode):
            return NO_HOOKS
        if node.name in _TAKING_HOOKS:
            return Hooks(may_run=self._takes(node), may_swap=self._swaps(node, module, 0))
        if node.name in _MAKING_HOOKS:
            return Hooks(may_run=self._makes(node), may_swap=self._makes(node))
        if node.name in _ITEM_HOOKS:
            swaps = self._swaps(node, module, 0)
            marks = self._marks_added(node, module, 0)
            return Hooks(may_run=swaps, may_swap=swaps, late_marks=marks)
        if node.name == "pytest_fixture_setup":
            return Hooks(handles_fixtures=True)
        return NO_HOOKS

    def _of_import(self, name: str, module: Module) -> Hooks:
        """A hook that a conftest file imports, or assigns, instead of defining it."""
        result = NO_HOOKS
        for value in self._resolver.bound(name, module, module.scope):
            if not isinstance(value, Function):
                result |= Hooks(may_run=True, may_swap=True)
            elif value.module is not module:
                result |= self._of_function(value.definition, value.module)
        return result

    def _takes(self, node: FunctionNode) -> bool:
        """Whether a calling hook may run the test: it runs or awaits something, or returns."""
        for one in every_node(node):
            match one:
                case ast.Await() | ast.AsyncFunctionDef():
                    return True
                case ast.Return(value=ast.expr() as value) if not _is_none(value):
                    return True
                case ast.Call() if _called(one) in RUNNERS:
                    return True
                case _:
                    continue
        return False

    def _makes(self, node: FunctionNode) -> bool:
        """Whether a making hook returns items of its own or changes what is collected."""
        for one in every_node(node):
            match one:
                case ast.Return(value=ast.expr() as value) if not _is_none(value):
                    return True
                case ast.Attribute(ctx=ast.Store()):
                    return True
                case ast.Attribute(attr="mark") | ast.Yield():
                    return True
                case ast.Call() if _called(one) in {"setattr", "add_marker", "asyncio", "append"}:
                    return True
                case _:
                    continue
        return False

    def _swaps(self, node: FunctionNode, module: Module, depth: int) -> bool:
        for one in every_node(node):
            match one:
                case ast.Attribute(attr=attribute, ctx=ast.Store()) if attribute in _SWAPPED:
                    return True
                case ast.Call(func=ast.Name(id="setattr")):
                    return True
                case ast.Call() if _called(one) in RUNNERS - {"result"}:
                    return True
                case ast.Call():
                    callee = self._helper(one, module, node)
                    if callee is None:
                        continue
                    if depth >= _MAX_DEPTH or self._swaps(callee.node, callee.module, depth + 1):
                        return True
                case _:
                    continue
        return False

    def _marks_added(self, node: FunctionNode, module: Module, depth: int) -> frozenset[str]:
        """Return the names of marks that appear where `add_marker` is called."""
        found: set[str] = set()
        for one in every_node(node):
            if isinstance(one, ast.Attribute) and isinstance(one.value, ast.Attribute):
                if one.value.attr == "mark":
                    found.add(one.attr)
            elif isinstance(one, ast.Call):
                if _called(one) == "add_marker":
                    for argument in one.args:
                        found |= self._names_of_mark(argument, module, node)
                callee = self._helper(one, module, node)
                if callee is not None and depth < _MAX_DEPTH:
                    found |= self._marks_added(callee.node, callee.module, depth + 1)
        return frozenset(found)

    def _names_of_mark(
        self, argument: ast.expr, module: Module, node: FunctionNode
    ) -> frozenset[str]:
        """Return which mark `add_marker` is given: by its name, or as a mark under any name."""
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            return frozenset({argument.value})
        scope = module.scope_of(node)
        values = self._resolver.values(argument, module, scope)
        marks = self._marks.of_values(values, module, scope)
        return frozenset(one.name for one in marks.marks) if marks else frozenset()

    def _helper(self, call: ast.Call, module: Module, node: FunctionNode) -> Function | None:
        """Return the function of the repository that a hook calls."""
        if not isinstance(call.func, ast.Name) or call.func.id == node.name:
            return None
        value = self._resolver.value(call.func, module, module.scope_of(node))
        return value if isinstance(value, Function) else None


def combined(hooks: list[Hooks]) -> Hooks:
    """Return what several modules together may do."""
    result = NO_HOOKS
    for one in hooks:
        result |= one
    return result


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _assigned_mode(module: Module) -> str | Answer:
    """Return the mode that a module sets by hand, as in `config.option.asyncio_mode = "auto"`."""
    found: set[str | Answer] = set()
    for node in every_node(module.tree):
        match node:
            case ast.Assign(targets=[target], value=ast.Constant(value=str(mode))) if _is_mode(
                target
            ):
                found.add(mode)
            case ast.Assign(targets=[target]) if _is_mode(target):
                found.add(Answer.UNKNOWN)
            case ast.Call(
                func=ast.Name(id="setattr"), args=[_, ast.Constant(value="asyncio_mode"), mode]
            ):
                found.add(
                    mode.value
                    if isinstance(mode, ast.Constant) and isinstance(mode.value, str)
                    else Answer.UNKNOWN
                )
            case _:
                continue
    if not found:
        return Answer.NO
    return found.pop() if len(found) == 1 else Answer.UNKNOWN


def _is_mode(target: ast.expr) -> bool:
    match target:
        case ast.Attribute(attr="asyncio_mode"):
            return True
        case ast.Subscript(slice=ast.Constant(value="asyncio_mode")):
            return True
        case _:
            return False


def _swaps_anywhere(module: Module) -> bool:
    """Whether a fixture or helper replaces what an item calls (`request.node.obj = ...`)."""
    if ".obj" not in module.source.text and ".runtest" not in module.source.text:
        return False
    return any(
        isinstance(node, ast.Attribute)
        and isinstance(node.ctx, ast.Store)
        and node.attr in {"obj", "_obj", "runtest"}
        for node in every_node(module.tree)
    )


def sets_on_instances(module: Module) -> bool:
    """Whether a fixture sets attributes, tests perhaps, of `request.instance` by their names."""
    if ".instance" not in module.source.text or "setattr" not in module.source.text:
        return False
    for node in every_node(module.tree):
        match node:
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(), *_]):
                continue
            case ast.Call(func=ast.Name(id="setattr")):
                return True
            case _:
                continue
    return False


def _patches_unittest(module: Module) -> bool:
    for node in every_node(module.tree):
        match node:
            case ast.Attribute(attr="TestCase", ctx=ast.Store()):
                return True
            case ast.Attribute(value=ast.Attribute(attr="TestCase"), ctx=ast.Store()):
                return True
            case ast.Attribute(value=ast.Name(id="TestCase"), ctx=ast.Store()):
                return True
            case _:
                continue
    return False
