"""The stage of the demo: a local GitHub, the bot behind it, and the sample repository."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import App, CheckRun, Comment, PullRequest, User
from bot.sandbox.repository import Repository
from bot.settings import Settings

# As in app.yaml, which a test holds them against.
PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "read",
    "merge_queues": "read",
    "metadata": "read",
    "pull_requests": "write",
    "statuses": "write",
}
EVENTS = (
    "pull_request",
    "check_run",
    "check_suite",
    "issue_comment",
    "pull_request_review",
    "pull_request_review_comment",
    "merge_group",
    "push",
)
BRANCH = "returns"
_DEADLINE = 120.0  # seconds; far more than any step takes


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that the story needs. `author` may write, `visitor` may only read."""

    github: GitHub
    app: App
    bot: Bot
    repository: Repository
    author: User
    visitor: User

    @classmethod
    @asynccontextmanager
    async def open(
        cls, folder: Path, port: int = 0, analyser: Analyser | None = None
    ) -> AsyncGenerator["Stage", None]:
        """Start everything inside a `with`, an analyser too where none is given.

        What it keeps lies in `folder`.
        """
        async with await GitHub.start(folder / "github", port=port) as github:
            app = github.create_app("awaited", permissions=PERMISSIONS, events=EVENTS)
            settings = Settings(
                app_id=str(app.app_id),
                private_key=app.private_key,
                webhook_secret=app.webhook_secret,
                database_url=f"sqlite:///{folder / 'bot.sqlite'}",
                github_api_url=github.api_url,
            )
            async with await Bot.start(settings, analyser=analyser) as bot:
                app.hook_url = f"{bot.url}/webhook"
                yield cls._furnished(github, app, bot)

    @classmethod
    def _furnished(cls, github: GitHub, app: App, bot: Bot) -> "Stage":
        author, visitor = github.create_user("maintainer"), github.create_user("visitor")
        repository = github.create_repository("demo/parcel", owner=author)
        repository.permissions |= {author.login: "write", visitor.login: "read"}
        repository.commit(
            _sample("base"), message="Quote rates", author=_author(author), when=_now()
        )
        github.install(app, repository)
        return cls(github, app, bot, repository, author, visitor)

    @property
    def page(self) -> str:
        """The address of the pull request's page."""
        return f"{self.github.url}/{self.repository.full_name}/pull/{self.pull.number}"

    @property
    def clone_url(self) -> str:
        """Where plain git clones the repository from."""
        return self.github.clone_url(self.repository)

    @property
    def pull(self) -> PullRequest:
        """The one pull request."""
        return self.repository.pulls[1]

    @property
    def head(self) -> str:
        """The commit that the pull request's branch points to."""
        head = self.repository.head(BRANCH)
        assert head is not None  # noqa: S101 - `propose` has made the branch
        return head

    async def propose(self) -> None:
        """Push the sample's branch and open the pull request."""
        self.repository.commit(
            _sample("branch"),
            branch=BRANCH,
            message="Take parcels back",
            author=_author(self.author),
            when=_now(),
        )
        await self.github.open_pull_request(
            self.repository,
            head=BRANCH,
            title="Take parcels back",
            body="Customers can return parcels: a desk, labels and refunds, all with tests.",
            user=self.author,
        )

    async def comment(self, body: str, user: User) -> None:
        """Write a comment under the pull request."""
        await self.github.comment(self.repository, self.pull.number, body, user)

    async def settled(self) -> None:
        """Wait until every delivery is answered and everything that it asked for is done."""
        await self.github.settled()
        await self.bot.engine.settled(_DEADLINE)
        await self.github.settled()
        await self.bot.engine.settled(_DEADLINE)

    def check(self) -> CheckRun | None:
        """Return the newest check run of the head commit."""
        runs = self.github.check_runs(self.repository, self.head)
        return runs[-1] if runs else None

    def replies(self) -> list[Comment]:
        """Return what the bot wrote under the pull request."""
        comments = self.repository.comments_on(self.pull.number)
        return [one for one in comments if one.author is self.app.bot]


def _author(user: User) -> tuple[str, str]:
    return user.login, f"{user.login}@example.com"


def _now() -> int:
    return int(datetime.now(UTC).timestamp())


def _sample(part: str) -> dict[str, bytes | str]:
    """Return the files of a part of the sample repository."""
    found: dict[str, bytes | str] = {}
    _collect(files("bot.sandbox") / "sample" / part, "", found)
    return found


def _collect(folder: Traversable, prefix: str, found: dict[str, bytes | str]) -> None:
    for entry in folder.iterdir():
        if entry.is_dir():
            if entry.name != "__pycache__":
                _collect(entry, f"{prefix}{entry.name}/", found)
        else:
            found[prefix + entry.name] = entry.read_bytes()
