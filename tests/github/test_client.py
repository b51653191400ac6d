"""How requests are made: headers, quoting, bounds, retries, and what refusals mean.

The first part goes through gidgethub's traps, one by one.
"""

import asyncio
import json
import traceback
from dataclasses import replace
from typing import Any

import aiohttp
import msgspec
import pytest

from bot.github import client as client_module
from bot.github.client import Client, graphql_url
from bot.github.errors import (
    Forbidden,
    GitHubError,
    Gone,
    NoDiff,
    Transient,
    Uncertain,
    UnexpectedAnswer,
)
from bot.github.gateway import GitHubApp, RepositoryGateway
from bot.github.governor import CONCURRENT_REQUESTS, Governor
from bot.github.query_errors import QueryFailed
from tests.github.clock import Clock
from tests.github.stub import DROP, Answer, Stub

HTML = Answer(b"<html>Whoa there!</html>", 502, content_type="text/html")
PERMISSION = {"permission": "write", "role_name": "maintain"}


class Thing(msgspec.Struct):
    id: int


class FixedToken:
    """Credentials that never change."""

    def __init__(self) -> None:
        self.token = "ghs_fixed"
        self.refused: list[str] = []

    async def current(self) -> str:
        return self.token

    def rejected(self, token: str) -> None:
        self.refused.append(token)

    def is_young(self, token: str) -> bool:
        return token == "ghs_young"


@pytest.fixture
def credentials() -> FixedToken:
    return FixedToken()


@pytest.fixture
def client(
    stub: Stub, session: aiohttp.ClientSession, clock: Clock, credentials: FixedToken
) -> Client:
    return Client(
        session, credentials, Governor(clock), api_url=stub.url, sleep=clock.sleep, seconds=5.0
    )


async def create(client: Client) -> Thing:
    return await client.send("POST", ("repos", "a"), {"name": "x"}, Thing, repeatable=False)


async def put(client: Client) -> Thing:
    return await client.send("PATCH", ("repos", "a"), {"name": "x"}, Thing, repeatable=True)


# Requests


async def test_a_request_says_who_asks_in_which_version_of_what(
    client: Client, stub: Stub
) -> None:
    stub.answers = [Answer({"id": 1})]

    assert await client.get(("repos", "a"), Thing) == Thing(1)

    sent = stub.received[0].headers
    assert sent["X-GitHub-Api-Version"] == "2022-11-28"
    assert sent["Accept"] == "application/vnd.github+json"
    assert sent["User-Agent"] == "awaited"
    assert sent["Authorization"] == "bearer ghs_fixed"


async def test_a_body_is_sent_as_json(client: Client, stub: Stub) -> None:
    stub.answers = [Answer({"id": 1}, 201)]

    await create(client)

    assert stub.received[0].json == {"name": "x"}
    assert stub.received[0].headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("segment", "wire"),
    [
        ("te{st}.py", "te%7Bst%7D.py"),
        ("feature/x", "feature%2Fx"),
        ("a b#c?d=e&f", "a%20b%23c%3Fd%3De%26f"),
        ("100%", "100%25"),
        ("%2F", "%252F"),
        ("dependabot[bot]", "dependabot%5Bbot%5D"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("..x", "..x"),
    ],
)
async def test_a_path_is_quoted_segment_by_segment(
    client: Client, stub: Stub, segment: str, wire: str
) -> None:
    stub.answers = [Answer({"id": 1})]

    await client.get(("repos", segment), Thing)

    assert stub.received[0].path == f"/repos/{wire}"


@pytest.mark.parametrize("segment", ["", ".", ".."])
async def test_a_path_cannot_climb(client: Client, stub: Stub, segment: str) -> None:
    with pytest.raises(Gone):
        await client.get(("repos", "a", segment, "b"), Thing)

    assert stub.received == []


async def test_a_query_is_quoted(client: Client, stub: Stub) -> None:
    stub.answers = [Answer({"id": 1})]

    await client.get(("repos", "a"), Thing, check_name="a&b=c d{e}", filter="all")

    assert stub.received[0].path == "/repos/a?check_name=a%26b%3Dc%20d%7Be%7D&filter=all"


@pytest.mark.parametrize(
    ("api_url", "expected"),
    [
        ("https://api.github.com", "https://api.github.com/graphql"),
        ("https://api.github.com/", "https://api.github.com/graphql"),
        ("https://ghe.example.com/api/v3", "https://ghe.example.com/api/graphql"),
        ("https://ghe.example.com/api/v3/", "https://ghe.example.com/api/graphql"),
        ("https://api.octocorp.ghe.com", "https://api.octocorp.ghe.com/graphql"),
    ],
)
def test_graphql_is_beside_rest_on_an_enterprise_server(api_url: str, expected: str) -> None:
    assert graphql_url(api_url) == expected


async def test_pages_are_asked_for_by_number_and_not_by_the_address_in_the_answer(
    client: Client, stub: Stub
) -> None:
    elsewhere = {"Link": '<https://evil.example.com/steal?page=2>; rel="next"'}
    stub.answers = [Answer([{"id": 1}], headers=elsewhere), Answer([{"id": 2}])]

    pages = [page async for page in client.pages(("repos", "a"), list[Thing], most=9)]

    assert pages == [[Thing(1)], [Thing(2)]]
    assert [one.path for one in stub.received] == [
        "/repos/a?page=1&per_page=100",
        "/repos/a?page=2&per_page=100",
    ]


async def test_pages_end_where_a_bound_is_set(client: Client, stub: Stub) -> None:
    stub.answers = [Answer([], headers={"Link": f'<{stub.url}/x>; rel="next"'})]

    pages = [page async for page in client.pages(("repos", "a"), list[Thing], most=3)]

    assert len(pages) == len(stub.received) == 3


async def test_only_so_many_requests_are_under_way_at_once(
    client: Client, stub: Stub, session: aiohttp.ClientSession
) -> None:
    gate = asyncio.Event()
    stub.answers = [Answer({"id": 1}, wait=gate)]

    async with asyncio.TaskGroup() as group:
        for _ in range(CONCURRENT_REQUESTS + 5):
            group.create_task(client.get(("repos", "a"), Thing))
        await stub.arrived(CONCURRENT_REQUESTS)
        # A request past the governor takes as long as the surplus would have.
        async with session.post(f"{stub.url}/app/installations/1/access_tokens"):
            pass
        waiting = len(stub.received)
        gate.set()

    assert waiting == CONCURRENT_REQUESTS
    assert len(stub.received) == CONCURRENT_REQUESTS + 5


# Answers


@pytest.mark.parametrize(
    ("answer", "error", "says"),
    [
        (Answer({"message": "Not Found"}, 404), Gone, "Not Found"),
        (Answer({}, 410), Gone, "no message"),
        (Answer({"message": "Blocked"}, 451), Gone, "Blocked"),
        (Answer({}, 301, {"Location": "/repositories/7"}), Gone, "moved"),
        (Answer({"message": "Suspended"}, 403), Forbidden, "Suspended"),
        (Answer({"message": "Sorry, this diff is taking too long."}, 500), NoDiff, "too long"),
        (
            Answer({"message": "There was a problem generating this diff."}, 422),
            NoDiff,
            "problem generating",
        ),
        (Answer({"message": "No"}, 422), UnexpectedAnswer, "422: No"),
        (Answer({"message": "Empty."}, 409), UnexpectedAnswer, "409: Empty."),
        (Answer(b"", 422), UnexpectedAnswer, "422"),
        (Answer([], 422), UnexpectedAnswer, "422"),
        (Answer({"errors": "x"}, 422), UnexpectedAnswer, "(x)"),
        (Answer({"message": "V", "errors": ["a", "b"]}, 422), UnexpectedAnswer, "V (a; b)"),
        (
            Answer({"message": "V", "errors": [{"message": "too long"}]}, 422),
            UnexpectedAnswer,
            "V (too long)",
        ),
        (
            Answer({"message": "V", "errors": [{"field": "sha", "code": "invalid"}]}, 422),
            UnexpectedAnswer,
            "V (sha: invalid)",
        ),
        (Answer({"message": "V", "errors": [7, None]}, 422), UnexpectedAnswer, "V (7; null)"),
        (Answer({"message": "V", "errors": {"message": "m"}}, 422), UnexpectedAnswer, "V (m)"),
        (Answer({"message": 7}, 460), UnexpectedAnswer, "460"),
        (Answer(b"[" * 100_000, 418), UnexpectedAnswer, "418"),
        (Answer(b"<html>", 422, content_type="text/html"), UnexpectedAnswer, "422"),
    ],
)
async def test_a_refusal_of_a_write_says_what_it_means(
    client: Client, stub: Stub, answer: Answer, error: type[GitHubError], says: str
) -> None:
    stub.answers = [answer]

    with pytest.raises(error) as raised:
        await create(client)

    assert says in str(raised.value)
    assert type(raised.value) is error
    assert len(stub.received) == 1


@pytest.mark.parametrize(
    "answer",
    [
        Answer(b"<html>", content_type="text/html"),
        Answer(b'{"id": 1'),
        Answer(b'{"id": "\xff"}'),
        Answer({}, 500),
        Answer({}, 503),
        Answer({}, 599),
        Answer({}, 408),
        HTML,
        Answer(DROP),
    ],
)
async def test_an_answer_that_is_broken_or_lost_leaves_a_write_uncertain(
    client: Client, stub: Stub, answer: Answer
) -> None:
    stub.answers = [answer]

    with pytest.raises(Uncertain):
        await create(client)

    assert len(stub.received) == 1


@pytest.mark.parametrize("answer", [HTML, Answer(DROP), Answer({}, 500), Answer(b"{")])
async def test_what_may_be_repeated_is_repeated(
    client: Client, stub: Stub, clock: Clock, answer: Answer
) -> None:
    stub.answers = [answer, answer, answer, Answer({"id": 1})]

    assert await put(client) == Thing(1)

    assert clock.naps == [1.0, 2.0, 4.0]


async def test_patience_ends(client: Client, stub: Stub, clock: Clock) -> None:
    stub.answers = [HTML]

    with pytest.raises(Transient) as raised:
        await client.get(("repos", "a"), Thing)

    assert raised.value.retry_after is None
    assert "502 GET /repos/a" in str(raised.value)
    assert len(stub.received) == 4
    assert clock.naps == [1.0, 2.0, 4.0]


async def test_nobody_listening_is_transient_and_certain(
    session: aiohttp.ClientSession, clock: Clock, stub: Stub, credentials: FixedToken
) -> None:
    await stub.close()
    client = Client(session, credentials, Governor(clock), api_url=stub.url, sleep=clock.sleep)

    with pytest.raises(Transient) as raised:
        await create(client)

    # Nothing was sent, so even a write is tried again.
    assert not isinstance(raised.value, Uncertain)
    assert clock.naps == [1.0, 2.0, 4.0]
    await stub.start()


async def test_an_answer_that_takes_too_long_is_given_up(
    session: aiohttp.ClientSession, clock: Clock, stub: Stub, credentials: FixedToken
) -> None:
    gate = asyncio.Event()
    stub.answers = [Answer({"id": 1}, wait=gate), Answer({"id": 2})]
    client = Client(
        session, credentials, Governor(clock), api_url=stub.url, sleep=clock.sleep, seconds=0.2
    )

    assert await client.get(("repos", "a"), Thing) == Thing(2)

    gate.set()


def test_we_wait_longer_than_github_works() -> None:
    assert client_module.REQUEST_SECONDS > 10


async def test_an_answer_without_bounds_is_cut_off(
    client: Client, stub: Stub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "LARGEST_BODY", 100)
    stub.answers = [Answer({"id": 1, "padding": "x" * 100})]

    with pytest.raises(UnexpectedAnswer, match="more than 100 bytes"):
        await client.get(("repos", "a"), Thing)


async def test_an_answer_of_another_shape_names_what_is_wrong(client: Client, stub: Stub) -> None:
    stub.answers = [Answer({"id": "seven"})]

    with pytest.raises(UnexpectedAnswer, match=r"GET repos/a: .*\$\.id"):
        await client.get(("repos", "a"), Thing)


async def test_a_read_follows_a_repository_that_was_renamed(client: Client, stub: Stub) -> None:
    moved = Answer({}, 301, {"Location": f"{stub.url}/repositories/7"})
    stub.answers = [moved, Answer({"id": 1})]

    assert await client.get(("repos", "a"), Thing) == Thing(1)

    assert stub.received[1].path == "/repositories/7"


@pytest.mark.parametrize("address", ["{0}/repositories/7", "/repositories/7"])
@pytest.mark.parametrize("status", [307, 308])
async def test_a_write_follows_a_repository_that_was_renamed(
    client: Client, stub: Stub, status: int, address: str
) -> None:
    moved = Answer({}, status, {"Location": address.format(stub.url)})
    stub.answers = [moved, Answer({"id": 1}, 201)]

    assert await create(client) == Thing(1)

    first, second = stub.received
    assert (second.method, second.path) == ("POST", "/repositories/7")
    assert (second.body, second.token) == (first.body, first.token)


async def test_a_write_that_moves_again_and_again_is_given_up(client: Client, stub: Stub) -> None:
    stub.answers = [Answer({}, 307, {"Location": "/repositories/7"})]

    with pytest.raises(Gone):
        await create(client)

    assert len(stub.received) == 3


async def test_a_write_does_not_follow_to_another_place(
    client: Client, stub: Stub, clock: Clock
) -> None:
    other = Stub(clock)
    await other.start()
    stub.answers = [Answer({}, 307, {"Location": f"{other.url}/repositories/7"})]

    with pytest.raises(Gone):
        await create(client)

    assert other.received == []
    await other.close()


async def test_a_token_does_not_follow_to_another_place(
    client: Client, stub: Stub, clock: Clock
) -> None:
    other = Stub(clock)
    await other.start()
    other.answers = [Answer({"id": 1})]
    stub.answers = [Answer({}, 302, {"Location": f"{other.url}/repositories/7"})]

    await client.get(("repos", "a"), Thing)

    assert "Authorization" not in other.received[0].headers
    await other.close()


async def test_an_answer_may_have_no_body(client: Client, stub: Stub) -> None:
    stub.answers = [Answer(b"", 202)]

    with pytest.raises(UnexpectedAnswer):
        await client.get(("repos", "a"), Thing)


# Limits


@pytest.mark.parametrize("status", [403, 429])
async def test_a_short_limit_is_waited_for(
    client: Client, stub: Stub, clock: Clock, status: int
) -> None:
    refusal = Answer({"message": "secondary rate limit"}, status, {"Retry-After": "3"})
    stub.answers = [refusal, Answer({"id": 1})]

    # It was refused, so nothing happened, so even a write may be tried again.
    assert await create(client) == Thing(1)

    assert clock.naps == [3.0]


LIMIT = {"message": "You have exceeded a secondary rate limit."}
SPENT = {"X-RateLimit-Remaining": "0"}


@pytest.mark.parametrize(
    ("refusal", "wait"),
    [
        (Answer({}, 403, {"Retry-After": "77"}), 77),
        (Answer({}, 429, {"Retry-After": "77"}), 77),
        (Answer(LIMIT, 403), 60),
        (Answer({}, 429), 60),
        (Answer({}, 429, {"Retry-After": "soon"}), 60),
        (Answer({}, 403, SPENT | {"X-RateLimit-Reset": "IN 90"}), 90),
        (Answer({}, 429, SPENT | {"X-RateLimit-Reset": "IN 90"}), 90),
        (Answer({}, 403, SPENT), 60),
        (Answer({}, 403, SPENT | {"X-RateLimit-Reset": "7"}), 60),
    ],
)
async def test_a_long_limit_is_left_to_the_caller(
    client: Client, stub: Stub, clock: Clock, refusal: Answer, wait: float
) -> None:
    soon = str(int(clock() + 90))
    headers = {name: value.replace("IN 90", soon) for name, value in refusal.headers.items()}
    stub.answers = [replace(refusal, headers=headers)]

    with pytest.raises(Transient) as raised:
        await client.get(("repos", "a"), Thing)

    assert raised.value.retry_after == wait
    assert not isinstance(raised.value, Uncertain)
    assert clock.naps == []


async def test_nothing_is_sent_while_a_limit_lasts(
    client: Client, stub: Stub, clock: Clock
) -> None:
    stub.answers = [Answer({}, 429, {"Retry-After": "77"}), Answer({"id": 1})]
    with pytest.raises(Transient):
        await client.get(("repos", "a"), Thing)

    clock.time += 10
    with pytest.raises(Transient) as raised:
        await client.graphql("query { viewer { login } }")

    assert raised.value.retry_after == 67
    assert len(stub.received) == 1
    clock.time += 67
    assert await client.get(("repos", "a"), Thing) == Thing(1)


async def test_a_spent_budget_stops_before_github_has_to(
    client: Client, stub: Stub, clock: Clock
) -> None:
    reset = str(int(clock() + 30))
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    stub.answers = [Answer({"id": 1}, headers=spent), Answer({"data": {"viewer": None}})]
    await client.get(("repos", "a"), Thing)

    with pytest.raises(Transient) as raised:
        await client.get(("repos", "a"), Thing)

    assert raised.value.retry_after == 30
    # GraphQL has a budget of its own.
    assert await client.graphql("query { viewer { login } }") == {"viewer": None}


async def test_a_refusal_for_a_spent_budget_leaves_the_other_budget(
    client: Client, stub: Stub, clock: Clock
) -> None:
    reset = {"X-RateLimit-Reset": str(int(clock() + 30))}
    stub.answers = [Answer({}, 403, SPENT | reset), Answer({"data": {"viewer": None}})]
    with pytest.raises(Transient):
        await client.get(("repos", "a"), Thing)

    assert await client.graphql("query { viewer { login } }") == {"viewer": None}


async def test_a_limit_of_one_resource_is_booked_where_github_says(
    client: Client, stub: Stub, clock: Clock
) -> None:
    spent = {
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": str(int(clock() + 30)),
        "X-RateLimit-Resource": "search",
    }
    stub.answers = [Answer({"id": 1}, headers=spent)]

    await client.get(("repos", "a"), Thing)

    assert await client.get(("repos", "a"), Thing) == Thing(1)


async def test_answers_without_figures_are_no_news(client: Client, stub: Stub) -> None:
    # gidgethub counts down on each answer and raises on figures that are none.
    odd = {"X-RateLimit-Limit": "x", "X-RateLimit-Remaining": "x", "X-RateLimit-Reset": "x"}
    stub.answers = [Answer({"id": 1}, headers=odd)]

    for _ in range(3):
        assert await client.get(("repos", "a"), Thing) == Thing(1)


async def test_a_refusal_for_another_reason_is_no_limit(client: Client, stub: Stub) -> None:
    headers = {"X-RateLimit-Remaining": "4999", "X-RateLimit-Reset": "9999999999"}
    stub.answers = [Answer({"message": "Must have admin rights"}, 403, headers)]

    with pytest.raises(Forbidden):
        await client.get(("repos", "a"), Thing)
    with pytest.raises(Forbidden):
        await client.get(("repos", "a"), Thing)


async def test_one_installation_does_not_wait_for_another(stub_app: GitHubApp, stub: Stub) -> None:
    one = await stub_app.repository(1, "octo-org/shop")
    other = await stub_app.repository(2, "octo-org/shop")
    stub.answers = [Answer({}, 429, {"Retry-After": "77"}), Answer(PERMISSION)]
    with pytest.raises(Transient):
        await one.permission("alice")

    assert (await other.permission("alice")).can_write


# Tokens


async def test_a_refused_token_is_reported_and_the_call_made_again(
    client: Client, stub: Stub, credentials: FixedToken, clock: Clock
) -> None:
    stub.answers = [Answer({"message": "Bad credentials"}, 401), Answer({"id": 1})]

    assert await create(client) == Thing(1)

    assert credentials.refused == ["ghs_fixed"]
    assert clock.naps == [1.0]


async def test_every_attempt_asks_for_the_token_of_the_moment(
    client: Client, stub: Stub, credentials: FixedToken, clock: Clock
) -> None:
    stub.answers = [HTML, Answer({"id": 1})]

    async def change_token(seconds: float) -> None:
        credentials.token = "ghs_next"
        await clock.sleep(seconds)

    client._sleep = change_token
    await client.get(("repos", "a"), Thing)

    assert [one.token for one in stub.received] == ["ghs_fixed", "ghs_next"]


async def test_the_permissions_of_a_young_token_are_waited_for(
    client: Client, stub: Stub, credentials: FixedToken, clock: Clock
) -> None:
    credentials.token = "ghs_young"
    refusal = Answer({"message": "Resource not accessible by integration"}, 403)
    stub.answers = [refusal, Answer({"id": 1})]

    assert await create(client) == Thing(1)
    assert clock.naps == [1.0]

    stub.answers = [refusal]
    with pytest.raises(Forbidden):
        await create(client)

    credentials.token = "ghs_old"
    stub.received.clear()
    with pytest.raises(Forbidden):
        await create(client)
    assert len(stub.received) == 1


# Writing once


async def test_a_lost_write_is_looked_for_before_it_is_repeated(
    clock: Clock, client: Client
) -> None:
    story: list[str] = []

    async def write() -> str:
        story.append("write")
        if len(story) < 5:
            raise Uncertain("lost")
        return "written"

    async def look() -> str | None:
        story.append("look")
        return None

    assert await client.once(write, look) == "written"
    assert story == ["write", "look", "write", "look", "write"]
    assert clock.naps == [1.0, 2.0]


async def test_a_lost_write_that_is_found_is_not_repeated(client: Client) -> None:
    async def write() -> str:
        raise Uncertain("lost")

    async def look() -> str | None:
        return "found"

    assert await client.once(write, look) == "found"


async def test_a_write_that_stays_uncertain_is_given_up(clock: Clock, client: Client) -> None:
    writes: list[int] = []

    async def write() -> str:
        writes.append(1)
        raise Uncertain("lost")

    async def look() -> str | None:
        return None

    with pytest.raises(Uncertain):
        await client.once(write, look)
    assert len(writes) == 4
    assert clock.naps == [1.0, 2.0, 4.0]


# What is not known yet


@pytest.mark.parametrize(
    "unknown",
    [
        Answer({"message": "Not Found"}, 404),
        Answer({"message": "No commit found for SHA: 1f"}, 422),
    ],
)
async def test_what_some_servers_do_not_know_yet_is_asked_for_again(
    client: Client, stub: Stub, clock: Clock, unknown: Answer
) -> None:
    stub.answers = [unknown, unknown, Answer({"id": 1}, 201)]

    assert await client.when_known(lambda: create(client)) == Thing(1)
    assert clock.naps == [1.0, 2.0]


async def test_what_stays_unknown_is_gone(client: Client, stub: Stub, clock: Clock) -> None:
    stub.answers = [Answer({"message": "Not Found"}, 404)]

    with pytest.raises(Gone):
        await client.when_known(lambda: create(client))

    assert clock.naps == [1.0, 2.0, 4.0]


async def test_nobody_waits_for_commits_that_have_nothing_in_common(
    client: Client, stub: Stub, clock: Clock
) -> None:
    stub.answers = [Answer({"message": "No common ancestor between a and b."}, 404)]

    with pytest.raises(Gone):
        await client.when_known(lambda: create(client))

    assert clock.naps == []


# GraphQL


async def test_graphql_goes_to_the_same_place_with_the_same_headers(
    client: Client, stub: Stub
) -> None:
    stub.answers = [Answer({"data": {"viewer": {"login": "x"}}})]

    data = await client.graphql("query Q($n: Int!) { x(n: $n) }", n=7)

    assert data == {"viewer": {"login": "x"}}
    sent = stub.received[0]
    assert (sent.method, sent.path) == ("POST", "/graphql")
    assert sent.json == {"query": "query Q($n: Int!) { x(n: $n) }", "variables": {"n": 7}}
    assert sent.headers["X-GitHub-Api-Version"] == "2022-11-28"
    assert sent.token == "ghs_fixed"


async def test_graphql_can_be_sent_elsewhere(client: Client, stub: Stub) -> None:
    stub.answers = [Answer({"data": {"x": 1}})]

    await client.graphql("query { x }", endpoint=f"{stub.url}/other")

    assert stub.received[0].path == "/other"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"errors": [{"message": "No field x"}]}, "No field x"),
        ({"errors": [{}]}, "no message"),
        ({"errors": [{"message": "a"}, {"message": "b"}], "data": None}, "a; b"),
        ({}, "neither data nor an error"),
        ({"data": None}, "neither data nor an error"),
        ({"errors": "x"}, "not one of GraphQL"),
        ([], "not one of GraphQL"),
    ],
)
async def test_graphql_errors_are_told(client: Client, stub: Stub, body: Any, says: str) -> None:
    stub.answers = [Answer(body)]

    with pytest.raises(QueryFailed, match=says):
        await client.graphql("query { x }")

    assert len(stub.received) == 1


async def test_partial_data_comes_with_the_errors(client: Client, stub: Stub) -> None:
    error = {"message": "Could not resolve", "type": "NOT_FOUND", "path": ["b", 1]}
    stub.answers = [Answer({"data": {"a": 1, "b": None}, "errors": [error]})]

    with pytest.raises(QueryFailed) as raised:
        await client.graphql("query { a b }")

    assert raised.value.data == {"a": 1, "b": None}
    assert raised.value.has("NOT_FOUND")


@pytest.mark.parametrize(
    "error",
    [
        {"type": "RATE_LIMITED", "message": "API rate limit exceeded"},
        {"type": "RATE_LIMIT", "message": "API rate limit exceeded"},
        {"message": "You have exceeded a secondary rate limit."},
    ],
)
async def test_a_limit_of_graphql_comes_as_a_success(
    client: Client, stub: Stub, error: dict[str, str]
) -> None:
    stub.answers = [Answer({"errors": [error]})]

    with pytest.raises(Transient) as raised:
        await client.graphql("query { x }")

    assert raised.value.retry_after == 60
    assert len(stub.received) == 1


async def test_a_limit_of_graphql_ends_when_its_headers_say(
    client: Client, stub: Stub, clock: Clock
) -> None:
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(clock() + 300))}
    error = {"type": "RATE_LIMIT", "message": "API rate limit exceeded"}
    stub.answers = [Answer({"errors": [error]}, headers=spent)]

    with pytest.raises(Transient) as raised:
        await client.graphql("query { x }")

    assert raised.value.retry_after == 300


async def test_a_query_that_github_did_not_manage_is_repeated(client: Client, stub: Stub) -> None:
    broken = {"message": "Something went wrong while executing your query."}
    stub.answers = [Answer({"errors": [broken], "data": None}), Answer({"data": {"x": 1}})]

    assert await client.graphql("query { x }") == {"x": 1}


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"errors": [{"message": "Something went wrong while executing your query."}]}),
        Answer({"errors": [{"message": "x", "type": "INTERNAL"}]}),
        HTML,
        Answer(DROP),
    ],
)
async def test_a_mutation_is_never_repeated_blindly(
    client: Client, stub: Stub, answer: Answer
) -> None:
    stub.answers = [answer]

    with pytest.raises(Uncertain):
        await client.graphql("mutation { x }")

    assert len(stub.received) == 1


@pytest.mark.parametrize("data", [None, {"create": None}])
async def test_the_permissions_of_a_young_token_are_waited_for_in_graphql(
    client: Client, stub: Stub, credentials: FixedToken, clock: Clock, data: Any
) -> None:
    credentials.token = "ghs_young"
    error = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
    refusal = Answer({"data": data, "errors": [error]})
    stub.answers = [refusal, Answer({"data": {"create": 1}})]

    assert await client.graphql("mutation { create }") == {"create": 1}
    assert clock.naps == [1.0]

    credentials.token = "ghs_old"
    stub.answers = [refusal]
    with pytest.raises(Forbidden):
        await client.graphql("mutation { create }")


async def test_graphql_can_be_refused_as_anything_else(client: Client, stub: Stub) -> None:
    stub.answers = [Answer({"message": "Bad credentials"}, 401), Answer({"data": {"x": 1}})]

    assert await client.graphql("mutation { x }") == {"x": 1}


# Secrets


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"message": "ghs_fixed is no token"}, 422),
        Answer({"message": "ghs_fixed is no token"}, 403),
        Answer(DROP),
        HTML,
        Answer(b"{"),
    ],
)
async def test_no_error_shows_the_token(client: Client, stub: Stub, answer: Answer) -> None:
    stub.answers = [answer]

    with pytest.raises(GitHubError) as raised:
        await client.get(("repos", "ghs_fixed"), Thing)

    told = "".join(traceback.format_exception(raised.value)) + repr(raised.value)
    assert "ghs_fixed" not in told.replace('("repos", "ghs_fixed")', "")


async def test_a_gateway_does_not_show_its_token(gateway: RepositoryGateway, stub: Stub) -> None:
    stub.answers = [Answer(PERMISSION)]
    await gateway.permission("alice")

    assert "ghs_1" not in repr(gateway) + json.dumps(str(gateway._client))
