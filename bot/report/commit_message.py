"""The messages of the bot's own commits, and the trailers by which it knows them again.

They name rules and symbols only. A path could close an issue (`fixes #1.py`) or mention somebody
in the history; an identifier can do neither.
"""

from collections.abc import Sequence

from bot.analysis.finding import Finding
from bot.analysis.request import FixPlan
from bot.report.first_runs import newly_running
from bot.report.wording import counted

FIXES = "Awaited-Fixes"
JOB = "Awaited-Job"
UNDO = "Awaited-Undo"


def fix_headline(plan: FixPlan) -> str:
    """Return the first line of the message of a fix."""
    if tests := len(newly_running(plan)):
        return f"Make {counted(tests, 'async test')} run"
    return f"Fix {counted(len(plan.fixed), 'problem')} in async tests"


def fix_body(plan: FixPlan, *, sender: str, key: str) -> str:
    """Return the rest of it: what was fixed where, and trailers."""
    names = {finding.code: finding.name for finding in plan.fixed}
    lines = [f"{rule} {names[rule]}{_symbols(plan.fixed, rule)}" for rule in sorted(names)]
    return _with_trailers(lines, sender, f"{FIXES}: {', '.join(sorted(names))}", key)


def undo_headline(sha: str) -> str:
    """Return the first line of the message of a commit that takes another back."""
    return f"Undo the fixes of {sha[:9]}"


def undo_body(sha: str, *, sender: str, key: str) -> str:
    """Return the rest of it."""
    return _with_trailers([f"This reverts commit {sha}."], sender, f"{UNDO}: {sha}", key)


def job_trailer(key: str) -> str:
    """Return the line of the message by which a commit is known again."""
    return f"{JOB}: {key}"


def _with_trailers(lines: Sequence[str], sender: str, what: str, key: str) -> str:
    return "\n".join([*lines, "", f"Requested-by: @{sender}", what, job_trailer(key)])


def _symbols(findings: Sequence[Finding], rule: str, *, limit: int = 50) -> str:
    symbols = sorted({each.symbol for each in findings if each.code == rule and each.symbol})
    more = [f"{len(symbols) - limit:,} more"] if len(symbols) > limit else []
    return f": {', '.join([*symbols[:limit], *more])}" if symbols else ""
