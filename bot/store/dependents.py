"""Which checked files depended on which others, by what earlier verdicts have read.

Nothing here is the truth about a commit: it may be of a branch that was never merged. So what is
known is only added to, and forgotten with time, never taken back for what another verdict did not
read; otherwise whoever opens a pull request could have a dependency of others forgotten.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.store.schema import dependents

# What has not been read for longer is forgotten; most tests are left alone for months.
_AGE = timedelta(days=400)
# Of one verdict, and of one repository: pairs of files, of which a test makes some ten to twenty.
_MOST_AT_ONCE = 5_000
_MOST = 50_000
# What is left of one that has more: making room takes a second, so it is not done each time.
_LEFT = 0.8
# Bytes of a path; an index of PostgreSQL takes no more than 2,700 of a row.
_LONGEST = 500
# Paths that are asked for in one statement.
_BATCH = 500

_Insert = Callable[[sa.Table], sqlite.Insert | postgresql.Insert]
_INSERTS: Mapping[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Dependents:
    """The table of dependencies, of each repository of each installation apart."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def add(
        self, installation_id: int, repository: str, read: Mapping[str, Collection[str]]
    ) -> None:
        """Remember what the verdict on each file has read; more than is kept is left out."""
        today = self._now().date()
        rows = [
            {
                "installation_id": installation_id,
                "repository": repository,
                "dependency": dependency,
                "dependent": dependent,
                "seen_on": today.toordinal(),
            }
            for dependent, dependency in islice(_pairs(read), _MOST_AT_ONCE)
        ]
        if not rows:
            return
        async with self._engine.begin() as connection:
            await connection.execute(self._insert(), rows)
            await _prune(connection, installation_id, repository)
        oldest = (today - _AGE).toordinal()
        # By itself: whoever waits for others here must not hold what they wait for.
        async with self._engine.begin() as connection:
            await connection.execute(sa.delete(dependents).where(dependents.c.seen_on < oldest))

    async def of(
        self, installation_id: int, repository: str, paths: Iterable[str]
    ) -> frozenset[str]:
        """Return the files whose verdicts have read any of some paths."""
        found: set[str] = set()
        left = filter(_is_kept, paths)
        async with self._engine.connect() as connection:
            while batch := list(islice(left, _BATCH)):
                query = (
                    sa.select(dependents.c.dependent)
                    .distinct()
                    .where(
                        *_within(installation_id, repository),
                        dependents.c.dependency.in_(batch),
                    )
                )
                found.update((await connection.execute(query)).scalars())
        return frozenset(found)

    def _insert(self) -> sa.Executable:
        """Return the statement that adds pairs, or tells of known ones that they were seen."""
        insert = _INSERTS[self._engine.dialect.name](dependents)
        return insert.on_conflict_do_update(
            index_elements=list(dependents.primary_key),
            set_={"seen_on": insert.excluded.seen_on},
            where=dependents.c.seen_on < insert.excluded.seen_on,
        )


def _pairs(read: Mapping[str, Collection[str]]) -> Iterator[tuple[str, str]]:
    """Yield file and dependency; always in one order, so that workers never block each other."""
    for dependent in sorted(filter(_is_kept, read)):
        for dependency in sorted(filter(_is_kept, read[dependent])):
            yield dependent, dependency


def _is_kept(path: str) -> bool:
    """Whether a path is one that a database takes, and is not of an unreasonable length."""
    encoded = path.encode(errors="replace")
    return len(encoded) <= _LONGEST and b"\0" not in encoded and encoded.decode() == path


async def _prune(connection: AsyncConnection, installation_id: int, repository: str) -> None:
    """Forget what was not seen for the longest, where a repository has more than is kept."""
    own = _within(installation_id, repository)
    count = await connection.execute(
        sa.select(sa.func.count()).select_from(dependents).where(*own)
    )
    if count.scalar_one() <= _MOST:
        return
    order = (dependents.c.seen_on.desc(), dependents.c.dependent, dependents.c.dependency)
    query = sa.select(dependents).where(*own).order_by(*order).offset(int(_MOST * _LEFT)).limit(1)
    first = (await connection.execute(query)).mappings().one()
    day, pair = dependents.c.seen_on, sa.tuple_(dependents.c.dependent, dependents.c.dependency)
    is_beyond = sa.or_(
        day < first["seen_on"],
        sa.and_(day == first["seen_on"], pair >= (first["dependent"], first["dependency"])),
    )
    await connection.execute(sa.delete(dependents).where(*own, is_beyond))


def _within(installation_id: int, repository: str) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        dependents.c.installation_id == installation_id,
        dependents.c.repository == repository,
    )
