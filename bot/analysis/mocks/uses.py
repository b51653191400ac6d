"""How functions use an attribute of a module or class: is what it gives awaited there?"""

import ast
from collections.abc import Iterator
from enum import Enum

from msgspec import Struct

from bot.analysis.names.paths_of_names import awaited_calls
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function, Package, Value
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import every_node


class How(Enum):
    """What is done with an attribute."""

    AWAITED = "awaited"
    INSPECTED = "inspected"  # something of it is looked up: `send.assert_called()`
    OTHERWISE = "otherwise"  # handed on, called without `await`, compared, returned


class Use(Struct, frozen=True):
    """One use; `certain` if nothing stands between the start of the function and it."""

    how: How
    function: Function
    certain: bool = False


class UseReader:
    """Finds the uses of one attribute of an owner."""

    def __init__(self, resolver: Resolver, owner: Value, name: str) -> None:
        self._resolver = resolver
        self._owner = owner
        self._name = name

    def of(self, function: Function) -> Iterator[Use]:
        """Yield the uses in a function, those in functions nested in it too."""
        if self._name not in function.module.source.text:
            return
        awaited = dict(_awaited(function.node))
        looked_into = {
            id(one.value) for one in every_node(function.node) if isinstance(one, ast.Attribute)
        }
        for statement in function.node.body:
            for node in every_node(statement):
                if not self._is_use(node, function):
                    continue
                if id(node) in awaited:
                    yield Use(How.AWAITED, function, awaited[id(node)])
                elif id(node) in looked_into:
                    yield Use(How.INSPECTED, function)
                else:
                    yield Use(How.OTHERWISE, function)

    def _is_use(self, node: ast.AST, function: Function) -> bool:
        match node, self._owner:
            case ast.Name(id=name, ctx=ast.Load()), Package(path=str(path)) if name == self._name:
                own = function.module.scope_of(function.node).bindings
                return function.module.path == path and name not in own
            case ast.Attribute(attr=name, ctx=ast.Load(), value=base), owner if name == self._name:
                scope = function.module.scope_of(function.node)
                value = self._resolver.value(base, function.module, scope)
                if isinstance(owner, Package):
                    return isinstance(value, Package) and value.path == owner.path
                return isinstance(owner, Class) and not isinstance(value, External | Package)
            case _:
                return False


def _awaited(node: FunctionNode) -> Iterator[tuple[int, bool]]:
    """Yield what is called and awaited, by identity, and whether that is certain."""
    for one in every_node(node):
        if isinstance(one, FunctionNode):
            for call in awaited_calls(one):
                yield id(call.callee), call.certain and one is node
