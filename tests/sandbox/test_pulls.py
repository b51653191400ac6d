"""Pull requests: what they change, who may change them, forks, and reviews."""

from typing import Any

import pytest

from bot.sandbox.errors import ApiError
from tests.sandbox.shop import LINES, Client, Shop


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed()


async def test_a_pull_request_knows_its_sides_and_sizes(shop: Shop, client: Client) -> None:
    pull = await shop.pull({"a.txt": f"line 0\n{LINES}", "new.txt": "one\ntwo\n"})

    found = await client.get(f"{shop.path}/pulls/1")

    assert (found["head"]["sha"], found["head"]["ref"]) == (pull.head_sha, "feature")
    assert (found["base"]["sha"], found["base"]["ref"]) == (shop.repository.head("main"), "main")
    assert (found["changed_files"], found["additions"], found["deletions"]) == (2, 3, 0)
    assert (found["commits"], found["state"], found["merged"]) == (1, "open", False)
    assert found["html_url"] == f"{shop.github.url}/octo-org/shop/pull/1"


async def test_a_pull_request_from_a_branch_that_is_not_there_is_refused(shop: Shop) -> None:
    with pytest.raises(ApiError, match="Validation Failed"):
        await shop.github.open_pull_request(shop.repository, head="nowhere", user=shop.alice)


async def test_changed_files_have_status_patch_and_blob(shop: Shop, client: Client) -> None:
    await shop.pull({"a.txt": f"line 0\n{LINES}"})
    await shop.github.push(
        shop.repository,
        "feature",
        {"src/c.py": "def f(): ...\n", "data.bin": bytes(range(256))},
        shop.alice,
        deleted=["src/b.py"],
    )

    files = {one["filename"]: one for one in await client.get(f"{shop.path}/pulls/1/files")}

    assert {name: one["status"] for name, one in files.items()} == {
        "a.txt": "modified",
        "data.bin": "added",
        "src/c.py": "renamed",
    }
    assert files["a.txt"]["patch"].startswith("@@ -1,3 +1,4 @@\n+line 0\n")
    assert "patch" not in files["data.bin"]
    assert "patch" not in files["src/c.py"]
    assert files["src/c.py"]["previous_filename"] == "src/b.py"
    blob = await client.get(f"{shop.path}/git/blobs/{files['a.txt']['sha']}")
    assert blob["size"] == len(f"line 0\n{LINES}")


async def test_a_removed_file_is_listed_with_the_blob_that_it_had(
    shop: Shop, client: Client
) -> None:
    old = str(shop.repository.store.resolve("main").tree["src/b.py"].id)
    await shop.pull({"unrelated.txt": "x\n"})
    await shop.github.push(shop.repository, "feature", {}, shop.alice, deleted=["src/b.py"])

    files = await client.get(f"{shop.path}/pulls/1/files")

    assert [(one["status"], one["sha"]) for one in files if one["filename"] == "src/b.py"] == [
        ("removed", old)
    ]


@pytest.mark.parametrize("data", ["x" * 500_001, "x\n" * 20_001])
async def test_the_patch_of_a_large_file_is_left_out(
    shop: Shop, client: Client, data: str
) -> None:
    await shop.pull({"large.txt": data})

    files = await client.get(f"{shop.path}/pulls/1/files")

    assert [(one["filename"], "patch" in one) for one in files] == [("large.txt", False)]


async def test_files_come_in_pages_that_link_to_each_other(shop: Shop, client: Client) -> None:
    await shop.pull({f"f{number:03}.txt": f"{number}\n" for number in range(250)})
    path = f"{shop.path}/pulls/1/files"

    first = await client.ask("GET", f"{path}?per_page=100")
    last = await client.ask("GET", f"{path}?per_page=100&page=3")
    short = await client.ask("GET", path)

    assert [len(one.body) for one in (first, last, short)] == [100, 50, 30]
    url = f"{shop.github.api_url}{path}?per_page=100"
    assert first.headers["link"] == f'<{url}&page=2>; rel="next", <{url}&page=3>; rel="last"'
    assert last.headers["link"] == f'<{url}&page=2>; rel="prev", <{url}&page=1>; rel="first"'


async def test_no_more_files_are_listed_than_the_limit(shop: Shop, client: Client) -> None:
    shop.github.limits.pull_files = 2
    await shop.pull({f"{number}.txt": "x\n" for number in range(5)})

    assert len(await client.get(f"{shop.path}/pulls/1/files")) == 2


async def test_asking_for_more_than_100_a_page_is_a_violation(shop: Shop, client: Client) -> None:
    await shop.pull()

    answer = await client.ask("GET", f"{shop.path}/pulls/1/files?per_page=101")

    assert answer.status == 422
    assert [one.error for one in shop.github.referee.forgive()] == [
        "query parameter per_page: 101 is more than 100"
    ]


async def test_commits_are_listed_oldest_first(shop: Shop, client: Client) -> None:
    await shop.pull()
    head = await shop.github.push(
        shop.repository, "feature", {"b.txt": "b\n"}, shop.alice, message="Second"
    )

    commits = await client.get(f"{shop.path}/pulls/1/commits")

    assert [one["commit"]["message"] for one in commits] == ["Change files", "Second"]
    assert commits[-1]["sha"] == head


async def test_pull_requests_are_found_by_state_head_and_base(shop: Shop, client: Client) -> None:
    await shop.pull()
    await shop.github.push(shop.repository, "second", {"s.txt": "s\n"}, shop.alice)
    await shop.github.open_pull_request(shop.repository, head="second", user=shop.alice)
    await shop.github.close_pull_request(shop.repository, 1, shop.alice)

    async def numbers(query: str) -> list[int]:
        return [one["number"] for one in await client.get(f"{shop.path}/pulls{query}")]

    assert await numbers("") == [2]
    assert await numbers("?state=closed") == [1]
    assert await numbers("?state=all") == [2, 1]
    assert await numbers("?state=all&direction=asc") == [1, 2]
    assert await numbers("?state=all&head=octo-org:feature") == [1]
    assert await numbers("?base=other") == []


async def test_the_pull_requests_of_a_head_are_found_by_its_commit(
    shop: Shop, client: Client
) -> None:
    pull = await shop.pull()

    found = await client.get(f"{shop.path}/commits/{pull.head_sha}/pulls")

    assert [one["number"] for one in found] == [1]


async def test_every_change_of_a_pull_request_sends_its_event(shop: Shop) -> None:
    github, repository, alice = shop.github, shop.repository, shop.alice
    await shop.pull()
    await github.edit_pull_request(repository, 1, alice, title="Better")
    repository.commit({"x.txt": "x"}, branch="stable")
    await github.edit_pull_request(repository, 1, alice, base="stable")
    await github.set_draft(repository, 1, alice, draft=True)
    await github.set_draft(repository, 1, alice, draft=False)
    await github.close_pull_request(repository, 1, alice)
    await github.reopen_pull_request(repository, 1, alice)

    await github.settled()

    names = [name.removeprefix("pull_request.") for name in shop.events]
    assert names[-7:] == [
        "opened",
        "edited",
        "edited",
        "converted_to_draft",
        "ready_for_review",
        "closed",
        "reopened",
    ]
    title, base = (one["changes"] for one in shop.sent if "changes" in one)
    assert title == {"title": {"from": "Change files"}}
    assert base["base"]["ref"] == {"from": "main"}
    assert shop.sent[-1]["pull_request"]["base"]["ref"] == "stable"


async def test_reopening_takes_over_what_was_pushed_in_between(shop: Shop) -> None:
    pull = await shop.pull()
    await shop.github.close_pull_request(shop.repository, 1, shop.alice)
    head = await shop.github.push(shop.repository, "feature", {"b.txt": "b\n"}, shop.alice)

    await shop.github.reopen_pull_request(shop.repository, 1, shop.alice)

    assert (pull.head_sha, pull.state) == (head, "open")


async def test_a_pull_request_without_its_branch_cannot_be_reopened(shop: Shop) -> None:
    await shop.pull()
    await shop.github.delete_branch(shop.repository, "feature", shop.alice)

    with pytest.raises(ApiError, match="Validation Failed"):
        await shop.github.reopen_pull_request(shop.repository, 1, shop.alice)


async def test_merging_moves_the_base_and_closes(shop: Shop, client: Client) -> None:
    await shop.pull()

    commit = await shop.github.merge_pull_request(shop.repository, 1, shop.alice)

    assert shop.repository.head("main") == commit
    found = await client.get(f"{shop.path}/pulls/1")
    assert (found["state"], found["merged"]) == ("closed", True)


async def test_a_pull_request_from_a_fork_can_be_read_through_its_base(
    shop: Shop, client: Client
) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "theirs", {"c.txt": "from a fork\n"}, bob)
    pull = await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)

    found = await client.get(f"{shop.path}/pulls/1")
    tree = await client.get(f"{shop.path}/git/trees/{pull.head_sha}")

    assert found["head"]["repo"]["full_name"] == "bob/shop"
    assert found["head"]["repo"]["fork"] is True
    assert found["head"]["label"] == "bob:theirs"
    assert found["maintainer_can_modify"] is True
    assert "c.txt" in [entry["path"] for entry in tree["tree"]]


async def test_an_administrator_is_who_a_repository_was_created_for(shop: Shop) -> None:
    repository = shop.github.create_repository("octo-org/other", shop.alice)

    assert repository.role("alice") == "admin"
    assert shop.app.app_id == shop.app.id


async def test_edits_by_maintainers_are_a_matter_of_forks(shop: Shop) -> None:
    pull = await shop.pull()

    assert not pull.maintainer_can_modify


async def test_a_push_to_the_fork_synchronizes_the_pull_request(shop: Shop) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "theirs", {"c.txt": "one\n"}, bob)
    pull = await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)

    head = await shop.github.push(fork, "theirs", {"c.txt": "two\n"}, bob)

    assert pull.head_sha == head
    await shop.github.settled()
    assert shop.receiver.only("pull_request.synchronize")["after"] == head
    assert "push" not in shop.events


async def test_a_deleted_fork_leaves_its_pull_request_behind(shop: Shop, client: Client) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "theirs", {"c.txt": "one\n"}, bob)
    await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)

    shop.github.delete_repository(fork)

    found = await client.get(f"{shop.path}/pulls/1")
    assert (found["state"], found["head"]["repo"]) == ("open", None)
    with pytest.raises(ApiError, match="Validation Failed"):
        await shop.github.reopen_pull_request(shop.repository, 1, bob)


async def test_a_pull_request_from_no_fork_is_refused(shop: Shop) -> None:
    with pytest.raises(LookupError, match="bob has no fork of octo-org/shop"):
        await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=shop.alice)


async def test_a_head_may_name_the_repositorys_own_owner(shop: Shop) -> None:
    await shop.github.push(shop.repository, "feature", {"c.txt": "c\n"}, shop.alice)

    pull = await shop.github.open_pull_request(
        shop.repository, head="octo-org:feature", user=shop.alice
    )

    assert not pull.from_fork


# Reviews


def line_comment(**more: Any) -> dict[str, Any]:
    return {"path": "a.txt", "line": 2, "side": "RIGHT", "body": "Await this."} | more


def review(*comments: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"event": "COMMENT", "body": "Look.", "comments": list(comments)} | more


async def test_a_review_comments_on_lines_of_the_diff(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    body = review(line_comment(), line_comment(line=3, start_line=1, start_side="RIGHT"))

    made = await client.post(f"{shop.path}/pulls/1/reviews", body, 200)

    assert (made["state"], made["commit_id"]) == ("COMMENTED", pull.head_sha)
    assert [one["id"] for one in await client.get(f"{shop.path}/pulls/1/reviews")] == [made["id"]]
    comments = await client.get(f"{shop.path}/pulls/1/comments")
    assert [(one["line"], one["start_line"]) for one in comments] == [(2, None), (3, 1)]
    assert comments[0]["user"]["type"] == "Bot"
    assert comments[0]["diff_hunk"].startswith("@@ -1,3 +1,4 @@")


async def test_a_removed_line_is_commented_on_at_the_left(shop: Shop, client: Client) -> None:
    await shop.pull({"a.txt": LINES.removeprefix("line 1\n")})
    body = review(line_comment(line=1, side="LEFT"))

    made = await client.post(f"{shop.path}/pulls/1/reviews", body, 200)

    assert made["state"] == "COMMENTED"


@pytest.mark.parametrize(
    "wrong",
    [
        {"line": 20},
        {"path": "src/b.py"},
        {"line": 3, "start_line": 3},
        {"line": 3, "start_line": 1, "start_side": "LEFT", "path": "elsewhere"},
        {"line": 2, "side": "RIGHT", "start_line": 25},
    ],
)
async def test_one_comment_outside_of_the_diff_refuses_the_whole_review(
    shop: Shop, client: Client, wrong: dict[str, Any]
) -> None:
    await shop.pull()
    body = review(line_comment(), line_comment(**wrong))

    answer = await client.ask("POST", f"{shop.path}/pulls/1/reviews", body)

    assert (answer.status, answer.body["message"]) == (422, "Unprocessable Entity")
    assert await client.get(f"{shop.path}/pulls/1/comments") == []


async def test_a_range_over_two_hunks_is_refused(shop: Shop, client: Client) -> None:
    await shop.pull({"a.txt": f"line 0\n{LINES}line 31\n"})
    body = review(line_comment(line=30, start_line=1))

    answer = await client.ask("POST", f"{shop.path}/pulls/1/reviews", body)

    assert answer.body["errors"] == ["Line could not be resolved"]


@pytest.mark.parametrize("wrong", [{"body": ""}, {"commit_id": "0" * 40}])
async def test_a_review_needs_a_text_and_a_commit_that_is_there(
    shop: Shop, client: Client, wrong: dict[str, Any]
) -> None:
    await shop.pull()

    answer = await client.ask("POST", f"{shop.path}/pulls/1/reviews", review(**wrong))

    assert answer.status == 422
