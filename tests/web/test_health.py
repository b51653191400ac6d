from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.web.health import Health
from tests.web.deliveries import Ledger

Client = TestClient[web.Request, web.Application]


@pytest.fixture
def engine() -> Ledger:
    return Ledger()


@pytest.fixture
async def client(engine: Ledger) -> AsyncIterator[Client]:
    app = web.Application()
    app.add_routes(Health(engine, version="1.2.3", patience=0.05).routes())
    async with TestClient(TestServer(app)) as client:
        yield client


async def test_a_healthy_bot_says_how_busy_it_is(client: Client) -> None:
    answer = await client.get("/healthz")

    assert answer.status == 200
    assert await answer.json() == {
        "status": "ok",
        "version": "1.2.3",
        "engine": {"accepting": True, "waiting": 3, "running": 1},
    }


async def test_a_bot_whose_database_hangs_is_alive_and_not_ready(
    client: Client, engine: Ledger
) -> None:
    engine.stuck = True

    alive, ready = await client.get("/healthz"), await client.get("/readyz")

    assert (alive.status, (await alive.json())["engine"]) == (200, None)
    assert ready.status == 503


async def test_a_bot_whose_database_fails_is_alive_and_not_ready(
    client: Client, engine: Ledger
) -> None:
    engine.trouble = OSError("gone")

    assert (await client.get("/healthz")).status == 200
    assert (await client.get("/readyz")).status == 503


async def test_a_bot_that_accepts_is_ready(client: Client) -> None:
    assert (await client.get("/readyz")).status == 200


async def test_a_bot_that_shuts_down_is_not_ready(client: Client, engine: Ledger) -> None:
    engine.accepting = False

    assert (await client.get("/readyz")).status == 503


async def test_the_front_page_says_what_it_is(client: Client) -> None:
    answer = await client.get("/")

    assert answer.content_type == "text/html"
    assert "awaited 1.2.3: every async test runs, or the check is red." in await answer.text()
