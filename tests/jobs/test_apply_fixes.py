"""Who asks gets the fixes: as a commit, as a patch, or a reason. A GitHub on localhost judges."""

import asyncio
import re
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.analysis.errors import UserError
from bot.analysis.fix_settings import FixMode
from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.workbench import Policy
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.repository import Repository
from tests.jobs.stage import GOOD, IN_TESTCASE, NEVER_RUNS, Stage, raising, staged

BAD = {"tests/test_bad.py": NEVER_RUNS}
FIXED = NEVER_RUNS.replace("async def", "@pytest.mark.asyncio\nasync def")
FIXTURE = (
    "import pytest\n\n\n"
    "@pytest.fixture\nasync def db():\n    yield 1\n\n\n"
    "@pytest.mark.asyncio\nasync def test_db(db):\n    assert db\n"
)
BOTH = {**BAD, "tests/test_case.py": IN_TESTCASE}
FIXED_CASE = IN_TESTCASE.replace("unittest.TestCase", "unittest.IsolatedAsyncioTestCase")


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def file(repository: Repository, revision: str, path: str = "tests/test_bad.py") -> str:
    content = repository.file(revision, path)
    assert content is not None
    return content.decode()


def message(repository: Repository, revision: str) -> str:
    return repository.store.resolve(revision).message


async def applied(folder: Path, stage: Stage, path: str = "tests/test_bad.py") -> str:
    """Return the file after the patch in the answer was applied to a plain clone."""
    patch = re.search(r"^(`{3,})diff\n(.*?)^\1$", stage.answer(), re.MULTILINE | re.DOTALL)
    assert patch is not None
    clone = folder / "clone"
    await git("clone", "--quiet", stage.github.clone_url(stage.repository), str(clone))
    await git("-C", str(clone), "fetch", "--quiet", "origin", "refs/pull/1/head")
    await git("-C", str(clone), "checkout", "--quiet", "FETCH_HEAD")
    await git("-C", str(clone), "apply", stdin=patch[2])
    return (clone / path).read_text()


async def git(*arguments: str, stdin: str = "") -> None:
    """Run git beside the event loop, in which the sandbox answers it."""
    await asyncio.to_thread(
        subprocess.run, ["git", *arguments], check=True, input=stdin.encode(), timeout=60
    )


async def test_a_command_gets_one_commit_and_an_answer(stage: Stage) -> None:
    pull = await stage.pull(BOTH)
    before = pull.head_sha
    comment = await stage.comment()

    await stage.fix(comment_id=comment).run(stage.bench)

    assert stage.reactions(comment) == ["eyes", "rocket"]
    assert pull.head_sha != before
    assert file(stage.repository, "feature") == FIXED
    assert file(stage.repository, "feature", "tests/test_case.py") == IN_TESTCASE
    assert stage.answer().startswith(f"Fixed 1 problem in {pull.head_sha}.")
    assert "- `test_never_runs` in `tests/test_bad.py`" in stage.answer()
    assert "### Left alone: the fix is unsafe" in stage.answer()
    assert "`TestShop.test_in_testcase`" in stage.answer()
    assert stage.github.requests["graphql/createCommitOnBranch"] == 1


async def test_the_commit_says_what_it_does_and_who_asked(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha

    await stage.fix().run(stage.bench)

    assert message(stage.repository, pull.head_sha).strip() == (
        "Make 1 async test run\n\n"
        "AWT103 unhandled-async-test: test_never_runs\n\n"
        "Requested-by: @alice\nAwaited-Fixes: AWT103\nAwaited-Job: request-1"
    )
    assert [str(each) for each in stage.repository.store.resolve("feature").parent_ids] == [before]
    assert pull.head_sha in stage.repository.verified


async def test_unsafe_fixes_are_made_for_who_asks_for_them(stage: Stage) -> None:
    await stage.pull(BOTH)

    await stage.fix(unsafe=True).run(stage.bench)

    assert file(stage.repository, "feature") == FIXED
    assert file(stage.repository, "feature", "tests/test_case.py") == FIXED_CASE
    assert "Left alone" not in stage.answer()


async def test_nothing_to_fix_makes_no_commit(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_fine.py": GOOD})
    before = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("There is nothing to fix")


async def test_a_change_without_python_has_nothing_to_fix(stage: Stage) -> None:
    await stage.pull({"README.md": "words\n"})

    await stage.fix().run(stage.bench)

    assert stage.answer().startswith("There is nothing to fix")
    assert stage.github.requests["git/get-tree"] == 0


async def test_what_has_only_an_unsafe_fix_is_left_alone_and_named(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_case.py": IN_TESTCASE})
    before = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("There is no safe fix for what is left")
    assert "`/fix-async --unsafe`" in stage.answer()


async def test_files_that_github_itself_reads_are_never_written(stage: Stage) -> None:
    pull = await stage.pull({".github/tests/test_bad.py": NEVER_RUNS})
    before = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before


async def test_who_may_not_push_gets_a_reason_and_no_commit(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    comment = await stage.comment()

    await stage.fix(sender="bob", comment_id=comment).run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("`@bob` may not push to this repository")
    assert stage.reactions(comment) == ["eyes", "confused"]


async def test_who_loses_the_permission_meanwhile_gets_no_commit(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    stage.repository.permissions["bob"] = "write"

    async def demote() -> None:
        stage.repository.permissions["bob"] = "read"

    bench = stage.interrupted(demote)
    await stage.fix(sender="bob").run(bench)

    assert pull.head_sha == before
    assert "may not push" in stage.answer()


async def test_a_closed_pull_request_gets_an_answer_and_no_commit(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = stage.repository.head("feature")
    await stage.github.close_pull_request(stage.repository, 1, stage.alice)

    await stage.fix().run(stage.bench)

    assert (pull.state, stage.repository.head("feature")) == ("closed", before)
    assert stage.answer().startswith("This pull request is closed. Nothing was changed.")


async def test_a_merged_pull_request_is_called_that(stage: Stage) -> None:
    await stage.pull(BAD)
    await stage.github.merge_pull_request(stage.repository, 1, stage.alice)

    await stage.fix().run(stage.bench)

    assert stage.answer().startswith("This pull request is merged.")


async def test_the_default_branch_is_never_pushed_to(stage: Stage) -> None:
    stage.repository.commit({"a.txt": "1"}, branch="release")
    await stage.github.push(stage.repository, "main", BAD, stage.alice)
    pull = await stage.github.open_pull_request(
        stage.repository, head="main", base="release", user=stage.alice
    )
    before = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("`main` is the default branch")
    assert "1 suggestion fixes 1 problem" in stage.answer()


async def test_a_protected_branch_is_never_pushed_to(stage: Stage, tmp_path: Path) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    stage.repository.protect("feature")
    comment = await stage.comment()

    await stage.fix(comment_id=comment).run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("The branch `feature` is protected")
    assert await applied(tmp_path, stage) == FIXED
    assert stage.reactions(comment) == ["eyes", "confused"]
    assert stage.github.requests["graphql/createCommitOnBranch"] == 0


async def test_a_branch_under_a_ruleset_is_never_pushed_to(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    stage.repository.add_rule("feature", "pull_request")

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert "a ruleset says how it may be changed" in stage.answer()


async def test_a_branch_that_was_deleted_is_not_made_anew(stage: Stage) -> None:
    await stage.pull(BAD)
    stage.github.faults.add(Fault(r"GET .*/branches/feature$", "status", status=404))

    await stage.fix().run(stage.bench)

    assert stage.answer().startswith("The branch `feature` has been deleted.")


async def test_an_app_that_may_only_read_gives_suggestions(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    stage.github.world.installations[stage.installation_id].permissions["contents"] = "read"

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("This app was not granted the right to write contents here.")
    assert "1 suggestion fixes 1 problem" in stage.answer()


async def test_a_fork_that_lets_maintainers_push_is_pushed_to(stage: Stage) -> None:
    _, fork = await stage.fork_pull(BAD)

    await stage.fix().run(stage.bench)

    assert file(fork, "feature") == FIXED
    assert stage.answer().startswith("Fixed 1 problem")


async def test_a_fork_that_github_keeps_from_us_gets_suggestions(stage: Stage) -> None:
    await stage.fork_pull(BAD)
    stage.github.limits.push_to_forks = False

    await stage.fix().run(stage.bench)

    assert stage.answer().startswith("GitHub refused the push:")
    assert "1 suggestion fixes 1 problem" in stage.answer()


async def test_a_fork_that_lets_nobody_push_gets_suggestions(stage: Stage) -> None:
    _, fork = await stage.fork_pull(BAD, allow_edits=False)

    await stage.fix().run(stage.bench)

    assert file(fork, "feature") == NEVER_RUNS
    assert stage.answer().startswith("The branch is in the fork `bob/shop`")
    assert "“Allow edits by maintainers”" in stage.answer()
    assert "1 suggestion fixes 1 problem" in stage.answer()


async def test_a_deleted_fork_gets_a_patch(stage: Stage, tmp_path: Path) -> None:
    _, fork = await stage.fork_pull(BAD)
    stage.github.delete_repository(fork)

    await stage.fix().run(stage.bench)

    assert stage.answer().startswith("The fork that the branch was in has been deleted, or")
    assert await applied(tmp_path, stage) == FIXED


async def test_a_branch_that_moves_meanwhile_is_fixed_where_it_is_then(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    pushed: list[str] = []

    async def push_once() -> None:
        if not pushed:
            pushed.append(await stage.push({"tests/test_more.py": NEVER_RUNS}))

    bench = stage.interrupted(push_once)
    await stage.fix().run(bench)

    assert file(stage.repository, "feature") == FIXED
    assert file(stage.repository, "feature", "tests/test_more.py") == FIXED
    assert stage.answer().startswith(f"Fixed 2 problems in {pull.head_sha}.")


async def test_a_branch_that_does_not_rest_is_left_alone(stage: Stage) -> None:
    await stage.pull(BAD)
    count = iter(range(9))

    async def push() -> None:
        await stage.push({"README.md": f"{next(count)}\n"})

    bench = stage.interrupted(push)
    await stage.fix().run(bench)

    assert file(stage.repository, "feature") == NEVER_RUNS
    assert stage.answer().startswith("The branch moved while the fixes were prepared.")


async def test_a_button_fixes_the_commit_that_it_was_shown_for(stage: Stage) -> None:
    pull = await stage.pull(BAD)

    await stage.fix(shown_head=pull.head_sha).run(stage.bench)

    assert file(stage.repository, "feature") == FIXED


async def test_a_button_on_an_older_commit_changes_nothing(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    shown = pull.head_sha
    await stage.push({"README.md": "words\n"})

    await stage.fix(shown_head=shown).run(stage.bench)

    assert file(stage.repository, "feature") == NEVER_RUNS
    assert stage.answer().startswith(f"This button was shown for {shown}")


async def test_a_button_whose_branch_moves_meanwhile_changes_nothing(stage: Stage) -> None:
    pull = await stage.pull(BAD)

    async def push() -> None:
        await stage.push({"README.md": "words\n"})

    bench = stage.interrupted(push)
    await stage.fix(shown_head=pull.head_sha).run(bench)

    assert file(stage.repository, "feature") == NEVER_RUNS
    assert "This button was shown for" in stage.answer()


async def test_a_button_on_a_fork_finds_its_pull_request(stage: Stage) -> None:
    pull, fork = await stage.fork_pull(BAD)
    await stage.check().run(stage.bench)

    await stage.fix(number=None, shown_head=pull.head_sha).run(stage.bench)

    assert file(fork, "feature") == FIXED


async def test_a_button_on_a_commit_that_we_never_checked_is_ignored(stage: Stage) -> None:
    await stage.pull(BAD)
    job = stage.fix(number=None, shown_head="0" * 40)

    await job.run(stage.bench)
    await job.give_up(stage.bench, "timeout")

    assert stage.answers() == []


async def test_all_answers_stand_in_one_comment_the_newest_on_top(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.fix(mode=FixMode.PATCH).run(stage.bench)
    await stage.fix(sender="bob", key="request-2").run(stage.bench)

    await stage.fix(rules=("AWT103",), key="request-3").run(stage.bench)

    newest, earlier = stage.answer().split("<details><summary>Earlier answers</summary>")
    assert newest.startswith(f"Fixed 1 problem in {pull.head_sha}.")
    assert "<sub>Asked for by `@alice`: `/fix-async AWT103`</sub>" in newest
    assert earlier.index("may not push") < earlier.index("Nothing was changed, as you asked.")
    assert "<sub>Asked for by `@alice`: `/fix-async --dry-run`</sub>" in earlier


async def test_answers_that_are_ready_at_once_are_both_kept(stage: Stage) -> None:
    await stage.pull(BAD)

    await asyncio.gather(
        stage.fix(mode=FixMode.PATCH).run(stage.bench),
        stage.fix(sender="bob", key="request-2").run(stage.bench),
    )

    assert "may not push" in stage.answer()
    assert "Nothing was changed, as you asked." in stage.answer()


async def test_an_answer_to_a_button_says_where_it_was(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    shown = pull.head_sha

    await stage.fix(shown_head=shown).run(stage.bench)

    assert f"<sub>Asked for by `@alice`: the button at {shown[:9]}</sub>" in stage.answer()


async def test_a_command_that_was_deleted_is_withdrawn(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    comment = await stage.comment()
    del stage.repository.comments[comment]

    await stage.fix(comment_id=comment).run(stage.bench)

    assert pull.head_sha == before
    assert stage.answers() == []


async def test_a_command_that_is_deleted_meanwhile_is_answered(stage: Stage) -> None:
    await stage.pull(BAD)
    comment = await stage.comment()

    async def delete() -> None:
        del stage.repository.comments[comment]

    bench = stage.interrupted(delete)
    await stage.fix(comment_id=comment).run(bench)

    assert stage.answer().startswith("Fixed 1 problem")


async def test_a_job_that_died_after_its_commit_still_answers(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    stage.github.faults.add(Fault(r"POST .*/issues/1/comments$", "status", times=50, status=503))
    with pytest.raises(Transient):
        await stage.fix().run(stage.bench)
    committed = pull.head_sha
    for fault in stage.github.faults.waiting:
        fault.times = 0

    await stage.fix().run(stage.bench)

    assert pull.head_sha == committed
    assert stage.answer().startswith(f"Fixed 1 problem in {committed}.")


async def test_a_job_that_runs_twice_commits_and_answers_once(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    await stage.fix().run(stage.bench)
    committed, answer = pull.head_sha, stage.answer()

    await stage.fix().run(stage.bench)

    assert (pull.head_sha, stage.answer()) == (committed, answer)


async def test_an_analysis_at_its_limits_is_explained(stage: Stage) -> None:
    await stage.pull(BAD)
    bench = stage.interrupted(raising(AnalysisTooLarge("it took too long")))
    await stage.fix().run(bench)

    assert stage.answer().startswith("The analysis was stopped: it took too long.")


async def test_what_somebody_can_repair_is_said(stage: Stage) -> None:
    await stage.pull(BAD)
    bench = stage.interrupted(raising(UserError("pytest.ini is broken")))
    await stage.fix().run(bench)

    assert stage.answer().startswith("pytest.ini is broken. Nothing was changed.")


async def test_our_own_failure_is_told(stage: Stage) -> None:
    await stage.pull(BAD)
    comment = await stage.comment()

    await stage.fix(comment_id=comment).give_up(stage.bench, "unexpected KeyError")

    assert stage.answer().startswith("awaited itself failed")
    assert "unexpected KeyError" in stage.answer()
    assert stage.reactions(comment) == ["confused"]


async def test_our_own_failure_is_told_to_nobody_where_the_app_was_taken_off(
    stage: Stage,
) -> None:
    await stage.pull(BAD)
    stage.github.uninstall(stage.installation_id)

    await stage.fix().give_up(stage.bench, "unexpected KeyError")

    assert stage.answers() == []


def not_asked_for(stage: Stage) -> list[str]:
    """Return what the answer lists as that, up to the message."""
    listed = stage.answer().partition("### Left alone: not asked for\n")[2].partition("\n<sub>")[0]
    return [line.partition(": ")[0] for line in listed.splitlines() if line]


TWO_RULES = {"tests/test_bad.py": NEVER_RUNS, "tests/test_two.py": FIXTURE}


async def test_a_rule_limits_what_is_committed(stage: Stage) -> None:
    pull = await stage.pull(TWO_RULES)

    await stage.fix(rules=("AWT103",)).run(stage.bench)

    assert file(stage.repository, "feature") == FIXED
    assert file(stage.repository, "feature", "tests/test_two.py") == FIXTURE
    assert "AWT103 unhandled-async-test" in message(stage.repository, pull.head_sha)
    assert "AWT301" not in message(stage.repository, pull.head_sha)
    assert not_asked_for(stage) == ["- `tests/test_two.py:5` AWT301 `db`"]


async def test_a_path_limits_what_is_committed(stage: Stage) -> None:
    await stage.pull({"tests/unit/test_a.py": NEVER_RUNS, "tests/test_bad.py": NEVER_RUNS})

    await stage.fix(paths=("tests/unit",)).run(stage.bench)

    assert file(stage.repository, "feature", "tests/unit/test_a.py") == FIXED
    assert file(stage.repository, "feature") == NEVER_RUNS
    assert not_asked_for(stage) == ["- `tests/test_bad.py:4` AWT103 `test_never_runs`"]


async def test_what_was_named_has_nothing_to_fix(stage: Stage) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha

    await stage.fix(rules=("AWT301",)).run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("There is no safe fix for what you named")


@pytest.mark.parametrize("files", [BAD, {"README.md": "words\n"}])
async def test_a_word_that_names_no_file_is_explained_not_obeyed(
    stage: Stage, files: dict[str, bytes | str]
) -> None:
    pull = await stage.pull(files)
    before = pull.head_sha
    comment = await stage.comment()

    await stage.fix(paths=("tests", "please"), comment_id=comment).run(stage.bench)

    assert pull.head_sha == before
    assert "`please`" in stage.answer()
    assert "test file that this pull request changes." in stage.answer()
    assert "`/fix-async help`" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "confused"]


async def test_a_path_with_a_slip_is_answered_with_what_was_meant(stage: Stage) -> None:
    await stage.pull(BAD)

    await stage.fix(paths=("tests/test_bda.py",)).run(stage.bench)

    assert stage.answer().startswith(
        "`tests/test_bda.py` (did you mean `tests/test_bad.py`?) is no rule, and names no test "
    )


async def test_a_dry_run_shows_the_patch_and_writes_nothing(stage: Stage, tmp_path: Path) -> None:
    pull = await stage.pull(BAD)
    before = pull.head_sha
    comment = await stage.comment()

    await stage.fix(mode=FixMode.PATCH, comment_id=comment).run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith(
        "Nothing was changed, as you asked. Here is what would fix 1 problem."
    )
    assert await applied(tmp_path, stage) == FIXED
    assert stage.reactions(comment) == ["eyes", "rocket"]


async def test_who_may_only_read_may_see_what_would_be_fixed(stage: Stage) -> None:
    await stage.pull(BAD)

    await stage.fix(mode=FixMode.PATCH, sender="bob").run(stage.bench)

    assert stage.answer().startswith("Nothing was changed, as you asked.")


async def test_a_dry_run_without_fixes_says_so(stage: Stage) -> None:
    await stage.pull({"tests/test_fine.py": GOOD})

    await stage.fix(mode=FixMode.PATCH).run(stage.bench)

    assert stage.answer().startswith("There is nothing to fix")


def settle(stage: Stage, fix: str) -> None:
    """Have the base branch say how fixes are made."""
    stage.repository.commit({".awaited.toml": f"[fix]\n{fix}\n"})


@pytest.mark.parametrize(
    ("allow", "role", "is_fixed"),
    [
        ("write", "write", True),
        ("maintain", "write", False),
        ("maintain", "maintain", True),
        ("maintain", "admin", True),
        ("admin", "maintain", False),
        ("admin", "admin", True),
    ],
)
async def test_the_base_branch_says_who_may_have_fixes_committed(
    stage: Stage, allow: str, role: str, *, is_fixed: bool
) -> None:
    settle(stage, f"allow = '{allow}'")
    await stage.pull(BAD)
    stage.repository.permissions["bob"] = role

    await stage.fix(sender="bob").run(stage.bench)

    assert (file(stage.repository, "feature") == FIXED) == is_fixed
    refusal = f"`@bob` has not the role `{allow}` in this repository"
    assert stage.answer().startswith("Fixed 1 problem" if is_fixed else refusal)


async def test_what_the_base_says_of_that_holds_for_older_branches_at_once(stage: Stage) -> None:
    await stage.pull(BAD)
    settle(stage, "allow = 'admin'")
    stage.repository.permissions["bob"] = "write"

    await stage.fix(sender="bob").run(stage.bench)

    assert file(stage.repository, "feature") == NEVER_RUNS
    assert "has not the role `admin`" in stage.answer()


async def test_a_pull_request_cannot_allow_itself_anything(stage: Stage) -> None:
    settle(stage, "allow = 'admin'")
    await stage.pull(BAD | {".awaited.toml": "[fix]\nallow = 'write'\n"})
    stage.repository.permissions["bob"] = "write"

    await stage.fix(sender="bob").run(stage.bench)

    assert file(stage.repository, "feature") == NEVER_RUNS


async def test_the_author_of_a_pull_request_needs_the_permission_too(stage: Stage) -> None:
    await stage.push(BAD)
    await stage.github.open_pull_request(stage.repository, head="feature", user=stage.bob)

    await stage.fix(sender="bob").run(stage.bench)

    assert file(stage.repository, "feature") == NEVER_RUNS


async def test_a_repository_may_want_patches_only(stage: Stage, tmp_path: Path) -> None:
    settle(stage, "mode = 'patch'")
    await stage.pull(BAD)

    await stage.fix().run(stage.bench)

    assert stage.answer().startswith("Nothing was changed: `fix.mode` is `patch`")
    assert await applied(tmp_path, stage) == FIXED


async def test_a_command_goes_before_what_the_repository_wants(stage: Stage) -> None:
    settle(stage, "mode = 'patch'")
    await stage.pull(BAD)

    await stage.fix(mode=FixMode.COMMIT).run(stage.bench)

    assert file(stage.repository, "feature") == FIXED


async def test_a_stale_button_shows_no_patch_either(stage: Stage) -> None:
    settle(stage, "mode = 'patch'")
    pull = await stage.pull(BAD)
    shown = pull.head_sha
    await stage.push({"README.md": "words\n"})

    await stage.fix(shown_head=shown).run(stage.bench)

    assert stage.answer().startswith(f"This button was shown for {shown}")


OWN_FIX = "Fix\n\nAwaited-Fixes: AWT103\nAwaited-Job: request-0"


async def test_a_fix_that_lessened_nothing_is_not_made_again(stage: Stage) -> None:
    await stage.pull(BAD)
    head = await stage.own_commit({"README.md": "words\n"}, OWN_FIX)

    await stage.fix().run(stage.bench)

    assert stage.repository.head("feature") == head
    assert stage.answer().startswith(
        f"The newest commit, {head}, is the bot's own, and there is no less of AWT103 than before"
    )


async def test_a_fix_that_lessened_something_may_be_followed_by_another(stage: Stage) -> None:
    await stage.pull({"tests/unit/test_a.py": NEVER_RUNS, "tests/test_bad.py": NEVER_RUNS})
    await stage.fix(paths=("tests/unit",)).run(stage.bench)

    await stage.fix(key="request-2").run(stage.bench)

    assert file(stage.repository, "feature") == FIXED


async def test_a_fix_of_another_rule_may_follow_one_that_lessened_nothing(stage: Stage) -> None:
    await stage.pull(TWO_RULES)
    await stage.own_commit({"README.md": "words\n"}, OWN_FIX)

    await stage.fix(rules=("AWT301",)).run(stage.bench)

    assert stage.answer().startswith("Fixed 1 problem")


async def test_the_bot_commits_only_so_often_within_a_day(stage: Stage) -> None:
    await stage.pull(BAD)
    await stage.own_commit({"README.md": "words\n"}, OWN_FIX.replace("103", "301"))
    bench = stage.with_policy(Policy(commits_a_day=1))

    await stage.fix().run(bench)
    refusal = stage.answer()
    await stage.fix(mode=FixMode.PATCH, key="request-2").run(bench)

    assert refusal.startswith("Within a day the bot has made 1 commit in this pull request")
    assert file(stage.repository, "feature") == NEVER_RUNS
    assert stage.answer().startswith("Nothing was changed, as you asked.")
