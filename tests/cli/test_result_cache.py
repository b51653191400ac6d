"""What is kept of a run never makes the next one say anything else."""

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot import analysis
from bot.cli import examination, result_cache
from bot.cli.local_tree import LocalTree
from bot.cli.result_cache import FOLDER
from bot.isolation.fork_client import ForkClient
from tests.cli.conftest import CLEAN, NEVER_RUNS, Awaited, Run, Tree

CHILD = (
    "from base import Common\n\n\n"
    "class TestChild(Common):\n"
    "    async def test_never(self):\n"
    "        assert True\n"
)
PLAIN = "class Common:\n    pass\n"
TEST_CASE = "import unittest\n\n\nclass Common(unittest.TestCase):\n    pass\n"
FIXTURE = "import pytest\n\n\n@pytest.fixture\nasync def value():\n    return 1\n"

CHANGES: dict[str, tuple[Mapping[str, str], Mapping[str, str | None]]] = {
    "the file": ({"test_a.py": CLEAN}, {"test_a.py": NEVER_RUNS}),
    "a base class": ({"test_a.py": CHILD, "base.py": PLAIN}, {"base.py": TEST_CASE}),
    "a base class far away": (
        {"test_a.py": CHILD, "base.py": "from far import Common\n", "far.py": PLAIN},
        {"far.py": TEST_CASE},
    ),
    "a conftest file": (
        {"test_a.py": NEVER_RUNS, "conftest.py": ""},
        {"conftest.py": "def pytest_pyfunc_call(pyfuncitem):\n    return run(pyfuncitem)\n"},
    ),
    "a conftest file that comes": (
        {"test_a.py": NEVER_RUNS},
        {"conftest.py": "def pytest_pyfunc_call(pyfuncitem):\n    return run(pyfuncitem)\n"},
    ),
    "a plugin that a conftest file names": (
        {"test_a.py": CLEAN, "conftest.py": "", "plugin.py": FIXTURE},
        {"conftest.py": "pytest_plugins = ['plugin']\n"},
    ),
    "pytest.ini": (
        {"test_a.py": NEVER_RUNS, "pytest.ini": "[pytest]\n"},
        {"pytest.ini": "[pytest]\nasyncio_mode = auto\n"},
    ),
    "which tests are collected": (
        {"test_a.py": NEVER_RUNS, "check_b.py": NEVER_RUNS, "pytest.ini": "[pytest]\n"},
        {"pytest.ini": "[pytest]\npython_files = check_*.py\n"},
    ),
    "pins": (
        {"test_a.py": NEVER_RUNS, "requirements.txt": "pytest\npytest-asyncio\n"},
        {"requirements.txt": "pytest\n"},
    ),
    "our own configuration": (
        {"test_a.py": NEVER_RUNS, ".awaited.toml": ""},
        {".awaited.toml": 'ignore = ["AWT103"]\n'},
    ),
    "a file that takes the place of an import": (
        {"test_a.py": CHILD},
        {"base.py": TEST_CASE},
    ),
    "a package that takes the place of a module": (
        {"test_a.py": CHILD, "base.py": PLAIN},
        {"base/__init__.py": TEST_CASE},
    ),
    "a file that goes": ({"test_a.py": CHILD, "base.py": TEST_CASE}, {"base.py": None}),
}


def said(run: Run) -> tuple[int, object]:
    return run.code, run.json


@pytest.mark.parametrize(("files", "changed"), CHANGES.values(), ids=CHANGES)
def test_a_change_of_what_a_verdict_read_is_seen(
    tree: Tree,
    awaited: Awaited,
    files: Mapping[str, str],
    changed: Mapping[str, str | None],
) -> None:
    root = tree({**files, "test_other.py": NEVER_RUNS.replace("never", "other")})
    before = said(awaited("check", "--json"))
    assert said(awaited("check", "--json")) == before
    for path, text in changed.items():
        file = root / path
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(exist_ok=True)
            file.write_text(text)

    after = said(awaited("check", "--json"))

    assert after != before
    assert after == said(awaited("check", "--json", "--no-cache"))


def test_nothing_is_started_where_nothing_has_changed(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree({"test_a.py": NEVER_RUNS, "test_b.py": CLEAN})
    first = said(awaited("check", "--json"))

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(ForkClient, "start", refuse)
    monkeypatch.setattr(ForkClient, "fork", refuse)

    assert said(awaited("check", "--json")) == first
    assert awaited("check", "--json", "--no-cache").code == 2


def test_what_python_keeps_of_our_code_does_not_matter(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree({"test_a.py": NEVER_RUNS})
    first = said(awaited("check", "--json"))
    kept = Path(analysis.__file__).parent / "__pycache__"
    kept.mkdir(exist_ok=True)
    monkeypatch.setattr(ForkClient, "start", None)
    monkeypatch.setattr(ForkClient, "fork", None)

    (kept / "draft").write_bytes(b"")
    (kept / "draft").unlink()

    assert said(awaited("check", "--json")) == first


def test_a_suppression_expires_where_nothing_else_has_changed(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = "async def test_never():"
    reason = f"{line}  # awaited: ignore[AWT103] until=2026-06-15 soon"
    tree({"test_a.py": NEVER_RUNS.replace(line, reason)})

    def on(day: int) -> int:
        monkeypatch.setattr(examination, "datetime", _Clock(datetime(2026, 6, day, tzinfo=UTC)))
        return awaited("check").code

    assert [on(14), on(15), on(16)] == [0, 0, 1]


@dataclass(frozen=True)
class _Clock:
    instant: datetime

    def now(self) -> datetime:
        return self.instant


def test_another_day_and_another_page_of_prose_change_nothing(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    first = said(awaited("check", "--json"))
    monkeypatch.setattr(ForkClient, "start", None)
    monkeypatch.setattr(ForkClient, "fork", None)
    monkeypatch.setattr(examination, "datetime", _Clock(datetime(2037, 1, 1, tzinfo=UTC)))

    (root / "README.md").write_text("# Read me\n")

    assert said(awaited("check", "--json")) == first


def test_a_file_that_was_settled_is_not_read_again(
    tree: Tree, awaited: Awaited, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    os.utime(root / "test_a.py", ns=(0, 0))
    monkeypatch.setattr(result_cache, "_GRAIN", -(10**18))
    first = said(awaited("check", "--json"))

    def refuse(*_: object) -> None:
        raise AssertionError("a file was read")

    with monkeypatch.context() as context:
        context.setattr(LocalTree, "read", refuse)
        assert said(awaited("check", "--json")) == first

    (root / "test_a.py").write_text(NEVER_RUNS.replace("never", "notat"))
    os.utime(root / "test_a.py", ns=(0, 0))

    assert "test_notat" in awaited("check", "--json").out


def test_other_options_are_another_result(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": NEVER_RUNS})

    assert awaited("check").code == 1
    assert awaited("check", "--ignore", "AWT103").code == 0
    assert awaited("check").code == 1


def test_a_file_that_could_not_be_checked_is_looked_at_again(tree: Tree, awaited: Awaited) -> None:
    tree({"test_a.py": b"\xff\n", "test_b.py": CLEAN})

    first = said(awaited("check", "--json"))

    assert first[0] == 1
    assert said(awaited("check", "--json")) == first


@pytest.mark.parametrize("damage", [b"", b"\0" * 100, b"\xff"], ids=["empty", "zeros", "cut"])
def test_a_damaged_result_is_none(tree: Tree, awaited: Awaited, damage: bytes) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    first = said(awaited("check", "--json"))
    for file in results(root):
        file.write_bytes(file.read_bytes()[:50] if damage == b"\xff" else damage)

    assert said(awaited("check", "--json")) == first


def test_a_result_that_a_repository_brings_along_is_not_believed(
    tree: Tree, awaited: Awaited
) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    first = said(awaited("check", "--json"))
    (file,) = results(root)
    stored = msgspec.msgpack.decode(file.read_bytes()[32:])
    stored["files"]["test_a.py"]["findings"] = []
    file.write_bytes(bytes(32) + msgspec.msgpack.encode(stored))

    assert said(awaited("check", "--json")) == first


def test_results_are_hidden_from_git_and_from_the_analysis(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": CLEAN})

    awaited("check")

    assert (root / FOLDER / ".gitignore").read_text() == "*\n"
    (root / FOLDER / "test_b.py").write_text(NEVER_RUNS)
    assert awaited("check", "--no-cache").code == 0


def test_a_tree_that_cannot_be_written_to_is_checked_all_the_same(
    tree: Tree, awaited: Awaited
) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    (root / FOLDER).write_text("in the way")

    assert awaited("check").code == 1


def test_no_cache_leaves_nothing_behind(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": CLEAN})

    awaited("check", "--no-cache")

    assert not (root / FOLDER).exists()


def test_results_may_be_kept_elsewhere(tree: Tree, awaited: Awaited, tmp_path: Path) -> None:
    root = tree({"test_a.py": CLEAN})

    awaited("check", "--cache-dir", str(tmp_path / "kept"))

    assert list((tmp_path / "kept").glob("*.result"))
    assert not (root / FOLDER).exists()


def test_clean_forgets_what_was_kept(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": CLEAN})
    awaited("check")

    assert awaited("clean").code == 0
    assert not (root / FOLDER).exists()
    assert "Nothing is kept" in awaited("clean").out


def test_runs_at_the_same_time_do_not_hurt_each_other(tree: Tree, awaited: Awaited) -> None:
    root = tree({"test_a.py": NEVER_RUNS})
    first = said(awaited("check", "--json"))
    (file,) = results(root)
    content = file.read_bytes()
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            draft = file.with_suffix(".other")
            draft.write_bytes(content)
            draft.replace(file)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        runs = [said(awaited("check", "--json")) for _ in range(5)]
    finally:
        stop.set()
        thread.join()

    assert runs == [first] * 5


def results(root: Path) -> list[Path]:
    return list((root / FOLDER).glob("*.result"))
