"""A report with other paths is otherwise the same."""

from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.fix import Edit, Fix
from bot.analysis.request import Report
from bot.report.relocation import relocated


def finding(path: str, line: int, fix: Fix | None = None) -> Finding:
    place = Location(path, line, 1, line, 2)
    return Finding("AWT103", "name", place, Severity.FAILURE, "message", "test", fix)


def test_every_path_is_named_anew_and_sorted_again() -> None:
    names = {"a.py": "../z.py", "b.py": "../y.py"}
    fix = Fix.safe("title", [Edit("a.py", 1, 2, "x"), Edit("b.py", 3, 4, "y")])
    report = Report(
        checked=("a.py", "b.py"),
        findings=(finding("a.py", 1, fix), finding("b.py", 7), finding("b.py", 10)),
        errors=(FileError("a.py", "reason"), FileError("b.py", "reason")),
        read={"a.py": ("a.py", "b.py")},
        notes=("a note",),
    )

    moved = relocated(report, names.__getitem__)

    assert moved.checked == ("../y.py", "../z.py")
    assert [(one.path, one.line) for one in moved.findings] == [
        ("../y.py", 7),
        ("../y.py", 10),
        ("../z.py", 1),
    ]
    assert moved.findings[2].fix == Fix.safe(
        "title", [Edit("../z.py", 1, 2, "x"), Edit("../y.py", 3, 4, "y")]
    )
    assert [error.path for error in moved.errors] == ["../y.py", "../z.py"]
    assert moved.read == {"../z.py": ("../z.py", "../y.py")}
    assert moved.notes == ("a note",)
