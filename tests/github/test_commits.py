"""Commits: one on top of the head that was expected, or none, and a reason."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.github.auth import Access
from bot.github.errors import PushRefused, StaleHead, Transient, UnexpectedAnswer
from bot.github.gateway import RepositoryGateway
from bot.github.push import CommitMessage
from bot.sandbox.faults import Fault, Kind
from tests.github.faults import every_fault, fault
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub
from tests.github.test_contents import commit_with_git

MESSAGE = CommitMessage("Await what was not awaited", "Requested-by: @alice\nJob: 7")
FIXED = {"tests/test_cart.py": b"import pytest\r\n\r\nasync def test_cart(): ...\n"}
MUTATION = "POST /api/graphql createCommitOnBranch"


async def opened(shop: Shop) -> tuple[str, RepositoryGateway]:
    pull = await shop.pull()
    return pull.head_sha, await shop.gateway(Access.WRITE)


async def commit(gateway: RepositoryGateway, head: str, files: Mapping[str, bytes] = FIXED) -> str:
    return await gateway.commit("feature", expected_head=head, message=MESSAGE, files=files)


def commits(shop: Shop, since: str, branch: str = "feature") -> list[str]:
    """The messages of what came on top."""
    store = shop.repository.store
    head = store.head(branch)
    assert head is not None
    return [one.message.strip() for one in store.history(head, without=since)]


# The usual way


async def test_files_are_committed_on_top_of_the_branch(shop: Shop) -> None:
    head, gateway = await opened(shop)
    await gateway.tree(head)
    shop.github.requests.clear()

    sha = await commit(gateway, head)

    assert shop.repository.head("feature") == sha
    assert commits(shop, head) == [MESSAGE.text]
    assert shop.repository.file(sha, "tests/test_cart.py") == FIXED["tests/test_cart.py"]
    assert shop.repository.file(sha, "README.md") == b"A shop.\n"
    assert sha in shop.repository.verified
    assert shop.github.requests == {"graphql/createCommitOnBranch": 1}


async def test_a_message_may_be_a_headline(shop: Shop) -> None:
    head, gateway = await opened(shop)

    await gateway.commit("feature", expected_head=head, message=CommitMessage("Fix"), files=FIXED)

    assert commits(shop, head) == ["Fix"]


async def test_a_branch_may_have_any_name(shop: Shop, tmp_path: Path) -> None:
    branch = "alice/fix-#7-{100%}-é&"
    start = shop.repository.head("main")
    assert start is not None
    shop.repository.commit({"a.py": "1\n"}, branch=branch)
    shop.repository.store.point(
        f"refs/heads/{branch}-x", commit_with_git(shop.repository, tmp_path)
    )
    gateway = await shop.gateway(Access.WRITE)
    head = (await gateway.branch(branch)).head_sha
    executable_head = (await gateway.branch(f"{branch}-x")).head_sha

    for name, expected, path in (
        (branch, head, "a.py"),
        (f"{branch}-x", executable_head, "run.py"),
    ):
        sha = await gateway.commit(
            name, expected_head=expected, message=MESSAGE, files={path: b"2\n"}
        )
        assert shop.repository.head(name) == sha


async def test_files_of_any_bytes_and_names_can_be_committed(shop: Shop) -> None:
    files = {"a b/ü#?{x}.py": b"\0\xff", "new.py": b"", "latin.py": "ö".encode("latin-1")}
    head, gateway = await opened(shop)

    sha = await commit(gateway, head, files)

    assert {path: shop.repository.file(sha, path) for path in files} == files


# Modes


async def test_modes_are_kept(shop: Shop, tmp_path: Path) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    files = {
        "run.py": b"print(1)\n",
        "link.py": b"README.md",
        "README.md": "Größe\n".encode("latin-1"),
        "new.py": b"new\n",
    }

    sha = await commit(gateway, head, files)

    assert commits(shop, head) == [MESSAGE.text]
    tree = await gateway.tree(sha)
    assert {path: tree.entries[path].mode for path in [*files, "module"]} == {
        "run.py": "100755",
        "link.py": "120000",
        "README.md": "100644",
        "new.py": "100644",
        "module": "160000",
    }
    assert {path: shop.repository.file(sha, path) for path in files} == files
    assert set(tree.entries) == {*files, "module", "tests/test_shop.py"}
    assert sha in shop.repository.verified
    assert not shop.github.requests["graphql/createCommitOnBranch"]


# The branch is elsewhere


async def test_a_branch_that_moved_is_left_alone(shop: Shop) -> None:
    head, gateway = await opened(shop)
    await shop.github.push(shop.repository, "feature", {"x": "y"}, user=shop.alice, message="More")

    with pytest.raises(StaleHead):
        await commit(gateway, head)

    assert commits(shop, head) == ["More"]


async def test_a_branch_that_moves_while_an_executable_file_is_committed_is_left_alone(
    shop: Shop, tmp_path: Path
) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    shop.github.faults.add(Fault("PATCH .*/git/refs/", "stale-head"))

    with pytest.raises(StaleHead):
        await commit(gateway, head, {"run.py": b"print(1)\n"})
    assert commits(shop, head) == ["Overtake"]

    with pytest.raises(StaleHead):
        await commit(gateway, head, {"run.py": b"print(1)\n"})
    assert commits(shop, head) == ["Overtake"]


async def test_a_branch_that_moves_at_the_last_moment_is_left_alone(shop: Shop) -> None:
    head, gateway = await opened(shop)
    shop.github.faults.add(Fault(MUTATION, "stale-head"))

    with pytest.raises(StaleHead):
        await commit(gateway, head)

    assert commits(shop, head) == ["Overtake"]


async def test_a_branch_that_was_reset_is_left_alone(shop: Shop, tmp_path: Path) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    before = str(shop.repository.store.commit(head).parent_ids[0])
    await shop.github.force_push(shop.repository, "feature", before, user=shop.alice)

    # A forward move would bring back what was taken away.
    with pytest.raises(StaleHead):
        await commit(gateway, head, {"run.py": b"print(1)\n"})

    assert shop.repository.head("feature") == before


@pytest.mark.parametrize("path", ["README.md", "run.py"])
async def test_a_branch_that_is_gone_refuses(shop: Shop, tmp_path: Path, path: str) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    await shop.github.delete_branch(shop.repository, "feature", user=shop.alice)

    with pytest.raises(PushRefused):
        await commit(gateway, head, {path: b"1\n"})


# GitHub does not let us


@pytest.mark.parametrize("path", ["README.md", "run.py"])
@pytest.mark.parametrize("rule", [None, "pull_request", "update"])
async def test_a_protected_branch_refuses(
    shop: Shop, tmp_path: Path, path: str, rule: str | None
) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    if rule is None:
        shop.repository.protect("feature")
    else:
        shop.repository.add_rule("feature", rule)

    with pytest.raises(PushRefused) as raised:
        await commit(gateway, head, {path: b"1\n"})

    assert "pull request" in raised.value.reason or "rule" in raised.value.reason
    assert commits(shop, head) == []


@pytest.mark.parametrize("path", ["README.md", "run.py"])
async def test_a_token_that_may_not_write_is_refused(
    shop: Shop, tmp_path: Path, path: str
) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.READ)

    with pytest.raises(PushRefused, match="not accessible"):
        await commit(gateway, head, {path: b"1\n"})

    assert commits(shop, head) == []


@pytest.mark.parametrize(
    "what",
    ["GET .*/git/commits/", "POST .*/git/trees", "POST .*/git/commits", "PATCH .*/git/refs/"],
)
async def test_a_repository_that_hides_what_may_not_be_written_refuses(
    shop: Shop, tmp_path: Path, what: str
) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    shop.github.faults.add(Fault(what, "status", status=404, times=9))

    with pytest.raises(PushRefused):
        await commit(gateway, head, {"run.py": b"print(1)\n"})


async def test_a_workflow_is_not_ours_to_change(shop: Shop) -> None:
    head, gateway = await opened(shop)

    with pytest.raises(PushRefused, match="workflow"):
        await commit(gateway, head, {".github/workflows/ci.yml": b"on: push\n"})


async def test_a_fork_that_allows_it_can_be_pushed_to(shop: Shop) -> None:
    pull = await shop.pull_from_fork()
    gateway = await shop.gateway(Access.WRITE)

    sha = await gateway.commit(
        "feature",
        expected_head=pull.head_sha,
        message=MESSAGE,
        files=FIXED,
        repository="carol/shop",
    )

    assert shop.github.world.repository("carol/shop").head("feature") == sha


async def test_a_fork_that_does_not_allow_it_refuses(shop: Shop) -> None:
    pull = await shop.pull_from_fork(maintainer_can_modify=False)
    gateway = await shop.gateway(Access.WRITE)

    with pytest.raises(PushRefused):
        await gateway.commit(
            "feature",
            expected_head=pull.head_sha,
            message=MESSAGE,
            files=FIXED,
            repository="carol/shop",
        )


async def test_a_lost_commit_on_a_fork_is_found(shop: Shop) -> None:
    head = (await shop.pull_from_fork()).head_sha
    gateway = await shop.gateway(Access.WRITE)
    shop.github.faults.add(Fault(MUTATION, "lost-reply"))

    sha = await gateway.commit(
        "feature",
        expected_head=head,
        message=MESSAGE,
        files=FIXED,
        repository="carol/shop",
    )

    fork = shop.github.world.repository("carol/shop")
    assert fork.head("feature") == sha
    assert len(fork.store.history(sha, without=head)) == 1


async def test_a_mutation_that_github_does_not_understand_is_no_refusal(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    stub.answers = [Answer({"tree": []}), Answer({"errors": [{"message": "No such field"}]})]

    with pytest.raises(UnexpectedAnswer, match="No such field"):
        await gateway.commit("b", expected_head="1" * 40, message=MESSAGE, files=FIXED)


async def test_a_mutation_can_be_forbidden_by_status(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    stub.answers = [Answer({"tree": []}), Answer({"message": "Suspended"}, 403)]

    with pytest.raises(PushRefused, match="Suspended"):
        await gateway.commit("b", expected_head="1" * 40, message=MESSAGE, files=FIXED)


# Trouble on the way


@every_fault
async def test_a_fault_makes_no_second_commit(
    shop: Shop, kind: Kind, details: dict[str, int | float]
) -> None:
    head, gateway = await opened(shop)
    shop.github.faults.add(fault(MUTATION, kind, details))

    sha = await commit(gateway, head)

    assert commits(shop, head) == [MESSAGE.text]
    assert shop.repository.head("feature") == sha
    assert shop.github.faults.happened


@every_fault
@pytest.mark.parametrize(
    "request_of",
    ["POST .*/git/blobs", "POST .*/git/trees", "POST .*/git/commits", "PATCH .*/git/refs"],
)
async def test_a_fault_makes_no_second_commit_of_an_executable_file(
    shop: Shop, tmp_path: Path, request_of: str, kind: Kind, details: dict[str, int | float]
) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    shop.github.faults.add(fault(request_of, kind, details))

    sha = await commit(gateway, head, {"run.py": b"# \xff\n"})

    assert commits(shop, head) == [MESSAGE.text]
    assert shop.repository.head("feature") == sha
    assert shop.github.faults.happened


async def test_a_lost_commit_is_found_below_what_came_on_top(shop: Shop) -> None:
    head, gateway = await opened(shop)
    ours = await commit(gateway, head)
    await shop.github.push(shop.repository, "feature", {"x": "y"}, user=shop.alice, message="More")

    # The job is done again: it died before it heard of its commit.
    assert await commit(await shop.gateway(Access.WRITE), head) == ours

    assert commits(shop, head) == [MESSAGE.text, "More"]


async def test_a_lost_commit_of_an_executable_file_is_found(shop: Shop, tmp_path: Path) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway(Access.WRITE)
    ours = await commit(gateway, head, {"run.py": b"1\n"})

    assert await commit(await shop.gateway(Access.WRITE), head, {"run.py": b"1\n"}) == ours

    assert commits(shop, head) == [MESSAGE.text]


async def test_another_s_commit_with_our_message_is_not_ours(shop: Shop) -> None:
    head, gateway = await opened(shop)
    for message in ("More", MESSAGE.text):
        await shop.github.push(
            shop.repository, "feature", {message[:1]: "y"}, user=shop.alice, message=message
        )

    with pytest.raises(StaleHead):
        await commit(gateway, head)


async def test_who_never_hears_of_the_commit_finds_it_next_time(shop: Shop) -> None:
    head, gateway = await opened(shop)
    shop.github.faults.add(Fault(MUTATION, "lost-reply"))
    shop.github.faults.add(Fault("GET .*/compare/", "status", status=500, times=4))
    with pytest.raises(Transient):
        await commit(gateway, head)

    sha = await commit(gateway, head)

    assert commits(shop, head) == [MESSAGE.text]
    assert shop.repository.head("feature") == sha


async def test_a_look_that_is_refused_decides_nothing(shop: Shop) -> None:
    head, gateway = await opened(shop)
    shop.github.faults.add(Fault(MUTATION, "lost-reply"))
    shop.github.faults.add(Fault("GET .*/compare/", "status", status=404))

    sha = await commit(gateway, head)

    assert commits(shop, head) == [MESSAGE.text]
    assert shop.repository.head("feature") == sha


# The commits of a pull request


async def test_commits_are_listed_with_what_they_say_and_who_made_them(shop: Shop) -> None:
    pull = await shop.pull()
    head, number = pull.head_sha, pull.number
    gateway = await shop.gateway(Access.WRITE)
    sha = await commit(gateway, head)
    later = await shop.github.push(shop.repository, "feature", {"x": "y"}, user=shop.alice)

    listed = await gateway.commits(number, shop.repository.pulls[number].head_sha)

    assert [each.sha for each in listed] == [head, sha, later]
    assert [each.by_bot for each in listed] == [False, True, False]
    ours = listed[1]
    assert ours.parent_shas == (head,)
    assert ours.says("Job: 7")
    assert not ours.says("Job:")
    assert (ours.trailer("Job"), ours.trailer("Requested-by")) == ("7", "@alice")
    assert ours.trailer("Nobody") is None
    assert ours.committed_at.tzinfo is not None


async def test_commits_in_a_fork_are_listed(shop: Shop) -> None:
    pull = await shop.pull_from_fork()
    head, number = pull.head_sha, pull.number
    gateway = await shop.gateway(Access.WRITE)
    sha = await gateway.commit(
        "feature", expected_head=head, message=MESSAGE, files=FIXED, repository="carol/shop"
    )

    assert (await gateway.commits(number, sha))[-1].sha == sha


async def test_an_author_whom_github_does_not_know_is_no_bot(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    signature = {"date": "2026-01-02T03:04:05Z"}
    of = {"commit": {"message": "x", "committer": signature}, "parents": []}
    stub.answers = [Answer([of | {"sha": "a", "author": None}, of | {"sha": "b", "author": {}}])]

    assert [each.by_bot for each in await gateway.commits(1, "2" * 40)] == [False, False]
