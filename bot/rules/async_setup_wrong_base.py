"""`asyncSetUp` or `asyncTearDown` stands in a class that never calls it.

## What it finds

Methods `asyncSetUp` and `asyncTearDown`, and calls of `self.addAsyncCleanup` and
`self.enterAsyncContext`, in test classes whose bases, through any number of modules, do not lead
to `unittest.IsolatedAsyncioTestCase`. Django's test cases are among them: they run async tests,
but have no async set-up. Silent where a class of the repository calls the method by itself.

## Why it matters

Nothing is set up or torn down, and nothing is said: not even a warning. The helpers are not there
at all, so the method that calls one fails, or never gets so far.

## Fix

Unsafe: the base class becomes `unittest.IsolatedAsyncioTestCase` where `unittest.TestCase` is
written in this file. None for Django's classes: there `setUp` can call `async_to_sync`.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.fixes.test_case_fix import async_base_edits
from bot.analysis.names.values import Class
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT304",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                async def asyncSetUp(self):  # error
                    self.total = 3

                def asyncTearDown(self):  # error
                    self.total = 0

                async def test_total(self):
                    self.assertEqual(self.total, 3)
            """,
            fixed="""
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def asyncSetUp(self):
                    self.total = 3

                def asyncTearDown(self):
                    self.total = 0

                async def test_total(self):
                    self.assertEqual(self.total, 3)
            """,
            safety=Safety.UNSAFE,
            says="only unittest.IsolatedAsyncioTestCase calls it",
        ),
        Bad(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                async def setUp(self):
                    self.price = 2

                async def tearDown(self):
                    self.price = 0

                async def asyncSetUp(self):  # error
                    self.total = 3

                def test_total(self):
                    pass
            """,
            fixed="""
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def setUp(self):
                    self.price = 2

                async def asyncTearDown(self):
                    self.price = 0

                async def asyncSetUp(self):
                    self.total = 3

                def test_total(self):
                    pass
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            from unittest import TestCase

            class Base(TestCase):
                async def asyncSetUp(self):  # error
                    self.addAsyncCleanup(print)

            class TestOne(Base):
                def test_one(self):
                    pass

            class TestTwo(Base):
                def test_two(self):
                    pass
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase

            class Base(IsolatedAsyncioTestCase):
                async def asyncSetUp(self):
                    self.addAsyncCleanup(print)

            class TestOne(Base):
                def test_one(self):
                    pass

            class TestTwo(Base):
                def test_two(self):
                    pass
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            from django.test import TestCase

            class TotalTests(TestCase):
                async def asyncSetUp(self):  # error
                    self.total = 3

                async def test_total(self):
                    await self.enterAsyncContext(self.shop)
            """,
            says="Django",
        ),
        Bad(
            """
            class TestTotal:
                async def asyncSetUp(self):  # error
                    self.total = 3

                def test_total(self):
                    assert self.total == 3
            """,
            says="only unittest.IsolatedAsyncioTestCase calls it",
        ),
        Bad(
            {
                "mixin.py": """
                    class Prepared:
                        async def asyncSetUp(self):
                            self.total = 3
                """,
                "test_total.py": """
                    import unittest

                    from mixin import Prepared

                    class TestPlain(Prepared, unittest.TestCase):  # error
                        def test_total(self):
                            pass

                    class TestAsync(Prepared, unittest.IsolatedAsyncioTestCase):
                        async def test_total(self):
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                    import unittest

                    from mixin import Prepared

                    class TestPlain(Prepared, unittest.IsolatedAsyncioTestCase):
                        def test_total(self):
                            pass

                    class TestAsync(Prepared, unittest.IsolatedAsyncioTestCase):
                        async def test_total(self):
                            pass
                """
            },
            safety=Safety.UNSAFE,
            says="`TestPlain.asyncSetUp`",
        ),
        Bad(
            """
            import unittest

            class Prepared:
                async def asyncSetUp(self):
                    self.addAsyncCleanup(print)

            class TestPlain(Prepared, unittest.TestCase):  # error
                def test_total(self):
                    pass

            class TestAsync(Prepared, unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    pass
            """,
            fixed="""
            import unittest

            class Prepared:
                async def asyncSetUp(self):
                    self.addAsyncCleanup(print)

            class TestPlain(Prepared, unittest.IsolatedAsyncioTestCase):
                def test_total(self):
                    pass

            class TestAsync(Prepared, unittest.IsolatedAsyncioTestCase):
                async def test_total(self):
                    pass
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                def setUp(self):
                    self.addAsyncCleanup(print)  # error

                async def test_total(self):
                    await self.enterAsyncContext(self.shop)  # error
            """,
            fixed="""
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                def setUp(self):
                    self.addAsyncCleanup(print)

                async def test_total(self):
                    await self.enterAsyncContext(self.shop)
            """,
            safety=Safety.UNSAFE,
            says="cannot call",
        ),
        Good(
            """
            import unittest

            class Base(unittest.IsolatedAsyncioTestCase):
                pass

            class TestTotal(Base):
                async def asyncSetUp(self):
                    self.addAsyncCleanup(print)

                async def test_total(self):
                    pass
            """,
            because="this class calls it",
        ),
        Good(
            """
            from asgiref.sync import async_to_sync
            from django.test import TestCase

            class Base(TestCase):
                def setUp(self):
                    async_to_sync(self.asyncSetUp)()

            class TotalTests(Base):
                async def asyncSetUp(self):
                    await super().asyncSetUp()

                async def test_total(self):
                    pass
            """,
            because="a base class calls it by itself",
        ),
        Good(
            """
            from aiohttp.test_utils import AioHTTPTestCase
            from elsewhere import Shared

            class TotalTests(AioHTTPTestCase):
                async def asyncSetUp(self):
                    await super().asyncSetUp()

                async def test_total(self):
                    pass

            class OtherTests(Shared):
                async def asyncSetUp(self):
                    self.addAsyncCleanup(print)

                async def test_total(self):
                    pass
            """,
            because="aiohttp's class calls it, and what is unknown may",
        ),
        Good(
            """
            class Shop:
                async def asyncSetUp(self):
                    self.addAsyncCleanup(print)

            def test_total():
                assert Shop()
            """,
            because="it is no test class",
        ),
        Good(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                def addAsyncCleanup(self, function):
                    self.addCleanup(function)

                def test_total(self):
                    self.addAsyncCleanup(print)
            """,
            because="the class brings the helper along",
        ),
    ],
)

_ONLY = "only unittest.IsolatedAsyncioTestCase"


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report what no test class of a file calls, and helpers that none has."""
    for hook in file.facts.uncalled_hooks(file.module):
        symbol = file.symbol_of_hook(hook)
        yield rule.finding(
            file.place_of_hook(hook),
            f"`{symbol}` never runs: {_ONLY} calls it",
            symbol=symbol,
            fix=_fix(hook.classes[-1].value, file),
            advice=_advice(hook.classes[-1].value, file),
        )
    for call in file.facts.missing_helpers(file.module):
        symbol = call.function.definition.qualname
        yield rule.finding(
            file.place_of_node(call.node),
            f"`{symbol}` cannot call `{call.node.attr}`: {_ONLY} has it",
            symbol=symbol,
            fix=_fix(call.owner, file),
            advice=_advice(call.owner, file),
        )


def _fix(owner: Class, file: CheckedFile) -> Fix | None:
    return file.fix(
        Safety.UNSAFE,
        "Inherit from `unittest.IsolatedAsyncioTestCase`",
        lambda: async_base_edits(owner, file),
    )


def _advice(owner: Class, file: CheckedFile) -> str:
    if file.facts.classes.is_of_django(owner):
        return "Django's test cases have no async set-up: let `setUp` call it with async_to_sync"
    return "inherit from unittest.IsolatedAsyncioTestCase"
