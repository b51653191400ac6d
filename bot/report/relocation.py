"""The same report with paths as the reader knows them, such as relative to where they are."""

from collections.abc import Callable, Iterable

from msgspec.structs import replace

from bot.analysis.finding import FileError, Finding
from bot.analysis.request import Report

Name = Callable[[str], str]


def relocated(report: Report, name: Name) -> Report:
    """Return the report with every path `name`d anew, and findings and errors in that order."""
    return replace(
        report,
        checked=tuple(sorted(map(name, report.checked))),
        findings=in_order(relocated_finding(one, name) for one in report.findings),
        errors=tuple(sorted(FileError(name(one.path), one.reason) for one in report.errors)),
        read={name(path): tuple(map(name, read)) for path, read in report.read.items()},
        read_by_all=tuple(map(name, report.read_by_all)),
    )


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings in order of their places."""
    return tuple(sorted(findings, key=lambda one: (one.location, one.code, one.symbol)))


def relocated_finding(finding: Finding, name: Name) -> Finding:
    """Return the finding with its place and its fix in the file as `name`d."""
    fix = finding.fix
    if fix is not None:
        edits = tuple(replace(edit, path=name(edit.path)) for edit in fix.edits)
        fix = replace(fix, edits=edits)
    location = replace(finding.location, path=name(finding.path))
    return replace(finding, location=location, fix=fix)
