import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing
from pathlib import Path

import pytest

from bot.jobs.dbos_engine import DbosEngine, Shares
from bot.jobs.retry import RetryPolicy
from bot.store.database import Database
from tests.jobs.errands import BENCH, KINDS, Errand

# As in production, but without the waiting.
QUICK = RetryPolicy(base=0.01)
SWIFT = Shares(poll=0.02)

Running = Callable[..., AbstractAsyncContextManager[DbosEngine]]


@pytest.fixture(autouse=True)
def fresh_errands() -> Iterator[None]:
    yield
    for memory in (Errand.attempts, Errand.gates, Errand.running, Errand.most):
        memory.clear()


@pytest.fixture(scope="session")
def used_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that an engine has used before: on a new one, its queue begins a second late."""
    file = tmp_path_factory.mktemp("engine") / "used.sqlite"

    async def use() -> None:
        async with await Database.open(f"sqlite:///{file}") as database:
            engine = _engine(database.address.blocking)
            await engine.start()
            await engine.shutdown()

    asyncio.run(use())
    return file


@pytest.fixture
def url(used_database: Path, tmp_path: Path) -> str:
    for part in used_database.parent.glob("used.sqlite*"):
        shutil.copy(part, tmp_path / part.name)
    return f"sqlite:///{tmp_path / used_database.name}"


@pytest.fixture
def running(url: str) -> Running:
    """An engine that runs inside a `with`; call it again to go on with the same database."""

    @asynccontextmanager
    async def run(
        retry: RetryPolicy = QUICK, shares: Shares = SWIFT, grace: float = 5.0
    ) -> AsyncIterator[DbosEngine]:
        if shares != SWIFT:
            _forget_queue(url)
        engine = _engine(url, retry, shares)
        await engine.start()
        try:
            yield engine
        finally:
            await engine.shutdown(grace)

    return run


def _engine(url: str, retry: RetryPolicy = QUICK, shares: Shares = SWIFT) -> DbosEngine:
    return DbosEngine(url, kinds=KINDS, bench=BENCH, worker_id="test", retry=retry, shares=shares)


def _forget_queue(url: str) -> None:
    """Have the queue made anew: a changed one is what it was for another moment."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.execute("DELETE FROM queues")
        connection.commit()
