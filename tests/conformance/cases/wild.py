"""What real repositories do: idioms that are neither in pytest's manual nor in its plugins'."""

from tests.conformance.case import AUTO, Case, run
from tests.conformance.cases.plugins import ANYIO_INSTALLED

HAND_MADE = """
    import asyncio
    import concurrent.futures
    import functools
    import threading

    def by_policy(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            loop = asyncio.get_event_loop_policy().new_event_loop()
            try:
                return loop.run_until_complete(asyncio.wait_for(function(*args, **kwargs), 5))
            finally:
                loop.close()
        return wrapper

    def with_timeout(function=None, *, timeout=5):
        if function is None:
            return functools.partial(with_timeout, timeout=timeout)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return asyncio.run(asyncio.wait_for(function(*args, **kwargs), timeout))
        return wrapper

    def in_thread(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            thread = threading.Thread(target=lambda: asyncio.run(function(*args, **kwargs)))
            thread.start()
            thread.join()
        return wrapper

    def in_pool(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                return pool.submit(asyncio.run, function(*args, **kwargs)).result()
        return wrapper

    def run_it(coroutine):
        return asyncio.run(coroutine)

    def by_helper(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return run_it(function(*args, **kwargs))
        return wrapper

    def with_loop(function):
        @functools.wraps(function)
        def wrapper(self):
            return self.loop.run_until_complete(function(self))
        return wrapper

    class Context:
        def __call__(self, function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                with self:
                    asyncio.run(function(*args, **kwargs))
            return wrapper

        def __enter__(self):
            return self

        def __exit__(self, *error):
            return False
"""

CASES = (
    Case(
        "Hand-made runners of every make run their tests",
        {
            "helpers.py": HAND_MADE,
            "test_it.py": """
                import asyncio
                import unittest
                from helpers import (
                    Context, by_helper, by_policy, in_pool, in_thread, with_loop, with_timeout,
                )

                @by_policy
                async def test_policy(): ran()

                @with_timeout
                async def test_timeout(): ran()

                @with_timeout(timeout=1)
                async def test_timeout_called(): ran()

                @in_thread
                async def test_thread(): ran()

                @in_pool
                async def test_pool(): ran()

                @by_helper
                async def test_helper(): ran()

                @Context()
                async def test_context(): ran()

                class TestIt(unittest.TestCase):
                    def setUp(self):
                        self.loop = asyncio.new_event_loop()

                    def tearDown(self):
                        self.loop.close()

                    @with_loop
                    async def test_loop(self): ran()

                    @by_policy
                    async def test_policy(self): ran()
            """,
        },
    ),
    Case(
        "A third-party runner inside a decorator of the repository is left alone",
        {
            "helpers.py": """
                import functools
                import anyio
                from asgiref.sync import async_to_sync

                def by_anyio(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return anyio.run(functools.partial(function, *args, **kwargs))
                    return wrapper

                def by_asgiref(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return async_to_sync(function)(*args, **kwargs)
                    return wrapper
            """,
            "test_it.py": """
                from helpers import by_anyio, by_asgiref

                @by_anyio
                async def test_anyio(): ran()

                @by_asgiref
                async def test_asgiref(): ran()
            """,
        },
        installed={
            "anyio.py": """
                import asyncio

                def run(function):
                    return asyncio.run(function())
            """,
            "asgiref/__init__.py": "",
            "asgiref/sync.py": """
                import asyncio

                def async_to_sync(function):
                    return lambda *args, **kwargs: asyncio.run(function(*args, **kwargs))
            """,
        },
    ),
    Case(
        "What a third-party module hands over may be a marker",
        {
            "test_star.py": """
                from elsewhere import *

                async def test_it(): ran()
            """,
            "test_name.py": """
                from elsewhere import pytestmark

                async def test_it(): ran()
            """,
            "test_base.py": """
                from elsewhere import Marked

                class TestIt(Marked):
                    async def test_it(self): ran()
            """,
            "test_decorator.py": """
                import elsewhere

                @elsewhere.looped
                async def test_it(): ran()
            """,
            "test_value.py": """
                import elsewhere

                pytestmark = elsewhere.marks()

                async def test_it(): ran()
            """,
        },
        installed={
            "elsewhere.py": """
                import pytest

                pytestmark = looped = pytest.mark.asyncio

                def marks():
                    return [looped]

                @looped
                class Marked:
                    pass
            """
        },
    ),
    Case(
        "A third-party mixin may be nothing at all",
        {
            "test_it.py": """
                from elsewhere import Mixin

                class TestIt(Mixin):
                    async def test_it(self): ran()
            """
        },
        installed={"elsewhere.py": "class Mixin:\n    pass\n"},
        unknown_ok="the base class is not in the repository",
    ),
    Case(
        "Classes of other trades that are named like tests are not collected",
        {
            "test_it.py": """
                import http.server
                import threading
                from typing import Protocol, TypedDict
                from pydantic import BaseModel

                class TestError(Exception):
                    async def test_it(self): ran()

                class TestDict(dict):
                    async def test_it(self): ran()

                class TestThread(threading.Thread):
                    async def test_it(self): ran()

                class TestHandler(http.server.BaseHTTPRequestHandler):
                    async def test_it(self): ran()

                class TestConfig(BaseModel):
                    async def test_connection(self): ran()

                class TestTyped(TypedDict):
                    number: int

                async def test_it(): ran()
            """
        },
        installed={
            "pydantic.py": "class BaseModel:\n    def __init__(self, **fields):\n        pass\n"
        },
    ),
    Case(
        "Helpers of the application that are named like tests",
        {
            "shop/__init__.py": "",
            "shop/testing.py": """
                class TestClient:
                    def __init__(self, app):
                        self.app = app

                    async def test_connection(self): ran()

                class TestTools:
                    async def test_connection(self): ran()

                async def test_server(): ran()
            """,
            "test_class.py": """
                from shop.testing import TestClient

                async def test_it(): ran()
            """,
            "test_tools.py": """
                from shop.testing import TestTools
            """,
            "test_function.py": """
                from shop.testing import test_server
            """,
            "test_module.py": """
                from shop import testing

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "Third-party classes that are named like tests are not ours",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                from aiohttp.test_utils import TestClient, TestServer

                async def test_it():
                    ran()
                    assert TestClient is not TestServer
            """,
        },
    ),
    Case(
        "Fixtures that the configuration asks for reach every test",
        {
            "requirements.txt": "anyio\npytest\n",
            "pytest.ini": "[pytest]\nusefixtures = anyio_backend\n",
            "test_it.py": """
                async def test_it(): ran()

                class TestIt:
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
    ),
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
