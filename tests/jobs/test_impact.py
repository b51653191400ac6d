"""What a change can break without touching it is checked too."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.github.changes import ChangedFile
from bot.isolation.analyser import Analyser
from bot.jobs import impact
from bot.jobs.impact import Impact, concerns_others, impact_of, shadowed, touched
from bot.sandbox.github import GitHub
from bot.sandbox.model import CheckRun
from tests.jobs.stage import NEVER_RUNS, Stage, staged

AUTO = "[pytest]\nasyncio_mode = auto\n"
STRICT = "[pytest]\nasyncio_mode = strict\n"
PROJECT = (
    "[project]\nname = 'shop'\nversion = '1'\n\n[tool.pytest.ini_options]\nasyncio_mode = 'auto'\n"
)


@pytest.fixture
async def stage(github: GitHub, tmp_path: Path, analyser: Analyser) -> AsyncIterator[Stage]:
    async with staged(github, tmp_path, analyser) as set_up:
        yield set_up


async def verdict(stage: Stage, files: dict[str, bytes | str]) -> CheckRun:
    pull = await stage.pull(files)
    await stage.check(pull.number).run(stage.bench)
    return stage.run(pull.head_sha)


async def test_a_mode_that_is_switched_off_turns_the_tests_red_that_needed_it(
    stage: Stage,
) -> None:
    stage.repository.commit({"pytest.ini": AUTO, "tests/test_old.py": NEVER_RUNS})

    run = await verdict(stage, {"pytest.ini": STRICT})

    assert (run.conclusion, run.title) == ("failure", "1 async test never runs")
    assert run.annotations[0]["path"] == "tests/test_old.py"
    assert not run.actions


async def test_a_mode_that_nobody_needed_may_go(stage: Stage) -> None:
    stage.repository.commit({"pytest.ini": AUTO})

    run = await verdict(stage, {"pytest.ini": STRICT})

    assert (run.conclusion, run.title) == (
        "success",
        "Every async test runs in 1 unchanged file",
    )


async def test_what_never_ran_anyway_is_known(stage: Stage) -> None:
    stage.repository.commit({"pytest.ini": STRICT, "tests/test_old.py": NEVER_RUNS})

    run = await verdict(stage, {"pytest.ini": STRICT + "addopts = -q\n"})

    assert (run.conclusion, run.title) == ("success", "No new problems, 1 known before")


async def test_a_conftest_file_concerns_the_tests_below_it(stage: Stage) -> None:
    hook = (
        "import asyncio\n\n\n"
        "def pytest_pyfunc_call(pyfuncitem):\n"
        "    asyncio.run(pyfuncitem.obj())\n"
        "    return True\n"
    )
    stage.repository.commit({"tests/it/conftest.py": hook, "tests/it/test_old.py": NEVER_RUNS})

    run = await verdict(stage, {"tests/it/conftest.py": "import pytest\n"})

    assert run.conclusion == "failure"
    assert run.annotations[0]["path"] == "tests/it/test_old.py"


async def test_a_new_version_of_the_project_concerns_no_test(stage: Stage) -> None:
    stage.repository.commit({"pyproject.toml": PROJECT, "tests/test_old.py": NEVER_RUNS})

    run = await verdict(stage, {"pyproject.toml": PROJECT.replace("'1'", "'2'")})

    assert run.title == "No async tests changed"


async def test_more_than_can_be_checked_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(impact, "MOST", 1)
    stage.repository.commit({"pytest.ini": AUTO, "tests/test_old.py": NEVER_RUNS})

    run = await verdict(stage, {"pytest.ini": AUTO + "addopts = -q\n"})

    assert run.conclusion == "success"
    assert "1 more test files" in (run.summary or "")


async def test_a_pin_in_a_lock_file_concerns_the_tests_below_it(stage: Stage) -> None:
    lock = '[[package]]\nname = "pytest-asyncio"\nversion = "1.2.0"\n'
    stage.repository.commit({"uv.lock": lock})

    run = await verdict(stage, {"uv.lock": lock.replace("1.2.0", "1.3.0")})

    assert run.title == "Every async test runs in 1 unchanged file"


def changed(path: str, patch: str | None = "", before: str | None = None) -> ChangedFile:
    return ChangedFile(path, "modified", before, None, patch)


def locked(name: str) -> str:
    return f'@@ -9,3 +9,3 @@\n [[package]]\n name = "{name}"\n-version = "1"\n+version = "2"\n'


@pytest.mark.parametrize(
    "file",
    [
        changed("conftest.py"),
        changed("pytest.ini"),
        changed("tox.ini", "@@ -1 +1 @@\n-addopts = -q\n+addopts ="),
        changed("pyproject.toml", None),
        changed("requirements-dev.txt", "@@ -1 +1 @@\n-pytest-asyncio==1.3.0\n+x"),
        changed("helpers.py", before="conftest.py"),
        changed("environment.yml", "@@ -1 +1 @@\n-  - pytest-asyncio=1.2\n+  - rich"),
        changed(".github/workflows/ci.yml", "@@ -1 +1 @@\n-run: pytest -o asyncio_mode=auto\n+x"),
        changed("poetry.lock", locked("anyio")),
        changed("uv.lock", None),
        changed("pylock.toml", locked("pytest")),
    ],
)
def test_what_configures_pytest_concerns_others(file: ChangedFile) -> None:
    assert concerns_others([file])


@pytest.mark.parametrize(
    "file",
    [
        changed("tests/test_pay.py"),
        changed("pyproject.toml", "@@ -1 +1 @@\n pytest\n-version = 1\n+version = 2"),
        changed("docs/requirements.md", "@@ -1 +1 @@\n+pytest"),
        changed(".github/workflows/ci.yml", "@@ -1 +1 @@\n-on: push\n+on: pull_request"),
        changed("words.txt", "@@ -1 +1 @@\n+pytest"),
        changed("uv.lock", locked("async-timeout")),
        changed("uv.lock", locked("patriot")),
    ],
)
def test_what_does_not_concerns_nobody(file: ChangedFile) -> None:
    assert not concerns_others([file])


def test_tests_below_the_folder_are_concerned_and_changed_ones_are_checked_anyway() -> None:
    paths = ["a/test_a.py", "a/b/b_test.py", "a/helper.py", "a/test_changed.py", "ab/test_c.py"]
    files = [changed("a/conftest.py"), changed("a/test_changed.py")]

    assert impact_of(files, paths) == Impact(("a/b/b_test.py", "a/test_a.py"))


def test_there_is_no_impact_without_configuration() -> None:
    assert impact_of([changed("a/test_a.py")], ["a/test_b.py"]) == Impact()


@pytest.mark.parametrize(
    ("path", "concerned"),
    [
        ("app/requirements/dev.txt", ("app/test_a.py", "app/tests/test_b.py")),
        ("app/scripts/test.sh", ("app/test_a.py", "app/tests/test_b.py")),
        ("app/tests/tox.ini", ("app/tests/test_b.py",)),
        ("app/tests/conftest.py", ("app/tests/test_b.py",)),
        ("app/tests/uv.lock", ("app/tests/test_b.py",)),
        (".github/workflows/ci.yml", ("app/test_a.py", "app/tests/test_b.py", "test_c.py")),
    ],
)
def test_a_file_concerns_what_lies_below_the_folder_that_it_configures(
    path: str, concerned: tuple[str, ...]
) -> None:
    paths = ["app/test_a.py", "app/tests/test_b.py", "test_c.py"]
    patch = "@@ -1,2 +1,2 @@\n+pytest" if "lock" not in path else None

    assert impact_of([changed(path, patch)], paths) == Impact(concerned)


def test_who_has_read_what_is_touched_comes_before_what_lies_below_configuration() -> None:
    paths = ["a/test_a.py", "b/checks.py", "c/changed.py"]
    files = [changed("a/conftest.py"), changed("c/changed.py")]

    found = impact_of(files, paths, {"b/checks.py", "a/test_a.py", "c/changed.py", "gone.py"})

    assert found == Impact(("a/test_a.py", "b/checks.py"))


def test_beyond_the_most_the_rest_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(impact, "MOST", 2)
    paths = ["a/test_a.py", "a/test_b.py", "z/test_z.py"]

    found = impact_of([changed("a/conftest.py")], paths, ["z/test_z.py"])

    assert found == Impact(("z/test_z.py", "a/test_a.py"), 1)


def test_modules_are_touched_under_the_names_that_they_had_and_have() -> None:
    files = [changed("new.py", before="old.py"), changed("words.md"), changed("a.py")]

    assert touched(files) == {"new.py", "old.py", "a.py"}


def came(path: str) -> ChangedFile:
    return ChangedFile(path, "added", None, None)


@pytest.mark.parametrize(
    ("file", "found"),
    [
        # What `import cases` may have found until now, as a module and as a package.
        (came("cases.py"), {"lib/cases.py", "src/cases/__init__.py"}),
        (came("tests/cases/__init__.py"), {"lib/cases.py", "src/cases/__init__.py"}),
        # In a package its name is a longer one.
        (came("shop/cases.py"), set[str]()),
        (came("till/cases.py"), {"lib/cases.py", "src/cases/__init__.py"}),
        (came("cases.txt"), set[str]()),
        (changed("cases.py"), set[str]()),
        # A package that comes or goes gives other names to what is in it.
        (came("lib/__init__.py"), {"lib/cases.py"}),
        (ChangedFile("tests/__init__.py", "removed", None, None), {"tests/test_a.py"}),
        (changed("tests/__init__.py"), set[str]()),
    ],
)
def test_modules_that_come_shadow_those_of_their_name(file: ChangedFile, found: set[str]) -> None:
    paths = {"lib/cases.py", "src/cases/__init__.py", "shop/__init__.py", "tests/test_a.py"}
    after = paths if file.status == "removed" else {*paths, file.path}

    assert shadowed([file], after) == found
