"""Pull requests, read from a GitHub that really has them."""

import pytest

from bot.github.errors import Gone
from tests.github.shop import Shop


async def test_a_pull_request_is_read_as_it_is_now(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()

    pull = await gateway.pull_request(opened.number)

    assert (pull.number, pull.title, pull.state) == (opened.number, "Change files", "open")
    assert (pull.head_sha, pull.head_ref) == (opened.head_sha, "feature")
    assert (pull.base_sha, pull.base_ref) == (opened.base_sha, "main")
    assert (pull.head_repository, pull.base_repository) == ("octo-org/shop", "octo-org/shop")
    assert (pull.default_branch, pull.author) == ("main", "alice")
    assert pull.is_open
    assert not pull.from_fork
    assert (pull.merged, pull.draft) == (False, False)


async def test_a_merged_pull_request_is_closed(shop: Shop) -> None:
    opened = await shop.pull()
    await shop.github.merge_pull_request(shop.repository, opened.number, user=shop.alice)

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.merged
    assert not pull.is_open


async def test_a_pull_request_from_a_fork_says_so(shop: Shop) -> None:
    opened = await shop.pull_from_fork()

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.from_fork
    assert pull.maintainer_can_modify
    assert pull.head_repository == "carol/shop"


async def test_a_deleted_fork_leaves_a_pull_request_without_head_repository(shop: Shop) -> None:
    opened = await shop.pull_from_fork()
    shop.github.delete_repository(shop.github.world.repository("carol/shop"))

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.head_repository is None
    assert pull.from_fork


async def test_a_pull_request_that_is_not_there_is_gone(shop: Shop) -> None:
    with pytest.raises(Gone):
        await (await shop.gateway()).pull_request(4711)
