"""A second test of the same name takes the place of an async test, which is silently lost.

## What it finds

Async tests whose name is defined again further down in the same block, in a module or a class,
and test classes with async tests to which that happens. What is used in between, or defined once
for each branch of a condition, is left alone.

## Why it matters

Python keeps the last definition of a name only. pytest collects that one and says nothing of the
other: the run is green, with one test less than the file seems to hold.

## Fix

None: only its author knows what the lost test should be called.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.decorators import Kind
from bot.analysis.finding import Finding, Severity
from bot.analysis.names.values import Class, Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition
from bot.analysis.source.redefinitions import Redefinition, redefinitions

rule = Rule(
    __name__,
    __doc__,
    code="AWT117",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                assert False

            @pytest.mark.asyncio
            async def test_total():  # error
                assert True
            """,
            says="that of line 4 is lost",
        ),
        Bad(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.fail()

                def test_total(self):  # error
                    pass
            """,
            says="`TestTotal.test_total`",
        ),
        Bad(
            """
            import pytest

            @pytest.mark.asyncio
            class TestTotal:
                async def test_total(self):
                    assert False

            @pytest.mark.asyncio
            class TestTotal:  # error
                async def test_other(self):
                    pass
            """,
            says="`TestTotal`",
        ),
        Good(
            """
            import sys

            import pytest

            if sys.platform == "win32":
                @pytest.mark.asyncio
                async def test_total():
                    pass
            else:
                @pytest.mark.asyncio
                async def test_total():
                    pass
            """,
            because="there is one for each platform",
        ),
        Good(
            """
            import pytest

            CASES = []

            @pytest.mark.asyncio
            async def test_total():
                pass

            CASES.append(test_total)

            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            because="the first is used before it is replaced",
        ),
        Good(
            """
            from registry import scenario

            @scenario
            async def test_total():
                pass

            @scenario
            async def test_total():
                pass
            """,
            because="the decorator may have kept the first",
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            class TestTotal:
                async def test_total(self):
                    pass

            @pytest.mark.asyncio
            class TestTotal(TestTotal):
                async def test_other(self):
                    pass
            """,
            because="the second class inherits the tests of the first",
        ),
        Good(
            """
            import pytest

            def test_total():
                pass

            @pytest.mark.asyncio
            async def test_total():
                pass

            async def price():
                return 1

            async def price():
                return 2
            """,
            because="what is lost is no async test",
        ),
        Good(
            """
            import pytest

            @pytest.mark.skip
            async def test_total():
                pass

            @pytest.mark.asyncio
            async def test_total():
                pass
            """,
            because="the first was not to run",
        ),
        Good(
            """
            class Total:
                async def test_total(self):
                    pass

                async def test_total(self):
                    pass

            class TestSuite:
                def __init__(self):
                    pass

                async def test_total(self):
                    pass

                async def test_total(self):
                    pass

            class Outer:
                class TestInner:
                    async def test_total(self):
                        pass

                class TestInner:
                    pass
            """,
            because="none of these classes is collected",
        ),
    ],
)

_TESTS = frozenset({Kind.COROUTINE, Kind.ASYNC_GENERATOR, Kind.LOST, Kind.RUN})


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at what a file defines twice."""
    for one in redefinitions(file.module):
        if any(_is_lost(test, file) for test in _tests_of_first(one, file)):
            first, name = one.first, one.first.qualname
            yield rule.finding(
                file.place_of(one.second),
                f"{_what(first)} `{name}` is defined again here: that of line {first.node.lineno} "
                "is lost and never runs",
                symbol=name,
                advice="give one of them another name, or remove it",
            )


def _tests_of_first(one: Redefinition, file: CheckedFile) -> Iterator[Test]:
    """Yield the tests that a lost definition would be: collected as the one that replaces it."""
    if one.first.is_class:
        value = Class(file.module, one.first)
        for run in file.facts.setup.runs_for(file.path)[:1]:
            if one.first.outer is None:
                yield from file.facts.collector.tests_of(
                    value.definition.name, value, file.module, run
                )
        return
    for test in file.facts.every_test(file.module):
        definition = test.function.definition
        if (definition.name, definition.outer) == (one.first.name, one.first.outer):
            yield Test(file.module, Function(file.module, one.first), test.name, test.classes)


def _is_lost(test: Test, file: CheckedFile) -> bool:
    collector = file.facts.collector
    return collector.decorated(test).kind in _TESTS and not collector.is_switched_off(test)


def _what(first: Definition) -> str:
    return "the class" if first.is_class else "async test"
