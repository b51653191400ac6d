"""What a report comes to, once it is parted from what was there before."""

import pytest

from bot.analysis.finding import Severity
from bot.analysis.gate import Gate, SuppressionPolicy
from bot.analysis.request import Report, Suppressed
from bot.report.check_run import Conclusion
from bot.report.judged import Judged, Tally
from bot.report.verdict import check_run_of
from tests.report.builders import finding, never_runs, report

HEAD = "0123456789abcdef0123456789abcdef01234567"
ADDED = Suppressed("tests/test_pay.py", 7, "# awaited: ignore[AWT103] `we` know")


def test_what_was_known_is_shown_as_a_notice_that_says_so() -> None:
    judged = Judged(report(), known=(finding(message="it never runs"),))

    (shown,) = judged.shown

    assert (shown.severity, shown.message) == (
        Severity.NOTICE,
        "it never runs (this was there before)",
    )


@pytest.mark.parametrize(
    ("judged", "conclusion", "title"),
    [
        (
            Judged(report(), known=(finding(), never_runs("test_a"))),
            Conclusion.SUCCESS,
            "No new problems, 2 known before",
        ),
        (
            Judged(report(never_runs("test_b")), known=(finding(),)),
            Conclusion.FAILURE,
            "1 async test never runs, 1 known before",
        ),
        (
            Judged(report(checked=("a.py", "b.py")), concerned={"b.py": ()}),
            Conclusion.SUCCESS,
            "Every async test runs in 1 changed file and 1 unchanged",
        ),
        (
            Judged(report(checked=("a.py", "b.py")), concerned={"a.py": (), "b.py": ("c.py",)}),
            Conclusion.SUCCESS,
            "Every async test runs in 2 unchanged files",
        ),
        (
            Judged(report(), known=(finding(severity=Severity.NOTICE),)),
            Conclusion.SUCCESS,
            "Every async test runs in 1 changed file",
        ),
    ],
)
def test_what_was_known_counts_for_nothing_but_is_told(
    judged: Judged, conclusion: Conclusion, title: str
) -> None:
    tally = Tally.of(judged)

    assert (tally.conclusion, tally.title) == (conclusion, title)


@pytest.mark.parametrize(
    ("policy", "effect"),
    [
        (SuppressionPolicy.REPORT, "They hold."),
        (SuppressionPolicy.BASE_ONLY, "They do not hold before they are merged."),
    ],
)
def test_added_suppressions_are_listed_with_what_becomes_of_them(
    policy: SuppressionPolicy, effect: str
) -> None:
    told = Report(("tests/test_pay.py",), (), gate=Gate(suppressions=policy))

    summary = check_run_of(Judged(told, added=(ADDED,)), head_sha=HEAD).summary

    assert effect in summary
    assert "`tests/test_pay.py:7`" in summary
    assert "``# awaited: ignore[AWT103] `we` know``" in summary


def test_a_base_that_nobody_could_read_and_a_verdict_that_would_be_are_told() -> None:
    judged = Judged(report(), lacks_base=True, would_be="1 problem")

    summary = check_run_of(judged, head_sha=HEAD).summary

    assert "could be read as it was before" in summary
    assert "the verdict would be: 1 problem" in summary
