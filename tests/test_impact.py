"""Tests that nobody touched turn red, by what the bot has read of them before it was restarted."""

from pathlib import Path

import pytest

from bot.isolation.analyser import Analyser
from bot.sandbox.github import GitHub
from bot.sandbox.model import User
from tests.stage import Stage

RUNS = """import unittest


class Case(unittest.IsolatedAsyncioTestCase):
    pass
"""
TESTS = {
    "shop/__init__.py": "",
    "shop/cases.py": RUNS,
    "tests/test_total.py": (
        "from shop.cases import Case\n\n\n"
        "class TestTotal(Case):\n"
        "    async def test_total(self):\n"
        "        self.assertEqual(1 + 1, 2)\n"
    ),
}


@pytest.fixture
def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> Stage:
    return Stage.build(github, tmp_path, analyser)


async def test_a_base_class_breaks_tests_that_were_merged_long_ago(
    stage: Stage, mona: User
) -> None:
    async with stage.bot() as bot:
        await stage.github.push(stage.repository, "tests", TESTS, mona)
        pull = await stage.github.open_pull_request(stage.repository, head="tests", user=mona)
        await stage.done(bot)
        assert stage.checks(pull.head_sha)[-1].conclusion == "success"
        await stage.github.merge_pull_request(stage.repository, pull.number, mona)
        await stage.done(bot)

    async with stage.bot() as bot:
        change = {"shop/cases.py": RUNS.replace("IsolatedAsyncio", "")}
        await stage.github.push(stage.repository, "cases", change, mona)
        pull = await stage.github.open_pull_request(stage.repository, head="cases", user=mona)
        await stage.done(bot)

    run = stage.checks(pull.head_sha)[-1]
    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")
    assert [each["path"] for each in run.annotations] == ["tests/test_total.py"]
    assert "which depends on `shop/cases.py`" in (run.summary or "")
