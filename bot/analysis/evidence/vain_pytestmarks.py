"""Assignments to `pytestmark` that were to make async tests run and have no effect.

Observed: pytest reads `pytestmark` of test modules and classes only, at the end of their
execution; that of a conftest file or of a package is nobody's.
"""

import ast
from collections.abc import Iterator
from itertools import pairwise

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.collection.marks import Marks
from bot.analysis.collection.pytestmarks import PytestMark, pytestmarks
from bot.analysis.collection.third_party import RUNNING_MARKS
from bot.analysis.facts import Facts
from bot.analysis.source.module import Module

_ASYNC_MARKS = ("asyncio", *RUNNING_MARKS)
_NOT_READ = "pytest does not read that of"


class VainPytestMark(Struct, frozen=True):
    """A statement that has no effect, why, and the later one that takes its place, if one does.

    `why` is the rest of the sentence "it has no effect: ...".
    """

    mark: PytestMark
    why: str
    replaced_by: PytestMark | None = None

    @property
    def of_folder(self) -> bool:
        """Whether it stands in a conftest file or a package, meant for the files beside it."""
        return self.why.startswith(_NOT_READ)


def vain_pytestmarks(module: Module, facts: Facts) -> Iterator[VainPytestMark]:
    """Yield the statements of a file that name a mark for async tests in vain."""
    found = list(pytestmarks(module))
    place = _nobodys(module.path)
    for one in found:
        if one.owner is None and place and _is_async(one.value, one, facts, module):
            yield VainPytestMark(one, f"{_NOT_READ} {place}")
        if one.value is None and len(one.scope.bindings["pytestmark"]) == 1:
            if _is_async(one.annotation, one, facts, module):
                yield VainPytestMark(one, "it is an annotation, and assigns nothing")
    for first, second in pairwise(found):
        if first.block is second.block and _hides(first, second, facts, module):
            yield VainPytestMark(first, f"line {second.statement.lineno} replaces it", second)


def _nobodys(path: str) -> str:
    match path.rpartition("/")[2]:
        case "conftest.py":
            return "conftest files"
        case "__init__.py":
            return "packages"
        case _:
            return ""


def _hides(first: PytestMark, second: PytestMark, facts: Facts, module: Module) -> bool:
    """Whether the second assignment throws the first one's mark away."""
    if second.value is None or not _is_async(first.value, first, facts, module):
        return False
    marks = _marks(second.value, second, facts, module)
    return not _is_read(first) and all(marks.has(name) is Answer.NO for name in _ASYNC_MARKS)


def _is_read(mark: PytestMark) -> bool:
    """Whether anything beside it uses what was assigned (`[*pytestmark, ...]`)."""
    return any(
        isinstance(node, ast.Name) and node.id == "pytestmark" and isinstance(node.ctx, ast.Load)
        for statement in mark.block
        for node in ast.walk(statement)
    )


def _is_async(value: ast.expr | None, mark: PytestMark, facts: Facts, module: Module) -> bool:
    if value is None:
        return False
    marks = _marks(value, mark, facts, module)
    return any(marks.has(name) is Answer.YES for name in _ASYNC_MARKS)


def _marks(value: ast.expr, mark: PytestMark, facts: Facts, module: Module) -> Marks:
    return facts.marks.of_list(value, module, mark.scope)
