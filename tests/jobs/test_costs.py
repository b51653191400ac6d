"""What a check costs in requests to GitHub, until its check run is completed."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun
from tests.jobs.stage import NEVER_RUNS, Stage, staged

MINTING = "apps/create-installation-access-token"
# The base of the tests, two imports away.
REACH = {
    "tests/base.py": "from shop.cases import Case\n",
    "shop/__init__.py": "",
    "shop/cases.py": "import unittest\n\n\nclass Case(unittest.TestCase):\n    pass\n",
}
GREEN = """from tests.base import Case


class Test{n}(Case):
    def test_{n}(self):
        self.assertTrue({n})
"""
RED = GREEN.replace("    def test", "    async def test")


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        set_up.repository.commit(REACH)
        # The verdict comes in time, however slow the machine is.
        yield replace(set_up, bench=replace(set_up.bench, patience=600))


def files_of(count: int, text: str = GREEN) -> dict[str, bytes | str]:
    return {f"tests/test_{n}.py": text.format(n=n) for n in range(count)}


async def cost(stage: Stage, number: int, **fields: object) -> tuple[CheckRun, Counter[str]]:
    """Check, and return the newest check run and what was asked for it."""
    stage.github.requests.clear()
    await stage.check(number, **fields).run(stage.bench)
    asked = Counter(stage.github.requests)
    del asked[MINTING]
    head = stage.repository.pulls[number].head_sha
    return stage.runs(head)[-1], asked


@pytest.mark.parametrize(("count", "most"), [(1, 7), (10, 7), (100, 9)])
@pytest.mark.parametrize(("before", "after"), [(GREEN, GREEN + "\n"), (RED, RED + RED), ("", RED)])
async def test_a_check_costs_a_handful_of_requests_however_many_files_change(
    stage: Stage, count: int, most: int, before: str, after: str
) -> None:
    if before:
        stage.repository.commit(files_of(count, before))
    pull = await stage.pull(files_of(count, after))

    run, asked = await cost(stage, pull.number)

    # Beyond fifty annotations each fifty more are a request; the run is begun before them.
    annotations = len(run.annotations)
    further = 1 + (annotations - 1) // 50 if annotations > 50 else 0
    assert run.status == "completed"
    assert asked.total() <= most + further, asked


async def test_a_verdict_that_comes_at_once_is_published_at_once(stage: Stage) -> None:
    pull = await stage.pull({"tests/test_bad.py": NEVER_RUNS})

    run, asked = await cost(stage, pull.number)

    assert run.conclusion == "failure"
    assert len(run.annotations) == 1
    assert [action["label"] for action in run.actions]
    assert asked["checks/create"] == 1
    assert "checks/update" not in asked


async def test_the_same_head_once_more_costs_three_requests(stage: Stage) -> None:
    pull = await stage.pull(files_of(10, RED))
    first, _ = await cost(stage, pull.number)

    again, asked = await cost(stage, pull.number, again_at=pull.head_sha)

    assert again.id != first.id
    assert again.summary == first.summary
    assert asked == {
        "graphql/repository": 1,
        "repos/compare-commits-with-basehead": 1,
        "checks/create": 1,
    }


async def test_the_same_files_under_another_head_cost_four_requests(stage: Stage) -> None:
    pull = await stage.pull(files_of(10, RED))
    await cost(stage, pull.number)
    await stage.push({"README.md": "More words.\n"})

    run, asked = await cost(stage, pull.number)

    assert run.conclusion == "failure"
    assert asked == {
        "graphql/repository": 1,
        "repos/compare-commits-with-basehead": 1,
        "git/get-tree": 1,
        "checks/create": 1,
    }


@pytest.mark.parametrize(("count", "most"), [(1, 7), (10, 7), (100, 8)])
async def test_unchanged_tests_that_a_change_concerns_cost_as_much_as_changed_ones(
    stage: Stage, count: int, most: int
) -> None:
    runs = REACH["shop/cases.py"].replace("TestCase", "IsolatedAsyncioTestCase")
    stage.repository.commit({"shop/cases.py": runs})
    pull = await stage.pull(files_of(count, RED), "merged")
    await cost(stage, pull.number)
    stage.repository.commit(files_of(count, RED))
    # Nothing is remembered but what is stored.
    stage.bench.github._memories.clear()

    pull = await stage.pull({"shop/cases.py": REACH["shop/cases.py"]})
    run, asked = await cost(stage, pull.number)

    further = 1 + (count - 1) // 50 if count > 50 else 0
    assert (run.conclusion, len(run.annotations)) == ("failure", count)
    assert asked.total() <= most + further, asked


async def test_what_is_known_of_others_costs_no_request_where_nobody_is_concerned(
    stage: Stage,
) -> None:
    pull = await stage.pull(files_of(10), "merged")
    await cost(stage, pull.number)
    stage.repository.commit({**files_of(10), "shop/prices.py": "def total():\n    return 1\n"})

    pull = await stage.pull({"shop/prices.py": "async def total():\n    return 1\n"})
    _, asked = await cost(stage, pull.number)
    await stage.github.push(stage.repository, "gone", {}, stage.alice, deleted=["shop/prices.py"])
    other = await stage.github.open_pull_request(stage.repository, head="gone", user=stage.alice)
    _, asked_less = await cost(stage, other.number)

    assert asked.total() == 5, asked
    assert asked_less == {
        "graphql/repository": 1,
        "repos/compare-commits-with-basehead": 1,
        "checks/create": 1,
    }


@pytest.mark.parametrize("text", [GREEN, RED])
async def test_the_configuration_of_the_base_costs_no_request_of_its_own(
    stage: Stage, text: str
) -> None:
    stage.repository.commit({".awaited.toml": "exclude = ['docs']\n"})
    plain = await stage.pull(files_of(1, text), "plain")
    changing = await stage.pull(
        {**files_of(1, text.replace("{n}", "1{n}")), ".awaited.toml": "exclude = ['doc']\n"},
        "changing",
    )
    await stage.push(files_of(1, text.replace("{n}", "2{n}")), "behind")
    stage.repository.commit({".awaited.toml": "exclude = ['examples']\n"})
    behind = await stage.github.open_pull_request(
        stage.repository, head="behind", user=stage.alice
    )

    costs: list[int] = []
    for pull in (plain, changing, behind):
        stage.bench.github._memories.clear()
        _, asked = await cost(stage, pull.number)
        costs.append(asked.total())

    assert costs[0] == costs[1] == costs[2] <= 7


def readings_of_owners(stage: Stage) -> int:
    """Count the requests about the repository with what the owner has for all others."""
    asked = (each for each in stage.github.exchanges if each.operation == "graphql/repository")
    return sum(each.body["variables"]["name"] == ".github" for each in asked)


async def test_what_an_organisation_has_for_all_costs_one_request_for_many_checks(
    stage: Stage,
) -> None:
    stage.inherit("exclude = ['docs']\n")
    pulls = [await stage.pull(files_of(1, RED), branch=f"branch-{n}") for n in range(3)]

    costs = [await cost(stage, pull.number) for pull in pulls]

    for run, _ in costs:
        assert "configured by `octo-org/.github/.awaited.toml`" in (run.summary or "")
    assert readings_of_owners(stage) == 1
    assert costs[0][1].total() <= 7 + 1


async def test_what_is_out_of_reach_costs_no_request_but_a_token(stage: Stage) -> None:
    pull = await stage.pull(files_of(1, RED))

    run, asked = await cost(stage, pull.number)

    assert "`octo-org/.github`: no configuration is inherited" in (run.summary or "")
    assert asked.total() <= 7
