from benchmarks.realworld.analysis import said_of_files
from benchmarks.realworld.comparison import Compared, compare
from benchmarks.realworld.truth import Fate, TestTruth, Truth

FILES = {
    "test_it.py": b"""
import pytest
from elsewhere import decorated

async def test_unmarked(): ...

@pytest.mark.asyncio
async def test_marked(): ...

@decorated
async def test_decorated(): ...
"""
}


def compared(**fates: Fate) -> Compared:
    """Compare what is said of the file with fates that are made up."""
    tests = tuple(
        TestTruth("test_it.py", name, fate, "seen", ("test_it.py", 1))
        for name, fate in fates.items()
    )
    said = said_of_files(tuple(FILES), FILES.__getitem__)
    return compare(Truth(tests, (), {}, ""), said)


def test_a_test_that_never_runs_and_is_reported_is_found() -> None:
    found = compared(test_unmarked=Fate.NEVER, test_marked=Fate.RUNS)

    assert (found.tests, found.handled, found.found) == (2, 1, 1)
    assert not found.false_alarms
    assert not found.missed


def test_a_test_that_runs_and_is_reported_is_a_false_alarm() -> None:
    assert len(compared(test_unmarked=Fate.RUNS).false_alarms) == 1


def test_a_test_that_never_runs_and_is_said_to_run_is_missed() -> None:
    assert compared(test_marked=Fate.NEVER).missed == ("test_it.py::test_marked",)


def test_silence_for_want_of_knowledge_is_counted_apart() -> None:
    assert compared(test_decorated=Fate.NEVER).silent == ("test_it.py::test_decorated",)
    assert compared(test_decorated=Fate.RUNS).unknown == {"a decorator cannot be followed": 1}


def test_what_pytest_did_not_collect_is_judged_by_nobody() -> None:
    found = compared(test_marked=Fate.RUNS)

    assert len(found.unjudged) == 1
    assert not found.false_alarms


def test_an_undecided_test_counts_neither_way() -> None:
    found = compared(test_unmarked=Fate.UNDECIDED)

    assert (found.tests, found.undecided, found.found) == (0, 1, 0)
    assert not found.false_alarms
