"""What one query tells of a pull request, read from a GitHub that really has it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import Sighting
from tests.github.clock import Clock
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SEEN = Sighting("open", "2" * 40, "main", NOON)


async def test_a_pull_request_is_read_as_it_is_now(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()

    pull = await gateway.pull_request(opened.number)

    assert (pull.number, pull.state) == (opened.number, "open")
    assert (pull.head_sha, pull.head_ref) == (opened.head_sha, "feature")
    assert (pull.base_sha, pull.base_ref) == (opened.base_sha, "main")
    assert (pull.head_repository, pull.base_repository) == ("octo-org/shop", "octo-org/shop")
    assert pull.default_branch == "main"
    assert pull.is_open
    assert not pull.from_fork
    assert not pull.merged
    assert pull.shown is None


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


def answer_of(changed: Sighting = SEEN, **fields: Any) -> dict[str, Any]:
    """What GitHub answers that shows a pull request like this."""
    return {
        "repository": {
            "nameWithOwner": "octo-org/shop",
            "defaultBranchRef": {"name": "main"},
            "pullRequest": {
                "number": 1,
                "state": changed.state.upper(),
                "updatedAt": changed.updated_at.isoformat(),
                "maintainerCanModify": False,
                "headRefName": "feature",
                "headRefOid": changed.head_sha,
                "headRepository": {"nameWithOwner": "octo-org/shop"},
                "baseRefName": changed.base_ref,
                "baseRefOid": "0" * 40,
                "baseRef": {"target": {"oid": "b" * 40, "f0": None, "f1": None}},
                "commits": {"nodes": []},
                **fields,
            },
        }
    }


def answered(changed: Sighting = SEEN, **fields: Any) -> Answer:
    return Answer({"data": answer_of(changed, **fields)})


def gap(*path: str, kind: str | None = "NOT_FOUND") -> dict[str, Any]:
    """An error of a part of an answer."""
    return {"type": kind, "path": ["repository", "pullRequest", *path], "message": "no"}


@pytest.mark.parametrize(
    "old",
    [
        replace(SEEN, head_sha="1" * 40, updated_at=NOON - timedelta(seconds=9)),
        replace(SEEN, head_sha="1" * 40),
        replace(SEEN, base_ref="release"),
        replace(SEEN, state="closed"),
    ],
)
async def test_an_answer_of_before_what_was_seen_is_asked_for_again(
    gateway: RepositoryGateway, stub: Stub, clock: Clock, old: Sighting
) -> None:
    stub.answers = [answered(old), answered(old), answered(SEEN)]

    pull = await gateway.pull_request(1, seen=SEEN)

    assert (pull.head_sha, pull.base_ref, pull.state) == ("2" * 40, "main", "open")
    assert clock.naps == [1.0, 2.0]


@pytest.mark.parametrize(
    "now",
    [
        SEEN,
        replace(SEEN, head_sha="3" * 40, updated_at=NOON + timedelta(seconds=1)),
        # Somebody's clock, or rounding: what it says is what was seen.
        replace(SEEN, updated_at=NOON - timedelta(seconds=1)),
    ],
)
async def test_an_answer_that_is_as_new_as_what_was_seen_is_believed_at_once(
    gateway: RepositoryGateway, stub: Stub, clock: Clock, now: Sighting
) -> None:
    stub.answers = [answered(now)]

    pull = await gateway.pull_request(1, seen=SEEN)

    assert pull.head_sha == now.head_sha
    assert clock.naps == []
