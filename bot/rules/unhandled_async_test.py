"""An async test is collected, but nothing runs its body.

## What it finds

Async test functions and methods that no marker, mode, plugin, fixture or hook runs, in any way
that pytest is started in this repository. Every marker form that counts is known (decorator,
class, base class, `pytestmark`, aliases, helpers, other modules), and so are the forms that do
not (`pytestmark` in a conftest file, marks added by hooks after collection).

## Why it matters

Up to pytest 8.3 such a test is skipped with a warning and the run stays green; later versions
fail it. Whatever it was written to prove has never been tested.

## Fix

Puts `@pytest.mark.asyncio` (or the mark of the framework that the tests here use) directly above
`async def`, and imports pytest if it must. Safe where anything shows that the plugin is in use,
or where no dependencies are declared at all. The test then runs for the first time and may fail.
"""

from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection import Test
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.handling import Cause, Verdict
from bot.analysis.rule import Bad, Good, Rule, fix_or_none

rule = Rule(
    __name__,
    __doc__,
    code="AWT103",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import pytest

            async def test_total():  # error
                assert True
            """,
            fixed="""
            import pytest

            @pytest.mark.asyncio
            async def test_total():
                assert True
            """,
            safety=Safety.SAFE,
        ),
        Good(
            {
                "pytest.ini": "[pytest]\nasyncio_mode = auto\n",
                "test_total.py": "async def test_total():\n    assert True\n",
            },
            because="in auto mode pytest-asyncio runs unmarked tests",
        ),
    ],
)

_CAUSES = {
    Cause.UNHANDLED: "no marker, mode, plugin or fixture runs it",
    Cause.LOST: "the decorator `{reason}` hides that it is a coroutine function",
    Cause.GENERATOR: "it yields, and no plugin runs async generators as tests",
    Cause.PLUGIN_OFF: "it asks for pytest-asyncio, which this configuration switches off",
}
_ADVICE = {
    Cause.LOST: "use the decorator as a context manager (`with`) inside the test",
    Cause.GENERATOR: "move what follows the `yield` into the test, or into a fixture",
    Cause.PLUGIN_OFF: "remove `-p no:asyncio`, or load the plugin",
}


@rule.on(Test)
def check(test: Test, file: CheckedFile) -> Iterator[Finding]:
    """Report a test that never runs, whatever class but a test case it is in."""
    verdict = file.verdict(test)
    if verdict.runs is not Answer.NO or verdict.cause not in _CAUSES:
        return
    fix = _fix(test, verdict, file)
    yield rule.finding(
        file.place_of_test(test),
        f"async test `{test.symbol}` never runs: {_why(verdict)}",
        symbol=test.symbol,
        fix=fix,
        advice=_advice(verdict, fix, file),
        reveals=(test.symbol,),
    )


def _why(verdict: Verdict) -> str:
    return _CAUSES[verdict.cause].format(reason=verdict.reason)


def _advice(verdict: Verdict, fix: Fix | None, file: CheckedFile) -> str:
    if verdict.cause is not Cause.UNHANDLED:
        return _ADVICE[verdict.cause]
    if file.framework.caveat:
        return file.framework.caveat
    return "" if fix else f"mark it with @pytest.mark.{file.framework.mark}"


def _fix(test: Test, verdict: Verdict, file: CheckedFile) -> Fix | None:
    if verdict.cause is not Cause.UNHANDLED or test.function.module is not file.module:
        return None
    framework = file.framework
    return fix_or_none(
        framework.safety,
        f"Mark with `@pytest.mark.{framework.mark}`",
        lambda: _edits(test, file, framework.mark),
    )


def _edits(test: Test, file: CheckedFile, mark: str) -> Iterator[Edit]:
    node = test.function.node
    expression, imports = file.editor.pytest_mark(before=node.lineno)
    yield from imports
    yield file.editor.add_decorator(node, f"{expression}.{mark}")
