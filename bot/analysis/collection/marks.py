"""pytest marks as values: which expressions are marks, and which names they carry."""

import ast
import sys
from collections.abc import Iterable, Iterator

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Expression, External, Function, Value
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode, ImportedName, Scope
from bot.analysis.source.walking import every_node, nodes_of, own_returns

_MARK = "pytest.mark."
_MAX_DEPTH = 8


class Mark(Struct, frozen=True):
    """`pytest.mark.name`, called or not, and where it is written."""

    name: str
    module: Module
    scope: Scope
    call: ast.Call | None = None


class Marks(Struct, frozen=True):
    """Marks that apply together; `unknown` says that there may be others."""

    marks: tuple[Mark, ...] = ()
    unknown: bool = False

    def has(self, name: str) -> Answer:
        """Whether a mark of that name applies."""
        if any(mark.name == name for mark in self.marks):
            return Answer.YES
        return Answer.UNKNOWN if self.unknown else Answer.NO

    def named(self, name: str) -> Iterator[Mark]:
        """Yield the marks of a name."""
        return (mark for mark in self.marks if mark.name == name)

    def without(self, other: "Marks") -> "Marks":
        """Return these marks with those of another set left out."""
        return Marks(tuple(one for one in self.marks if one not in other.marks), self.unknown)

    def __or__(self, other: "Marks") -> "Marks":
        return Marks(self.marks + other.marks, self.unknown or other.unknown)


NONE = Marks()
UNKNOWN_MARKS = Marks(unknown=True)


def joined(several: Iterable[Marks]) -> Marks:
    """Return all marks of several sets."""
    result = NONE
    for marks in several:
        result |= marks
    return result


class MarkReader:
    """Reads marks off expressions and off `pytestmark` assignments."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

    def of_values(
        self, values: tuple[Value, ...], module: Module, scope: Scope, depth: int = 0
    ) -> Marks | None:
        """Return the mark that every candidate is; None where one is no mark at all."""
        found = [self.of_value(value, module, scope, depth) for value in values]
        known = [marks for marks in found if marks is not None]
        if not known:
            return None
        if len(known) < len(found):
            return joined([*known, UNKNOWN_MARKS])
        return joined(known)

    def of_decorator(self, node: ast.expr, module: Module, scope: Scope) -> Marks | None:
        """Return the mark that a decorator is; None where it is more, or something else.

        A function that marks what it decorates is none.
        """
        return self.of_values(self._resolver.values(node, module, scope), module, scope)

    def of_value(self, value: Value, module: Module, scope: Scope, depth: int = 0) -> Marks | None:
        """Return the mark that a value is, None if it is none (or cannot be followed)."""
        match value:
            case External(dotted=dotted) if dotted.startswith(_MARK):
                return Marks((Mark(dotted.removeprefix(_MARK), module, scope),))
            case Expression(module=where, scope=inner, node=ast.Call() as call):
                return self._of_call(call, where, inner, depth)
            case _:
                return None

    def _of_call(self, call: ast.Call, module: Module, scope: Scope, depth: int) -> Marks | None:
        if depth > _MAX_DEPTH:
            return None
        values = self._resolver.values(call.func, module, scope)
        if values == (External("builtins.getattr"),):
            return self._of_getattr(call, module, scope)
        if len(values) == 1 and isinstance(values[0], Function):
            return self._of_returned(values[0], depth)
        found = self.of_values(values, module, scope, depth + 1)
        if found is None or len(found.marks) != 1:
            return found
        return Marks((Mark(found.marks[0].name, module, scope, call),), found.unknown)

    def _of_getattr(self, call: ast.Call, module: Module, scope: Scope) -> Marks | None:
        match call.args:
            case [base, ast.Constant(value=str(name)), *_]:
                dotted = self._resolver.dotted(base, module, scope)
                return Marks((Mark(name, module, scope),)) if dotted == "pytest.mark" else None
            case _:
                return None

    def _of_returned(self, function: Function, depth: int) -> Marks | None:
        """Follow `def quick(): return pytest.mark.asyncio`, where that is all it may return."""
        returns = list(own_returns(function.node.body))
        if len(returns) != 1 or returns[0].value is None:
            return None
        scope = function.module.scope_of(function.node)
        values = self._resolver.values(returns[0].value, function.module, scope)
        return self.of_values(values, function.module, scope, depth + 1)

    # -- pytestmark ----------------------------------------------------------------------

    def of_module(self, module: Module) -> Marks:
        """Return the marks that `pytestmark` puts on every test of a module."""
        return self._of_pytestmark(module, module.scope, module.tree.body)

    def of_class_body(self, value: Class) -> Marks:
        """Return the marks that `pytestmark` in the body of a class gives."""
        return self._of_pytestmark(value.module, value.scope, value.node.body)

    def _of_pytestmark(self, module: Module, scope: Scope, body: list[ast.stmt]) -> Marks:
        if not self._mentions(module, scope):
            return NONE
        result = NONE
        for binding in scope.effective("pytestmark"):
            if isinstance(binding.meaning, ImportedName):
                values = self._resolver.meaning(binding, module, scope)
                result |= self._of_several(values, module, scope)
        if not scope.bindings.get("pytestmark") and scope.stars:
            values = self._resolver.name("pytestmark", module, scope)
            result |= self._of_several(values, module, scope, optional=True)
            if any(isinstance(one, External) and not _is_standard(one) for one in values):
                result |= UNKNOWN_MARKS
        return result | self._of_statements(body, module, scope)

    def _mentions(self, module: Module, scope: Scope) -> bool:
        return "pytestmark" in module.source.text or bool(scope.stars)

    def _of_statements(self, body: list[ast.stmt], module: Module, scope: Scope) -> Marks:
        """Follow `pytestmark = ...`, `+= [...]` and `.append(...)` in order."""
        result = NONE
        for statement in body:
            match statement:
                case ast.Delete(targets=[ast.Name(id="pytestmark")]):
                    result = NONE
                case ast.Assign() | ast.AnnAssign() if value := _assigned(statement):
                    result = self.of_list(value, module, scope)
                    if _has_other_names(statement, module):
                        result |= UNKNOWN_MARKS
                case ast.AugAssign() | ast.Expr() if value := _added(statement):
                    result |= self.of_list(value, module, scope)
                case ast.If(test=test) if _names_it(test):
                    result |= UNKNOWN_MARKS
                case ast.If() | ast.Try() | ast.With():
                    result |= self._of_block(statement, module, scope)
                case ast.Import() | ast.ImportFrom() | ast.AnnAssign() | ast.ClassDef():
                    continue
                case _ if _names_it(statement):
                    result |= UNKNOWN_MARKS  # `:=`, unpacking, a slice, a function that adds
                case _:
                    continue
        return result

    def _of_block(
        self, statement: ast.If | ast.Try | ast.With, module: Module, scope: Scope
    ) -> Marks:
        blocks = [statement.body, getattr(statement, "orelse", [])]
        if isinstance(statement, ast.Try):
            blocks += [one.body for one in statement.handlers]
            blocks.append(statement.finalbody)
        return joined(self._of_statements(block, module, scope) for block in blocks)

    def of_list(self, node: ast.expr, module: Module, scope: Scope) -> Marks:
        """Return the marks in a value of `pytestmark`: a mark, a list of marks, a sum of lists."""
        match node:
            case ast.List(elts=elements):
                return joined(self.of_list(one, module, scope) for one in elements)
            case ast.Starred(value=value):
                return self.of_list(value, module, scope)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.of_list(left, module, scope) | self.of_list(right, module, scope)
            case _:
                values = self._resolver.values(node, module, scope)
                result = self._of_several(values, module, scope)
                return result | UNKNOWN_MARKS if self._may_grow(node, module, values) else result

    def _of_several(
        self, values: tuple[Value, ...], module: Module, scope: Scope, *, optional: bool = False
    ) -> Marks:
        result = NONE
        for value in values:
            marks = self.of_value(value, module, scope)
            if marks is not None:
                result |= marks
            elif isinstance(value, Expression) and isinstance(value.node, ast.List | ast.BinOp):
                result |= self.of_list(value.node, value.module, value.scope)
            elif not optional:
                result |= UNKNOWN_MARKS
        return result

    def _may_grow(self, node: ast.expr, module: Module, values: tuple[Value, ...]) -> bool:
        """Whether a list that goes by a name of its own may hold more than was written into it."""
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                pass
            case _:
                return False
        lists = [one for one in values if isinstance(one, Expression) and one.node is not node]
        places = {module, *(one.module for one in lists if isinstance(one.node, ast.List))}
        return bool(lists) and any(name in self._grown_in(place) for place in places)

    def _grown_in(self, module: Module) -> frozenset[str]:
        return self._resolver.project.remember(
            ("grown in", module), lambda: _grown(module), cyclic=frozenset()
        )


def _is_standard(value: External) -> bool:
    """Whether something comes from the standard library, which has no marks to give."""
    return value.dotted.partition(".")[0] in sys.stdlib_module_names


def _names_it(node: ast.stmt | ast.expr) -> bool:
    """Whether code that is not followed does something to `pytestmark`, or may.

    A function that assigns it without `global` has a variable of its own.
    """
    nodes = every_node(node)
    if any(isinstance(one, ast.Global) and "pytestmark" in one.names for one in nodes):
        return True
    contexts = {type(one.ctx) for one in nodes if isinstance(one, ast.Name) and _is_it(one)}
    return contexts == {ast.Load} if isinstance(node, FunctionNode) else bool(contexts)


def _assigned(statement: ast.Assign | ast.AnnAssign) -> ast.expr | None:
    """Return what a statement assigns to `pytestmark`."""
    match statement:
        case ast.Assign(targets=targets, value=value):
            return value if any(map(_is_it, targets)) else None
        case ast.AnnAssign(target=target, value=value):
            return value if _is_it(target) else None


def _added(statement: ast.AugAssign | ast.Expr) -> ast.expr | None:
    """Return what a statement adds to `pytestmark`: by `+=`, `append` or `extend`."""
    match statement:
        case ast.AugAssign(target=target, value=value) if _is_it(target):
            return value
        case ast.Expr(
            value=ast.Call(
                func=ast.Attribute(value=target, attr="append" | "extend"), args=[value]
            )
        ) if _is_it(target):
            return value
        case _:
            return None


def _is_it(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "pytestmark"


def _has_other_names(statement: ast.Assign | ast.AnnAssign, module: Module) -> bool:
    """Whether the list may grow under another name (`pytestmark = marks = []`)."""
    targets = statement.targets if isinstance(statement, ast.Assign) else []
    names = {one.id for one in targets if isinstance(one, ast.Name) and not _is_it(one)}
    return bool(names) and not names.isdisjoint(_grown(module))


def _grown(module: Module) -> frozenset[str]:
    """Return the names that a method is called under, or an item set: lists that may grow."""
    used = (one.value for one in nodes_of(module.tree, ast.Attribute))
    items = nodes_of(module.tree, ast.Subscript)
    set_in = (one.value for one in items if isinstance(one.ctx, ast.Store))
    return frozenset(one.id for one in (*used, *set_in) if isinstance(one, ast.Name))
