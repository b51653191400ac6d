"""The comparison notices every kind of mistake that the analysis can make."""

from pathlib import Path

import pytest

from bot.analysis.finding import FileError, Finding, Location, Severity
from bot.analysis.request import Report
from tests.conformance.case import AUTO, Case
from tests.conformance.comparison import Comparison, compare, verdict
from tests.conformance.judge import judge
from tests.conformance.judgement import Judgement
from tests.conformance.warm_pytest import start_cold

SHOP = Case(
    "A shop",
    {
        "conftest.py": """
            import pytest

            @pytest.fixture
            async def refused():
                ran()

            @pytest.fixture
            def sync(): ...
        """,
        "test_shop.py": """
            import unittest
            from unittest.mock import Mock
            import pytest

            async def test_lost(): ran()

            @pytest.mark.asyncio
            async def test_runs(sync): ran()

            def test_refused(refused): ran()

            @pytest.mark.asyncio
            async def test_mock():
                ran()
                await Mock()()

            class TestPlain(unittest.TestCase):
                async def test_case(self): ran()

            class TestMarked(unittest.TestCase):
                @pytest.mark.asyncio
                async def test_case(self): ran()
        """,
    },
)
RIGHT = (
    ("AWT301", "conftest.py", 4, "refused"),
    ("AWT103", "test_shop.py", 5, "test_lost"),
    ("AWT301", "test_shop.py", 10, "test_refused"),
    ("AWT405", "test_shop.py", 15, "test_mock"),
    ("AWT101", "test_shop.py", 18, "TestPlain.test_case"),
    ("AWT102", "test_shop.py", 22, "TestMarked.test_case"),
)


@pytest.fixture(scope="module")
def judgement(tmp_path_factory: pytest.TempPathFactory) -> Judgement:
    return judge(SHOP, SHOP.contents(), tmp_path_factory.mktemp("shop"), start_cold)


def _found(code: str, path: str, line: int, symbol: str) -> Finding:
    return Finding(code, "a-rule", Location(path, line, 1, line, 2), Severity.FAILURE, "", symbol)


def _compared(judgement: Judgement, *found: tuple[str, str, int, str]) -> Comparison:
    report = Report((), tuple(_found(*one) for one in found))
    return compare(SHOP, SHOP.contents(), judgement, report)


def test_the_right_report_contradicts_nothing(judgement: Judgement) -> None:
    assert _compared(judgement, *RIGHT) == Comparison((), ())


@pytest.mark.parametrize("dropped", RIGHT)
def test_silence_on_what_never_ran_is_noticed(
    dropped: tuple[str, str, int, str], judgement: Judgement
) -> None:
    comparison = _compared(judgement, *(one for one in RIGHT if one != dropped))

    assert len(comparison.missed) == 1
    assert comparison.contradictions == ()
    assert f"{dropped[1]}::{dropped[3]}" in comparison.missed[0]


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(("AWT103", "test_shop.py", 8, "test_runs"), id="a test that ran"),
        pytest.param(("AWT405", "test_shop.py", 8, "test_runs"), id="a mock that is none"),
        pytest.param(("AWT103", "test_shop.py", 8, "test_nobody"), id="a name of nobody"),
        pytest.param(("AWT103", "test_shop.py", 5, "test_lost"), id="a finding twice"),
        pytest.param(("AWT001", "test_shop.py", 1, ""), id="a file that is not broken"),
    ],
)
def test_a_finding_too_many_is_noticed(
    wrong: tuple[str, str, int, str], judgement: Judgement
) -> None:
    comparison = _compared(judgement, *RIGHT, wrong)

    assert comparison.missed == ()
    assert len(comparison.contradictions) == 1


def test_another_code_or_line_than_was_observed_is_noticed(judgement: Judgement) -> None:
    swapped = [("AWT101" if code == "AWT102" else code, *rest) for code, *rest in RIGHT]
    decorated = [
        (code, path, 21 if line == 22 else line, name) for code, path, line, name in RIGHT
    ]

    for found in (swapped, decorated):
        assert len(_compared(judgement, *found).contradictions) == 1


def test_what_lies_in_a_folder_that_cannot_be_collected_is_not_judged(tmp_path: Path) -> None:
    marked = "import pytest\n\n@pytest.mark.usefixtures('one')\n@pytest.fixture\ndef two(): ...\n"
    tests = {"unit/test_shop.py": "async def test_a(): ran()\n", "unit/conftest.py": marked}
    case = Case("A shop", tests)
    judged = judge(case, case.contents(), tmp_path, start_cold)
    report = Report((), (_found("AWT103", "unit/test_shop.py", 1, "test_a"),))

    assert judged.uncollected.keys() == {"unit"}
    assert compare(case, case.contents(), judged, report) == Comparison((), ())


def test_a_class_in_a_class_is_not_the_place_of_one_of_its_name(tmp_path: Path) -> None:
    tests = "from base import TestTwo\n\nclass TestOne:\n    class TestTwo:\n        pass\n"
    base = "class TestTwo:\n    async def test_a(self): ran()\n"
    case = Case("A shop", {"test_shop.py": tests, "base.py": base})
    judged = judge(case, case.contents(), tmp_path, start_cold)
    report = Report((), (_found("AWT103", "test_shop.py", 1, "TestTwo.test_a"),))

    assert compare(case, case.contents(), judged, report) == Comparison((), ())


def test_a_file_that_could_have_been_checked_is_noticed(judgement: Judgement) -> None:
    whole = tuple(_found(*one) for one in RIGHT)
    report = Report((), whole, errors=(FileError("test_shop.py", "too large"),))

    assert len(compare(SHOP, SHOP.contents(), judgement, report).contradictions) == 1


def test_a_fixture_that_ran_and_is_reported_is_noticed(tmp_path: Path) -> None:
    handled = Case("A shop", {**SHOP.files, "pytest.ini": AUTO})
    judged = judge(handled, handled.contents(), tmp_path, start_cold)
    report = Report((), tuple(_found(*one) for one in RIGHT))

    wrong = compare(handled, handled.contents(), judged, report).contradictions

    assert any("conftest.py::refused" in line for line in wrong)


def test_an_allowance_covers_what_it_names_and_goes_when_it_is_not_needed() -> None:
    missed = Comparison(("test_it.py::test_one never ran", "test_it.py::test_two never ran"), ())
    whole = Case("A shop", {}, unknown_ok="code decides")
    part = Case("A shop", {}, unknown_ok="code decides", unknown=("test_one",))

    assert verdict(whole, missed) == []
    assert verdict(part, missed) == ["test_it.py::test_two never ran"]
    assert len(verdict(whole, Comparison((), ()))) == 1
    assert verdict(Case("A shop", {}), missed) == list(missed.missed)


@pytest.mark.parametrize(
    ("code", "line", "message"),
    [
        ("AWT107", 4, "a hook marks too late"),
        ("AWT110", 8, "it is not asynchronous"),
        ("AWT111", 8, "it cannot be collected"),
        ("AWT115", 5, "it is not collected"),
        ("AWT112", 1, "the file cannot be collected"),
        ("AWT116", 1, "`pytest` is never imported"),
        ("AWT117", 10, "that of line 4 is lost"),
    ],
)
def test_a_claim_that_pytest_does_not_bear_out_is_noticed(
    code: str, line: int, message: str, tmp_path: Path
) -> None:
    body = "import pytest\n\n\n@pytest.mark.asyncio\nasync def test_runs(): ran()\n"
    runs = Case("A shop", {"test_shop.py": body})
    judged = judge(runs, runs.contents(), tmp_path, start_cold)
    place = Location(
        "nowhere/conftest.py" if code == "AWT107" else "test_shop.py", line, 1, line, 2
    )
    found = Finding(code, "a-rule", place, Severity.FAILURE, message, "test_runs")

    wrong = compare(runs, runs.contents(), judged, Report((), (found,))).contradictions

    assert sum(message in one for one in wrong) == 1


def test_silence_on_what_pytest_itself_says_is_noticed(tmp_path: Path) -> None:
    unimported = Case(
        "A shop", {"test_shop.py": "@pytest.mark.asyncio\nasync def test_it(): ran()"}
    )
    judged = judge(unimported, unimported.contents(), tmp_path, start_cold)

    missed = compare(unimported, unimported.contents(), judged, Report((), ())).missed

    assert [line.rpartition(" and ")[2] for line in missed] == ["AWT116 is not reported"]
