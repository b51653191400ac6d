"""Definitions that are lost because a later one of the same block takes their name."""

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import DefinitionNode
from bot.analysis.source.walking import every_node


class Redefinition(Struct, frozen=True):
    """Two definitions of a name; nothing between them uses the first."""

    first: Definition
    second: Definition


def redefinitions(module: Module) -> Iterator[Redefinition]:
    """Yield what the blocks of a file, and of its classes, define twice in a row.

    Branches of `if` and `try` are blocks of their own: one definition for each is no loss.
    """
    for body in _blocks(module.tree.body):
        latest: dict[str, int] = {}
        for index, statement in enumerate(body):
            if isinstance(statement, DefinitionNode):
                previous = latest.get(statement.name)
                latest[statement.name] = index
                if previous is not None and not _uses(body[previous + 1 : index + 1], statement):
                    first = body[previous]
                    assert isinstance(first, DefinitionNode)  # noqa: S101 - noted as one above
                    yield Redefinition(module.definition(first), module.definition(statement))


def _blocks(body: Sequence[ast.stmt]) -> Iterator[Sequence[ast.stmt]]:
    """Yield a block and those inside it, functions left out: their names are not collected."""
    yield body
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        for name in ("body", "orelse", "finalbody"):
            if inner := getattr(statement, name, None):
                yield from _blocks(inner)
        for handler in getattr(statement, "handlers", ()):
            yield from _blocks(handler.body)


def _uses(statements: Sequence[ast.stmt], second: DefinitionNode) -> bool:
    """Whether the name stands anywhere between, or where the second is made."""
    before: list[ast.AST] = [*statements[:-1], *second.decorator_list]
    if isinstance(second, ast.ClassDef):
        before += [*second.bases, *second.keywords]
    else:
        before.append(second.args)
    return any(
        isinstance(node, ast.Name) and node.id == second.name
        for one in before
        for node in every_node(one)
    )
