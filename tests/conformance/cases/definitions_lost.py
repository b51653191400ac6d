"""Tests that Python itself loses: replaced by a later definition, or stopped by a NameError."""

from tests.conformance.case import AUTO, Case, run

CASES = (
    Case(
        "Of two tests of a name the first is lost",
        {
            "test_it.py": """
                import unittest

                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()

                @pytest.mark.asyncio
                async def test_it():
                    ran()

                class TestIt:
                    @pytest.mark.asyncio
                    async def test_method(self):
                        ran()

                    def test_method(self):
                        ran()

                class TestCase(unittest.IsolatedAsyncioTestCase):
                    async def test_method(self):
                        ran()

                    async def test_method(self):
                        ran()
            """
        },
    ),
    Case(
        "Of two classes of a name the first is lost with its tests",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                class TestIt:
                    async def test_first(self):
                        ran()

                class TestIt:
                    async def test_second(self):
                        ran()

                class TestGrown:
                    async def test_first(self):
                        ran()

                class TestGrown(TestGrown):
                    async def test_second(self):
                        ran()
            """,
        },
    ),
    Case(
        "One test for each branch of a condition is not lost",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import sys

                if sys.platform == "win32":
                    async def test_it():
                        ran()
                else:
                    async def test_it():
                        ran()

                try:
                    import nothing_of_that_name
                except ImportError:
                    async def test_other():
                        ran()
                else:
                    async def test_other():
                        ran()
            """,
        },
    ),
    Case(
        "A file that never imports pytest cannot be collected",
        {
            "test_it.py": """
                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
            "test_beside_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
        repairable=True,
        invocations=(run("--continue-on-collection-errors"),),
    ),
    Case(
        "A test that uses pytest without importing it fails",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_it():
                    ran()
                    pytest.skip("never said")

                async def test_local():
                    import pytest as pt
                    ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "A class with a constructor is not collected, nor are its tests",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import unittest
                from dataclasses import dataclass

                class TestIt:
                    def __init__(self):
                        self.price = 3

                    async def test_method(self):
                        ran()

                class TestMade:
                    def __new__(cls):
                        return super().__new__(cls)

                    async def test_method(self):
                        ran()

                @dataclass
                class TestData:
                    price: int = 3

                    async def test_method(self):
                        ran()

                @dataclass(init=False, eq=False)
                class TestPlainData:
                    price: int = 3

                    async def test_method(self):
                        ran()

                class TestCase(unittest.IsolatedAsyncioTestCase):
                    def __init__(self, name):
                        super().__init__(name)

                    async def test_method(self):
                        ran()

                async def test_function():
                    ran()
            """,
        },
    ),
    Case(
        "A test below a guard for type checkers is not defined",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    async def test_typed():
                        ran()

                    async def test_both(): ...
                else:
                    async def test_both():
                        ran()
            """,
        },
    ),
    Case(
        "An object made of an async test is not collected",
        {
            "test_it.py": """
                import unittest

                from asgiref.sync import async_to_sync

                @async_to_sync
                async def test_function():
                    ran()

                class TestIt:
                    @async_to_sync
                    async def test_method(self):
                        ran()

                    def test_plain(self):
                        ran()

                class TestCase(unittest.TestCase):
                    @async_to_sync
                    async def test_method(self):
                        ran()
            """,
        },
        installed={
            "asgiref/__init__.py": "",
            "asgiref/sync.py": """
                import asyncio
                import functools

                class AsyncToSync:
                    def __init__(self, awaitable):
                        self.awaitable = awaitable

                    def __call__(self, *args, **kwargs):
                        return asyncio.run(self.awaitable(*args, **kwargs))

                    def __get__(self, parent, objtype):
                        return functools.partial(self.__call__, parent)

                async_to_sync = AsyncToSync
            """,
        },
    ),
    Case(
        "A star import brings pytest along",
        {
            "common.py": "import pytest\n",
            "test_it.py": """
                from common import *

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
    ),
)
