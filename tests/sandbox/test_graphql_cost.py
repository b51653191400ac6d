"""GraphQL: what a query costs, and how many nodes it may ask for."""

import pytest

from tests.sandbox.shop import Client, Shop

SHOP = 'repository(owner: "octo-org", name: "shop")'


@pytest.fixture
async def client(shop: Shop) -> Client:
    await shop.pull()
    return await shop.installed()


CHECKS = """
fragment checks on Commit {
  checkSuites(first: 100) { nodes { checkRuns(last: 5) { nodes { id } } } }
}
"""


@pytest.mark.parametrize(
    ("fields", "cost", "nodes"),
    [
        ("name ... on Repository { id }", 1, 0),
        ("pullRequest(number: 1) { commits(last: 1) { nodes { id } } }", 1, 1),
        # One request for the suites and one for the runs of each: 1 + 100; 100 + 100 * 5 nodes.
        ('object(expression: "main") { ... on Commit { ...checks } }', 1, 600),
    ],
)
async def test_a_query_costs_by_the_connections_that_it_asks_for(
    client: Client, fields: str, cost: int, nodes: int
) -> None:
    used = CHECKS if "checks" in fields else ""

    answer = await client.graphql(
        f"{{ rateLimit {{ cost nodeCount }} {SHOP} {{ {fields} }} }} {used}"
    )

    assert answer["data"]["rateLimit"] == {"cost": cost, "nodeCount": nodes}


async def test_what_a_query_costs_is_taken_from_the_budget(shop: Shop, client: Client) -> None:
    pulls = "\n".join(
        f"p{number}: pullRequest(number: 1) {{ commits(first: $count) {{ nodes {{ commit {{"
        " parents(first: 2) { totalCount } } } } }"
        for number in range(3)
    )
    query = f"query($count: Int!) {{ rateLimit {{ cost }} {SHOP} {{ {pulls} }} }}"
    before = shop.github.site.budget.spent.total()

    answer = await client.graphql(query, count=100)

    # Three for the commits and three hundred for the parents of each.
    assert answer["data"]["rateLimit"]["cost"] == 3
    assert shop.github.site.budget.spent.total() - before == 3


async def test_a_query_for_too_many_nodes_is_refused(client: Client) -> None:
    commits = "commits(first: 100) { nodes { commit { parents(first: 100) { nodes {"
    commits += " parents(first: 100) { totalCount } } } } } }"

    answer = await client.graphql(f"{{ {SHOP} {{ pullRequest(number: 1) {{ {commits} }} }} }}")

    assert answer == {
        "errors": [
            {
                "type": "MAX_NODE_LIMIT_EXCEEDED",
                "message": "This query requests up to 1,010,100 possible nodes which exceeds the "
                "maximum limit of 500,000.",
            }
        ]
    }


async def test_a_budget_that_does_not_suffice_is_spent(shop: Shop, client: Client) -> None:
    shop.github.limits.requests_per_hour = shop.github.site.budget.spent.total() + 2
    commits = "commits(first: 100) { nodes { commit { parents(first: 100) { nodes {"
    commits += " parents(first: 1) { totalCount } } } } } }"
    query = f"{{ {SHOP} {{ pullRequest(number: 1) {{ {commits} }} }} }}"

    answer = await client._send("POST", shop.github.graphql_url, {"query": query}, {})

    assert answer.status == 403
    assert "API rate limit exceeded" in answer.body["message"]
