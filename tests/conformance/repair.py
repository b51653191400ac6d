"""Hold what a fix promises against what real pytest does with the repaired project."""

from collections.abc import Iterator, Mapping

from bot.analysis.finding import Finding
from bot.analysis.request import Fixing, FixPlan
from tests.conformance.comparison import NEVER_RUNS, UNHANDLED_FIXTURES
from tests.conformance.driver import plan_for
from tests.conformance.hooks_called import HOOKS, runs_by_name
from tests.conformance.judgement import Fate, Judgement, Name

# A test that is to run fails aloud for this where a test before it ended a loop of its own by
# asyncio.run, as unittest does: pytest-asyncio below 1.2 then finds the loop that tests share no
# more, whoever marks the test.
NO_LOOP = "There is no current event loop"


def different_plans(files: Mapping[str, bytes]) -> list[FixPlan]:
    """Return the plans of safe fixes and of all fixes where they change anything."""
    plans = [plan_for(files, fixing) for fixing in (Fixing.SAFE, Fixing.UNSAFE)]
    assert all(plan.files or not plan.fixed for plan in plans)
    if plans[0].files == plans[1].files:
        plans.pop()
    return [plan for plan in plans if plan.files]


def still_wrong(plan: FixPlan, before: Judgement, after: Judgement) -> Iterator[str]:
    """Name what a fix was to make run and what still does not."""
    for finding in plan.fixed:
        if not _is_repaired(finding, before, after):
            yield f"{finding.code} {finding.path}::{finding.symbol} is fixed and still lost"


def broken(before: Judgement, after: Judgement) -> Iterator[str]:
    """Name the tests that ran and passed before a fix and do not any more."""
    passed = {(test.path, test.symbol) for test in after.tests if test.passed}
    for test in before.tests:
        if test.passed and (test.path, test.symbol) not in passed:
            yield f"{test.path}::{test.symbol} passed before it was fixed: {test.why}"


def _is_repaired(finding: Finding, before: Judgement, after: Judgement) -> bool:
    name = (finding.path, finding.symbol)
    tests = [test for test in after.tests if (test.path, test.symbol) == name]
    fixtures = [one for one in after.fixtures if (one.path, one.symbol) == name]
    if finding.code in NEVER_RUNS:
        if finding.path in after.uncollected:
            return True
        return bool(tests) and all(
            test.fate is not Fate.NEVER or NO_LOOP in test.why for test in tests
        )
    if finding.code in HOOKS:
        return finding.path in after.uncollected or runs_by_name(finding, after)
    if finding.code in UNHANDLED_FIXTURES | {"AWT307"}:
        misused = _refused_awaits(name, after) - _refused_awaits(name, before)
        return not misused and all(fixture.fate is not Fate.NEVER for fixture in fixtures)
    if finding.code == "AWT306":
        found = (test.why for test in after.tests if test.path == finding.path)
        return not any("different loop" in why for why in found)
    return not any(test.refused_await for test in tests)


def _refused_awaits(fixture: Name, judgement: Judgement) -> set[Name]:
    """Return the tests with a fixture that awaited what cannot be awaited, that or another."""
    got = (test for test in judgement.tests if fixture in test.fixtures)
    return {(test.path, test.symbol) for test in got if test.refused_await}
