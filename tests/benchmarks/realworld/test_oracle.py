"""The oracle in a real pytest, on tests whose fate is known."""

import json
import sys
from pathlib import Path

import pytest

from benchmarks.realworld.projects import Project
from benchmarks.realworld.truth import Fate, Truth, carry_oracle, judged, run

SHOP = """
    import functools
    import unittest

    import pytest


    def lost(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)

        return wrapper


    def kept(function):
        import asyncio

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            asyncio.run(function(*args, **kwargs))

        return wrapper


    @pytest.fixture
    def broken():
        raise RuntimeError


    @pytest.fixture
    async def unhandled():
        return 1


    async def test_unmarked():
        raise AssertionError("never reached")


    @pytest.mark.asyncio
    async def test_marked():
        raise AssertionError("swapped")


    @pytest.mark.asyncio
    async def test_not_reached(broken): ...


    @pytest.mark.asyncio
    @lost
    async def test_lost(): ...


    @kept
    async def test_kept(): ...


    @pytest.mark.asyncio
    async def test_generator():
        yield


    @pytest.mark.asyncio
    @pytest.mark.parametrize("number", [1, 2])
    async def test_parametrized(number):
        pass


    def test_sync(unhandled): ...


    class TestPlain(unittest.TestCase):
        async def test_case(self): ...


    class TestIsolated(unittest.IsolatedAsyncioTestCase):
        async def test_case(self):
            closed = 1

            def inner():
                return closed
"""


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    room = tmp_path_factory.mktemp("room").resolve()
    (room / "project").mkdir()
    (room / "project" / "pytest.ini").write_text("[pytest]\n")
    lines = [line.removeprefix("    ") for line in SHOP.splitlines()]
    (room / "project" / "test_shop.py").write_text("\n".join(lines))
    carry_oracle(room / "site")
    (room / "records").touch()
    said = run(Project("shop", "1.0", "", ""), (), Path(sys.executable), room)
    records = [json.loads(line) for line in (room / "records").read_text().splitlines()]
    return judged(records, room / "project", said)


@pytest.mark.parametrize(
    ("symbol", "fate", "how"),
    [
        ("test_unmarked", Fate.NEVER, "seen"),
        ("test_marked", Fate.RUNS, "seen"),
        ("test_not_reached", Fate.RUNS, "pytest-asyncio"),
        ("test_lost", Fate.NEVER, "seen"),
        ("test_kept", Fate.RUNS, "seen"),
        ("test_generator", Fate.NEVER, "nobody"),
        ("test_parametrized", Fate.RUNS, "seen"),
        ("TestPlain.test_case", Fate.NEVER, "seen"),
        ("TestIsolated.test_case", Fate.RUNS, "seen"),
    ],
)
def test_the_fate_of_each_test_is_told(truth: Truth, symbol: str, fate: Fate, how: str) -> None:
    found = {one.symbol: one for one in truth.tests}

    assert (found[symbol].fate, found[symbol].how) == (fate, how)


def test_sync_tests_are_no_part_of_the_truth(truth: Truth) -> None:
    assert "test_sync" not in {one.symbol for one in truth.tests}


def test_a_fixture_that_pytest_refuses_is_told_by_its_place(truth: Truth) -> None:
    assert [(path, fate) for path, _, fate in truth.fixtures] == [("test_shop.py", Fate.NEVER)]
