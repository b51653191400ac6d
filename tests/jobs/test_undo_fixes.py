"""Who may push takes the bot's last fix back, as long as nothing came after it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.jobs.undo_fixes import UndoFixes
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import PullRequest
from tests.jobs.stage import NEVER_RUNS, Stage, staged

PATH = "tests/test_bad.py"


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def fixed(stage: Stage) -> PullRequest:
    """Open a pull request and have it fixed."""
    pull = await stage.pull({PATH: NEVER_RUNS})
    await stage.fix().run(stage.bench)
    assert file(stage) != NEVER_RUNS
    return pull


def undo(stage: Stage, **fields: Any) -> UndoFixes:
    given: dict[str, Any] = {"sender": "alice", "key": "request-2", "number": 1}
    return UndoFixes(
        installation_id=stage.installation_id, repository="octo-org/shop", **(given | fields)
    )


def file(stage: Stage) -> str:
    content = stage.repository.file("feature", PATH)
    assert content is not None
    return content.decode()


async def test_the_last_fix_is_taken_back(stage: Stage) -> None:
    pull = await fixed(stage)
    fix = pull.head_sha
    comment = await stage.comment(body="/fix-async undo")

    await undo(stage, comment_id=comment).run(stage.bench)

    assert file(stage) == NEVER_RUNS
    commit = stage.repository.store.resolve("feature")
    assert [str(each) for each in commit.parent_ids] == [fix]
    assert commit.message.strip() == (
        f"Undo the fixes of {fix[:9]}\n\n"
        f"This reverts commit {fix}.\n\n"
        f"Requested-by: @alice\nAwaited-Undo: {fix}\nAwaited-Job: request-2"
    )
    assert stage.answer().startswith(f"Took back the fixes of {fix} in {pull.head_sha}.")
    assert stage.reactions(comment) == ["eyes", "rocket"]


async def test_what_the_base_says_of_who_may_holds_at_once(stage: Stage) -> None:
    pull = await fixed(stage)
    fix = pull.head_sha
    stage.repository.commit({".awaited.toml": "[fix]\nallow = 'admin'\n"})
    stage.repository.permissions["bob"] = "write"

    await undo(stage, sender="bob").run(stage.bench)

    assert stage.repository.head("feature") == fix
    assert "has not the role `admin`" in stage.answer()


async def test_a_fix_on_top_of_more_commits_than_github_lists_is_taken_back(
    stage: Stage,
) -> None:
    pull = await stage.pull({"README.md": "words\n"})
    for number in range(250):
        stage.repository.commit({"README.md": f"{number}\n"}, branch="feature")
    await stage.push({PATH: NEVER_RUNS})
    await stage.fix(key="request-1").run(stage.bench)
    fix = pull.head_sha

    await undo(stage).run(stage.bench)

    assert file(stage) == NEVER_RUNS
    assert stage.answer().startswith(f"Took back the fixes of {fix}")


async def test_what_is_taken_back_can_be_fixed_again(stage: Stage) -> None:
    await fixed(stage)
    repaired = file(stage)
    await undo(stage).run(stage.bench)

    await stage.fix(key="request-3").run(stage.bench)

    assert file(stage) == repaired
    assert stage.answer().startswith("Fixed 1 problem")


async def test_taking_back_twice_is_refused(stage: Stage) -> None:
    pull = await fixed(stage)
    await undo(stage).run(stage.bench)
    undone = pull.head_sha

    await undo(stage, key="request-3").run(stage.bench)

    assert pull.head_sha == undone
    assert stage.answer().startswith(f"The newest commit, {undone}, has taken a fix back already.")


async def test_what_came_after_the_fix_is_kept(stage: Stage) -> None:
    pull = await fixed(stage)
    fix = pull.head_sha
    head = await stage.push({"README.md": "words\n"})
    comment = await stage.comment(body="/fix-async undo")

    await undo(stage, comment_id=comment).run(stage.bench)

    assert pull.head_sha == head
    assert stage.answer().startswith(f"The newest commit, {head}, is no fix of this bot")
    assert f"`git revert {fix}`" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "confused"]


async def test_where_nothing_was_fixed_there_is_nothing_to_take_back(stage: Stage) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    head = pull.head_sha

    await undo(stage).run(stage.bench)

    assert pull.head_sha == head
    assert "is no fix of this bot" in stage.answer()
    assert "git revert" not in stage.answer()


async def test_who_may_not_push_takes_nothing_back(stage: Stage) -> None:
    pull = await fixed(stage)
    fix = pull.head_sha

    await undo(stage, sender="bob").run(stage.bench)

    assert pull.head_sha == fix
    assert stage.answer().startswith("`@bob` may not push to this repository")


async def test_a_protected_branch_is_left_alone(stage: Stage) -> None:
    pull = await fixed(stage)
    fix = pull.head_sha
    stage.repository.protect("feature")

    await undo(stage).run(stage.bench)

    assert pull.head_sha == fix
    assert stage.answer().startswith("The branch `feature` is protected")
    assert f"`git revert {fix}`" in stage.answer()


async def test_a_closed_pull_request_is_left_alone(stage: Stage) -> None:
    await fixed(stage)
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await undo(stage).run(stage.bench)

    assert stage.answer().startswith("This pull request is closed. Nothing was changed.")


async def test_a_branch_that_moves_meanwhile_is_left_alone(stage: Stage) -> None:
    await fixed(stage)
    stage.github.faults.add(Fault("graphql createCommitOnBranch", "stale-head"))

    await undo(stage).run(stage.bench)

    assert file(stage) != NEVER_RUNS
    assert stage.answer().startswith("The branch moved while")


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({".github/workflows/ci.yml": "on: push\n"}, id="what GitHub itself reads"),
        pytest.param({"tests/test_new.py": NEVER_RUNS}, id="a file that was not there"),
        pytest.param({}, id="nothing"),
    ],
)
async def test_a_commit_that_only_looks_like_a_fix_is_not_taken_back(
    stage: Stage, files: dict[str, bytes | str]
) -> None:
    await stage.pull({PATH: NEVER_RUNS, ".github/workflows/ci.yml": "on: {}\n"})
    message = "Fix\n\nAwaited-Fixes: AWT103\nAwaited-Job: request-0"
    head = await stage.own_commit(files, message)

    await undo(stage).run(stage.bench)

    assert stage.repository.head("feature") == head
    assert stage.answer().startswith(f"The commit {head} is not what the bot writes.")


async def test_a_job_that_died_after_its_commit_still_answers(stage: Stage) -> None:
    pull = await fixed(stage)
    fault = Fault(r"PATCH .*/issues/comments/", "status", times=50, status=503)
    stage.github.faults.add(fault)
    with pytest.raises(Transient):
        await undo(stage).run(stage.bench)
    undone = pull.head_sha
    fault.times = 0

    await undo(stage).run(stage.bench)

    assert pull.head_sha == undone
    assert f"in {undone}." in stage.answer()


async def test_a_fix_in_a_fork_is_taken_back(stage: Stage) -> None:
    pull, fork = await stage.fork_pull({PATH: NEVER_RUNS})
    await stage.fix().run(stage.bench)
    fix = pull.head_sha

    await undo(stage).run(stage.bench)

    assert pull.head_sha != fix
    content = fork.file("feature", PATH)
    assert content is not None
    assert content.decode() == NEVER_RUNS
