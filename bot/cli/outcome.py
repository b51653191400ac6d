"""What came of one run of `awaited check`."""

from msgspec import Struct

from bot.analysis.finding import Finding, Severity
from bot.analysis.request import Report


class Outcome(Struct, frozen=True):
    """What came of it; paths are those of the tree, at last relative to the working directory.

    Attributes:
        report: what was found; after fixing, what is left.
        fixed: what was fixed, or would be.
        diff: what would change; empty unless it was asked for.
    """

    report: Report
    fixed: tuple[Finding, ...] = ()
    diff: bytes = b""

    @property
    def is_red(self) -> bool:
        """Whether something is left to be repaired, or could not be checked."""
        failed = any(one.severity is Severity.FAILURE for one in self.report.findings)
        return failed or bool(self.report.errors) or bool(self.diff)
