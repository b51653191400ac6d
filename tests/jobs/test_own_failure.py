"""A check on which the bot itself failed ends as the repository says, else as the operator."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.github.errors import Transient
from bot.github.pulls import Sighting
from bot.isolation.analyser import Analyser
from bot.jobs.workbench import Policy
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest
from tests.jobs.stage import NEVER_RUNS, Stage, raising, staged

BAD = {"tests/test_bad.py": NEVER_RUNS}
FAILED = "awaited failed: this says nothing about your tests"


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def ended(stage: Stage, policy: Policy | None = None) -> tuple[str, str]:
    """Give a pull request up, and return how its check ended and what its page says."""
    pull = await stage.pull({**BAD, ".awaited.toml": "on-internal-error = 'neutral'\n"})
    await stage.check().give_up(stage.with_policy(policy or Policy()), "timeout")
    run = stage.run(pull.head_sha)
    assert run.title == FAILED
    return run.conclusion or "", run.summary or ""


@pytest.mark.parametrize("decided", ["neutral", "failure", "action_required"])
async def test_a_repository_says_how_it_ends(stage: Stage, decided: str) -> None:
    stage.repository.commit({".awaited.toml": f"on-internal-error = '{decided}'\n"})

    conclusion, page = await ended(stage, Policy(on_internal_error="action_required"))

    assert conclusion == decided
    assert f"It ends as `{decided}` because `on-internal-error` says so" in page


async def test_what_the_base_says_since_the_last_push_holds(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.repository.commit({".awaited.toml": "on-internal-error = 'failure'\n"})

    await stage.check().give_up(stage.bench, "timeout")

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_its_owner_says_it_where_the_repository_does_not(stage: Stage) -> None:
    stage.inherit("on-internal-error = 'failure'\n")
    stage.repository.commit({".awaited.toml": "scope = 'all'\n"})

    assert (await ended(stage))[0] == "failure"


async def test_where_nobody_says_it_the_operator_decides(stage: Stage) -> None:
    conclusion, page = await ended(stage, Policy(on_internal_error="failure"))

    assert conclusion == "failure"
    assert "on-internal-error" not in page


@pytest.mark.parametrize("broken", ["on-internal-error = 'red'\n", "on-internal-error ="])
async def test_a_mistake_leaves_it_to_the_operator(stage: Stage, broken: str) -> None:
    stage.repository.commit({".awaited.toml": broken})

    assert (await ended(stage))[0] == "neutral"


def seen(pull: PullRequest, state: Literal["open", "closed"] = "open") -> Sighting:
    """What a delivery has shown of a pull request."""
    when = datetime.fromisoformat(pull.updated_at)
    return Sighting(state, pull.head_sha, pull.base_ref, when)


async def unanswered(stage: Stage, pull: PullRequest, **fields: Any) -> None:
    """Give a check up while GitHub does not even tell what the pull request is like."""
    stage.repository.commit({".awaited.toml": "on-internal-error = 'failure'\n"})
    stage.github.faults.add(Fault("POST .*/graphql", "status", times=9, status=503))

    await stage.check(pull.number, **fields).give_up(stage.bench, "timeout")


async def test_where_nothing_can_be_read_the_operator_decides(stage: Stage) -> None:
    pull = await stage.pull(BAD)

    await unanswered(stage, pull, seen=seen(pull))

    run = stage.run(pull.head_sha)
    assert (run.title, run.conclusion) == (FAILED, "neutral")


@pytest.mark.parametrize("is_known", [True, False])
async def test_a_re_run_ends_too_where_nothing_can_be_read(
    stage: Stage, *, is_known: bool
) -> None:
    pull = await stage.pull(BAD)
    if is_known:
        await stage.check().run(stage.bench)

    await unanswered(stage, pull, again_at=pull.head_sha)

    ended = [run.conclusion for run in stage.runs(pull.head_sha)]
    assert ended == ["failure", "neutral"][not is_known :]


async def test_what_was_begun_ends_too_where_nothing_can_be_read(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    bench = stage.interrupted(raising(Transient("later")))
    with pytest.raises(Transient):
        await stage.check().run(bench)

    await unanswered(stage, pull)

    assert stage.run(pull.head_sha).conclusion == "neutral"


async def test_nothing_is_begun_for_what_was_seen_to_be_closed(stage: Stage) -> None:
    pull = await stage.pull(BAD)

    await unanswered(stage, pull, seen=seen(pull, "closed"))

    assert stage.runs(pull.head_sha) == []


async def test_a_merge_group_ends_as_the_branch_says_that_it_goes_into(stage: Stage) -> None:
    stage.repository.commit({".awaited.toml": "on-internal-error = 'failure'\n"})
    lax = {".awaited.toml": "on-internal-error = 'neutral'\n"}
    group = (await stage.queued(await stage.pull(lax), await stage.pull(BAD, branch="bad")))[-1]

    await stage.check_group(group).give_up(stage.bench, "timeout")

    assert (stage.run(group.head_sha).conclusion, stage.run(group.head_sha).title) == (
        "failure",
        FAILED,
    )


@pytest.mark.parametrize("decided", ["neutral", "failure", "action_required"])
async def test_however_it_ends_the_next_event_has_it_judged(stage: Stage, decided: str) -> None:
    stage.repository.commit({".awaited.toml": f"on-internal-error = '{decided}'\n"})
    pull = await stage.pull({"README.md": "words\n"})
    await stage.check().give_up(stage.bench, "timeout")

    await stage.check().run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == [decided, "success"]


async def test_however_a_groups_check_ends_the_next_event_has_it_judged(stage: Stage) -> None:
    (group,) = await stage.queued(await stage.pull({"README.md": "words\n"}))
    closed = stage.with_policy(Policy(on_internal_error="failure"))
    await stage.check_group(group).give_up(closed, "timeout")

    await stage.check_group(group).run(closed)

    assert [run.conclusion for run in stage.runs(group.head_sha)] == ["failure", "success"]
