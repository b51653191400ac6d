"""An installation that works again: what is open in its repositories is checked."""

from collections.abc import AsyncIterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.jobs.catch_up import CatchUp
from bot.sandbox.faults import Fault, Kind
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest
from tests.jobs.stage import GOOD, NEVER_RUNS, Stage, raising, staged


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def job(stage: Stage) -> CatchUp:
    return CatchUp(installation_id=stage.installation_id)


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


async def test_of_an_installation_that_is_gone_nothing_is_checked(stage: Stage) -> None:
    pulls = await three(stage)
    stage.github.uninstall(stage.installation_id)

    await job(stage).run(stage.bench)
    await job(stage).give_up(stage.bench, "timeout")

    assert conclusions(stage, pulls) == [[], [], []]


@pytest.mark.parametrize(("kind", "raised"), [("status", True), ("graphql-not-found", False)])
async def test_what_keeps_one_repository_from_being_looked_at_holds_up_no_other(
    stage: Stage, kind: Kind, *, raised: bool
) -> None:
    await three(stage)
    till = stage.github.create_repository("octo-org/till")
    till.commit({"README.md": "words\n"})
    stage.github.install(stage.app, till)
    await stage.github.push(till, "feature", {"tests/test_one.py": GOOD}, stage.alice)
    pull = await stage.github.open_pull_request(till, head="feature", user=stage.alice)
    stage.github.faults.add(Fault("graphql Heads", kind, times=4 if raised else 1, status=503))

    with pytest.raises(Transient) if raised else nullcontext():
        await job(stage).run(stage.bench)

    (run,) = stage.github.check_runs(till, pull.head_sha)
    assert run.conclusion == "success"
    assert {one.head_sha for one in stage.repository.runs.values()} == set()


def test_it_goes_behind_everything_else_and_counts_for_its_installation(stage: Stage) -> None:
    assert job(stage).tenant == str(stage.installation_id)
    assert job(stage).priority > stage.check().priority
