"""A report as JSON: the format that other tools read, so it only ever grows.

Version 1 is one object: `files` is how many were checked, `line` and `column` count from one,
columns in characters, and an edit replaces the bytes `start:end` of the file as it lies on disk.
"""

from collections.abc import Sequence

import msgspec

from bot.analysis.finding import FileError, Finding, Severity
from bot.analysis.fix import Fix
from bot.analysis.request import Report


class _Finding(msgspec.Struct, frozen=True):
    code: str
    name: str
    path: str
    line: int
    column: int
    end_line: int
    end_column: int
    severity: Severity
    message: str
    symbol: str
    fix: Fix | None


class _Document(msgspec.Struct, frozen=True, omit_defaults=True):
    version: int
    files: int
    findings: list[_Finding]
    errors: tuple[FileError, ...]
    fixed: list[_Finding] | None = None
    diff: str | None = None


def json_report(
    report: Report, *, fixed: Sequence[Finding] | None = None, diff: str | None = None
) -> bytes:
    """Return the report as one JSON object, indented, with a newline at its end.

    Args:
        report: what was found; after fixing, what is left.
        fixed: what is repaired, where that was asked for.
        diff: what would change, where that was asked for.
    """
    document = _Document(
        version=1,
        files=len(report.checked),
        findings=[_finding(one) for one in report.findings],
        errors=report.errors,
        fixed=None if fixed is None else [_finding(one) for one in fixed],
        diff=diff,
    )
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _finding(finding: Finding) -> _Finding:
    place = finding.location
    return _Finding(
        code=finding.code,
        name=finding.name,
        path=place.path,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        severity=finding.severity,
        message=finding.message,
        symbol=finding.symbol,
        fix=finding.fix,
    )
