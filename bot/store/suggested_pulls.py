"""In which pull requests fixes were suggested: only there are threads of ours to look after."""

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.schema import suggested_pulls


class SuggestedPulls:
    """The table of those pull requests. Every method is one short transaction."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def add(self, repository: str, number: int) -> None:
        """Remember a pull request; once is enough."""
        row = sa.insert(suggested_pulls).values(repository=repository, number=number)
        try:
            async with self._engine.begin() as connection:
                await connection.execute(row)
        except IntegrityError:
            return

    async def has(self, repository: str, number: int) -> bool:
        """Whether fixes were suggested there."""
        wanted = sa.select(sa.literal(1)).where(
            suggested_pulls.c.repository == repository, suggested_pulls.c.number == number
        )
        async with self._engine.connect() as connection:
            return (await connection.execute(wanted)).first() is not None
