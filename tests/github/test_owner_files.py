"""Files of an owner: read with a token of their own, kept for a while, shared with nobody."""

import asyncio

import pytest

from bot.analysis.request import Unreadable
from bot.github.contents import LARGEST_FILE
from bot.github.errors import Gone, Transient
from bot.github.owner_files import AGE
from bot.sandbox.faults import Fault
from bot.sandbox.repository import Repository
from tests.github.shop import Shop

FILE = ".awaited.toml"
MINTING = "apps/create-installation-access-token"


def owners(shop: Shop, text: bytes | str = "scope = 'all'\n") -> Repository:
    """Add the owner's repository, with the app installed on it."""
    repository = shop.github.create_repository("octo-org/.github")
    repository.commit({FILE: text})
    shop.github.install(shop.app, repository)
    return repository


async def test_a_file_of_the_owner_is_read_with_a_token_for_that_alone(shop: Shop) -> None:
    owners(shop)
    gateway = await shop.gateway()
    shop.github.requests.clear()

    found = await gateway.owner_file(FILE)

    assert (found.repository, found.content) == ("octo-org/.github", b"scope = 'all'\n")
    assert shop.github.requests == {MINTING: 1, "graphql/repository": 1}
    minted = [each for each in shop.github.exchanges if each.operation == MINTING][-1]
    assert minted.body == {"repositories": [".github"], "permissions": {"contents": "read"}}


async def test_the_token_for_it_reaches_nothing_else(shop: Shop) -> None:
    owners(shop)
    contents = await shop.bot._owners(shop.installation_id, "octo-org/.github")
    contents._name = "shop"

    with pytest.raises(Gone):
        await contents.latest("README.md")


async def test_the_token_of_a_job_does_not_reach_it(shop: Shop) -> None:
    owners(shop)
    gateway = await shop.gateway()
    gateway._name = ".github"

    with pytest.raises(Gone):
        await gateway.latest(FILE)


async def test_it_is_read_again_once_it_is_old(shop: Shop) -> None:
    repository = owners(shop)
    gateway = await shop.gateway()
    await gateway.owner_file(FILE)
    repository.commit({FILE: "new"})
    shop.clock.time += AGE - 1
    shop.github.requests.clear()

    assert (await gateway.owner_file(FILE)).content == b"scope = 'all'\n"
    assert shop.github.requests.total() == 0
    shop.clock.time += 1
    assert (await gateway.owner_file(FILE)).content == b"new"


async def test_that_there_is_none_is_remembered_as_well(shop: Shop) -> None:
    owners(shop)
    gateway = await shop.gateway()
    found = await gateway.owner_file("other.toml")
    shop.github.requests.clear()

    assert await gateway.owner_file("other.toml") == found
    assert (found.content, found.is_reached) == (None, True)
    assert shop.github.requests.total() == 0


async def test_an_empty_repository_holds_none(shop: Shop) -> None:
    shop.github.install(shop.app, shop.github.create_repository("octo-org/.github"))

    found = await (await shop.gateway()).owner_file(FILE)

    assert (found.content, found.is_reached) == (None, True)


@pytest.mark.parametrize("is_there", [True, False])
async def test_what_is_out_of_reach_is_told_apart_from_what_is_not_there(
    shop: Shop, *, is_there: bool
) -> None:
    if is_there:
        shop.github.create_repository("octo-org/.github").commit({FILE: "scope = 'all'\n"})

    found = await (await shop.gateway()).owner_file(FILE)

    assert (found.content, found.is_reached) == (None, False)


async def test_a_repository_that_goes_away_is_out_of_reach(shop: Shop) -> None:
    repository = owners(shop)
    gateway = await shop.gateway()
    await gateway.owner_file(FILE)
    shop.github.delete_repository(repository)
    shop.clock.time += AGE

    assert not (await gateway.owner_file(FILE)).is_reached


async def test_what_is_no_utf_8_is_read_all_the_same(shop: Shop) -> None:
    owners(shop, b"\xff\xfe")

    assert (await (await shop.gateway()).owner_file(FILE)).content == b"\xff\xfe"


async def test_what_is_too_large_is_not_read(shop: Shop) -> None:
    owners(shop, "#" * (LARGEST_FILE + 1))

    found = (await (await shop.gateway()).owner_file(FILE)).content

    assert found == Unreadable("larger than 1 MiB (1048577 bytes)")


async def test_many_who_ask_at_once_have_it_read_once(shop: Shop) -> None:
    owners(shop)
    gateways = [await shop.gateway() for _ in range(5)]
    shop.github.requests.clear()

    found = await asyncio.gather(*(one.owner_file(FILE) for one in gateways))

    assert {one.content for one in found} == {b"scope = 'all'\n"}
    assert shop.github.requests == {MINTING: 1, "graphql/repository": 1}


async def test_an_installation_sees_nothing_of_another(shop: Shop) -> None:
    owners(shop)
    await (await shop.gateway()).owner_file(FILE)
    other = shop.github.create_repository("other-org/cart")
    other.commit({"README.md": "A cart.\n"})
    installation_id = shop.github.install(shop.app, other)

    found = await (await shop.bot.repository(installation_id, other.full_name)).owner_file(FILE)

    assert (found.repository, found.is_reached) == ("other-org/.github", False)


async def test_what_cannot_be_read_again_stays_what_it_was(shop: Shop) -> None:
    owners(shop)
    gateway = await shop.gateway()
    first = await gateway.owner_file(FILE)
    shop.clock.time += AGE
    shop.github.faults.add(Fault("POST .*/graphql", "status", times=9, status=503))

    found = await gateway.owner_file(FILE)

    assert (found.content, found.is_old, first.is_old) == (first.content, True, False)


async def test_what_could_never_be_read_is_an_error(shop: Shop) -> None:
    owners(shop)
    gateway = await shop.gateway()
    shop.github.faults.add(Fault("POST .*/graphql", "status", times=4, status=503))

    with pytest.raises(Transient):
        await gateway.owner_file(FILE)
    assert (await gateway.owner_file(FILE)).content == b"scope = 'all'\n"


@pytest.mark.parametrize(("owner", "expected"), [("octo-org", True), ("alice", False)])
async def test_whether_an_owner_is_an_organisation_is_known(
    shop: Shop, owner: str, *, expected: bool
) -> None:
    repository = shop.github.create_repository(f"{owner}/cart")
    installation_id = shop.github.install(shop.app, repository)

    gateway = await shop.bot.repository(installation_id, repository.full_name)

    assert gateway.of_organization is expected
