"""TestCases through abstract, generic, hidden, chosen and third-party bases."""

from tests.conformance.case import Case

CASES = (
    Case(
        "ABCMeta as a metaclass wraps nothing",
        {
            "test_it.py": """
                import abc
                import unittest

                class TestIt(unittest.TestCase, metaclass=abc.ABCMeta):
                    async def test_it(self):
                        ran()

                class TestAbc(abc.ABC):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "An abstract class is not collected and its children are",
        {
            "test_it.py": """
                import abc
                import unittest

                class TestContract(unittest.TestCase, abc.ABC):
                    @abc.abstractmethod
                    def make(self): ...

                    async def test_it(self):
                        ran()

                class TestReal(TestContract):
                    def make(self):
                        return 1

                class TestPlainContract(abc.ABC):
                    @abc.abstractmethod
                    def make(self): ...

                    async def test_it(self):
                        ran()

                class TestPlainReal(TestPlainContract):
                    def make(self):
                        return 1
            """
        },
    ),
    Case(
        "A generic base is looked through",
        {
            "test_it.py": """
                import unittest
                from typing import Generic, TypeVar

                T = TypeVar("T")

                class Lost(Generic[T], unittest.TestCase):
                    async def test_it(self):
                        ran()

                class TestLost(Lost[int]):
                    pass

                class Found(unittest.IsolatedAsyncioTestCase, Generic[T]):
                    async def test_it(self):
                        ran()

                class TestFound(Found[str]):
                    pass
            """
        },
    ),
    Case(
        "A base that is hidden in another class is found",
        {
            "test_it.py": """
                import unittest

                class Hidden:
                    class TestBase(unittest.TestCase):
                        async def test_it(self):
                            ran()

                class TestReal(Hidden.TestBase):
                    pass
            """
        },
    ),
    Case(
        "A base that is deleted at the end is not collected itself",
        {
            "test_it.py": """
                import unittest

                class TestBase(unittest.TestCase):
                    async def test_it(self):
                        ran()

                class TestReal(TestBase):
                    async def test_own(self):
                        ran()

                del TestBase
            """
        },
    ),
    Case(
        "A class that is chosen by version is isolated on every supported one",
        {
            "test_it.py": """
                import sys
                import unittest

                if sys.version_info >= (3, 8):
                    from unittest import IsolatedAsyncioTestCase
                else:
                    from aiounittest import AsyncTestCase as IsolatedAsyncioTestCase

                try:
                    from unittest import IsolatedAsyncioTestCase as Tried
                except ImportError:
                    from asynctest import TestCase as Tried

                class TestVersion(IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestTried(Tried):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A base that an optional package may provide is not decided",
        {
            "test_it.py": """
                import unittest

                try:
                    from asynctest import TestCase
                except ImportError:
                    from unittest import TestCase

                class TestIt(TestCase):
                    async def test_it(self):
                        ran()
            """
        },
        installed={
            "asynctest.py": """
                from unittest import IsolatedAsyncioTestCase as TestCase
            """
        },
    ),
    Case(
        "A third-party base that runs coroutines is left alone",
        {
            "test_it.py": """
                from django.test import SimpleTestCase, TestCase
                from shop_testing import AsyncCase

                class TestDjango(TestCase):
                    async def test_it(self):
                        ran()

                class TestSimple(SimpleTestCase):
                    async def test_it(self):
                        ran()

                class TestShop(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
        installed={
            "django/__init__.py": "",
            "django/test/__init__.py": """
                import asyncio, functools, inspect, unittest

                class SimpleTestCase(unittest.TestCase):
                    def __call__(self, result=None):
                        self.wrap()
                        return super().__call__(result)

                    def wrap(self):
                        method = getattr(self, self._testMethodName)
                        if inspect.iscoroutinefunction(method):
                            setattr(self, self._testMethodName, lambda: asyncio.run(method()))

                    def run(self, result=None):
                        self.wrap()
                        return super().run(result)

                class TestCase(SimpleTestCase):
                    pass
            """,
            "shop_testing.py": "from unittest import IsolatedAsyncioTestCase as AsyncCase\n",
        },
    ),
    Case(
        "A third-party base that loses coroutines cannot be told from one that runs them",
        {
            "test_it.py": """
                from shop_testing import BaseCase

                class TestShop(BaseCase):
                    async def test_it(self):
                        ran()
            """
        },
        installed={"shop_testing.py": "from unittest import TestCase as BaseCase\n"},
        unknown_ok="the base class is not in the repository",
    ),
    Case(
        "A setup that is awaited says nothing of a test that is not",
        {
            "test_it.py": """
                import functools
                import unittest

                def lost(function):
                    @functools.wraps(function)
                    def wrapper(*args):
                        return function(*args)
                    return wrapper

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    async def asyncSetUp(self): ran()

                    async def asyncTearDown(self): ran()

                    async def test_it(self): ran()

                    @lost
                    async def test_lost(self): ran()
            """,
        },
    ),
)
