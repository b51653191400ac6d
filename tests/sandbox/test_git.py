"""Real git clones from the sandbox and pushes to it."""

import asyncio
import os
from pathlib import Path

import pytest

from bot.sandbox.github import GitHub
from bot.sandbox.repository import Repository
from tests.sandbox.shop import Shop

WHO = ("-c", "user.name=Alice", "-c", "user.email=alice@example.com")


async def git(*arguments: str, cwd: Path | None = None) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        "git",
        *WHO,
        *arguments,
        cwd=cwd,
        env={
            "PATH": os.environ["PATH"],
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


@pytest.fixture
async def clone(shop: Shop, tmp_path: Path) -> Path:
    """A clone with the right to push, on the branch `feature` with one commit of its own."""
    folder = tmp_path / "clone"
    url = shop.github.clone_url(shop.repository, shop.alice)
    assert (await git("clone", "-q", url, str(folder)))[0] == 0
    await git("checkout", "-q", "-b", "feature", cwd=folder)
    await commit(folder, "new.txt", "new\n")
    return folder


async def commit(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    await git("add", name, cwd=folder)
    code, said = await git("commit", "-q", "-m", f"Write {name}", cwd=folder)
    assert code == 0, said
    return (await git("rev-parse", "HEAD", cwd=folder))[1].strip()


async def test_anybody_can_clone(shop: Shop, tmp_path: Path) -> None:
    folder = tmp_path / "clone"

    code, said = await git("clone", shop.github.clone_url(shop.repository), str(folder))

    assert code == 0, said
    assert (folder / "src/b.py").read_text() == "def f(): ...\n"


async def test_a_push_creates_the_branch_and_sends_push(shop: Shop, clone: Path) -> None:
    head = (await git("rev-parse", "HEAD", cwd=clone))[1].strip()

    code, said = await git("push", "-q", "origin", "feature", cwd=clone)

    assert code == 0, said
    assert shop.repository.head("feature") == head
    await shop.github.settled()
    push = shop.receiver.only("push")
    assert (push["ref"], push["after"], push["created"]) == ("refs/heads/feature", head, True)
    assert [one["added"] for one in push["commits"]] == [["new.txt"]]
    assert push["sender"]["login"] == "alice"
    assert shop.receiver.only("check_suite.requested")["check_suite"]["head_sha"] == head


async def test_a_push_moves_the_head_of_an_open_pull_request(shop: Shop, clone: Path) -> None:
    await git("push", "-q", "origin", "feature", cwd=clone)
    pull = await shop.github.open_pull_request(shop.repository, head="feature", user=shop.alice)
    before = pull.head_sha
    after = await commit(clone, "more.txt", "more\n")

    await git("push", "-q", "origin", "feature", cwd=clone)

    assert pull.head_sha == after
    await shop.github.settled()
    event = shop.receiver.only("pull_request.synchronize")
    assert (event["before"], event["after"]) == (before, after)
    assert event["pull_request"]["head"]["sha"] == after


async def test_a_closed_pull_request_keeps_its_head(shop: Shop, clone: Path) -> None:
    await git("push", "-q", "origin", "feature", cwd=clone)
    pull = await shop.github.open_pull_request(shop.repository, head="feature", user=shop.alice)
    before = pull.head_sha
    await shop.github.close_pull_request(shop.repository, 1, shop.alice)
    await commit(clone, "more.txt", "more\n")

    await git("push", "-q", "origin", "feature", cwd=clone)

    assert pull.head_sha == before


async def test_a_large_push_in_chunks_arrives(shop: Shop, clone: Path) -> None:
    data = os.urandom(3_000_000)
    (clone / "large.bin").write_bytes(data)
    await commit(clone, "other.txt", "x\n")
    await git("add", "large.bin", cwd=clone)
    await git("commit", "-q", "-m", "Large", cwd=clone)

    code, said = await git("push", "-q", "origin", "feature", cwd=clone)

    assert code == 0, said
    assert shop.repository.file("feature", "large.bin") == data


async def test_a_push_without_credentials_is_refused(shop: Shop, clone: Path) -> None:
    url = shop.github.clone_url(shop.repository)

    code, said = await git("push", url, "feature", cwd=clone)

    assert code != 0
    assert "could not read Username" in said
    assert shop.repository.head("feature") is None


async def test_a_push_by_a_reader_is_refused(shop: Shop, clone: Path) -> None:
    reader = shop.github.create_user("reader")
    shop.repository.permissions["reader"] = "read"

    code, said = await git(
        "push", shop.github.clone_url(shop.repository, reader), "feature", cwd=clone
    )

    assert code != 0
    assert "403" in said


async def test_a_push_with_an_installation_token_is_the_apps(shop: Shop, clone: Path) -> None:
    token = await shop.token(permissions={"contents": "write"})
    url = shop.github.clone_url(shop.repository).replace("://", f"://x-access-token:{token}@")

    code, said = await git("push", "-q", url, "feature", cwd=clone)

    assert code == 0, said
    await shop.github.settled()
    sender = shop.receiver.only("push")["sender"]
    assert (sender["login"], sender["type"]) == ("awaited[bot]", "Bot")


@pytest.mark.parametrize("how", ["protection", "ruleset"])
async def test_a_protected_branch_refuses_a_push(shop: Shop, clone: Path, how: str) -> None:
    if how == "protection":
        shop.repository.protect("feature")
    else:
        shop.repository.add_rule("feature", "update", update_allows_fetch_and_merge=False)

    code, said = await git("push", "origin", "feature", cwd=clone)

    assert code != 0
    assert "GH006: Protected branch update failed for refs/heads/feature" in said
    assert shop.repository.head("feature") is None


async def test_other_rules_let_a_push_through(shop: Shop, clone: Path) -> None:
    shop.repository.add_rule("feature", "required_linear_history")

    code, said = await git("push", "-q", "origin", "feature", cwd=clone)

    assert code == 0, said


async def test_deleting_the_branch_closes_its_pull_request(shop: Shop, clone: Path) -> None:
    await git("push", "-q", "origin", "feature", cwd=clone)
    pull = await shop.github.open_pull_request(shop.repository, head="feature", user=shop.alice)

    code, said = await git("push", "-q", "origin", "--delete", "feature", cwd=clone)

    assert code == 0, said
    assert pull.state == "closed"
    await shop.github.settled()
    assert shop.events[-1] == "pull_request.closed"
    assert shop.sent[-2]["deleted"] is True


async def test_a_forced_push_says_so(shop: Shop, clone: Path) -> None:
    await git("push", "-q", "origin", "feature", cwd=clone)
    await git("commit", "-q", "--amend", "-m", "Anew", cwd=clone)

    code, said = await git("push", "-q", "--force", "origin", "feature", cwd=clone)

    assert code == 0, said
    await shop.github.settled()
    forced = [one["forced"] for one in shop.sent if "forced" in one]
    assert forced == [False, True]


async def test_the_head_of_a_pull_request_can_be_fetched(shop: Shop, tmp_path: Path) -> None:
    pull = await shop.pull()
    folder = tmp_path / "clone"
    await git("clone", "-q", shop.github.clone_url(shop.repository), str(folder))

    code, said = await git("fetch", "-q", "origin", "refs/pull/1/head", cwd=folder)

    assert code == 0, said
    assert (await git("rev-parse", "FETCH_HEAD", cwd=folder))[1].strip() == pull.head_sha


async def test_a_repository_that_is_not_there_cannot_be_cloned(
    github: GitHub, tmp_path: Path
) -> None:
    code, said = await git("clone", f"{github.url}/no/where.git", str(tmp_path / "clone"))

    assert code != 0
    assert "not found" in said


async def test_the_dumb_protocol_is_not_spoken(shop: Shop) -> None:
    url = f"{shop.github.clone_url(shop.repository)}/info/refs"

    async with shop.session.get(url) as response:
        assert response.status == 403


async def test_a_push_to_a_missing_repository_is_refused(shop: Shop) -> None:
    url = f"{shop.github.url}/no/where.git/git-receive-pack"

    async with shop.session.post(url, data=b"0000") as response:
        assert response.status == 404


def test_committing_arranges_a_history_without_telling_anybody(shop: Shop) -> None:
    repository: Repository = shop.repository

    repository.commit({"a.txt": b"changed"}, branch="side", deleted=["src/b.py"])

    assert repository.file("side", "a.txt") == b"changed"
    assert repository.file("side", "src/b.py") is None
    assert repository.file("main", "src/b.py") is not None
    assert repository.file("side", "src") is None
    assert repository.file("nowhere", "a.txt") is None
    assert [one.event for one in shop.github.deliveries] == ["installation"]
