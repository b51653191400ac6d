"""Plugins that handle async tests, installed ones and stand-ins."""

from tests.conformance.case import AUTO, Case, run

ONE_TEST = """
    async def test_it():
        ran()
"""
# Runs every coroutine test, marked or not: pytest-tornasync, pytest-twisted, pytest-aio,
# pytest-sanic, pytest-jupyter and aiohttp's own plugin do.
RUNS_ALL = """
    import asyncio
    import inspect
    import pytest

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        if inspect.iscoroutinefunction(pyfuncitem.obj):
            names = pyfuncitem._fixtureinfo.argnames
            asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
            return True
"""


def _runs_all(name: str, requirement: str, module: str) -> Case:
    """Return a project whose plugin runs every async test unmarked."""
    return Case(
        f"{name} runs every async test",
        {
            "requirements-dev.txt": f"pytest\n{requirement}\n",
            "test_it.py": """
                class TestIt:
                    async def test_method(self):
                        ran()

                async def test_it():
                    ran()
            """,
        },
        plugins=frozenset(),
        installed={module: RUNS_ALL},
        loaded=(module.removesuffix(".py"),),
    )


CASES = (
    Case(
        "pytest-aiohttp alone runs no unmarked test",
        {
            "requirements-dev.txt": "pytest\npytest-aiohttp\n",
            "test_it.py": """
                from aiohttp import web

                async def test_unmarked(aiohttp_client):
                    ran()

                async def test_bare():
                    ran()
            """,
        },
        plugins=frozenset({"asyncio", "aiohttp"}),
    ),
    Case(
        "pytest-aiohttp runs marked tests and those in auto mode",
        {
            "requirements-dev.txt": "pytest\npytest-aiohttp\n",
            "pytest.ini": AUTO,
            "test_it.py": """
                import pytest

                async def test_unmarked(aiohttp_client):
                    ran()

                @pytest.mark.asyncio
                async def test_marked():
                    ran()
            """,
        },
        plugins=frozenset({"asyncio", "aiohttp"}),
    ),
    Case(
        "aiohttp's own test class runs its tests",
        {
            "test_it.py": """
                from aiohttp import web
                from aiohttp.test_utils import AioHTTPTestCase

                class TestShop(AioHTTPTestCase):
                    async def get_application(self):
                        return web.Application()

                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "aiohttp's own plugin runs every async test",
        {
            "conftest.py": 'pytest_plugins = "aiohttp.pytest_plugin"\n',
            "test_it.py": """
                async def test_it(aiohttp_client):
                    ran()

                async def test_bare():
                    ran()
            """,
        },
    ),
    _runs_all("pytest-tornasync", "pytest-tornasync==0.6", "pytest_tornasync.py"),
    _runs_all("pytest-twisted", "pytest-twisted", "pytest_twisted.py"),
    _runs_all("pytest-jupyter", "pytest-jupyter[server]", "pytest_jupyter.py"),
    _runs_all("pytest-sanic", "pytest-sanic", "pytest_sanic.py"),
    _runs_all("pytest-aio", "pytest-aio", "pytest_aio.py"),
    Case(
        "A plugin that nobody knows may run every async test",
        {
            "pyproject.toml": """
                [project]
                name = "shop"
                [project.optional-dependencies]
                test = ["pytest", "pytest-shop-async"]
            """,
            "test_it.py": ONE_TEST,
        },
        plugins=frozenset(),
        installed={"pytest_shop.py": RUNS_ALL},
        loaded=("pytest_shop",),
    ),
    Case(
        "Plugins that are known to handle nothing handle nothing",
        {
            "requirements-dev.txt": """
                pytest
                pytest-cov
                pytest-xdist
                pytest-mock
                pytest-timeout
            """,
            "test_it.py": ONE_TEST,
        },
        plugins=frozenset({"cov"}),
    ),
    Case(
        "A conftest file loads pytest-asyncio where an option switches it off",
        {
            "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
            "conftest.py": 'pytest_plugins = ["pytest_asyncio.plugin"]\n',
            "test_it.py": """
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def number(): ran()

                @pytest.mark.asyncio
                async def test_it(number): ran()
            """,
        },
    ),
    Case(
        "A mode is set elsewhere for a plugin that is switched off",
        {
            "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
            "tests/conftest.py": """
                import pytest

                def pytest_configure(config):
                    config.option.asyncio_mode = "auto"

                @pytest.fixture
                async def number(): ran()
            """,
            "test_it.py": ONE_TEST,
            "tests/test_number.py": "def test_it(number): ran()\n",
        },
    ),
    Case(
        "A start that pytest refuses sets no fixture up",
        {
            "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
            "Makefile": "test:\n\tpytest --asyncio-mode=auto\n",
            "test_it.py": """
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def number(): ran()

                async def setup_module(): ran()

                def test_it(): ran()

                def test_number(number): ran()
            """,
        },
        invocations=(run(), run("--asyncio-mode=auto")),
    ),
)
