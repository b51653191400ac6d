"""One check run for a commit on which several verdicts were found: the strictest of them."""

from collections.abc import Sequence

from msgspec import Struct, structs

from bot.report.check_run import SUMMARY_LIMIT, CheckRun, Conclusion
from bot.report.markdown import code
from bot.report.wording import listed

_STRICT = (
    Conclusion.FAILURE,
    Conclusion.ACTION_REQUIRED,
    Conclusion.NEUTRAL,
    Conclusion.CANCELLED,
    Conclusion.SUCCESS,
)


class PullVerdict(Struct, frozen=True):
    """What was found of a commit as the head of one pull request into the branch `base_ref`."""

    number: int
    base_ref: str
    check: CheckRun


def strictest(verdicts: Sequence[PullVerdict]) -> CheckRun:
    """Return the strictest check run, which says what else the commit is the head of."""
    worst = min(verdicts, key=lambda one: _STRICT.index(one.check.conclusion))
    others = [one for one in verdicts if one is not worst]
    if not others:
        return worst.check
    summary = f"{_note(worst, others)}\n\n{worst.check.summary}"
    if len(summary) > SUMMARY_LIMIT:
        return worst.check
    return structs.replace(worst.check, summary=summary)


def _note(worst: PullVerdict, others: Sequence[PullVerdict]) -> str:
    also = listed([_named(one) for one in others])
    return (
        f"This commit is the head of {_named(worst)}, and of {also}. A commit has one check run, "
        "so it shows the strictest verdict of them; this is that of the first."
    )


def _named(one: PullVerdict) -> str:
    return f"#{one.number} (into {code(one.base_ref)})"
