"""Who creates which check run: a row claimed before GitHub is asked for anything."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.store.schema import check_claims

# Any fixed value will do; a different one would forget every check run on GitHub.
_NAMESPACE = uuid.UUID("6a9de0f4-6c0b-5d0e-9a0e-2a1f3c1b7e55")

# GitHub keeps so many check runs of one name on a commit.
_MOST_ATTEMPTS = 1_000
# And each for so long; a required check has to be run again after that ("Retention of checks").
_AGE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Claim:
    """One check run, from before it exists until it has its conclusion.

    Attributes:
        attempt: 1 for the first check of a head; each "Re-run" on GitHub is one more.
        number: the pull request, where the check is about one.
        base_ref: the branch that this was to be merged into; None where nobody noted that.
        external_id: the check run's `external_id` on GitHub. It follows from repository, head,
            name and attempt, so that the run is found again even if this database is lost.
        created: this call made the claim; otherwise somebody did before (perhaps this very job,
            before it was interrupted).
        check_run_id: known once GitHub has answered.
        conclusion: None while the run is not completed.
    """

    repository: str
    head_sha: str
    name: str
    attempt: int
    number: int | None
    base_ref: str | None
    external_id: str
    created: bool
    check_run_id: int | None
    conclusion: str | None


class Claims:
    """The table of claims. Every method is one short transaction."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now
        self._forgot_on: date | None = None

    async def claim(
        self,
        repository: str,
        head_sha: str,
        name: str,
        attempt: int = 1,
        *,
        number: int | None = None,
        base_ref: str | None = None,
    ) -> Claim:
        """Claim a check run, or return the claim that is there already."""
        external_id = _external_id(repository, head_sha, name, attempt)
        await self._forget_old()
        created = await self._inserted(
            repository=repository,
            head_sha=head_sha,
            name=name,
            attempt=attempt,
            number=number,
            base_ref=base_ref,
            external_id=external_id,
        )
        return replace(await self._existing(external_id), created=created)

    async def restore(
        self,
        repository: str,
        head_sha: str,
        name: str,
        *,
        external_id: str,
        check_run_id: int,
        conclusion: str | None,
        number: int | None = None,
    ) -> None:
        """Claim a check run that is on GitHub, and that this database has lost or never had.

        Into which base it was to be is not known. One that no claim can have made is left out.
        """
        attempts = range(1, _MOST_ATTEMPTS + 1)
        made = (n for n in attempts if _external_id(repository, head_sha, name, n) == external_id)
        attempt = next(made, None)
        if attempt is None:
            return
        await self._inserted(
            repository=repository,
            head_sha=head_sha,
            name=name,
            attempt=attempt,
            number=number,
            external_id=external_id,
            check_run_id=check_run_id,
            conclusion=conclusion,
            finished_at=None if conclusion is None else self._milliseconds(),
        )

    async def record(self, external_id: str, check_run_id: int) -> None:
        """Remember which check run GitHub made for a claim."""
        await self._update(external_id, check_run_id=check_run_id)

    async def finished(self, external_id: str, conclusion: str) -> None:
        """Remember that the check run is completed on GitHub."""
        await self._update(external_id, conclusion=conclusion, finished_at=self._milliseconds())

    async def number_of(self, repository: str, head_sha: str, name: str) -> int | None:
        """Return the pull request of the newest claim on a head of which it is known."""
        claims = await self.of_head(repository, head_sha, name)
        numbers = [claim.number for claim in claims if claim.number is not None]
        return numbers[-1] if numbers else None

    async def latest(self, repository: str, head_sha: str, name: str) -> Claim | None:
        """Return the claim with the highest attempt on a head, or None."""
        found = await self.of_head(repository, head_sha, name)
        return found[-1] if found else None

    async def of_head(self, repository: str, head_sha: str, name: str) -> tuple[Claim, ...]:
        """Return all claims on a head, the first attempt first."""
        return await self._select(
            check_claims.c.repository == repository,
            check_claims.c.head_sha == head_sha,
            check_claims.c.name == name,
        )

    async def unfinished(self, repository: str, number: int) -> tuple[Claim, ...]:
        """Return the claims of a pull request that have no conclusion yet, oldest first."""
        return await self._select(
            check_claims.c.repository == repository,
            check_claims.c.number == number,
            check_claims.c.conclusion.is_(None),
        )

    async def _forget_old(self) -> None:
        """Delete, once a day, the claims of check runs that GitHub does not have any more."""
        now = self._now()
        if self._forgot_on == now.date():
            return
        self._forgot_on = now.date()
        oldest = int((now - _AGE).timestamp() * 1000)
        async with self._engine.begin() as connection:
            await connection.execute(
                sa.delete(check_claims).where(check_claims.c.claimed_at < oldest)
            )

    async def _inserted(self, **values: Any) -> bool:
        """Add a claim; return False where it is there already."""
        row = sa.insert(check_claims).values(**values, claimed_at=self._milliseconds())
        try:
            async with self._engine.begin() as connection:
                await connection.execute(row)
        except IntegrityError:
            return False
        return True

    async def _existing(self, external_id: str) -> Claim:
        (claim,) = await self._select(check_claims.c.external_id == external_id)
        return claim

    async def _select(self, *conditions: sa.ColumnElement[bool]) -> tuple[Claim, ...]:
        query = (
            sa.select(check_claims)
            .where(*conditions)
            .order_by(check_claims.c.attempt, check_claims.c.id)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return tuple(_claim(row) for row in rows)

    async def _update(self, external_id: str, **values: Any) -> None:
        change = (
            sa.update(check_claims)
            .where(check_claims.c.external_id == external_id)
            .values(**values)
        )
        async with self._engine.begin() as connection:
            await connection.execute(change)

    def _milliseconds(self) -> int:
        return int(self._now().timestamp() * 1000)


def _external_id(repository: str, head_sha: str, name: str, attempt: int) -> str:
    return str(uuid.uuid5(_NAMESPACE, f"{repository}\n{head_sha}\n{name}\n{attempt}"))


def _claim(row: sa.RowMapping) -> Claim:
    return Claim(
        repository=row["repository"],
        head_sha=row["head_sha"],
        name=row["name"],
        attempt=row["attempt"],
        number=row["number"],
        base_ref=row["base_ref"],
        external_id=row["external_id"],
        created=False,
        check_run_id=row["check_run_id"],
        conclusion=row["conclusion"],
    )
