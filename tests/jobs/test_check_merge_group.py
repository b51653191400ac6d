"""A merge group gets its verdict: real gateway, real analysis, real merge commits."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.jobs.job import Priority
from bot.jobs.workbench import Policy
from bot.report.check_run import CHECK_NAME
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import MergeGroup
from tests.jobs.stage import GOOD, NEVER_RUNS, Stage, staged

AUTO = {"pytest.ini": "[pytest]\nasyncio_mode = auto\n"}
STRICT = {"pytest.ini": "[pytest]\nasyncio_mode = strict\n"}
UNMARKED = {"tests/test_new.py": NEVER_RUNS}
FINE = {"tests/test_fine.py": GOOD}
WORDS = {"README.md": "words\n"}


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def group_of(stage: Stage, files: dict[str, str]) -> MergeGroup:
    """Queue a pull request, and return its merge group."""
    (group,) = await stage.queued(await stage.pull(files))
    return group


async def begun(stage: Stage, group: MergeGroup, *, recorded: bool = True) -> None:
    """Leave a check run behind as a worker does that died in the middle of its job."""
    gateway = await stage.bench.github.repository(stage.installation_id, "octo-org/shop")
    claim = await stage.bench.claims.claim("octo-org/shop", group.head_sha, CHECK_NAME)
    handle = await gateway.start_check_run(group.head_sha, external_id=claim.external_id)
    if recorded:
        await stage.bench.claims.record(claim.external_id, handle.id)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["mode first", "tests first"])
async def test_what_is_green_alone_and_red_together_is_caught_in_the_group(
    stage: Stage, order: tuple[int, int]
) -> None:
    stage.repository.commit(AUTO)
    pulls = [await stage.pull(STRICT, "mode"), await stage.pull(UNMARKED, "tests")]
    for pull in pulls:
        await stage.check(pull.number).run(stage.bench)
    assert [stage.run(pull.head_sha).conclusion for pull in pulls] == ["success", "success"]

    groups = await stage.queued(*(pulls[place] for place in order))
    for group in groups:
        await stage.check_group(group).run(stage.bench)

    first, second = (stage.run(group.head_sha) for group in groups)
    assert (first.name, first.status, first.conclusion) == ("awaited", "completed", "success")
    assert (second.conclusion, second.title) == ("failure", "1 async test never runs")
    assert [each["path"] for each in second.annotations] == ["tests/test_new.py"]
    assert "merge group" in (second.summary or "")
    assert "/fix-async" not in (second.summary or "")
    assert second.actions == []


async def test_a_green_group_vouches_for_all_that_is_merged_with_it(stage: Stage) -> None:
    """A queue may merge a red group if the last one of those merged together is green."""
    groups = await stage.queued(await stage.pull(UNMARKED, "one"), await stage.pull(WORDS, "two"))

    await stage.check_group(groups[1]).run(stage.bench)

    assert stage.run(groups[1].head_sha).conclusion == "failure"


async def test_what_the_base_branch_has_is_not_the_groups(stage: Stage) -> None:
    stage.repository.commit({"tests/test_old.py": NEVER_RUNS})
    group = await group_of(stage, FINE)

    await stage.check_group(group).run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "success"


async def test_what_was_in_a_file_before_the_group_changed_it_is_not_the_groups(
    stage: Stage,
) -> None:
    stage.repository.commit({"tests/test_old.py": NEVER_RUNS})
    group = await group_of(stage, {"tests/test_old.py": f"{NEVER_RUNS}\n\nTOTAL = 1\n"})

    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert run.conclusion == "success"
    assert [each["annotation_level"] for each in run.annotations] == ["notice"]


async def test_a_group_without_tests_is_green(stage: Stage) -> None:
    group = await group_of(stage, WORDS)

    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert (run.conclusion, run.title) == ("success", "No async tests changed")
    assert "This merge group changes no file" in (run.summary or "")


async def test_a_group_cannot_switch_off_its_own_check(stage: Stage) -> None:
    off = await stage.pull({".awaited.toml": "ignore = ['AWT103']\n"}, "off")
    groups = await stage.queued(off, await stage.pull(UNMARKED, "tests"))

    await stage.check_group(groups[1]).run(stage.bench)

    assert stage.run(groups[1].head_sha).conclusion == "failure"


async def test_a_check_of_a_group_costs_five_requests(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    stage.github.requests.clear()

    await stage.check_group(group).run(stage.bench)

    del stage.github.requests["apps/create-installation-access-token"]
    assert stage.github.requests == {
        "checks/create": 1,
        "repos/compare-commits-with-basehead": 1,
        "git/get-tree": 1,
        "graphql/repository": 1,
        "checks/update": 1,
    }


async def test_more_files_than_github_compares_are_all_checked(stage: Stage) -> None:
    stage.repository.commit({"a_old.txt": "text\n", "tests/test_kept.py": NEVER_RUNS})
    many = {f"a_{number:03}.txt": f"{number}\n" for number in range(300)}
    await stage.github.push(
        stage.repository, "many", many | UNMARKED, stage.alice, deleted=["a_old.txt"]
    )
    pull = await stage.github.open_pull_request(stage.repository, head="many", user=stage.alice)
    (group,) = await stage.queued(pull)

    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert [each["path"] for each in run.annotations] == ["tests/test_new.py"]
    assert "Not checked" not in (run.summary or "")


async def test_a_base_that_is_too_large_to_be_listed_never_lets_a_group_pass(
    stage: Stage,
) -> None:
    stage.github.limits.tree_entries = 350
    many = {f"a_{number:03}.txt": f"{number}\n" for number in range(400)}
    stage.repository.commit(many)
    await stage.github.push(stage.repository, "few", FINE, stage.alice, deleted=many)
    pull = await stage.github.open_pull_request(stage.repository, head="few", user=stage.alice)
    (group,) = await stage.queued(pull)

    await stage.check_group(group).run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "action_required"


async def test_a_group_that_was_merged_meanwhile_gets_the_verdict_that_it_would_have_had(
    stage: Stage,
) -> None:
    group = await group_of(stage, UNMARKED)
    await stage.github.merge_next(stage.repository, stage.alice)

    await stage.check_group(group).run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "failure"


async def test_nothing_is_done_twice(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    await stage.check_group(group).run(stage.bench)

    await stage.check_group(group).run(stage.bench)

    assert len(stage.run(group.head_sha).annotations) == 1
    assert stage.github.requests["checks/update"] == 1


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_job_that_died_is_done_from_the_start_in_the_same_run(
    stage: Stage, *, recorded: bool
) -> None:
    group = await group_of(stage, UNMARKED)
    await begun(stage, group, recorded=recorded)

    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert (run.conclusion, len(run.annotations)) == ("failure", 1)


async def test_what_github_could_not_take_is_published_later(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    stage.github.faults.add(Fault(r"PATCH .*/check-runs/", "status", times=50, status=503))
    with pytest.raises(Transient):
        await stage.check_group(group).run(stage.bench)
    for fault in stage.github.faults.waiting:
        fault.times = 0

    await stage.check_group(group).run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "failure"


async def test_re_run_makes_one_new_run(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    await stage.check_group(group).run(stage.bench)
    run_id = stage.run(group.head_sha).id
    again = stage.check_group(group, again=True, rerun_of=run_id)

    await again.run(stage.bench)
    await again.run(stage.bench)

    assert [run.conclusion for run in stage.runs(group.head_sha)] == ["failure", "failure"]


async def test_a_pull_request_in_the_queue_leaves_its_group_alone(stage: Stage) -> None:
    pull = await stage.pull(UNMARKED)
    (group,) = await stage.queued(pull)
    stage.github.faults.add(Fault(r"PATCH .*/check-runs/", "status", times=4, status=503))
    with pytest.raises(Transient):
        await stage.check_group(group).run(stage.bench)

    await stage.check(pull.number).run(stage.bench)

    assert stage.run(group.head_sha).status == "in_progress"


async def test_a_destroyed_group_is_dropped(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    await begun(stage, group, recorded=False)

    await stage.drop_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert run.conclusion == "cancelled"
    assert run.summary == "The pull request was taken out of the merge queue."
    latest = await stage.bench.claims.latest("octo-org/shop", group.head_sha, CHECK_NAME)
    assert latest is not None
    assert latest.conclusion == "cancelled"


async def test_a_group_that_was_destroyed_before_its_check_began_costs_nothing(
    stage: Stage,
) -> None:
    group = await group_of(stage, UNMARKED)

    await stage.drop_group(group, "invalidated").run(stage.bench)
    await stage.check_group(group).run(stage.bench)

    assert stage.runs(group.head_sha) == []
    assert stage.github.requests.total() == 0


async def test_a_dropped_group_is_checked_where_somebody_asks_for_it(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    await stage.drop_group(group).run(stage.bench)

    await stage.check_group(group, again=True).run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "failure"


async def test_a_verdict_outlives_its_group(stage: Stage) -> None:
    group = await group_of(stage, FINE)
    await stage.check_group(group).run(stage.bench)
    await stage.github.merge_next(stage.repository, stage.alice)

    await stage.drop_group(group, "merged").run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "success"
    latest = await stage.bench.claims.latest("octo-org/shop", group.head_sha, CHECK_NAME)
    assert latest is not None
    assert latest.conclusion == "success"


async def test_a_group_of_a_reason_that_is_new_is_dropped_too(stage: Stage) -> None:
    group = await group_of(stage, FINE)
    await begun(stage, group)

    await stage.drop_group(group, "struck by lightning").run(stage.bench)

    assert stage.run(group.head_sha).summary == "GitHub has dropped this merge group."


async def test_a_check_that_was_cancelled_under_way_ends_with_its_verdict(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)

    async def drop() -> None:
        await stage.drop_group(group).run(stage.bench)

    await stage.check_group(group).run(stage.interrupted(drop))

    assert stage.run(group.head_sha).conclusion == "failure"


async def test_giving_up_to_drop_leaves_the_check_to_itself(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)

    await stage.drop_group(group).give_up(stage.bench, "timeout")
    await stage.check_group(group).run(stage.bench)

    assert stage.run(group.head_sha).conclusion == "failure"


async def test_our_own_failure_ends_the_run_as_the_operator_decided(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    await begun(stage, group)
    bench = stage.with_policy(Policy(on_internal_error="action_required"))

    await stage.check_group(group).give_up(bench, "unexpected KeyError")

    run = stage.run(group.head_sha)
    assert run.conclusion == "action_required"
    assert (run.title or "").startswith("awaited failed")


async def test_giving_up_leaves_a_verdict_alone(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    await stage.check_group(group).run(stage.bench)

    await stage.check_group(group).give_up(stage.bench, "unexpected KeyError")

    assert stage.run(group.head_sha).conclusion == "failure"


async def test_a_group_on_which_we_failed_is_checked_when_it_is_delivered_again(
    stage: Stage,
) -> None:
    group = await group_of(stage, UNMARKED)
    await stage.check_group(group).give_up(stage.bench, "timeout")

    await stage.check_group(group).run(stage.bench)

    assert [run.conclusion for run in stage.runs(group.head_sha)] == ["neutral", "failure"]


async def test_a_group_whose_branch_is_gone_does_not_pass(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    stage.github.faults.add(Fault(r"GET .*/compare/", "status", times=9, status=404))

    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert (run.conclusion, run.title) == ("action_required", "The merge group cannot be read")


async def test_a_commit_that_cannot_be_shown_anything_is_ignored(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    stage.github.faults.add(Fault(r"POST .*/check-runs$", "status", times=9, status=404))

    await stage.check_group(group).run(stage.bench)

    assert stage.runs(group.head_sha) == []


async def test_a_repository_that_took_the_app_off_is_not_checked(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)
    stage.github.uninstall(stage.installation_id)

    await stage.check_group(group).run(stage.bench)
    await stage.check_group(group).give_up(stage.bench, "timeout")
    await stage.drop_group(group).run(stage.bench)

    assert stage.runs(group.head_sha) == []


async def test_merging_goes_before_checking(stage: Stage) -> None:
    group = await group_of(stage, UNMARKED)

    assert stage.check_group(group).priority < stage.check().priority
    assert stage.drop_group(group).priority == Priority.MERGE
