"""The benchmark of the service runs, and counts as GitHub does."""

from collections import Counter

from benchmarks.service.__main__ import Cost, cost_of, measure, table


async def test_both_bots_are_measured_on_the_same_pull_request() -> None:
    costs = await measure(2)

    told = {(one.bot, one.head) for one in costs}
    assert told == {
        (bot, head) for bot in ("awaited", "reference") for head in ("new", "same", "same files")
    }
    assert all(one.requests and one.points >= one.requests for one in costs)


def test_what_writes_costs_five_points_and_minting_is_left_out() -> None:
    asked = Counter(
        {
            "apps/create-installation-access-token": 1,
            "pulls/get": 1,
            "graphql/repository": 2,
            "checks/create": 1,
            "checks/update": 1,
        }
    )

    assert cost_of("awaited", 1, "new", asked, 0.1234) == Cost("awaited", 1, "new", 5, 13, 0.123)


def test_a_row_tells_milliseconds() -> None:
    *_, row = table([Cost("awaited", 10, "new", 7, 11, 0.25)])

    assert row == "| 10 | new | awaited | 7 | 11 | 250 |"
