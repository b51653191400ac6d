import asyncio
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.store.database import Address, Database, migrate
from bot.store.lock import DatabaseInUse
from bot.store.schema import VERSION_TABLE, metadata


def tables_of(file: Path) -> set[str]:
    with closing(sqlite3.connect(file)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {name for (name,) in rows}


async def test_an_opened_database_has_our_tables_and_keeps_to_its_prefix(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "bot.sqlite"

    async with await Database.open(f"sqlite:///{file}"):
        pass

    assert tables_of(file) == {
        "awaited_check_claims",
        "awaited_dependents",
        "awaited_suggested_pulls",
        VERSION_TABLE,
    }


async def test_an_embedded_database_is_in_wal_mode(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite"

    async with await Database.open(f"sqlite:///{file}"):
        pass

    with closing(sqlite3.connect(file)) as connection:
        (mode,) = connection.execute("PRAGMA journal_mode").fetchone()

    assert mode == "wal"


async def test_the_migrations_make_exactly_the_tables_of_the_schema(tmp_path: Path) -> None:
    address = Address.parse(f"sqlite:///{tmp_path / 'bot.sqlite'}")
    await asyncio.to_thread(migrate, address)
    engine = sa.create_engine(address.blocking)

    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_server_default": True}
        )
        differences = compare_metadata(context, metadata)
    engine.dispose()

    assert differences == []


async def test_opening_again_keeps_what_is_stored(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    insert = (
        "INSERT INTO awaited_check_claims (repository, head_sha, name, attempt, external_id,"
        " claimed_at) VALUES ('o/r', 'a', 'awaited', 1, 'x', 0)"
    )
    async with await Database.open(url) as database, database.engine.begin() as connection:
        await connection.exec_driver_sql(insert)

    async with await Database.open(url) as database, database.engine.connect() as connection:
        count = await connection.exec_driver_sql("SELECT count(*) FROM awaited_check_claims")
        assert count.scalar_one() == 1


async def test_a_migration_that_fails_half_way_leaves_nothing_behind(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite"
    # The step makes its table first, then stumbles over the name of its index.
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE other (a)")
        connection.execute("CREATE INDEX ix_awaited_check_claims_repository_number ON other (a)")

    with pytest.raises(sa.exc.OperationalError, match="already exists"):
        await Database.open(f"sqlite:///{file}")

    assert tables_of(file) <= {"other", VERSION_TABLE}


async def test_a_failed_start_gives_the_database_back(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite"
    file.write_bytes(b"this is no database, and longer than a header of one hundred bytes" * 4)

    with pytest.raises(sqlite3.DatabaseError):
        await Database.open(f"sqlite:///{file}")

    file.unlink()
    async with await Database.open(f"sqlite:///{file}", patience=0):
        pass


async def test_a_second_process_may_not_use_an_embedded_database(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"

    async with await Database.open(url):
        with pytest.raises(DatabaseInUse, match=r"bot\.sqlite: stop it"):
            await Database.open(url, patience=0)


async def test_a_newcomer_waits_for_a_process_that_is_about_to_leave(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    leaving = await Database.open(url)

    newcomer = asyncio.create_task(Database.open(url, patience=20))
    await asyncio.sleep(0)  # it tries, and has to wait
    await leaving.close()

    await (await newcomer).close()


async def test_a_killed_process_gives_the_database_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'bot.sqlite'}"
    holder = (
        "import asyncio, sys; from bot.store.database import Database\n"
        "async def main():\n"
        f"    await Database.open({url!r})\n"
        "    print('open', flush=True)\n"
        "    await asyncio.Event().wait()\n"
        "asyncio.run(main())"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", holder, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout is not None
    assert await child.stdout.readline() == b"open\n"
    with pytest.raises(DatabaseInUse):
        await Database.open(url, patience=0)
    child.kill()
    await child.wait()

    await (await Database.open(url, patience=0)).close()


async def test_closing_twice_is_harmless(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite:///{tmp_path / 'bot.sqlite'}")

    await database.close()
    await database.close()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_postgresql_means_the_same_driver(scheme: str) -> None:
    address = Address.parse(f"{scheme}://bot:p%40ss@db.example/bot")

    assert address.blocking == "postgresql+psycopg://bot:p%40ss@db.example/bot"
    assert address.asynchronous == address.blocking
    assert address.file is None


@pytest.mark.parametrize(
    "url", ["sqlite://", "sqlite:///:memory:", "mysql://db/bot", "postgresql+asyncpg://db/bot"]
)
def test_a_database_that_would_not_last_or_is_unknown_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"the database must be"):
        Address.parse(url)


async def test_a_server_that_is_not_there_is_an_error() -> None:
    with pytest.raises(sa.exc.OperationalError, match="refused"):
        await Database.open("postgresql://bot@127.0.0.1:1/bot")
