"""A bot whose database is lost finds on GitHub what it has done, and goes on from there."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.github.auth import AppCredentials
from bot.github.gateway import GitHubApp
from bot.report.check_run import CHECK_NAME
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest, User
from bot.store.claims import Claims
from bot.store.database import Database
from tests.stage import NEVER_RUNS, Stage

BAD = {"test_total.py": NEVER_RUNS}


@pytest.fixture
def stage(github: GitHub, tmp_path: Path) -> Stage:
    return Stage.build(github, tmp_path)


@pytest.fixture
def renewed(stage: Stage, tmp_path: Path) -> Stage:
    """The same stage with a bot that knows nothing of what was there before."""
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    return replace(stage, settings=replace(stage.settings, database_url=url))


async def propose(stage: Stage, user: User) -> PullRequest:
    await stage.github.push(stage.repository, "feature", BAD, user)
    return await stage.github.open_pull_request(stage.repository, head="feature", user=user)


async def begin(stage: Stage, head_sha: str) -> None:
    """Show a check to be under way, as a bot does that then is gone with all that it knew."""
    (installation_id,) = stage.github.world.installations
    async with (
        aiohttp.ClientSession() as session,
        await Database.open(stage.settings.database_url) as database,
    ):
        app = GitHubApp(
            session,
            AppCredentials(stage.settings.app_id, stage.settings.private_key),
            api_url=stage.github.api_url,
        )
        gateway = await app.repository(installation_id, stage.repository.full_name)
        claims = Claims(database.engine, lambda: datetime.now(UTC))
        claim = await claims.claim(stage.repository.full_name, head_sha, CHECK_NAME, number=1)
        await gateway.start_check_run(head_sha, external_id=claim.external_id, fresh=True)


async def test_the_check_that_it_had_begun_is_completed(
    stage: Stage, renewed: Stage, mona: User
) -> None:
    pull = await propose(stage, mona)
    await begin(stage, pull.head_sha)
    await stage.github.close_pull_request(stage.repository, 1, mona)

    async with renewed.bot() as bot:
        await stage.github.reopen_pull_request(stage.repository, 1, mona)
        await renewed.done(bot)

    (run,) = stage.checks(pull.head_sha)
    assert (run.status, run.conclusion, len(run.annotations)) == ("completed", "failure", 1)


async def test_a_check_asked_for_again_is_done_again(
    stage: Stage, renewed: Stage, mona: User
) -> None:
    async with stage.bot() as bot:
        pull = await propose(stage, mona)
        await stage.done(bot)
    stage.repository.commit({".awaited.toml": "ignore = ['AWT102', 'AWT101']\n"})

    async with renewed.bot() as bot:
        for _ in range(2):
            newest = stage.checks(pull.head_sha)[-1]
            await stage.github.rerun(stage.repository, newest.id, mona)
            await renewed.done(bot)

    runs = stage.checks(pull.head_sha)
    assert [run.conclusion for run in runs] == ["failure", "success", "success"]
    assert len({run.external_id for run in runs}) == len(runs)


async def test_a_verdict_that_does_not_hold_any_more_is_followed_by_another(
    stage: Stage, renewed: Stage, mona: User
) -> None:
    async with stage.bot() as bot:
        pull = await propose(stage, mona)
        await stage.done(bot)
        await stage.github.close_pull_request(stage.repository, 1, mona)
        await stage.done(bot)
    stage.repository.commit({".awaited.toml": "ignore = ['AWT102', 'AWT101']\n"})

    async with renewed.bot() as bot:
        await stage.github.reopen_pull_request(stage.repository, 1, mona)
        await renewed.done(bot)

    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["failure", "success"]


async def test_a_forks_check_asked_for_again_is_done_again_though_github_names_no_pull_request(
    stage: Stage, renewed: Stage, mona: User
) -> None:
    visitor = stage.github.create_user("visitor")
    fork = stage.github.fork(stage.repository, visitor)
    async with stage.bot() as bot:
        await stage.github.push(fork, "feature", BAD, visitor)
        pull = await stage.github.open_pull_request(
            stage.repository, head="visitor:feature", user=visitor
        )
        await stage.done(bot)

    async with renewed.bot() as bot:
        await stage.github.rerun(stage.repository, stage.checks(pull.head_sha)[0].id, mona)
        await renewed.done(bot)

    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["failure", "failure"]
