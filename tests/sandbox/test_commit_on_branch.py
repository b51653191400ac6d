"""createCommitOnBranch: signed, on top of the expected head, or not at all."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.model import PullRequest, User
from bot.sandbox.repository import Repository
from tests.sandbox.shop import COMMIT, Client, Shop, commit_input

FIX = {"src/b.py": b"async def f(): ...\n"}


@pytest.fixture
async def pull(shop: Shop) -> PullRequest:
    return await shop.pull()


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed(contents="write")


async def commit(client: Client, given: dict[str, Any]) -> dict[str, Any]:
    answer: dict[str, Any] = await client.graphql(COMMIT, input=given)
    return answer


def only_error(answer: dict[str, Any]) -> tuple[str, str]:
    assert answer["data"] == {"createCommitOnBranch": None}
    (error,) = answer["errors"]
    return error["type"], error["message"]


async def test_a_commit_moves_the_head_and_is_signed_by_github(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    before = pull.head_sha

    answer = await commit(client, commit_input(before, FIX))

    made = answer["data"]["createCommitOnBranch"]
    assert made["commit"]["signature"] == {"isValid": True}
    assert made["ref"] == {"name": "feature"}
    head = shop.repository.store.commit(made["commit"]["oid"])
    assert pull.head_sha == str(head.id) == shop.repository.head("feature")
    assert [str(one) for one in head.parent_ids] == [before]
    assert head.message == "Fix\n\nBecause."
    assert (head.author.name, head.committer.name) == ("awaited[bot]", "GitHub")
    assert head.author.email == f"{shop.app.bot.id}+awaited[bot]@users.noreply.github.com"
    assert shop.repository.file("feature", "src/b.py") == FIX["src/b.py"]


async def test_the_apps_commit_fires_push_and_synchronize_by_a_bot(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    await commit(client, commit_input(pull.head_sha, FIX))

    await shop.github.settled()
    event = shop.receiver.only("pull_request.synchronize")
    assert event["sender"]["type"] == "Bot"
    assert event["after"] == pull.head_sha
    assert shop.events[-3:] == ["push", "check_suite.requested", "pull_request.synchronize"]


async def test_everything_is_written_as_a_plain_file(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    del pull
    tree = shop.repository.store.tree
    builder = shop.repository.store.git.TreeBuilder(tree(str(shop.repository.head("feature"))))
    script = shop.repository.store.write_blob(b"#!/bin/sh\n")
    builder.insert("run.sh", script, 0o100755)
    who = shop.github.activity.signature(shop.alice)
    parent = str(shop.repository.head("feature"))
    head = shop.repository.store.write_commit(str(builder.write()), [parent], "m", who, who)
    shop.repository.store.point("refs/heads/feature", head)

    await commit(client, commit_input(head, {"run.sh": b"#!/bin/sh\nexit\n"}))

    entry = tree(str(shop.repository.head("feature")))["run.sh"]
    assert int(entry.filemode) == 0o100644


async def test_another_head_than_expected_refuses_the_commit(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    expected = pull.base_sha

    kind, message = only_error(await commit(client, commit_input(expected, FIX)))

    assert kind == "STALE_DATA"
    said = f'Expected branch to point to "{expected}" but it did not.  Pull and try again.'
    assert message == said
    assert shop.repository.file("feature", "src/b.py") == b"def f(): ...\n"


async def test_of_two_commits_on_the_same_head_one_wins(pull: PullRequest, client: Client) -> None:
    given = commit_input(pull.head_sha, FIX)

    answers = await asyncio.gather(commit(client, given), commit(client, given))

    assert sorted("errors" in answer for answer in answers) == [False, True]


async def test_files_can_be_deleted(shop: Shop, pull: PullRequest, client: Client) -> None:
    changes = {"deletions": [{"path": "src/b.py"}]}

    await commit(client, commit_input(pull.head_sha, {}, fileChanges=changes))

    assert shop.repository.file("feature", "src/b.py") is None


@pytest.mark.parametrize(
    ("changes", "kind", "message"),
    [
        (
            {"deletions": [{"path": "lost"}]},
            "UNPROCESSABLE",
            "A path was requested for deletion which does not exist as of commit oid",
        ),
        ({"additions": [{"path": "a", "contents": "?"}]}, "UNPROCESSABLE", "not valid Base64"),
        ({"additions": [{"path": "../a", "contents": ""}]}, "UNPROCESSABLE", "not a path"),
        ({"additions": [{"path": "a", "contents": ""}] * 2}, "UNPROCESSABLE", "given twice"),
        (
            {"additions": [{"path": ".github/workflows/ci.yml", "contents": ""}]},
            "FORBIDDEN",
            "without `workflows` permission",
        ),
    ],
)
async def test_changes_that_cannot_be_made_refuse_the_commit(
    pull: PullRequest, client: Client, changes: dict[str, Any], kind: str, message: str
) -> None:
    before = pull.head_sha
    given = commit_input(pull.head_sha, {}, fileChanges=changes)

    error = only_error(await commit(client, given))

    assert error[0] == kind
    assert message in error[1]
    assert pull.head_sha == before


async def test_a_message_without_a_body_is_its_headline(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    await commit(client, commit_input(pull.head_sha, FIX, message={"headline": "Only this"}))

    assert shop.repository.store.commit(pull.head_sha).message == "Only this"


async def test_a_branch_can_be_named_by_its_id(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    branch = {"id": f"REF_{shop.repository.id}_refs/heads/feature"}

    answer = await commit(client, commit_input(pull.head_sha, FIX) | {"branch": branch})

    assert answer["data"]["createCommitOnBranch"]["ref"] == {"name": "feature"}


@pytest.mark.parametrize(
    ("branch", "kind"),
    [
        ({"repositoryNameWithOwner": "no/where", "branchName": "feature"}, "NOT_FOUND"),
        ({"repositoryNameWithOwner": "octo-org/shop", "branchName": "lost"}, "NOT_FOUND"),
        ({"repositoryNameWithOwner": "octo-org/shop"}, "UNPROCESSABLE"),
        ({"id": "REF_1_refs/heads/feature"}, "NOT_FOUND"),
        ({"id": "R_1"}, "NOT_FOUND"),
    ],
)
async def test_a_branch_that_is_not_there_refuses_the_commit(
    pull: PullRequest, client: Client, branch: dict[str, str], kind: str
) -> None:
    answer = await commit(client, commit_input(pull.head_sha, FIX) | {"branch": branch})

    assert only_error(answer)[0] == kind


async def test_a_token_that_only_reads_cannot_commit(shop: Shop, pull: PullRequest) -> None:
    reader = await shop.installed(contents="read")

    answer = await commit(reader, commit_input(pull.head_sha, FIX))

    assert only_error(answer) == ("FORBIDDEN", "Resource not accessible by integration")


async def test_a_protected_branch_refuses_the_commit(
    shop: Shop, pull: PullRequest, client: Client
) -> None:
    shop.repository.protect("feature")

    kind, _ = only_error(await commit(client, commit_input(pull.head_sha, FIX)))

    assert kind == "BRANCH_PROTECTION_RULE_VIOLATION"


async def test_a_ruleset_refuses_the_commit(shop: Shop, pull: PullRequest, client: Client) -> None:
    shop.repository.add_rule("feature", "pull_request")

    kind, message = only_error(await commit(client, commit_input(pull.head_sha, FIX)))

    assert kind == "UNPROCESSABLE"
    assert "Repository rule violations found" in message


async def test_a_user_commits_with_their_own_right(shop: Shop, pull: PullRequest) -> None:
    answer = await commit(shop.client(shop.alice.token), commit_input(pull.head_sha, FIX))

    assert answer["data"]["createCommitOnBranch"]["ref"] == {"name": "feature"}


# Forks


async def fork_pull(
    shop: Shop, owner: User, *, edits: bool
) -> tuple[Repository, PullRequest, dict[str, Any]]:
    fork = shop.github.fork(shop.repository, owner)
    await shop.github.push(fork, "theirs", {"c.txt": "c\n"}, owner)
    pull = await shop.github.open_pull_request(
        shop.repository,
        head=f"{owner.login}:theirs",
        user=owner,
        maintainer_can_modify=edits,
    )
    given = commit_input(pull.head_sha, {"c.txt": b"fixed\n"})
    branch = {"repositoryNameWithOwner": fork.full_name, "branchName": "theirs"}
    return fork, pull, given | {"branch": branch}


async def test_a_fork_that_allows_edits_takes_the_commit(shop: Shop, client: Client) -> None:
    fork, pull, given = await fork_pull(shop, shop.github.create_user("bob"), edits=True)

    answer = await commit(client, given)

    assert answer["data"]["createCommitOnBranch"]["commit"]["oid"] == pull.head_sha
    assert fork.file("theirs", "c.txt") == b"fixed\n"


async def test_a_fork_without_edits_refuses_the_commit(shop: Shop, client: Client) -> None:
    _, _, given = await fork_pull(shop, shop.github.create_user("bob"), edits=False)

    assert only_error(await commit(client, given))[0] == "FORBIDDEN"


async def test_an_organisations_fork_refuses_the_commit(shop: Shop, client: Client) -> None:
    _, _, given = await fork_pull(shop, shop.github.create_organization("team"), edits=True)

    assert only_error(await commit(client, given))[0] == "FORBIDDEN"


async def test_no_fork_takes_the_commit_where_apps_may_not_push_to_forks(
    shop: Shop, client: Client
) -> None:
    shop.github.limits.push_to_forks = False
    _, _, given = await fork_pull(shop, shop.github.create_user("bob"), edits=True)

    assert only_error(await commit(client, given))[0] == "FORBIDDEN"


async def test_a_closed_pull_request_opens_no_fork(shop: Shop, client: Client) -> None:
    bob = shop.github.create_user("bob")
    _, _, given = await fork_pull(shop, bob, edits=True)
    await shop.github.close_pull_request(shop.repository, 1, bob)

    assert only_error(await commit(client, given))[0] == "FORBIDDEN"
