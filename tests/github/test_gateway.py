"""What a job costs, and that nobody sees what is another's."""

from collections import Counter

import pytest

from bot.analysis.finding import Severity
from bot.github.auth import Access
from bot.github.errors import Gone
from bot.github.gateway import GitHubApp
from bot.github.push import CommitMessage
from bot.report.check_run import Annotation, CheckRun, Conclusion
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub

FILES = {f"tests/test_{n}.py": f"async def test_{n}(): ...\n" for n in range(10)}


async def test_a_check_of_ten_files_costs_six_requests_and_a_token(shop: Shop) -> None:
    number = (await shop.pull(FILES)).number
    shop.github.requests.clear()

    gateway = await shop.gateway()
    pull = await gateway.pull_request(number)
    changed = await gateway.changed_files(pull)
    tree = await gateway.tree(pull.head_sha)
    handle = await gateway.start_check_run(pull.head_sha, external_id="x", fresh=True)
    contents = await gateway.contents(tree, [file.path for file in changed])
    found = Annotation("tests/test_1.py", 1, 1, Severity.FAILURE, "Never runs", "AWT103")
    check = CheckRun(Conclusion.FAILURE, "1 problem", "x", annotations=(found,))
    await gateway.complete_check_run(handle, check)

    assert len(contents) == 10
    assert shop.github.requests == {
        "apps/create-installation-access-token": 1,
        "pulls/list-files": 1,
        "git/get-tree": 1,
        "checks/create": 1,
        "graphql/repository": 2,
        "checks/update": 1,
    }


async def test_the_next_check_needs_no_token(shop: Shop) -> None:
    number = (await shop.pull(FILES)).number
    await shop.gateway()
    shop.github.requests.clear()

    await (await shop.gateway()).pull_request(number)

    assert shop.github.requests == {"graphql/repository": 1}


async def test_a_fix_costs_a_token_a_tree_and_the_commit(shop: Shop) -> None:
    head = (await shop.pull(FILES)).head_sha
    shop.github.requests.clear()

    gateway = await shop.gateway(Access.WRITE)
    fixed = dict.fromkeys(FILES, b"import pytest\n")
    await gateway.commit("feature", expected_head=head, message=CommitMessage("Fix"), files=fixed)

    assert shop.github.requests == {
        "apps/create-installation-access-token": 1,
        "git/get-tree": 1,
        "graphql/createCommitOnBranch": 1,
    }


async def test_gateways_of_two_jobs_share_no_answers(shop: Shop) -> None:
    number = (await shop.pull(FILES)).number
    one, other = await shop.gateway(), await shop.gateway()
    before = await one.pull_request(number)

    await shop.github.close_pull_request(shop.repository, number, shop.alice)

    assert (before.state, (await other.pull_request(number)).state) == ("open", "closed")
    assert one is not other


async def test_every_request_names_the_version_and_who_asks(shop: Shop) -> None:
    number = (await shop.pull(FILES)).number
    gateway = await shop.gateway()
    pull = await gateway.pull_request(number)
    await gateway.contents(await gateway.tree(pull.head_sha), FILES)

    sent = [
        {name.lower(): value for name, value in exchange.headers.items()}
        for exchange in shop.github.exchanges
    ]
    told = Counter((one["x-github-api-version"], one["user-agent"]) for one in sent)
    assert told == {("2022-11-28", "awaited"): 4}


async def test_what_never_changes_is_asked_for_once_by_each_installation(shop: Shop) -> None:
    head = shop.repository.commit({"one.py": "x = 1\n"})
    fork = shop.github.fork(shop.repository, shop.github.create_user("dave"))
    installation_id = shop.github.install(shop.app, fork)
    await (await shop.gateway()).tree(head)
    shop.github.requests.clear()

    await (await shop.gateway()).tree(head)
    assert shop.github.requests["git/get-tree"] == 0

    await (await shop.bot.repository(installation_id, fork.full_name)).tree(head)
    assert shop.github.requests["git/get-tree"] == 1


async def test_the_repositories_of_an_installation_are_listed(shop: Shop) -> None:
    till = shop.github.create_repository("octo-org/till")
    shop.github.install(shop.app, till)
    shop.github.create_repository("octo-org/other")
    shop.github.requests.clear()

    assert await shop.bot.repositories(shop.installation_id) == ("octo-org/shop", "octo-org/till")

    assert shop.github.requests == {
        "apps/create-installation-access-token": 1,
        "apps/list-repos-accessible-to-installation": 1,
    }
    (token,) = [one for one in shop.github.world.tokens.values() if not one.selected]
    assert token.permissions == {"metadata": "read"}


async def test_archived_repositories_are_left_out(stub_app: GitHubApp, stub: Stub) -> None:
    found = [
        {"full_name": "octo-org/shop", "archived": False},
        {"full_name": "octo-org/old", "archived": True},
        {"full_name": "octo-org/till"},
    ]
    stub.answers = [Answer({"repositories": found})]

    assert await stub_app.repositories(1) == ("octo-org/shop", "octo-org/till")


async def test_an_installation_that_is_gone_has_no_repositories(shop: Shop) -> None:
    shop.github.uninstall(shop.installation_id)

    with pytest.raises(Gone):
        await shop.bot.repositories(shop.installation_id)
