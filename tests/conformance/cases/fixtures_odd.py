"""Async fixtures that are made, overridden, imported or handled by code."""

from tests.conformance.case import Case, run
from tests.conformance.cases.fixtures import FIXTURES, USERS

CASES = (
    Case(
        "A fixture in a plugin inside the repository is judged",
        {
            "conftest.py": 'pytest_plugins = ["shop_plugin"]\n',
            "shop_plugin.py": FIXTURES,
            "test_it.py": USERS,
        },
    ),
    Case(
        "A fixture imported into conftest is judged at its definition",
        {
            "conftest.py": "from shop_fixtures import connection, number\n",
            "shop_fixtures.py": FIXTURES,
            "test_it.py": USERS,
        },
    ),
    Case(
        "A fixture that a helper makes is a fixture",
        {
            "test_it.py": """
                import functools
                import pytest
                import pytest_asyncio

                module_fixture = functools.partial(pytest_asyncio.fixture, scope="module")
                plain = pytest.fixture
                quick = pytest.fixture(scope="function")

                @module_fixture(loop_scope="module")
                async def handled():
                    ran()

                @plain
                async def refused():
                    ran()

                @quick
                async def refused_too():
                    ran()

                @pytest.mark.asyncio(loop_scope="module")
                async def test_handled(handled): ran()

                def test_refused(refused): ran()

                def test_refused_too(refused_too): ran()
            """
        },
    ),
    Case(
        "A fixture made by a call is a fixture",
        {
            "test_it.py": """
                import pytest
                import pytest_asyncio

                async def _work():
                    ran()

                refused = pytest.fixture(_work)

                async def _other_work():
                    ran()

                handled = pytest_asyncio.fixture(_other_work)

                def test_refused(refused): ran()

                def test_handled(handled): ran()
            """
        },
        unknown_ok="the fixture is an object that a call returns",
    ),
    Case(
        "A fixture whose wrapper runs it is no async fixture",
        {
            "test_it.py": """
                import asyncio
                import functools
                import pytest

                def blocking(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return asyncio.run(function(*args, **kwargs))
                    return wrapper

                @pytest.fixture
                @blocking
                async def number():
                    ran()
                    return 3

                def test_it(number):
                    ran()
            """
        },
    ),
    Case(
        "A fixture that a hook sets up is handled",
        {
            "conftest.py": """
                import asyncio
                import inspect
                import pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_fixture_setup(fixturedef, request):
                    if inspect.iscoroutinefunction(fixturedef.func):
                        value = asyncio.run(fixturedef.func())
                        fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
                        return value
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                def test_it(number):
                    ran()
            """,
        },
    ),
    Case(
        "A TestCase is refused async fixtures too",
        {
            "test_it.py": """
                import unittest
                import pytest

                @pytest.fixture
                async def number():
                    ran()

                @pytest.mark.usefixtures("number")
                class TestIt(unittest.TestCase):
                    def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A TestCase is handed async fixtures by pytest-asyncio",
        {
            "test_it.py": """
                import unittest
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def number():
                    ran()

                @pytest.mark.usefixtures("number")
                class TestIt(unittest.TestCase):
                    def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "Sync fixtures are never async",
        {
            "test_it.py": """
                import asyncio
                import pytest

                @pytest.fixture
                def loop():
                    loop = asyncio.new_event_loop()
                    yield loop
                    loop.close()

                @pytest.fixture
                def factory():
                    async def make():
                        return 1
                    return make

                @pytest.mark.asyncio
                async def test_it(loop, factory):
                    ran()
                    assert await factory() == 1
            """
        },
    ),
    Case(
        "A test that is unhandled is one thing and its handled fixture another",
        {
            "test_it.py": """
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def number():
                    ran()
                    return 3

                async def test_it(number):
                    ran()
            """
        },
    ),
    Case(
        "A marked fixture is a collection error",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                @pytest.fixture
                async def number():
                    ran()

                def test_it(number):
                    ran()
            """
        },
        unjudged="the file is not collected at all",
    ),
    Case(
        "A fixture that is overridden with another decorator is judged by each",
        {
            "conftest.py": """
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def number():
                    ran()
                    return 3
            """,
            "test_over.py": """
                import pytest

                @pytest.fixture
                async def number(number):
                    ran()
                    return number + 1

                def test_it(number):
                    ran()
            """,
            "test_under.py": """
                def test_it(number):
                    ran()
            """,
        },
    ),
    Case(
        "A fixture handled in one project and refused in another",
        {
            "one/pyproject.toml": """
                [project]
                name = "one"
                [tool.pytest.ini_options]
                asyncio_mode = "auto"
            """,
            "one/test_one.py": FIXTURES + "\n" + "    def test_it(number): ran()\n",
            "two/pyproject.toml": """
                [project]
                name = "two"
                [tool.pytest.ini_options]
                asyncio_mode = "strict"
            """,
            "two/test_two.py": FIXTURES + "\n" + "    def test_it(number): ran()\n",
        },
        invocations=(run(), run(cwd="one"), run(cwd="two")),
    ),
    Case(
        "A fixture with its imports under a condition",
        {
            "test_it.py": """
                import pytest

                try:
                    from pytest_asyncio import fixture as async_fixture
                except ImportError:
                    async_fixture = pytest.fixture

                @async_fixture
                async def number():
                    ran()
                    return 3

                def test_it(number):
                    ran()
            """
        },
    ),
    Case(
        "An async fixture under the mode of a command line",
        {
            "Makefile": "test:\n\tpytest --asyncio-mode=auto\n",
            "conftest.py": FIXTURES,
            "test_it.py": USERS,
        },
        invocations=(run(), run("--asyncio-mode=auto")),
    ),
)
