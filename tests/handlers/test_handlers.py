"""Deliveries in, jobs out."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import structs

from bot.analysis.fix_settings import FixMode
from bot.github.delivery import Delivery
from bot.github.errors import MalformedDelivery
from bot.github.pulls import Sighting
from bot.handlers import HANDLERS, jobs_for
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.catch_up import CatchUp
from bot.jobs.check_merge_group import CheckMergeGroup
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.command_job import CommandJob
from bot.jobs.drop_merge_group import DropMergeGroup
from bot.jobs.explain_command import ExplainCommand
from bot.jobs.leave_head import LeaveHead
from bot.jobs.tell_status import TellStatus
from bot.jobs.tidy_threads import TidyThreads
from bot.jobs.undo_fixes import UndoFixes

SHA = "0123456789abcdef0123456789abcdef01234567"
PARENT = "89abcdef0123456789abcdef0123456789abcdef"
QUEUED = f"gh-readonly-queue/releases/2/pr-7-{PARENT}"
REPOSITORY = 5
AUTHOR = {"id": 1, "login": "octocat", "type": "User"}
OTHER = {"id": 2, "login": "hubot", "type": "User"}
BOT = {"id": 3, "login": "awaited[bot]", "type": "Bot"}


def delivery(name: str, payload: dict[str, Any], **changes: Any) -> Delivery:
    event, _, action = name.partition(".")
    given: dict[str, Any] = {
        "id": "7c8e5f2a-guid",
        "event": event,
        "action": action or None,
        "payload": payload,
        "installation_id": 11,
        "repository": "octo-org/shop",
    }
    return Delivery(**(given | changes))


PULL = {
    "number": 3,
    "state": "open",
    "head": {"sha": SHA},
    "base": {"ref": "main"},
    "updated_at": "2026-11-28T12:00:00Z",
}
SEEN = Sighting("open", SHA, "main", datetime(2026, 11, 28, 12, tzinfo=UTC))


def pull_request(name: str, *, before: str = "", **changes: Any) -> Delivery:
    payload = {"pull_request": PULL, "changes": changes} | ({"before": before} if before else {})
    return delivery(f"pull_request.{name}", payload)


def check_run(name: str, **changes: Any) -> Delivery:
    run = {"id": 21, "head_sha": SHA, "name": "awaited", "pull_requests": [named(3)]}
    payload: dict[str, Any] = {
        "check_run": run | changes.pop("run", {}),
        "repository": {"id": REPOSITORY},
        "sender": AUTHOR,
    }
    return delivery(f"check_run.{name}", payload | changes)


def merge_group(action: str, **changes: Any) -> Delivery:
    group = {
        "head_sha": SHA,
        "head_ref": f"refs/heads/{QUEUED}",
        "base_sha": PARENT,
        "base_ref": "refs/heads/releases/2",
    }
    return delivery(f"merge_group.{action}", {"merge_group": group} | changes)


def named(number: int, repository: int = REPOSITORY) -> dict[str, Any]:
    return {"number": number, "base": {"repo": {"id": repository}}}


def pressed(identifier: str, **changes: Any) -> Delivery:
    return check_run("requested_action", requested_action={"identifier": identifier}, **changes)


def comment(
    body: str | None,
    *,
    edited_from: str | None = None,
    author: dict[str, Any] | None = AUTHOR,
    sender: dict[str, Any] = AUTHOR,
    on_pull_request: bool = True,
) -> Delivery:
    payload: dict[str, Any] = {
        "issue": {"number": 3} | ({"pull_request": {"url": "x"}} if on_pull_request else {}),
        "comment": {"id": 31, "body": body, "user": author},
        "sender": sender,
    }
    if edited_from is not None:
        payload["changes"] = {"body": {"from": edited_from}}
        return delivery("issue_comment.edited", payload)
    return delivery("issue_comment.created", payload)


def on_lines(body: str, **fields: Any) -> Delivery:
    event, _, action = (told := comment(body, **fields)).name.partition(".")
    assert event == "issue_comment"
    payload = {**told.payload, "pull_request": PULL}
    del payload["issue"]
    return delivery(f"pull_request_review_comment.{action}", payload)


def in_review(body: str | None, **fields: Any) -> Delivery:
    told = comment(body, **fields)
    payload = {**told.payload, "pull_request": PULL, "review": told.payload["comment"]}
    del payload["issue"], payload["comment"]
    action = {"created": "submitted"}.get(str(told.action), told.action)
    return delivery(f"pull_request_review.{action}", payload)


CHECK = CheckPullRequest(installation_id=11, repository="octo-org/shop", number=3)
LEAVE = LeaveHead(
    installation_id=11, repository="octo-org/shop", number=3, head_sha=SHA, seen=SEEN
)
GROUP = CheckMergeGroup(
    installation_id=11,
    repository="octo-org/shop",
    head_sha=SHA,
    base_ref="releases/2",
    base_sha=PARENT,
)
FIX = ApplyFixes(
    installation_id=11,
    repository="octo-org/shop",
    number=3,
    sender="octocat",
    unsafe=False,
    key="7c8e5f2a-guid",
    comment_id=31,
)


@pytest.mark.parametrize("name", ["opened", "reopened"])
def test_a_pull_request_that_opens_is_checked(name: str) -> None:
    assert jobs_for(pull_request(name)) == [structs.replace(CHECK, seen=SEEN, arrives=True)]


def test_a_draft_that_becomes_ready_is_checked() -> None:
    assert jobs_for(pull_request("ready_for_review")) == [structs.replace(CHECK, seen=SEEN)]


def test_a_new_head_is_checked_and_outdated_suggestions_are_settled() -> None:
    check, tidy, leave = jobs_for(pull_request("synchronize", before=PARENT))

    assert check == structs.replace(CHECK, seen=SEEN, arrives=True)
    assert isinstance(tidy, TidyThreads)
    assert (tidy.repository, tidy.number) == (CHECK.repository, CHECK.number)
    assert leave == structs.replace(LEAVE, head_sha=PARENT)


def test_a_closed_pull_request_leaves_its_head_to_others() -> None:
    assert jobs_for(pull_request("closed")) == [LEAVE]


@pytest.mark.parametrize("name", ["labeled", "assigned", "review_requested"])
def test_other_news_of_a_pull_request_start_nothing(name: str) -> None:
    assert jobs_for(pull_request(name)) == []


def test_another_base_has_the_same_head_checked_again() -> None:
    (job,) = jobs_for(pull_request("edited", base={"ref": {"from": "main"}}))
    assert isinstance(job, CheckPullRequest)
    assert (job.number, job.again_at, job.seen) == (3, SHA, SEEN)


def test_another_title_starts_nothing() -> None:
    assert jobs_for(pull_request("edited", title={"from": "old"})) == []


def test_a_run_is_repeated_on_request() -> None:
    (job,) = jobs_for(check_run("rerequested"))
    assert job == CheckPullRequest(
        installation_id=11, repository="octo-org/shop", number=3, again_at=SHA, rerun_of=21
    )


def test_a_run_of_a_forks_commit_is_repeated_though_github_names_no_pull_request() -> None:
    (job,) = jobs_for(check_run("rerequested", run={"pull_requests": []}))
    assert isinstance(job, CheckPullRequest)
    assert (job.number, job.again_at) == (None, SHA)


def test_pull_requests_of_other_repositories_are_left_to_them() -> None:
    pulls = [named(8, repository=6), named(3), named(4)]
    jobs = jobs_for(check_run("rerequested", run={"pull_requests": pulls}))
    assert [job.number for job in jobs if isinstance(job, CheckPullRequest)] == [3, 4]


def test_anothers_run_is_not_repeated() -> None:
    assert jobs_for(check_run("rerequested", run={"name": "lint"})) == []


def test_a_whole_suite_is_repeated_on_request() -> None:
    suite = {"id": 41, "head_sha": SHA, "pull_requests": [named(3)]}
    payload = {"check_suite": suite, "repository": {"id": REPOSITORY}}

    (job,) = jobs_for(delivery("check_suite.rerequested", payload))

    assert isinstance(job, CheckPullRequest)
    assert (job.number, job.again_at, job.rerun_of) == (3, SHA, None)


def test_a_merge_group_is_checked() -> None:
    assert jobs_for(merge_group("checks_requested")) == [GROUP]


def test_a_destroyed_merge_group_is_dropped() -> None:
    (job,) = jobs_for(merge_group("destroyed", reason="invalidated"))
    assert job == DropMergeGroup(
        installation_id=11, repository="octo-org/shop", head_sha=SHA, reason="invalidated"
    )


def test_a_merge_group_that_is_destroyed_without_a_reason_is_dropped_too() -> None:
    (job,) = jobs_for(merge_group("destroyed"))
    assert isinstance(job, DropMergeGroup)


def test_a_run_of_a_merge_group_is_repeated_on_request() -> None:
    run = {"pull_requests": [], "check_suite": {"head_branch": QUEUED}}
    (job,) = jobs_for(check_run("rerequested", run=run))
    assert job == msgspec.structs.replace(GROUP, again=True, rerun_of=21)


def test_a_whole_suite_of_a_merge_group_is_repeated_on_request() -> None:
    suite = {"id": 41, "head_sha": SHA, "head_branch": QUEUED, "pull_requests": []}
    payload = {"check_suite": suite, "repository": {"id": REPOSITORY}}
    (job,) = jobs_for(delivery("check_suite.rerequested", payload))
    assert job == msgspec.structs.replace(GROUP, again=True)


@pytest.mark.parametrize(
    "branch", ["feature", None, "gh-readonly-queue/main", f"x/{QUEUED}", f"{QUEUED}0"]
)
def test_other_branches_are_not_taken_for_a_merge_groups(branch: str | None) -> None:
    run = {"pull_requests": [], "check_suite": {"head_branch": branch}}
    (job,) = jobs_for(check_run("rerequested", run=run))
    assert isinstance(job, CheckPullRequest)


def test_the_button_fixes_the_commit_for_which_it_was_shown() -> None:
    (job,) = jobs_for(pressed("fix-safe:012345678"))
    assert job == ApplyFixes(
        installation_id=11,
        repository="octo-org/shop",
        number=3,
        sender="octocat",
        unsafe=False,
        key="7c8e5f2a-guid",
        shown_head=SHA,
    )


def test_the_unsafe_button_fixes_all() -> None:
    (job,) = jobs_for(pressed("fix-unsafe:012345678"))
    assert isinstance(job, ApplyFixes)
    assert job.unsafe


def test_a_button_on_a_forks_commit_is_obeyed() -> None:
    (job,) = jobs_for(pressed("fix-safe:012345678", run={"pull_requests": []}))
    assert isinstance(job, ApplyFixes)
    assert job.number is None


@pytest.mark.parametrize("identifier", ["rerun", "fix-safe:999999999", "fix-safe:0123"])
def test_a_button_that_is_not_of_this_commit_starts_nothing(identifier: str) -> None:
    assert jobs_for(pressed(identifier)) == []


def test_a_button_pressed_by_a_bot_starts_nothing() -> None:
    assert jobs_for(pressed("fix-safe:012345678", sender=BOT)) == []


def test_a_button_without_a_name_starts_nothing() -> None:
    assert jobs_for(check_run("requested_action")) == []


def test_a_command_is_obeyed() -> None:
    assert jobs_for(comment("/fix-async")) == [FIX]


def test_a_command_can_ask_for_unsafe_fixes() -> None:
    (job,) = jobs_for(comment("Please\n/fix-async --unsafe"))
    assert isinstance(job, ApplyFixes)
    assert job.unsafe


def test_rules_paths_and_the_way_go_into_the_job() -> None:
    (job,) = jobs_for(comment("/fix-async AWT103 tests/unit --dry-run"))
    assert job == structs.replace(
        FIX, rules=("AWT103",), paths=("tests/unit",), mode=FixMode.PATCH
    )


EXPLAIN = ExplainCommand(
    installation_id=11,
    repository="octo-org/shop",
    number=3,
    sender="octocat",
    comment_id=31,
    key="7c8e5f2a-guid",
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--now", structs.replace(EXPLAIN, unknown=("--now",))),
        ("help", EXPLAIN),
        ("explain AWT103", structs.replace(EXPLAIN, rules=("AWT103",))),
        ("explain", structs.replace(EXPLAIN, rules=())),
        ("explain AWT1O3", structs.replace(EXPLAIN, unknown=("AWT1O3",))),
    ],
)
def test_what_only_needs_words_is_answered(words: str, expected: ExplainCommand) -> None:
    assert jobs_for(comment(f"/fix-async {words}")) == [expected]


@pytest.mark.parametrize(("verb", "kind"), [("undo", UndoFixes), ("status", TellStatus)])
def test_other_verbs_start_jobs_of_their_own(verb: str, kind: type[CommandJob]) -> None:
    assert jobs_for(comment(f"/fix-async {verb}")) == [
        kind(
            installation_id=11,
            repository="octo-org/shop",
            number=3,
            sender="octocat",
            comment_id=31,
            key="7c8e5f2a-guid",
        )
    ]


def test_each_command_of_a_comment_has_a_key_of_its_own() -> None:
    jobs = jobs_for(comment("/fix-async AWT103\n/fix-async help"))

    assert jobs == [
        structs.replace(FIX, rules=("AWT103",)),
        structs.replace(EXPLAIN, key="7c8e5f2a-guid.2"),
    ]


@pytest.mark.parametrize("body", ["Nice work", "> /fix-async", "", None])
def test_ordinary_comments_start_nothing(body: str | None) -> None:
    assert jobs_for(comment(body)) == []


def test_a_command_on_an_issue_starts_nothing() -> None:
    assert jobs_for(comment("/fix-async", on_pull_request=False)) == []


def test_a_command_by_a_bot_starts_nothing() -> None:
    assert jobs_for(comment("/fix-async", author=BOT, sender=BOT)) == []
    assert jobs_for(comment("/fix-async", sender=BOT)) == []


def test_a_command_by_a_deleted_account_starts_nothing() -> None:
    assert jobs_for(comment("/fix-async", author=None)) == []
    assert jobs_for(comment("/fix-async", author=None, edited_from="")) == []


def test_a_command_edited_in_by_the_author_is_obeyed() -> None:
    assert jobs_for(comment("/fix-async", edited_from="fix this")) == [FIX]


def test_a_command_edited_in_by_somebody_else_starts_nothing() -> None:
    assert jobs_for(comment("/fix-async", edited_from="fix this", sender=OTHER)) == []


def test_a_command_that_was_there_before_an_edit_is_not_repeated() -> None:
    assert jobs_for(comment("/fix-async\nthanks", edited_from="/fix-async")) == []


def test_an_edit_that_left_the_text_alone_starts_nothing() -> None:
    edited = comment("/fix-async", edited_from="")
    untouched = {**edited.payload, "changes": {}}
    assert jobs_for(delivery("issue_comment.edited", untouched)) == []


def test_a_command_on_lines_of_the_diff_is_obeyed() -> None:
    assert jobs_for(on_lines("/fix-async")) == [structs.replace(FIX, on_lines=True)]


def test_a_command_on_lines_is_obeyed_as_one_in_the_conversation() -> None:
    new = structs.replace(FIX, on_lines=True)
    assert jobs_for(on_lines("/fix-async", edited_from="fix this")) == [new]
    assert jobs_for(on_lines("/fix-async", edited_from="fix this", sender=OTHER)) == []
    assert jobs_for(on_lines("/fix-async\nthanks", edited_from="/fix-async")) == []
    assert jobs_for(on_lines("/fix-async", author=BOT, sender=BOT)) == []


def test_a_command_in_a_review_is_obeyed_as_one_in_the_conversation() -> None:
    heard = structs.replace(FIX, comment_id=None)
    assert jobs_for(in_review("/fix-async")) == [heard]
    assert jobs_for(in_review("/fix-async", edited_from="fix this")) == [heard]
    assert jobs_for(in_review("/fix-async", edited_from="fix this", sender=OTHER)) == []
    assert jobs_for(in_review("/fix-async\nthanks", edited_from="/fix-async")) == []
    assert jobs_for(in_review("/fix-async", author=BOT, sender=BOT)) == []
    assert jobs_for(in_review(None)) == []


@pytest.mark.parametrize("name", ["unsuspend", "new_permissions_accepted"])
def test_an_installation_that_works_again_catches_up(name: str) -> None:
    told = f"installation.{name}"

    assert jobs_for(delivery(told, {}, repository=None)) == [CatchUp(installation_id=11)]
    assert jobs_for(delivery(told, {}, repository=None, installation_id=None)) == []


@pytest.mark.parametrize(
    "name", ["push", "installation.created", "installation_repositories.added", "star.created"]
)
def test_what_asks_for_nothing_starts_nothing(name: str) -> None:
    assert jobs_for(delivery(name, {})) == []


def test_a_delivery_of_no_installation_starts_nothing() -> None:
    opened = pull_request("opened")
    assert jobs_for(delivery(opened.name, {**opened.payload}, installation_id=None)) == []
    assert jobs_for(delivery(opened.name, {**opened.payload}, repository=None)) == []


@pytest.mark.parametrize("name", sorted(HANDLERS))
def test_a_payload_that_is_not_githubs_is_malformed(name: str) -> None:
    with pytest.raises(MalformedDelivery, match=name):
        jobs_for(delivery(name, {"pull_request": 1, "check_run": [], "issue": "x"}))


def test_the_key_can_stand_in_an_html_comment() -> None:
    body = comment("/fix-async")
    (job,) = jobs_for(delivery(body.name, {**body.payload}, id="a--b---c"))
    assert isinstance(job, ApplyFixes)
    assert job.key == "a-b-c"


@pytest.mark.parametrize(
    "job",
    [CHECK, GROUP, FIX, EXPLAIN, *jobs_for(merge_group("destroyed"))],
    ids=lambda job: type(job).__name__,
)
def test_jobs_wait_with_those_of_their_installation(job: Any) -> None:
    assert job.tenant == "11"
