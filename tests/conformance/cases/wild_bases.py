"""Bases and loops of real repositories that take a second look."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A base in conftest is reached by a relative import",
        {
            "tests/__init__.py": "",
            "tests/conftest.py": """
                import unittest

                class CommonCase(unittest.TestCase):
                    pass
            """,
            "tests/test_it.py": """
                from .conftest import CommonCase

                class TestIt(CommonCase):
                    async def test_it(self): ran()
            """,
            "tests/test_absolute.py": """
                from tests.conftest import CommonCase

                class TestIt(CommonCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A hook adds the marker where pytest-asyncio still sees it by name",
        {
            "conftest.py": """
                import inspect
                import pytest

                def pytest_pycollect_makemodule(module_path, parent):
                    module = pytest.Module.from_parent(parent, path=module_path)
                    module.add_marker(pytest.mark.asyncio)
                    return module
            """,
            "test_it.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "A class-wide fixture of the repository that starts a loop runs nothing",
        {
            "test_it.py": """
                import asyncio
                import unittest
                import pytest

                class TestIt(unittest.TestCase):
                    @pytest.fixture(autouse=True)
                    def loop(self):
                        self.loop = asyncio.new_event_loop()
                        yield
                        self.loop.close()

                    async def test_it(self): ran()

                class TestSetUp(unittest.TestCase):
                    def setUp(self):
                        self.loop = asyncio.new_event_loop()
                        self.addCleanup(self.loop.close)

                    async def test_it(self): ran()

                    def test_sync(self):
                        async def work(): ran()

                        self.loop.run_until_complete(work())
            """
        },
    ),
    Case(
        "A TestCase that wraps its tests in setUp is left alone",
        {
            "test_it.py": """
                import asyncio
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def setUp(self):
                        name = self._testMethodName
                        method = getattr(self, name)
                        if inspect.iscoroutinefunction(method):
                            setattr(self, name, lambda: asyncio.run(method()))

                class TestIt(AsyncCase):
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "A TestCase that comes with another name from a package's own module",
        {
            "shop/__init__.py": "",
            "shop/unittest.py": """
                from unittest import IsolatedAsyncioTestCase as TestCase, main, mock
            """,
            "test_it.py": """
                from shop import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A typed mixin that is a TestCase for the type checker only",
        {
            "test_it.py": """
                from typing import TYPE_CHECKING
                import unittest

                if TYPE_CHECKING:
                    Base = unittest.TestCase
                else:
                    Base = object

                class Checks(Base):
                    async def test_it(self): ran()

                class TestAsync(Checks, unittest.IsolatedAsyncioTestCase):
                    pass

                class TestPlain(Checks):
                    pass
            """
        },
    ),
    Case(
        "Bases chosen by a condition that is settled",
        {
            "test_it.py": """
                import sys
                import unittest

                class TestChosen(
                    unittest.IsolatedAsyncioTestCase if sys.version_info >= (3, 8) else object
                ):
                    async def test_it(self): ran()

                Base = getattr(unittest, "IsolatedAsyncioTestCase", unittest.TestCase)

                class TestGotten(Base):
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Bases that are unpacked or looked up",
        {
            "test_it.py": """
                import unittest

                BASES = (unittest.IsolatedAsyncioTestCase,)
                TABLE = {"async": unittest.IsolatedAsyncioTestCase}

                class TestUnpacked(*BASES):
                    async def test_it(self): ran()

                class TestTable(TABLE["async"]):
                    async def test_it(self): ran()
            """
        },
    ),
)
