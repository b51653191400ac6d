"""An async test waits for something, and nothing ends it when that never comes.

## What it finds

Async tests that await, where no timeout is configured for pytest-timeout in any way that pytest
is started here, no `@pytest.mark.timeout` applies, and no code that takes part in the test
(itself, its decorators, its fixtures, its class, and functions of the repository that these call)
mentions a timeout: `asyncio.timeout`, `asyncio.wait_for`, `anyio.fail_after` or anything else
with the word in its name. Off unless it is selected or its table is there; `paths` says where it
holds.

## Why it matters

A coroutine that is never woken up hangs for ever, and with it the whole run, until the CI service
kills it and the output is lost.

## Fix

None: only its author knows how long the test may take. One `timeout` in pytest's configuration
(with pytest-timeout) serves all tests.
"""

from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.evidence.timeouts import may_hang
from bot.analysis.finding import Finding, Severity
from bot.analysis.policy import Policy
from bot.analysis.rule import Bad, Enabled, Good, Rule


class WithTimeout(Policy, frozen=True, kw_only=True):
    """Where every async test has a timeout."""


_ON = "[async-test-without-timeout]\n"
_TEST = """
import pytest

@pytest.mark.asyncio
async def test_total(till):
    await till.total()
"""

rule = Rule(
    __name__,
    __doc__,
    code="AWT505",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=WithTimeout,
    examples=[
        Bad(
            {
                ".awaited.toml": _ON,
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total(till):  # error
                    await till.total()

                @pytest.mark.asyncio
                class TestTill:
                    async def test_each(self, till):  # error
                        async for price in till:
                            assert price

                    async def test_open(self, till):  # error
                        async with till:
                            pass
                """,
            },
            says="nothing ends it",
        ),
        Bad(
            {
                ".awaited.toml": _ON + 'paths = ["slow"]\n',
                "pytest.ini": "[pytest]\ntimeout = 0\n",
                "slow/test_total.py": _TEST.replace("(till):", "(till):  # error"),
                "test_total.py": _TEST,
            },
        ),
        Good(
            {
                ".awaited.toml": _ON,
                "test_total.py": """
                import asyncio
                from asyncio import wait_for as within

                import anyio
                import pytest

                @pytest.mark.asyncio
                async def test_total(till):
                    async with asyncio.timeout(5):
                        await till.total()

                @pytest.mark.asyncio
                async def test_sum(till):
                    await within(till.total(), 5)

                @pytest.mark.anyio
                async def test_all(till):
                    with anyio.fail_after(5):
                        await till.total()

                @pytest.mark.asyncio
                @pytest.mark.timeout(5)
                async def test_each(till):
                    await till.total()

                @pytest.mark.timeout(5)
                class TestTill:
                    @pytest.mark.asyncio
                    async def test_each(self, till):
                        await till.total()

                @pytest.mark.asyncio
                async def test_nothing():
                    pass
                """,
            },
            because="each has a timeout, or nothing to wait for",
        ),
        Good(
            {".awaited.toml": _ON, "pytest.ini": "[pytest]\ntimeout = 60\n", "test_a.py": _TEST},
            because="it is configured for all tests",
        ),
        Good(
            {
                ".awaited.toml": _ON,
                "Makefile": "test:\n\tpytest --timeout=60\n",
                "test_total.py": _TEST,
            },
            because="so it is on the command line",
        ),
        Good(
            {
                ".awaited.toml": _ON,
                "tox.ini": "[testenv]\nsetenv =\n    PYTEST_TIMEOUT = 60\ncommands = pytest\n",
                "test_total.py": _TEST,
            },
            because="or in the environment",
        ),
        Good(
            {
                ".awaited.toml": _ON,
                "conftest.py": """
                import asyncio

                import pytest

                @pytest.fixture(autouse=True)
                def limited():
                    with limit():
                        yield

                def limit():
                    return asyncio.timeout(5)
                """,
                "test_total.py": _TEST,
            },
            because="a fixture may bring it",
        ),
        Good(
            {
                ".awaited.toml": _ON,
                "conftest.py": """
                import pytest

                def pytest_collection_modifyitems(items):
                    for item in items:
                        item.add_marker(pytest.mark.timeout(60))
                """,
                "test_total.py": _TEST,
            },
            because="so may a hook",
        ),
        Good(
            {
                ".awaited.toml": _ON,
                "test_total.py": """
                import asyncio

                import pytest
                from elsewhere import limited

                def brief(function):
                    async def wrapper():
                        await asyncio.wait_for(function(), 5)

                    return wrapper

                @pytest.mark.asyncio
                @brief
                async def test_total():
                    await asyncio.sleep(1)

                @pytest.mark.asyncio
                @limited
                async def test_sum():
                    await asyncio.sleep(1)

                class TestTill:
                    async def within(self, promise):
                        return await asyncio.wait_for(promise, 5)

                    @pytest.mark.asyncio
                    async def test_total(self, till):
                        await self.within(till.total())
                """,
            },
            because="so may a decorator, known or unknown, or a method",
        ),
    ],
)


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that may wait for ever."""
    if any(file.policies(WithTimeout)) and may_hang(test, file.facts):
        yield rule.finding(
            file.place_of_test(test),
            f"async test `{test.symbol}` may wait for ever: nothing ends it",
            symbol=test.symbol,
            advice="use `asyncio.timeout`, `@pytest.mark.timeout`, or pytest-timeout's `timeout`",
        )
