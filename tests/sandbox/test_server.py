"""What every answer has in common: headers, budget, entity tags, the log."""

import pytest

from bot.sandbox.github import GitHub
from tests.sandbox.shop import Client, Shop


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed()


async def test_everything_listens_on_this_machine_only(github: GitHub) -> None:
    assert github.url.startswith("http://127.0.0.1:")
    assert github.api_url == f"{github.url}/api/v3"
    assert github.graphql_url == f"{github.url}/api/graphql"


async def test_an_answer_that_is_known_comes_without_its_body(shop: Shop, client: Client) -> None:
    first = await client.ask("GET", shop.path)

    again = await client.ask("GET", shop.path, If_None_Match=first.headers["etag"])
    weak = await client.ask("GET", shop.path, If_None_Match=f"W/{first.headers['etag']}")
    other = await client.ask("GET", shop.path, If_None_Match='"else"')

    assert [one.status for one in (again, weak, other)] == [304, 304, 200]
    assert again.body == ""
    assert [one.status for one in shop.github.exchanges[-3:]] == [304, 304, 200]


async def test_what_is_known_costs_nothing(shop: Shop, client: Client) -> None:
    first = await client.ask("GET", shop.path)

    again = await client.ask("GET", shop.path, If_None_Match=first.headers["etag"])

    remaining = "x-ratelimit-remaining"
    assert again.headers[remaining] == first.headers[remaining] == "4999"


async def test_who_spent_the_budget_is_refused(shop: Shop, client: Client) -> None:
    shop.github.limits.requests_per_hour = 2

    answers = [await client.ask("GET", shop.path) for _ in range(3)]

    assert [one.status for one in answers] == [200, 200, 403]
    assert answers[-1].headers["x-ratelimit-remaining"] == "0"
    assert (await client.get("/rate_limit"))["rate"]["remaining"] == 0
    query = await client.graphql("{ viewer { login } }")
    assert "errors" not in query


async def test_the_budget_counts_each_interface_for_itself(shop: Shop, client: Client) -> None:
    await client.get(shop.path)
    await client.graphql("{ viewer { login } }")

    resources = (await client.get("/rate_limit"))["resources"]

    assert (resources["core"]["used"], resources["graphql"]["used"]) == (1, 1)


async def test_github_tells_of_itself(client: Client) -> None:
    assert (await client.get("/meta"))["hooks"] == ["127.0.0.1/32"]


async def test_a_request_without_a_user_agent_is_refused(shop: Shop, client: Client) -> None:
    assert (await client.ask("GET", shop.path, User_Agent="")).status == 403


@pytest.mark.parametrize(("version", "status"), [("2022-11-28", 200), ("1999-01-01", 400)])
async def test_a_version_must_exist(shop: Shop, client: Client, version: str, status: int) -> None:
    answer = await client.ask("GET", shop.path, X_GitHub_Api_Version=version)

    assert answer.status == status


async def test_an_operation_that_nobody_described_is_a_violation(
    shop: Shop, client: Client
) -> None:
    answer = await client.ask("GET", f"{shop.path}/stargazers")

    assert answer.status == 404
    assert [str(one) for one in shop.github.referee.forgive()] == [
        "request GET /repos/octo-org/shop/stargazers: no such operation is described"
    ]
    assert shop.github.requests["?"] == 1


async def test_a_body_that_is_not_json_is_a_violation(shop: Shop, client: Client) -> None:
    headers = {"Authorization": f"Bearer {client.token}"}

    async with shop.session.post(
        f"{shop.github.api_url}{shop.path}/check-runs", data=b"{", headers=headers
    ) as response:
        assert response.status == 400
    async with shop.session.post(shop.github.graphql_url, data=b"{", headers=headers) as response:
        assert response.status == 400

    assert len(shop.github.referee.forgive()) == 2


async def test_the_log_holds_requests_and_no_credentials(shop: Shop, client: Client) -> None:
    body = {"name": "awaited", "head_sha": shop.repository.head("main")}

    await client.ask("POST", f"{shop.path}/check-runs?", body, Cookie="a=b")

    last = shop.github.exchanges[-1]
    assert (last.method, last.operation, last.status) == ("POST", "checks/create", 201)
    assert last.path == "/api/v3/repos/octo-org/shop/check-runs"
    assert (last.caller, last.body) == (f"installation:{shop.installation_id}", body)
    assert last.duration > 0
    assert client.token is not None
    assert client.token not in repr(shop.github.exchanges)
    assert "Cookie" not in last.headers


async def test_requests_are_counted_by_operation(shop: Shop, client: Client) -> None:
    await client.get(shop.path)
    await client.get(shop.path)
    await client.graphql("{ viewer { login } rateLimit { cost } }")

    assert shop.github.requests == {
        "apps/create-installation-access-token": 1,
        "repos/get": 2,
        "graphql/viewer,rateLimit": 1,
    }


async def test_nothing_secret_shows_in_what_is_printed(shop: Shop, client: Client) -> None:
    printed = repr((shop.app, shop.alice, shop.github.world.tokens.values()))

    for secret in (shop.app.private_key, shop.alice.token, client.token, "secret'"):
        assert str(secret) not in printed
