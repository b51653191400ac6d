import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store import dependents as module
from bot.store.database import Database
from bot.store.dependents import Dependents

SHOP = (1, "octo/shop")


class Calendar:
    """A day that a test can turn."""

    def __init__(self) -> None:
        self.today = datetime(2026, 1, 2, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.today

    def pass_by(self, days: int) -> None:
        self.today += timedelta(days=days)


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
async def dependents(tmp_path: Path, calendar: Calendar) -> AsyncIterator[Dependents]:
    async with await Database.open(f"sqlite:///{tmp_path / 'bot.sqlite'}") as database:
        yield Dependents(database.engine, calendar)


async def test_who_has_read_a_file_depends_on_it(dependents: Dependents) -> None:
    read = {"test_a.py": ["test_a.py", "base.py"], "test_b.py": ["base.py", "other.py"]}
    await dependents.add(*SHOP, read)

    assert await dependents.of(*SHOP, ["base.py"]) == {"test_a.py", "test_b.py"}
    assert await dependents.of(*SHOP, ["other.py", "test_a.py"]) == {"test_a.py", "test_b.py"}
    assert await dependents.of(*SHOP, ["nobody.py"]) == set()
    assert await dependents.of(*SHOP, []) == set()


@pytest.mark.parametrize("other", [(2, "octo/shop"), (1, "octo/till")])
async def test_each_repository_of_each_installation_is_apart(
    dependents: Dependents, other: tuple[int, str]
) -> None:
    await dependents.add(*SHOP, {"test_a.py": ["base.py"]})

    assert await dependents.of(*other, ["base.py"]) == set()


async def test_a_verdict_that_has_not_read_a_file_takes_no_dependency_away(
    dependents: Dependents,
) -> None:
    await dependents.add(*SHOP, {"test_a.py": ["base.py"]})
    await dependents.add(*SHOP, {"test_a.py": ["other.py"]})

    assert await dependents.of(*SHOP, ["base.py"]) == {"test_a.py"}


async def test_what_was_not_read_for_more_than_a_year_is_forgotten(
    dependents: Dependents, calendar: Calendar
) -> None:
    await dependents.add(*SHOP, {"test_a.py": ["base.py", "old.py"]})
    calendar.pass_by(300)
    await dependents.add(*SHOP, {"test_a.py": ["base.py"]})
    calendar.pass_by(300)
    await dependents.add(2, "octo/till", {"test_c.py": ["till.py"]})

    assert await dependents.of(*SHOP, ["old.py"]) == set()
    assert await dependents.of(*SHOP, ["base.py"]) == {"test_a.py"}


async def test_a_repository_that_has_too_much_loses_what_was_not_read_for_the_longest(
    dependents: Dependents, calendar: Calendar, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 2)
    monkeypatch.setattr(module, "_LEFT", 1)
    await dependents.add(2, "octo/till", {"test_c.py": ["till.py"]})
    for path in ("older.py", "old.py"):
        await dependents.add(*SHOP, {"test_a.py": [path]})
        calendar.pass_by(1)
    await dependents.add(*SHOP, {"test_a.py": ["base.py"], "test_b.py": ["base.py"]})

    assert await dependents.of(*SHOP, ["older.py", "old.py"]) == set()
    assert await dependents.of(*SHOP, ["base.py"]) == {"test_a.py", "test_b.py"}
    assert await dependents.of(2, "octo/till", ["till.py"]) == {"test_c.py"}


async def test_one_verdict_fills_no_repository(
    dependents: Dependents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_AT_ONCE", 2)
    await dependents.add(*SHOP, {"test_a.py": ["a.py", "b.py", "c.py"]})

    found = [bool(await dependents.of(*SHOP, [f"{name}.py"])) for name in "abc"]
    assert found == [True, True, False]


@pytest.mark.parametrize("odd", ["ä" * 251, "\ud800.py", "\0.py"])
async def test_what_no_database_takes_is_left_out(dependents: Dependents, odd: str) -> None:
    await dependents.add(*SHOP, {"test_a.py": [odd, "base.py"], odd: ["base.py"]})

    assert await dependents.of(*SHOP, ["base.py", odd]) == {"test_a.py"}
    assert await dependents.of(*SHOP, [odd]) == set()


async def test_more_paths_than_fit_into_one_statement_can_be_asked_for(
    dependents: Dependents,
) -> None:
    await dependents.add(*SHOP, {"test_a.py": ["p0.py"], "test_b.py": ["p2999.py"]})

    found = await dependents.of(*SHOP, [f"p{number}.py" for number in range(3_000)])

    assert found == {"test_a.py", "test_b.py"}


async def test_verdicts_that_come_together_are_all_remembered(dependents: Dependents) -> None:
    await asyncio.gather(*(dependents.add(*SHOP, {f"test_{n}.py": ["base.py"]}) for n in range(8)))

    assert len(await dependents.of(*SHOP, ["base.py"])) == 8
