"""An async test that nothing runs is expected to fail, so nobody sees that it never runs.

## What it finds

Async tests that no marker, mode or plugin runs, under `@pytest.mark.xfail` without a condition
and without `raises` (on the test, its class or its module), with pytest 8.4 or later.

## Why it matters

pytest fails a coroutine function that nobody handles, `xfail` expects a failure, and the run is
green. The bug may have been repaired long ago, or the test be wrong: its body has never run.
Earlier versions of pytest skip such a test whatever it expects (AWT103).

## Fix

Unsafe: the marker of the framework in use, as for AWT103. The test then runs for the first time,
and where it passes, a strict `xfail` fails.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.marker_fix import marking_fix
from bot.analysis.handling.handling import Cause
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT106",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            @pytest.mark.xfail(reason="rounding is wrong", strict=True)
            async def test_total():  # error
                assert False
            """,
            fixed="""
            import pytest

            @pytest.mark.xfail(reason="rounding is wrong", strict=True)
            @pytest.mark.asyncio
            async def test_total():
                assert False
            """,
            safety=Safety.UNSAFE,
            says="`xfail`",
        ),
        Bad(
            """
            import pytest

            pytestmark = pytest.mark.xfail

            class TestTotal:
                async def test_total(self):  # error
                    assert False
            """,
            fixed="""
            import pytest

            pytestmark = pytest.mark.xfail

            class TestTotal:
                @pytest.mark.asyncio
                async def test_total(self):
                    assert False
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.xfail
                    @pytest.mark.asyncio
                    async def test_total():  # error
                        assert False
                """,
            },
        ),
        Good(
            """
            import pytest

            @pytest.mark.asyncio
            @pytest.mark.xfail
            async def test_total():
                assert False
            """,
            because="it runs and fails as expected",
        ),
        Good(
            """
            import sys

            import pytest

            @pytest.mark.xfail(sys.platform == "win32", reason="paths")
            async def test_total():
                assert False

            @pytest.mark.xfail(condition=sys.platform == "win32", reason="paths")
            async def test_other():
                assert False
            """,
            because="under another condition the failure is seen (AWT103)",
        ),
        Good(
            """
            import pytest

            @pytest.mark.xfail(raises=ZeroDivisionError)
            async def test_total():
                assert 1 / 0
            """,
            because="pytest's own failure is not the one that is expected (AWT103)",
        ),
        Good(
            """
            import pytest

            @pytest.mark.xfail(run=False)
            async def test_total():
                assert False
            """,
            because="it is not to be run, and pytest says so",
        ),
        Good(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.xfail
                    async def test_total():
                        assert False
                """,
            },
            because="this pytest skips it and says so (AWT103)",
        ),
        Good(
            """
            import functools

            import pytest

            def logged(function):
                @functools.wraps(function)
                def wrapper():
                    return function()

                return wrapper

            @pytest.mark.xfail
            @logged
            async def test_total():
                assert False
            """,
            because="what loses it is the decorator (AWT104)",
        ),
    ],
)


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that never runs and is expected to fail."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause is not Cause.EXPECTED:
        return
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs, and `xfail` hides it: pytest's refusal to run "
        "it counts as the failure that is expected",
        symbol=test.symbol,
        fix=marking_fix(test, file, Safety.UNSAFE),
        advice=f"mark it with @pytest.mark.{file.framework.mark} and see how it ends",
        reveals=(test.symbol,),
    )
