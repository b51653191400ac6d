"""Fixtures of the sandbox's own tests."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from bot.sandbox.github import GitHub
from tests.sandbox.shop import EVENTS, FULL, LINES, Receiver, Shop


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
async def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
async def hook_url(receiver: Receiver) -> AsyncIterator[str]:
    app = web.Application(client_max_size=30 * 1024 * 1024)
    app.router.add_post("/webhook", receiver.take)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    await runner.cleanup()


@pytest.fixture
async def shop(
    hook_url: str, github: GitHub, receiver: Receiver, session: aiohttp.ClientSession
) -> Shop:
    alice = github.create_user("alice")
    repository = github.create_repository("octo-org/shop")
    repository.permissions["alice"] = "write"
    repository.commit({"a.txt": LINES, "src/b.py": "def f(): ...\n"}, message="Begin")
    app = github.create_app(
        "awaited", hook_url=hook_url, permissions=FULL, events=EVENTS, webhook_secret="secret"
    )
    installation = github.install(app, repository)
    return Shop(github, repository, alice, app, installation, receiver, session)
