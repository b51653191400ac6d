"""The analysis says of every project what real pytest says of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from bot.analysis.finding import Finding
from bot.analysis.request import Fixing, FixPlan
from tests.conformance.case import Case
from tests.conformance.comparison import NEVER_RUNS, compare, verdict
from tests.conformance.corpus import CASES
from tests.conformance.driver import plan_for, report_on
from tests.conformance.hooks_called import HOOKS, runs_by_name
from tests.conformance.judge import judge
from tests.conformance.judgement import Fate, Judgement
from tests.conformance.warm_pytest import WarmPytest, start_cold

REPAIRABLE = [case for case in CASES if case.repairable]
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


class Bench:
    """Judges projects, each once as it is."""

    def __init__(self, warm_pytest: WarmPytest, rooms: pytest.TempPathFactory) -> None:
        self._start = warm_pytest.start
        self._rooms = rooms
        self._known: dict[str, Judgement] = {}

    def judge(self, case: Case) -> Judgement:
        """Say what pytest does with a project."""
        if case.name not in self._known:
            self._known[case.name] = self.judge_repaired(case, case.contents())
        return self._known[case.name]

    def judge_repaired(self, case: Case, files: Mapping[str, bytes]) -> Judgement:
        """Say what pytest does with other files of a project."""
        return judge(case, files, self._rooms.mktemp("room"), self._start)


@pytest.fixture(scope="session")
def warm_pytest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmPytest]:
    with WarmPytest(tmp_path_factory.mktemp("bytecode")) as warm:
        yield warm


@pytest.fixture(scope="session")
def bench(warm_pytest: WarmPytest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(warm_pytest, tmp_path_factory)


@EVERY_CASE
def test_the_analysis_agrees_with_pytest(case: Case, bench: Bench) -> None:
    files = case.contents()

    judgement = bench.judge(case)
    comparison = compare(case, files, judgement, report_on(files))

    assert judgement.says_something is not bool(case.unjudged), judgement.output
    assert verdict(case, comparison) == [], judgement.output


@EVERY_CASE
def test_what_is_fixed_runs(case: Case, bench: Bench) -> None:
    files = case.contents()
    able = case.with_plugins("asyncio")

    for plan in _different_plans(files):
        repaired = {**files, **plan.files}
        assert plan.after == report_on(repaired, Fixing.UNSAFE)
        if case.unjudged:
            continue

        after = bench.judge_repaired(able, repaired)

        assert list(_still_wrong(plan, after)) == [], after.output
        assert list(_broken(bench.judge(case), after)) == [], after.output
        assert compare(able, repaired, after, plan.after).contradictions == ()


def _different_plans(files: Mapping[str, bytes]) -> list[FixPlan]:
    """Return the plans of safe fixes and of all fixes where they change anything."""
    plans = [plan_for(files, fixing) for fixing in (Fixing.SAFE, Fixing.UNSAFE)]
    assert all(plan.files or not plan.fixed for plan in plans)
    if plans[0].files == plans[1].files:
        plans.pop()
    return [plan for plan in plans if plan.files]


@pytest.mark.parametrize("case", REPAIRABLE, ids=[case.name for case in REPAIRABLE])
def test_everything_that_can_be_repaired_is(case: Case) -> None:
    plan = plan_for(case.contents(), Fixing.UNSAFE)

    assert plan.fixed
    assert [(one.code, one.path, one.symbol) for one in plan.after.findings] == []


def _still_wrong(plan: FixPlan, judgement: Judgement) -> Iterator[str]:
    """Name what a fix was to make run and what still does not."""
    for finding in plan.fixed:
        if not _is_repaired(finding, judgement):
            yield f"{finding.code} {finding.path}::{finding.symbol} is fixed and still lost"


def _broken(before: Judgement, after: Judgement) -> Iterator[str]:
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
        gone = not tests and finding.path not in judgement.uncollected
        return not gone and all(test.fate is not Fate.NEVER for test in tests)
    if finding.code in HOOKS:
        return runs_by_name(finding, judgement)
    if finding.code == "AWT301":
        misused = any(test.refused_await for test in judgement.tests if name in test.fixtures)
        return not misused and all(fixture.fate is not Fate.NEVER for fixture in fixtures)
    return not any(test.refused_await for test in tests)


def test_every_body_leaves_a_trace() -> None:
    """A case whose tests say nothing when they run would pass for the wrong reason."""
    bodies = [
        text for case in CASES for text in case.contents().values() if b"async def test" in text
    ]

    assert all(b"ran()" in body for body in bodies)


def test_there_are_many_cases_and_each_has_a_name() -> None:
    names = [case.name for case in CASES]

    assert len(set(names)) == len(names)
    assert len(CASES) >= 150


def test_silence_is_rarely_allowed() -> None:
    silent = [case for case in CASES if case.unknown_ok]

    assert len(silent) <= len(CASES) // 10


@pytest.mark.parametrize("case", CASES[:: len(CASES) // 4], ids=lambda case: case.name)
def test_a_forked_pytest_judges_like_a_started_one(
    case: Case, warm_pytest: WarmPytest, tmp_path: Path
) -> None:
    warm = judge(case, case.contents(), tmp_path / "warm", warm_pytest.start)
    cold = judge(case, case.contents(), tmp_path / "cold", start_cold)

    assert _fates(warm) == _fates(cold)


def _fates(judgement: Judgement) -> dict[tuple[str, str], Fate]:
    tests = {(test.path, test.symbol): test.fate for test in judgement.tests}
    return tests | {(one.path, one.symbol): one.fate for one in judgement.fixtures}
