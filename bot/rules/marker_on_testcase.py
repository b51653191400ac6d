"""A marker or auto mode cannot make an async test run in a plain `unittest.TestCase`.

## What it finds

Async test methods of plain `unittest.TestCase` classes that are marked (`@pytest.mark.asyncio`
on the method, its class, a base or the module), or that stand in a project in auto mode: their
author had reason to believe that they run.

## Why it matters

pytest-asyncio leaves classes of unittest alone. The test is green and its body never runs; the
marker even hides that.

## Fix

Unsafe: that of AWT101, with the useless marker on the method or class removed.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.fixes.test_case_fix import base_class_edits, marks_matter, useless_mark_edits
from bot.analysis.handling.handling import Cause
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT102",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import unittest

            import pytest

            class TestTotal(unittest.TestCase):
                @pytest.mark.asyncio
                async def test_total(self):  # error
                    self.assertTrue(False)
            """,
            fixed="""
            import unittest

            import pytest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.assertTrue(False)
            """,
            safety=Safety.UNSAFE,
            says="`@pytest.mark.asyncio` has no effect",
        ),
        Bad(
            """
            import unittest

            import pytest

            @pytest.mark.asyncio
            @pytest.mark.slow
            class TestTotal(unittest.TestCase):
                async def test_total(self):  # error
                    self.assertTrue(False)
            """,
            fixed="""
            import unittest

            import pytest

            @pytest.mark.slow
            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.assertTrue(False)
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": """
                    import unittest

                    class TestTotal(unittest.TestCase):
                        async def test_total(self):  # error
                            self.assertTrue(False)
                """,
            },
            fixed={
                "test_total.py": """
                import unittest

                class TestTotal(unittest.IsolatedAsyncioTestCase):
                    async def test_total(self):
                        self.assertTrue(False)
                """
            },
            safety=Safety.UNSAFE,
            says="asyncio_mode = auto",
        ),
        Bad(
            {
                "requirements.txt": "anyio==4.12.1\n",
                "test_total.py": """
                    import unittest

                    import pytest

                    class TestTotal(unittest.TestCase):
                        @pytest.mark.anyio
                        async def test_total(self):  # error
                            self.assertTrue(False)
                """,
            },
            fixed={
                "test_total.py": """
                import unittest

                import pytest

                class TestTotal(unittest.IsolatedAsyncioTestCase):
                    async def test_total(self):
                        self.assertTrue(False)
                """
            },
            safety=Safety.UNSAFE,
            says="`@pytest.mark.anyio` has no effect",
        ),
        Good(
            """
            import unittest

            import pytest

            class TestTotal(unittest.TestCase):
                @pytest.mark.anyio
                async def test_total(self):
                    self.assertTrue(False)
            """,
            because="from 4.13 on, anyio makes functions of its own of marked methods",
        ),
        Good(
            {
                "conftest.py": """
                    import pytest

                    def pytest_collection_modifyitems(items):
                        for item in items:
                            item.add_marker(pytest.mark.anyio)
                """,
                "test_total.py": """
                    import unittest

                    import pytest

                    @pytest.mark.asyncio
                    class TestTotal(unittest.TestCase):
                        async def test_total(self):
                            self.assertTrue(False)
                """,
            },
            because="the marker that the hook adds is in time for anyio",
        ),
        Good(
            """
            import unittest

            import pytest

            class TestTotal(unittest.TestCase):
                @pytest.mark.trio
                async def test_total(self):
                    self.assertTrue(False)
            """,
            because="pytest-trio wraps what a test case is about to call",
        ),
        Good(
            {
                "requirements.txt": "trio\npytest-trio\n",
                "pytest.ini": "[pytest]\ntrio_mode = true\nasyncio_mode = auto\n",
                "test_total.py": """
                    import unittest

                    class TestTotal(unittest.TestCase):
                        async def test_total(self):
                            self.assertTrue(False)
                """,
            },
            because="in its mode pytest-trio marks the methods of test cases as well",
        ),
        Good(
            """
            import pytest

            class TestTotal:
                @pytest.mark.asyncio
                async def test_total(self):
                    assert True
            """,
            because="outside of unittest the marker works",
        ),
        Good(
            """
            import unittest

            import pytest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                @pytest.mark.asyncio
                async def test_total(self):
                    pass
            """,
            because="the class awaits its tests; the marker does no harm",
        ),
    ],
)


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that its class drops although it is marked or in auto mode."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause is not Cause.TEST_CASE:
        return
    reason = marks_matter(test, file)
    if not reason:
        return
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: {reason} has no effect in a unittest.TestCase, "
        "which drops the coroutine and counts it as passed",
        symbol=test.symbol,
        fix=file.fix(
            Safety.UNSAFE,
            "Inherit from `unittest.IsolatedAsyncioTestCase` and drop the marker",
            lambda: _edits(test, file),
        ),
        advice="inherit from unittest.IsolatedAsyncioTestCase; the marker is not needed there",
        reveals=(test.symbol,),
    )


def _edits(test: Test, file: CheckedFile) -> Iterator[Edit]:
    yield from base_class_edits(test, file)
    yield from useless_mark_edits(test, file)
