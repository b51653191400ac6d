"""What a check costs at GitHub in requests, points and time, beside a bot as most are written.

    python -m benchmarks.service [--json]

A GitHub on loopback holds a repository whose tests inherit from a class two imports away. A pull
request changes 1, 10 and 100 of them. Counted is from the beginning of the job until its check
run is completed, without minting tokens: for a new head, for the same head once more, and for
another head with the same files. Points are GitHub's for its secondary limits: 1 for what reads
(a GraphQL query too), 5 for what writes. There is no network between the two, so that the time
is that of the work alone; on a real one each request adds its own.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import aiohttp

from benchmarks.service.reference_bot import ReferenceBot
from bot.cli.demo.stage import PERMISSIONS
from bot.github.auth import AppCredentials
from bot.github.gateway import GitHubApp
from bot.isolation.analyser import Analyser
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.workbench import Workbench
from bot.sandbox.github import GitHub
from bot.sandbox.model import App, User
from bot.sandbox.repository import Repository
from bot.store.claims import Claims
from bot.store.database import Database
from bot.store.dependents import Dependents
from bot.store.suggested_pulls import SuggestedPulls

COUNTS = (1, 10, 100)
REPOSITORY = "octo-org/shop"
_MINTING = "apps/create-installation-access-token"
_WRITING = ("/create", "/update")
_WRITE_POINTS = 5
_FILES = {
    "requirements.txt": "pytest==9.0.0\npytest-asyncio==1.3.0\n",
    "tests/base.py": "from shop.cases import Case\n",
    "shop/__init__.py": "",
    "shop/cases.py": (
        "import unittest\n\n\nclass Case(unittest.IsolatedAsyncioTestCase):\n    pass\n"
    ),
}
_TEST = """from tests.base import Case


class Test{n}(Case):
    async def test_{n}(self):
        self.assertEqual({n}, {n})
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one check took; `seconds` on the clock."""

    bot: str
    files: int
    head: str
    requests: int
    points: int
    seconds: float


def cost_of(bot: str, files: int, head: str, asked: Counter[str], seconds: float) -> Cost:
    """Sum up; minting tokens is left out, it is done once an hour."""
    counted = Counter({name: n for name, n in asked.items() if name != _MINTING})
    points = sum(
        count * (_WRITE_POINTS if name.endswith(_WRITING) else 1)
        for name, count in counted.items()
    )
    return Cost(bot, files, head, counted.total(), points, round(seconds, 3))


@dataclass(frozen=True, slots=True)
class Scene:
    """A GitHub with a repository, and both bots."""

    github: GitHub
    repository: Repository
    author: User
    check: dict[str, Callable[[int, str], Awaitable[None]]]

    @classmethod
    @asynccontextmanager
    async def set_up(cls, folder: Path) -> AsyncGenerator["Scene"]:
        """Start everything inside a `with`."""
        async with (
            await GitHub.start(folder / "github") as github,
            await Database.open(f"sqlite:///{folder / 'bot.sqlite'}") as database,
            Analyser() as analyser,
            aiohttp.ClientSession() as session,
        ):
            author = github.create_user("alice")
            repository = github.create_repository(REPOSITORY, author)
            repository.commit(_FILES)
            app = github.create_app("awaited", permissions=PERMISSIONS, events=())
            installation_id = github.install(app, repository)
            bench = Workbench(
                _gateways(github, app, session),
                analyser,
                Claims(database.engine, _now),
                SuggestedPulls(database.engine),
                Dependents(database.engine, _now),
                _now,
            )
            reference = ReferenceBot(
                session,
                github.api_url,
                (str(app.id), app.private_key),
                (installation_id, REPOSITORY),
            )

            async def awaited(number: int, head: str) -> None:
                job = CheckPullRequest(
                    installation_id=installation_id,
                    repository=REPOSITORY,
                    number=number,
                    again_at=head,
                )
                await job.run(bench)

            async def straightforward(number: int, _: str) -> None:
                await reference.check(number)

            yield cls(
                github, repository, author, {"awaited": awaited, "reference": straightforward}
            )

    async def warm_up(self) -> None:
        """Have both check something of which they read no file."""
        await self.github.push(self.repository, "words", {"README.md": "Words.\n"}, self.author)
        pull = await self.github.open_pull_request(self.repository, head="words", user=self.author)
        for bot in self.check:
            await self._check(bot, 0, "new", pull.number)

    async def measured(self, count: int) -> list[Cost]:
        """Open a pull request that changes so many files, and have it checked thrice."""
        branch = f"change-{count}"
        files = {f"tests/test_{n}.py": _TEST.format(n=n) for n in range(count)}
        await self.github.push(self.repository, branch, files, self.author)
        pull = await self.github.open_pull_request(self.repository, head=branch, user=self.author)
        costs = [await self._check(bot, count, "new", pull.number) for bot in self.check]
        costs += [await self._check(bot, count, "same", pull.number) for bot in self.check]
        await self.github.push(
            self.repository, branch, {"README.md": "More words.\n"}, self.author
        )
        return costs + [
            await self._check(bot, count, "same files", pull.number) for bot in self.check
        ]

    async def _check(self, bot: str, count: int, head: str, number: int) -> Cost:
        self.github.requests.clear()
        began = time.perf_counter()
        await self.check[bot](number, self.repository.pulls[number].head_sha)
        seconds = time.perf_counter() - began
        return cost_of(bot, count, head, Counter(self.github.requests), seconds)


def _gateways(github: GitHub, app: App, session: aiohttp.ClientSession) -> GitHubApp:
    credentials = AppCredentials(str(app.id), app.private_key)
    return GitHubApp(session, credentials, api_url=github.api_url)


def _now() -> datetime:
    return datetime.now(UTC)


async def measure(count: int) -> list[Cost]:
    """Measure both bots on a GitHub of their own, which they know nothing of yet."""
    with tempfile.TemporaryDirectory() as folder:
        async with Scene.set_up(Path(folder)) as scene:
            await scene.warm_up()
            costs = await scene.measured(count)
            violations = scene.github.referee.violations
    if violations:
        raise SystemExit("\n".join(map(str, violations)))
    return costs


def table(costs: list[Cost]) -> Iterator[str]:
    """Yield a table in Markdown."""
    yield "| changed files | head | bot | requests | points | ms |"
    yield "|---:|---|---|---:|---:|---:|"
    for one in costs:
        milliseconds = f"{one.seconds * 1000:.0f}"
        yield (
            f"| {one.files} | {one.head} | {one.bot} | {one.requests} | {one.points} "
            f"| {milliseconds} |"
        )


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--json", action="store_true")
    wishes = parser.parse_args()
    costs = [cost for count in COUNTS for cost in asyncio.run(measure(count))]
    print(
        json.dumps([asdict(one) for one in costs], indent=2)
        if wishes.json
        else "\n".join(table(costs))
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
