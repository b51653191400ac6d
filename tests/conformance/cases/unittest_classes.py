"""Classes that run coroutines and classes that lose them, through the whole MRO."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "A plain TestCase never awaits its async tests",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                    def test_beside_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A marker on a method of a TestCase does nothing",
        {
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.TestCase):
                    @pytest.mark.asyncio
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A marker on a TestCase does nothing",
        {
            "test_it.py": """
                from unittest import TestCase
                import pytest

                @pytest.mark.asyncio
                class TestIt(TestCase):
                    async def test_it(self):
                        ran()

                class TestOther(TestCase):
                    pytestmark = [pytest.mark.asyncio]

                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A module's marker helps functions and not TestCases",
        {
            "test_it.py": """
                import unittest
                import pytest

                pytestmark = pytest.mark.asyncio

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                async def test_function():
                    ran()
            """
        },
    ),
    Case(
        "Auto mode never reaches a TestCase",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                class TestPlain:
                    async def test_it(self):
                        ran()
            """,
        },
    ),
    Case(
        "An expected failure of a TestCase turns into an unexpected success",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    @unittest.expectedFailure
                    async def test_it(self):
                        ran()
                        self.fail()
            """
        },
    ),
    Case(
        "An IsolatedAsyncioTestCase runs all of its tests, marked or not",
        {
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    async def asyncSetUp(self):
                        self.value = 1

                    async def test_unmarked(self):
                        ran()

                    @pytest.mark.asyncio
                    async def test_marked(self):
                        ran()

                    @unittest.skipIf(False, "never")
                    async def test_condition(self):
                        ran()

                    @unittest.expectedFailure
                    async def test_expected_failure(self):
                        ran()
                        self.fail()

                    @unittest.skip("later")
                    async def test_skipped(self):
                        ran()

                    def test_sync(self):
                        ran()
            """
        },
    ),
    Case(
        "Every spelling of an IsolatedAsyncioTestCase is one",
        {
            "test_it.py": """
                import unittest
                import unittest as ut
                import unittest.async_case
                from unittest import IsolatedAsyncioTestCase
                from unittest import IsolatedAsyncioTestCase as AsyncCase
                from unittest.async_case import IsolatedAsyncioTestCase as Deep

                Alias = unittest.IsolatedAsyncioTestCase

                class TestDotted(unittest.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestAs(ut.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestName(IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestRenamed(AsyncCase):
                    async def test_it(self):
                        ran()

                class TestDeep(Deep):
                    async def test_it(self):
                        ran()

                class TestDeepDotted(unittest.async_case.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()

                class TestAlias(Alias):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "Every spelling of a plain TestCase is one",
        {
            "test_it.py": """
                import unittest as ut
                import unittest.case
                from unittest import TestCase as Base, case
                from unittest.case import TestCase

                Alias = Other = ut.TestCase
                Annotated: type = TestCase

                class TestAs(ut.TestCase):
                    async def test_it(self):
                        ran()

                class TestRenamed(Base):
                    async def test_it(self):
                        ran()

                class TestDeep(TestCase):
                    async def test_it(self):
                        ran()

                class TestDeepDotted(unittest.case.TestCase):
                    async def test_it(self):
                        ran()

                class TestModule(case.TestCase):
                    async def test_it(self):
                        ran()

                class TestAlias(Alias):
                    async def test_it(self):
                        ran()

                class TestSecondAlias(Other):
                    async def test_it(self):
                        ran()

                class TestAnnotated(Annotated):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A TestCase is collected whatever its name",
        {
            "test_it.py": """
                import unittest

                class Whatever(unittest.TestCase):
                    async def test_it(self):
                        ran()

                    async def check_it(self):
                        ran()

                class whichever(unittest.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "An isolated class anywhere in the bases is enough",
        {
            "test_it.py": """
                import unittest

                class Plain(unittest.TestCase):
                    async def test_in_plain(self):
                        ran()

                class TestBoth(Plain, unittest.IsolatedAsyncioTestCase):
                    async def test_in_both(self):
                        ran()

                class Mixin:
                    async def test_in_mixin(self):
                        ran()

                class TestMixed(Mixin, unittest.IsolatedAsyncioTestCase):
                    pass

                class TestLost(Mixin, unittest.TestCase):
                    pass
            """
        },
    ),
    Case(
        "An inherited test is judged in each class that inherits it",
        {
            "test_it.py": """
                import unittest
                import pytest

                class Common:
                    async def test_it(self):
                        ran()

                class TestUnmarked(Common):
                    pass

                @pytest.mark.asyncio
                class TestMarked(Common):
                    pass

                class TestCaseOfIt(Common, unittest.TestCase):
                    pass

                class TestIsolated(Common, unittest.IsolatedAsyncioTestCase):
                    pass
            """
        },
    ),
    Case(
        "A child that overrides decides for itself",
        {
            "test_it.py": """
                import unittest

                class TestBase(unittest.TestCase):
                    async def test_overridden(self):
                        ran()

                    async def test_removed(self):
                        ran()

                    async def test_kept(self):
                        ran()

                class TestChild(TestBase):
                    def test_overridden(self):
                        ran()

                    test_removed = None
            """
        },
    ),
    Case(
        "A TestCase with its own runner runs what it likes",
        {
            "test_it.py": """
                import asyncio
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def _callTestMethod(self, method):
                        if inspect.iscoroutinefunction(method):
                            asyncio.run(method())
                        else:
                            method()

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()

                    def test_sync(self):
                        ran()
            """
        },
    ),
    Case(
        "A TestCase that wraps its method before it runs is left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def run(self, result=None):
                        method = getattr(self, self._testMethodName)
                        if inspect.iscoroutinefunction(method):
                            wrapped = functools.partial(asyncio.run)
                            setattr(self, self._testMethodName, lambda: wrapped(method()))
                        return super().run(result)

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A constructor that wraps the test method is left alone",
        {
            "test_it.py": """
                import asyncio
                import unittest

                class AsyncCase(unittest.TestCase):
                    def __init__(self, name="runTest"):
                        super().__init__(name)
                        method = getattr(self, name, None)
                        if method is not None:
                            setattr(self, name, lambda: asyncio.run(method()))

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A lookup that wraps coroutine functions is left alone",
        {
            "test_it.py": """
                import asyncio
                import inspect
                import unittest

                class AsyncCase(unittest.TestCase):
                    def __getattribute__(self, name):
                        found = super().__getattribute__(name)
                        if name.startswith("test_") and inspect.iscoroutinefunction(found):
                            return lambda: asyncio.run(found())
                        return found

                class TestIt(AsyncCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A metaclass that wraps methods is left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                def blocking(method):
                    @functools.wraps(method)
                    def wrapper(*args):
                        return asyncio.run(method(*args))
                    return wrapper

                class Wrapping(type):
                    def __new__(cls, name, bases, names):
                        for key, value in list(names.items()):
                            if inspect.iscoroutinefunction(value):
                                names[key] = blocking(value)
                        return super().__new__(cls, name, bases, names)

                class TestIt(unittest.TestCase, metaclass=Wrapping):
                    async def test_it(self):
                        ran()

                class TestPlain(metaclass=Wrapping):
                    async def test_it(self):
                        ran()

                class TestChild(TestIt):
                    async def test_child(self):
                        ran()
            """
        },
    ),
    Case(
        "An init_subclass that wraps methods is left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                class Blocking:
                    def __init_subclass__(cls, **options):
                        super().__init_subclass__(**options)
                        for name, value in list(vars(cls).items()):
                            if inspect.iscoroutinefunction(value):
                                setattr(cls, name, cls.blocking(value))

                    @staticmethod
                    def blocking(method):
                        @functools.wraps(method)
                        def wrapper(*args):
                            return asyncio.run(method(*args))
                        return wrapper

                class TestIt(Blocking, unittest.TestCase):
                    async def test_it(self):
                        ran()

                class TestPlain(Blocking):
                    async def test_it(self):
                        ran()
            """
        },
    ),
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
        "A base that a call returns is not decided",
        {
            "test_it.py": """
                import unittest

                def make_base(isolated):
                    return unittest.IsolatedAsyncioTestCase if isolated else unittest.TestCase

                class TestIt(make_base(True)):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A base that a call returns may lose coroutines unseen",
        {
            "test_it.py": """
                import unittest

                def make_base(isolated):
                    return unittest.IsolatedAsyncioTestCase if isolated else unittest.TestCase

                class TestIt(make_base(False)):
                    async def test_it(self):
                        ran()
            """
        },
        unknown_ok="the base class is worked out at import",
    ),
    Case(
        "A class made by type() is a class",
        {
            "test_it.py": """
                import unittest

                async def _body(self):
                    ran()

                bases = (unittest.IsolatedAsyncioTestCase,)
                TestMade = type("TestMade", bases, {"test_it": _body})
            """
        },
    ),
    Case(
        "A method that is set on a TestCase later runs as little as the others",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    pass

                async def body(self):
                    ran()

                setattr(TestIt, "test_set", body)
                TestIt.test_assigned = body
            """
        },
        unknown_ok="the method is added while the module runs",
    ),
    Case(
        "A TestCase's methods that a decorator replaces are left alone",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                def runs_coroutines(cls):
                    for name, value in list(vars(cls).items()):
                        if inspect.iscoroutinefunction(value):
                            setattr(cls, name, blocking(value))
                    return cls

                def blocking(method):
                    @functools.wraps(method)
                    def wrapper(*args):
                        return asyncio.run(method(*args))
                    return wrapper

                @runs_coroutines
                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()

                @runs_coroutines
                class TestPlain:
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "load_tests is unittest's and changes nothing for pytest",
        {
            "test_it.py": """
                import unittest

                def load_tests(loader, tests, pattern):
                    return unittest.TestSuite()

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "An alias of a test in a TestCase is a second test",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_one(self):
                        ran()

                    test_other = test_one
            """
        },
    ),
    Case(
        "A local name that hides unittest is not unittest",
        {
            "test_it.py": """
                class unittest:
                    class TestCase:
                        pass

                class TestIt(unittest.TestCase):
                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "Static and class methods of a TestCase are lost too",
        {
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    @staticmethod
                    async def test_static():
                        ran()

                    @classmethod
                    async def test_class(cls):
                        ran()
            """
        },
    ),
    Case(
        "runTest alone is run by nobody unless it is the only test",
        {
            "test_it.py": """
                import unittest

                class TestOnly(unittest.TestCase):
                    async def runTest(self):
                        ran()

                class TestBeside(unittest.TestCase):
                    def test_it(self):
                        ran()

                    async def runTest(self):
                        ran()
            """
        },
    ),
)
