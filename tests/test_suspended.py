"""An installation that was out of action catches up once it is not any more."""

from pathlib import Path

import pytest

from bot.app import Bot
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest, User
from tests.stage import NEVER_RUNS, Stage

BAD = {"test_total.py": NEVER_RUNS}


@pytest.fixture
def stage(github: GitHub, tmp_path: Path) -> Stage:
    return Stage.build(github, tmp_path)


async def opened_unseen(stage: Stage, bot: Bot, author: User) -> PullRequest:
    """Open a pull request of which no check comes."""
    await stage.github.push(stage.repository, "feature", BAD, author)
    pull = await stage.github.open_pull_request(stage.repository, head="feature", user=author)
    await stage.done(bot)
    assert stage.checks(pull.head_sha) == []
    return pull


async def test_what_was_opened_during_a_suspension_is_checked_after_it(
    stage: Stage, bot: Bot, mona: User
) -> None:
    (installation_id,) = stage.github.world.installations
    stage.github.suspend(installation_id)
    pull = await opened_unseen(stage, bot, mona)

    stage.github.unsuspend(installation_id)
    await stage.done(bot)

    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["failure"]


async def test_what_lacked_a_permission_is_checked_once_it_is_granted(
    stage: Stage, bot: Bot, mona: User
) -> None:
    (installation_id,) = stage.github.world.installations
    del stage.github.world.installations[installation_id].permissions["pull_requests"]
    pull = await opened_unseen(stage, bot, mona)

    stage.github.accept_permissions(installation_id)
    await stage.done(bot)

    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["failure"]
