"""Hooks of conftest files that pytest reads only once it has begun to collect."""

from tests.conformance.case import Case

FIXTURE = """
    import pytest

    @pytest.fixture
    async def number():
        ran()
        return 1
"""
MODE = """
    def pytest_configure(config):
        config.option.asyncio_mode = "auto"
"""

CASES = (
    Case(
        "A mode that is set while collecting holds for everything that is collected later",
        {
            "conftest.py": FIXTURE,
            "tests/test_plain.py": "def test_it(number): ran()\n",
            "tests/b/conftest.py": MODE,
            "tests/b/test_below.py": "async def test_it(number): ran()\n",
            "tests/c/test_after.py": """
                import pytest

                @pytest.fixture
                async def price():
                    ran()

                async def test_it(number, price): ran()
            """,
        },
    ),
    Case(
        "A mode that is set while collecting comes too late for what is collected already",
        {
            "tests/a/test_before.py": "async def test_it(): ran()\n",
            "tests/b/conftest.py": MODE,
            "tests/b/test_below.py": "async def test_below(): ran()\n",
        },
        unknown_ok="in which order files are collected is not followed",
        unknown=("test_it",),
    ),
    Case(
        "A hook below sets up the fixtures of the folders above",
        {
            "conftest.py": FIXTURE,
            "tests/unit/conftest.py": """
                import asyncio

                def pytest_fixture_setup(fixturedef, request):
                    if asyncio.iscoroutinefunction(fixturedef.func):
                        value = asyncio.run(fixturedef.func())
                        fixturedef.cached_result = (value, fixturedef.cache_key(request), None)
                        return value
            """,
            "tests/unit/test_it.py": "def test_it(number): ran()\n",
            "tests/unit/test_async.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "Hooks below that only look on change nothing",
        {
            "conftest.py": FIXTURE,
            "tests/unit/conftest.py": """
                def pytest_configure(config):
                    assert config.getoption("asyncio_mode") is None
            """,
            "tests/unit/test_it.py": "def test_it(number): ran()\n",
            "tests/unit/test_async.py": "async def test_it(): ran()\n",
        },
    ),
)
