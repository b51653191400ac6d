"""Pull requests and their files, read from a GitHub that really has them."""

from dataclasses import replace

import pytest

from bot.github.errors import Gone
from tests.github.shop import Shop


async def test_a_pull_request_is_read_as_it_is_now(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()

    pull = await gateway.pull_request(opened.number)

    assert (pull.number, pull.title, pull.state) == (opened.number, "Change files", "open")
    assert (pull.head_sha, pull.head_ref) == (opened.head_sha, "feature")
    assert (pull.base_sha, pull.base_ref) == (opened.base_sha, "main")
    assert (pull.head_repository, pull.base_repository) == ("octo-org/shop", "octo-org/shop")
    assert (pull.default_branch, pull.author) == ("main", "alice")
    assert pull.is_open
    assert not pull.from_fork
    assert (pull.merged, pull.draft) == (False, False)


async def test_a_merged_pull_request_is_closed(shop: Shop) -> None:
    opened = await shop.pull()
    await shop.github.merge_pull_request(shop.repository, opened.number, user=shop.alice)

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.merged
    assert not pull.is_open


async def test_a_pull_request_from_a_fork_says_so(shop: Shop) -> None:
    opened = await shop.pull_from_fork()

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.from_fork
    assert pull.maintainer_can_modify
    assert pull.head_repository == "carol/shop"


async def test_a_deleted_fork_leaves_a_pull_request_without_head_repository(shop: Shop) -> None:
    opened = await shop.pull_from_fork()
    shop.github.delete_repository(shop.github.world.repository("carol/shop"))

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.head_repository is None
    assert pull.from_fork


async def test_a_pull_request_that_is_not_there_is_gone(shop: Shop) -> None:
    with pytest.raises(Gone):
        await (await shop.gateway()).pull_request(4711)


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
