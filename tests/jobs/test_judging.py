"""What counts of a report, beside what was there before."""

import pytest
from msgspec.structs import replace

from bot.analysis.finding import FileError
from bot.analysis.gate import Gate, Scope
from bot.analysis.request import Report
from bot.jobs.baseline import Baseline
from bot.jobs.impact import Impact
from bot.jobs.judging import _of_unchanged, judged_against
from tests.report.builders import finding, report

CHANGED = finding(path="tests/test_changed.py")
ALONE = finding(path="tests/test_alone.py", symbol="test_alone")


def counting(base: Report | None, scope: Scope) -> tuple[list[str], list[str]]:
    """Return the files in which what is found counts, and in which it was known."""
    head = report(CHANGED, ALONE, checked=(CHANGED.path, ALONE.path))
    judged = judged_against(
        replace(head, gate=Gate(scope=scope)), Baseline(base, frozenset({CHANGED.path}), {})
    )
    return [one.path for one in judged.report.findings], [one.path for one in judged.known]


@pytest.mark.parametrize(
    ("scope", "counts", "known"),
    [
        (Scope.NEW, [], [CHANGED.path, ALONE.path]),
        (Scope.CHANGED_FILES, [CHANGED.path], [ALONE.path]),
        (Scope.ALL, [CHANGED.path, ALONE.path], []),
    ],
)
def test_what_was_there_counts_as_the_gate_is_set(
    scope: Scope, counts: list[str], known: list[str]
) -> None:
    assert counting(report(CHANGED, ALONE), scope) == (counts, known)


@pytest.mark.parametrize("scope", Scope)
def test_what_was_not_there_counts(scope: Scope) -> None:
    assert counting(report(), scope) == ([CHANGED.path, ALONE.path], [])


@pytest.mark.parametrize("scope", [Scope.NEW, Scope.CHANGED_FILES])
@pytest.mark.parametrize("base", [None, report(errors=(FileError(ALONE.path, "deep"),))])
def test_in_a_file_that_was_left_alone_what_cannot_be_compared_does_not_count(
    scope: Scope, base: Report | None
) -> None:
    assert counting(base, scope) == ([CHANGED.path], [])


@pytest.mark.parametrize(("scope", "notes"), [(Scope.NEW, 1), (Scope.ALL, 0)])
def test_what_was_left_out_is_told_unless_all_is_checked_anyway(scope: Scope, notes: int) -> None:
    head = replace(report(), gate=Gate(scope=scope))

    assert len(_of_unchanged(head, frozenset(), Impact((), 7)).notes) == notes
    assert not _of_unchanged(head, frozenset(), Impact()).notes
