"""An async test carries no marker of its framework, though house policy wants it to be seen.

## What it finds

Async tests that run without a marker, because of a mode, a plugin or a fixture. A marker on the
test, its class, a base class or the module is enough. Off unless it is selected, or
`[tool.awaited.marker-required]` is there; `paths` says where it holds.

## Why it matters

Whether such a test runs depends on configuration far away from it: copied to another project, or
started with another configuration file, it never runs. A marker says it where the test stands.

## Fix

Puts the marker of the framework that the tests here use directly above `async def`. Safe: the
test runs as before.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.decorators import Kind
from bot.analysis.collection.third_party import RUNNING_MARKS, Runs
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.marker_fix import marking_fix
from bot.analysis.policy import Policy
from bot.analysis.rule import Bad, Enabled, Good, Rule


class MarkerRequired(Policy, frozen=True, kw_only=True):
    """Where every async test carries its marker."""


_AUTO = '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n\n[tool.awaited.marker-required]\n'

rule = Rule(
    __name__,
    __doc__,
    code="AWT501",
    severity=Severity.FAILURE,
    enabled=Enabled.ON_REQUEST,
    policy=MarkerRequired,
    examples=[
        Bad(
            {
                "pyproject.toml": _AUTO,
                "test_total.py": """
                async def test_total():  # error
                    pass

                class TestTill:
                    async def test_sum(self):  # error
                        pass
                """,
            },
            fixed={
                "test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass

                class TestTill:
                    @pytest.mark.asyncio
                    async def test_sum(self):
                        pass
                """
            },
            safety=Safety.SAFE,
            says="carries no marker",
        ),
        Bad(
            {
                "pyproject.toml": _AUTO + 'paths = ["tests/unit/**"]\n',
                "tests/unit/test_total.py": "async def test_total():  # error\n    pass\n",
                "tests/test_total.py": "async def test_total():\n    pass\n",
            },
            fixed={
                "tests/unit/test_total.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass
                """
            },
            safety=Safety.SAFE,
        ),
        Good(
            {
                "pyproject.toml": _AUTO,
                "test_one.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_total():
                    pass

                @pytest.mark.anyio
                class TestTill:
                    async def test_sum(self):
                        pass
                """,
                "test_other.py": """
                import pytest

                pytestmark = pytest.mark.asyncio

                async def test_total():
                    pass
                """,
            },
            because="a marker may stand on the test, its class or the module",
        ),
        Good(
            {
                "pyproject.toml": _AUTO,
                "test_total.py": """
                import asyncio
                import unittest

                class TestTotal(unittest.IsolatedAsyncioTestCase):
                    async def test_total(self):
                        pass

                def synchronous(function):
                    def wrapper():
                        asyncio.run(function())

                    return wrapper

                @synchronous
                async def test_sum():
                    pass

                def test_plain():
                    pass
                """,
            },
            because="no marker makes any of them run",
        ),
        Good(
            {
                "pyproject.toml": _AUTO,
                "test_total.py": """
                from elsewhere import Base, decorated

                class TestTotal(Base):
                    async def test_total(self):
                        pass

                @decorated
                async def test_sum():
                    pass
                """,
                "test_other.py": """
                from elsewhere import pytestmark

                async def test_total():
                    pass
                """,
            },
            because="what is inherited, added or imported from elsewhere may be the marker",
        ),
        Good(
            {
                ".awaited.toml": "[marker-required]\n",
                "test_total.py": """
                async def test_total():  # awaited: ignore[AWT103]
                    pass
                """,
            },
            because="that it never runs at all is another rule's to say",
        ),
        Good(
            {
                "pyproject.toml": '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n',
                "test_total.py": "async def test_total():\n    pass\n",
            },
            because="nobody asked for it",
        ),
    ],
)


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that runs without a marker."""
    if not any(file.policies(MarkerRequired)) or not _lacks_marker(test, file):
        return
    mark = file.framework.mark
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` carries no marker: here each one has its own",
        symbol=test.symbol,
        fix=marking_fix(test, file, file.framework.safety),
        advice=f"mark it with @pytest.mark.{mark}",
    )


def _lacks_marker(test: Test, file: CheckedFile) -> bool:
    facts = file.facts
    if facts.collector.runs(test) is not Runs.PYTEST:
        return False
    if facts.collector.decorated(test).kind is not Kind.COROUTINE:
        return False
    if file.verdict(test).runs is Answer.NO:
        return False
    marks = facts.collector.marks(test)
    return all(marks.has(name) is Answer.NO for name in ("asyncio", *RUNNING_MARKS))
