"""A repository on the sandbox's GitHub, with the app installed as its manifest says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import aiohttp
import msgspec

from bot.github.auth import Access
from bot.github.gateway import GitHubApp, RepositoryGateway
from bot.sandbox.github import GitHub
from bot.sandbox.model import App, PullRequest, User
from bot.sandbox.repository import Repository
from tests.github.clock import Clock
from tests.known_credentials import known_credentials

MANIFEST = Path(__file__).parents[2] / "app.yaml"
START = {"README.md": "A shop.\n", "tests/test_shop.py": "def test_shop(): ...\n"}
CHANGE = {"tests/test_cart.py": "async def test_cart(): ...\n"}


@dataclass
class Shop:
    """The places and people of most tests."""

    github: GitHub
    repository: Repository
    alice: User
    app: App
    installation_id: int
    session: aiohttp.ClientSession
    clock: Clock
    bot: GitHubApp

    @classmethod
    async def open(cls, github: GitHub, session: aiohttp.ClientSession, clock: Clock) -> Self:
        alice = github.create_user("alice")
        repository = github.create_repository("octo-org/shop")
        repository.permissions["alice"] = "write"
        repository.commit(START, message="Begin")
        manifest: dict[str, Any] = msgspec.yaml.decode(MANIFEST.read_bytes())
        app = github.create_app(
            "awaited",
            permissions=manifest["default_permissions"],
            events=manifest["default_events"],
        )
        installation_id = github.install(app, repository)
        bot = cls._bot(github, session, clock, app)
        return cls(github, repository, alice, app, installation_id, session, clock, bot)

    @staticmethod
    def _bot(github: GitHub, session: aiohttp.ClientSession, clock: Clock, app: App) -> GitHubApp:
        return GitHubApp(
            session,
            known_credentials(str(app.app_id), app.private_key),
            api_url=github.api_url,
            clock=clock,
            sleep=clock.sleep,
            seconds=5.0,
        )

    async def gateway(self, access: Access = Access.READ) -> RepositoryGateway:
        return await self.bot.repository(self.installation_id, self.repository.full_name, access)

    async def pull(self, files: Mapping[str, bytes | str] = CHANGE) -> PullRequest:
        """Push a branch and open a pull request from it."""
        await self.github.push(self.repository, "feature", files, user=self.alice)
        return await self.github.open_pull_request(
            self.repository, head="feature", user=self.alice
        )

    async def pull_from_fork(self, *, maintainer_can_modify: bool = True) -> PullRequest:
        """Fork the repository, push a branch there and open a pull request from it."""
        carol = self.github.create_user("carol")
        fork = self.github.fork(self.repository, carol)
        await self.github.push(fork, "feature", CHANGE, user=carol)
        return await self.github.open_pull_request(
            self.repository,
            head="carol:feature",
            user=carol,
            maintainer_can_modify=maintainer_can_modify,
        )
