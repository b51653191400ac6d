"""Whatever happens to a pull request, its head ends with a completed check run."""

from pathlib import Path

import pytest

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun, PullRequest, User
from tests.stage import NEVER_RUNS, Stage

BAD = {"test_total.py": NEVER_RUNS}
WORDS = {"README.md": "words\n"}


@pytest.fixture
def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> Stage:
    return Stage.build(github, tmp_path, analyser)


async def propose(
    stage: Stage, user: User, files: dict[str, str], *, draft: bool = False
) -> PullRequest:
    await stage.github.push(stage.repository, "feature", files, user)
    return await stage.github.open_pull_request(
        stage.repository, head="feature", user=user, draft=draft
    )


def verdict(stage: Stage, pull: PullRequest) -> CheckRun:
    """Return the newest run on the head, which is what a required check looks at."""
    run = stage.checks(pull.head_sha)[-1]
    assert run.status == "completed"
    return run


async def test_a_draft_is_checked(stage: Stage, bot: Bot, mona: User) -> None:
    pull = await propose(stage, mona, BAD, draft=True)
    await stage.done(bot)

    assert verdict(stage, pull).conclusion == "failure"


async def test_a_draft_that_becomes_ready_keeps_its_verdict(
    stage: Stage, bot: Bot, mona: User
) -> None:
    pull = await propose(stage, mona, BAD, draft=True)
    await stage.done(bot)

    await stage.github.set_draft(stage.repository, 1, mona, draft=False)
    await stage.done(bot)

    (run,) = stage.checks(pull.head_sha)
    assert run.conclusion == "failure"


async def test_a_draft_whose_opening_was_never_told_is_checked_when_it_is_ready(
    stage: Stage, mona: User
) -> None:
    pull = await propose(stage, mona, BAD, draft=True)

    async with stage.bot() as bot:
        await stage.github.set_draft(stage.repository, 1, mona, draft=False)
        await stage.done(bot)

    assert verdict(stage, pull).conclusion == "failure"


async def test_where_there_is_nothing_to_check_the_verdict_says_so(
    stage: Stage, bot: Bot, mona: User
) -> None:
    pull = await propose(stage, mona, WORDS)
    await stage.done(bot)

    run = verdict(stage, pull)
    assert (run.conclusion, run.title) == ("success", "No async tests changed")


async def test_a_head_that_was_pushed_while_the_pull_request_was_closed_is_checked_once_reopened(
    stage: Stage, bot: Bot, mona: User
) -> None:
    pull = await propose(stage, mona, WORDS)
    await stage.done(bot)
    await stage.github.close_pull_request(stage.repository, 1, mona)
    await stage.github.push(stage.repository, "feature", BAD, mona)
    await stage.done(bot)

    await stage.github.reopen_pull_request(stage.repository, 1, mona)
    await stage.done(bot)

    assert verdict(stage, pull).conclusion == "failure"


async def test_a_pull_request_closed_and_reopened_keeps_its_verdict(
    stage: Stage, bot: Bot, mona: User
) -> None:
    pull = await propose(stage, mona, BAD)
    await stage.done(bot)

    await stage.github.close_pull_request(stage.repository, 1, mona)
    await stage.github.reopen_pull_request(stage.repository, 1, mona)
    await stage.done(bot)

    (run,) = stage.checks(pull.head_sha)
    assert run.conclusion == "failure"


async def test_another_base_means_another_verdict(stage: Stage, bot: Bot, mona: User) -> None:
    stage.repository.commit(BAD, branch="release")
    await stage.github.push(stage.repository, "release-words", WORDS, mona)
    await stage.github.force_push(stage.repository, "release-words", "release", mona)
    await stage.github.push(stage.repository, "release-words", WORDS, mona)
    pull = await stage.github.open_pull_request(stage.repository, head="release-words", user=mona)
    await stage.done(bot)
    assert verdict(stage, pull).conclusion == "failure"

    await stage.github.edit_pull_request(stage.repository, 1, mona, base="release")
    await stage.done(bot)

    assert verdict(stage, pull).conclusion == "success"


async def test_a_head_of_two_pull_requests_is_judged_anew_when_one_is_closed_or_comes_back(
    stage: Stage, bot: Bot, mona: User
) -> None:
    stage.repository.commit(BAD, branch="release")
    await stage.github.push(stage.repository, "shared", WORDS, mona)
    await stage.github.force_push(stage.repository, "shared", "release", mona)
    await stage.github.push(stage.repository, "shared", WORDS, mona)
    await stage.github.open_pull_request(stage.repository, head="shared", user=mona)
    await stage.done(bot)
    pull = await stage.github.open_pull_request(
        stage.repository, head="shared", base="release", user=mona
    )
    await stage.done(bot)
    assert verdict(stage, pull).conclusion == "failure"

    await stage.github.close_pull_request(stage.repository, 1, mona)
    await stage.done(bot)
    assert verdict(stage, pull).conclusion == "success"

    await stage.github.reopen_pull_request(stage.repository, 1, mona)
    await stage.done(bot)
    assert verdict(stage, pull).conclusion == "failure"


async def test_a_check_run_asked_for_again_is_done_again(
    stage: Stage, bot: Bot, mona: User
) -> None:
    pull = await propose(stage, mona, WORDS)
    await stage.done(bot)

    await stage.github.rerun(stage.repository, verdict(stage, pull).id, mona)
    await stage.done(bot)

    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["success", "success"]


async def test_a_suite_asked_for_again_is_done_again(stage: Stage, bot: Bot, mona: User) -> None:
    pull = await propose(stage, mona, WORDS)
    await stage.done(bot)

    await stage.github.rerun_all(stage.repository, verdict(stage, pull).suite.id, mona)
    await stage.done(bot)

    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["success", "success"]


@pytest.mark.parametrize("whole_suite", [False, True])
async def test_a_forks_head_is_known_again_though_github_names_no_pull_request(
    stage: Stage, bot: Bot, mona: User, *, whole_suite: bool
) -> None:
    fork = stage.github.fork(stage.repository, stage.github.create_user("visitor"))
    visitor = fork.owner
    await stage.github.push(fork, "feature", BAD, visitor)
    pull = await stage.github.open_pull_request(
        stage.repository, head="visitor:feature", user=visitor
    )
    await stage.done(bot)
    first = verdict(stage, pull)

    if whole_suite:
        await stage.github.rerun_all(stage.repository, first.suite.id, mona)
    else:
        await stage.github.rerun(stage.repository, first.id, mona)
    await stage.done(bot)

    (asked,) = [one for one in stage.github.deliveries if one.action == "rerequested"]
    assert asked.payload[asked.event]["pull_requests"] == []
    assert [run.conclusion for run in stage.checks(pull.head_sha)] == ["failure", "failure"]


async def test_a_head_that_comes_back_keeps_the_verdict_that_it_has(
    stage: Stage, bot: Bot, mona: User
) -> None:
    pull = await propose(stage, mona, BAD)
    first = pull.head_sha
    await stage.done(bot)
    await stage.github.push(stage.repository, "feature", {"test_total.py": ""}, mona)
    await stage.done(bot)
    assert verdict(stage, pull).conclusion == "success"

    await stage.github.force_push(stage.repository, "feature", first, mona)
    await stage.done(bot)

    assert pull.head_sha == first
    (run,) = stage.checks(first)
    assert run.conclusion == "failure"
