"""A report as it counts: what the change brings, what was known, and what that comes to."""

from collections.abc import Mapping
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from bot.analysis.finding import Finding, Severity
from bot.analysis.request import Report, Suppressed
from bot.report.check_run import Conclusion
from bot.report.wording import counted


class Judged(Struct, frozen=True):
    """A report, and what of it the change did not bring.

    Attributes:
        report: with the findings that count.
        known: findings that were there where the branch began.
        added: suppressions that were not.
        lacks_base: whether nobody could see what was there.
        concerned: the checked files that the change leaves alone, each with what its verdict has
            read of the change.
        inheritance: what a reader must know of the configuration of the repository's owner.
        would_be: the title that it would have by the configuration that the change brings.
    """

    report: Report
    known: tuple[Finding, ...] = ()
    added: tuple[Suppressed, ...] = ()
    lacks_base: bool = False
    would_be: str = ""
    concerned: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    inheritance: str = ""

    @property
    def shown(self) -> tuple[Finding, ...]:
        """All findings, those that are known as notices."""
        return (*self.report.findings, *map(_as_notice, self.known))


def _as_notice(known: Finding) -> Finding:
    message = f"{known.message} (this was there before)"
    return replace(known, severity=Severity.NOTICE, message=message)


class Tally(Struct, frozen=True):
    """What a report comes to.

    Attributes:
        never_run: tests that pass without running, or are never collected, because of a failure.
        failures: other findings that turn the check red.
        remarks: findings that do not.
        unchecked: files that should have been checked and were not.
        checked: changed files that were.
        concerned: unchanged files that were, because the change concerns them.
        known: findings that would turn the check red, had they not been there before.
    """

    never_run: int
    failures: int
    remarks: int
    unchecked: int
    checked: int
    known: int
    concerned: int

    @classmethod
    def of(cls, judged: Judged) -> Self:
        """Count."""
        report = judged.report
        red = [finding for finding in report.findings if finding.severity is Severity.FAILURE]
        return cls(
            never_run=len({(each.path, test) for each in red for test in each.reveals}),
            failures=sum(1 for finding in red if not finding.reveals),
            remarks=len(report.findings) - len(red),
            unchecked=len(report.errors),
            checked=len(report.checked) - len(judged.concerned),
            known=sum(one.severity is Severity.FAILURE for one in judged.known),
            concerned=len(judged.concerned),
        )

    @property
    def conclusion(self) -> Conclusion:
        """What was found wins over what could not be looked at; neither lets a gate open."""
        if self.never_run or self.failures:
            return Conclusion.FAILURE
        return Conclusion.ACTION_REQUIRED if self.unchecked else Conclusion.SUCCESS

    @property
    def title(self) -> str:
        """The one line that the list of checks shows."""
        clauses = self._clauses()
        if self.known and not (self.never_run or self.failures or self.unchecked):
            return ", ".join(["No new problems", *clauses])
        if clauses:
            return ", ".join(clauses)
        if not (self.checked or self.concerned):
            return "No async tests changed"
        return f"Every async test runs in {self._files}"

    @property
    def _files(self) -> str:
        others = f"{self.concerned:,} unchanged" if self.concerned else ""
        if not self.checked:
            return counted(self.concerned, "unchanged file")
        changed = counted(self.checked, "changed file")
        return f"{changed} and {others}" if others else changed

    def _clauses(self) -> list[str]:
        never, more = self.never_run, "more " if self.never_run else ""
        return [
            *([counted(never, "async test never runs", "async tests never run")] if never else []),
            *([counted(self.failures, f"{more}problem")] if self.failures else []),
            *([f"{counted(self.unchecked, 'file')} not checked"] if self.unchecked else []),
            *([counted(self.remarks, "remark")] if self.remarks else []),
            *([f"{self.known} known before"] if self.known else []),
        ]
