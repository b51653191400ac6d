"""A head that the bot has checked before, as its own database does not know any more."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.github.errors import Transient
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import ShownRun
from bot.isolation.analyser import Analyser
from bot.jobs.claimed_runs import ClaimedRuns
from bot.jobs.workbench import Workbench
from bot.report.check_run import CheckRun, Conclusion
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest
from bot.store.claims import Claims
from bot.store.database import Database
from tests.jobs.stage import GOOD, NEVER_RUNS, Interrupted, Stage, raising, staged, two_bases

BAD = {"tests/test_bad.py": NEVER_RUNS}


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        # The verdict comes in time, however slow the machine is.
        yield replace(set_up, bench=replace(set_up.bench, patience=600))


@pytest.fixture
async def forgetful(stage: Stage, tmp_path: Path) -> AsyncIterator[Workbench]:
    """The bench of a bot whose database is gone."""
    async with await Database.open(f"sqlite:///{tmp_path / 'new.sqlite'}") as database:
        yield replace(stage.bench, claims=Claims(database.engine, stage.bench.now))


def writes(stage: Stage) -> int:
    """Count the requests that write check runs."""
    return stage.github.requests["checks/create"] + stage.github.requests["checks/update"]


async def begin(stage: Stage, number: int = 1) -> None:
    """Have a check begin, be seen to be under way, and be interrupted."""
    analyser = Interrupted(stage.bench.analyser, raising(Transient("later")))
    with pytest.raises(Transient):
        await stage.check(number).run(replace(stage.bench, analyser=analyser, patience=0))


async def shown(stage: Stage, pull: PullRequest) -> tuple[RepositoryGateway, ShownRun]:
    """Return the repository, and the newest check run of ours on a pull request."""
    gateway = await stage.bench.github.repository(stage.installation_id, "octo-org/shop")
    run = (await gateway.pull_request(pull.number)).shown
    assert run is not None
    return gateway, run


async def test_a_check_that_was_left_under_way_is_completed(
    stage: Stage, forgetful: Workbench
) -> None:
    pull = await stage.pull(BAD)
    await begin(stage)
    assert stage.run(pull.head_sha).status == "in_progress"

    await stage.check().run(forgetful)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, len(run.annotations)) == ("failure", 1)
    (claim,) = await forgetful.claims.of_head("octo-org/shop", pull.head_sha, "awaited")
    assert (claim.number, claim.base_ref) == (1, None)


async def test_giving_up_completes_it_too(stage: Stage, forgetful: Workbench) -> None:
    pull = await stage.pull(BAD)
    await begin(stage)

    await stage.check().give_up(forgetful, "timeout")

    assert stage.run(pull.head_sha).conclusion == "neutral"


async def test_a_verdict_that_still_holds_is_found_again_and_not_said_again(
    stage: Stage, forgetful: Workbench
) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    before = writes(stage)

    await stage.check(arrives=True).run(forgetful)
    await stage.check().run(forgetful)

    assert stage.run(pull.head_sha).conclusion == "failure"
    assert writes(stage) == before
    claims = await forgetful.claims.of_head("octo-org/shop", pull.head_sha, "awaited")
    assert [claim.number for claim in claims] == [None, 1]
    assert {claim.check_run_id for claim in claims} == {stage.run(pull.head_sha).id}


async def test_a_verdict_that_does_not_hold_any_more_is_followed_by_another(
    stage: Stage, forgetful: Workbench
) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    stage.repository.commit({".awaited.toml": "ignore = ['AWT103']\n"})

    await stage.check().run(forgetful)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "success"]


async def test_the_verdict_on_another_pull_request_is_not_taken_for_that_of_this_one(
    stage: Stage, forgetful: Workbench
) -> None:
    into_main, into_release = await two_bases(stage)
    await stage.check(into_release.number).run(stage.bench)
    assert stage.run(into_main.head_sha).conclusion == "success"

    await stage.check(into_main.number).run(forgetful)

    assert stage.runs(into_main.head_sha)[-1].conclusion == "failure"


async def test_a_re_run_is_a_run_of_its_own_and_so_is_the_next(
    stage: Stage, forgetful: Workbench
) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    await stage.check(again_at=pull.head_sha).run(stage.bench)

    for count in (2, 3):
        newest = stage.runs(pull.head_sha)[-1]
        assert len(stage.runs(pull.head_sha)) == count
        await stage.check(again_at=pull.head_sha, rerun_of=newest.id).run(forgetful)

    runs = stage.runs(pull.head_sha)
    assert [run.conclusion for run in runs] == ["failure"] * 4
    assert len({run.external_id for run in runs}) == 4


async def test_a_run_that_nobody_here_can_have_made_is_left_as_it_is(
    stage: Stage, forgetful: Workbench
) -> None:
    pull = await stage.pull(BAD)
    gateway = await stage.bench.github.repository(stage.installation_id, "octo-org/shop")
    await gateway.start_check_run(pull.head_sha, external_id="by hand")

    await stage.check().run(forgetful)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == [None, "failure"]


async def die(stage: Stage, monkeypatch: pytest.MonkeyPatch, bench: Workbench) -> None:
    """Let a job die as soon as GitHub has answered that a run is there."""

    async def dies(*_: object, **__: object) -> None:
        raise Transient("the process ends")

    with monkeypatch.context() as patched:
        patched.setattr(Claims, "record", dies)
        with pytest.raises(Transient):
            await stage.check().run(bench)


async def test_a_job_that_died_once_its_verdict_was_published_publishes_nothing_again(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = await stage.pull({"tests/test_fine.py": GOOD})
    await die(stage, monkeypatch, stage.bench)
    before = stage.github.requests.copy()

    await stage.check().run(stage.bench)

    asked = stage.github.requests - before
    assert stage.run(pull.head_sha).conclusion == "success"
    assert set(asked) == {"graphql/repository", "repos/compare-commits-with-basehead"}
    assert await stage.bench.claims.unfinished("octo-org/shop", pull.number) == ()


async def test_a_job_that_died_once_its_check_was_seen_to_be_under_way_need_not_look_for_it(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    pull = await stage.pull(BAD)
    await die(stage, monkeypatch, replace(stage.bench, patience=0))

    await stage.check().run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "failure"
    assert stage.github.requests["checks/list-for-ref"] == 0


@pytest.mark.parametrize("is_recorded", [True, False])
async def test_a_run_of_its_own_is_completed_whatever_an_older_one_says(
    stage: Stage, *, is_recorded: bool
) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    claims = stage.bench.claims
    gateway, older = await shown(stage, pull)
    claim = await claims.claim("octo-org/shop", pull.head_sha, "awaited", 2)
    handle = await gateway.start_check_run(pull.head_sha, external_id=claim.external_id)
    if is_recorded:
        await claims.record(claim.external_id, handle.id)
    (_, claim) = await claims.of_head("octo-org/shop", pull.head_sha, "awaited")
    same = CheckRun(Conclusion.FAILURE, older.title, older.summary)
    assert older.says(same)

    # GitHub's servers do not all know of the newest at once.
    await ClaimedRuns(claims, gateway, older).conclude(claim, same)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "failure"]


@pytest.mark.parametrize("is_finished", [True, False])
async def test_a_verdict_is_published_beside_one_that_was_found_without_it(
    stage: Stage, *, is_finished: bool
) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    claims = stage.bench.claims
    gateway, older = await shown(stage, pull)
    # Another pull request with this head is judged at the same time, and was begun before.
    await claims.claim("octo-org/shop", pull.head_sha, "awaited", 2, number=2)
    claim = await claims.claim("octo-org/shop", pull.head_sha, "awaited", 3, number=1)
    fine = CheckRun(Conclusion.SUCCESS, "Fine", "All.")
    if is_finished:
        (_, other, _) = await claims.of_head("octo-org/shop", pull.head_sha, "awaited")
        await ClaimedRuns(claims, gateway).conclude(other, fine)

    same = CheckRun(Conclusion.FAILURE, older.title, older.summary)
    await ClaimedRuns(claims, gateway, older).conclude(claim, same)

    newest = stage.runs(pull.head_sha)[-1]
    assert newest.conclusion == "failure"
    assert newest.external_id == claim.external_id


async def test_nobody_passes_by_the_verdict_on_another_after_a_loss(
    stage: Stage, forgetful: Workbench
) -> None:
    into_main, into_release = await two_bases(stage)
    for pull in (into_main, into_release):
        await stage.check(pull.number).run(stage.bench)
    head = into_main.head_sha
    assert stage.runs(head)[-1].conclusion == "failure"

    await stage.check(into_release.number, again_at=head).run(forgetful)

    assert stage.runs(head)[-1].conclusion == "failure"


async def test_what_was_left_under_way_is_judged_for_all_with_that_head(
    stage: Stage, forgetful: Workbench
) -> None:
    into_main, into_release = await two_bases(stage)
    await begin(stage, into_main.number)

    await stage.check(into_release.number).run(forgetful)

    assert stage.run(into_release.head_sha).conclusion == "failure"


async def test_a_re_run_on_a_fork_finds_its_pull_request_though_github_names_none(
    stage: Stage, forgetful: Workbench
) -> None:
    pull, _ = await stage.fork_pull(BAD)
    await stage.check().run(stage.bench)

    await stage.check(number=None, again_at=pull.head_sha).run(forgetful)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "failure"]


async def test_a_re_run_that_names_no_pull_request_judges_for_all_with_that_head(
    stage: Stage, forgetful: Workbench
) -> None:
    into_main, into_release = await two_bases(stage)
    await stage.check(into_release.number).run(stage.bench)

    await stage.check(number=None, again_at=into_main.head_sha).run(forgetful)

    assert stage.runs(into_main.head_sha)[-1].conclusion == "failure"


async def test_giving_up_a_re_run_on_a_fork_ends_it_too(
    stage: Stage, forgetful: Workbench
) -> None:
    pull, _ = await stage.fork_pull(BAD)

    await stage.check(number=None, again_at=pull.head_sha).give_up(forgetful, "timeout")

    assert stage.run(pull.head_sha).conclusion == "neutral"


async def test_a_button_on_a_fork_finds_its_pull_request(
    stage: Stage, forgetful: Workbench
) -> None:
    pull, _ = await stage.fork_pull(BAD)
    await stage.check().run(stage.bench)

    await stage.fix(None, shown_head=pull.head_sha).run(forgetful)

    assert stage.answer(pull.number)
