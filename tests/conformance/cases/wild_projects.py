"""Projects as they are: classes, contracts, parameters, back ends."""

from tests.conformance.case import Case, run
from tests.conformance.cases.wild_helpers import HAND_MADE

CASES = (
    Case(
        "Old-style classes and explicit object bases are plain classes",
        {
            "test_it.py": """
                class TestOld(object):
                    async def test_it(self): ran()

                class TestEmpty():
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Conditional methods inside a class",
        {
            "test_it.py": """
                import sys
                import pytest

                class TestIt:
                    if sys.version_info >= (3, 8):
                        async def test_new(self): ran()
                    else:
                        async def test_old(self): ran()

                    try:
                        import asyncio
                    except ImportError:
                        pass
                    else:
                        @pytest.mark.asyncio
                        async def test_tried(self): ran()
            """
        },
    ),
    Case(
        "What a conftest file ignores on a Python long gone is collected today",
        {
            "conftest.py": """
                import sys

                if sys.version_info < (3, 8):
                    collect_ignore_glob = ["*"]
                elif sys.version_info < (3, 2):
                    collect_ignore = ["test_it.py"]
                else:
                    collect_ignore = ["test_ignored.py"]
            """,
            "test_it.py": "async def test_it(): ran()",
            "test_ignored.py": "async def test_it(): ran()",
        },
    ),
    Case(
        "A fallback for a Python long gone is no second meaning",
        {
            "test_it.py": """
                try:
                    from unittest import IsolatedAsyncioTestCase, TestCase

                    def decorated(function):
                        return function
                except ImportError:
                    from asynctest import TestCase
                    from asynctest import TestCase as IsolatedAsyncioTestCase

                    from elsewhere import decorated

                class CaseOfOne(IsolatedAsyncioTestCase):
                    async def test_runs(self): ran()

                class CaseOfTwo(TestCase):
                    @decorated
                    async def test_never_runs(self): ran()
            """
        },
    ),
    Case(
        "Code below the main guard is no test",
        {
            "test_it.py": """
                async def test_it(): ran()

                if __name__ == "__main__":
                    async def test_script(): ran()

                    class TestScript:
                        async def test_it(self): ran()
            """
        },
    ),
    Case(
        "A method that is marked by hand in the class body",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    async def _body(self): ran()

                    test_marked = pytest.mark.asyncio(_body)

                    async def _other(self): ran()

                    test_bare = _other
            """
        },
    ),
    Case(
        "An IsolatedAsyncioTestCase with runners of its own",
        {
            "helpers.py": HAND_MADE,
            "test_it.py": """
                import asyncio
                import unittest
                from helpers import in_thread

                class TestIt(unittest.IsolatedAsyncioTestCase):
                    @in_thread
                    async def test_thread(self): ran()

                    async def test_it(self): ran()

                    def test_sync(self):
                        ran()
                        self.assertTrue(asyncio.iscoroutinefunction(self.test_it))
            """,
        },
    ),
    Case(
        "Stand-ins of aiounittest and asynctest",
        {
            "test_aiounittest.py": """
                import aiounittest

                class TestIt(aiounittest.AsyncTestCase):
                    async def test_it(self): ran()
            """,
            "test_asynctest.py": """
                import asynctest

                class TestIt(asynctest.TestCase):
                    async def test_it(self): ran()
            """,
        },
        installed={
            "aiounittest.py": "from unittest import IsolatedAsyncioTestCase as AsyncTestCase\n",
            "asynctest.py": "from unittest import IsolatedAsyncioTestCase as TestCase\n",
        },
    ),
    Case(
        "A plugin for async code that brings fixtures alone runs no test",
        {
            "requirements.txt": "pytest\npytest-asyncio\npytest-aiofiles\n",
            "test_it.py": """
                import pytest

                async def test_it(): ran()

                @pytest.mark.asyncio
                async def test_marked(): ran()
            """,
        },
    ),
    Case(
        "Test cases of other packages that call their tests as unittest does",
        {
            "test_files.py": """
                from pyfakefs import fake_filesystem_unittest

                class TestIt(fake_filesystem_unittest.TestCase):
                    async def test_it(self): ran()
            """,
            "test_shop.py": """
                from opentelemetry.test.asgitestutil import AsyncAsgiTestBase
                from opentelemetry.test.test_base import TestBase

                class TestIt(TestBase):
                    async def test_it(self): ran()

                class TestAsync(AsyncAsgiTestBase):
                    async def asyncSetUp(self): ran()

                    async def test_it(self): ran()
            """,
        },
        installed={
            "pyfakefs/__init__.py": "",
            "pyfakefs/fake_filesystem_unittest.py": "from unittest import TestCase\n",
            "opentelemetry/__init__.py": "",
            "opentelemetry/test/__init__.py": "",
            "opentelemetry/test/test_base.py": "from unittest import TestCase as TestBase\n",
            "opentelemetry/test/asgitestutil.py": (
                "from unittest import IsolatedAsyncioTestCase as AsyncAsgiTestBase\n"
            ),
        },
    ),
    Case(
        "A test case of testtools that says how its tests are called",
        {
            "test_it.py": """
                import asyncio
                import testtools

                def awaiting(case, *args, **kwargs):
                    return Awaiting(case)

                class Awaiting:
                    def __init__(self, case):
                        self.case = case

                    def run(self, result):
                        result.startTest(self.case)
                        asyncio.run(getattr(self.case, self.case._testMethodName)())
                        result.addSuccess(self.case)
                        result.stopTest(self.case)

                class TestIt(testtools.TestCase):
                    run_tests_with = awaiting

                    async def test_it(self): ran()

                class TestPlain(testtools.TestCase):
                    async def test_it(self): ran()
            """,
        },
        installed={
            "testtools.py": """
                import unittest

                class TestCase(unittest.TestCase):
                    run_tests_with = None

                    def run(self, result=None):
                        if self.run_tests_with is None:
                            return super().run(result)
                        return type(self).run_tests_with(self).run(result)
            """,
        },
    ),
    Case(
        "A back end whose base class stands two modules away",
        {
            "pyproject.toml": """
                [project]
                name = "backend"
                dependencies = ["aiohttp"]
                [project.optional-dependencies]
                dev = ["pytest", "pytest-asyncio"]
                [tool.pytest.ini_options]
                testpaths = ["tests"]
                asyncio_mode = "auto"
                addopts = "-q --strict-markers"
                markers = ["slow: takes its time"]
            """,
            "backend/__init__.py": "",
            "backend/testing/__init__.py": "from backend.testing.cases import *\n",
            "backend/testing/cases.py": """
                from unittest import TestCase

                __all__ = ["BackendTestCase", "DatabaseTestCase"]

                class BackendTestCase(TestCase):
                    maxDiff = None

                class DatabaseTestCase(BackendTestCase):
                    @classmethod
                    def setUpClass(cls):
                        super().setUpClass()
                        cls.database = {}
            """,
            "tests/__init__.py": "",
            "tests/base.py": """
                from backend import testing

                class ServiceTestCase(testing.DatabaseTestCase):
                    service = None
            """,
            "tests/services/__init__.py": "",
            "tests/services/test_orders.py": """
                import pytest
                from ..base import ServiceTestCase

                class OrdersTest(ServiceTestCase):
                    async def test_total(self): ran()

                    @pytest.mark.asyncio
                    async def test_marked(self): ran()

                    def test_sync(self): ran()

                class TestPlain:
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A folder of contract tests that implementations inherit",
        {
            "contracts.py": """
                import pytest

                class StoreContract:
                    @pytest.fixture
                    def store(self):
                        raise NotImplementedError

                    @pytest.mark.asyncio
                    async def test_marked(self, store): ran()

                    async def test_unmarked(self, store): ran()
            """,
            "test_memory.py": """
                import pytest
                from contracts import StoreContract

                class TestMemory(StoreContract):
                    @pytest.fixture
                    def store(self):
                        return {}

                class TestLoop(StoreContract):
                    pytestmark = pytest.mark.asyncio

                    @pytest.fixture
                    def store(self):
                        return []
            """,
        },
    ),
    Case(
        "Parameters, ids and indirect fixtures around async tests",
        {
            "test_it.py": """
                import pytest

                CASES = [pytest.param(1, id="one"), pytest.param(2, id="two", marks=[])]

                @pytest.fixture
                def doubled(request):
                    return request.param * 2

                @pytest.mark.asyncio
                @pytest.mark.parametrize("n", CASES)
                @pytest.mark.parametrize("doubled", [1], indirect=True)
                async def test_marked(n, doubled): ran()

                @pytest.mark.parametrize(("a", "b"), [(1, 2)], ids=["pair"])
                async def test_unmarked(a, b): ran()

                @pytest.mark.parametrize("n", [])
                @pytest.mark.asyncio
                async def test_empty(n): ran()
            """
        },
    ),
    Case(
        "A project of poetry's in a folder is started there",
        {
            "backend/pyproject.toml": """
                [tool.poetry]
                name = "backend"
                version = "1"
                [tool.pytest.ini_options]
                asyncio_mode = "auto"
            """,
            "backend/tests/test_it.py": "async def test_it(): ran()\n",
        },
        invocations=(run(), run(cwd="backend")),
    ),
)
