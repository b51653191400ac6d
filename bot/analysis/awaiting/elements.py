"""Of which class one of several values is: `first, second = value`.

Followed are tuples that are written out, functions and fixtures that give one, what they declare
(`tuple[Reader, Writer]`), and what `asyncio.gather` was handed.
"""

import ast
from collections.abc import Callable, Iterable

from bot.analysis.awaiting.third_party_calls import AWAITED_TUPLES, TUPLES
from bot.analysis.names.annotations import Type, annotated, elements, yielded
from bot.analysis.names.function_syntax import results, yielded_values
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function, Value
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Assigned, Scope

TypeOf = Callable[[ast.expr, Module, Scope], Type | None]
Callee = Callable[[ast.expr, Module, Scope], Value]
_GATHERING = frozenset({"asyncio.gather"})
_MAX_DEPTH = 8


class Elements:
    """Facts about what is unpacked. `type_of` and `callee` answer for whole expressions."""

    def __init__(self, resolver: Resolver, type_of: TypeOf, callee: Callee) -> None:
        self._resolver = resolver
        self._type_of = type_of
        self._callee = callee

    def of(
        self, node: ast.expr, position: int, module: Module, scope: Scope, depth: int = 0
    ) -> Type | None:
        """Return the class of what stands at a position of the value of an expression."""
        if depth > _MAX_DEPTH:
            return None
        match node:
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                whole = not any(isinstance(one, ast.Starred) for one in elts)
                found = elts[position] if whole and position < len(elts) else None
                return self._type_of(found, module, scope) if found is not None else None
            case ast.Name(id=name, lineno=line):
                bindings = scope.effective(name, line) if name in scope.bindings else ()
                match [one.meaning for one in bindings]:
                    case [Assigned(value=ast.expr() as value)]:
                        return self.of(value, position, module, scope, depth + 1)
                    case _:
                        return None
            case ast.Await(value=ast.Call() as call):
                return self._awaited(call, position, module, scope, depth)
            case ast.Call():
                return self._called(node, position, module, scope, depth)
            case _:
                return None

    def given_by(self, function: Function, position: int, depth: int = 0) -> Type | None:
        """Return the class of what stands at a position of what a function gives."""
        scope = function.module.scope_of(function.node)
        declared = function.node.returns
        if declared is not None and any(True for _ in yielded_values(function.node)):
            declared = yielded(declared)
        found = _agreed(
            self.of(one, position, function.module, scope, depth + 1)
            for one in results(function.node)
        )
        return found or self._declared(declared, position, function)

    def _called(
        self, call: ast.Call, position: int, module: Module, scope: Scope, depth: int
    ) -> Type | None:
        match self._callee(call.func, module, scope):
            case Function() as function if isinstance(function.node, ast.FunctionDef):
                return self.given_by(function, position, depth)
            case External(dotted=dotted):
                return _of_table(TUPLES, dotted, position)
            case Class() as made:
                return self._made(made, position)
            case _:
                return None

    def _made(self, made: Class, position: int) -> Type | None:
        """A class may make something else: `def __new__(cls) -> tuple[Sender, Receiver]`."""
        match self._resolver.class_attribute(made, "__new__"):
            case (Function() as maker,):
                return self._declared(maker.node.returns, position, maker)
            case _:
                return None

    def _awaited(
        self, call: ast.Call, position: int, module: Module, scope: Scope, depth: int
    ) -> Type | None:
        match self._callee(call.func, module, scope):
            case Function() as function if isinstance(function.node, ast.AsyncFunctionDef):
                return self.given_by(function, position, depth)
            case External(dotted=dotted) if dotted in _GATHERING:
                whole = not any(isinstance(one, ast.Starred) for one in call.args)
                if not whole or position >= len(call.args):
                    return None
                return self._type_of(ast.Await(call.args[position]), module, scope)
            case External(dotted=dotted):
                return _of_table(AWAITED_TUPLES, dotted, position)
            case _:
                return None

    def _declared(
        self, annotation: ast.expr | None, position: int, function: Function
    ) -> Type | None:
        inner = elements(annotation) if annotation is not None else []
        match inner:
            case [one, ast.Constant(value=value)] if value is ...:
                found = one
            case _ if position < len(inner):
                found = inner[position]
            case _:
                return None
        return annotated(found, function.module, function.definition.scope, self._resolver)


def _of_table(table: dict[str, tuple[str, ...]], dotted: str, position: int) -> External | None:
    names = table.get(dotted, ())
    return External(names[position]) if position < len(names) else None


def _agreed(found: Iterable[Type | None]) -> Type | None:
    types = set(found)
    return types.pop() if len(types) == 1 else None
