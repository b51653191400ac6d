"""The git data interface, commits, comparisons, branches and files."""

import base64
import hashlib

import pytest

from tests.sandbox.shop import LINES, Client, Shop


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed()


# Trees and blobs


async def test_a_tree_is_listed_to_its_leaves_when_asked(shop: Shop, client: Client) -> None:
    flat = await client.get(f"{shop.path}/git/trees/main")
    deep = await client.get(f"{shop.path}/git/trees/main?recursive=1")

    assert [entry["path"] for entry in flat["tree"]] == ["a.txt", "src"]
    assert [entry["path"] for entry in deep["tree"]] == ["a.txt", "src", "src/b.py"]
    leaf = deep["tree"][-1]
    data = b"def f(): ...\n"
    oid = hashlib.sha1(b"blob %d\0%s" % (len(data), data), usedforsecurity=False).hexdigest()
    assert leaf == {
        "path": "src/b.py",
        "mode": "100644",
        "type": "blob",
        "sha": oid,
        "size": len(data),
        "url": f"{shop.github.api_url}{shop.path}/git/blobs/{oid}",
    }
    assert deep["truncated"] is False


async def test_a_tree_above_the_limit_is_cut_off_and_says_so(shop: Shop, client: Client) -> None:
    shop.github.limits.tree_entries = 2

    tree = await client.get(f"{shop.path}/git/trees/main?recursive=1")

    assert (len(tree["tree"]), tree["truncated"]) == (2, True)
    below = await client.get(f"{shop.path}/git/trees/{tree['tree'][1]['sha']}")
    assert [entry["path"] for entry in below["tree"]] == ["b.py"]


@pytest.mark.parametrize("name", ["nowhere", "0" * 40])
async def test_a_tree_that_is_not_there_is_not_found(
    shop: Shop, client: Client, name: str
) -> None:
    assert (await client.ask("GET", f"{shop.path}/git/trees/{name}")).status == 404


@pytest.mark.parametrize("path", ["git/trees/main", "commits/main", "contents/a.txt"])
async def test_an_empty_repository_says_that_it_is_empty(shop: Shop, path: str) -> None:
    empty = shop.github.create_repository("octo-org/empty")
    shop.github.install(shop.app, empty)
    client = await shop.installed()

    answer = await client.ask("GET", f"/repos/octo-org/empty/{path}")

    assert (answer.status, answer.body["message"]) == (409, "Git Repository is empty.")


async def test_blobs_come_in_base64_whatever_is_in_them(shop: Shop, client: Client) -> None:
    data = bytes(range(256)) * 3
    shop.repository.commit({"data.bin": data})
    tree = await client.get(f"{shop.path}/git/trees/main")
    oid = next(entry["sha"] for entry in tree["tree"] if entry["path"] == "data.bin")

    blob = await client.get(f"{shop.path}/git/blobs/{oid}")

    assert base64.b64decode(blob["content"]) == data
    assert (blob["encoding"], blob["size"]) == ("base64", 768)


@pytest.mark.parametrize("oid", ["0" * 40, "no-id-at-all"])
async def test_a_blob_that_is_not_there_is_not_found(shop: Shop, client: Client, oid: str) -> None:
    assert (await client.ask("GET", f"{shop.path}/git/blobs/{oid}")).status == 404


async def test_a_tree_is_no_blob(shop: Shop, client: Client) -> None:
    oid = str(shop.repository.store.resolve("main").tree_id)

    assert (await client.ask("GET", f"{shop.path}/git/blobs/{oid}")).status == 404


async def test_a_blob_is_created_from_text_or_base64(shop: Shop, client: Client) -> None:
    path = f"{shop.path}/git/blobs"
    encoded = {"content": base64.b64encode(b"\xff").decode(), "encoding": "base64"}

    text = await client.post(path, {"content": "é"})
    binary = await client.post(path, encoded)

    assert shop.repository.store.blob(text["sha"]).data == "é".encode()
    assert shop.repository.store.blob(binary["sha"]).data == b"\xff"


async def test_a_blob_of_broken_base64_is_refused(shop: Shop, client: Client) -> None:
    body = {"content": "?", "encoding": "base64"}

    assert (await client.ask("POST", f"{shop.path}/git/blobs", body)).status == 422


# Commits through the git data interface


async def test_an_executable_file_keeps_its_mode_through_the_git_data_interface(
    shop: Shop, client: Client
) -> None:
    pull = await shop.pull()
    blob = await client.post(f"{shop.path}/git/blobs", {"content": "#!/bin/sh\n"})
    base = await client.get(f"{shop.path}/git/commits/{pull.head_sha}")
    entry = {"path": "run.sh", "mode": "100755", "type": "blob", "sha": blob["sha"]}
    entries = [entry, {"path": "a.txt", "mode": "100644", "type": "blob", "sha": None}]
    tree = await client.post(
        f"{shop.path}/git/trees", {"base_tree": base["tree"]["sha"], "tree": entries}
    )
    made = {"message": "Fix", "tree": tree["sha"], "parents": [pull.head_sha]}
    commit = await client.post(f"{shop.path}/git/commits", made)

    answer = await client.ask(
        "PATCH", f"{shop.path}/git/refs/heads/feature", {"sha": commit["sha"]}
    )

    assert answer.body["object"]["sha"] == commit["sha"] == pull.head_sha
    assert commit["verification"]["verified"] is True
    assert commit["author"]["name"] == "awaited[bot]"
    assert [(one["path"], one["mode"]) for one in tree["tree"]] == [
        ("run.sh", "100755"),
        ("src", "040000"),
    ]
    await shop.github.settled()
    assert shop.receiver.only("pull_request.synchronize")["sender"]["type"] == "Bot"


async def test_a_tree_without_a_base_holds_only_what_is_named(shop: Shop, client: Client) -> None:
    entry = {"path": "only.txt", "mode": "100644", "type": "blob", "content": "only\n"}

    tree = await client.post(f"{shop.path}/git/trees", {"tree": [entry]})

    assert [one["path"] for one in tree["tree"]] == ["only.txt"]


@pytest.mark.parametrize(
    "entry",
    [
        {"path": "x", "mode": "100644", "type": "blob", "sha": "0" * 40},
        {"path": "x", "mode": "100644", "type": "blob", "sha": None},
        {"path": "x", "mode": "100644", "type": "blob"},
        {"mode": "100644", "type": "blob", "content": "x"},
        {"path": "x", "content": "x"},
    ],
)
async def test_a_tree_of_what_is_not_there_is_refused(
    shop: Shop, client: Client, entry: dict[str, object]
) -> None:
    answer = await client.ask("POST", f"{shop.path}/git/trees", {"tree": [entry]})

    assert (answer.status, answer.body["message"]) == (422, "GitRPC::BadObjectState")


@pytest.mark.parametrize("wrong", [{"tree": "0" * 40}, {"parents": ["0" * 40]}])
async def test_a_commit_of_what_is_not_there_is_refused(
    shop: Shop, client: Client, wrong: dict[str, object]
) -> None:
    tree = str(shop.repository.store.resolve("main").tree_id)
    body = {"message": "m", "tree": tree, "parents": []} | wrong

    assert (await client.ask("POST", f"{shop.path}/git/commits", body)).status == 422


async def test_a_commit_with_an_author_of_its_own_is_not_signed(
    shop: Shop, client: Client
) -> None:
    tree = str(shop.repository.store.resolve("main").tree_id)
    author = {"name": "Ann", "email": "ann@example.com", "date": "2026-02-01T10:00:00Z"}

    one = await client.post(
        f"{shop.path}/git/commits", {"message": "m", "tree": tree, "author": author}
    )
    other = await client.post(
        f"{shop.path}/git/commits", {"message": "m", "tree": tree, "committer": {"name": "Ann"}}
    )

    assert one["author"] == one["committer"] == author
    assert one["verification"]["reason"] == "unsigned"
    assert (other["author"]["name"], other["committer"]["name"]) == ("awaited[bot]", "Ann")


async def test_a_commit_that_is_not_there_is_not_found(shop: Shop, client: Client) -> None:
    assert (await client.ask("GET", f"{shop.path}/git/commits/{'0' * 40}")).status == 404


# References


async def test_a_reference_only_moves_forward_unless_forced(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    path = f"{shop.path}/git/refs/heads/feature"

    refused = await client.ask("PATCH", path, {"sha": pull.base_sha, "force": False})
    forced = await client.ask("PATCH", path, {"sha": pull.base_sha, "force": True})

    assert (refused.status, refused.body["message"]) == (422, "Update is not a fast forward")
    assert (forced.status, shop.repository.head("feature")) == (200, pull.base_sha)


async def test_a_reference_is_created_once_at_what_is_there(shop: Shop, client: Client) -> None:
    path, head = f"{shop.path}/git/refs", shop.repository.head("main")

    made = await client.ask("POST", path, {"ref": "refs/heads/new", "sha": head})
    tag = await client.ask("POST", path, {"ref": "refs/tags/v1", "sha": head})
    again = await client.ask("POST", path, {"ref": "refs/heads/new", "sha": head})
    short = await client.ask("POST", path, {"ref": "heads/newer", "sha": head})
    lost = await client.ask("POST", path, {"ref": "refs/heads/lost", "sha": "0" * 40})

    assert [one.status for one in (made, tag, again, short, lost)] == [201, 201, 422, 422, 422]
    assert again.body["message"] == "Reference already exists"
    assert (await client.get(f"{shop.path}/git/ref/heads/new"))["object"]["sha"] == head
    assert (await client.get(f"{shop.path}/git/trees/v1"))["truncated"] is False


async def test_a_reference_that_is_not_there_cannot_be_read_or_moved(
    shop: Shop, client: Client
) -> None:
    body = {"sha": shop.repository.head("main")}

    assert (await client.ask("GET", f"{shop.path}/git/ref/heads/lost")).status == 404
    answer = await client.ask("PATCH", f"{shop.path}/git/refs/heads/lost", body)
    assert answer.body["message"] == "Reference does not exist"


async def test_a_reference_does_not_move_to_what_is_not_there(shop: Shop, client: Client) -> None:
    answer = await client.ask("PATCH", f"{shop.path}/git/refs/heads/main", {"sha": "0" * 40})

    assert answer.body["message"] == "Object does not exist"


async def test_a_protected_branch_does_not_move(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    shop.repository.protect("main")

    answer = await client.ask("PATCH", f"{shop.path}/git/refs/heads/main", {"sha": pull.head_sha})

    assert answer.body["message"] == "Repository rule violations found"


# Commits, comparisons, branches


async def test_a_commit_is_found_by_branch_and_tells_its_changes(
    shop: Shop, client: Client
) -> None:
    pull = await shop.pull()

    commit = await client.get(f"{shop.path}/commits/feature")

    assert (commit["sha"], commit["stats"]["total"]) == (pull.head_sha, 1)
    assert [one["filename"] for one in commit["files"]] == ["a.txt"]
    assert "files" not in await client.get(f"{shop.path}/commits/main")


async def test_a_commit_that_nothing_names_is_refused(shop: Shop, client: Client) -> None:
    answer = await client.ask("GET", f"{shop.path}/commits/nowhere")

    assert (answer.status, answer.body["message"]) == (422, "No commit found for SHA: nowhere")


@pytest.mark.parametrize(
    ("basehead", "expected"),
    [
        ("main...feature", ("diverged", 1, 1)),
        ("feature...feature", ("identical", 0, 0)),
        ("begin...feature", ("ahead", 1, 0)),
        ("feature...begin", ("behind", 0, 1)),
    ],
)
async def test_a_comparison_says_which_side_has_more(
    shop: Shop, client: Client, basehead: str, expected: tuple[str, int, int]
) -> None:
    pull = await shop.pull()
    shop.repository.store.point("refs/tags/begin", pull.base_sha)
    shop.repository.commit({"z.txt": "z\n"}, branch="main")

    compared = await client.get(f"{shop.path}/compare/{basehead}")

    figures = (compared["status"], compared["ahead_by"], compared["behind_by"])
    assert figures == expected


async def test_a_comparison_lists_its_files_on_the_first_page_only(
    shop: Shop, client: Client
) -> None:
    await shop.pull({f"{number}.txt": "x\n" for number in range(3)})
    shop.github.limits.compare_files = 2
    path = f"{shop.path}/compare/main...feature"

    assert len((await client.get(path))["files"]) == 2
    assert "files" not in await client.get(f"{path}?page=2")


async def test_a_comparison_reaches_into_forks(shop: Shop, client: Client) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    fork.commit({"c.txt": "c\n"}, branch="theirs")

    compared = await client.get(f"{shop.path}/compare/octo-org:main...bob:theirs")

    assert [one["filename"] for one in compared["files"]] == ["c.txt"]


@pytest.mark.parametrize("basehead", ["main..main", "main...nowhere", "main...ghost:main"])
async def test_a_comparison_with_what_is_not_there_is_not_found(
    shop: Shop, client: Client, basehead: str
) -> None:
    assert (await client.ask("GET", f"{shop.path}/compare/{basehead}")).status == 404


async def test_unrelated_histories_cannot_be_compared(shop: Shop, client: Client) -> None:
    tree = str(shop.repository.store.resolve("main").tree_id)
    orphan = await client.post(f"{shop.path}/git/commits", {"message": "m", "tree": tree})

    answer = await client.ask("GET", f"{shop.path}/compare/main...{orphan['sha']}")

    assert answer.status == 404
    assert "No common ancestor" in answer.body["message"]


async def test_a_branch_says_whether_it_is_protected(shop: Shop, client: Client) -> None:
    path = f"{shop.path}/branches"
    shop.repository.commit({"x.txt": "x"}, branch="release/1.0")
    before = await client.get(f"{path}/release/1.0")

    shop.repository.protect("release/1.0")

    after = await client.get(f"{path}/release%2F1.0")
    assert (before["protected"], after["protected"]) == (False, True)
    assert after["commit"]["sha"] == shop.repository.head("release/1.0")
    assert (await client.ask("GET", f"{path}/nowhere")).status == 404


async def test_the_rules_of_a_branch_are_listed(shop: Shop, client: Client) -> None:
    shop.repository.add_rule("main", "non_fast_forward")
    shop.repository.add_rule("main", "update", update_allows_fetch_and_merge=False)

    rules = await client.get(f"{shop.path}/rules/branches/main")

    assert [rule["type"] for rule in rules] == ["non_fast_forward", "update"]
    assert await client.get(f"{shop.path}/rules/branches/other") == []


# Files


async def test_a_file_comes_with_its_content(shop: Shop, client: Client) -> None:
    found = await client.get(f"{shop.path}/contents/a.txt?ref=main")

    assert base64.b64decode(found["content"]).decode() == LINES
    assert (found["type"], found["name"], found["encoding"]) == ("file", "a.txt", "base64")


async def test_a_directory_lists_what_is_in_it(shop: Shop, client: Client) -> None:
    listed = await client.get(f"{shop.path}/contents/src")

    assert [(one["type"], one["path"]) for one in listed] == [("file", "src/b.py")]


async def test_a_file_above_1_megabyte_comes_without_its_content(
    shop: Shop, client: Client
) -> None:
    shop.repository.commit({"large.txt": "x" * 1_048_577})

    found = await client.get(f"{shop.path}/contents/large.txt")

    assert (found["encoding"], found["content"], found["size"]) == ("none", "", 1_048_577)


async def test_a_file_that_is_not_there_is_not_found(shop: Shop, client: Client) -> None:
    assert (await client.ask("GET", f"{shop.path}/contents/lost.txt")).status == 404


async def test_a_path_with_spaces_and_letters_of_all_kinds_is_found(
    shop: Shop, client: Client
) -> None:
    shop.repository.commit({"tests/é {x} #1.py": "pass\n"})

    found = await client.get(f"{shop.path}/contents/tests/%C3%A9%20%7Bx%7D%20%231.py")

    assert found["path"] == "tests/é {x} #1.py"


async def test_a_fork_names_its_parent(shop: Shop, client: Client) -> None:
    bob = shop.github.create_user("bob")
    shop.github.fork(shop.repository, bob)

    fork = await shop.client(bob.token).get("/repos/bob/shop")
    parent = await client.get(shop.path)

    assert (fork["fork"], fork["parent"]["full_name"]) == (True, "octo-org/shop")
    assert (parent["forks"], parent["organization"]["login"]) == (1, "octo-org")
