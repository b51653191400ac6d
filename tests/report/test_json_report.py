"""The JSON that other tools read: every key is a promise."""

from typing import Any

import msgspec

from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.fix import Edit, Fix
from bot.analysis.request import Report
from bot.report.json_report import json_report

FINDING = Finding(
    "AWT405",
    "mock-awaited",
    Location("tests/tëst.py", 3, 5, 4, 12),
    Severity.WARNING,
    "a message",
    "TestMocks.test_x",
    Fix.safe("Use AsyncMock", [Edit("tests/tëst.py", 10, 14, "é\n")]),
    advice="not part of the format",
    reveals=("TestMocks.test_x",),
)
WRITTEN = {
    "code": "AWT405",
    "name": "mock-awaited",
    "path": "tests/tëst.py",
    "line": 3,
    "column": 5,
    "end_line": 4,
    "end_column": 12,
    "severity": "warning",
    "message": "a message",
    "symbol": "TestMocks.test_x",
    "fix": {
        "safety": "safe",
        "title": "Use AsyncMock",
        "edits": [{"path": "tests/tëst.py", "start": 10, "end": 14, "replacement": "é\n"}],
    },
}


def written(report: Report, **more: Any) -> dict[str, Any]:
    document = json_report(report, **more)
    assert document.endswith(b"}\n")
    return msgspec.json.decode(document, type=dict[str, Any])


def test_a_report_has_exactly_the_promised_keys() -> None:
    report = Report(("a.py", "b.py"), (FINDING,), (FileError("c.py", "too large"),))

    assert written(report) == {
        "version": 1,
        "files": 2,
        "findings": [WRITTEN],
        "errors": [{"path": "c.py", "reason": "too large"}],
    }


def test_an_empty_report_has_them_too() -> None:
    assert written(Report((), ())) == {"version": 1, "files": 0, "findings": [], "errors": []}


def test_a_finding_without_a_fix_has_null_there() -> None:
    finding = Finding("AWT001", "syntax-error", FINDING.location, Severity.NOTICE, "m", "")

    assert written(Report((), (finding,)))["findings"][0]["fix"] is None


def test_what_was_fixed_and_what_would_change_are_there_only_where_asked_for() -> None:
    document = written(Report((), ()), fixed=[FINDING], diff="--- a\n")

    assert document["fixed"] == [WRITTEN]
    assert document["diff"] == "--- a\n"
    assert written(Report((), ()), fixed=[])["fixed"] == []
