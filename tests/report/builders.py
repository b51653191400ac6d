"""Findings and reports for the tests of what is made of them."""

from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.request import Report


def finding(  # a rule's report, with what a test does not care for filled in
    code: str = "AWT103",
    name: str = "unhandled-async-test",
    *,
    path: str = "tests/test_pay.py",
    line: int = 3,
    symbol: str = "test_pay",
    safety: Safety | None = Safety.SAFE,
    severity: Severity = Severity.FAILURE,
    message: str = "`test_pay` is a coroutine that nobody awaits",
    advice: str = "",
    reveals: tuple[str, ...] = (),
    end_line: int | None = None,
) -> Finding:
    """Return a finding."""
    return Finding(
        code=code,
        name=name,
        location=Location(path, line, 1, end_line or line, 20),
        severity=severity,
        message=message,
        symbol=symbol,
        fix=Fix(safety, f"Repair {symbol}", (Edit(path, 0, 0, "x"),)) if safety else None,
        advice=advice,
        reveals=reveals,
    )


def never_runs(symbol: str, *, line: int = 3, path: str = "tests/test_pay.py") -> Finding:
    """Return the finding about a test that runs once it is repaired."""
    return finding(symbol=symbol, line=line, path=path, reveals=(symbol,))


def report(
    *findings: Finding,
    checked: tuple[str, ...] = ("tests/test_pay.py",),
    errors: tuple[FileError, ...] = (),
    notes: tuple[str, ...] = (),
) -> Report:
    """Return the report of an analysis."""
    return Report(checked=checked, findings=findings, errors=errors, notes=notes)
