from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database
from bot.store.suggested_pulls import SuggestedPulls


@pytest.fixture
async def suggested(tmp_path: Path) -> AsyncIterator[SuggestedPulls]:
    async with await Database.open(f"sqlite:///{tmp_path / 'bot.sqlite'}") as database:
        yield SuggestedPulls(database.engine)


async def test_a_pull_request_is_remembered(suggested: SuggestedPulls) -> None:
    assert not await suggested.has("octo/shop", 7)

    await suggested.add("octo/shop", 7)

    assert await suggested.has("octo/shop", 7)
    assert not await suggested.has("octo/shop", 8)
    assert not await suggested.has("octo/till", 7)


async def test_a_pull_request_may_be_remembered_twice(suggested: SuggestedPulls) -> None:
    await suggested.add("octo/shop", 7)
    await suggested.add("octo/shop", 7)

    assert await suggested.has("octo/shop", 7)
