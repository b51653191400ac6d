"""Where `pytestmark` is bound in a file: in the module itself and in its classes."""

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct

from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import Scope

NAME = "pytestmark"


class PytestMark(Struct, frozen=True):
    """One statement `pytestmark = value` (or `pytestmark: annotation`).

    Attributes:
        statement: the statement.
        value: what is assigned; None for an annotation alone.
        annotation: its annotation, if it has one.
        scope: where its names are looked up.
        owner: the class that it stands in, None for the module.
        block: the statements that it stands among.
    """

    statement: ast.Assign | ast.AnnAssign
    value: ast.expr | None
    annotation: ast.expr | None
    scope: Scope
    owner: Definition | None
    block: Sequence[ast.stmt]


def pytestmarks(module: Module) -> Iterator[PytestMark]:
    """Yield the statements that bind `pytestmark`, those below a condition left out."""
    if NAME not in module.source.text:
        return
    yield from _of_block(module.tree.body, module.scope, None)
    for definition in module.classes():
        if isinstance(definition.node, ast.ClassDef) and _is_collectable(definition):
            scope = module.scope_of(definition.node)
            yield from _of_block(definition.node.body, scope, definition)


def _of_block(
    block: Sequence[ast.stmt], scope: Scope, owner: Definition | None
) -> Iterator[PytestMark]:
    for one in block:
        match one:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                yield PytestMark(one, value, None, scope, owner, block)
            case ast.AnnAssign(target=ast.Name(id="pytestmark"), value=value, annotation=said):
                yield PytestMark(one, value, said, scope, owner, block)
            case _:
                continue


def _is_collectable(definition: Definition) -> bool:
    """Whether a class stands in a module or in classes alone: pytest finds no other."""
    outer = definition.outer
    return outer is None or (outer.is_class and _is_collectable(outer))
