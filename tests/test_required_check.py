"""A team requires the check as the documentation says, and merges through it."""

import json
import re
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.sandbox.errors import ApiError
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun, PullRequest, User
from tests.stage import STRICT, UNMARKED, Stage

PAGE = Path(__file__).parents[1] / "docs" / "required-check.md"
RULESET, QUEUE = (
    json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)
)

MARKED = f"import pytest\n\n\n@pytest.mark.asyncio\n{UNMARKED}"


@pytest.fixture
def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> Stage:
    return Stage.in_auto_mode(github, tmp_path, analyser)


@pytest.fixture
def mona(mona: User, stage: Stage) -> User:
    stage.repository.permissions[mona.login] = "admin"
    return mona


async def propose(stage: Stage, user: User, branch: str, files: dict[str, str]) -> PullRequest:
    await stage.github.push(stage.repository, branch, files, user)
    return await stage.github.open_pull_request(stage.repository, head=branch, user=user)


async def require(stage: Stage, user: User, *more: dict[str, Any], source: int) -> int:
    """Create the ruleset of the documentation, and return GitHub's answer."""
    text = json.dumps(RULESET | {"rules": [*RULESET["rules"], *more]})
    body = text.replace("12345", str(source))
    url = f"{stage.github.api_url}/repos/{stage.repository.full_name}/rulesets"
    headers = {"Authorization": f"Bearer {user.token}", "Content-Type": "application/json"}
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.post(url, data=body) as response,
    ):
        return response.status


async def test_nothing_is_merged_past_the_check(stage: Stage, bot: Bot, mona: User) -> None:
    await propose(stage, mona, "first", {"test_first.py": UNMARKED, "pyproject.toml": STRICT})
    await stage.done(bot)
    assert await require(stage, mona, source=stage.app.id) == 201

    with pytest.raises(ApiError, match="405"):
        await stage.github.merge_pull_request(stage.repository, 1, mona)

    await stage.github.push(stage.repository, "first", {"test_first.py": MARKED}, mona)
    await stage.done(bot)
    await stage.github.merge_pull_request(stage.repository, 1, mona)
    assert stage.repository.file("main", "test_first.py") == MARKED.encode()


async def test_a_run_of_that_name_from_elsewhere_opens_no_gate(
    stage: Stage, bot: Bot, mona: User
) -> None:
    files = {"test_first.py": UNMARKED, "pyproject.toml": STRICT}
    pull = await propose(stage, mona, "first", files)
    await stage.done(bot)
    assert await require(stage, mona, source=stage.app.id) == 201

    impostor = stage.github.create_app("impostor", permissions={"checks": "write"}, events=())
    stage.github.install(impostor, stage.repository)
    suite = stage.github.activity.suite(stage.repository, impostor, pull.head_sha)
    run = CheckRun(stage.github.world.next_id(), suite, "awaited", stage.github.world.now())
    run.status, run.conclusion = "completed", "success"
    stage.github.activity.run_created(stage.repository, run)

    with pytest.raises(ApiError, match="405"):
        await stage.github.merge_pull_request(stage.repository, 1, mona)


async def test_an_app_without_the_permission_cannot_be_the_source(
    stage: Stage, bot: Bot, mona: User
) -> None:
    await propose(stage, mona, "first", {"README.md": "words\n"})
    await stage.done(bot)
    (installation,) = stage.github.world.installations.values()
    del installation.permissions["statuses"]

    assert await require(stage, mona, source=stage.app.id) == 422


async def test_an_app_that_has_reported_nothing_cannot_be_the_source(
    stage: Stage, mona: User
) -> None:
    assert await require(stage, mona, source=stage.app.id) == 422


async def test_only_an_administrator_sets_rules(stage: Stage, mona: User) -> None:
    stage.repository.permissions[mona.login] = "write"

    assert await require(stage, mona, source=stage.app.id) == 403


async def test_a_queue_merges_what_is_green_and_throws_out_what_is_red(
    stage: Stage, bot: Bot, mona: User
) -> None:
    mode = await propose(stage, mona, "mode", {"pyproject.toml": STRICT})
    tests = await propose(stage, mona, "tests", {"test_total.py": UNMARKED})
    words = await propose(stage, mona, "words", {"README.md": "words\n"})
    await stage.done(bot)
    assert await require(stage, mona, QUEUE, source=stage.app.id) == 201

    for pull in (mode, tests, words):
        await stage.github.queue_pull_request(stage.repository, pull.number, mona)
    await stage.done(bot)

    assert [pull.merged_at is not None for pull in (mode, tests, words)] == [True, False, True]
    assert stage.repository.queues["main"] == []
    assert stage.repository.file("main", "test_total.py") is None
    left = [one for one in stage.github.deliveries if one.name == "pull_request.dequeued"]
    reasons = {one.payload["number"]: one.payload["reason"] for one in left}
    assert reasons == {1: "MERGE", 2: "CI_FAILURE", 3: "MERGE"}

    # Up to date with its base, the pull request shows the same, and can be fixed.
    await stage.github.push(stage.repository, "tests", {"pyproject.toml": STRICT}, mona)
    await stage.done(bot)
    assert stage.checks(tests.head_sha)[-1].conclusion == "failure"
    await stage.github.push(stage.repository, "tests", {"test_total.py": MARKED}, mona)
    await stage.done(bot)
    await stage.github.queue_pull_request(stage.repository, tests.number, mona)
    await stage.done(bot)

    assert stage.repository.file("main", "test_total.py") == MARKED.encode()
