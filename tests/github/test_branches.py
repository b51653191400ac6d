"""Who may push, and which branches are closed to pushes."""

import pytest

from bot.github.branches import HARMLESS_RULES, Branch, Permission
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub


@pytest.mark.parametrize(
    ("role", "level", "can_write", "maintains"),
    [
        ("admin", "admin", True, True),
        ("maintain", "write", True, True),
        ("write", "write", True, False),
        ("triage", "read", False, False),
        ("read", "read", False, False),
        ("none", "none", False, False),
    ],
)
async def test_a_permission_is_read_by_role(
    shop: Shop, role: str, level: str, *, can_write: bool, maintains: bool
) -> None:
    shop.repository.private = True
    shop.repository.permissions["alice"] = role

    permission = await (await shop.gateway()).permission("alice")

    assert (permission.level, permission.can_write) == (level, can_write)
    assert permission.maintains == maintains


@pytest.mark.parametrize("extended", ["write", "maintain"])
async def test_a_custom_role_counts_as_what_it_extends(shop: Shop, extended: str) -> None:
    shop.repository.custom_roles["releaser"] = extended
    shop.repository.permissions["alice"] = "releaser"

    permission = await (await shop.gateway()).permission("alice")

    assert permission == Permission("write", "releaser", maintains=extended == "maintain")


async def test_a_permission_is_never_remembered(shop: Shop) -> None:
    gateway = await shop.gateway()
    assert (await gateway.permission("alice")).can_write

    shop.repository.permissions["alice"] = "read"

    assert not (await gateway.permission("alice")).can_write


@pytest.mark.parametrize("login", ["nobody-at-all", "awaited[bot]", "..", ""])
async def test_who_is_unknown_may_do_nothing(shop: Shop, login: str) -> None:
    permission = await (await shop.gateway()).permission(login)

    assert not permission.can_write


async def test_a_plain_branch_can_be_pushed_to(shop: Shop) -> None:
    head = shop.repository.commit({"a": "b"}, branch="alice/fix-#7-{100%}")

    branch = await (await shop.gateway()).branch("alice/fix-#7-{100%}")

    assert branch == Branch("alice/fix-#7-{100%}", head, protected=False)


async def test_a_protected_branch_says_so(shop: Shop) -> None:
    shop.repository.protect("main")

    assert (await (await shop.gateway()).branch("main")).protected


@pytest.mark.parametrize("rule", ["pull_request", "update", "merge_queue"])
async def test_a_rule_that_wants_another_way_protects(shop: Shop, rule: str) -> None:
    shop.repository.add_rule("main", "deletion")
    shop.repository.add_rule("main", rule)

    assert (await (await shop.gateway()).branch("main")).protected


@pytest.mark.parametrize("rule", ["deletion", "non_fast_forward", "required_signatures"])
async def test_a_rule_that_our_commits_keep_does_not_protect(shop: Shop, rule: str) -> None:
    shop.repository.add_rule("main", rule)

    assert not (await (await shop.gateway()).branch("main")).protected


async def test_a_rule_that_nobody_knows_yet_protects(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    branch = {"commit": {"sha": "1" * 40}, "protected": False}
    stub.answers = [Answer(branch), Answer([{"type": "deletion"}, {"type": "new_in_2030"}])]

    assert (await gateway.branch("main")).protected
    assert not {"pull_request", "update", "required_status_checks"} & HARMLESS_RULES


async def test_a_branch_that_is_not_there_is_gone(shop: Shop) -> None:
    gateway = await shop.gateway()

    with pytest.raises(Gone):
        await gateway.branch("nowhere")
    with pytest.raises(Gone):
        await gateway.branch("")
