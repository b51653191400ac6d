"""Only what a pull request brings turns it red: stories with real commits."""

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.isolation.analyser import Analyser
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun
from tests.jobs.stage import GOOD, NEVER_RUNS, Stage, staged

OLD = NEVER_RUNS
CHANGED = OLD.replace("assert", "print()\n    assert", 1)
ADDED = OLD + "\n\nasync def test_brought():\n    assert True\n"
SUPPRESSED = OLD.replace("):\n", "):  # awaited: ignore[AWT103] we know\n", 1)


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def has_before(stage: Stage, files: dict[str, str]) -> None:
    stage.repository.commit(dict(files))


async def verdict(stage: Stage, files: dict[str, str], deleted: tuple[str, ...] = ()) -> CheckRun:
    """Push a branch with these files, open a pull request and check it."""
    await stage.github.push(
        stage.repository, "feature", dict(files), stage.alice, deleted=list(deleted)
    )
    pull = await stage.github.open_pull_request(stage.repository, head="feature", user=stage.alice)
    await stage.check(pull.number).run(stage.bench)
    return stage.run(pull.head_sha)


def levels(run: CheckRun) -> list[str]:
    return [str(each["annotation_level"]) for each in run.annotations]


async def test_a_problem_that_was_there_before_is_a_notice(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": OLD})

    run = await verdict(stage, {"tests/test_old.py": CHANGED})

    assert (run.conclusion, run.title) == ("success", "No new problems, 1 known before")
    assert levels(run) == ["notice"]
    assert "this was there before" in str(run.annotations[0]["message"])
    assert "scope" in (run.summary or "")
    assert [action["label"] for action in run.actions] == ["Fix it"]


async def test_a_problem_that_comes_with_the_change_is_red_beside_one_that_was_there(
    stage: Stage,
) -> None:
    has_before(stage, {"tests/test_old.py": OLD})

    run = await verdict(stage, {"tests/test_old.py": ADDED})

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs, 1 known before")
    assert levels(run) == ["failure", "notice"]


async def test_a_renamed_file_takes_its_problems_along(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": OLD})

    run = await verdict(stage, {"tests/test_new.py": OLD}, deleted=("tests/test_old.py",))

    assert run.conclusion == "success"


async def test_a_test_that_moves_to_another_file_takes_its_problem_along(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": OLD, "tests/test_other.py": GOOD})

    files = {"tests/test_old.py": "x = 1\n", "tests/test_other.py": GOOD + "\n\n" + OLD}
    run = await verdict(stage, files)

    assert run.conclusion == "success"


async def test_what_the_base_got_after_the_branch_began_does_not_count_as_known(
    stage: Stage,
) -> None:
    has_before(stage, {"tests/test_old.py": GOOD})
    pull = await stage.pull({"tests/test_old.py": OLD})
    has_before(stage, {"tests/test_old.py": OLD})

    await stage.check(pull.number).run(stage.bench)

    assert stage.run(pull.head_sha).conclusion == "failure"


async def test_a_base_that_cannot_be_read_lets_all_of_the_changed_files_count(
    stage: Stage,
) -> None:
    has_before(stage, {"tests/test_old.py": OLD})
    stage.github.faults.add(Fault("/compare/", "status", status=404, times=99))

    run = await verdict(stage, {"tests/test_old.py": CHANGED})

    assert run.conclusion == "failure"
    assert "could be read as it was before" in (run.summary or "")


async def test_a_giant_file_that_is_removed_stands_in_nobodys_way(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": OLD, "data/giant.py": "#" * (9 * 2**20)})

    run = await verdict(stage, {"tests/test_old.py": CHANGED}, deleted=("data/giant.py",))

    assert (run.conclusion, run.title) == ("success", "No new problems, 1 known before")


async def test_what_was_there_before_costs_no_request(
    stage: Stage,
) -> None:
    has_before(stage, {"tests/test_old.py": OLD})
    files = {"tests/test_old.py": CHANGED, "tests/test_new.py": OLD}
    pull = await stage.pull(files)
    fine = await stage.pull({"tests/test_fine.py": GOOD}, "fine")
    costs: list[Counter[str]] = []
    for number in (pull.number, fine.number):
        stage.github.requests.clear()
        await stage.check(number).run(stage.bench)
        del stage.github.requests["apps/create-installation-access-token"]
        costs.append(Counter(stage.github.requests))

    assert costs[1] == {
        "repos/compare-commits-with-basehead": 1,
        "checks/create": 1,
        "git/get-tree": 1,
        "graphql/repository": 2,
        "checks/update": 1,
    }
    assert costs[0] == costs[1]


async def test_all_problems_of_changed_files_count_where_the_base_says_so(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": OLD, ".awaited.toml": "scope = 'changed-files'\n"})

    run = await verdict(stage, {"tests/test_old.py": CHANGED})

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")


async def test_the_whole_repository_counts_where_the_base_says_so(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": OLD, ".awaited.toml": "scope = 'all'\n"})

    run = await verdict(stage, {"tests/test_new.py": GOOD})

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")


async def test_suppressions_that_a_pull_request_adds_are_listed(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": SUPPRESSED})

    files = {"tests/test_old.py": SUPPRESSED + "\n", "tests/test_n.py": SUPPRESSED}
    run = await verdict(stage, files)

    assert run.conclusion == "success"
    assert "Suppressions that this change adds" in (run.summary or "")
    assert "tests/test_n.py:" in (run.summary or "")
    assert "tests/test_old.py:" not in (run.summary or "")


async def test_suppressions_are_nobodys_business_where_the_base_says_so(stage: Stage) -> None:
    has_before(stage, {".awaited.toml": "suppressions = 'allow'\n"})

    run = await verdict(stage, {"tests/test_n.py": SUPPRESSED})

    assert run.conclusion == "success"
    assert "Suppressions" not in (run.summary or "")


async def test_suppressions_can_be_made_to_hold_only_once_they_are_merged(stage: Stage) -> None:
    has_before(
        stage,
        {".awaited.toml": "suppressions = 'base-only'\n", "tests/test_old.py": SUPPRESSED},
    )

    files = {"tests/test_old.py": SUPPRESSED + "\n", "tests/test_n.py": SUPPRESSED}
    run = await verdict(stage, files)

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")
    assert run.annotations[0]["path"] == "tests/test_n.py"
    assert "do not hold before they are merged" in (run.summary or "")


async def test_suppressions_of_unchanged_files_are_nobodys_addition(stage: Stage) -> None:
    has_before(stage, {".awaited.toml": "scope = 'all'\n", "tests/test_old.py": SUPPRESSED})

    run = await verdict(stage, {"tests/test_n.py": SUPPRESSED})

    assert "tests/test_n.py:" in (run.summary or "")
    assert "tests/test_old.py:" not in (run.summary or "")


async def test_suppressions_of_unchanged_files_hold_whatever_holds_for_added_ones(
    stage: Stage,
) -> None:
    settings = "scope = 'all'\nsuppressions = 'base-only'\n"
    has_before(stage, {".awaited.toml": settings, "tests/test_old.py": SUPPRESSED})

    run = await verdict(stage, {"tests/test_n.py": SUPPRESSED})

    assert [each["path"] for each in run.annotations] == ["tests/test_n.py"]


async def test_nobody_is_told_to_have_added_what_cannot_be_compared(stage: Stage) -> None:
    has_before(stage, {"tests/test_old.py": SUPPRESSED})
    stage.github.faults.add(Fault("/compare/", "status", status=404, times=99))

    run = await verdict(stage, {"tests/test_old.py": SUPPRESSED + "\n"})

    assert "Suppressions that this change adds" not in (run.summary or "")
    assert "could be read as it was before" in (run.summary or "")


async def test_a_file_that_could_not_be_read_as_it_was_is_told(stage: Stage) -> None:
    undecodable = OLD.encode() + b"# \xff\n"
    stage.repository.commit({"tests/test_old.py": undecodable})

    run = await verdict(stage, {"tests/test_old.py": OLD})

    assert run.conclusion == "failure"
    assert "could be read as it was before" in (run.summary or "")


async def test_fixes_are_offered_for_changed_files_only(stage: Stage) -> None:
    has_before(stage, {".awaited.toml": "scope = 'all'\n", "tests/test_old.py": OLD})

    run = await verdict(stage, {"tests/test_new.py": GOOD})

    assert run.conclusion == "failure"
    assert not run.actions


async def test_the_title_tells_changed_files_from_unchanged_ones(stage: Stage) -> None:
    has_before(stage, {".awaited.toml": "scope = 'all'\n"})

    run = await verdict(stage, {"tests/test_new.py": GOOD})

    assert run.title == "Every async test runs in 1 changed file and 1 unchanged"
