"""A merge queue: groups that stack, what is sent of them, and what makes them anew."""

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.model import MergeGroup, PullRequest
from tests.sandbox.shop import EVENTS, FULL, Json, Shop

PERMISSIONS = FULL | {"merge_queues": "read"}


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """The shop, whose app is told of merge groups."""
    shop.app.events = (*EVENTS, "merge_group")
    shop.github.world.installations[shop.installation_id].permissions |= PERMISSIONS
    return shop


async def pull(shop: Shop, branch: str, **files: str) -> PullRequest:
    """Push a branch with files `NAME.txt`, and open a pull request from it."""
    changed = {f"{name}.txt": text for name, text in files.items()}
    await shop.github.push(shop.repository, branch, changed, shop.alice)
    return await shop.github.open_pull_request(shop.repository, head=branch, user=shop.alice)


async def queued(shop: Shop, branch: str, **files: str) -> MergeGroup:
    """Open a pull request and queue it."""
    opened = await pull(shop, branch, **files)
    return await shop.github.queue_pull_request(shop.repository, opened.number, shop.alice)


def told(shop: Shop, action: str) -> list[Json]:
    """Return the payloads of `merge_group` with that action, in the order of their sending."""
    return [one.payload for one in shop.github.deliveries if one.name == f"merge_group.{action}"]


def requested(shop: Shop) -> list[str]:
    """Return the head of every group for which checks were asked."""
    return [each["merge_group"]["head_sha"] for each in told(shop, "checks_requested")]


def destroyed(shop: Shop) -> list[tuple[str, str]]:
    """Return head and reason of every group that is no more."""
    return [(each["merge_group"]["head_sha"], each["reason"]) for each in told(shop, "destroyed")]


def line(shop: Shop) -> list[MergeGroup]:
    return shop.repository.queues["main"]


async def test_a_group_is_a_real_commit_on_a_branch_of_its_own(shop: Shop) -> None:
    main = shop.repository.head("main")

    group = await queued(shop, "one", b="b")

    assert group.branch == f"gh-readonly-queue/main/pr-1-{main}"
    assert shop.repository.head(group.branch) == group.head_sha
    commit = shop.repository.store.commit(group.head_sha)
    assert [str(oid) for oid in commit.parent_ids] == [main, shop.repository.pulls[1].head_sha]
    assert shop.repository.file(group.head_sha, "b.txt") == b"b"


async def test_checks_are_asked_for_it(shop: Shop) -> None:
    group = await queued(shop, "one", b="b")

    (payload,) = told(shop, "checks_requested")
    told_group = payload["merge_group"]
    assert told_group["head_commit"].pop("id") == group.head_sha
    assert set(told_group.pop("head_commit")) == {
        "author",
        "committer",
        "message",
        "timestamp",
        "tree_id",
    }
    assert told_group == {
        "head_sha": group.head_sha,
        "head_ref": f"refs/heads/{group.branch}",
        "base_sha": shop.repository.head("main"),
        "base_ref": "refs/heads/main",
    }
    assert payload["installation"]["id"] == shop.installation_id
    suite = shop.repository.suite_for(shop.app, group.head_sha)
    assert suite is not None
    assert suite.head_branch == group.branch


async def test_groups_stack(shop: Shop) -> None:
    first = await queued(shop, "one", b="b")
    second = await queued(shop, "two", c="c")

    assert second.base_sha == first.head_sha
    assert shop.repository.file(second.head_sha, "b.txt") == b"b"
    assert requested(shop) == [first.head_sha, second.head_sha]


async def test_what_is_first_is_merged_as_it_was_checked(shop: Shop) -> None:
    first = await queued(shop, "one", b="b")
    second = await queued(shop, "two", c="c")

    merged = await shop.github.merge_next(shop.repository, shop.alice)

    assert (merged.number, merged.state) == (1, "closed")
    assert merged.merged_at is not None
    assert shop.repository.head("main") == first.head_sha
    assert shop.repository.head(first.branch) is None
    assert destroyed(shop) == [(first.head_sha, "merged")]
    assert line(shop) == [second]


async def test_what_stands_behind_a_pull_request_that_left_is_made_anew(shop: Shop) -> None:
    first = await queued(shop, "one", b="b")
    second = await queued(shop, "two", c="c")
    third = await queued(shop, "three", d="d")

    await shop.github.unqueue_pull_request(shop.repository, 2, shop.alice)

    assert destroyed(shop) == [(second.head_sha, "dequeued"), (third.head_sha, "invalidated")]
    kept, anew = line(shop)
    assert (kept, anew.number, anew.base_sha) == (first, 3, first.head_sha)
    assert shop.repository.file(anew.head_sha, "c.txt") is None
    assert requested(shop)[-1] == anew.head_sha


async def test_a_push_to_the_base_makes_every_group_anew(shop: Shop) -> None:
    first = await queued(shop, "one", b="b")

    head = await shop.github.push(shop.repository, "main", {"c.txt": "c"}, shop.alice)

    assert destroyed(shop) == [(first.head_sha, "invalidated")]
    (anew,) = line(shop)
    assert anew.base_sha == head


async def test_a_group_that_no_longer_merges_leaves_the_queue(shop: Shop) -> None:
    await queued(shop, "one", a="one")

    await shop.github.push(shop.repository, "main", {"a.txt": "other"}, shop.alice)

    assert line(shop) == []
    (left,) = [one for one in shop.github.deliveries if one.name == "pull_request.dequeued"]
    assert left.payload["reason"] == "MERGE_CONFLICT"


async def test_a_pull_request_that_changes_or_ends_leaves_the_queue(shop: Shop) -> None:
    for number, branch in enumerate(("one", "two", "three"), start=1):
        await queued(shop, branch, **{branch: "text"})
        assert len(line(shop)) == number

    await shop.github.push(shop.repository, "one", {"e.txt": "e"}, shop.alice)
    await shop.github.close_pull_request(shop.repository, 2, shop.alice)
    await shop.github.merge_pull_request(shop.repository, 3, shop.alice)

    assert line(shop) == []
    assert "invalidated" in {reason for _, reason in destroyed(shop)}
    assert shop.repository.file("main", "one.txt") is None


async def test_what_cannot_be_merged_cannot_be_queued(shop: Shop) -> None:
    await queued(shop, "one", a="one")
    conflicting = await pull(shop, "two", a="two")
    draft = await pull(shop, "three", d="d")
    await shop.github.set_draft(shop.repository, draft.number, shop.alice, draft=True)
    closed = await pull(shop, "four", e="e")
    await shop.github.close_pull_request(shop.repository, closed.number, shop.alice)

    for number in (1, conflicting.number, draft.number, closed.number):
        with pytest.raises(ApiError):
            await shop.github.queue_pull_request(shop.repository, number, shop.alice)

    assert [group.number for group in line(shop)] == [1]


async def test_nothing_is_merged_from_an_empty_queue(shop: Shop) -> None:
    with pytest.raises(ApiError, match="404"):
        await shop.github.merge_next(shop.repository, shop.alice)


async def test_nothing_is_queued_for_a_branch_that_is_gone(shop: Shop) -> None:
    await queued(shop, "one", b="b")

    await shop.github.delete_branch(shop.repository, "main", shop.alice)

    assert line(shop) == []


async def test_an_app_that_may_not_read_queues_is_told_nothing(shop: Shop) -> None:
    del shop.github.world.installations[shop.installation_id].permissions["merge_queues"]

    await queued(shop, "one", b="b")

    assert told(shop, "checks_requested") == []


async def test_every_payload_about_a_queue_conforms(shop: Shop) -> None:
    await queued(shop, "one", b="b")
    await queued(shop, "two", c="c")
    await shop.github.unqueue_pull_request(shop.repository, 1, shop.alice)
    await shop.github.merge_next(shop.repository, shop.alice)

    names = {one.name for one in shop.github.deliveries}
    assert names >= {"pull_request.enqueued", "pull_request.dequeued", "merge_group.destroyed"}
    assert shop.github.referee.violations == []
