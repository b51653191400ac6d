"""anyio and pytest-trio, by stand-ins that do what those were observed to do."""

from tests.conformance.case import Case
from tests.conformance.cases.plugins import ONE_TEST

# anyio 4: a marker, or `anyio_backend` among the fixtures of a test, whatever brings it there.
ANYIO = """
    import asyncio
    import inspect
    import pytest

    @pytest.fixture(scope="module", params=["asyncio"])
    def anyio_backend(request):
        return request.param

    @pytest.fixture
    def anyio_backend_name(anyio_backend):
        return anyio_backend

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(fixturedef, request):
        function = fixturedef.func
        handled = inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function)
        if handled and "anyio_backend" in request.fixturenames:
            def blocking(*args, **kwargs):
                request.getfixturevalue("anyio_backend")
                if inspect.iscoroutinefunction(function):
                    return asyncio.run(function(*args, **kwargs))
                return asyncio.run(anext(function(*args, **kwargs)))
            fixturedef.func = blocking
        try:
            return (yield)
        finally:
            fixturedef.func = function

    @pytest.hookimpl(tryfirst=True)
    def pytest_pycollect_makeitem(collector, name, obj):
        if collector.istestfunction(obj, name) and inspect.iscoroutinefunction(obj):
            own = getattr(obj, "pytestmark", ())
            if collector.get_closest_marker("anyio") or any(m.name == "anyio" for m in own):
                pytest.mark.usefixtures("anyio_backend")(obj)

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        backend = pyfuncitem.funcargs.get("anyio_backend")
        if backend and inspect.iscoroutinefunction(pyfuncitem.obj):
            names = pyfuncitem._fixtureinfo.argnames
            asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
            return True
"""
TRIO = """
    import asyncio
    import inspect
    import pytest

    def pytest_addoption(parser):
        parser.addini("trio_mode", "run all async tests", type="bool", default=False)

    def pytest_collection_modifyitems(config, items):
        if config.getini("trio_mode"):
            for item in items:
                if inspect.iscoroutinefunction(item.obj):
                    item.add_marker("trio")

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        if pyfuncitem.get_closest_marker("trio"):
            asyncio.run(pyfuncitem.obj())
            return True
"""
ANYIO_INSTALLED = {"anyio/__init__.py": "", "anyio/pytest_plugin.py": ANYIO}
TRIO_INSTALLED = {"pytest_trio/__init__.py": "", "pytest_trio/plugin.py": TRIO}

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
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
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
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
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
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
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
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
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
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
    ),
    Case(
        "anyio's marker in a TestCase does nothing",
        {
            "requirements.txt": "anyio\npytest\n",
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.TestCase):
                    @pytest.mark.anyio
                    async def test_it(self): ran()
            """,
        },
        plugins=frozenset(),
        installed=ANYIO_INSTALLED,
        loaded=("anyio.pytest_plugin",),
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
        plugins=frozenset(),
        installed=TRIO_INSTALLED,
        loaded=("pytest_trio.plugin",),
    ),
    Case(
        "pytest-trio's mode runs everything",
        {
            "requirements.txt": "trio\npytest\npytest-trio\n",
            "pytest.ini": "[pytest]\ntrio_mode = true\n",
            "test_it.py": ONE_TEST,
        },
        plugins=frozenset(),
        installed=TRIO_INSTALLED,
        loaded=("pytest_trio.plugin",),
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
