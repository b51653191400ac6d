"""The database: opened, owned, migrated, and ready for everybody who stores something in it.

An embedded SQLite file by default, owned by one process at a time; PostgreSQL when one machine
is outgrown. Whoever has an open `Database` may rely on our tables being of today's shape.
"""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.store.lock import FileLock

_MIGRATIONS = Path(__file__).parent / "migrations"
# Any fixed number: workers of the same database that start together migrate one by one.
_ADVISORY_LOCK = 0x61776169746564
_BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Address:
    """Where the database is, in the spellings that its users want.

    Attributes:
        blocking: an SQLAlchemy URL with a blocking driver (the job engine's).
        asynchronous: the same database through an asyncio driver.
        file: the SQLite file; None for a server.
    """

    blocking: str
    asynchronous: str
    file: Path | None

    @classmethod
    def parse(cls, url: str) -> Self:
        """Understand `sqlite:///FILE`, `postgres://...` and `postgresql://...`.

        Raises:
            ValueError: another scheme, or a SQLite database in memory (nothing would last).
        """
        parsed = sa.make_url(url)
        if parsed.drivername == "sqlite":
            if not parsed.database or parsed.database == ":memory:":
                raise ValueError("the database must be a file, as in sqlite:///awaited.sqlite")
            return cls(url, _with_driver(parsed, "sqlite+aiosqlite"), Path(parsed.database))
        if parsed.drivername not in {"postgres", "postgresql", "postgresql+psycopg"}:
            raise ValueError("the database must be sqlite:///FILE or postgresql://HOST/NAME")
        server = _with_driver(parsed, "postgresql+psycopg")
        return cls(server, server, None)


class Database:
    """An open database. Close it last: everything else stores its state here."""

    def __init__(self, address: Address, engine: AsyncEngine, lock: FileLock | None) -> None:
        self.address = address
        self.engine = engine
        self._lock = lock

    @classmethod
    async def open(cls, url: str, *, patience: float = 30.0) -> Self:
        """Own the database and bring our tables up to date.

        Waits up to `patience` seconds for another process that is about to leave.

        Raises:
            ValueError: the address is none that we understand.
            DatabaseInUse: another process keeps the SQLite file.
            sqlalchemy.exc.OperationalError: the database cannot be reached.
        """
        address = Address.parse(url)
        lock = await _own(address.file, patience)
        try:
            await asyncio.to_thread(migrate, address)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        return cls(address, _engine(address), lock)

    async def close(self) -> None:
        """Let go of the database; harmless when done twice."""
        await self.engine.dispose()
        if self._lock is not None:
            self._lock.release()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


def migrate(address: Address) -> None:
    """Bring our tables up to date; blocks, and does nothing when they are."""
    engine = sa.create_engine(address.blocking)
    if address.file is not None:
        _prepare_file(engine, address.file)
    try:
        with engine.connect() as connection:
            _wait_for_turn(connection)
            configuration = Config()
            configuration.set_main_option("script_location", str(_MIGRATIONS))
            configuration.attributes["connection"] = connection
            command.upgrade(configuration, "head")
    finally:
        engine.dispose()


def _prepare_file(engine: sa.Engine, file: Path) -> None:
    with closing(sqlite3.connect(file, timeout=_BUSY_SECONDS)) as connection:
        # Readers and the writer don't wait for each other; the file remembers it.
        connection.execute("PRAGMA journal_mode=WAL")

    # Without these two, sqlite3 commits each statement of a step by itself, and a process that
    # is killed half way leaves a schema that no step fits.
    @event.listens_for(engine, "connect")
    def take_over(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _wait_for_turn(connection: sa.Connection) -> None:
    """Let one worker migrate at a time (for a SQLite file, its owner's lock does that)."""
    if connection.dialect.name == "postgresql":
        # Held until the connection is closed, which happens right after the migration.
        connection.execute(sa.select(sa.func.pg_advisory_lock(_ADVISORY_LOCK)))
        connection.commit()


async def _own(file: Path | None, patience: float) -> FileLock | None:
    if file is None:
        return None
    file.parent.mkdir(parents=True, exist_ok=True)
    return await FileLock(file.with_name(f"{file.name}.lock")).acquire(patience)


def _engine(address: Address) -> AsyncEngine:
    if address.file is None:
        return create_async_engine(address.asynchronous, pool_pre_ping=True)
    return create_async_engine(address.asynchronous, connect_args={"timeout": _BUSY_SECONDS})


def _with_driver(url: sa.URL, driver: str) -> str:
    return url.set(drivername=driver).render_as_string(hide_password=False)
