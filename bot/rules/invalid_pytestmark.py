"""`pytestmark` is a tuple, or holds strings, so pytest cannot collect the async tests below it.

## What it finds

`pytestmark` of a module or a class with async tests whose value is neither a mark nor a list of
marks: a tuple, a set, a name of a mark as a string, a list with one of these.

## Why it matters

pytest stops at the first thing that is no mark (`TypeError: got ... instead of Mark`). The whole
file is not collected; pytest 8.2 and 8.3 end the whole run where it stands in a class.

## Fix

Safe: a tuple becomes a list, a name in quotes the mark of that name.
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.pytestmarks import PytestMark, pytestmarks
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.names.values import Class, Expression
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT112",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            pytestmark = (pytest.mark.asyncio,)  # error

            async def test_total():
                pass
            """,
            fixed="""
            import pytest

            pytestmark = [pytest.mark.asyncio]

            async def test_total():
                pass
            """,
            safety=Safety.SAFE,
            says="a tuple",
        ),
        Bad(
            """
            import pytest

            class TestTotal:
                pytestmark = pytest.mark.asyncio, pytest.mark.slow  # error

                async def test_total(self):
                    pass

            class TestOther:
                pytestmark: list = (  # error
                    pytest.mark.asyncio,
                    pytest.mark.slow,
                )

                async def test_other(self):
                    pass
            """,
            fixed="""
            import pytest

            class TestTotal:
                pytestmark = [pytest.mark.asyncio, pytest.mark.slow]

                async def test_total(self):
                    pass

            class TestOther:
                pytestmark: list = [
                    pytest.mark.asyncio,
                    pytest.mark.slow,
                ]

                async def test_other(self):
                    pass
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            import pytest

            pytestmark = [pytest.mark.slow, "asyncio"]  # error

            async def test_total():
                pass
            """,
            fixed="""
            import pytest

            pytestmark = [pytest.mark.slow, pytest.mark.asyncio]

            async def test_total():
                pass
            """,
            safety=Safety.SAFE,
            says="a string",
        ),
        Bad(
            """
            pytestmark = "asyncio"  # error

            async def test_total():
                pass
            """,
            fixed="""
            import pytest

            pytestmark = pytest.mark.asyncio

            async def test_total():
                pass
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            """
            import pytest

            MARKS = (pytest.mark.asyncio,)
            pytestmark = MARKS  # error

            async def test_total():
                pass
            """
        ),
        Bad(
            """
            pytestmark = ["not a name"]  # error

            async def test_total():
                pass
            """
        ),
        Good(
            """
            import pytest

            pytestmark = [pytest.mark.asyncio, pytest.mark.usefixtures("price")]

            class TestTotal:
                pytestmark = pytest.mark.slow

                async def test_total(self):
                    pass
            """,
            because="a mark and a list of marks are what pytest wants",
        ),
        Good(
            """
            import pytest

            pytestmark = (pytest.mark.slow,)

            def test_total():
                pass
            """,
            because="there is no async test here",
        ),
        Good(
            """
            import pytest

            pytestmark = (pytest.mark.asyncio)

            async def test_total():
                pass
            """,
            because="parentheses alone make no tuple",
        ),
        Good(
            """
            import pytest

            pytestmark = (pytest.mark.slow,)
            pytestmark = [pytest.mark.asyncio]

            async def test_total():
                pass
            """,
            because="the last assignment counts",
        ),
        Good(
            """
            import pytest

            pytestmark = (pytest.mark.slow,)
            pytestmark = list(pytestmark)

            async def test_total():
                pass
            """,
            because="it is made a list in time",
        ),
        Good(
            """
            import sys

            import pytest

            pytestmark = (pytest.mark.asyncio,)
            if sys.platform:
                pytestmark = [pytest.mark.asyncio]

            class TestTotal:
                pytestmark: (int, str)

                async def test_total(self):
                    pass
            """,
            because="the condition may make it a list, and an annotation assigns nothing",
        ),
        Good(
            """
            import pytest

            class Marks:
                pytestmark = (pytest.mark.slow,)

            @pytest.mark.asyncio
            class TestTotal:
                async def test_total(self):
                    pass
            """,
            because="no test stands below it",
        ),
    ],
)

_KINDS: dict[type[ast.expr], str] = {
    ast.Tuple: "a tuple",
    ast.Set: "a set",
    ast.Dict: "a dictionary",
    ast.JoinedStr: "a string",
}


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at the last `pytestmark` of the module and of its classes."""
    for mark in {one.owner: one for one in pytestmarks(file.module)}.values():
        wrong = _wrong(mark, file)
        if wrong is None or len(mark.scope.effective("pytestmark")) > 1:
            continue
        if not _has_async_tests(mark, file):
            continue
        yield rule.finding(
            file.place_of_node(mark.statement),
            f"`pytestmark` {_where(mark.value)} {_kind(wrong)}, not a mark or a list of marks: "
            "pytest cannot collect the tests below it",
            symbol=mark.owner.qualname if mark.owner else "",
            fix=_fix(mark, file),
            advice="write a list of marks, `[pytest.mark.asyncio]`",
        )


def _wrong(mark: PytestMark, file: CheckedFile) -> ast.expr | None:
    """Return what is certainly no mark: the value, or an element of the list that it is."""
    if mark.value is None:
        return None
    value = file.facts.resolver.value(mark.value, file.module, mark.scope)
    if not isinstance(value, Expression):
        return None
    elements = value.node.elts if isinstance(value.node, ast.List) else [value.node]
    return next((one for one in elements if _kind(one)), None)


def _kind(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return "a string" if isinstance(node.value, str) else f"`{node.value!r}`"
    return _KINDS.get(type(node), "")


def _where(value: ast.expr | None) -> str:
    return "holds" if isinstance(value, ast.List) else "is"


def _has_async_tests(mark: PytestMark, file: CheckedFile) -> bool:
    if mark.owner is None:
        return any(True for _ in file.tests)
    owner = Class(file.module, mark.owner)
    return any(
        owner in file.facts.resolver.mro(one.value) for test in file.tests for one in test.classes
    )


def _fix(mark: PytestMark, file: CheckedFile) -> Fix | None:
    title = "Make `pytestmark` a list of marks"
    return file.fix(Safety.SAFE, title, lambda: _edits(mark, file))


def _edits(mark: PytestMark, file: CheckedFile) -> Iterator[Edit]:
    match mark.value:
        case ast.Tuple(elts=[_, *_]) as value:
            yield file.editor.replace_expression(value, _as_list(value, file))
        case ast.Constant(value=str()) as value:
            yield from _mark_edits(value, file)
        case ast.List(elts=elements) if elements:
            for one in elements:
                if _kind(one):
                    yield from _mark_edits(one, file)
        case _:
            raise FixError("what is meant cannot be told")


def _as_list(value: ast.Tuple, file: CheckedFile) -> str:
    """Return a tuple's text in brackets; the comma that made it one goes, if on the same line."""
    text = file.module.source.text_of(value)
    inner = text[1:-1] if text.startswith("(") and text.endswith(")") else text
    return f"[{inner.removesuffix(',')}]"


def _mark_edits(node: ast.expr, file: CheckedFile) -> Iterator[Edit]:
    name = node.value if isinstance(node, ast.Constant) else None
    if not isinstance(name, str) or not name.isidentifier():
        raise FixError("what is meant cannot be told")
    expression, imports = file.editor.imports.pytest_mark(before=node.lineno)
    yield from imports
    yield file.editor.replace_expression(node, f"{expression}.{name}")
