"""A merge queue from end to end: signed webhooks, real merge commits, and the bot."""

from pathlib import Path

import pytest

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun, MergeGroup, User
from tests.stage import STRICT, UNMARKED, Stage


@pytest.fixture
def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> Stage:
    return Stage.in_auto_mode(github, tmp_path, analyser)


async def propose(stage: Stage, user: User, branch: str, files: dict[str, str]) -> str:
    head = await stage.github.push(stage.repository, branch, files, user)
    await stage.github.open_pull_request(stage.repository, head=branch, user=user)
    return head


async def queue(stage: Stage, user: User, *numbers: int) -> list[MergeGroup]:
    queue_one = stage.github.queue_pull_request
    return [await queue_one(stage.repository, number, user) for number in numbers]


def verdict(stage: Stage, head: str) -> CheckRun:
    (run,) = stage.checks(head)
    assert run.status == "completed"
    return run


async def test_green_alone_red_together(stage: Stage, bot: Bot, mona: User) -> None:
    mode = await propose(stage, mona, "mode", {"pyproject.toml": STRICT})
    tests = await propose(stage, mona, "tests", {"test_total.py": UNMARKED})
    await stage.done(bot)
    assert [verdict(stage, head).conclusion for head in (mode, tests)] == ["success", "success"]

    first, second = await queue(stage, mona, 1, 2)
    await stage.done(bot)

    assert verdict(stage, first.head_sha).conclusion == "success"
    assert verdict(stage, second.head_sha).conclusion == "failure"
    assert verdict(stage, second.head_sha).title == "1 async test never runs"

    # So GitHub merges the one and throws the other out.
    await stage.github.merge_next(stage.repository, mona)
    await stage.github.unqueue_pull_request(stage.repository, 2, mona)
    await stage.done(bot)

    assert verdict(stage, first.head_sha).conclusion == "success"
    assert verdict(stage, second.head_sha).conclusion == "failure"
    assert stage.repository.file("main", "test_total.py") is None
    answers = {each.status_code for each in stage.github.deliveries}
    assert answers == {202}


async def test_a_group_that_is_made_anew_gets_a_verdict_of_its_own(
    stage: Stage, bot: Bot, mona: User
) -> None:
    await propose(stage, mona, "mode", {"pyproject.toml": STRICT})
    await propose(stage, mona, "tests", {"test_total.py": UNMARKED})
    first, second = await queue(stage, mona, 1, 2)
    await stage.done(bot)
    assert verdict(stage, second.head_sha).conclusion == "failure"

    await stage.github.unqueue_pull_request(stage.repository, 1, mona)
    await stage.done(bot)

    (anew,) = stage.repository.queues["main"]
    assert anew.head_sha not in {first.head_sha, second.head_sha}
    assert verdict(stage, anew.head_sha).conclusion == "success"


async def test_a_redelivery_checks_no_group_twice(stage: Stage, bot: Bot, mona: User) -> None:
    await propose(stage, mona, "tests", {"test_total.py": UNMARKED})
    (group,) = await queue(stage, mona, 1)
    await stage.done(bot)
    requests = stage.github.requests.copy()

    for original in [each for each in stage.github.deliveries if each.event == "merge_group"]:
        await stage.github.redeliver(original.id)
    await stage.done(bot)

    assert stage.github.requests == requests
    assert verdict(stage, group.head_sha).conclusion == "success"


async def test_a_restart_checks_no_group_twice(stage: Stage, mona: User) -> None:
    async with stage.bot():
        await propose(stage, mona, "tests", {"test_total.py": UNMARKED})
        (group,) = await queue(stage, mona, 1)
        await stage.github.settled()

    async with stage.bot() as second:
        await stage.done(second)

    assert verdict(stage, group.head_sha).conclusion == "success"


async def test_every_group_that_was_destroyed_is_told_about_in_the_end(
    stage: Stage, bot: Bot, mona: User
) -> None:
    """Whatever comes first, no run of a group stays in progress."""
    for number in range(1, 4):
        await propose(stage, mona, f"branch-{number}", {f"test_{number}.py": UNMARKED})
    groups = await queue(stage, mona, 1, 2, 3)
    await stage.github.unqueue_pull_request(stage.repository, 1, mona)
    groups += stage.repository.queues["main"]
    await stage.done(bot)

    runs = [run for group in groups for run in stage.checks(group.head_sha)]
    assert {run.status for run in runs} == {"completed"}
    assert [verdict(stage, group.head_sha).conclusion for group in groups[3:]] == ["success"] * 2


@pytest.mark.parametrize("whole_suite", [False, True])
async def test_re_run_checks_a_group_again(
    stage: Stage, bot: Bot, mona: User, *, whole_suite: bool
) -> None:
    await propose(stage, mona, "tests", {"test_total.py": UNMARKED})
    (group,) = await queue(stage, mona, 1)
    await stage.done(bot)
    first = verdict(stage, group.head_sha)

    if whole_suite:
        await stage.github.rerun_all(stage.repository, first.suite.id, mona)
    else:
        await stage.github.rerun(stage.repository, first.id, mona)
    await stage.done(bot)

    runs = stage.checks(group.head_sha)
    assert [run.conclusion for run in runs] == ["success", "success"]
