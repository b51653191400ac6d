"""What a person at a terminal reads."""

import pytest
from msgspec.structs import replace

from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.fix import Fix
from bot.analysis.request import Report
from bot.report.text import Line, Style, error_lines, text_report, visible

SAFE = Fix.safe("Mark it", [])
UNSAFE = Fix.unsafe("Change it", [])
FINDING = Finding(
    "AWT103",
    "unhandled-async-test",
    Location("test_a.py", 4, 1, 4, 9),
    Severity.FAILURE,
    "it never runs",
    "test_a",
)


def lines(
    report: Report, *, unsafe: bool = False, fixed: list[Finding] | None = None
) -> list[str]:
    return [line.plain for line in text_report(report, unsafe_fixes=unsafe, fixed=fixed)]


def report(*findings: Finding) -> Report:
    return Report(("test_a.py",), findings)


def test_nothing_to_report() -> None:
    assert lines(report()) == ["Checked 1 file: nothing to report."]


def test_who_checks_nothing_is_told_so() -> None:
    [summary, advice] = lines(Report((), ()))

    assert summary == "Checked 0 files: nothing to report."
    assert advice.startswith("help: no file here is one that pytest collects")


def test_a_finding_is_one_line_that_tools_can_read() -> None:
    assert lines(report(FINDING)) == [
        "test_a.py:4:1: AWT103 it never runs",
        "Checked 1 file: 1 finding.",
    ]


@pytest.mark.parametrize(
    ("fixes", "unsafe", "marks", "offer"),
    [
        ([SAFE], False, 1, ["[*] 1 can be fixed with `--fix`."]),
        ([SAFE, SAFE], True, 2, ["[*] 2 can be fixed with `--fix --unsafe-fixes`."]),
        ([UNSAFE], False, 0, ["1 can be fixed with `--fix --unsafe-fixes`."]),
        (
            [SAFE, UNSAFE, None],
            False,
            1,
            ["[*] 1 can be fixed with `--fix` (1 more with `--fix --unsafe-fixes`)."],
        ),
        ([None], True, 0, []),
    ],
)
def test_what_can_be_fixed_is_marked_and_said(
    fixes: list[Fix | None],
    unsafe: bool,  # noqa: FBT001 - pytest passes it by name
    marks: int,
    offer: list[str],
) -> None:
    shown = lines(report(*(replace(FINDING, fix=fix) for fix in fixes)), unsafe=unsafe)

    summary = next(index for index, line in enumerate(shown) if line.startswith("Checked"))
    assert sum("AWT103 [*] it" in line for line in shown) == marks
    assert shown[summary + 1 :] == offer


def test_advice_follows_its_finding() -> None:
    shown = lines(report(replace(FINDING, advice="mark it")))

    assert shown[1] == "    help: mark it"


def test_what_is_no_failure_says_so() -> None:
    notice = replace(FINDING, severity=Severity.NOTICE)

    assert lines(report(FINDING, notice)) == [
        "test_a.py:4:1: AWT103 it never runs",
        "test_a.py:4:1: AWT103 (notice) it never runs",
        "Checked 1 file: 2 findings (1 failure and 1 notice).",
    ]


def test_notes_come_before_the_summary() -> None:
    shown = lines(replace(report(), notes=("pytest would refuse to start",)))

    assert shown == ["note: pytest would refuse to start", "Checked 1 file: nothing to report."]


def test_after_fixing_it_says_what_was_done_and_what_runs_now() -> None:
    fixed = [replace(FINDING, reveals=("test_a", "test_b")), replace(FINDING, reveals=("test_a",))]

    done, revealed, summary = lines(report(), fixed=fixed)
    assert done == "Fixed 2 findings in 1 file."
    assert revealed.startswith("These tests run for the first time now, and may fail: ")
    assert revealed.endswith(": test_a.py::test_a and test_a.py::test_b.")
    assert summary == "Checked 1 file: nothing is left to report."


def test_a_fix_that_reveals_nothing_says_nothing_of_tests() -> None:
    assert lines(report(FINDING), fixed=[FINDING]) == [
        "test_a.py:4:1: AWT103 it never runs",
        "Fixed 1 finding in 1 file.",
        "Checked 1 file: 1 finding left.",
    ]


def test_many_tests_are_counted() -> None:
    fixed = [replace(FINDING, reveals=tuple(f"test_{number}" for number in range(23)))]

    assert lines(report(), fixed=fixed)[1].endswith("test_a.py::test_19 and 3 more.")


def test_files_that_could_not_be_checked_are_counted_and_named() -> None:
    broken = replace(report(), errors=(FileError("test_b.py", "it is a pipe"),))

    assert lines(broken) == ["Checked 1 file: nothing to report. 1 file could not be checked."]
    assert lines(broken, fixed=[])[-1].endswith("1 file could not be checked or fixed.")
    assert [line.plain for line in error_lines(broken)] == ["test_b.py: error: it is a pipe"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("tëst ☃", "tëst ☃"),
        ("a\nb", r"a\nb"),
        ("\x1b[2J", r"\x1b[2J"),
        ("\u202egnp.exe", r"\u202egnp.exe"),
        ("\ud800", r"\ud800"),
    ],
)
def test_what_a_terminal_obeys_is_shown_as_text(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert Line.of((text, Style.PATH)).plain == shown


def test_severity_decides_the_colour() -> None:
    notice = replace(FINDING, severity=Severity.NOTICE)
    failing, remark, *_ = text_report(report(FINDING, notice), unsafe_fixes=False)

    assert ("AWT103", Style.FAILURE) in failing.pieces
    assert ("AWT103", Style.REMARK) in remark.pieces
