"""What becomes of the value of a call in the function that makes it."""

import ast
from collections.abc import Iterator, Sequence
from enum import Enum
from functools import cached_property
from itertools import chain

from bot.analysis.source.scopes import (
    FunctionNode,
    Scope,
    is_always_true,
    is_never_true,
    meant,
)
from bot.analysis.source.walking import below, every_node, is_barrier, own_nodes_of, own_parents


class Fate(Enum):
    """Where a value ends up."""

    DROPPED = "dropped"  # a statement of its own, or a name that nobody reads
    ASSERTED = "asserted"  # `assert value`
    TESTED = "tested"  # `if value`, `not value`, `all([value])`
    COMPARED = "compared"  # `value == 3`, `value is not None`
    CHECKED = "checked"  # `self.assertEqual(value, 3)`, `isinstance(value, int)`
    USED = "used"  # an attribute, an item, a sum, a text of it
    ITERATED = "iterated"  # `for one in value`, `a, b = value`
    ENTERED = "entered"  # `with value`
    RETURNED = "returned"
    AWAITED = "awaited"
    OTHER = "other"  # handed on, stored: who knows


# What makes sense with the result of a coroutine only.
RESULT_FATES = frozenset(
    {Fate.ASSERTED, Fate.TESTED, Fate.COMPARED, Fate.CHECKED, Fate.USED, Fate.ITERATED}
)
# What no coroutine can do, wherever else it is handed to.
_CERTAIN_FATES = frozenset({Fate.USED, Fate.ITERATED})
# Attributes that coroutines have themselves, and those of a task, which may have been meant.
OF_COROUTINES = frozenset(
    {
        "close", "send", "throw", "cancel", "cancelled", "done", "result", "exception",
        "add_done_callback", "remove_done_callback", "get_loop",
    }
)  # fmt: skip
# The same, and those of generators, context managers and tasks.
OF_ANY = OF_COROUTINES | frozenset(
    {
        "aclose", "asend", "athrow", "gen", "func", "args", "kwds", "get_coro", "get_name",
        "get_context", "get_stack", "print_stack", "cancelling", "uncancel",
    }
)  # fmt: skip
_OWN_PREFIXES = ("cr_", "gi_", "ag_", "__", "set_")
# What is evaluated whenever the statement that it stands in is.
_IN_LINE = (
    ast.Attribute, ast.Subscript, ast.Call, ast.keyword, ast.Assign, ast.AnnAssign, ast.Expr,
    ast.Return, ast.With, ast.AsyncWith, ast.Await, ast.Tuple, ast.List, ast.Compare, ast.Assert,
)  # fmt: skip
_TRUTH = frozenset({"any", "all"})
_CONSUMING = frozenset(
    {"len", "int", "float", "list", "set", "tuple", "dict", "sorted", "sum", "min", "max", "iter"}
    | {"str", "bytes", "bytearray", "frozenset", "enumerate", "reversed", "zip", "next", "abs"}
)
# Checks of a value; others are about the object itself, and those of other classes may take
# coroutines (Lib/unittest/case.py).
_VALUE_CHECKS = frozenset(
    {
        "assertEqual", "assertNotEqual", "assertTrue", "assertFalse", "assertIsNone",
        "assertIsNotNone", "assertIn", "assertNotIn", "assertAlmostEqual", "assertNotAlmostEqual",
        "assertGreater", "assertGreaterEqual", "assertLess", "assertLessEqual", "assertRegex",
        "assertNotRegex", "assertCountEqual", "assertSequenceEqual", "assertListEqual",
        "assertTupleEqual", "assertSetEqual", "assertDictEqual", "assertMultiLineEqual",
    }
)  # fmt: skip
# Who asks whether something can be awaited.
_ASKING = frozenset(
    {"iscoroutine", "isawaitable", "isfuture", "ensure_future", "create_task", "is_awaitable"}
    | {"hasattr", "isinstance", "maybe_await", "ensure_async"}
)
_MAX_NAMES = 4
# Where every place in a kind of node means the same.
_FATES: dict[type[ast.AST], Fate] = {
    ast.Expr: Fate.DROPPED,
    ast.Await: Fate.AWAITED,
    ast.Return: Fate.RETURNED,
    ast.FormattedValue: Fate.USED,
    ast.BinOp: Fate.USED,
    ast.AugAssign: Fate.USED,
    ast.keyword: Fate.OTHER,
}
_LEAVING = (ast.Return, ast.Raise, ast.Break, ast.Continue)
_BLOCKS = ("body", "orelse", "finalbody")


class Body:
    """The own code of a function: parents of nodes, and the fates of values."""

    def __init__(self, node: FunctionNode, scope: Scope) -> None:
        self.node = node
        self._scope = scope

    @cached_property
    def _parents(self) -> dict[ast.AST, ast.AST]:
        return own_parents(self.node)

    def calls(self) -> Sequence[ast.Call]:
        """Return the calls that the function makes itself, in source order, if it gets there."""
        calls = own_nodes_of(self.node, ast.Call)
        return [one for one in calls if one not in self._unreached]

    @cached_property
    def _unreached(self) -> frozenset[ast.AST]:
        """What stands behind a statement that always leaves its block, or in no live branch."""
        behind = (
            statement
            for kind in _LEAVING
            for one in own_nodes_of(self.node, kind)
            for statement in _behind(one, self._parents[one])
        )
        dead = (
            statement
            for one in own_nodes_of(self.node, ast.If)
            for statement in _dead_branch(one, meant(one.test, self._scope))
        )
        return frozenset(node for one in chain(behind, dead) for node in below(one))

    def parent(self, node: ast.AST) -> ast.AST:
        """Return the node that a node stands in directly."""
        return self._parents[node]

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, the nearest first, the function left out."""
        while (node := self._parents[node]) is not self.node:
            yield node

    def statement(self, node: ast.AST) -> ast.stmt:
        """Return the statement that a node stands in."""
        while not isinstance(node, ast.stmt):
            node = self._parents[node]
        return node

    def managers(self, node: ast.AST) -> Iterator[ast.expr]:
        """Yield the context managers in whose blocks a node stands, the nearest first."""
        for one in self.above(node):
            if isinstance(one, ast.With | ast.AsyncWith) and self._is_in_block(node, one):
                yield from (item.context_expr for item in one.items)

    def _is_in_block(self, node: ast.AST, block: ast.With | ast.AsyncWith) -> bool:
        return any(one in block.body for one in (node, *self.above(node)))

    # -- fates -----------------------------------------------------------------------------------

    def fate(self, node: ast.expr, own: frozenset[str] = OF_ANY, depth: int = 0) -> Fate:
        """Return what becomes of an expression's value, which has some attributes of its own."""
        parent = self._parents[node]
        certain = _FATES.get(parent.__class__)
        if certain is not None:
            return certain
        match parent:
            case ast.Call():
                return _fate_in_call(node, parent)
            case ast.Attribute(attr=name):
                return Fate.OTHER if _is_own(name, own) else Fate.USED
            case ast.Compare():
                return Fate.OTHER if _compares_identity(parent) else Fate.COMPARED
            case ast.Assign(targets=[ast.Tuple() | ast.List()]):
                return Fate.ITERATED
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                assert isinstance(parent, ast.stmt)  # noqa: S101 - both are
                return self._fate_of_name(name, parent, own, depth)
            case ast.Assert(test=test):
                return Fate.ASSERTED if test is node else Fate.USED
            case ast.Subscript(value=value):
                return Fate.USED if value is node else Fate.OTHER
            case _:
                return self._fate_in_branch(node, parent, own, depth)

    def _fate_in_branch(
        self, node: ast.expr, parent: ast.AST, own: frozenset[str], depth: int
    ) -> Fate:
        """Return the fate of what is tested, looped over, or an element of something."""
        match parent:
            case ast.If(test=test) | ast.While(test=test):
                return Fate.TESTED if test is node else Fate.OTHER
            case ast.IfExp(test=test):
                return Fate.TESTED if test is node else self.fate(parent, own, depth)
            case ast.BoolOp(values=values):
                return Fate.TESTED if node is not values[-1] else self.fate(parent, own, depth)
            case ast.UnaryOp(op=operator):
                return Fate.TESTED if isinstance(operator, ast.Not) else Fate.USED
            case ast.withitem():
                return Fate.ENTERED if isinstance(self.parent(parent), ast.With) else Fate.OTHER
            case ast.For(iter=iterated) if iterated is node:
                return Fate.ITERATED
            case ast.comprehension():
                return _fate_in_comprehension(node, parent)
            case ast.List() | ast.Tuple() | ast.Set():
                return self._fate_of_element(parent)
            case ast.GeneratorExp(elt=element) | ast.ListComp(elt=element) if element is node:
                return self._fate_of_element(parent)
            case _:
                return Fate.OTHER

    def _fate_of_element(self, parent: ast.AST) -> Fate:
        match self.parent(parent):
            case ast.Call(func=ast.Name(id=name)) if name in _TRUTH:
                return Fate.TESTED
            case _:
                return Fate.OTHER

    def handed_to(self, node: ast.expr) -> Iterator[tuple[ast.Call, ast.expr]]:
        """Yield the calls that get a value, itself or by its name, and the argument that it is."""
        match self.parent(node):
            case ast.Assign(targets=[ast.Name(id=name)]) as assignment:
                found = self._loads(name, assignment) or []
                if self._names_in_nested.get(name) is Fate.AWAITED:
                    return
            case _:
                found = [node]
        if any(isinstance(self.parent(one), ast.Await) for one in found):
            return
        for one in found:
            parent = self.parent(one)
            if isinstance(parent, ast.keyword):
                parent = self.parent(parent)
            if isinstance(parent, ast.Call) and parent.func is not one:
                yield parent, one

    def uses_at_once(self, name: str) -> bool:
        """Whether each run of the function does with a parameter what no coroutine can do.

        It takes an attribute or item of it, loops over it or looks for something in it. Where it
        may also await it, or asks whether it can, nothing is said.
        """
        uses = self._names.get(name, [])
        if len(self._scope.bindings.get(name, ())) != 1 or any(map(self._may_await, uses)):
            return False
        return any(map(self._is_used_at_once, uses))

    def _may_await(self, node: ast.Name) -> bool:
        match self.parent(node):
            case ast.Await():
                return True
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)):
                return name in _ASKING
            case _:
                return False

    def _is_used_at_once(self, node: ast.Name) -> bool:
        parent = self.parent(node)
        if _is_searched(node, parent):
            return self._is_evaluated(parent)
        if not isinstance(parent, ast.Attribute | ast.Subscript | ast.For | ast.Starred):
            return False
        if isinstance(parent, ast.Attribute) and _is_own(parent.attr, OF_ANY):
            return False
        return self.fate(node) in _CERTAIN_FATES and self._is_evaluated(parent)

    def _is_evaluated(self, node: ast.AST) -> bool:
        """Whether each run of the function that gets there evaluates a node."""
        for one in self.above(node):
            if not (isinstance(one, _IN_LINE) or getattr(one, "test", None) is node):
                return False
            node = one
        return True

    # -- names ---------------------------------------------------------------------------------

    def _fate_of_name(
        self, name: str, assignment: ast.stmt, own: frozenset[str], depth: int
    ) -> Fate:
        """Return what becomes of a value under a name, if all its uses are certain."""
        if depth > _MAX_NAMES:
            return Fate.OTHER
        loads = self._loads(name, assignment)
        if loads is None:
            return Fate.OTHER
        fates = [self.fate(one, own, depth + 1) for one in loads]
        if (nested := self._names_in_nested.get(name)) is not None:
            fates.append(nested)
        if not fates:
            return Fate.DROPPED
        if all(one in RESULT_FATES for one in fates):
            return fates[0]
        if Fate.AWAITED in fates or any(self._is_handled(one, own) for one in loads):
            return Fate.OTHER
        searched = (_is_searched(one, self.parent(one)) for one in loads)
        if any(searched):
            return Fate.COMPARED
        return next((one for one in fates if one in _CERTAIN_FATES), Fate.OTHER)

    def _is_handled(self, node: ast.expr, own: frozenset[str]) -> bool:
        """Whether an awaitable is used as such: closed, say, or asked whether it is done."""
        parent = self.parent(node)
        return isinstance(parent, ast.Attribute) and _is_own(parent.attr, own)

    def _loads(self, name: str, assignment: ast.stmt) -> list[ast.expr] | None:
        """Return where the value is read that an assignment gives a name; None if unsure."""
        uses = self._names.get(name, [])
        if any(isinstance(one.ctx, ast.Del) for one in uses):
            return None
        stores = [one for one in uses if isinstance(one.ctx, ast.Store)]
        loads: list[ast.expr] = [one for one in uses if isinstance(one.ctx, ast.Load)]
        if len(stores) != len(self._scope.bindings.get(name, ())):
            return None
        if len(stores) == 1:
            return loads
        statements = [self.statement(one) for one in stores]
        if not all(self._is_in_line(one) for one in statements):
            return None
        start = assignment.end_lineno or assignment.lineno
        later = [one.end_lineno or one.lineno for one in statements if one.lineno > start]
        end = min(later, default=self.node.end_lineno or 0)
        return [one for one in loads if start < one.lineno <= end]

    @cached_property
    def _names(self) -> dict[str, list[ast.Name]]:
        """Where each name stands."""
        found: dict[str, list[ast.Name]] = {}
        for one in own_nodes_of(self.node, ast.Name):
            found.setdefault(one.id, []).append(one)
        return found

    def _is_in_line(self, statement: ast.stmt) -> bool:
        """Whether a statement runs exactly once, in the order of the text."""
        return all(isinstance(one, ast.With | ast.AsyncWith) for one in self.above(statement))

    @cached_property
    def _names_in_nested(self) -> dict[str, Fate]:
        """What functions and classes inside do with names; one that they bind may be awaited."""
        found: dict[str, Fate] = {}
        nested = (every_node(one) for one in self._parents if is_barrier(one))
        for node in chain.from_iterable(nested):
            match node:
                case ast.Await(value=ast.Name(id=name)) | ast.Name(id=name, ctx=ast.Store()):
                    found[name] = Fate.AWAITED
                case ast.Name(id=name):
                    found.setdefault(name, Fate.OTHER)
                case _:
                    continue
        return found


def _dead_branch(node: ast.If, test: ast.expr) -> list[ast.stmt]:
    """Return the branch of an `if` that nothing comes to."""
    if is_never_true(test):
        return node.body
    return node.orelse if is_always_true(test) else []


def _behind(statement: ast.stmt, parent: ast.AST) -> list[ast.stmt]:
    """Return the statements that follow one in its block."""
    blocks: list[list[ast.stmt]] = [getattr(parent, name, []) for name in _BLOCKS]
    block = next(one for one in blocks if statement in one)
    return block[block.index(statement) + 1 :]


def _is_searched(node: ast.expr, parent: ast.AST) -> bool:
    """Whether something is looked for in a value: `"!" in value`."""
    match parent:
        case ast.Compare(ops=[*_, ast.In() | ast.NotIn()], comparators=[*_, last]):
            return last is node
        case _:
            return False


def _compares_identity(node: ast.Compare) -> bool:
    """`one is other`: which object it is, whatever it holds; `is True` asks for a result."""
    sides = (node.left, *node.comparators)
    if any(isinstance(one, ast.Constant) for one in sides):
        return False
    return all(isinstance(one, ast.Is | ast.IsNot) for one in node.ops)


def _is_own(name: str, own: frozenset[str]) -> bool:
    if own is OF_ANY and name.startswith("_"):
        return True  # futures have some
    return name in own or name.startswith(_OWN_PREFIXES)


def _fate_in_call(node: ast.expr, call: ast.Call) -> Fate:
    match call.func:
        case function if function is node:
            return Fate.USED
        case ast.Name(id="bool"):
            return Fate.TESTED
        case ast.Name(id=name) if name in _CONSUMING:
            return Fate.USED
        case ast.Name(id="isinstance"):
            return Fate.CHECKED if call.args and call.args[0] is node else Fate.OTHER
        case ast.Attribute(value=ast.Name(id="self"), attr=name) if name in _VALUE_CHECKS:
            return Fate.CHECKED
        case _:
            return Fate.OTHER


def _fate_in_comprehension(node: ast.expr, parent: ast.comprehension) -> Fate:
    if node in parent.ifs:
        return Fate.TESTED
    return Fate.ITERATED if node is parent.iter and not parent.is_async else Fate.OTHER
