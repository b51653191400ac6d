"""What one query tells of a pull request, read from a GitHub that really has it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import pytest

from bot.analysis.request import Unreadable
from bot.github.auth import AppCredentials
from bot.github.errors import Forbidden, Gone, Uncertain, UnexpectedAnswer
from bot.github.gateway import GitHubApp, RepositoryGateway
from bot.github.pulls import PullRequest, Sighting
from bot.github.query_errors import QueryFailed
from bot.github.trees import Tree, at_commit
from bot.report.check_run import CheckRun, Conclusion
from bot.sandbox import graphql_rules
from bot.sandbox.graphql_api import endpoint
from bot.sandbox.model import App
from tests.github.clock import Clock
from tests.github.shop import CHANGE, Shop
from tests.github.stub import Answer, Stub

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SEEN = Sighting("open", "2" * 40, "main", NOON)


async def test_a_pull_request_is_read_as_it_is_now(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()

    pull = await gateway.pull_request(opened.number)

    assert (pull.number, pull.state) == (opened.number, "open")
    assert (pull.head_sha, pull.head_ref) == (opened.head_sha, "feature")
    assert (pull.base_sha, pull.base_ref) == (opened.base_sha, "main")
    assert (pull.head_repository, pull.base_repository) == ("octo-org/shop", "octo-org/shop")
    assert pull.default_branch == "main"
    assert pull.is_open
    assert not pull.from_fork
    assert not pull.merged
    assert pull.shown is None


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


def answer_of(changed: Sighting = SEEN, **fields: Any) -> dict[str, Any]:
    """What GitHub answers that shows a pull request like this."""
    return {
        "repository": {
            "nameWithOwner": "octo-org/shop",
            "defaultBranchRef": {"name": "main"},
            "pullRequest": {
                "number": 1,
                "state": changed.state.upper(),
                "updatedAt": changed.updated_at.isoformat(),
                "maintainerCanModify": False,
                "headRefName": "feature",
                "headRefOid": changed.head_sha,
                "headRepository": {"nameWithOwner": "octo-org/shop"},
                "baseRefName": changed.base_ref,
                "baseRefOid": "0" * 40,
                "baseRef": {"target": {"oid": "b" * 40, "f0": None, "f1": None}},
                "commits": {"nodes": []},
                **fields,
            },
        }
    }


def answered(changed: Sighting = SEEN, **fields: Any) -> Answer:
    return Answer({"data": answer_of(changed, **fields)})


def gap(*path: str | int, kind: str | None = "NOT_FOUND") -> dict[str, Any]:
    """An error of a part of an answer."""
    return {"type": kind, "path": ["repository", "pullRequest", *path], "message": "no"}


@pytest.mark.parametrize(
    "old",
    [
        replace(SEEN, head_sha="1" * 40, updated_at=NOON - timedelta(seconds=9)),
        replace(SEEN, head_sha="1" * 40),
        replace(SEEN, base_ref="release"),
        replace(SEEN, state="closed"),
    ],
)
async def test_an_answer_of_before_what_was_seen_is_asked_for_again(
    gateway: RepositoryGateway, stub: Stub, clock: Clock, old: Sighting
) -> None:
    stub.answers = [answered(old), answered(old), answered(SEEN)]

    pull = await gateway.pull_request(1, seen=SEEN)

    assert (pull.head_sha, pull.base_ref, pull.state) == ("2" * 40, "main", "open")
    assert clock.naps == [1.0, 2.0]


@pytest.mark.parametrize(
    "now",
    [
        SEEN,
        replace(SEEN, head_sha="3" * 40, updated_at=NOON + timedelta(seconds=1)),
        # Somebody's clock, or rounding: what it says is what was seen.
        replace(SEEN, updated_at=NOON - timedelta(seconds=1)),
    ],
)
async def test_an_answer_that_is_as_new_as_what_was_seen_is_believed_at_once(
    gateway: RepositoryGateway, stub: Stub, clock: Clock, now: Sighting
) -> None:
    stub.answers = [answered(now)]

    pull = await gateway.pull_request(1, seen=SEEN)

    assert pull.head_sha == now.head_sha
    assert clock.naps == []


FILES = {".awaited.toml": "exclude = ['docs']\n", "pyproject.toml": "[project]\nname = 'shop'\n"}


async def base_files(shop: Shop, pull: PullRequest) -> tuple[dict[str, Any], int]:
    """Read the configuration of a base, and count the requests that it took."""
    gateway = await shop.gateway()
    tree = Tree({path: at_commit(pull.base_sha, path) for path in FILES})
    shop.github.requests.clear()
    contents = await gateway.contents(tree, FILES)
    return dict(contents), shop.github.requests.total()


async def test_the_configuration_of_the_base_comes_along(shop: Shop) -> None:
    shop.repository.commit(FILES)
    opened = await shop.pull()
    gateway = await shop.gateway()

    pull = await gateway.pull_request(opened.number)

    assert await base_files(shop, pull) == (
        {path: text.encode() for path, text in FILES.items()},
        0,
    )


async def test_that_there_is_no_configuration_comes_along_too(shop: Shop) -> None:
    opened = await shop.pull()

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert await base_files(shop, pull) == (dict.fromkeys(FILES), 0)


@pytest.mark.parametrize(
    "content",
    [
        b"# \xe9\n",
        b"\0",
        b"#" * 600_000,
    ],
)
async def test_what_is_no_whole_text_is_read_in_another_way(shop: Shop, content: bytes) -> None:
    shop.repository.commit({"pyproject.toml": content})
    opened = await shop.pull()

    pull = await (await shop.gateway()).pull_request(opened.number)

    contents, requests = await base_files(shop, pull)
    assert contents == {".awaited.toml": None, "pyproject.toml": content}
    assert requests == 2


async def test_what_is_too_large_is_unreadable_as_ever(shop: Shop) -> None:
    shop.repository.commit({"pyproject.toml": b"#" * (2**20 + 1)})
    shop.github.limits.graphql_text_bytes = 2**21
    opened = await shop.pull()

    pull = await (await shop.gateway()).pull_request(opened.number)

    contents, _ = await base_files(shop, pull)
    assert contents["pyproject.toml"] == Unreadable("larger than 1 MiB (1048577 bytes)")


async def test_a_folder_by_the_name_of_a_file_is_no_file(shop: Shop) -> None:
    shop.repository.commit({"pyproject.toml/a.txt": "a\n"})
    opened = await shop.pull()

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert await base_files(shop, pull) == (dict.fromkeys(FILES), 0)


async def test_the_base_is_as_it_is_now_not_as_it_was_at_the_last_push(shop: Shop) -> None:
    opened = await shop.pull()
    moved = shop.repository.commit(FILES)

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert pull.base_sha == moved != opened.base_sha


async def test_of_a_base_that_is_gone_there_is_what_it_was_at_the_last_push(shop: Shop) -> None:
    shop.repository.commit(FILES, branch="release")
    await shop.github.push(shop.repository, "feature", CHANGE, user=shop.alice)
    opened = await shop.github.open_pull_request(
        shop.repository, head="feature", base="release", user=shop.alice
    )
    shop.repository.store.delete("refs/heads/release")

    pull = await (await shop.gateway()).pull_request(opened.number)

    assert (pull.base_ref, pull.base_sha) == ("release", opened.base_sha)
    contents, _ = await base_files(shop, pull)
    assert contents[".awaited.toml"] == FILES[".awaited.toml"].encode()


FOUND = CheckRun(Conclusion.FAILURE, "1 problem", "One.\n")


async def of_app(shop: Shop, app: App) -> RepositoryGateway:
    """Return the repository as another app sees it."""
    credentials = AppCredentials(str(app.app_id), app.private_key)
    bot = GitHubApp(shop.session, credentials, api_url=shop.github.api_url)
    installation_id = shop.github.install(app, shop.repository)
    return await bot.repository(installation_id, shop.repository.full_name)


async def test_the_newest_check_run_of_ours_comes_along(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()
    await gateway.start_check_run(opened.head_sha, external_id="first")
    handle = await gateway.start_check_run(opened.head_sha, external_id="second")
    other = shop.github.create_app("other", permissions=shop.app.permissions, events=())
    await (await of_app(shop, other)).start_check_run(opened.head_sha, external_id="third")
    await gateway.start_check_run(opened.head_sha, name="else", external_id="fourth")

    begun = (await gateway.pull_request(opened.number)).shown
    await gateway.complete_check_run(handle, FOUND)
    ended = (await gateway.pull_request(opened.number)).shown

    assert begun is not None
    assert (begun.id, begun.external_id, begun.conclusion) == (handle.id, "second", None)
    assert not begun.says(FOUND)
    assert ended is not None
    assert (ended.id, ended.conclusion, ended.title) == (handle.id, "failure", "1 problem")
    assert ended.url.endswith(f"/runs/{handle.id}")
    assert ended.says(FOUND)
    for another in (
        msgspec.structs.replace(FOUND, conclusion=Conclusion.NEUTRAL),
        msgspec.structs.replace(FOUND, title="2 problems"),
        msgspec.structs.replace(FOUND, summary="Two."),
    ):
        assert not ended.says(another)


async def test_the_newest_of_many_check_runs_comes_along(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()
    for number in range(7):
        await gateway.start_check_run(opened.head_sha, external_id=f"{number}", fresh=True)

    shown = (await gateway.pull_request(opened.number)).shown

    assert shown is not None
    assert shown.external_id == "6"


async def test_only_suites_of_ours_are_asked_for(gateway: RepositoryGateway, stub: Stub) -> None:
    stub.answers = [answered()]

    await gateway.pull_request(1)

    (asked,) = stub.received
    assert asked.json["variables"]["suites"] == {"appId": 7, "checkName": "awaited"}
    assert graphql_rules.errors(endpoint.schema(), asked.json) == []


async def test_of_more_commits_than_github_lists_no_check_run_is_told(shop: Shop) -> None:
    for number in range(251):
        shop.repository.commit({"count.txt": f"{number}\n"}, branch="feature")
    opened = await shop.github.open_pull_request(shop.repository, head="feature", user=shop.alice)
    gateway = await shop.gateway()
    await gateway.start_check_run(opened.head_sha, external_id="x")

    assert (await gateway.pull_request(opened.number)).shown is None


async def test_a_check_run_on_the_head_of_a_fork_comes_along(shop: Shop) -> None:
    opened = await shop.pull_from_fork()
    gateway = await shop.gateway()
    handle = await gateway.start_check_run(opened.head_sha, external_id="x")

    shown = (await gateway.pull_request(opened.number)).shown

    assert shown is not None
    assert shown.id == handle.id


async def test_a_query_costs_one_point(shop: Shop) -> None:
    opened = await shop.pull()
    gateway = await shop.gateway()
    before = shop.github.site.budget.spent.copy()

    await gateway.pull_request(opened.number)

    assert (shop.github.site.budget.spent - before).total() == 1


def commit(oid: str = "2" * 40, **fields: Any) -> dict[str, Any]:
    return {"nodes": [{"commit": {"oid": oid, **fields}}]}


def suites(*runs: dict[str, Any] | None, app: object = None) -> dict[str, Any]:
    """What GitHub answers of a suite of our app, or of another, with these runs."""
    return {
        "nodes": [
            {
                "app": {"databaseId": 7} if app is None else app,
                "checkRuns": {"nodes": [None if one is None else {**RUN, **one} for one in runs]},
            }
        ]
    }


RUN = {
    "databaseId": 1,
    "externalId": "x",
    "status": "COMPLETED",
    "conclusion": "SUCCESS",
    "title": "Fine",
    "summary": "All of it.",
    "url": "https://github.example/runs/1",
}


@pytest.mark.parametrize(
    ("commits", "shown"),
    [
        ({"nodes": None}, None),
        ({"nodes": [None]}, None),
        (commit(), None),
        (commit(checkSuites=None), None),
        (commit(checkSuites={"nodes": None}), None),
        (commit(checkSuites={"nodes": [None]}), None),
        (commit(checkSuites={"nodes": [{"app": None, "checkRuns": {"nodes": [RUN]}}]}), None),
        (commit(checkSuites={"nodes": [{"app": {"databaseId": 7}, "checkRuns": None}]}), None),
        (commit(checkSuites=suites(None)), None),
        (commit(checkSuites=suites({"databaseId": None})), None),
        (commit(checkSuites=suites({}, app={"databaseId": 8})), None),
        (commit("1" * 40, checkSuites=suites({})), None),
        (commit(checkSuites=suites({})), (1, "success")),
        (commit(checkSuites=suites({"databaseId": 9}, {}, {"databaseId": 3})), (9, "success")),
        # Larger than what GraphQL calls an integer, as those of GitHub are.
        (commit(checkSuites=suites({"databaseId": 60_000_000_000})), (60_000_000_000, "success")),
        (commit(checkSuites=suites({"conclusion": "ACTION_REQUIRED"})), (1, "action_required")),
        (commit(checkSuites=suites({"status": "IN_PROGRESS", "conclusion": None})), (1, None)),
        # It was completed, and is open again.
        (commit(checkSuites=suites({"status": "QUEUED"})), (1, None)),
        (commit(checkSuites=suites({"title": None, "externalId": None})), (1, "success")),
    ],
)
async def test_only_a_run_that_is_certainly_ours_and_on_the_head_counts(
    gateway: RepositoryGateway,
    stub: Stub,
    commits: dict[str, Any],
    shown: tuple[int, str | None] | None,
) -> None:
    stub.answers = [answered(commits=commits)]

    run = (await gateway.pull_request(1)).shown

    assert (run and (run.id, run.conclusion)) == shown


@pytest.mark.parametrize(
    "gaps",
    [
        [gap("commits", "nodes", 0, "commit", "checkSuites", kind="FORBIDDEN")],
        [gap("headRepository", kind="FORBIDDEN")],
        [gap("baseRef", "target", "f0"), gap("baseRef", "target", "f1", kind=None)],
    ],
)
async def test_an_answer_with_a_gap_is_one(
    gateway: RepositoryGateway, stub: Stub, gaps: list[dict[str, Any]]
) -> None:
    stub.answers = [Answer({"data": answer_of(headRepository=None), "errors": gaps})]

    pull = await gateway.pull_request(1)

    assert (pull.head_sha, pull.head_repository, pull.shown) == ("2" * 40, None, None)
    assert pull.from_fork


@pytest.mark.parametrize(
    ("gaps", "known"),
    [
        ([], {".awaited.toml", "pyproject.toml"}),
        ([gap("baseRef", "target", "f0")], {".awaited.toml", "pyproject.toml"}),
        ([gap("baseRef", "target", "f0", kind=None)], {"pyproject.toml"}),
        ([gap("baseRef", "target", "f1", kind="INTERNAL")], {".awaited.toml"}),
    ],
)
async def test_a_file_is_missing_only_where_nothing_else_is_wrong_with_it(
    gateway: RepositoryGateway, stub: Stub, gaps: list[dict[str, Any]], known: set[str]
) -> None:
    body = {"data": answer_of(), "errors": gaps} if gaps else {"data": answer_of()}
    stub.answers = [Answer(body), Answer({"data": {"repository": {"b0": None}}})]
    pull = await gateway.pull_request(1)

    tree = Tree({path: at_commit(pull.base_sha, path) for path in FILES})
    await gateway.contents(tree, FILES)

    asked = {one.json["variables"]["o0"] for one in stub.received[1:]}
    assert asked == {f"{'b' * 40}:{path}" for path in FILES.keys() - known}


NO_PULL = {"repository": {"pullRequest": None, "nameWithOwner": "octo-org/shop"}}


@pytest.mark.parametrize(
    ("body", "meant"),
    [
        ({"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "no"}]}, Gone),
        ({"data": NO_PULL, "errors": [gap()]}, Gone),
        ({"data": {"repository": None}}, Gone),
        ({"data": NO_PULL}, Gone),
        ({"data": NO_PULL, "errors": [gap(kind="FORBIDDEN")]}, Forbidden),
        ({"data": answer_of(), "errors": [gap("baseRef", kind="FORBIDDEN")]}, Forbidden),
        ({"data": NO_PULL, "errors": [gap("state", kind="INTERNAL")]}, Uncertain),
        # What must not be empty takes with it what it is in.
        ({"data": NO_PULL, "errors": [gap("commits", kind=None)]}, Uncertain),
        ({"data": NO_PULL, "errors": [gap("commits"), gap("baseRef", "target", "f0")]}, Uncertain),
        (
            {
                "data": answer_of(),
                "errors": [gap("headRepository", kind="FORBIDDEN"), gap("baseRef", kind=None)],
            },
            Uncertain,
        ),
        ({"data": answer_of(), "errors": [gap("baseRef", kind=None)]}, Uncertain),
        ({"data": answer_of(), "errors": [gap("baseRef")]}, Uncertain),
        ({"data": None, "errors": [{"message": "Field 'x' doesn't exist"}]}, QueryFailed),
        ({"data": {"repository": {"pullRequest": {}}}}, UnexpectedAnswer),
    ],
)
async def test_an_answer_without_what_matters_is_none(
    gateway: RepositoryGateway, stub: Stub, body: dict[str, Any], meant: type[Exception]
) -> None:
    stub.answers = [Answer(body)]

    with pytest.raises(meant) as raised:
        await gateway.pull_request(1)

    assert type(raised.value) is meant


async def test_a_permission_that_a_young_token_lacks_is_waited_for(
    gateway: RepositoryGateway, stub: Stub, clock: Clock
) -> None:
    refused = gap(kind="FORBIDDEN") | {"message": "Resource not accessible by integration"}
    stub.answers = [
        Answer({"data": {"repository": {"pullRequest": None}}, "errors": [refused]}),
        answered(),
    ]

    assert (await gateway.pull_request(1)).number == 1
    assert clock.naps == [1.0]


async def test_an_app_that_is_known_by_its_client_id_finds_its_runs(
    session: aiohttp.ClientSession, stub: Stub, private_key: str
) -> None:
    app = GitHubApp(session, AppCredentials("Iv1.7", private_key), api_url=stub.url)
    gateway = await app.repository(1, "octo-org/shop")
    runs = commit(checkSuites=suites({}, app={"clientId": "Iv1.7"}))
    stub.answers = [answered(commits=runs)]

    pull = await gateway.pull_request(1)

    assert pull.shown is not None
    (asked,) = stub.received
    assert asked.json["variables"]["suites"] == {"checkName": "awaited"}
    assert graphql_rules.errors(endpoint.schema(), asked.json) == []
