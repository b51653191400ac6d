"""An organisation configures all of its repositories: over real HTTP, from webhook to verdict."""

from pathlib import Path

import pytest

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import User
from bot.sandbox.repository import Repository
from tests.stage import NEVER_RUNS, Stage

BELOW = "octo-org/.github/.awaited.toml"
MINTING = "apps/create-installation-access-token"


@pytest.fixture
def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> Stage:
    return Stage.build(github, tmp_path, analyser)


@pytest.fixture
def owners(stage: Stage) -> Repository:
    """What the organisation has for all repositories, with the app installed on it."""
    repository = stage.github.create_repository("octo-org/.github")
    repository.commit({".awaited.toml": "ignore = ['AWT1']\nfix = { allow = 'admin' }\n"})
    stage.github.install(stage.app, repository)
    return repository


async def test_the_story(stage: Stage, owners: Repository, bot: Bot, mona: User) -> None:
    # The organisation leaves AWT1 alone, so nothing is found.
    head = stage.repository.commit({"tests/test_total.py": NEVER_RUNS}, branch="total")
    await stage.github.open_pull_request(stage.repository, head="total", user=mona)
    await stage.done(bot)
    (run,) = stage.checks(head)
    assert run.conclusion == "success"
    assert f"configured by `{BELOW}`" in (run.summary or "")

    # The repository wants to know of it, and says so; all else stays as the organisation has it.
    stage.repository.commit({".awaited.toml": "extend-select = ['AWT101']\n"})
    await stage.github.rerun(stage.repository, run.id, mona)
    await stage.done(bot)
    again = stage.checks(head)[-1]
    assert (again.conclusion, again.title) == ("failure", "1 async test never runs")
    both = f"`.awaited.toml` of the base branch, and where that says nothing by `{BELOW}`"
    assert f"configured by {both}" in (again.summary or "")

    # Who may have it fixed is still for the organisation to say.
    await stage.github.comment(stage.repository, 1, "/fix-async --unsafe", mona)
    await stage.done(bot)
    assert stage.repository.head("total") == head
    assert "has not the role `admin`" in stage.repository.comments_on(1)[-1].body

    # A token for the one repository is never used for the other.
    asked = [each for each in stage.github.exchanges if ".github" in str(each.body)]
    tokens = [each for each in asked if each.operation == MINTING]
    assert [each.body["permissions"] for each in tokens] == [{"contents": "read"}]
    assert owners.comments_on(1) == []
