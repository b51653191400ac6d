"""GraphQL: blobs in batches, pull requests, and who may ask for what."""

from typing import Any

import pytest
from graphql import GraphQLInterfaceType, GraphQLObjectType, validate_schema

from bot.sandbox.graphql_api.endpoint import FIELDS, root_fields, schema
from tests.sandbox.shop import Client, Shop

SHOP = 'repository(owner: "octo-org", name: "shop")'


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed(contents="read", pull_requests="read")


async def ask(client: Client, fields: str, **variables: object) -> dict[str, Any]:
    answer = await client.graphql(f"query {{ {fields} }}", **variables)
    assert "errors" not in answer, answer
    data: dict[str, Any] = answer["data"]
    return data


def test_every_described_field_is_answered() -> None:
    described = {
        name: set(found.fields)
        for name, found in schema().type_map.items()
        if isinstance(found, GraphQLObjectType) and not name.startswith("__")
    }

    missing = {
        f"{name}.{field}"
        for name, fields in described.items()
        for field in fields - FIELDS[name].keys()
    }

    assert missing == set()


def test_the_trimmed_schema_is_whole() -> None:
    assert validate_schema(schema()) == []
    interfaces = [
        one for one in schema().type_map.values() if isinstance(one, GraphQLInterfaceType)
    ]
    assert all(schema().get_possible_types(one) for one in interfaces)


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("{ viewer { login } }", ["viewer"]),
        (
            "mutation M { createCommitOnBranch(input: {}) { __typename } }",
            ["createCommitOnBranch"],
        ),
        ("{ ...f } fragment f on Query { viewer { login } }", []),
        ("fragment f on Query { viewer { login } }", []),
        ("{", []),
    ],
)
def test_the_log_names_a_query_by_its_root_fields(query: str, fields: list[str]) -> None:
    assert root_fields(query) == fields


async def test_many_blobs_come_in_one_request(shop: Shop, client: Client) -> None:
    blob = "{ ... on Blob { oid byteSize isBinary isTruncated text } }"
    fields = f'{SHOP} {{ a: object(expression: "main:a.txt") {blob} '
    fields += f'b: object(expression: "main:src/b.py") {blob} '
    fields += f'c: object(expression: "main:lost.py") {blob} }}'

    found = (await ask(client, fields))["repository"]

    assert found["b"]["text"] == "def f(): ...\n"
    assert (found["b"]["byteSize"], found["b"]["isBinary"], found["b"]["isTruncated"]) == (
        13,
        False,
        False,
    )
    assert found["c"] is None
    assert shop.github.requests["graphql/repository"] == 1


async def test_a_blob_is_found_by_its_id(shop: Shop, client: Client) -> None:
    oid = str(shop.repository.store.resolve("main").tree["a.txt"].id)

    found = await ask(client, f'{SHOP} {{ object(oid: "{oid}") {{ oid __typename }} }}')

    assert found["repository"]["object"] == {"oid": oid, "__typename": "Blob"}


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a\0b", None),
        (b"caf\xe9\n", "caf\ufffd\n"),
        ("é".encode(), "é"),
        (b"x" * 512_001, "x" * 512_000),
    ],
)
async def test_text_is_utf_8_and_cut_off_above_the_limit(
    shop: Shop, client: Client, data: bytes, text: str | None
) -> None:
    shop.repository.commit({"f": data})
    fields = "{ ... on Blob { text isBinary isTruncated } }"

    found = await ask(client, f'{SHOP} {{ object(expression: "main:f") {fields} }}')

    assert found["repository"]["object"] == {
        "text": text,
        "isBinary": text is None,
        "isTruncated": len(data) > 512_000,
    }


async def test_trees_and_commits_can_be_walked(shop: Shop, client: Client) -> None:
    await shop.pull()
    entries = "entries { name path mode type size extension oid object { __typename oid } }"
    commit = f"""
      ... on Commit {{
        message messageHeadline messageBody committedDate authoredDate url abbreviatedOid id
        author {{ name email date user {{ login }} }} committer {{ name }}
        parents(first: 1) {{
          totalCount nodes {{ oid }}
          pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
        }}
        tree {{ id {entries} repository {{ name }} }} signature {{ isValid }} repository {{ id }}
        commitUrl commitResourcePath
      }}
    """

    found = await ask(client, f'{SHOP} {{ object(expression: "feature") {{ {commit} }} }}')

    head = found["repository"]["object"]
    assert head["author"] == {
        "name": "alice",
        "email": "alice@example.com",
        "date": "2026-01-01T00:00:00Z",
        "user": {"login": "alice"},
    }
    assert head["parents"]["nodes"] == [{"oid": shop.repository.head("main")}]
    assert head["parents"]["pageInfo"]["hasNextPage"] is False
    listed = {entry["name"]: entry for entry in head["tree"]["entries"]}
    assert (listed["a.txt"]["mode"], listed["a.txt"]["extension"]) == (0o100644, ".txt")
    assert listed["src"]["object"]["__typename"] == "Tree"
    assert (head["signature"], head["messageBody"]) == (None, "")
    assert head["commitResourcePath"] == f"/octo-org/shop/commit/{shop.repository.head('feature')}"


async def test_a_directory_is_found_by_its_path(client: Client) -> None:
    tree = "{ ... on Tree { entries { path } } }"

    found = await ask(
        client,
        f'{SHOP} {{ src: object(expression: "main:src") {tree} '
        f'root: object(expression: "HEAD:") {tree} lost: object(expression: "lost") {tree} }}',
    )

    assert found["repository"]["src"] == {"entries": [{"path": "b.py"}]}
    assert [one["path"] for one in found["repository"]["root"]["entries"]] == ["a.txt", "src"]
    assert found["repository"]["lost"] is None


async def test_a_submodule_is_an_entry_without_an_object(shop: Shop, client: Client) -> None:
    store = shop.repository.store
    builder = store.git.TreeBuilder()
    builder.insert("module", "1" * 40, 0o160000)
    tree = str(builder.write())
    who = shop.github.activity.signature(shop.alice)
    store.point("refs/heads/main", store.write_commit(tree, [], "Modules", who, who))

    listed = await (await shop.installed()).get(f"{shop.path}/git/trees/main")
    found = await ask(
        client,
        f'{SHOP} {{ object(expression: "main:") '
        "{ ... on Tree { entries { type size object { oid } } } } }",
    )

    assert listed["tree"] == [
        {"path": "module", "mode": "160000", "type": "commit", "sha": "1" * 40}
    ]
    entries = found["repository"]["object"]["entries"]
    assert entries == [{"type": "commit", "size": 0, "object": None}]


async def test_a_repository_tells_of_itself_and_its_references(shop: Shop, client: Client) -> None:
    head = shop.repository.head("main")
    fields = """
      id databaseId name nameWithOwner isFork isPrivate url parent { name }
      owner { id login url avatarUrl resourcePath __typename ... on Organization { name } }
      defaultBranchRef { id name prefix target { oid } repository { name } }
      short: ref(qualifiedName: "main") { name }
      full: ref(qualifiedName: "refs/heads/main") { prefix }
      lost: ref(qualifiedName: "lost") { name }
    """

    found = (await ask(client, f"{SHOP} {{ {fields} }}"))["repository"]

    assert found["nameWithOwner"] == "octo-org/shop"
    assert found["owner"]["__typename"] == "Organization"
    assert found["defaultBranchRef"]["target"] == {"oid": head}
    assert (found["short"], found["full"]) == ({"name": "main"}, {"prefix": "refs/heads/"})
    assert (found["lost"], found["parent"]) == (None, None)


async def test_a_pull_request_tells_of_its_sides(shop: Shop, client: Client) -> None:
    pull = await shop.pull()
    fields = """
      id databaseId number title body state isDraft merged closed url createdAt updatedAt
      author { login avatarUrl url resourcePath __typename ... on User { name databaseId } }
      baseRefName baseRefOid baseRef { name } headRefName headRefOid headRef { name }
      headRepository { nameWithOwner } headRepositoryOwner { login }
      isCrossRepository maintainerCanModify additions deletions changedFiles repository { name }
    """

    found = (await ask(client, f"{SHOP} {{ pullRequest(number: 1) {{ {fields} }} }}"))[
        "repository"
    ]["pullRequest"]

    assert (found["state"], found["headRefOid"]) == ("OPEN", pull.head_sha)
    assert (found["author"]["login"], found["author"]["__typename"]) == ("alice", "User")
    assert (found["additions"], found["changedFiles"]) == (1, 1)
    await shop.github.push(shop.repository, "second", {"s": "s"}, shop.alice)
    second = await shop.github.open_pull_request(shop.repository, head="second", user=shop.alice)
    node = f'node(id: "PR_{second.id}") {{ ... on PullRequest {{ number }} }}'
    assert await ask(client, node) == {"node": {"number": 2}}


@pytest.mark.parametrize(("act", "state"), [("close", "CLOSED"), ("merge", "MERGED")])
async def test_a_merged_pull_request_is_more_than_closed(
    shop: Shop, client: Client, act: str, state: str
) -> None:
    await shop.pull()
    await getattr(shop.github, f"{act}_pull_request")(shop.repository, 1, shop.alice)

    found = await ask(client, f"{SHOP} {{ pullRequest(number: 1) {{ state closed }} }}")

    assert found["repository"]["pullRequest"] == {"state": state, "closed": True}


async def test_the_head_of_a_deleted_fork_is_gone(shop: Shop, client: Client) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, bob)
    await shop.github.push(fork, "theirs", {"c.txt": "c\n"}, bob)
    await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)
    shop.github.delete_repository(fork)
    fields = "headRepository { name } headRef { name } headRefOid isCrossRepository"

    found = await ask(client, f"{SHOP} {{ pullRequest(number: 1) {{ {fields} }} }}")

    pull = found["repository"]["pullRequest"]
    assert (pull["headRepository"], pull["headRef"]) == (None, None)
    assert pull["isCrossRepository"] is True


async def test_a_bot_is_called_by_its_apps_name_where_it_is_an_actor(
    shop: Shop, client: Client
) -> None:
    await shop.github.push(shop.repository, "feature", {"c.txt": "c\n"}, shop.alice)
    await shop.github.open_pull_request(shop.repository, head="feature", user=shop.app.bot)
    author = "author { login __typename ... on Bot { id databaseId } }"

    found = await ask(
        client, f"viewer {{ login }} {SHOP} {{ pullRequest(number: 1) {{ {author} }} }}"
    )

    assert found["repository"]["pullRequest"]["author"]["login"] == "awaited"
    assert found["viewer"] == {"login": "awaited[bot]"}


async def test_the_budget_can_be_asked_for(client: Client) -> None:
    found = await ask(client, "id rateLimit { cost limit remaining used resetAt nodeCount }")

    assert (found["rateLimit"]["cost"], found["rateLimit"]["used"]) == (1, 1)


async def test_a_repository_is_a_node(shop: Shop, client: Client) -> None:
    found = await ask(
        client, f'node(id: "R_{shop.repository.id}") {{ id ... on Repository {{ name }} }}'
    )

    assert found["node"]["name"] == "shop"


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ('{ repository(owner: "no", name: "where") { name } }', "NOT_FOUND"),
        (f"{{ {SHOP} {{ pullRequest(number: 9) {{ title }} }} }}", "NOT_FOUND"),
        ('{ node(id: "R_1") { id } }', "NOT_FOUND"),
        ('{ node(id: "PR_1") { id } }', "NOT_FOUND"),
    ],
)
async def test_what_is_not_there_is_an_error_with_a_type(
    client: Client, query: str, kind: str
) -> None:
    answer = await client.graphql(query)

    assert [error["type"] for error in answer["errors"]] == [kind]


@pytest.mark.parametrize(
    "field",
    [
        'object(expression: "main") { oid }',
        'ref(qualifiedName: "main") { name }',
        "pullRequest(number: 1) { title }",
    ],
)
async def test_a_missing_permission_forbids_a_field(shop: Shop, field: str) -> None:
    client = await shop.installed(checks="write")

    answer = await client.graphql(f"{{ {SHOP} {{ {field} }} }}")

    assert [error["type"] for error in answer["errors"]] == ["FORBIDDEN"]
    assert answer["errors"][0]["message"] == "Resource not accessible by integration"


async def test_a_token_does_not_see_other_repositories(shop: Shop) -> None:
    other = shop.github.create_repository("octo-org/other")
    shop.github.install(shop.app, other)
    client = shop.client(await shop.token(repository_ids=[other.id]))

    answer = await client.graphql(f"{{ {SHOP} {{ name }} }}")

    assert answer["errors"][0]["type"] == "NOT_FOUND"
    assert answer["data"] == {"repository": None}


async def test_a_jwt_is_no_credential_for_graphql(shop: Shop) -> None:
    url, token = shop.github.graphql_url, shop.as_app.token
    headers = {"Authorization": f"Bearer {token}"}

    async with shop.session.post(url, json={"query": "{ id }"}, headers=headers) as response:
        assert response.status == 401


@pytest.mark.parametrize(
    ("query", "variables", "error"),
    [
        ("{ repository {", {}, "Syntax Error"),
        ("{ repository { name } }", {}, "Query.repository(name:)"),
        ("{ viewer { email } }", {}, "Cannot query field 'email'"),
        ("query($n: Int!) { " + SHOP + " { pullRequest(number: $n) { id } } }", {}, "$n"),
        ("{ viewer { login } }", {"n": 1}, "variable $n is not declared"),
    ],
)
async def test_a_query_that_does_not_fit_is_a_violation(
    shop: Shop, client: Client, query: str, variables: dict[str, object], error: str
) -> None:
    answer = await client.graphql(query, **variables)

    assert error in answer["errors"][0]["message"]
    assert error in str(shop.github.referee.forgive()[0])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 400),
        ({"query": "{ viewer { login } }", "extensions": {}}, 200),
        ({"query": "query a { viewer { login } }", "operationName": "b"}, 200),
    ],
)
async def test_a_body_that_does_not_fit_is_a_violation(
    shop: Shop, client: Client, body: object, status: int
) -> None:
    headers = {"Authorization": f"Bearer {client.token}"}

    async with shop.session.post(shop.github.graphql_url, json=body, headers=headers) as response:
        assert response.status == status

    assert len(shop.github.referee.forgive()) == 1


async def test_an_operation_is_chosen_by_its_name(shop: Shop, client: Client) -> None:
    query = "query one { viewer { login } } query two { rateLimit { cost } }"
    body = {"query": query, "operationName": "two"}
    headers = {"Authorization": f"Bearer {client.token}"}

    async with shop.session.post(shop.github.graphql_url, json=body, headers=headers) as response:
        assert await response.json() == {"data": {"rateLimit": {"cost": 1}}}


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("first: 10", [1, 2, 3]),
        ("last: 1", [3]),
        ("first: 10, states: [OPEN]", [1, 3]),
        ("first: 10, states: [CLOSED, MERGED]", [2]),
        ('first: 10, headRefName: "branch-3"', [3]),
        ('first: 10, baseRefName: "else"', []),
        ('first: 10, labels: ["bug"]', []),
        ("first: 2, orderBy: {field: CREATED_AT, direction: DESC}", [3, 2]),
        ("first: 10, orderBy: {field: UPDATED_AT, direction: ASC}", [3, 2, 1]),
    ],
)
async def test_pull_requests_are_listed_as_wanted(
    shop: Shop, client: Client, arguments: str, numbers: list[int]
) -> None:
    for number in (1, 2, 3):
        branch = f"branch-{number}"
        await shop.github.push(shop.repository, branch, {f"{number}.txt": "a\n"}, shop.alice)
        pull = await shop.github.open_pull_request(shop.repository, head=branch, user=shop.alice)
        pull.updated_at = f"2026-01-0{9 - number}T00:00:00Z"
    await shop.github.close_pull_request(shop.repository, 2, shop.alice)

    found = await ask(client, f"{SHOP} {{ pullRequests({arguments}) {{ nodes {{ number }} }} }}")

    nodes = found["repository"]["pullRequests"]["nodes"]
    assert [one["number"] for one in nodes] == numbers
