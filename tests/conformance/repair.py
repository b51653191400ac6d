"""Hold what a fix promises against what real pytest does with the repaired project."""

from collections.abc import Iterator, Mapping

from bot.analysis.finding import Finding
from bot.analysis.request import Fixing, FixPlan
from tests.conformance.comparison import NEVER_RUNS, UNHANDLED_FIXTURES
from tests.conformance.driver import plan_for
from tests.conformance.hooks_called import HOOKS, runs_by_name
from tests.conformance.judgement import Fate, Judgement


def different_plans(files: Mapping[str, bytes]) -> list[FixPlan]:
    """Return the plans of safe fixes and of all fixes where they change anything."""
    plans = [plan_for(files, fixing) for fixing in (Fixing.SAFE, Fixing.UNSAFE)]
    assert all(plan.files or not plan.fixed for plan in plans)
    if plans[0].files == plans[1].files:
        plans.pop()
    return [plan for plan in plans if plan.files]


def still_wrong(plan: FixPlan, judgement: Judgement) -> Iterator[str]:
    """Name what a fix was to make run and what still does not."""
    for finding in plan.fixed:
        if not _is_repaired(finding, judgement):
            yield f"{finding.code} {finding.path}::{finding.symbol} is fixed and still lost"


def broken(before: Judgement, after: Judgement) -> Iterator[str]:
    """Name the tests that ran and passed before a fix and do not any more."""
    passed = {(test.path, test.symbol) for test in after.tests if test.passed}
    for test in before.tests:
        if test.passed and (test.path, test.symbol) not in passed:
            yield f"{test.path}::{test.symbol} passed before it was fixed: {test.why}"


def _is_repaired(finding: Finding, judgement: Judgement) -> bool:
    name = (finding.path, finding.symbol)
    tests = [test for test in judgement.tests if (test.path, test.symbol) == name]
    fixtures = [one for one in judgement.fixtures if (one.path, one.symbol) == name]
    if finding.code in NEVER_RUNS:
        if finding.path in judgement.uncollected:
            return True
        return bool(tests) and all(test.fate is not Fate.NEVER for test in tests)
    if finding.code in HOOKS:
        return finding.path in judgement.uncollected or runs_by_name(finding, judgement)
    if finding.code in UNHANDLED_FIXTURES | {"AWT307"}:
        misused = any(test.refused_await for test in judgement.tests if name in test.fixtures)
        return not misused and all(fixture.fate is not Fate.NEVER for fixture in fixtures)
    if finding.code == "AWT306":
        found = (test.why for test in judgement.tests if test.path == finding.path)
        return not any("different loop" in why for why in found)
    return not any(test.refused_await for test in tests)
