"""Marks on single parameters: `pytest.param(..., marks=...)` of `parametrize` and of fixtures.

A test bears them for that parameter alone, so whoever looks for a mark on the test as a whole
can only say that it may be there.
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.collection.marks import Mark, MarkReader
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Expression, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Scope
from bot.analysis.source.walking import every_node

_MAX_DEPTH = 4


class ParameterMarks:
    """Follows the values of parameters through constants and functions of the repository."""

    def __init__(self, resolver: Resolver, marks: MarkReader) -> None:
        self._resolver = resolver
        self._marks = marks

    def of_parametrize(self, mark: Mark, name: str) -> bool:
        """Whether a `parametrize` mark may put the mark `name` on some of its parameters."""
        if mark.name != "parametrize" or mark.call is None:
            return False
        values = [*mark.call.args[1:2], *_keywords(mark.call, "argvalues")]
        return any(self.may_hold(one, name, mark.module, mark.scope) for one in values)

    def may_hold(
        self, node: ast.expr, name: str, module: Module, scope: Scope, depth: int = 0
    ) -> bool:
        """Whether values of parameters, written as `node`, may bear the mark `name`."""
        for one in every_node(node):
            if isinstance(one, ast.Call) and _is_param(one):
                if any(self._may_be(said, name, module, scope) for said in _said_marks(one)):
                    return True
            elif isinstance(one, ast.Name | ast.Attribute) and isinstance(one.ctx, ast.Load):
                if depth < _MAX_DEPTH and self._leads_to(one, name, module, scope, depth):
                    return True
        return False

    def _leads_to(
        self, node: ast.expr, name: str, module: Module, scope: Scope, depth: int
    ) -> bool:
        """Whether what a name stands for may bear the mark: a list, or what a function returns."""
        for value in self._resolver.values(node, module, scope):
            match value:
                case Expression(node=found) if found is not node:
                    if self.may_hold(found, name, value.module, value.scope, depth + 1):
                        return True
                case Function(node=found, module=where):
                    inner = where.scope_of(found)
                    calls = (one for one in every_node(found) if isinstance(one, ast.Call))
                    if any(
                        self._may_be(said, name, where, inner)
                        for call in calls
                        if _is_param(call)
                        for said in _said_marks(call)
                    ):
                        return True
                case _:
                    continue
        return False

    def _may_be(self, node: ast.expr | None, name: str, module: Module, scope: Scope) -> bool:
        """Whether what `marks=` is given is the mark, or nobody can tell; None: `**keywords`."""
        match node:
            case None:
                return True
            case ast.Tuple(elts=elements):
                return any(self._may_be(one, name, module, scope) for one in elements)
            case _:
                return self._marks.of_list(node, module, scope).has(name) is not Answer.NO


def _is_param(call: ast.Call) -> bool:
    match call.func:
        case ast.Attribute(attr="param") | ast.Name(id="param"):
            return True
        case _:
            return False


def _said_marks(call: ast.Call) -> Iterator[ast.expr | None]:
    """Yield what is given as `marks`; None where keywords come from a dict."""
    yield from (
        one.value if one.arg else None for one in call.keywords if one.arg in {"marks", None}
    )


def _keywords(call: ast.Call, name: str) -> Iterator[ast.expr]:
    return (one.value for one in call.keywords if one.arg == name)
