"""The analysis says of every project what real pytest says of it."""

from pathlib import Path

import pytest

from bot.analysis.request import Fixing
from tests.conformance.bench import Bench
from tests.conformance.case import Case
from tests.conformance.comparison import compare, verdict
from tests.conformance.corpus import CASES
from tests.conformance.driver import plan_for, report_on
from tests.conformance.judge import judge
from tests.conformance.judgement import Fate, Judgement
from tests.conformance.repair import broken, different_plans, still_wrong
from tests.conformance.warm_pytest import WarmPytest, start_cold

REPAIRABLE = [case for case in CASES if case.repairable]
EVERY_CASE = pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])


@EVERY_CASE
def test_the_analysis_agrees_with_pytest(case: Case, bench: Bench) -> None:
    files = case.contents()

    judgement = bench.judge(case, files)
    comparison = compare(case, files, judgement, report_on(files))

    assert judgement.says_something is not bool(case.unjudged), judgement.output
    assert verdict(case, comparison) == [], judgement.output


@EVERY_CASE
def test_what_is_fixed_runs(case: Case, bench: Bench) -> None:
    files = case.contents()
    able = case.with_plugins("asyncio")

    for plan in different_plans(files):
        repaired = {**files, **plan.files}
        assert plan.after == report_on(repaired, Fixing.UNSAFE)
        if case.unjudged:
            continue

        before, after = bench.judge(case, files), bench.judge(able, repaired)

        assert list(still_wrong(plan, before, after)) == [], after.output
        assert list(broken(before, after)) == [], after.output
        assert compare(able, repaired, after, plan.after).contradictions == ()


@pytest.mark.parametrize("case", REPAIRABLE, ids=[case.name for case in REPAIRABLE])
def test_everything_that_can_be_repaired_is(case: Case) -> None:
    plan = plan_for(case.contents(), Fixing.UNSAFE)

    assert plan.fixed
    assert [(one.code, one.path, one.symbol) for one in plan.after.findings] == []


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
