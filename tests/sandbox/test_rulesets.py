"""Rulesets: created through the interface, and kept by merges and queues."""

from typing import Any

import pytest

from bot.sandbox.errors import ApiError
from bot.sandbox.model import CheckRun
from tests.sandbox.shop import Json, Shop

QUEUE: Json = {
    "type": "merge_queue",
    "parameters": {
        "merge_method": "MERGE",
        "grouping_strategy": "ALLGREEN",
        "min_entries_to_merge": 1,
        "min_entries_to_merge_wait_minutes": 5,
        "max_entries_to_build": 5,
        "max_entries_to_merge": 5,
        "check_response_timeout_minutes": 60,
    },
}


def ruleset(*names: str, include: str = "~DEFAULT_BRANCH", **changes: Any) -> Json:
    """Return a ruleset that requires checks of these names, from anybody."""
    checks: Json = {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "required_status_checks": [{"context": name} for name in names],
        },
    }
    conditions = {"ref_name": {"include": [include], "exclude": []}}
    given = {"name": "rules", "enforcement": "active", "conditions": conditions, "rules": [checks]}
    return given | changes


async def create(shop: Shop, body: Json) -> Any:
    shop.repository.permissions["alice"] = "admin"
    return await shop.client(shop.alice.token).post(f"{shop.path}/rulesets", body)


def report(shop: Shop, head_sha: str, name: str, conclusion: str | None) -> None:
    """Report a check run as the app; without a conclusion it is under way."""
    suite = shop.github.activity.suite(shop.repository, shop.app, head_sha)
    run = CheckRun(shop.github.world.next_id(), suite, name, shop.github.world.now())
    run.status, run.conclusion = "completed" if conclusion else "in_progress", conclusion
    shop.github.activity.run_created(shop.repository, run)


async def merged(shop: Shop) -> bool:
    try:
        await shop.github.merge_pull_request(shop.repository, 1, shop.alice)
    except ApiError:
        return False
    return True


async def test_a_ruleset_is_told_back_and_holds(shop: Shop) -> None:
    made = await create(shop, ruleset("lint"))

    assert (made["name"], made["source"]) == ("rules", shop.repository.full_name)
    client = await shop.installed(metadata="read")
    (rule,) = await client.get(f"{shop.path}/rules/branches/main")
    assert rule["type"] == "required_status_checks"


@pytest.mark.parametrize(
    ("conclusions", "lets_in"),
    [
        ((), False),
        ((None,), False),
        (("failure",), False),
        (("cancelled",), False),
        (("action_required",), False),
        (("success",), True),
        (("neutral",), True),
        (("skipped",), True),
        (("failure", "success"), True),
        (("success", "failure"), False),
        (("success", None), False),
    ],
)
async def test_the_newest_run_of_a_required_check_decides(
    shop: Shop, conclusions: tuple[str | None, ...], *, lets_in: bool
) -> None:
    await create(shop, ruleset("lint"))
    pull = await shop.pull()

    for conclusion in conclusions:
        report(shop, pull.head_sha, "lint", conclusion)

    assert await merged(shop) is lets_in


async def test_every_required_check_must_pass(shop: Shop) -> None:
    await create(shop, ruleset("lint", "test"))
    pull = await shop.pull()
    report(shop, pull.head_sha, "lint", "success")
    assert not await merged(shop)

    report(shop, pull.head_sha, "test", "success")

    assert await merged(shop)


@pytest.mark.parametrize("changes", [{"enforcement": "disabled"}, {"include": "refs/heads/other"}])
async def test_rules_that_do_not_hold_here_require_nothing(
    shop: Shop, changes: dict[str, str]
) -> None:
    await create(shop, ruleset("lint", **changes))
    await shop.pull()

    assert await merged(shop)


async def test_a_queue_waits_for_its_checks_and_then_merges_by_itself(shop: Shop) -> None:
    rules = ruleset("lint")
    await create(shop, rules | {"rules": [*rules["rules"], QUEUE]})
    await shop.pull()
    group = await shop.github.queue_pull_request(shop.repository, 1, shop.alice)
    report(shop, group.head_sha, "other", "success")
    assert shop.repository.head("main") == group.base_sha

    report(shop, group.head_sha, "lint", "success")

    assert shop.repository.head("main") == group.head_sha


async def test_a_group_that_fails_leaves_the_queue(shop: Shop) -> None:
    rules = ruleset("lint")
    await create(shop, rules | {"rules": [*rules["rules"], QUEUE]})
    await shop.pull()
    group = await shop.github.queue_pull_request(shop.repository, 1, shop.alice)

    report(shop, group.head_sha, "lint", "failure")

    assert shop.repository.queues["main"] == []
    assert shop.repository.head("main") == group.base_sha
    assert shop.repository.pulls[1].state == "open"
