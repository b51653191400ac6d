"""The main job from end to end: signed webhooks over HTTP, a durable queue, git, and the bot."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli.demo.real_pytest import RealPytest
from bot.cli.demo.stage import BRANCH, Stage
from bot.isolation.analyser import Analyser
from bot.sandbox.model import CheckRun

FINDINGS = ["AWT101", "AWT102", "AWT102", "AWT103", "AWT301", "AWT405"]
UNSAFE = ["AWT101", "AWT102", "AWT102", "AWT405"]


@pytest.fixture
async def stage(tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    """The pull request of the demo is open, and checked; the referee has the last word."""
    async with Stage.open(tmp_path, analyser=analyser) as opened:
        await opened.propose()
        await opened.settled()
        yield opened
        await opened.settled()
        violations = [str(each) for each in opened.github.referee.violations]
    assert violations == []


def verdict(stage: Stage) -> CheckRun:
    check = stage.check()
    assert check is not None
    return check


def codes(check: CheckRun) -> list[str]:
    return sorted(str(each["title"]).partition(" ")[0] for each in check.annotations)


async def says(stage: Stage, body: str) -> None:
    await stage.comment(body, stage.author)
    await stage.settled()


def reactions(stage: Stage, body: str) -> list[str]:
    """Return the reactions to the newest comment of this text."""
    comments = stage.repository.comments_on(stage.pull.number)
    comment = [each for each in comments if each.body == body][-1]
    return [each.content for each in comment.reactions]


async def test_the_story(stage: Stage, tmp_path: Path) -> None:
    opened = stage.head
    first = verdict(stage)
    assert first.conclusion == "failure"
    assert codes(first) == FINDINGS
    assert [each["label"] for each in first.actions] == ["Fix it"]

    await says(stage, "/fix-async")

    safe = stage.head
    assert reactions(stage, "/fix-async") == ["eyes", "rocket"]
    assert parents(stage, safe) == [opened]
    (reply,) = stage.replies()
    assert reply.body.startswith(f"Fixed 2 problems in {safe}.")
    assert "- `test_each_return_gets_a_pickup_of_its_own` in" in reply.body
    assert "### Left alone: the fix is unsafe" in reply.body
    assert (verdict(stage).conclusion, codes(verdict(stage))) == ("failure", UNSAFE)

    await says(stage, "/fix-async --unsafe")

    unsafe = stage.head
    assert parents(stage, unsafe) == [safe]
    assert (verdict(stage).conclusion, codes(verdict(stage))) == ("success", [])
    assert stage.github.requests["graphql/createCommitOnBranch"] == 2
    after = await RealPytest(tmp_path / "runs").run(stage.clone_url, BRANCH, "after")
    assert (after["exit_code"], after["failed"], after["never_awaited"]) == (0, 0, [])


def parents(stage: Stage, sha: str) -> list[str]:
    return [str(each) for each in stage.repository.store.resolve(sha).parent_ids]


async def test_who_changes_their_mind_takes_the_fix_back(stage: Stage) -> None:
    opened = stage.head
    await says(stage, "/fix-async AWT103")
    fixed = stage.head
    await says(stage, "/fix-async undo")
    undone = stage.head
    await says(stage, "/fix-async status")

    tree = stage.repository.store.tree
    assert (parents(stage, fixed), parents(stage, undone)) == ([opened], [fixed])
    assert tree(undone).id == tree(opened).id
    assert codes(verdict(stage)) == FINDINGS
    (reply,) = stage.replies()
    order = [f"The check of the newest commit, {undone}", f"in {undone}.", f"in {fixed}."]
    assert sorted(order, key=reply.body.index) == order
    for words in ("/fix-async AWT103", "/fix-async undo", "/fix-async status"):
        assert reactions(stage, words) == ["eyes", "rocket"]


async def test_who_may_only_read_may_ask(stage: Stage) -> None:
    head = stage.head

    for words in ("help", "explain AWT103", "status", "--dry-run"):
        await stage.comment(f"/fix-async {words}", stage.visitor)
        await stage.settled()

    assert stage.head == head
    (reply,) = stage.replies()
    assert reply.body.startswith("Nothing was changed, as you asked.")
    assert "What the check says" in reply.body
    assert "<summary>AWT103 unhandled-async-test</summary>" in reply.body
    assert "Here is what can be written" in reply.body


async def test_every_delivery_is_acknowledged(stage: Stage) -> None:
    await says(stage, "/fix-async")

    answers = {each.event: each.status_code for each in stage.github.deliveries}

    assert answers.keys() >= {"pull_request", "issue_comment", "check_run", "push"}
    assert set(answers.values()) == {202}


async def test_the_bot_does_not_obey_its_own_answers(stage: Stage) -> None:
    await says(stage, "/fix-async")
    (reply,) = stage.replies()
    own = [
        each
        for each in stage.github.deliveries
        if each.event == "issue_comment" and each.payload["sender"]["type"] == "Bot"
    ]

    assert "/fix-async --unsafe" in reply.body
    assert [each.response_body for each in own] == ['{"status": "ignored"}']


async def test_who_may_only_read_changes_nothing(stage: Stage) -> None:
    head = stage.head

    await stage.comment("/fix-async", stage.visitor)
    await stage.settled()

    assert stage.head == head
    (reply,) = stage.replies()
    assert "`@visitor` may not push to this repository" in reply.body


async def test_unknown_words_are_answered(stage: Stage) -> None:
    head = stage.head

    await says(stage, "/fix-async --everything")

    assert stage.head == head
    (reply,) = stage.replies()
    assert "`--everything` means nothing here" in reply.body


async def test_somebody_elses_edit_gives_no_orders(stage: Stage) -> None:
    head = stage.head
    comment = await stage.github.comment(stage.repository, 1, "Nice.", stage.visitor)
    await stage.settled()

    await stage.github.edit_comment(stage.repository, comment, "/fix-async", stage.author)
    await stage.settled()

    assert (stage.head, stage.replies()) == (head, [])


async def test_an_own_edit_gives_orders(stage: Stage) -> None:
    head = stage.head
    comment = await stage.github.comment(stage.repository, 1, "Nice.", stage.author)

    await stage.github.edit_comment(stage.repository, comment, "/fix-async", stage.author)
    await stage.settled()

    assert stage.head != head


async def test_a_command_in_a_review_is_heard(stage: Stage) -> None:
    head = stage.head

    await stage.github.review(stage.repository, 1, "Please.\n\n/fix-async", stage.author)
    await stage.settled()

    assert stage.head != head
    (reply,) = stage.replies()
    assert "/fix-async" in reply.body


async def test_a_command_edited_into_a_review_is_heard_once(stage: Stage) -> None:
    review = await stage.github.review(stage.repository, 1, "Nice.", stage.visitor)
    await stage.github.edit_review(stage.repository, review, "Nice.\n/fix-async help")
    await stage.github.edit_review(stage.repository, review, "Very nice.\n/fix-async help")
    await stage.settled()

    (reply,) = stage.replies()
    assert reply.body.count("Asked for by") == 1


async def test_the_button_fixes_once(stage: Stage) -> None:
    shown = verdict(stage)
    (button,) = shown.actions

    for _ in range(2):
        await stage.github.press_button(
            stage.repository, shown.id, button["identifier"], stage.author
        )
        await stage.settled()

    assert codes(verdict(stage)) == UNSAFE
    (reply,) = stage.replies()
    stale, fixed = reply.body.split("Earlier answers")
    assert "the branch has moved on since" in stale
    assert "Fixed 2 problems" in fixed


async def test_re_run_gives_a_new_verdict(stage: Stage) -> None:
    first = verdict(stage)

    await stage.github.rerun(stage.repository, first.id, stage.author)
    await stage.settled()
    await stage.github.rerun_all(stage.repository, first.suite.id, stage.author)
    await stage.settled()

    runs = stage.github.check_runs(stage.repository, stage.head)
    assert [run.conclusion for run in runs] == ["failure"] * 3


async def test_another_base_gives_a_new_verdict(stage: Stage) -> None:
    stage.repository.commit({"README.md": "words\n"}, branch="release")

    await stage.github.edit_pull_request(stage.repository, 1, user=stage.author, base="release")
    await stage.settled()

    assert len(stage.github.check_runs(stage.repository, stage.head)) == 2


async def test_suggestions_are_applied_by_whoever_wants_them(stage: Stage) -> None:
    opened = stage.head

    await says(stage, "/fix-async --unsafe --suggest")

    assert stage.head == opened
    assert reactions(stage, "/fix-async --unsafe --suggest") == ["eyes", "rocket"]
    (review,) = stage.repository.reviews.values()
    (reply,) = stage.replies()
    suggested = {finding for one in review.comments for finding in _codes(one.body)}
    assert {"AWT101", "AWT103", "AWT301"} <= suggested <= set(FINDINGS)
    assert f"#pullrequestreview-{review.id}." in reply.body
    assert stage.github.requests["pulls/create-review"] == 1

    ids = [one.id for one in review.comments]
    head = await stage.github.apply_suggestions(stage.repository, 1, ids, stage.author)
    await stage.settled()

    assert stage.head == head
    assert set(codes(verdict(stage))) == set(FINDINGS) - suggested


def _codes(body: str) -> list[str]:
    return re.findall(r"\*\*(AWT\d+)\*\*", body)


async def test_a_new_commit_settles_what_it_makes_of_the_suggestions(stage: Stage) -> None:
    await says(stage, "/fix-async --unsafe --suggest")
    (review,) = stage.repository.reviews.values()
    assert not any(one.resolved for one in review.comments)

    await says(stage, "/fix-async --unsafe --commit")

    assert verdict(stage).conclusion == "success"
    assert all(one.resolved for one in review.comments)


async def test_a_fork_that_lets_nobody_push_gets_suggestions(stage: Stage) -> None:
    fork = stage.github.fork(stage.repository, stage.visitor)
    test = {"tests/test_more.py": "async def test_more():\n    assert True\n"}
    head = await stage.github.push(fork, "more", test, stage.visitor)
    pull = await stage.github.open_pull_request(
        stage.repository, head="visitor:more", user=stage.visitor, maintainer_can_modify=False
    )
    await stage.settled()

    await stage.github.comment(stage.repository, pull.number, "/fix-async", stage.author)
    await stage.settled()

    (run,) = stage.github.check_runs(stage.repository, head)
    assert run.conclusion == "failure"
    assert pull.head_sha == head
    assert "1 suggestion fixes 1 problem" in stage.repository.comments_on(pull.number)[-1].body
    (review,) = stage.repository.reviews.values()
    assert "```suggestion\n" in review.comments[0].body
