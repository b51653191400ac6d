"""An async test in a plain `unittest.TestCase` passes without ever running.

## What it finds

Async test methods of classes whose bases, through any number of modules, lead to
`unittest.TestCase` and to no class that awaits (`IsolatedAsyncioTestCase`, Django's, twisted's).

## Why it matters

unittest calls the method, gets a coroutine, drops it and counts a success: green under every
version of pytest, with a warning at most.

## Fix

Unsafe: the base class becomes `unittest.IsolatedAsyncioTestCase` where it is written in this
file; async `setUp` and `tearDown` are renamed with it. Offered only where the base class is
written literally, because a class in another file is shared with others, and not where
pytest-asyncio is older than 1.2 and would lose the event loop that tests share by `loop_scope`.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.test_case_fix import base_class_edits, is_fixable, marks_matter
from bot.analysis.handling.handling import Cause
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT101",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                async def test_total(self):  # error
                    self.assertTrue(False)
            """,
            fixed="""
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.assertTrue(False)
            """,
            safety=Safety.UNSAFE,
            says="unittest.TestCase drops the coroutine",
        ),
        Bad(
            """
            from unittest import TestCase

            class Base(TestCase):
                async def setUp(self):
                    await super().setUp()

            class TotalTests(Base):
                async def test_total(self):  # error
                    pass

                def test_synchronous(self):
                    pass
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase

            class Base(IsolatedAsyncioTestCase):
                async def asyncSetUp(self):
                    await super().asyncSetUp()

            class TotalTests(Base):
                async def test_total(self):
                    pass

                def test_synchronous(self):
                    pass
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "base.py": """
                    import unittest

                    class BaseCase(unittest.TestCase):
                        async def test_common(self):
                            pass
                """,
                "test_total.py": """
                    import base

                    class TotalTests(base.BaseCase):  # error
                        async def test_total(self):  # error
                            pass
                """,
            },
            says="inherit from unittest.IsolatedAsyncioTestCase",
        ),
        Bad(
            """
            from tornado.testing import AsyncTestCase

            class TotalTests(AsyncTestCase):
                async def test_total(self):  # error
                    pass
            """,
            says="gen_test",
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.1.0\n",
                "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n",
                "test_total.py": """
                    import unittest

                    class TestTotal(unittest.TestCase):
                        async def test_total(self):  # error
                            pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.2.0\n",
                "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n",
                "test_total.py": """
                    import unittest

                    class TestTotal(unittest.TestCase):
                        async def test_total(self):  # error
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                    import unittest

                    class TestTotal(unittest.IsolatedAsyncioTestCase):
                        async def test_total(self):
                            pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.1.0\n",
                "test_total.py": """
                    import unittest

                    import pytest

                    class TestTotal(unittest.TestCase):
                        async def test_total(self):  # error
                            pass

                    @pytest.mark.asyncio(loop_scope="module")
                    async def test_other():
                        pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.1.0\n",
                "test_total.py": """
                    import unittest

                    import pytest

                    class TestTotal(unittest.TestCase):
                        async def test_total(self):  # error
                            pass

                    @pytest.mark.asyncio
                    async def test_other():
                        pass
                """,
            },
            fixed={
                "test_total.py": """
                    import unittest

                    import pytest

                    class TestTotal(unittest.IsolatedAsyncioTestCase):
                        async def test_total(self):
                            pass

                    @pytest.mark.asyncio
                    async def test_other():
                        pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Good(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    self.assertTrue(True)
            """,
            because="this class awaits its tests",
        ),
        Good(
            """
            from django.test import TestCase

            class TotalTests(TestCase):
                async def test_total(self):
                    pass
            """,
            because="Django's classes do, too",
        ),
        Good(
            """
            from elsewhere import CompanyTestCase

            class TotalTests(CompanyTestCase):
                async def test_total(self):
                    pass
            """,
            because="what cannot be followed may await",
        ),
        Good(
            """
            import asyncio
            import unittest

            class BaseCase(unittest.TestCase):
                def _callTestMethod(self, method):
                    asyncio.run(method())

            class TotalTests(BaseCase):
                async def test_total(self):
                    pass
            """,
            because="the class calls its tests its own way",
        ),
        Good(
            """
            import unittest
            from tools import Runner

            class TotalTests(unittest.TestCase, metaclass=Runner):
                async def test_total(self):
                    pass
            """,
            because="a metaclass may wrap the methods",
        ),
    ],
)

_WHY = {
    Cause.TEST_CASE: "unittest.TestCase drops the coroutine and counts it as passed",
    Cause.UNDECORATED: "tornado's AsyncTestCase runs only tests under @gen_test",
}


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that its class drops, unless a mark or mode was relied upon (AWT102)."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause not in _WHY:
        return
    if marks_matter(test, file):
        return
    fix = (
        file.fix(
            Safety.UNSAFE,
            "Inherit from `unittest.IsolatedAsyncioTestCase`",
            lambda: base_class_edits(test, file),
        )
        if is_fixable(verdict)
        else None
    )
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: {_WHY[verdict.cause]}",
        symbol=test.symbol,
        fix=fix,
        advice=_advice(verdict.cause),
        reveals=(test.symbol,),
    )


def _advice(cause: Cause) -> str:
    if cause is Cause.UNDECORATED:
        return "decorate it with @tornado.testing.gen_test"
    return "inherit from unittest.IsolatedAsyncioTestCase, or make the test synchronous"
