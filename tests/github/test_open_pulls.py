"""Pull requests are found by their heads."""

from typing import Any

import pytest

from bot.github.errors import Forbidden, Gone, Uncertain
from bot.github.gateway import RepositoryGateway
from bot.github.query_errors import QueryFailed
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub

HEAD = "a" * 40


async def test_open_pull_requests_are_found_by_their_head_and_closed_ones_are_not(
    shop: Shop,
) -> None:
    first = await shop.pull_from_fork()
    other = await shop.pull()
    second = await shop.github.open_pull_request(
        shop.repository, head="carol:feature", user=shop.alice
    )
    third = await shop.github.open_pull_request(
        shop.repository, head="carol:feature", user=shop.alice
    )
    await shop.github.close_pull_request(shop.repository, third.number, shop.alice)
    gateway = await shop.gateway()

    assert await gateway.open_at(first.head_sha) == (first.number, second.number)
    assert await gateway.open_at(other.head_sha) == (other.number,)
    assert await gateway.open_at("0" * 40) == ()


async def test_of_a_repository_that_is_gone_there_are_none(shop: Shop) -> None:
    gateway = await shop.gateway()
    shop.github.delete_repository(shop.repository)

    with pytest.raises(Gone):
        await gateway.open_at(HEAD)


@pytest.mark.parametrize(
    ("error", "meant"),
    [
        ({"type": "INTERNAL", "path": ["repository"], "message": "no"}, Uncertain),
        ({"type": "FORBIDDEN", "path": ["repository"], "message": "no"}, Forbidden),
        ({"message": "Field 'x' doesn't exist"}, QueryFailed),
    ],
)
async def test_an_answer_without_them_is_none(
    gateway: RepositoryGateway, stub: Stub, error: dict[str, Any], meant: type[Exception]
) -> None:
    stub.answers = [Answer({"data": {"repository": None}, "errors": [error]})]

    with pytest.raises(meant) as raised:
        await gateway.open_at(HEAD)

    assert type(raised.value) is meant


def page(*numbers: int, more: bool) -> Answer:
    nodes: list[Any] = [{"number": number, "headRefOid": HEAD} for number in numbers]
    info = {"hasNextPage": more, "endCursor": str(numbers)}
    pulls = {"nodes": [None, *nodes], "pageInfo": info}
    return Answer({"data": {"repository": {"pullRequests": pulls}}})


async def test_all_pages_are_read(gateway: RepositoryGateway, stub: Stub) -> None:
    # What something happens to meanwhile is seen twice.
    stub.answers = [page(9, 4, more=True), page(4, 2, more=False)]

    assert await gateway.open_at(HEAD) == (2, 4, 9)

    assert [one.json["variables"]["after"] for one in stub.received] == [None, "(9, 4)"]


async def test_a_thousand_are_looked_at_and_no_more(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    stub.answers = [page(1, more=True)]

    assert await gateway.open_at(HEAD) == (1,)

    assert len(stub.received) == 10
