"""A head gets its verdict: real gateway, real analysis, a GitHub on localhost."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.analysis.errors import UserError
from bot.github.errors import Transient
from bot.github.pulls import Sighting
from bot.isolation.analyser import Analyser
from bot.isolation.errors import AnalysisFailed, AnalysisTooLarge
from bot.jobs import check_pull_request
from bot.jobs.workbench import Policy
from bot.report.check_run import CHECK_NAME
from bot.sandbox.faults import Fault, Kind
from bot.sandbox.github import GitHub
from tests.jobs.stage import (
    GOOD,
    IN_TESTCASE,
    NEVER_RUNS,
    Stage,
    raising,
    staged,
    two_bases,
)

BAD = {"tests/test_bad.py": NEVER_RUNS}
FINE = {"tests/test_fine.py": GOOD}


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def begun(
    stage: Stage,
    head_sha: str,
    *,
    attempt: int = 1,
    base_ref: str | None = None,
    recorded: bool = True,
) -> None:
    """Leave a check run behind as a worker does that died in the middle of its job."""
    gateway = await stage.bench.github.repository(stage.installation_id, "octo-org/shop")
    claim = await stage.bench.claims.claim(
        "octo-org/shop", head_sha, CHECK_NAME, attempt, number=1, base_ref=base_ref
    )
    handle = await gateway.start_check_run(head_sha, external_id=claim.external_id)
    if recorded:
        await stage.bench.claims.record(claim.external_id, handle.id)


async def test_findings_turn_the_check_red(stage: Stage) -> None:
    pull = await stage.pull(BAD)

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.name, run.status, run.conclusion) == ("awaited", "completed", "failure")
    assert run.title == "1 async test never runs"
    assert "| AWT103 |" in (run.summary or "")
    (annotation,) = run.annotations
    assert (annotation["path"], annotation["start_line"]) == ("tests/test_bad.py", 4)
    assert annotation["title"] == "AWT103 unhandled-async-test"
    assert [action["label"] for action in run.actions] == ["Fix it"]


async def test_a_check_is_seen_to_be_under_way_before_anything_is_read(stage: Stage) -> None:
    await stage.pull(BAD)

    await stage.check().run(stage.bench)

    asked = [exchange.operation for exchange in stage.github.exchanges]
    assert asked.index("checks/create") < asked.index("repos/compare-commits-with-basehead")
    created = next(each for each in stage.github.exchanges if each.operation == "checks/create")
    assert created.body["status"] == "in_progress"


async def test_a_pull_request_cannot_switch_off_its_own_check(stage: Stage) -> None:
    pull = await stage.pull({**BAD, ".awaited.toml": "ignore = ['AWT103']\n"})

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert run.conclusion == "failure"
    assert "only once it is merged" in (run.summary or "")
    assert "the verdict would be: Every async test runs in 1 changed file" in (run.summary or "")


async def test_the_configuration_of_the_base_holds(stage: Stage) -> None:
    stage.repository.commit({".awaited.toml": "ignore = ['AWT103']\n"})
    pull = await stage.pull(BAD)

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert run.conclusion == "success"
    assert "merged" not in (run.summary or "")


async def test_a_branch_that_began_before_the_configuration_is_checked_with_it(
    stage: Stage,
) -> None:
    stage.repository.commit({".awaited.toml": "ignore = ['AWT103']\n"})
    await stage.pull(BAD)
    stage.repository.commit({".awaited.toml": ""})
    head = await stage.push({"README.md": "words\n"})

    await stage.check().run(stage.bench)

    run = stage.run(head)
    assert run.conclusion == "failure"
    # It changes none itself.
    assert "merged" not in (run.summary or "")


async def test_a_configuration_that_the_base_got_since_the_last_push_holds_at_re_run(
    stage: Stage,
) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    stage.repository.commit({".awaited.toml": "ignore = ['AWT103']\n"})

    await stage.check(again_at=pull.head_sha).run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "success"]


async def test_a_mistake_in_a_new_configuration_is_told_before_it_holds(stage: Stage) -> None:
    pull = await stage.pull({"pyproject.toml": "[tool.awaited]\nignroe = ['AWT103']\n"})

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    (annotation,) = run.annotations
    assert (annotation["path"], annotation["start_line"]) == ("pyproject.toml", 2)
    assert run.conclusion == "failure"


async def test_nothing_found_is_green(stage: Stage) -> None:
    pull = await stage.pull(FINE)

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("success", "Every async test runs in 1 changed file")


async def test_a_change_without_python_is_green_and_costs_no_tree(stage: Stage) -> None:
    pull = await stage.pull({"README.md": "words\n"})

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("success", "No async tests changed")
    assert stage.github.requests["git/get-tree"] == 0


async def test_files_that_were_not_changed_are_not_reported(stage: Stage) -> None:
    stage.repository.commit({"tests/test_old.py": NEVER_RUNS})
    pull = await stage.pull(FINE)

    await stage.check().run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "success"


async def test_a_file_that_is_too_large_is_named_and_never_passes(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_big.py": "#" * (2**20 + 1)})

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert run.conclusion == "action_required"
    assert "`tests/test_big.py`: larger than 1 MiB" in (run.summary or "")


async def test_more_changed_files_than_github_lists_never_pass(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_pull_request, "LISTED_FILES", 2)
    pull = await stage.pull({**FINE, "README.md": "words\n"})
    stage.github.faults.add(Fault("GET .*/compare/", "status", times=9, status=404))

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert run.conclusion == "action_required"
    assert "further changed files" in (run.summary or "")


async def test_more_files_than_a_comparison_lists_are_those_of_the_head_that_is_judged(
    stage: Stage,
) -> None:
    stage.repository.commit({"tests/old/test_known.py": NEVER_RUNS})
    files = BAD | {f"many/{n:03}.txt": f"{n}\n" for n in range(300)}
    await stage.github.push(
        stage.repository,
        "feature",
        files | {"tests/test_known.py": NEVER_RUNS},
        stage.alice,
        deleted=["tests/old/test_known.py"],
    )
    pull = await stage.github.open_pull_request(stage.repository, head="feature", user=stage.alice)

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("failure", "1 async test never runs, 1 known before")
    # That list is of whatever head there is when it is asked for.
    assert stage.github.requests["pulls/list-files"] == 0


async def test_a_broken_file_is_annotated_and_the_others_are_checked(stage: Stage) -> None:
    pull = await stage.pull({**BAD, "tests/test_broken.py": "def (:\n"})

    await stage.check().run(stage.bench)

    titles = {each["title"].partition(" ")[0] for each in stage.run(pull.head_sha).annotations}
    assert titles == {"AWT001", "AWT103"}


async def test_a_head_that_has_its_verdict_is_left_alone(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)

    await stage.check().run(stage.bench)

    assert len(stage.run(pull.head_sha).annotations) == 1
    assert stage.github.requests["checks/update"] == 1


async def test_only_the_head_of_now_is_checked(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    old = pull.head_sha
    new = await stage.push(FINE)

    await stage.check().run(stage.bench)

    assert stage.runs(old) == []
    assert stage.run(new).conclusion == "failure"


@pytest.mark.parametrize("recorded", [True, False])
async def test_a_run_left_behind_on_an_older_head_is_cancelled(
    stage: Stage, *, recorded: bool
) -> None:
    pull = await stage.pull(BAD)
    old = pull.head_sha
    await begun(stage, old, recorded=recorded)
    new = await stage.push(FINE)

    await stage.check().run(stage.bench)

    assert stage.run(old).conclusion == "cancelled"
    assert stage.run(new).conclusion == "failure"
    assert await stage.bench.claims.unfinished("octo-org/shop", 1) == ()


async def test_a_verdict_stays_when_its_repetition_is_left_behind(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    old = pull.head_sha
    await stage.check().run(stage.bench)
    await begun(stage, old, attempt=2)
    await stage.push(FINE)

    await stage.check().run(stage.bench)

    assert [run.conclusion for run in stage.runs(old)] == ["failure", "cancelled"]


async def test_a_run_left_behind_on_a_commit_that_is_gone_is_forgotten(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha)
    stage.github.faults.add(Fault(rf"GET .*/{pull.head_sha}/check-runs", "status", status=404))
    await stage.push(FINE)

    await stage.check().run(stage.bench)

    assert await stage.bench.claims.unfinished("octo-org/shop", 1) == ()


async def test_a_head_that_comes_back_after_it_was_cancelled_is_checked(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    old = pull.head_sha
    await begun(stage, old)
    await stage.push(FINE)
    await stage.check().run(stage.bench)
    await stage.github.force_push(stage.repository, "feature", old, stage.alice)

    await stage.check().run(stage.bench)

    assert [run.conclusion for run in stage.runs(old)] == ["cancelled", "failure"]


async def test_a_job_that_died_is_done_from_the_start_in_the_same_run(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha, recorded=False)

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, len(run.annotations)) == ("failure", 1)


async def test_what_github_could_not_take_is_published_later(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault(r"PATCH .*/check-runs/", "status", times=50, status=503))
    with pytest.raises(Transient):
        await stage.check().run(stage.bench)
    assert stage.run(pull.head_sha).status == "in_progress"
    for fault in stage.github.faults.waiting:
        fault.times = 0

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, len(run.annotations)) == ("failure", 1)


async def test_a_closed_pull_request_is_not_checked(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await stage.check().run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "cancelled"


async def test_a_pull_request_that_is_not_there_is_not_checked(stage: Stage) -> None:
    await stage.check(number=99).run(stage.bench)
    assert stage.github.requests["checks/create"] == 0


async def test_a_repository_that_took_the_app_off_is_not_checked(stage: Stage) -> None:
    await stage.pull(BAD)
    stage.github.uninstall(stage.installation_id)

    await stage.check().run(stage.bench)

    assert stage.github.requests["checks/create"] == 0


async def test_re_run_makes_one_new_run(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)
    again = stage.check(again_at=pull.head_sha, rerun_of=stage.run(pull.head_sha).id)

    await again.run(stage.bench)
    await again.run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "failure"]


async def test_re_run_of_all_checks_makes_a_new_run(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)

    await stage.check(again_at=pull.head_sha).run(stage.bench)

    assert len(stage.runs(pull.head_sha)) == 2


async def test_re_run_of_an_older_head_checks_nothing_twice(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    old = pull.head_sha
    await stage.check().run(stage.bench)
    new = await stage.push(FINE)
    await stage.check().run(stage.bench)

    await stage.check(again_at=old).run(stage.bench)

    assert (len(stage.runs(old)), len(stage.runs(new))) == (1, 1)


async def test_re_run_of_a_check_that_is_under_way_waits_for_it(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha)

    await stage.check(again_at=pull.head_sha).run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_a_fork_is_checked(stage: Stage) -> None:
    pull, _ = await stage.fork_pull(BAD)

    await stage.check().run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_re_run_on_a_fork_finds_its_pull_request(stage: Stage) -> None:
    pull, _ = await stage.fork_pull(BAD)
    await stage.check().run(stage.bench)

    await stage.check(number=None, again_at=pull.head_sha).run(stage.bench)

    assert len(stage.runs(pull.head_sha)) == 2


async def test_re_run_of_a_commit_that_we_never_saw_is_ignored(stage: Stage) -> None:
    await stage.pull(BAD)

    await stage.check(number=None, again_at="0" * 40).run(stage.bench)
    await stage.check(number=None).run(stage.bench)
    await stage.check(number=None).give_up(stage.bench, "timeout")

    assert stage.github.requests["checks/create"] == 0


async def test_a_deleted_fork_is_checked_by_its_commit(stage: Stage) -> None:
    pull, fork = await stage.fork_pull(BAD)
    stage.github.delete_repository(fork)

    await stage.check().run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_a_commit_that_cannot_be_shown_anything_is_ignored(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault(r"POST .*/check-runs$", "status", times=9, status=404))

    await stage.check().run(stage.bench)

    assert stage.runs(pull.head_sha) == []
    assert await stage.bench.claims.unfinished("octo-org/shop", 1) == ()


@pytest.mark.parametrize(
    ("request_for_it", "kind"),
    [
        (r"POST .*/graphql PullRequest", "graphql-not-found"),
        (r"GET .*/compare/", "status"),
        (r"GET .*/git/trees/", "status"),
        (r"GET .*/git/blobs/", "status"),
        (r"POST .*/check-runs$", "status"),
    ],
)
async def test_what_github_does_not_know_for_some_seconds_is_waited_for(
    stage: Stage, request_for_it: str, kind: Kind
) -> None:
    stage.repository.commit(BAD)
    # In an encoding that GraphQL does not carry, so that its blob is asked for.
    latin = "# -*- coding: latin-1 -*-\n# \xe9\n".encode("latin-1")
    pull = await stage.pull({"tests/test_bad.py": latin + NEVER_RUNS.encode()})
    stage.github.faults.add(Fault(request_for_it, kind, times=2, status=404))

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("success", "No new problems, 1 known before")
    assert stage.slept == [1.0, 2.0]


async def test_an_answer_that_stays_behind_the_event_is_believed_in_the_end(
    stage: Stage,
) -> None:
    pull = await stage.pull(BAD)
    when = datetime.fromisoformat(pull.updated_at)
    seen = Sighting("open", "1" * 40, pull.base_ref, when)

    await stage.check(seen=seen).run(stage.bench)

    assert stage.slept == [1.0, 2.0, 4.0]
    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_a_run_that_is_gone_is_forgotten_and_the_next_event_makes_another(
    stage: Stage,
) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha)
    stage.github.faults.add(Fault(r"(GET|PATCH) .*/check-runs/\d+$", "status", status=404))

    await stage.check().run(stage.bench)
    assert not await stage.bench.claims.unfinished("octo-org/shop", 1)
    await stage.check().run(stage.bench)

    assert stage.runs(pull.head_sha)[-1].conclusion == "failure"


async def test_a_commit_that_cannot_be_read_does_not_pass(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault(r"GET .*/git/trees/", "status", times=9, status=404))

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("action_required", "The head commit cannot be read")


async def test_a_change_that_github_cannot_work_out_does_not_pass(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault("GET .*/compare/", "no-diff", times=99))

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("action_required", "GitHub cannot tell what is changed")


async def test_a_change_that_github_works_out_in_the_end_is_checked(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault("GET .*/compare/", "no-diff", times=2))

    await stage.check().run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_an_analysis_at_its_limits_does_not_pass(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    bench = stage.interrupted(raising(AnalysisTooLarge("it took too long")))
    await stage.check().run(bench)

    run = stage.run(pull.head_sha)
    assert run.conclusion == "action_required"
    assert "it took too long" in (run.summary or "")


async def test_a_bug_of_the_analysis_is_no_verdict(stage: Stage) -> None:
    await stage.pull(BAD)

    bench = stage.interrupted(raising(AnalysisFailed("it ran into a bug")))
    with pytest.raises(AnalysisFailed, match="a bug"):
        await stage.check().run(bench)


async def test_what_somebody_can_repair_is_said(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    bench = stage.interrupted(raising(UserError("pytest.ini is broken")))
    await stage.check().run(bench)

    run = stage.run(pull.head_sha)
    assert run.conclusion == "action_required"
    assert "pytest.ini is broken" in (run.summary or "")


async def test_our_own_failure_ends_the_run_neutral_and_says_so(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha)

    await stage.check().give_up(stage.bench, "unexpected KeyError")

    run = stage.run(pull.head_sha)
    assert run.conclusion == "neutral"
    assert (run.title or "").startswith("awaited failed")
    assert "unexpected KeyError" in (run.summary or "")


async def test_the_operator_decides_how_our_failure_ends(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    bench = stage.with_policy(Policy(on_internal_error="failure"))

    await stage.check().give_up(bench, "unexpected KeyError")

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_giving_up_leaves_a_verdict_alone(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.check().run(stage.bench)

    await stage.check().give_up(stage.bench, "unexpected KeyError")

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_giving_up_on_a_closed_pull_request_ends_its_run(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await stage.check().give_up(stage.bench, "timeout")

    assert stage.run(pull.head_sha).conclusion == "neutral"


async def test_giving_up_on_a_commit_that_is_gone_ends_quietly(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault(r"POST .*/check-runs$", "status", times=9, status=404))

    await stage.check().give_up(stage.bench, "timeout")

    assert stage.runs(pull.head_sha) == []


async def test_a_head_on_which_we_failed_is_checked_at_the_next_event(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.check().give_up(stage.bench, "timeout")

    await stage.check().run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["neutral", "failure"]


async def test_both_fixes_and_both_severities_are_counted(stage: Stage) -> None:
    pull = await stage.pull({**BAD, "tests/test_case.py": IN_TESTCASE})

    await stage.check().run(stage.bench)

    run = stage.run(pull.head_sha)
    assert run.title == "2 async tests never run"
    assert "`/fix-async --unsafe` for 1 unsafe fix as well" in (run.summary or "")


async def test_a_verdict_against_another_base_is_not_kept_when_a_head_comes_back(
    stage: Stage,
) -> None:
    stage.repository.commit(BAD, branch="release")
    await stage.github.push(stage.repository, "feature", {}, stage.alice)
    await stage.github.force_push(stage.repository, "feature", "release", stage.alice)
    old = await stage.push({"README.md": "words\n"})
    pull = await stage.github.open_pull_request(
        stage.repository, head="feature", base="release", user=stage.alice
    )
    await stage.check().run(stage.bench)
    await stage.push({"README.md": "more words\n"})
    stage.github.activity.edit(stage.repository, pull, stage.alice, base="main")
    await stage.github.force_push(stage.repository, "feature", old, stage.alice)

    await stage.check().run(stage.bench)

    assert [run.conclusion for run in stage.runs(old)] == ["success", "failure"]


async def test_a_check_that_was_begun_for_another_base_is_not_taken_for_that_of_the_new_one(
    stage: Stage,
) -> None:
    stage.repository.commit({}, branch="release")
    pull = await stage.pull(BAD)
    await begun(stage, pull.head_sha, base_ref="main")
    stage.github.activity.edit(stage.repository, pull, stage.alice, base="release")

    await stage.check().run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "failure"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_two_pull_requests_that_are_checked_at_once_do_not_share_a_claim(
    stage: Stage, order: tuple[int, int]
) -> None:
    pulls = await two_bases(stage)

    await asyncio.gather(*(stage.check(pulls[place].number).run(stage.bench) for place in order))

    claims = await stage.bench.claims.of_head("octo-org/shop", pulls[0].head_sha, CHECK_NAME)
    assert sorted(str(claim.number) for claim in claims) == ["1", "2"]
    assert stage.runs(pulls[0].head_sha)[-1].conclusion == "failure"


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_head_of_two_pull_requests_shows_the_stricter_verdict(
    stage: Stage, order: tuple[int, int]
) -> None:
    pulls = await two_bases(stage)
    first, second = (pulls[place].number for place in order)

    for number in (first, second, first, second):
        await stage.check(number).run(stage.bench)

    alone, both = stage.runs(pulls[0].head_sha)
    assert alone.conclusion == ("failure" if first == 1 else "success")
    assert both.conclusion == "failure"
    assert "the head of #1 (into `main`), and of #2 (into `release`)" in (both.summary or "")
    assert "is the head of" not in (alone.summary or "")


async def test_a_verdict_that_takes_longer_than_that_of_another_pull_request_is_as_strict(
    stage: Stage,
) -> None:
    into_main, into_release = await two_bases(stage)
    await stage.push(FINE)
    slow = stage.check(into_release.number)
    quick = stage.check(into_main.number)
    # Its own run is made once it has its verdict, and so is the newest.
    bench = replace(stage.interrupted(lambda: quick.run(stage.bench)), patience=600)

    await slow.run(bench)

    assert [run.conclusion for run in stage.runs(into_main.head_sha)] == ["failure", "failure"]


async def test_a_verdict_during_which_the_base_is_changed_is_found_anew(stage: Stage) -> None:
    into_main, into_release = await two_bases(stage)
    await stage.github.close_pull_request(stage.repository, into_main.number, stage.alice)
    await stage.push(FINE)
    slow = stage.check(into_release.number)
    quick = stage.check(into_release.number, again_at=into_release.head_sha)

    async def retarget() -> None:
        if into_release.base_ref == "main":
            return
        stage.github.activity.edit(stage.repository, into_release, stage.alice, base="main")
        await quick.run(stage.bench)

    await slow.run(replace(stage.interrupted(retarget), patience=600))

    conclusions = {run.conclusion for run in stage.runs(into_release.head_sha)}
    assert conclusions == {"failure"}


async def test_a_verdict_during_which_the_pull_request_moves_on_stays_what_it_is(
    stage: Stage,
) -> None:
    into_main, into_release = await two_bases(stage)
    head = into_main.head_sha
    quick = stage.check(into_release.number)

    async def move_on() -> None:
        await quick.run(stage.bench)
        await stage.push({"README.md": "more words\n"})

    await stage.check(into_main.number).run(stage.interrupted(move_on))

    assert {run.conclusion for run in stage.runs(head)} == {"failure"}


async def test_a_pull_request_that_was_closed_has_no_say_in_the_verdict(stage: Stage) -> None:
    pull, _ = await two_bases(stage)
    await stage.check(1).run(stage.bench)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await stage.check(2).run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure", "success"]


async def test_a_pull_request_that_moved_on_has_no_say_in_the_verdict(stage: Stage) -> None:
    pull, other = await two_bases(stage)
    head = pull.head_sha
    await stage.check(1).run(stage.bench)
    other.head_ref = "twin"
    await stage.github.force_push(stage.repository, "twin", head, stage.alice)
    await stage.push({"README.md": "more words\n"})

    await stage.check(2).run(stage.bench)

    assert [run.conclusion for run in stage.runs(head)] == ["failure", "success"]


async def test_re_run_judges_a_shared_head_anew_for_both(stage: Stage) -> None:
    pull, _ = await two_bases(stage)
    for number in (1, 2):
        await stage.check(number).run(stage.bench)
    rerun_of = stage.runs(pull.head_sha)[-1].id

    for number in (2, 1):
        again = stage.check(number, again_at=pull.head_sha, rerun_of=rerun_of)
        await again.run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure"] * 3


async def test_a_run_that_one_pull_request_leaves_behind_ends_with_the_others_verdict(
    stage: Stage,
) -> None:
    pull, _ = await two_bases(stage)
    for number in (1, 2):
        await stage.check(number).run(stage.bench)
    await begun(stage, pull.head_sha, attempt=3)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await stage.check(1).run(stage.bench)

    assert [run.conclusion for run in stage.runs(pull.head_sha)] == ["failure"] * 2 + ["success"]


async def test_a_check_under_way_for_one_pull_request_is_not_taken_for_anothers(
    stage: Stage,
) -> None:
    pull, _ = await two_bases(stage)
    await begun(stage, pull.head_sha)

    await stage.check(2).run(stage.bench)
    await stage.check(1).run(stage.bench)

    first, second = stage.runs(pull.head_sha)
    assert (first.status, second.conclusion) == ("completed", "failure")


async def test_a_verdict_that_takes_a_while_is_seen_to_be_under_way(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    shown = asyncio.Event()

    async def until_shown() -> None:
        while not stage.runs(pull.head_sha):  # noqa: ASYNC110 - the sandbox has no event of it
            await asyncio.sleep(0)
        shown.set()

    bench = replace(stage.interrupted(until_shown), patience=0.01)
    await stage.check().run(bench)

    assert shown.is_set()
    asked = Counter(exchange.operation for exchange in stage.github.exchanges)
    assert (asked["checks/create"], asked["checks/update"]) == (1, 1)
    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_a_commit_that_goes_before_its_verdict_is_published_is_left(stage: Stage) -> None:
    await stage.pull(BAD)
    stage.github.faults.add(Fault("POST .*/check-runs", "status", status=404, times=9))

    await stage.check().run(replace(stage.bench, patience=600))

    assert not await stage.bench.claims.unfinished("octo-org/shop", 1)


async def test_a_preview_that_fails_takes_no_verdict_away(stage: Stage) -> None:
    pull = await stage.pull({**BAD, ".awaited.toml": "ignore = ['AWT103']\n"})
    analyses = 0

    async def second_fails() -> None:
        nonlocal analyses
        analyses += 1
        # The first is that of the head, the second that of the base, the third the preview.
        if analyses > 2:
            raise AnalysisTooLarge("it took too long")

    await stage.check().run(stage.interrupted(second_fails))

    run = stage.run(pull.head_sha)
    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")
    assert "would be" not in (run.summary or "")
