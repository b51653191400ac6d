"""anyio and pytest-trio."""

from tests.conformance.case import AUTO, Case
from tests.conformance.cases.plugins import ONE_TEST

CASES = (
    Case(
        "anyio's marker counts on functions, classes and modules",
        {
            "requirements.txt": "anyio\npytest\n",
            "test_it.py": """
                import pytest

                @pytest.mark.anyio
                async def test_marked(): ran()

                async def test_unmarked(): ran()

                @pytest.mark.anyio
                class TestIt:
                    async def test_it(self): ran()
            """,
            "test_module.py": """
                import pytest

                pytestmark = pytest.mark.anyio

                async def test_it(): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "anyio runs what asks for its backend by any road",
        {
            "requirements.txt": "anyio\npytest\n",
            "conftest.py": """
                import pytest

                @pytest.fixture
                def server(anyio_backend):
                    return anyio_backend

                @pytest.fixture
                def client(server):
                    return server
            """,
            "test_it.py": """
                import pytest

                async def test_argument(anyio_backend): ran()

                async def test_fixture(server): ran()

                async def test_fixture_of_fixture(client): ran()

                @pytest.mark.usefixtures("anyio_backend")
                async def test_used(): ran()

                @pytest.mark.usefixtures("client")
                class TestIt:
                    async def test_it(self): ran()

                async def test_bare(): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "anyio runs everything below an autouse fixture with its backend",
        {
            "requirements.txt": "anyio\npytest\n",
            "one/conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                def prepare(anyio_backend):
                    yield
            """,
            "one/test_one.py": ONE_TEST,
            "two/test_two.py": ONE_TEST,
            "test_class.py": """
                import pytest

                class TestIt:
                    @pytest.fixture(autouse=True)
                    def prepare(self, anyio_backend): ...

                    async def test_it(self): ran()

                async def test_beside(): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "anyio runs what its own backend fixture of the repository asks for",
        {
            "requirements.txt": "anyio\npytest\n",
            "conftest.py": """
                import pytest

                @pytest.fixture
                def anyio_backend():
                    return "asyncio"

                @pytest.fixture(autouse=True)
                def everywhere(anyio_backend):
                    return anyio_backend
            """,
            "test_it.py": ONE_TEST,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "anyio sets up async fixtures for those who have its backend",
        {
            "requirements.txt": "anyio\npytest\n",
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                @pytest.fixture
                async def connection():
                    ran()
                    yield 4

                @pytest.fixture
                async def with_backend(anyio_backend):
                    ran()
                    return 5

                @pytest.fixture
                async def lost():
                    ran()
                    return 6

                @pytest.mark.anyio
                async def test_it(number, connection): ran()

                def test_sync(with_backend): ran()

                def test_lost(lost): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "anyio's marker makes functions of the methods of a TestCase",
        {
            "requirements.txt": "anyio\npytest\n",
            "test_it.py": """
                import functools
                import unittest
                import pytest

                def lost(function):
                    @functools.wraps(function)
                    def wrapper(*args):
                        return function(*args)
                    return wrapper

                class TestIt(unittest.TestCase):
                    @pytest.mark.anyio
                    async def test_marked(self): ran()

                    @pytest.mark.anyio
                    @lost
                    async def test_lost(self): ran()

                    async def test_unmarked(self): ran()

                @pytest.mark.anyio
                class TestAll(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "anyio's mode leaves methods of a TestCase to it",
        {
            "requirements.txt": "anyio\npytest\n",
            "pytest.ini": "[pytest]\nanyio_mode = auto\n",
            "test_it.py": """
                import unittest
                import pytest

                async def test_it(): ran()

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()

                @pytest.mark.usefixtures("anyio_backend")
                class TestUsing(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "A hook that adds anyio's marker comes early enough",
        {
            "requirements.txt": "anyio\npytest\n",
            "conftest.py": """
                import pytest

                def pytest_collection_modifyitems(items):
                    for item in items:
                        item.add_marker(pytest.mark.anyio)
            """,
            "test_it.py": """
                import unittest

                async def test_it(): ran()

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "The trio variant runs on asyncio in auto mode",
        {
            "requirements.txt": "anyio\ntrio\npytest\npytest-asyncio\n",
            "pytest.ini": AUTO,
            "test_backends.py": """
                import pytest

                @pytest.mark.anyio
                async def test_it(): ran()
            """,
            "test_own.py": """
                import pytest

                @pytest.fixture(params=["asyncio", "trio"])
                def anyio_backend(request):
                    return request.param

                async def test_it(anyio_backend): ran()
            """,
            "test_asyncio.py": """
                import pytest

                @pytest.fixture
                def anyio_backend():
                    return "asyncio"

                @pytest.mark.anyio
                async def test_it(): ran()
            """,
            "test_fixture_in_trio.py": """
                import pytest

                @pytest.fixture
                async def number(): ran()

                @pytest.mark.anyio
                async def test_it(number): ran()
            """,
        },
        plugins=frozenset({"asyncio", "anyio"}),
    ),
    Case(
        "A static method leaves anyio its variants, if there are any",
        {
            "requirements.txt": "anyio\ntrio\npytest\npytest-asyncio\n",
            "pytest.ini": AUTO,
            "test_it.py": """
                import pytest

                class TestIt:
                    @pytest.mark.anyio
                    @staticmethod
                    async def test_it(): ran()

                    @staticmethod
                    @pytest.mark.anyio
                    async def test_below(): ran()

                    @classmethod
                    @pytest.mark.anyio
                    async def test_class(cls): ran()
            """,
        },
        plugins=frozenset({"asyncio", "anyio"}),
    ),
    Case(
        "Each framework's mark runs its tests in strict mode",
        {
            "requirements.txt": "anyio\ntrio\npytest\npytest-asyncio\npytest-trio\n",
            "test_it.py": """
                import pytest
                import sniffio

                @pytest.mark.anyio
                async def test_anyio(anyio_backend_name):
                    ran()
                    assert sniffio.current_async_library() == anyio_backend_name

                @pytest.mark.asyncio
                async def test_asyncio():
                    ran()
                    assert sniffio.current_async_library() == "asyncio"

                @pytest.mark.trio
                async def test_trio():
                    ran()
                    assert sniffio.current_async_library() == "trio"

                async def test_unmarked(): ran()
            """,
        },
        plugins=frozenset({"asyncio", "anyio", "trio"}),
    ),
    Case(
        "pytest-trio's marker runs the methods of a TestCase",
        {
            "requirements.txt": "trio\npytest\npytest-trio\n",
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.TestCase):
                    @pytest.mark.trio
                    async def test_it(self): ran()

                    async def test_unmarked(self): ran()
            """,
        },
        plugins=frozenset({"trio"}),
    ),
    Case(
        "pytest-trio's mode runs the methods of a TestCase as well",
        {
            "requirements.txt": "trio\npytest\npytest-trio\n",
            "pytest.ini": "[pytest]\ntrio_mode = true\n",
            "test_it.py": """
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset({"trio"}),
    ),
    Case(
        "pytest-trio sets up async fixtures of its tests",
        {
            "requirements.txt": "trio\npytest\npytest-trio\n",
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return 3

                @pytest.fixture
                async def connection():
                    ran()
                    yield 4

                @pytest.fixture
                async def lost():
                    ran()

                @pytest.mark.trio
                async def test_it(number, connection):
                    ran()
                    assert (number, connection) == (3, 4)

                def test_sync(lost): ran()
            """,
        },
        plugins=frozenset({"trio"}),
    ),
    Case(
        "pytest-trio's marker counts",
        {
            "requirements.txt": "trio\npytest\npytest-trio\n",
            "test_it.py": """
                import pytest

                @pytest.mark.trio
                async def test_marked(): ran()

                async def test_unmarked(): ran()
            """,
        },
        plugins=frozenset({"trio"}),
    ),
    Case(
        "pytest-trio's mode runs everything",
        {
            "requirements.txt": "trio\npytest\npytest-trio\n",
            "pytest.ini": "[pytest]\ntrio_mode = true\n",
            "test_it.py": ONE_TEST,
        },
        plugins=frozenset({"trio"}),
    ),
    Case(
        "A plugin that has to be loaded by hand and is not handles nothing",
        {
            "requirements.txt": "pytest\nalt-pytest-asyncio\n",
            "test_it.py": ONE_TEST,
        },
        plugins=frozenset(),
    ),
    Case(
        "pytest-asyncio declared and configured strict runs marked tests only",
        {
            "pyproject.toml": """
                [project]
                name = "shop"
                dependencies = ["aiohttp"]
                [dependency-groups]
                dev = ["pytest>=9", "pytest-asyncio>=1.3"]
                [tool.pytest.ini_options]
                asyncio_mode = "strict"
            """,
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_marked(): ran()

                async def test_unmarked(): ran()
            """,
        },
    ),
)
