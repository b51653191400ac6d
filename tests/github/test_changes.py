"""What differs between commits, read from a GitHub that really has them."""

from dataclasses import replace

import pytest

from bot.github import client
from bot.github.errors import Gone, NoDiff
from tests.github.shop import Shop


async def test_changed_files_tell_what_happened_to_them(shop: Shop) -> None:
    text = "".join(f"line {n}\n" for n in range(50))
    shop.repository.commit({"old name.py": text, "gone.py": "x\n"})
    await shop.github.push(
        shop.repository,
        "feature",
        {"new é#?{name}.py": text, "README.md": "Changed.\n"},
        deleted=["old name.py", "gone.py"],
        user=shop.alice,
    )
    opened = await shop.github.open_pull_request(shop.repository, head="feature", user=shop.alice)
    gateway = await shop.gateway()

    files = await gateway.changed_files(await gateway.pull_request(opened.number))

    told = {file.path: (file.status, file.previous_path) for file in files}
    assert told == {
        "README.md": ("modified", None),
        "gone.py": ("removed", None),
        "new é#?{name}.py": ("renamed", "old name.py"),
    }
    assert all(file.blob_oid for file in files)


async def test_many_changed_files_come_in_pages_of_a_hundred(shop: Shop) -> None:
    opened = await shop.pull({f"tests/test_{n}.py": f"{n}\n" for n in range(250)})
    gateway = await shop.gateway()
    pull = await gateway.pull_request(opened.number)
    shop.github.requests.clear()

    files = await gateway.changed_files(pull)

    assert sorted(file.path for file in files) == sorted(f"tests/test_{n}.py" for n in range(250))
    assert shop.github.requests == {"pulls/list-files": 3}


async def test_files_of_a_pull_request_that_is_gone_are_gone(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()
    pull = await gateway.pull_request(opened.number)

    with pytest.raises(Gone):
        await gateway.changed_files(replace(pull, number=4711))


async def test_a_comparison_knows_where_the_branch_began(shop: Shop) -> None:
    opened = await shop.pull({"shop.py": "open = True\n"})
    began = shop.repository.head("main")
    shop.repository.commit({"later.py": "later = True\n"})
    gateway = await shop.gateway()

    found = await gateway.comparison(str(shop.repository.head("main")), opened.head_sha)

    assert found.merge_base == began
    assert [(file.path, file.status) for file in found.files] == [("shop.py", "added")]
    assert found.files[0].patch == "@@ -0,0 +1 @@\n+open = True"
    assert not found.may_lack_files


async def test_a_comparison_of_a_forks_commit_needs_no_more_than_its_name(shop: Shop) -> None:
    opened = await shop.pull_from_fork()

    found = await (await shop.gateway()).comparison(opened.base_sha, opened.head_sha)

    assert found.merge_base == opened.base_sha
    assert found.files


async def test_a_comparison_that_is_cut_off_says_so(shop: Shop) -> None:
    opened = await shop.pull({f"tests/test_{n}.py": f"{n}\n" for n in range(301)})
    gateway = await shop.gateway()
    shop.github.requests.clear()

    found = await gateway.comparison(opened.base_sha, opened.head_sha)

    assert len(found.files) == 300
    assert found.may_lack_files
    assert shop.github.requests == {"repos/compare-commits-with-basehead": 1}


async def test_a_comparison_of_more_than_is_taken_in_is_none(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = await shop.pull({f"tests/test_{n}.py": "x = 1\n" * 100 for n in range(9)})
    gateway = await shop.gateway()
    monkeypatch.setattr(client, "LARGEST_BODY", 5_000)

    with pytest.raises(NoDiff, match="more than 5000 bytes"):
        await gateway.comparison(opened.base_sha, opened.head_sha)


async def test_a_comparison_with_a_commit_that_is_not_there_is_gone(shop: Shop) -> None:
    opened = await shop.pull()

    with pytest.raises(Gone):
        await (await shop.gateway()).comparison("1" * 40, opened.head_sha)
