"""Every node of a file with the scope in which its names are looked up."""

import ast
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import DefinitionNode, Scope


class Placed(Struct, frozen=True):
    """A node, its scope, and the innermost definition around it."""

    node: ast.AST
    scope: Scope
    definition: Definition | None

    @property
    def symbol(self) -> str:
        """The qualified name of the definition, empty at the top of a file."""
        return self.definition.qualname if self.definition else ""


def placed_nodes(module: Module, start: Definition | None = None) -> Iterator[Placed]:
    """Yield all nodes of a file, or of one definition with its decorators."""
    outermost = Placed(module.tree, module.scope, None)
    if start is not None:
        outermost = Placed(start.node, start.scope, start.outer)
    waiting = [outermost]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(list(_below(current, module))))


def _below(placed: Placed, module: Module) -> Iterator[Placed]:
    """Yield the nodes directly below; the body of a definition lies in a scope of its own."""
    node = placed.node
    inside: set[ast.AST] = set()
    inner = placed
    if isinstance(node, DefinitionNode):
        inside = set(node.body)
        inner = Placed(node, module.scope_of(node), module.definition(node))
    for child in ast.iter_child_nodes(node):
        around = inner if child in inside else placed
        yield Placed(child, around.scope, around.definition)


@lru_cache(maxsize=4096)
def references(module: Module, start: Definition | None = None) -> tuple[Placed, ...]:
    """Return the names and dotted names that are read, each dotted name as a whole."""
    return tuple(_references(module, start))


@lru_cache(maxsize=64)
def calls(module: Module) -> tuple[tuple[ast.Call, Placed], ...]:
    """Return the calls of a file."""
    placed = placed_nodes(module)
    return tuple((one.node, one) for one in placed if isinstance(one.node, ast.Call))


def _references(module: Module, start: Definition | None) -> Iterator[Placed]:
    parts: set[ast.AST] = set()
    for placed in placed_nodes(module, start):
        match placed.node:
            case ast.Attribute(value=base, ctx=ast.Load()):
                parts.add(base)
            case ast.Name(ctx=ast.Load()):
                pass
            case _:
                continue
        if placed.node not in parts:
            yield placed
