"""GraphQL: check suites and runs of a commit, each app's own, and files of a commit."""

from typing import Any

import pytest

from tests.sandbox.shop import FULL, Client, Shop, app_jwt

SHOP = 'repository(owner: "octo-org", name: "shop")'
SUITES = """
query($expression: String!, $suites: CheckSuiteFilter, $runs: CheckRunFilter) {
  repository(owner: "octo-org", name: "shop") { object(expression: $expression) { ... on Commit {
    checkSuites(first: 10, filterBy: $suites) { totalCount nodes {
      id databaseId status conclusion createdAt updatedAt commit { oid } repository { name }
      app { id databaseId clientId name slug url createdAt updatedAt }
      checkRuns(first: 10, filterBy: $runs) { totalCount nodes {
        id databaseId externalId name status conclusion title summary text url
        startedAt completedAt checkSuite { databaseId } repository { name }
      } }
    } }
  } } }
}
"""


async def run(shop: Shop, client: Client, **fields: Any) -> dict[str, Any]:
    body = {"name": "awaited", "head_sha": shop.repository.head("main"), **fields}
    made: dict[str, Any] = await client.post(f"{shop.path}/check-runs", body)
    return made


async def suites(client: Client, **variables: object) -> list[dict[str, Any]]:
    answer = await client.graphql(SUITES, expression="main", **variables)
    assert "errors" not in answer, answer
    found: list[dict[str, Any]] = answer["data"]["repository"]["object"]["checkSuites"]["nodes"]
    return found


def ids(suite: dict[str, Any]) -> list[int]:
    return [one["databaseId"] for one in suite["checkRuns"]["nodes"]]


async def other_app(shop: Shop) -> tuple[Client, int]:
    """Install another app that writes checks."""
    other = shop.github.create_app("other", permissions=FULL, events=())
    installation = shop.github.install(other, shop.repository)
    minted = await shop.client(app_jwt(other)).post(
        f"/app/installations/{installation}/access_tokens"
    )
    return shop.client(minted["token"]), other.id


async def test_a_check_run_is_told_as_rest_tells_it(shop: Shop) -> None:
    client = await shop.installed()
    output = {"title": "Fine", "summary": "All.", "text": "More."}
    made = await run(shop, client, external_id="x", conclusion="action_required", output=output)

    (suite,) = await suites(client)

    (told,) = suite["checkRuns"]["nodes"]
    assert (told["databaseId"], told["externalId"], told["url"]) == (
        made["id"],
        "x",
        made["html_url"],
    )
    assert (told["status"], told["conclusion"]) == ("COMPLETED", "ACTION_REQUIRED")
    assert (told["title"], told["summary"], told["text"]) == ("Fine", "All.", "More.")
    assert (told["startedAt"], told["completedAt"]) == (made["started_at"], made["completed_at"])
    assert told["checkSuite"]["databaseId"] == suite["databaseId"] == made["check_suite"]["id"]
    assert (suite["status"], suite["conclusion"]) == ("COMPLETED", "ACTION_REQUIRED")
    assert suite["commit"]["oid"] == shop.repository.head("main")
    assert suite["app"]["databaseId"] == shop.app.id
    assert suite["app"]["clientId"] == made["app"]["client_id"]


async def test_suites_are_filtered_by_app_and_by_name(shop: Shop) -> None:
    client = await shop.installed()
    theirs, number = await other_app(shop)
    own, other = await run(shop, client), await run(shop, theirs, name="lint")

    every = await suites(client)
    by_app = await suites(client, suites={"appId": number})
    by_name = await suites(client, suites={"checkName": "awaited"})
    by_both = await suites(client, suites={"appId": number, "checkName": "awaited"})

    assert [ids(one) for one in every] == [[own["id"]], [other["id"]]]
    assert [ids(one) for one in by_app] == [[other["id"]]]
    assert [ids(one) for one in by_name] == [[own["id"]]]
    assert by_both == []


async def test_runs_are_filtered_by_what_they_are(shop: Shop) -> None:
    client = await shop.installed()
    first = (await run(shop, client, conclusion="success"))["id"]
    second = (await run(shop, client, conclusion="failure"))["id"]
    third = (await run(shop, client, name="lint", status="in_progress"))["id"]

    async def told(**wanted: object) -> list[int]:
        (suite,) = await suites(client, runs=wanted)
        return ids(suite)

    assert await told() == [first, second, third]
    assert await told(checkName="awaited") == [first, second]
    assert await told(checkType="ALL") == [first, second, third]
    assert await told(checkType="LATEST") == [second, third]
    assert await told(appId=shop.app.id + 1) == []
    assert await told(status="IN_PROGRESS") == [third]
    assert await told(statuses=["COMPLETED", "QUEUED"]) == [first, second]
    assert await told(conclusions=["SUCCESS"]) == [first]


async def test_without_the_permission_for_checks_the_rest_is_told(shop: Shop) -> None:
    client = await shop.installed(contents="read")

    answer = await client.graphql(SUITES, expression="main")

    (error,) = answer["errors"]
    assert (error["type"], error["path"]) == (
        "FORBIDDEN",
        ["repository", "object", "checkSuites"],
    )
    assert answer["data"]["repository"]["object"] == {"checkSuites": None}


async def test_a_pull_request_tells_of_checks_on_the_commits_of_its_base_repository(
    shop: Shop,
) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "theirs", {"c.txt": "c\n"}, bob)
    pull = await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)
    client = await shop.installed()
    made = await run(shop, client, head_sha=pull.head_sha)
    checks = "checkSuites(first: 1) { nodes { databaseId } }"
    commit = f"id url pullRequest {{ number }} commit {{ oid {checks} }}"
    commits = f"commits(last: 1) {{ nodes {{ {commit} }} }}"
    head = f"headRef {{ target {{ ... on Commit {{ {checks} }} }} }}"

    answer = await client.graphql(
        f"{{ {SHOP} {{ pullRequest(number: 1) {{ {commits} {head} }} }} }}"
    )

    told = answer["data"]["repository"]["pullRequest"]
    (node,) = told["commits"]["nodes"]
    assert (node["commit"]["oid"], node["pullRequest"]["number"]) == (pull.head_sha, 1)
    assert node["commit"]["checkSuites"]["nodes"] == [{"databaseId": made["check_suite"]["id"]}]
    # What is asked of the branch is asked of the fork, on which this app is not.
    assert told["headRef"]["target"] == {"checkSuites": None}


async def test_the_repository_of_a_private_fork_is_hidden(shop: Shop) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "theirs", {"c.txt": "c\n"}, bob)
    await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)
    client = await shop.installed()
    query = f"{{ {SHOP} {{ pullRequest(number: 1) {{ headRepository {{ name }} }} }} }}"

    public = await client.graphql(query)
    fork.private = True
    private = await client.graphql(query)

    assert public["data"]["repository"]["pullRequest"] == {"headRepository": {"name": "shop"}}
    assert private["data"]["repository"]["pullRequest"] == {"headRepository": None}


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("a.txt", {"name": "a.txt", "path": "a.txt", "object": {"__typename": "Blob"}}),
        ("src/b.py", {"name": "b.py", "path": "src/b.py", "object": {"__typename": "Blob"}}),
        ("src", {"name": "src", "path": "src", "object": {"__typename": "Tree"}}),
    ],
)
async def test_a_file_of_a_commit_is_found_by_its_path(
    shop: Shop, path: str, told: dict[str, Any]
) -> None:
    client = await shop.installed()
    file = f'file(path: "{path}") {{ name path object {{ __typename }} }}'

    answer = await client.graphql(
        f'{{ {SHOP} {{ object(expression: "main") {{ ... on Commit {{ {file} }} }} }} }}'
    )

    assert answer["data"]["repository"]["object"]["file"] == told


async def test_a_file_that_a_commit_lacks_is_an_error_beside_the_data(shop: Shop) -> None:
    client = await shop.installed()
    files = 'b: file(path: "a.txt") { name } a: file(path: "lost") { name }'

    answer = await client.graphql(
        f'{{ {SHOP} {{ object(expression: "main") {{ ... on Commit {{ {files} }} }} }} }}'
    )

    assert answer["data"]["repository"]["object"] == {"b": {"name": "a.txt"}, "a": None}
    (error,) = answer["errors"]
    assert (error["type"], error["path"], error["message"]) == (
        "NOT_FOUND",
        ["repository", "object", "a"],
        "Could not resolve file for path 'lost'.",
    )
