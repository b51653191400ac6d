"""A stage for tests of the whole bot: a GitHub with an app installed, and the bot behind it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import App, CheckRun
from bot.sandbox.repository import Repository
from bot.settings import Settings

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "read",
    "merge_queues": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = ("pull_request", "check_run", "check_suite", "issue_comment", "merge_group", "push")

NEVER_RUNS = """import unittest


class TestTotal(unittest.TestCase):
    async def test_total(self):
        self.assertEqual(1 + 1, 2)
"""

AUTO = '[tool.pytest.ini_options]\nasyncio_mode = "auto"\n'
STRICT = '[tool.pytest.ini_options]\nasyncio_mode = "strict"\n'
UNMARKED = "async def test_total() -> None:\n    assert 1 + 1 == 2\n"


@dataclass(frozen=True, slots=True)
class Stage:
    """What a test plays with; the repository's default branch is empty but for a README."""

    github: GitHub
    app: App
    repository: Repository
    settings: Settings
    analyser: Analyser | None = None

    @classmethod
    def build(cls, github: GitHub, folder: Path, analyser: Analyser | None = None) -> "Stage":
        """Build one whose bots share an analyser, or each start their own."""
        repository = github.create_repository("octo-org/shop")
        repository.commit({"README.md": "A shop.\n"}, message="Begin")
        app = github.create_app("awaited", permissions=PERMISSIONS, events=EVENTS)
        github.install(app, repository)
        settings = Settings(
            app_id=str(app.app_id),
            private_key=app.private_key,
            webhook_secret=app.webhook_secret,
            database_url=f"sqlite:///{folder / 'bot.sqlite'}",
            github_api_url=github.api_url,
        )
        return cls(github, app, repository, settings, analyser)

    @classmethod
    def in_auto_mode(cls, github: GitHub, folder: Path, analyser: Analyser) -> "Stage":
        """Build one on which pytest-asyncio runs tests without a mark."""
        stage = cls.build(github, folder, analyser)
        stage.repository.commit(
            {"pyproject.toml": AUTO, "requirements.txt": "pytest-asyncio>=1\n"}
        )
        return stage

    @asynccontextmanager
    async def bot(self) -> AsyncIterator[Bot]:
        """Run the bot inside a `with`, and have GitHub deliver to it from then on."""
        async with await Bot.start(self.settings, analyser=self.analyser) as bot:
            self.app.hook_url = f"{bot.url}/webhook"
            yield bot

    async def propose(self, content: str = NEVER_RUNS) -> str:
        """Open a pull request that adds a test file, and return its head commit."""
        user = self.github.create_user("mona")
        self.repository.permissions[user.login] = "write"
        head = self.repository.commit({"test_total.py": content}, branch="total")
        await self.github.open_pull_request(self.repository, head="total", user=user)
        return head

    async def done(self, bot: Bot) -> None:
        """Wait until every delivery is answered and everything it asked for is done."""
        answered = -1
        # What is done may be told of in turn: a queue makes a group anew, which is to be checked.
        while answered != len(self.github.deliveries):
            answered = len(self.github.deliveries)
            await self.github.settled()
            await bot.engine.settled(60)
            await self.github.settled()

    def checks(self, head: str) -> list[CheckRun]:
        return self.github.check_runs(self.repository, head)
