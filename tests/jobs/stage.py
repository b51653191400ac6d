"""A repository on the sandbox with the bot's real parts around it, for the tests of its jobs."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp

from bot.analysis.request import FixPlan, Report, Request
from bot.github.gateway import GitHubApp
from bot.isolation.analyser import Analyser, Fetch
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.check_merge_group import CheckMergeGroup
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.drop_merge_group import DropMergeGroup
from bot.jobs.workbench import Policy, Workbench
from bot.sandbox.github import GitHub
from bot.sandbox.model import App, CheckRun, Comment, MergeGroup, PullRequest, User
from bot.sandbox.repository import Repository
from bot.store.claims import Claims
from bot.store.database import Database
from bot.store.dependents import Dependents
from bot.store.suggested_pulls import SuggestedPulls
from tests.known_credentials import known_credentials

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "read",
    "metadata": "read",
    "pull_requests": "write",
}

# Nothing that pytest would find wrong: two tests, both really awaited.
GOOD = "import pytest\n\n\n@pytest.mark.asyncio\nasync def test_good():\n    assert True\n"
# A safe fix: the mark is missing.
NEVER_RUNS = "import pytest\n\n\nasync def test_never_runs():\n    assert True\n"
# An unsafe fix: the base class would have to change.
IN_TESTCASE = (
    "import unittest\n\n\n"
    "class TestShop(unittest.TestCase):\n"
    "    async def test_in_testcase(self):\n"
    "        self.assertTrue(True)\n"
)
PINS = "pytest>=8\npytest-asyncio>=1\n"


class Interrupted(Analyser):
    """A real analyser; before its result is used, something happens in the world."""

    def __init__(self, real: Analyser, act: Callable[[], Awaitable[object]]) -> None:
        super().__init__()
        self._real = real
        self._act = act

    async def analyse(self, request: Request, fetch: Fetch) -> Report:
        """Analyse, then let it happen."""
        report = await self._real.analyse(request, fetch)
        await self._act()
        return report

    async def plan_fixes(self, request: Request, fetch: Fetch) -> FixPlan:
        """Plan, then let it happen."""
        plan = await self._real.plan_fixes(request, fetch)
        await self._act()
        return plan


def raising(error: Exception) -> Callable[[], Awaitable[object]]:
    """Return what happens when an analysis fails."""

    async def act() -> None:
        raise error

    return act


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass
class Stage:
    """A repository with an app installed, people, and a workbench. `alice` owns, `bob` reads."""

    github: GitHub
    repository: Repository
    app: App
    installation_id: int
    alice: User
    bob: User
    bench: Workbench
    slept: list[float]

    async def pull(self, files: Mapping[str, bytes | str], branch: str = "feature") -> PullRequest:
        """Push a branch and open a pull request from it."""
        await self.github.push(self.repository, branch, files, self.alice)
        return await self.github.open_pull_request(self.repository, head=branch, user=self.alice)

    async def fork_pull(
        self, files: Mapping[str, bytes | str], *, allow_edits: bool = True
    ) -> tuple[PullRequest, Repository]:
        """Let bob fork, push a branch to the fork, and open a pull request from it."""
        fork = self.github.fork(self.repository, self.bob)
        await self.github.push(fork, "feature", files, self.bob)
        pull = await self.github.open_pull_request(
            self.repository, head="bob:feature", user=self.bob, maintainer_can_modify=allow_edits
        )
        return pull, fork

    async def queued(self, *pulls: PullRequest) -> list[MergeGroup]:
        """Put pull requests in the merge queue, and return their groups."""
        queue = self.github.queue_pull_request
        return [await queue(self.repository, pull.number, self.alice) for pull in pulls]

    async def push(self, files: Mapping[str, bytes | str], branch: str = "feature") -> str:
        """Push one more commit and return it."""
        return await self.github.push(self.repository, branch, files, self.alice)

    def inherit(self, text: str) -> None:
        """Give the owner of the repository configuration for all of its repositories."""
        owner = self.repository.full_name.partition("/")[0]
        repository = self.github.create_repository(f"{owner}/.github")
        repository.commit({".awaited.toml": text})
        self.github.install(self.app, repository)

    async def own_commit(self, files: Mapping[str, bytes | str], message: str) -> str:
        """Push a commit to `feature` that names the app as its author."""
        bot, before = self.app.bot, self.repository.head("feature")
        author = (bot.login, f"{bot.id}+{bot.login}@users.noreply.github.com")
        when = int(self.bench.now().timestamp())
        after = self.repository.commit(
            files, branch="feature", message=message, author=author, when=when
        )
        self.github.activity.moved(self.repository, "feature", before, after, sender=bot)
        return after

    def check(self, number: int | None = 1, **fields: Any) -> CheckPullRequest:
        """Return the job that checks a pull request."""
        return CheckPullRequest(
            installation_id=self.installation_id,
            repository=self.repository.full_name,
            number=number,
            **fields,
        )

    def check_group(self, group: MergeGroup, **fields: Any) -> CheckMergeGroup:
        """Return the job that checks a merge group."""
        return CheckMergeGroup(
            installation_id=self.installation_id,
            repository=self.repository.full_name,
            head_sha=group.head_sha,
            base_ref=group.base_ref,
            base_sha=group.base_sha,
            **fields,
        )

    def drop_group(self, group: MergeGroup, reason: str = "dequeued") -> DropMergeGroup:
        """Return the job that drops a merge group."""
        return DropMergeGroup(
            installation_id=self.installation_id,
            repository=self.repository.full_name,
            head_sha=group.head_sha,
            reason=reason,
        )

    def fix(self, number: int | None = 1, **fields: Any) -> ApplyFixes:
        """Return the job that fixes a pull request, asked for by alice."""
        given: dict[str, Any] = {"sender": "alice", "unsafe": False, "key": "request-1"}
        return ApplyFixes(
            installation_id=self.installation_id,
            repository=self.repository.full_name,
            number=number,
            **(given | fields),
        )

    async def comment(self, number: int = 1, body: str = "/fix-async") -> int:
        """Write a comment and return its id."""
        return await self.github.comment(self.repository, number, body, self.alice)

    def runs(self, head_sha: str) -> list[CheckRun]:
        """Return the check runs on a commit, oldest first."""
        return self.github.check_runs(self.repository, head_sha)

    def run(self, head_sha: str) -> CheckRun:
        """Return the only check run on a commit."""
        (run,) = self.runs(head_sha)
        return run

    def answers(self, number: int = 1) -> list[Comment]:
        """Return the bot's comments."""
        comments = self.repository.comments_on(number)
        return [comment for comment in comments if comment.app is self.app]

    def answer(self, number: int = 1) -> str:
        """Return the text of the bot's only comment."""
        (comment,) = self.answers(number)
        return comment.body

    def reactions(self, comment_id: int) -> list[str]:
        """Return the reactions to a comment, oldest first."""
        placed = self.repository.review_comment(comment_id)
        comment = placed[1] if placed else self.repository.comments[comment_id]
        return [each.content for each in comment.reactions]

    def interrupted(self, act: Callable[[], Awaitable[object]]) -> Workbench:
        """Return a workbench on which `act` happens after each analysis."""
        return replace(self.bench, analyser=Interrupted(self.bench.analyser, act))

    def with_policy(self, policy: Policy) -> Workbench:
        """Return the workbench of an operator who decided otherwise."""
        return replace(self.bench, policy=policy)


@asynccontextmanager
async def staged(github: GitHub, folder: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    """Set the stage: `main` holds pins and one good test."""
    alice, bob = github.create_user("alice"), github.create_user("bob")
    repository = github.create_repository("octo-org/shop", alice)
    repository.permissions["bob"] = "read"
    repository.commit({"requirements.txt": PINS, "tests/test_good.py": GOOD})
    app = github.create_app("awaited", permissions=PERMISSIONS, events=())
    installation_id = github.install(app, repository)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async with (
        aiohttp.ClientSession() as session,
        await Database.open(f"sqlite:///{folder / 'bot.sqlite'}") as database,
    ):
        gateways = GitHubApp(
            session,
            known_credentials(str(app.id), app.private_key),
            api_url=github.api_url,
            sleep=sleep,
        )
        claims, suggested = Claims(database.engine, _utc), SuggestedPulls(database.engine)
        # What is seen on GitHub must not depend on how fast this machine is.
        dependents = Dependents(database.engine, _utc)
        bench = Workbench(gateways, analyser, claims, suggested, dependents, _utc, patience=0)
        yield Stage(github, repository, app, installation_id, alice, bob, bench, slept)


async def two_bases(stage: Stage) -> tuple[PullRequest, PullRequest]:
    """Open two pull requests from one branch: into `main`, where a test is new, and where not."""
    stage.repository.commit({"tests/test_bad.py": NEVER_RUNS}, branch="release")
    await stage.github.push(stage.repository, "feature", {}, stage.alice)
    await stage.github.force_push(stage.repository, "feature", "release", stage.alice)
    await stage.push({"README.md": "words\n"})
    into_main = await stage.github.open_pull_request(
        stage.repository, head="feature", user=stage.alice
    )
    into_release = await stage.github.open_pull_request(
        stage.repository, head="feature", base="release", user=stage.alice
    )
    return into_main, into_release
