"""Fixes that are suggested: by request, for want of a way to push, or to keep approvals."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.analysis.fix_settings import FixMode
from bot.github.errors import Transient
from bot.isolation.analyser import Analyser
from bot.jobs.tidy_threads import TidyThreads
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import ReviewComment
from tests.jobs.stage import GOOD, IN_TESTCASE, NEVER_RUNS, Stage, staged

PATH = "tests/test_bad.py"
FIXED = NEVER_RUNS.replace("async def", "@pytest.mark.asyncio\nasync def")
MARK = "@pytest.mark.asyncio\n"
# An old file: only its last lines are changed, so the diff does not show the imports.
OLD = "import asyncio\n" + "".join(f"A{number} = {number}\n" for number in range(30))
NEW_TEST = "\n\nasync def test_new():\n    assert True\n"
CREATE = "pulls/create-review"
RULE = {
    "dismiss_stale_reviews_on_push": True,
    "require_code_owner_review": False,
    "require_last_push_approval": False,
    "required_approving_review_count": 1,
    "required_review_thread_resolution": False,
}


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


def remarks(stage: Stage) -> list[ReviewComment]:
    return [one for review in stage.repository.reviews.values() for one in review.comments]


def open_remarks(stage: Stage) -> list[ReviewComment]:
    return [one for one in remarks(stage) if not one.resolved]


def file(stage: Stage, path: str = PATH) -> str:
    content = stage.repository.file("feature", path)
    assert content is not None
    return content.decode()


async def suggest(stage: Stage, **fields: Any) -> None:
    """Let alice ask for suggestions."""
    await stage.fix(**({"mode": FixMode.SUGGEST} | fields)).run(stage.bench)


async def apply_all(stage: Stage, user: str = "alice") -> str:
    """Let somebody add all suggestions to a batch and commit it."""
    who = stage.github.world.account(user)
    ids = [one.id for one in open_remarks(stage)]
    return await stage.github.apply_suggestions(stage.repository, 1, ids, who)


def many(count: int) -> str:
    """Return a file of so many tests that never run."""
    tests = [f"\n\nasync def test_{number}():\n    assert True\n" for number in range(count)]
    return "".join(["import pytest\n", *tests])


async def test_suggestions_are_made_on_request_and_make_the_check_green_once_applied(
    stage: Stage,
) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    before = pull.head_sha
    comment = await stage.comment(body="/fix-async --suggest")

    await suggest(stage, comment_id=comment)

    assert pull.head_sha == before
    (review,) = stage.repository.reviews.values()
    assert review.body.startswith(f"What fixes 1 problem at {before}")
    (remark,) = review.comments
    assert (remark.path, remark.start_line, remark.line) == (PATH, None, 4)
    assert "```suggestion\n@pytest.mark.asyncio\nasync def test_never_runs():\n```" in remark.body
    page = f"{stage.github.url}/octo-org/shop/pull/1#pullrequestreview-{review.id}"
    assert f"1 suggestion fixes 1 problem: {page}." in stage.answer()
    assert "may fail" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "rocket"]

    head = await apply_all(stage)
    await stage.check().run(stage.bench)

    assert file(stage) == FIXED
    assert stage.run(head).conclusion == "success"


async def test_who_asks_in_the_thread_of_a_suggestion_sees_it_there(stage: Stage) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    await suggest(stage)
    (remark,) = remarks(stage)
    asked = await stage.github.reply(
        stage.repository, pull.number, remark.id, "/fix-async", stage.alice
    )

    await stage.fix(key="request-2", comment_id=asked, on_lines=True).run(stage.bench)

    assert file(stage) == FIXED
    assert stage.reactions(asked) == ["eyes", "rocket"]
    assert stage.reactions(remark.id) == []
    assert stage.answer().startswith(f"Fixed 1 problem in {pull.head_sha}.")


async def test_several_suggestions_are_one_review_and_can_be_applied_at_once(stage: Stage) -> None:
    await stage.pull({PATH: many(4), "tests/test_other.py": NEVER_RUNS})

    await suggest(stage)

    assert stage.github.requests[CREATE] == 1
    assert len(remarks(stage)) == 5
    assert "5 suggestions fix 5 problems" in stage.answer()
    assert "**Add suggestion to batch**" in stage.answer()
    await apply_all(stage)
    assert file(stage, "tests/test_other.py") == FIXED
    assert file(stage).count(MARK) == 4


async def test_import_and_mark_are_suggested_together(stage: Stage) -> None:
    away = "\n" * 12
    await stage.pull({PATH: f"import os\n{away}\nasync def test_new():\n    assert os\n"})

    await suggest(stage)

    bring, use = remarks(stage)
    assert "import pytest" in bring.body
    assert f"together with the suggestion on line {use.line}" in bring.body
    assert f"together with the suggestion on line {bring.line}" in use.body
    await apply_all(stage)
    await stage.check().run(stage.bench)
    assert stage.run(stage.repository.pulls[1].head_sha).conclusion == "success"


async def test_a_fix_whose_import_the_diff_does_not_show_needs_a_commit(stage: Stage) -> None:
    stage.repository.commit({PATH: OLD})
    pull = await stage.pull({PATH: OLD + NEW_TEST, "tests/test_more.py": NEVER_RUNS})
    before = pull.head_sha

    await suggest(stage)

    assert [one.path for one in remarks(stage)] == ["tests/test_more.py"]
    assert "### Needs a commit\n\nComment `/fix-async --commit`" in stage.answer()
    assert f"- `{PATH}:34` AWT103 `test_new`: a part of the fix is outside" in stage.answer()
    assert pull.head_sha == before


async def test_where_nothing_can_be_suggested_there_is_a_patch_and_an_offer(stage: Stage) -> None:
    stage.repository.commit({PATH: OLD})
    await stage.pull({PATH: OLD + NEW_TEST})

    await suggest(stage)

    assert remarks(stage) == []
    assert stage.answer().startswith("GitHub takes suggestions only on lines that the diff")
    assert "`/fix-async --commit` commits them." in stage.answer()
    assert "+@pytest.mark.asyncio" in stage.answer()


async def test_more_than_a_review_holds_comes_with_the_next_request(stage: Stage) -> None:
    await stage.pull({PATH: many(40)})

    await suggest(stage, key="one")

    assert len(remarks(stage)) == 30
    assert "### Not suggested yet\n\nApply the suggestions, then comment" in stage.answer()
    assert "`test_39`: a review has no room for more." in stage.answer()

    await suggest(stage, key="two")
    await apply_all(stage)

    assert len(remarks(stage)) == 40
    assert file(stage).count(MARK) == 40


async def test_the_same_is_not_suggested_twice(stage: Stage) -> None:
    await stage.pull({PATH: many(2)})
    await suggest(stage, key="one")

    await suggest(stage, key="two")

    assert len(remarks(stage)) == 2
    assert stage.github.requests[CREATE] == 1
    assert "2 suggestions fix 2 problems" in stage.answer()
    assert "2 of them were there already." in stage.answer()


async def test_what_somebody_resolved_is_not_suggested_again_at_the_same_head(
    stage: Stage,
) -> None:
    await stage.pull({PATH: many(2)})
    await suggest(stage, key="one")
    remarks(stage)[0].resolved = True

    await suggest(stage, key="two")

    assert len(remarks(stage)) == 2


async def test_what_was_applied_and_taken_back_is_suggested_again(stage: Stage) -> None:
    await stage.pull({PATH: many(1)})
    await suggest(stage, key="one")
    await apply_all(stage)
    await stage.push({PATH: many(1)})

    await suggest(stage, key="two")

    assert [one.resolved for one in remarks(stage)] == [True, False]
    assert "there already" not in stage.answer().partition("<details>")[0]


async def test_a_push_elsewhere_leaves_suggestions_where_they_are(stage: Stage) -> None:
    await stage.pull({PATH: NEVER_RUNS})
    await suggest(stage, key="one")
    await stage.push({"tests/test_more.py": NEVER_RUNS})

    await suggest(stage, key="two")

    assert [one.path for one in remarks(stage)] == [PATH, "tests/test_more.py"]
    assert "1 of them was there already." in stage.answer()


async def test_a_job_that_died_after_its_review_finds_it(stage: Stage) -> None:
    await stage.pull({PATH: NEVER_RUNS})
    stage.github.faults.add(Fault(r"POST .*/issues/1/comments$", "status", times=50, status=503))
    with pytest.raises(Transient):
        await suggest(stage)
    for fault in stage.github.faults.waiting:
        fault.times = 0

    await suggest(stage)

    assert len(remarks(stage)) == 1
    assert "1 suggestion fixes 1 problem" in stage.answer()
    assert "there already" not in stage.answer()


async def test_a_branch_that_moves_meanwhile_gets_suggestions_where_it_is_then(
    stage: Stage,
) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    pushed: list[str] = []

    async def push_once() -> None:
        if not pushed:
            pushed.append(await stage.push({PATH: f"import os\n{NEVER_RUNS}"}))

    await stage.fix(mode=FixMode.SUGGEST).run(stage.interrupted(push_once))

    (review,) = stage.repository.reviews.values()
    assert review.commit_id == pull.head_sha
    assert [one.line for one in review.comments] == [5]


async def test_unsafe_fixes_are_suggested_to_who_asks_for_them(stage: Stage) -> None:
    await stage.pull({"tests/test_case.py": IN_TESTCASE})

    await suggest(stage, unsafe=True)

    assert any("(unsafe)" in one.body for one in remarks(stage))
    await apply_all(stage)
    assert "unittest.IsolatedAsyncioTestCase" in file(stage, "tests/test_case.py")


async def test_what_github_does_not_take_is_told_and_costs_nothing_else(stage: Stage) -> None:
    await stage.pull({PATH: many(3)})
    shown = stage.repository.diff_of(stage.repository.pulls[1]).files()[0].patch
    assert shown is not None
    # The list of changed files is older than what GitHub takes comments by.
    stage.github.faults.add(Fault(r"POST .*/pulls/1/reviews$", "status", times=2, status=422))

    await suggest(stage)

    assert len(remarks(stage)) == 2
    assert "`test_0`: GitHub did not take the suggestion." in stage.answer()


async def test_a_repository_may_want_suggestions_only(stage: Stage) -> None:
    stage.repository.commit({".awaited.toml": "[fix]\nmode = 'suggest'\n"})
    pull = await stage.pull({PATH: NEVER_RUNS})
    before = pull.head_sha

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert stage.answer().startswith("`fix.mode` is `suggest` in this repository. 1 suggestion")


async def test_who_may_not_push_gets_no_suggestions(stage: Stage) -> None:
    await stage.pull({PATH: NEVER_RUNS})

    await suggest(stage, sender="bob")

    assert remarks(stage) == []
    assert "may not push" in stage.answer()


# Where a commit is not possible


async def test_a_fork_that_lets_nobody_push_gets_suggestions_that_its_author_applies(
    stage: Stage,
) -> None:
    _, fork = await stage.fork_pull({PATH: NEVER_RUNS}, allow_edits=False)
    comment = await stage.comment()

    await stage.fix(comment_id=comment).run(stage.bench)

    assert "The branch is in the fork `bob/shop`" in stage.answer()
    assert "1 suggestion fixes 1 problem" in stage.answer()
    assert stage.reactions(comment) == ["eyes", "rocket"]
    await apply_all(stage, "bob")
    assert fork.file("feature", PATH) == FIXED.encode()


async def test_a_fork_that_github_keeps_from_us_is_remembered(stage: Stage) -> None:
    _, fork = await stage.fork_pull({PATH: many(1)})
    stage.github.limits.push_to_forks = False

    await stage.fix(key="one").run(stage.bench)

    assert "GitHub refused the push" in stage.answer()
    tried = stage.github.requests["graphql/createCommitOnBranch"]
    assert len(remarks(stage)) == 1

    await stage.fix(key="two").run(stage.bench)

    assert "GitHub has refused a push to the fork `bob/shop` lately" in stage.answer()
    assert stage.github.requests["graphql/createCommitOnBranch"] == tried

    stage.github.limits.push_to_forks = True
    await stage.fix(key="three", mode=FixMode.COMMIT).run(stage.bench)

    assert "Fixed 1 problem in" in stage.answer()
    content = fork.file("feature", PATH)
    assert content is not None
    assert MARK.encode() in content
    assert not stage.bench.closed_forks.has("bob/shop")


async def test_where_neither_commit_nor_suggestion_is_possible_the_patch_has_it_all(
    stage: Stage,
) -> None:
    stage.repository.commit({PATH: OLD})
    await stage.fork_pull(
        {PATH: OLD + NEW_TEST, "tests/test_more.py": NEVER_RUNS}, allow_edits=False
    )

    await stage.fix().run(stage.bench)

    assert [one.path for one in remarks(stage)] == ["tests/test_more.py"]
    assert "### Needs a commit\n\nThe patch below fixes these too." in stage.answer()
    assert "/fix-async --commit" not in stage.answer()
    assert f"+++ b/{PATH}" in stage.answer()


# Approvals


async def test_an_approved_pull_request_gets_suggestions_where_a_push_dismisses_approvals(
    stage: Stage,
) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    before = pull.head_sha
    stage.repository.add_rule("main", "pull_request", **RULE)
    await stage.github.approve(stage.repository, 1, stage.alice)

    await stage.fix(key="one").run(stage.bench)

    assert pull.head_sha == before
    assert "This pull request is approved, and a push may take that away" in stage.answer()
    assert len(remarks(stage)) == 1

    await stage.fix(key="two", mode=FixMode.COMMIT).run(stage.bench)

    assert pull.head_sha != before


async def test_where_the_rules_cannot_be_read_an_approval_decides(stage: Stage) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    before = pull.head_sha
    stage.repository.protect("main")
    await stage.github.approve(stage.repository, 1, stage.alice)

    await stage.fix().run(stage.bench)

    assert pull.head_sha == before
    assert "do not let the bot read what they say" in stage.answer()


async def test_without_an_approval_there_is_none_to_lose(stage: Stage) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    before = pull.head_sha
    stage.repository.add_rule("main", "pull_request", **RULE)

    await stage.fix().run(stage.bench)

    assert pull.head_sha != before
    assert remarks(stage) == []


async def test_an_approval_that_no_push_dismisses_changes_nothing(stage: Stage) -> None:
    pull = await stage.pull({PATH: NEVER_RUNS})
    before = pull.head_sha
    await stage.github.approve(stage.repository, 1, stage.alice)

    await stage.fix().run(stage.bench)

    assert pull.head_sha != before
    assert remarks(stage) == []


# Threads


def tidying(stage: Stage) -> TidyThreads:
    return TidyThreads(installation_id=stage.installation_id, repository="octo-org/shop", number=1)


async def outdate(stage: Stage) -> None:
    """Rename one of the two tests."""
    await stage.push({PATH: many(2).replace("test_0", "test_zero")})


async def test_a_new_head_settles_suggestions_that_it_outdates(stage: Stage) -> None:
    await stage.pull({PATH: many(2)})
    await suggest(stage)
    await outdate(stage)

    await tidying(stage).run(stage.bench)

    first, second = remarks(stage)
    assert (first.resolved, second.resolved) == (True, False)


async def test_what_was_done_by_hand_or_by_a_commit_is_settled_too(stage: Stage) -> None:
    await stage.pull({PATH: many(3)})
    await suggest(stage, key="one")
    await stage.push({PATH: many(3).replace("async def test_0", f"{MARK}async def test_0")})

    await tidying(stage).run(stage.bench)

    assert [one.resolved for one in remarks(stage)] == [True, False, False]

    await stage.fix(key="two", mode=FixMode.COMMIT).run(stage.bench)
    await tidying(stage).run(stage.bench)

    assert [one.resolved for one in remarks(stage)] == [True, True, True]


async def test_a_suggestion_that_somebody_answered_is_left_to_people(stage: Stage) -> None:
    await stage.pull({PATH: many(2)})
    await suggest(stage)
    first, _ = remarks(stage)
    await stage.github.reply(stage.repository, 1, first.id, "Why?", stage.bob)
    await outdate(stage)

    await tidying(stage).run(stage.bench)

    assert not any(one.resolved for one in remarks(stage))


async def test_suggesting_again_settles_what_is_outdated(stage: Stage) -> None:
    await stage.pull({PATH: many(2)})
    await suggest(stage, key="one")
    await outdate(stage)

    await suggest(stage, key="two")

    assert [re.findall(r"async def (\w+)", one.body) for one in open_remarks(stage)] == [
        ["test_1"],
        ["test_zero"],
    ]


async def test_without_the_right_to_write_contents_threads_are_left_as_they_are(
    stage: Stage,
) -> None:
    await stage.pull({PATH: many(2)})
    await suggest(stage)
    await outdate(stage)
    stage.github.world.installations[stage.installation_id].permissions["contents"] = "read"

    await tidying(stage).run(stage.bench)

    assert not any(one.resolved for one in remarks(stage))


async def test_where_nothing_was_suggested_github_is_not_asked(stage: Stage) -> None:
    await stage.pull({PATH: GOOD})
    asked = sum(stage.github.requests.values())

    await tidying(stage).run(stage.bench)
    await tidying(stage).give_up(stage.bench, "timeout")

    assert sum(stage.github.requests.values()) == asked


async def test_an_app_that_was_taken_off_has_nothing_to_settle(stage: Stage) -> None:
    await stage.pull({PATH: many(1)})
    await suggest(stage)
    stage.github.uninstall(stage.installation_id)

    await tidying(stage).run(stage.bench)

    assert not any(one.resolved for one in remarks(stage))
