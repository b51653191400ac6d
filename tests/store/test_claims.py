import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.store.claims import Claims
from bot.store.database import Database

HEAD = "a" * 40
OTHER_HEAD = "b" * 40


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with await Database.open(f"sqlite:///{tmp_path / 'bot.sqlite'}") as database:
        yield database


@pytest.fixture
def claims(database: Database) -> Claims:
    return Claims(database.engine, lambda: datetime(2026, 1, 2, tzinfo=UTC))


async def test_the_first_to_claim_creates_and_the_second_finds_it(claims: Claims) -> None:
    first = await claims.claim("octo/shop", HEAD, "awaited", number=7, base_ref="main")
    second = await claims.claim("octo/shop", HEAD, "awaited", number=7, base_ref="other")

    assert first.created
    assert not second.created
    assert second.external_id == first.external_id
    assert (first.attempt, first.number, first.check_run_id) == (1, 7, None)
    assert (first.base_ref, second.base_ref) == ("main", "main")


async def test_of_many_workers_that_claim_at_once_exactly_one_creates(claims: Claims) -> None:
    made = await asyncio.gather(*(claims.claim("octo/shop", HEAD, "awaited") for _ in range(12)))

    assert sum(claim.created for claim in made) == 1
    assert len({claim.external_id for claim in made}) == 1


@pytest.mark.parametrize(
    "other",
    [
        ("octo/till", HEAD, "awaited", 1),
        ("octo/shop", OTHER_HEAD, "awaited", 1),
        ("octo/shop", HEAD, "awaited-policy", 1),
        ("octo/shop", HEAD, "awaited", 2),
    ],
)
async def test_another_repository_head_name_or_attempt_is_another_claim(
    claims: Claims, other: tuple[str, str, str, int]
) -> None:
    first = await claims.claim("octo/shop", HEAD, "awaited")

    second = await claims.claim(*other)

    assert second.created
    assert second.external_id != first.external_id


async def test_a_claim_remembers_its_check_run_and_its_conclusion(claims: Claims) -> None:
    claim = await claims.claim("octo/shop", HEAD, "awaited")
    await claims.record(claim.external_id, 4_294_967_296_001)
    await claims.finished(claim.external_id, "failure")

    found = await claims.claim("octo/shop", HEAD, "awaited")

    assert found.check_run_id == 4_294_967_296_001
    assert found.conclusion == "failure"


async def test_the_same_check_run_is_found_again_with_an_empty_database(
    claims: Claims, tmp_path: Path
) -> None:
    before = await claims.claim("octo/shop", HEAD, "awaited")

    async with await Database.open(f"sqlite:///{tmp_path / 'new.sqlite'}") as empty:
        after = await Claims(empty.engine, lambda: datetime.now(UTC)).claim(
            "octo/shop", HEAD, "awaited"
        )

    assert after.external_id == before.external_id


async def test_the_latest_claim_of_a_head_is_that_of_the_highest_attempt(claims: Claims) -> None:
    await claims.claim("octo/shop", HEAD, "awaited", 2)
    await claims.claim("octo/shop", HEAD, "awaited", 1)
    await claims.claim("octo/shop", OTHER_HEAD, "awaited", 3)

    latest = await claims.latest("octo/shop", HEAD, "awaited")

    assert latest is not None
    assert latest.attempt == 2
    assert await claims.latest("octo/shop", "c" * 40, "awaited") is None


async def test_what_a_pull_request_has_unfinished_is_found(claims: Claims) -> None:
    done = await claims.claim("octo/shop", HEAD, "awaited", number=7)
    await claims.finished(done.external_id, "success")
    left = await claims.claim("octo/shop", OTHER_HEAD, "awaited", number=7)
    await claims.claim("octo/shop", OTHER_HEAD, "awaited", 2, number=8)

    unfinished = await claims.unfinished("octo/shop", 7)

    assert [claim.external_id for claim in unfinished] == [left.external_id]


async def test_a_run_that_only_github_knows_is_claimed_as_what_it_is(
    claims: Claims, tmp_path: Path
) -> None:
    lost = await claims.claim("octo/shop", HEAD, "awaited", 3, number=7)

    async with await Database.open(f"sqlite:///{tmp_path / 'new.sqlite'}") as database:
        new = Claims(database.engine, lambda: datetime(2026, 1, 3, tzinfo=UTC))
        for _ in range(2):
            await new.restore(
                "octo/shop",
                HEAD,
                "awaited",
                external_id=lost.external_id,
                check_run_id=4,
                conclusion="failure",
            )
        (found,) = await new.of_head("octo/shop", HEAD, "awaited")

    assert found == replace(lost, created=False, number=None, check_run_id=4, conclusion="failure")


async def test_what_is_claimed_here_is_not_claimed_anew(claims: Claims) -> None:
    claim = await claims.claim("octo/shop", HEAD, "awaited", number=7)
    await claims.record(claim.external_id, 3)

    await claims.restore(
        "octo/shop",
        HEAD,
        "awaited",
        external_id=claim.external_id,
        check_run_id=4,
        conclusion="failure",
    )

    (found,) = await claims.of_head("octo/shop", HEAD, "awaited")
    assert (found.number, found.check_run_id, found.conclusion) == (7, 3, None)


async def test_a_run_that_no_claim_can_have_made_is_nobodys(claims: Claims) -> None:
    of_another = await claims.claim("octo/till", HEAD, "awaited")

    for external_id in ("", of_another.external_id):
        await claims.restore(
            "octo/shop",
            HEAD,
            "awaited",
            external_id=external_id,
            check_run_id=4,
            conclusion=None,
        )

    assert await claims.of_head("octo/shop", HEAD, "awaited") == ()


async def test_the_pull_request_of_a_head_is_that_of_the_newest_claim_that_knows_it(
    claims: Claims,
) -> None:
    assert await claims.number_of("octo/shop", HEAD, "awaited") is None
    await claims.claim("octo/shop", HEAD, "awaited", 1, number=7)
    await claims.claim("octo/shop", HEAD, "awaited", 2, number=8)
    await claims.claim("octo/shop", HEAD, "awaited", 3)

    assert await claims.number_of("octo/shop", HEAD, "awaited") == 8


async def test_claims_are_forgotten_when_github_has_forgotten_their_runs(
    database: Database,
) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    claims = Claims(database.engine, lambda: now)
    await claims.claim("octo/shop", HEAD, "awaited", number=7)
    now += timedelta(days=1)
    await claims.claim("octo/till", HEAD, "awaited", number=7)

    now += timedelta(days=400)
    await claims.claim("octo/shop", OTHER_HEAD, "awaited", number=8)

    assert await claims.of_head("octo/shop", HEAD, "awaited") == ()
    assert len(await claims.of_head("octo/till", HEAD, "awaited")) == 1
    assert len(await claims.of_head("octo/shop", OTHER_HEAD, "awaited")) == 1


async def test_a_worker_that_lives_on_forgets_each_day(database: Database) -> None:
    now = datetime(2026, 1, 2, tzinfo=UTC)
    claims = Claims(database.engine, lambda: now)
    for _ in range(403):
        await claims.claim("octo/shop", f"{now:%Y-%m-%d}", "awaited")
        now += timedelta(days=1)

    assert await claims.of_head("octo/shop", "2026-01-03", "awaited") == ()
    assert await claims.of_head("octo/shop", "2026-01-04", "awaited")
