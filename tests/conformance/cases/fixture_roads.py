"""The roads on which fixtures reach tests, and what becomes of async ones on them."""

from collections.abc import Mapping

from tests.conformance.case import AUTO, Case


def _with_anyio(
    name: str, files: Mapping[str, str], plugins: frozenset[str] = frozenset()
) -> Case:
    return Case(name, files, plugins=plugins | {"anyio"})


CASES = (
    Case(
        "A fixture that only sync tests use automatically",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def prepare():
                    ran()
            """,
            "test_it.py": """
                def test_it(): ran()
            """,
        },
    ),
    Case(
        "A fixture under every name that pytest-asyncio has",
        {
            "test_it.py": """
                import pytest_asyncio.plugin as plugin
                from pytest_asyncio.plugin import fixture as deep

                @plugin.fixture
                async def one(): ran()

                @deep
                async def two(): ran()

                def test_it(one, two): ran()
            """
        },
    ),
    Case(
        "A fixture of a class that its children use in another file",
        {
            "base.py": """
                import pytest
                import pytest_asyncio

                class Base:
                    @pytest.fixture
                    async def refused(self): ran()

                    @pytest_asyncio.fixture
                    async def handled(self): ran()
            """,
            "test_it.py": """
                from base import Base

                class TestIt(Base):
                    def test_refused(self, refused): ran()

                    def test_handled(self, handled): ran()
            """,
        },
        unknown_ok="the class is in a file that is neither test file nor conftest",
    ),
    Case(
        "A fixture under a condition",
        {
            "test_it.py": """
                import sys
                import pytest

                if sys.version_info >= (3, 8):
                    @pytest.fixture
                    async def number(): ran()
                else:
                    @pytest.fixture
                    def number(): ...

                def test_it(number): ran()
            """
        },
    ),
    Case(
        "A fixture that a wrapper made sync hands on a coroutine",
        {
            "test_it.py": """
                import functools
                import pytest

                def logged(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return function(*args, **kwargs)
                    return wrapper

                @pytest.fixture
                @logged
                async def number():
                    ran()
                    return 3

                @pytest.mark.asyncio
                async def test_it(number):
                    ran()
                    assert await number == 3
            """
        },
    ),
    Case(
        "A fixture with a dynamic scope and one for a package",
        {
            "conftest.py": """
                import pytest
                import pytest_asyncio

                def scope(fixture_name, config):
                    return "session"

                @pytest.fixture(scope=scope)
                async def dynamic(): ran()

                @pytest_asyncio.fixture(scope="session", loop_scope="session")
                async def handled(): ran()
            """,
            "test_it.py": """
                def test_dynamic(dynamic): ran()

                def test_handled(handled): ran()
            """,
        },
    ),
    Case(
        "A fixture that is asked for indirectly",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number(request):
                    ran()
                    return request.param

                @pytest.mark.parametrize("number", [1, 2], indirect=True)
                def test_it(number): ran()
            """
        },
    ),
    Case(
        "A fixture overridden by a parameter is never reached",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def number(): ran()

                @pytest.fixture
                def other(): ...
            """,
            "test_it.py": """
                import pytest

                @pytest.mark.parametrize("number", [1])
                def test_it(number, other): ran()
            """,
        },
    ),
    _with_anyio(
        "anyio's backend comes to a class through the marks of its module",
        {
            "requirements.txt": "anyio\npytest\n",
            "test_it.py": """
                import pytest

                pytestmark = [pytest.mark.usefixtures("anyio_backend")]

                async def test_it(): ran()

                class TestIt:
                    async def test_it(self): ran()
            """,
        },
    ),
    _with_anyio(
        "anyio's backend comes from a fixture of a base class",
        {
            "requirements.txt": "anyio\npytest\n",
            "base.py": """
                import pytest

                class Base:
                    @pytest.fixture(autouse=True)
                    def _backend(self, anyio_backend):
                        self.backend = anyio_backend

                    @pytest.fixture(name="server")
                    def make_server(self, anyio_backend):
                        return anyio_backend
            """,
            "test_it.py": """
                from base import Base

                class TestIt(Base):
                    async def test_it(self): ran()

                class TestOther:
                    async def test_other(self): ran()
            """,
        },
    ),
    _with_anyio(
        "anyio's backend under another fixture's name",
        {
            "requirements.txt": "anyio\npytest\n",
            "conftest.py": """
                import pytest

                @pytest.fixture(name="server")
                def make_server(anyio_backend):
                    return anyio_backend

                @pytest.fixture
                def late(request):
                    return request.getfixturevalue("anyio_backend")
            """,
            "test_it.py": """
                async def test_renamed(server): ran()

                async def test_late(late): ran()
            """,
        },
    ),
    _with_anyio(
        "An overriding fixture cuts anyio's backend off",
        {
            "requirements.txt": "anyio\npytest\n",
            "conftest.py": """
                import pytest

                @pytest.fixture
                def server(anyio_backend):
                    return anyio_backend
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                def server():
                    return None

                async def test_it(server): ran()
            """,
            "test_super.py": """
                import pytest

                @pytest.fixture
                def server(server):
                    return server

                async def test_it(server): ran()
            """,
        },
    ),
    _with_anyio(
        "anyio and pytest-asyncio side by side",
        {
            "requirements.txt": "anyio\npytest\npytest-asyncio\n",
            "test_it.py": """
                import pytest

                @pytest.mark.anyio
                async def test_anyio(): ran()

                @pytest.mark.asyncio
                async def test_asyncio(): ran()

                async def test_backend(anyio_backend): ran()

                async def test_neither(): ran()
            """,
        },
        plugins=frozenset({"asyncio"}),
    ),
    _with_anyio(
        "An async fixture of anyio's that an autouse fixture brings",
        {
            "requirements.txt": "anyio\npytest\n",
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def database(anyio_backend):
                    ran()
                    return {}

                @pytest.fixture(autouse=True)
                def clean(database):
                    database.clear()
            """,
            "test_it.py": """
                async def test_async(): ran()

                def test_sync(): ran()
            """,
        },
    ),
    Case(
        "Async fixtures in auto mode, by every road",
        {
            "pytest.ini": AUTO,
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def automatic():
                    ran()
                    yield

                @pytest.fixture(scope="module")
                async def wide():
                    ran()
                    return 1

                @pytest.fixture(name="renamed")
                async def _original(wide):
                    ran()
                    return wide
            """,
            "test_it.py": """
                import unittest
                import pytest

                async def test_async(renamed): ran()

                def test_sync(renamed): ran()

                class TestIt(unittest.TestCase):
                    @pytest.mark.usefixtures("wide")
                    def test_case(self): ran()
            """,
        },
    ),
    Case(
        "A fixture nobody asks for is nobody's business",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def unused(): ran()

                def test_it(): ran()
            """
        },
    ),
)
