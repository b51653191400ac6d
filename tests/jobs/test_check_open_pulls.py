"""A repository that the app reaches again: what is open there is checked."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.jobs.check_open_pulls import CheckOpenPulls
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest
from tests.jobs.stage import GOOD, NEVER_RUNS, Stage, raising, staged


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def job(stage: Stage) -> CheckOpenPulls:
    return CheckOpenPulls(installation_id=stage.installation_id, repository="octo-org/shop")


async def three(stage: Stage) -> list[PullRequest]:
    """Open three pull requests, and close the second."""
    texts = {"one": NEVER_RUNS, "two": NEVER_RUNS, "three": GOOD}
    pulls = [await stage.pull({f"tests/test_{name}.py": texts[name]}, name) for name in texts]
    await stage.github.close_pull_request(stage.repository, pulls[1].number, stage.alice)
    return pulls


def conclusions(stage: Stage, pulls: list[PullRequest]) -> list[list[str | None]]:
    return [[run.conclusion for run in stage.runs(pull.head_sha)] for pull in pulls]


async def test_what_is_open_is_checked_once(stage: Stage) -> None:
    pulls = await three(stage)
    await stage.check(pulls[0].number).run(stage.bench)

    for _ in range(2):
        await job(stage).run(stage.bench)

    assert conclusions(stage, pulls) == [["failure"], [], ["success"]]


async def test_what_keeps_one_from_its_verdict_holds_up_no_other(stage: Stage) -> None:
    pulls = await three(stage)
    head = pulls[2].head_sha
    stage.github.faults.add(Fault(rf"GET .*/compare/.*{head}", "status", times=4, status=503))

    with pytest.raises(Transient):
        await job(stage).run(stage.bench)
    assert conclusions(stage, pulls) == [["failure"], [], [None]]
    await job(stage).run(stage.bench)

    assert conclusions(stage, pulls) == [["failure"], [], ["success"]]


async def test_what_passes_by_itself_is_told_before_what_does_not(stage: Stage) -> None:
    pulls = await three(stage)
    # The newest is the first.
    head = pulls[0].head_sha
    stage.github.faults.add(Fault(rf"GET .*/compare/.*{head}", "status", times=4, status=503))

    with pytest.raises(Transient):
        await job(stage).run(stage.interrupted(raising(KeyError("a bug"))))


async def test_giving_up_ends_what_has_no_verdict(stage: Stage) -> None:
    pulls = await three(stage)
    await stage.check(pulls[0].number).run(stage.bench)

    await job(stage).give_up(stage.bench, "timeout")

    assert conclusions(stage, pulls) == [["failure"], [], ["neutral"]]


async def test_of_a_repository_that_is_out_of_reach_nothing_is_checked(stage: Stage) -> None:
    pulls = await three(stage)
    stage.github.uninstall(stage.installation_id)

    await job(stage).run(stage.bench)
    await job(stage).give_up(stage.bench, "timeout")

    assert conclusions(stage, pulls) == [[], [], []]


def test_it_goes_behind_everything_else_and_counts_for_its_installation(stage: Stage) -> None:
    assert job(stage).tenant == str(stage.installation_id)
    assert job(stage).priority > stage.check().priority
