"""A commit that several pull requests have for their head, once one of them has left it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.isolation.analyser import Analyser
from bot.jobs.leave_head import LeaveHead
from bot.sandbox.github import GitHub
from tests.jobs.stage import NEVER_RUNS, Stage, staged, two_bases


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def left(stage: Stage, number: int, head_sha: str) -> LeaveHead:
    return LeaveHead(
        installation_id=stage.installation_id,
        repository="octo-org/shop",
        number=number,
        head_sha=head_sha,
    )


async def checked(stage: Stage) -> str:
    """Have both of two pull requests judged, and return the head that they share."""
    pull, _ = await two_bases(stage)
    for number in (1, 2):
        await stage.check(number).run(stage.bench)
    return pull.head_sha


async def test_when_the_reason_is_closed_the_other_gets_its_own_verdict(stage: Stage) -> None:
    head = await checked(stage)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await left(stage, 1, head).run(stage.bench)

    assert [run.conclusion for run in stage.runs(head)] == ["failure", "failure", "success"]


async def test_when_the_reason_moves_on_the_other_gets_its_own_verdict(stage: Stage) -> None:
    head = await checked(stage)
    stage.repository.pulls[2].head_ref = "twin"
    await stage.github.force_push(stage.repository, "twin", head, stage.alice)
    await stage.push({"README.md": "more words\n"})

    await left(stage, 1, head).run(stage.bench)

    assert [run.conclusion for run in stage.runs(head)] == ["failure", "failure", "success"]


async def test_who_comes_back_to_a_head_takes_no_verdict_of_others(stage: Stage) -> None:
    head = await checked(stage)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)
    await left(stage, 1, head).run(stage.bench)

    await stage.github.reopen_pull_request(stage.repository, 1, stage.alice)
    for _ in range(2):
        await stage.check(1, arrives=True).run(stage.bench)

    conclusions = [run.conclusion for run in stage.runs(head)]
    assert conclusions == ["failure", "failure", "success", "failure"]


async def test_when_the_other_is_closed_the_reason_stays(stage: Stage) -> None:
    head = await checked(stage)
    await stage.github.close_pull_request(stage.repository, 2, stage.alice)

    await left(stage, 2, head).run(stage.bench)

    assert stage.runs(head)[-1].conclusion == "failure"
    assert "is the head of" not in (stage.runs(head)[-1].summary or "")


async def test_when_nobody_stays_nothing_is_judged(stage: Stage) -> None:
    head = await checked(stage)
    for number in (1, 2):
        await stage.github.close_pull_request(stage.repository, number, stage.alice)

    await left(stage, 1, head).run(stage.bench)

    assert len(stage.runs(head)) == 2


async def test_a_head_of_one_pull_request_costs_nothing_when_it_is_left(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_bad.py": NEVER_RUNS})
    await stage.check().run(stage.bench)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)
    stage.github.requests.clear()

    await left(stage, 1, pull.head_sha).run(stage.bench)

    assert not stage.github.requests


async def test_a_verdict_that_passes_costs_nothing_when_somebody_leaves(stage: Stage) -> None:
    stage.repository.commit({"tests/test_bad.py": NEVER_RUNS})
    head = await checked(stage)
    assert stage.runs(head)[-1].conclusion == "success"
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)
    stage.github.requests.clear()

    await left(stage, 1, head).run(stage.bench)

    assert not stage.github.requests


async def test_a_repository_that_is_out_of_reach_by_then_is_left(stage: Stage) -> None:
    head = await checked(stage)
    del stage.repository.pulls[1]

    await left(stage, 1, head).run(stage.bench)
    await left(stage, 1, head).give_up(stage.bench, "timeout")

    assert len(stage.runs(head)) == 2
