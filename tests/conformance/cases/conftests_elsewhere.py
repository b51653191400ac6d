"""Conftest files of other folders: what they do to all tests, and what to none but their own."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A conftest file that is read first changes the items of all folders",
        {
            "tests/conftest.py": """
                import asyncio, functools, inspect

                def make_sync(item):
                    fn = item.obj
                    if inspect.iscoroutinefunction(fn):
                        @functools.wraps(fn)
                        def call(*a, **k):
                            asyncio.run(fn(*a, **k))
                        item.obj = call

                def pytest_collection_modifyitems(items):
                    for item in items:
                        make_sync(item)
            """,
            "tests/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A conftest file that is read first sets the mode of all folders",
        {
            "tests/conftest.py": """
                def pytest_configure(config):
                    config.option.asyncio_mode = 'auto'
            """,
            "tests/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A conftest file that is read late changes the items of all folders",
        {
            "a/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/conftest.py": """
                import asyncio

                def pytest_collection_modifyitems(items):
                    for item in items:
                        item.obj = lambda function=item.obj: asyncio.run(function())
            """,
            "b/test_b.py": """
                async def test_b():
                    ran()
            """,
        },
    ),
    Case(
        "A conftest file that is read late sets the mode of the folders behind it",
        {
            "a/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/conftest.py": """
                def pytest_configure(config):
                    config.option.asyncio_mode = 'auto'
            """,
            "c/test_c.py": """
                async def test_c():
                    ran()
            """,
        },
        unknown_ok="the order decides in which pytest comes to the folders",
        unknown=("test_a",),
    ),
    Case(
        "A plugin that a conftest file registers late handles the tests of all folders",
        {
            "a/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/conftest.py": """
                import asyncio

                class Runner:
                    def pytest_pyfunc_call(self, pyfuncitem):
                        asyncio.run(pyfuncitem.obj())
                        return True

                def pytest_configure(config):
                    config.pluginmanager.register(Runner())
            """,
            "b/test_b.py": """
                async def test_b():
                    ran()
            """,
        },
    ),
    Case(
        "A conftest file of a folder that is passed by changes nothing",
        {
            "pytest.ini": """
                [pytest]
                norecursedirs = b
            """,
            "a/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/conftest.py": """
                import asyncio

                def pytest_collection_modifyitems(items):
                    for item in items:
                        item.obj = lambda function=item.obj: asyncio.run(function())
            """,
        },
    ),
    Case(
        "What a conftest file makes of the tests below it changes no others",
        {
            "a/test_a.py": """
                async def test_a():
                    ran()
            """,
            "b/conftest.py": """
                import pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pycollect_makeitem(name, obj):
                    if name.startswith("test"):
                        pytest.mark.asyncio(obj)
            """,
            "b/test_b.py": """
                async def test_b():
                    ran()
            """,
        },
    ),
    Case(
        "A file overrides the autouse fixture by which anyio runs tests",
        {
            "conftest.py": """
                import pytest

                @pytest.fixture
                def anyio_backend():
                    return "asyncio"

                @pytest.fixture(autouse=True)
                async def lease(anyio_backend):
                    ran()
            """,
            "test_all.py": """
                async def test_all():
                    ran()
            """,
            "test_own.py": """
                import pytest

                @pytest.fixture(autouse=True)
                def lease(): ...

                async def test_own():
                    ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
)
