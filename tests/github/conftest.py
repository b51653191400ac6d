"""Gateways for the tests: one to a stub that answers as told, one to the sandbox's GitHub."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.github.gateway import GitHubApp, RepositoryGateway
from bot.sandbox.github import GitHub
from tests.github.clock import Clock
from tests.github.shop import Shop
from tests.github.stub import Stub
from tests.known_credentials import known_credentials


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture(scope="session")
def private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture
async def stub(clock: Clock) -> AsyncIterator[Stub]:
    server = Stub(clock)
    await server.start()
    yield server
    await server.close()


@pytest.fixture
def stub_app(
    stub: Stub, session: aiohttp.ClientSession, private_key: str, clock: Clock
) -> GitHubApp:
    return GitHubApp(
        session,
        known_credentials("7", private_key),
        api_url=stub.url,
        clock=clock,
        sleep=clock.sleep,
        seconds=5.0,
    )


@pytest.fixture
async def gateway(stub_app: GitHubApp) -> RepositoryGateway:
    """A repository on the stub."""
    return await stub_app.repository(1, "octo-org/shop")


@pytest.fixture
async def shop(github: GitHub, session: aiohttp.ClientSession, clock: Clock) -> Shop:
    """A repository on the sandbox."""
    return await Shop.open(github, session, clock)
