"""A fixture bears a pytest mark, which has no effect there.

## What it finds

Marks (`@pytest.mark.asyncio`) on async fixtures, and marks of async plugins on any fixture, above
or below the fixture's own decorator.

## Why it matters

pytest 9 stops at it: "Marks cannot be applied to fixtures", and no test of the file is collected;
in a conftest file, no test at all. Earlier versions ignore the mark, so nothing sets up a fixture
that relied upon it. A notice where the pinned pytest is older than 9 and something else sets the
fixture up, or its users await it by themselves.

## Fix

Safe: the mark is removed. Where nothing else sets the fixture up, `@pytest.fixture` becomes
`@pytest_asyncio.fixture` with it, as safe as in AWT301.
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.third_party import RUNNING_MARKS
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.fixture_fix import asyncio_fixture_fix
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT307",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest
            import pytest_asyncio

            @pytest.mark.asyncio
            @pytest_asyncio.fixture
            async def price():  # error
                return 3

            @pytest_asyncio.fixture
            @pytest.mark.slow
            @pytest.mark.asyncio(loop_scope="function")
            async def total():  # error
                return 4

            @pytest.fixture
            @pytest.mark.asyncio
            def plain():  # error
                return 5
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3

            @pytest_asyncio.fixture
            async def total():
                return 4

            @pytest.fixture
            def plain():
                return 5
            """,
            safety=Safety.SAFE,
            says="pytest 9 collects no test",
        ),
        Bad(
            """
            import pytest

            @pytest.fixture
            @pytest.mark.asyncio
            async def price():  # error
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert await price == 3
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert price == 3
            """,
            safety=Safety.SAFE,
            says="and nothing else sets it up",
        ),
        Bad(
            """
            import pytest

            @pytest.fixture(scope="module")
            @pytest.mark.asyncio
            async def price():  # error
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert price == 3
            """,
            fixed="""
            import pytest
            import pytest_asyncio

            @pytest_asyncio.fixture(scope="module")
            async def price():
                return 3

            @pytest.mark.asyncio(loop_scope="module")
            async def test_price(price):
                assert price == 3
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest<9\npytest-asyncio\n",
                "conftest.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    @pytest.mark.asyncio
                    async def price():  # error
                        return 3
                """,
            },
            fixed={
                "conftest.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def price():
                        return 3
                """
            },
            safety=Safety.SAFE,
            says="it has no effect",
        ),
        Good(
            """
            import pytest
            import pytest_asyncio

            pytestmark = pytest.mark.asyncio

            @pytest_asyncio.fixture
            async def price():
                return 3

            @pytest.mark.asyncio
            async def test_price(price):
                assert price == 3
            """,
            because="a module's mark is for its tests",
        ),
        Good(
            """
            import pytest
            from elsewhere import decorated

            @pytest.fixture
            @pytest.mark.usefixtures("shop")
            def price():
                return 3

            @decorated
            @pytest.fixture
            async def total():
                return 4
            """,
            because="the one is not about async code, the other bears no mark that can be seen",
        ),
    ],
)

_ASYNC_MARKS = frozenset({"asyncio", *RUNNING_MARKS})


@rule.on(Fixture)
def check(fixture: Fixture, file: CheckedFile) -> Iterator[Finding]:
    """Report a fixture that bears a mark."""
    marks = file.facts.fixtures.marks(fixture)
    names = {mark.name for _, found in marks for mark in found.marks}
    if not names or not (fixture.is_async or names & _ASYNC_MARKS):
        return
    definition = fixture.function.definition
    unhandled = file.facts.fixture_handled(fixture) is Answer.NO
    by_hand = file.facts.fixture_is_awaited_by_hand(fixture)
    refused = file.facts.always_at_least(file.path, "pytest", "9.0")
    mark = ", ".join(f"`@pytest.mark.{name}`" for name in sorted(names))
    yield rule.finding(
        file.place_of(definition),
        f"{mark} on fixture `{fixture.name}`: {_why(refused=refused, unhandled=unhandled)}",
        symbol=definition.qualname,
        fix=_fix(fixture, [node for node, _ in marks], file, unhandled=unhandled),
        advice="remove the mark",
        severity=Severity.FAILURE if refused or (unhandled and not by_hand) else Severity.NOTICE,
    )


def _why(*, refused: bool, unhandled: bool) -> str:
    why = "pytest 9 collects no test of a file with it" if refused else "it has no effect"
    return f"{why}, and nothing else sets it up" if unhandled else why


def _fix(
    fixture: Fixture, marks: list[ast.expr], file: CheckedFile, *, unhandled: bool
) -> Fix | None:
    if unhandled:
        return asyncio_fixture_fix(fixture, file, without=marks)
    return file.fix(Safety.SAFE, "Remove the mark", lambda: _edits(marks, file))


def _edits(marks: list[ast.expr], file: CheckedFile) -> Iterator[Edit]:
    for node in marks:
        yield file.editor.remove_decorator(node.lineno, node.col_offset)
