"""Several verdicts on one commit."""

import pytest

from bot.report.check_run import SUMMARY_LIMIT, CheckRun, Conclusion
from bot.report.strictest import PullVerdict, strictest


def verdict(
    number: int, conclusion: Conclusion, *, base: str = "main", text: str = "t"
) -> PullVerdict:
    return PullVerdict(number, base, CheckRun(conclusion, f"of #{number}", text))


def test_one_verdict_stays_as_it_is() -> None:
    one = verdict(1, Conclusion.SUCCESS)
    assert strictest([one]) == one.check


@pytest.mark.parametrize(
    ("mild", "strict"),
    [
        (Conclusion.SUCCESS, Conclusion.NEUTRAL),
        (Conclusion.NEUTRAL, Conclusion.ACTION_REQUIRED),
        (Conclusion.ACTION_REQUIRED, Conclusion.FAILURE),
    ],
)
def test_the_strictest_is_shown(mild: Conclusion, strict: Conclusion) -> None:
    for order in (1, -1):
        pair = [verdict(1, mild), verdict(2, strict)][::order]
        assert (strictest(pair).conclusion, strictest(pair).title) == (strict, "of #2")


def test_it_says_which_pull_requests_share_the_commit() -> None:
    check = strictest(
        [
            verdict(3, Conclusion.SUCCESS, base="a"),
            verdict(4, Conclusion.FAILURE, base="`b`", text="Findings."),
            verdict(5, Conclusion.SUCCESS, base="c"),
        ]
    )
    assert check.summary.startswith(
        "This commit is the head of #4 (into `` `b` ``), and of #3 (into `a`) and #5 (into `c`)."
    )
    assert check.summary.endswith("\n\nFindings.")


def test_the_note_never_makes_a_summary_too_long() -> None:
    full = verdict(1, Conclusion.FAILURE, text="x" * SUMMARY_LIMIT)
    assert strictest([full, verdict(2, Conclusion.SUCCESS)]) == full.check
