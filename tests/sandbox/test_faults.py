"""Faults: what goes wrong on order, and only as often as ordered."""

import asyncio
from typing import Any

import aiohttp
import pytest

from bot.sandbox.faults import Fault, Kind
from tests.sandbox.shop import COMMIT, Client, Shop, commit_input


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed()


def run_body(shop: Shop) -> dict[str, Any]:
    return {"name": "awaited", "head_sha": shop.repository.head("main")}


async def test_a_fault_happens_as_often_as_ordered(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault(r"GET .*/repos/octo-org/shop$", "status", times=2, status=503))

    answers = [(await client.ask("GET", shop.path)).status for _ in range(3)]

    assert answers == [503, 503, 200]
    assert len(shop.github.faults.happened) == 2
    assert shop.github.faults.waiting == []


async def test_a_fault_spares_what_it_does_not_match(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault(r"POST .*/check-runs$", "status"))

    assert (await client.ask("GET", shop.path)).status == 200
    assert len(shop.github.faults.waiting) == 1


async def test_faults_of_one_request_happen_one_after_another(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("GET", "status", status=500))
    shop.github.faults.add(Fault("GET", "status", status=404))

    answers = [(await client.ask("GET", shop.path)).status for _ in range(3)]

    assert answers == [500, 404, 200]


async def test_githubs_own_failures_are_pages(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("GET", "status", status=502))

    answer = await client.ask("GET", shop.path)

    assert (answer.status, answer.headers["content-type"]) == (502, "text/html")


@pytest.mark.parametrize(
    ("kind", "status", "retry_after"),
    [
        ("secondary-limit", 403, 30),
        ("secondary-limit", 429, None),
        ("primary-limit", 403, None),
        ("primary-limit", 429, 5),
    ],
)
async def test_limits_say_how_long_to_wait_or_not(
    shop: Shop, client: Client, kind: Kind, status: int, retry_after: int | None
) -> None:
    fault = Fault("GET", kind, status=status, retry_after=retry_after)
    shop.github.faults.add(fault)

    answer = await client.ask("GET", shop.path)

    assert answer.status == status
    expected = None if retry_after is None else str(retry_after)
    assert answer.headers.get("retry-after") == expected
    spent = answer.headers["x-ratelimit-remaining"] == "0"
    assert spent is (kind == "primary-limit")
    assert "rate limit" in answer.body["message"]


async def test_a_limit_is_403_unless_it_is_429(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("GET", "secondary-limit"))

    assert (await client.ask("GET", shop.path)).status == 403


async def test_graphqls_limit_is_an_answer_with_an_error(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("POST /api/graphql$", "graphql-rate-limit"))

    answer = await client.graphql("{ viewer { login } }")

    assert answer["errors"][0]["type"] == "RATE_LIMIT"


async def test_a_graphql_request_is_matched_by_its_root_field(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    shop.github.faults.add(Fault("graphql createCommitOnBranch", "graphql-rate-limit"))

    query = await client.graphql("{ viewer { login } }")
    mutation = await client.graphql(COMMIT, input=commit_input(pull.head_sha, {"x": b"x"}))

    assert "errors" not in query
    assert mutation["errors"][0]["type"] == "RATE_LIMIT"


async def test_a_graphql_request_is_matched_by_its_name(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("graphql Name$", "graphql-not-found"))
    shop_of = 'repository(owner: "octo-org", name: "shop") { name }'

    other = await client.graphql(f"query Others {{ {shop_of} }}")
    named = await client.graphql(f"query Name {{ {shop_of} }}")

    assert other == {"data": {"repository": {"name": "shop"}}}
    assert named["data"] == {"repository": None}
    assert named["errors"][0]["type"] == "NOT_FOUND"


async def test_a_slow_answer_is_late_and_complete(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("GET", "slow", seconds=0.1))
    loop = asyncio.get_running_loop()
    started = loop.time()

    answer = await client.ask("GET", shop.path)

    assert answer.status == 200
    assert loop.time() - started >= 0.1


@pytest.mark.parametrize(("kind", "runs"), [("drop", 0), ("lost-reply", 1)])
async def test_a_connection_breaks_before_or_after_the_work(
    shop: Shop, client: Client, kind: Kind, runs: int
) -> None:
    shop.github.faults.add(Fault(r"POST .*/check-runs$", kind))

    with pytest.raises(aiohttp.ClientError):
        await client.ask("POST", f"{shop.path}/check-runs", run_body(shop))

    assert len(shop.repository.runs) == runs
    assert shop.github.exchanges[-1].fault == kind


@pytest.mark.parametrize("kind", ["drop", "lost-reply"])
async def test_the_next_request_finds_everything_in_order(
    shop: Shop, client: Client, kind: Kind
) -> None:
    shop.github.faults.add(Fault("graphql createCommitOnBranch", kind))
    pull = await shop.pull()
    head = pull.head_sha

    with pytest.raises(aiohttp.ClientError):
        await client.graphql(COMMIT, input=commit_input(head, {"x": b"x"}))

    assert (pull.head_sha == head) is (kind == "drop")
    assert (await client.ask("GET", shop.path)).status == 200


async def test_a_stale_head_moves_just_before_the_commit(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    head = pull.head_sha
    shop.github.faults.add(Fault("graphql createCommitOnBranch", "stale-head"))

    answer = await client.graphql(COMMIT, input=commit_input(head, {"x": b"x"}))

    assert answer["errors"][0]["type"] == "STALE_DATA"
    assert pull.head_sha != head
    assert shop.repository.file("feature", "x") is None
    again = await client.graphql(COMMIT, input=commit_input(pull.head_sha, {"x": b"x"}))
    assert "errors" not in again


async def test_a_stale_head_refuses_a_fast_forward(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    tree = str(shop.repository.store.resolve("main").tree_id)
    made = await client.post(
        f"{shop.path}/git/commits", {"message": "m", "tree": tree, "parents": [pull.head_sha]}
    )
    shop.github.faults.add(Fault(r"PATCH .*/git/refs/heads/feature$", "stale-head"))

    answer = await client.ask("PATCH", f"{shop.path}/git/refs/heads/feature", {"sha": made["sha"]})

    assert (answer.status, answer.body["message"]) == (422, "Update is not a fast forward")


async def test_a_branch_that_is_not_there_is_not_overtaken(shop: Shop, client: Client) -> None:
    shop.github.faults.add(Fault("graphql createCommitOnBranch", "stale-head"))

    answer = await client.graphql(COMMIT, input=commit_input("0" * 40, {}, branch="lost"))

    assert answer["errors"][0]["type"] == "NOT_FOUND"


async def test_a_new_token_is_refused_until_it_is_replicated(shop: Shop) -> None:
    shop.github.faults.add(Fault("POST .*/access_tokens$", "token-not-replicated", uses=2))

    client = shop.client(await shop.token())

    answers = [(await client.ask("GET", shop.path)).status for _ in range(3)]
    assert answers == [401, 401, 200]


async def test_a_token_that_was_not_minted_needs_no_replication(shop: Shop) -> None:
    shop.github.faults.add(Fault("POST .*/access_tokens$", "token-not-replicated"))
    path = f"/app/installations/{shop.installation_id}/access_tokens"

    answer = await shop.as_app.ask("POST", path, {"repository_ids": []})

    assert answer.status == 422
