"""Unchanged tests that depend on what a pull request changes, by what earlier verdicts read."""

import sqlite3
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.analysis.request import Fixing, Report, Request
from bot.isolation.analyser import Analyser, Fetch
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs import impact, judging
from bot.jobs.known_dependents import KnownDependents
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun
from tests.jobs.stage import GOOD, NEVER_RUNS, Stage, staged

Files = dict[str, bytes | str]

# A test whose base class stands three modules away.
ORDER = """from tests.base import Case


class TestOrder(Case):
    async def test_order(self):
        self.assertTrue(True)
"""
CHAIN = {
    "tests/test_order.py": ORDER,
    "tests/base.py": "from shop.testing import Case\n",
    "shop/__init__.py": "",
    "shop/testing.py": "from shop.cases import Case\n",
    "shop/cases.py": (
        "from unittest import IsolatedAsyncioTestCase\n\n\n"
        "class Case(IsolatedAsyncioTestCase):\n    pass\n"
    ),
}
PLAIN = "import unittest\n\n\nclass Case(unittest.TestCase):\n    pass\n"


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def merged(stage: Stage, files: Files) -> None:
    """Have a pull request checked, and its files come into the base branch."""
    pull = await stage.pull(files, "merged")
    await stage.check(pull.number).run(stage.bench)
    assert stage.run(pull.head_sha).conclusion == "success"
    stage.repository.commit(files)


async def verdict(
    stage: Stage, files: Files, deleted: Sequence[str] = (), branch: str = "feature"
) -> CheckRun:
    """Push a branch with these files, open a pull request and check it."""
    await stage.github.push(stage.repository, branch, files, stage.alice, deleted=list(deleted))
    pull = await stage.github.open_pull_request(stage.repository, head=branch, user=stage.alice)
    await stage.check(pull.number).run(stage.bench)
    return stage.run(pull.head_sha)


def places(run: CheckRun) -> list[str]:
    return [str(each["path"]) for each in run.annotations]


async def test_a_base_class_three_modules_away_no_longer_runs_coroutines(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))

    run = await verdict(stage, {"shop/cases.py": PLAIN})

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")
    assert places(run) == ["tests/test_order.py"]
    assert not run.actions
    assert (
        "`tests/test_order.py:5`: AWT101 in `TestOrder.test_order`, which depends on "
        "`shop/cases.py`"
    ) in (run.summary or "")


async def test_a_helper_becomes_async_and_a_test_goes_on_calling_it_without_await(
    stage: Stage,
) -> None:
    test = (
        "import pytest\n\nfrom tests.prices import total\n\n\n"
        "@pytest.mark.asyncio\nasync def test_total():\n    total()\n"
    )
    helper = "def total():\n    return 3\n"
    await merged(stage, {"tests/test_total.py": test, "tests/prices.py": helper})

    run = await verdict(stage, {"tests/prices.py": f"async {helper}"})

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_total.py"]


async def test_a_decorator_no_longer_passes_on_what_it_wraps(stage: Stage) -> None:
    test = (
        "import pytest\n\nfrom tests.again import again\n\n\n"
        "@pytest.mark.asyncio\n@again\nasync def test_order():\n    assert True\n"
    )
    waiting = (
        "import functools\n\n\n"
        "def again(test):\n"
        "    @functools.wraps(test)\n"
        "    async def wrapper(*args, **kwargs):\n"
        "        return await test(*args, **kwargs)\n\n"
        "    return wrapper\n"
    )
    losing = waiting.replace("    async def", "    def").replace("await ", "")
    await merged(stage, {"tests/test_order.py": test, "tests/again.py": waiting})

    run = await verdict(stage, {"tests/again.py": losing})

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_order.py"]


async def test_a_plugin_module_no_longer_brings_what_ran_the_tests(stage: Stage) -> None:
    hook = (
        "import asyncio\n\n\n"
        "def pytest_pyfunc_call(pyfuncitem):\n"
        "    asyncio.run(pyfuncitem.obj())\n"
        "    return True\n"
    )
    test = "async def test_order():\n    assert True\n"
    await merged(
        stage,
        {
            "conftest.py": "pytest_plugins = ['support.running']\n",
            "support/__init__.py": "",
            "support/running.py": hook,
            "tests/test_order.py": test,
        },
    )

    run = await verdict(stage, {"support/running.py": "import asyncio\n"})

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_order.py"]


async def test_a_patched_target_becomes_async(stage: Stage) -> None:
    test = (
        "from unittest import mock\n\nimport pytest\n\nfrom shop import mail\n\n\n"
        "@pytest.mark.asyncio\n"
        "async def test_order():\n"
        "    with mock.patch('shop.mail.send', new=mock.Mock(return_value=1)):\n"
        "        await mail.order()\n"
    )
    mail = "def send():\n    return 1\n\n\nasync def order():\n    return send()\n"
    await merged(stage, {"tests/test_mail.py": test, "shop/__init__.py": "", "shop/mail.py": mail})

    changed = mail.replace("def send", "async def send").replace(
        "return send", "return await send"
    )
    run = await verdict(stage, {"shop/mail.py": changed})

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_mail.py"]


async def test_a_module_that_goes_leaves_another_of_its_name(stage: Stage) -> None:
    files = {
        "tests/test_order.py": ORDER.replace("tests.base", "cases"),
        "tests/cases.py": CHAIN["shop/cases.py"],
        "cases.py": PLAIN,
    }
    await merged(stage, dict(files))

    run = await verdict(stage, {}, deleted=["tests/cases.py"])

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_order.py"]


async def test_a_module_that_comes_is_found_before_another_of_its_name(stage: Stage) -> None:
    files = {
        "tests/test_order.py": ORDER.replace("tests.base", "cases"),
        "cases.py": CHAIN["shop/cases.py"],
    }
    await merged(stage, dict(files))

    run = await verdict(stage, {"tests/cases.py": PLAIN})

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_order.py"]


async def test_a_module_takes_the_place_of_another_by_a_new_name(stage: Stage) -> None:
    await merged(stage, {**CHAIN, "shop/plain.py": PLAIN})

    run = await verdict(stage, {"shop/cases.py": PLAIN}, deleted=["shop/plain.py"])

    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_order.py"]


async def test_what_never_ran_before_the_change_is_known(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))
    stage.repository.commit({"shop/cases.py": PLAIN})

    run = await verdict(stage, {"shop/cases.py": f"{PLAIN}\n\nTOTAL = 1\n"})

    assert (run.conclusion, run.title) == ("success", "No new problems, 1 known before")


async def test_a_change_that_breaks_nothing_is_green_and_says_what_was_looked_at(
    stage: Stage,
) -> None:
    await merged(stage, dict(CHAIN))

    run = await verdict(stage, {"shop/cases.py": f"{CHAIN['shop/cases.py']}\n\nTOTAL = 1\n"})

    assert (run.conclusion, run.title) == (
        "success",
        "Every async test runs in 1 unchanged file",
    )


async def test_a_fix_leaves_unchanged_tests_alone(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))
    run = await verdict(stage, {"shop/cases.py": PLAIN})
    head = stage.repository.head("feature")

    await stage.fix(2, unsafe=True).run(stage.bench)

    assert run.conclusion == "failure"
    assert stage.repository.head("feature") == head


async def test_a_merge_group_is_judged_by_what_was_read_too(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))
    pull = await stage.pull({"shop/cases.py": PLAIN})

    (group,) = await stage.queued(pull)
    await stage.check_group(group).run(stage.bench)

    run = stage.run(group.head_sha)
    assert run.conclusion == "failure"
    assert places(run) == ["tests/test_order.py"]


async def test_what_the_verdict_on_a_merge_group_read_is_known(stage: Stage) -> None:
    (group,) = await stage.queued(await stage.pull(dict(CHAIN), "merged"))
    await stage.check_group(group).run(stage.bench)
    stage.repository.commit(dict(CHAIN))

    run = await verdict(stage, {"shop/cases.py": PLAIN})

    assert places(run) == ["tests/test_order.py"]


async def test_without_an_earlier_verdict_nothing_but_the_changed_files_is_checked(
    stage: Stage,
) -> None:
    stage.repository.commit(dict(CHAIN))

    run = await verdict(stage, {"shop/cases.py": PLAIN})

    assert (run.conclusion, run.title) == ("success", "No async tests changed")


async def test_a_test_that_a_change_takes_away_or_changes_itself_is_not_concerned(
    stage: Stage,
) -> None:
    await merged(stage, dict(CHAIN))

    gone = await verdict(stage, {"shop/cases.py": PLAIN}, deleted=["tests/test_order.py"])
    awaited = ORDER.replace("async def", "def")
    changed = await verdict(
        stage, {"shop/cases.py": PLAIN, "tests/test_order.py": awaited}, branch="other"
    )

    assert gone.title == "No async tests changed"
    assert changed.title == "Every async test runs in 1 changed file"


async def test_a_fork_cannot_have_dependencies_forgotten(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))
    pull, _ = await stage.fork_pull({"tests/test_order.py": GOOD})
    await stage.check(pull.number).run(stage.bench)

    run = await verdict(stage, {"shop/cases.py": PLAIN}, branch="later")

    assert places(run) == ["tests/test_order.py"]


async def test_a_dependency_that_only_a_fork_has_turns_nothing_red(stage: Stage) -> None:
    stage.repository.commit({**CHAIN, "tests/test_order.py": GOOD})
    pull, _ = await stage.fork_pull({"tests/test_order.py": ORDER})
    await stage.check(pull.number).run(stage.bench)

    run = await verdict(stage, {"shop/cases.py": PLAIN}, branch="later")

    assert (run.conclusion, run.title) == (
        "success",
        "Every async test runs in 1 unchanged file",
    )


async def test_more_dependents_than_are_checked_are_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "MOST", 1)
    await merged(stage, {**CHAIN, "tests/test_other.py": ORDER})

    run = await verdict(stage, {"shop/cases.py": PLAIN})

    assert run.title == "1 async test never runs"
    assert "1 more test files depend on what this change touches" in (run.summary or "")
    assert "beside 1 others" in (run.summary or "")


async def test_only_what_the_tree_holds_is_taken_from_a_report(stage: Stage) -> None:
    """It was made from whatever a repository holds, in a process that may say anything."""
    store = stage.bench.dependents
    known = KnownDependents(store, stage.installation_id, "octo-org/shop")
    read = dict.fromkeys(("test_a.py", "test_gone.py", "tox.ini"), ("base.py", "gone.py"))

    known.note(Report((), (), read=read), {"test_a.py", "tox.ini", "base.py"})
    await known.keep()

    assert await known.of(["base.py"]) == {"test_a.py"}
    assert await known.of(["gone.py"]) == frozenset()


async def test_a_store_that_fails_takes_no_verdict_away(stage: Stage, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "bot.sqlite")) as connection:
        connection.execute("DROP TABLE awaited_dependents")

    with capture_logs() as logs:
        run = await verdict(stage, {"tests/test_new.py": GOOD})

    assert (run.conclusion, run.title) == ("success", "Every async test runs in 1 changed file")
    assert {each["event"] for each in logs} == {
        "dependents cannot be read",
        "dependents cannot be stored",
    }


async def test_in_unchanged_files_only_what_is_new_counts_whatever_counts_in_changed_ones(
    stage: Stage,
) -> None:
    await merged(stage, dict(CHAIN))
    stage.repository.commit({".awaited.toml": "scope = 'changed-files'\n"})
    new = await verdict(stage, {"shop/cases.py": PLAIN})
    stage.repository.commit({"shop/cases.py": PLAIN})

    known = await verdict(stage, {"shop/cases.py": f"{PLAIN}\n\nTOTAL = 1\n"}, branch="later")

    assert new.conclusion == "failure"
    assert (known.conclusion, known.title) == ("success", "No new problems, 1 known before")


async def test_what_cannot_be_compared_counts_in_changed_files_alone(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))
    stage.github.faults.add(Fault("/compare/", "status", status=404, times=99))

    run = await verdict(stage, {"shop/cases.py": PLAIN, "tests/test_new.py": NEVER_RUNS})

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")
    assert places(run) == ["tests/test_new.py"]
    assert "before this change: 1 problem in files that it leaves alone" in (run.summary or "")


class Overwhelmed(Analyser):
    """A real analyser for which more than so many files at once are too much."""

    def __init__(self, real: Analyser, most: Mapping[Fixing, int]) -> None:
        super().__init__()
        self._real = real
        self._most = most

    async def analyse(self, request: Request, fetch: Fetch) -> Report:
        """Analyse what is not too much."""
        if len(request.candidates or ()) > self._most[request.fixing]:
            raise AnalysisTooLarge("the analysis took longer than 60 seconds")
        return await self._real.analyse(request, fetch)


# Of the head, or of what was before.
@pytest.mark.parametrize("limited", [Fixing.UNSAFE, Fixing.NONE])
@pytest.mark.parametrize(
    ("most", "told"),
    [
        (4, ("3 async tests never run", "")),
        (3, ("1 async test never runs", "2 more test files")),
        (1, ("No async tests changed", "3 more test files")),
    ],
)
async def test_unchanged_files_that_are_too_much_are_left_out(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    limited: Fixing,
    most: int,
    told: tuple[str, str],
) -> None:
    monkeypatch.setattr(judging, "_FEW", 1)
    more = {f"tests/test_{number}.py": ORDER for number in range(2)}
    await merged(stage, {**CHAIN, **more})
    analyser = Overwhelmed(stage.bench.analyser, defaultdict(lambda: 99, {limited: most}))
    pull = await stage.pull({"shop/cases.py": PLAIN})

    await stage.check(pull.number).run(replace(stage.bench, analyser=analyser))

    run, (title, left_out) = stage.run(pull.head_sha), told
    assert run.title == title
    assert left_out in (run.summary or "")
    assert ("more test files" in (run.summary or "")) == bool(left_out)


async def test_changed_files_that_are_too_much_never_pass(stage: Stage) -> None:
    await merged(stage, dict(CHAIN))
    analyser = Overwhelmed(stage.bench.analyser, defaultdict(int))
    pull = await stage.pull({"shop/cases.py": PLAIN})

    await stage.check(pull.number).run(replace(stage.bench, analyser=analyser))

    assert stage.run(pull.head_sha).conclusion == "action_required"
