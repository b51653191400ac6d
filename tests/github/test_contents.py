"""Trees and contents, from real repositories, through all the ways that they take."""

import os
import subprocess
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.request import Unreadable
from bot.github import client
from bot.github import trees as trees_module
from bot.github.contents import LARGEST_FILE, blob_oid
from bot.github.errors import Gone, Transient, UnexpectedAnswer
from bot.github.gateway import RepositoryGateway
from bot.github.trees import Tree, TreeEntry, at_commit
from bot.sandbox.faults import Fault
from bot.sandbox.repository import Repository
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub

LATIN = "# -*- coding: latin-1 -*-\nx = 'größe'\n".encode("latin-1")
ODD = {
    "a b/ü#?{x}%.py": b"x = 1\n",
    "crlf.py": b"x = 1\r\ny = 2\r\n",
    "bom.py": "\ufeffx = 1\n".encode(),
    "latin.py": LATIN,
    "empty.py": b"",
    "nul.bin": b"\0\1\2",
    "no-newline.py": b"x = 1",
    "separator.py": "x = '\u2028\x0c\x1b'\n".encode(),
}


def commit_with_git(repository: Repository, tmp_path: Path) -> str:
    """Commit an executable file, a symbolic link and a submodule, by git itself."""
    work = tmp_path / "work"
    name = ["-c", "user.name=Alice", "-c", "user.email=alice@example.com"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", *name, *arguments],
            cwd=work,
            env=clean,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    work.mkdir()
    git("clone", "-q", str(repository.store.path), ".")
    (work / "run.py").write_text("print()\n")
    (work / "run.py").chmod(0o755)
    (work / "link.py").symlink_to("run.py")
    git("add", ".")
    git("update-index", "--add", "--cacheinfo", f"160000,{git('rev-parse', 'HEAD')},module")
    git("commit", "-qm", "Odd modes")
    git("push", "-q", "origin", "HEAD:refs/heads/feature")
    return git("rev-parse", "HEAD")


# Trees


async def test_a_tree_is_listed_in_one_request(shop: Shop) -> None:
    head = shop.repository.commit(ODD)
    gateway = await shop.gateway()

    tree = await gateway.tree(head)

    assert set(tree.entries) == {"README.md", "tests/test_shop.py", *ODD}
    assert tree.entries["crlf.py"] == TreeEntry(blob_oid(ODD["crlf.py"]), "100644", 14)
    assert not tree.truncated
    assert await gateway.tree(head) is tree
    assert shop.github.requests["git/get-tree"] == 1


async def test_a_truncated_tree_is_completed(shop: Shop) -> None:
    files = {f"p{n}/q{m}/test_{k}.py": "" for n in range(3) for m in range(3) for k in range(4)}
    head = shop.repository.commit(files)
    shop.github.limits.tree_entries = 10

    tree = await (await shop.gateway()).tree(head)

    assert set(tree.entries) == {"README.md", "tests/test_shop.py", *files}
    assert not tree.truncated


async def test_an_enormous_tree_is_listed_in_part_and_says_so(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = shop.repository.commit({f"p{n}/q/test_{k}.py": "" for n in range(5) for k in range(9)})
    shop.github.limits.tree_entries = 8
    monkeypatch.setattr(trees_module, "_MOST_DIRECTORIES", 4)

    tree = await (await shop.gateway()).tree(head)

    assert tree.truncated
    assert "README.md" in tree.entries
    assert shop.github.requests["git/get-tree"] <= 8


async def test_a_flat_directory_beyond_the_limit_is_truncated(shop: Shop) -> None:
    head = shop.repository.commit({f"tests/test_{k}.py": "" for k in range(20)})
    shop.github.limits.tree_entries = 10

    tree = await (await shop.gateway()).tree(head)

    assert tree.truncated
    assert len(tree.entries) >= 10


async def test_a_tree_of_a_commit_that_is_not_there_is_gone(shop: Shop) -> None:
    with pytest.raises(Gone):
        await (await shop.gateway()).tree("0" * 40)


# Contents


async def test_contents_come_byte_for_byte(shop: Shop) -> None:
    head = shop.repository.commit(ODD)
    gateway = await shop.gateway()
    tree = await gateway.tree(head)

    assert await gateway.contents(tree, ODD) == ODD

    # What GraphQL cannot give faithfully came from REST.
    assert shop.github.requests["graphql/repository"] == 1
    assert shop.github.requests["git/get-blob"] <= 2


async def test_plain_files_cost_one_request_for_a_hundred(shop: Shop) -> None:
    files = {f"tests/test_{n}.py": f"x = {n}\n".encode() for n in range(101)}
    head = shop.repository.commit(files)
    gateway = await shop.gateway()
    tree = await gateway.tree(head)
    shop.github.requests.clear()

    assert await gateway.contents(tree, files) == files

    assert shop.github.requests == {"graphql/repository": 2}


async def test_equal_files_are_fetched_once(shop: Shop) -> None:
    files = {f"p{n}/__init__.py": b"# the same\n" for n in range(200)}
    head = shop.repository.commit(files)
    gateway = await shop.gateway()
    tree = await gateway.tree(head)
    shop.github.requests.clear()

    assert await gateway.contents(tree, files) == files

    assert shop.github.requests == {"graphql/repository": 1}


async def test_nothing_asked_for_costs_nothing(shop: Shop) -> None:
    gateway = await shop.gateway()
    tree = await gateway.tree(shop.repository.head("main") or "")
    shop.github.requests.clear()

    assert await gateway.contents(tree, []) == {}
    assert await gateway.contents(tree, ["absent.py", "tests"]) == {
        "absent.py": None,
        "tests": None,
    }

    assert shop.github.requests == {}


async def test_a_batch_has_a_bound_in_bytes(shop: Shop) -> None:
    files = {f"big_{n}.py": bytes([65 + n]) * 390_000 for n in range(11)}
    head = shop.repository.commit(files)
    gateway = await shop.gateway()
    tree = await gateway.tree(head)
    shop.github.requests.clear()

    assert await gateway.contents(tree, files) == files

    # Eleven of them are more than 4 MiB.
    assert shop.github.requests == {"graphql/repository": 2}


async def test_what_graphql_cuts_off_comes_from_rest(shop: Shop) -> None:
    files = {"cut.py": b"x" * 1000, "large.py": b"y" * 500_000}
    head = shop.repository.commit(files)
    shop.github.limits.graphql_text_bytes = 500
    gateway = await shop.gateway()
    tree = await gateway.tree(head)

    assert await gateway.contents(tree, files) == files
    assert shop.github.requests["git/get-blob"] == 2


async def test_a_file_beyond_a_mebibyte_is_named_and_not_fetched(shop: Shop) -> None:
    files = {"huge.py": b"x" * (LARGEST_FILE + 1), "largest.py": b"x" * LARGEST_FILE}
    head = shop.repository.commit(files)
    gateway = await shop.gateway()
    tree = await gateway.tree(head)
    shop.github.requests.clear()

    contents = await gateway.contents(tree, files)

    assert contents["huge.py"] == Unreadable("larger than 1 MiB (1048577 bytes)")
    assert contents["largest.py"] == files["largest.py"]
    assert shop.github.requests == {"git/get-blob": 1}


async def test_links_and_submodules_are_not_followed(shop: Shop, tmp_path: Path) -> None:
    head = commit_with_git(shop.repository, tmp_path)
    gateway = await shop.gateway()
    tree = await gateway.tree(head)
    modes = {path: tree.entries[path].mode for path in ("run.py", "link.py", "module")}
    assert modes == {"run.py": "100755", "link.py": "120000", "module": "160000"}

    contents = await gateway.contents(tree, modes)

    assert contents == {
        "run.py": b"print()\n",
        "link.py": Unreadable("a symbolic link"),
        "module": None,
    }


async def test_the_head_of_a_fork_is_read_from_the_base(shop: Shop) -> None:
    opened = await shop.pull_from_fork()
    gateway = await shop.gateway()
    tree = await gateway.tree(opened.head_sha)

    contents = await gateway.contents(tree, ["tests/test_cart.py"])

    assert contents == {"tests/test_cart.py": b"async def test_cart(): ...\n"}


@pytest.mark.parametrize(
    "fault",
    [
        Fault("POST /api/graphql", "status", status=502),
        Fault("POST /api/graphql", "drop"),
        Fault("POST /api/graphql", "secondary-limit", retry_after=2),
        Fault("POST /api/graphql", "secondary-limit", status=429, retry_after=1),
        Fault("access_tokens", "token-not-replicated", uses=2),
        Fault("GET .*/git/blobs/", "status", status=500),
    ],
    ids=lambda fault: f"{fault.match} {fault.kind} {fault.status}",
)
async def test_contents_survive_faults(shop: Shop, fault: Fault) -> None:
    head = shop.repository.commit(ODD)
    shop.github.faults.add(fault)
    gateway = await shop.gateway()

    assert await gateway.contents(await gateway.tree(head), ODD) == ODD
    assert shop.github.faults.waiting == []


async def test_a_graphql_limit_is_left_to_the_caller(shop: Shop) -> None:
    gateway = await shop.gateway()
    tree = await gateway.tree(shop.repository.head("main") or "")
    shop.github.faults.add(Fault("POST /api/graphql", "graphql-rate-limit"))

    with pytest.raises(Transient) as raised:
        await gateway.contents(tree, tree.entries)

    assert raised.value.retry_after == pytest.approx(60, abs=5)


# Answers that only a stub gives


def tree_of(*contents: bytes) -> Tree:
    entries = {
        f"{number}.py": TreeEntry(blob_oid(content), "100644", len(content))
        for number, content in enumerate(contents)
    }
    return Tree(entries)


def blob(content: bytes, encoding: str = "base64") -> Answer:
    return Answer({"content": b64encode(content).decode(), "encoding": encoding})


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"repository": {"b0": {"text": "another"}}}},
        {"data": {"repository": {"b0": {"text": None}}}},
        {"data": {"repository": {"b0": {}}}},
        {"data": {"repository": {"b0": None}}},
        {"data": {"repository": {}}},
        {"data": {"repository": None}},
        {"errors": [{"message": "Could not resolve", "type": "NOT_FOUND"}], "data": None},
        {"errors": [{"message": "x"}], "data": {"repository": {"b0": None}}},
    ],
)
async def test_what_is_not_the_file_is_not_believed(
    gateway: RepositoryGateway, stub: Stub, answer: Any
) -> None:
    stub.answers = [Answer(answer), blob(b"x = 1\n")]

    assert await gateway.contents(tree_of(b"x = 1\n"), ["0.py"]) == {"0.py": b"x = 1\n"}
    assert stub.received[1].path.endswith(f"/git/blobs/{blob_oid(b'x = 1' + bytes([10]))}")


async def test_good_texts_beside_an_error_are_kept(gateway: RepositoryGateway, stub: Stub) -> None:
    partial = {"b0": {"text": "x = 1\n"}, "b1": None}
    answer = {"data": {"repository": partial}, "errors": [{"message": "x", "path": ["b1"]}]}
    stub.answers = [Answer(answer), blob(b"y = 1\n")]

    contents = await gateway.contents(tree_of(b"x = 1\n", b"y = 1\n"), ["0.py", "1.py"])

    assert contents == {"0.py": b"x = 1\n", "1.py": b"y = 1\n"}
    assert len(stub.received) == 2


async def test_a_blob_that_github_lost_is_unreadable(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    stub.answers = [Answer({"data": {"repository": {}}}), Answer({}, 404)]

    contents = await gateway.contents(tree_of(b"x"), ["0.py"])

    assert contents == {"0.py": Unreadable("GitHub does not have its content")}


@pytest.mark.parametrize("wrong", [blob(b"another"), blob(b"x", "utf-8")])
async def test_a_blob_of_another_content_is_refused(
    gateway: RepositoryGateway, stub: Stub, wrong: Answer
) -> None:
    stub.answers = [Answer({"data": {"repository": {}}}), wrong]

    with pytest.raises(UnexpectedAnswer):
        await gateway.contents(tree_of(b"x"), ["0.py"])


@given(st.binary())
def test_oids_are_git_s(content: bytes) -> None:
    empty, hello = blob_oid(b""), blob_oid(b"hello\n")

    assert empty == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"
    assert hello == "ce013625030ba8dba906f756967f9e9ca394464a"
    assert (blob_oid(content) == empty) == (content == b"")


async def test_a_file_of_a_commit_is_read_by_its_path_without_a_tree(shop: Shop) -> None:
    sha = shop.repository.commit(ODD)
    gateway = await shop.gateway()
    shop.github.requests.clear()
    paths = [*ODD, "not there.py"]

    contents = await gateway.contents(Tree({path: at_commit(sha, path) for path in paths}), paths)

    assert contents == {**ODD, "not there.py": None}
    assert shop.github.requests["git/get-tree"] == 0
    assert shop.github.requests["graphql/repository"] == 1


async def test_a_file_of_a_commit_that_turns_out_too_large_is_named_and_not_fetched(
    shop: Shop,
) -> None:
    sha = shop.repository.commit({"giant.py": "#" * (9 * 2**20)})
    gateway = await shop.gateway()

    contents = await gateway.contents(Tree({"giant.py": at_commit(sha, "giant.py")}), ["giant.py"])

    assert contents["giant.py"] == Unreadable("larger than 1 MiB (9437184 bytes)")
    assert shop.github.requests["git/get-blob"] == 0


async def test_files_of_a_commit_that_are_too_much_for_one_answer_come_in_several(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"tests/test_{n}.py": f"# {n}\n".encode() * 300 for n in range(4)}
    sha = shop.repository.commit(files)
    gateway = await shop.gateway()
    monkeypatch.setattr(client, "LARGEST_BODY", 4_000)

    contents = await gateway.contents(Tree({one: at_commit(sha, one) for one in files}), files)

    assert contents == files
    assert shop.github.requests["graphql/repository"] == 3


async def test_a_content_is_fetched_once(shop: Shop) -> None:
    sha = shop.repository.commit({"one.py": "x = 1\n", "other.py": "x = 1\n", "new.py": "y = 2\n"})
    gateway = await shop.gateway()
    tree = await gateway.tree(sha)
    await gateway.contents(tree, ["one.py"])
    shop.github.requests.clear()

    contents = await gateway.contents(tree, ["one.py", "other.py"])

    assert contents == {"one.py": b"x = 1\n", "other.py": b"x = 1\n"}
    assert not shop.github.requests


async def test_a_failed_query_says_of_no_path_that_it_is_not_there(shop: Shop) -> None:
    sha = shop.repository.commit({"one.py": "x = 1\n"})
    gateway = await shop.gateway()
    shop.github.faults.add(Fault("/graphql", "status", status=500, times=99))

    with pytest.raises((UnexpectedAnswer, Transient)):
        await gateway.contents(Tree({"one.py": at_commit(sha, "one.py")}), ["one.py"])
