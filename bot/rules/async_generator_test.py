"""An async test yields, so it is an async generator that nothing iterates.

## What it finds

Async tests with a `yield` in their own body, marked or not, where no plugin runs such functions:
pytest-asyncio, anyio and `unittest.IsolatedAsyncioTestCase` all run coroutine functions only.

## Why it matters

Calling the function makes a generator and runs none of its body. A class of unittest counts that
as passed, pytest-asyncio as an expected failure: both are green.

## Fix

None: what stands behind the `yield` may be meant as a clean-up, or the function as a fixture.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.handling.handling import Cause
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT105",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_total():  # error
                assert False
                yield
            """,
            says="it yields",
        ),
        Bad(
            """
            async def test_unmarked():  # error
                yield 1
            """,
        ),
        Bad(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):  # error
                    self.assertTrue(False)
                    yield
            """,
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                async def prices():
                    yield 1

                assert [price async for price in prices()] == [1]
            """,
            because="only the function inside is a generator",
        ),
        Good(
            """
            import pytest

            @pytest.fixture
            async def test_client():
                yield "client"
            """,
            because="a fixture may yield, whatever its name",
        ),
        Good(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                async def test_total(self):
                    yield
            """,
            because="this class would not run a coroutine function either (AWT101)",
        ),
        Good(
            {
                "requirements.txt": "pytest-tornasync\n",
                "test_total.py": "async def test_total():\n    yield\n",
            },
            because="a plugin that runs every test decides for itself",
        ),
    ],
)


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that is an async generator and never iterated."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause is not Cause.GENERATOR:
        return
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: it yields, and nothing iterates async generators "
        "that are tests",
        symbol=test.symbol,
        advice="remove the `yield`; what must happen after the test belongs into a fixture",
        reveals=(test.symbol,),
    )
