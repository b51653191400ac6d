"""Who waits for whom, where GitHub itself does not keep two apart.

Within a process by its own locks. Between the workers of a PostgreSQL by the server's advisory
locks; a SQLite file has one worker.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncEngine


class Turns:
    """One turn at a time for each thing, which a text names."""

    def __init__(self, engine: AsyncEngine | None = None) -> None:
        self._engine = engine
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    def here(self, thing: str) -> asyncio.Lock:
        """Return what keeps the jobs of this process apart that do something to `thing`."""
        return self._locks.setdefault(thing, asyncio.Lock())

    def is_taken(self, thing: str) -> bool:
        """Whether a job of this process has its turn at `thing`."""
        lock = self._locks.get(thing)
        return lock is not None and lock.locked()

    @asynccontextmanager
    async def everywhere(self, thing: str) -> AsyncGenerator[None]:
        """Keep the jobs of all workers apart. Takes a connection, so not for long."""
        async with self.here(thing):
            if self._engine is None or self._engine.dialect.name != "postgresql":
                yield
                return
            async with self._engine.begin() as connection:
                # Held until the transaction ends, however it does.
                key = sa.func.hashtextextended(thing, 0)
                await connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key)))
                yield
