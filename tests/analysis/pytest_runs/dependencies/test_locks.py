"""Exact versions from lock files."""

import pytest

from bot.analysis.pytest_runs.dependencies.declaration import Weight
from bot.analysis.pytest_runs.dependencies.locks import from_lock, is_lock
from tests.analysis.pytest_runs.dependencies.declared import declarations, declared

POETRY = """
[[package]]
name = "anyio"
version = "4.11.0"
description = "x"

[[package]]
name = "Pytest_Asyncio"
version = "1.2.0"
"""
UV = """
version = 1
[[package]]
name = "mine"
source = { virtual = "." }

[[package]]
name = "pytest"
version = "8.4.2"
source = { registry = "x" }
"""
PYLOCK = '[[packages]]\nname = "pytest"\nversion = "9.0.1"\n'
PIPFILE = """
{"_meta": {"a": 1}, "default": {"a": {"version": "==1"}, "b": {}},
 "develop": {"c": {"version": "==2"}}}
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("poetry.lock", POETRY, {"anyio": "==4.11.0", "pytest-asyncio": "==1.2.0"}),
        ("uv.lock", UV, {"mine": "", "pytest": "==8.4.2"}),
        ("pylock.toml", PYLOCK, {"pytest": "==9.0.1"}),
        ("Pipfile.lock", PIPFILE, {"a": "==1", "c": "==2"}),
        ("Pipfile.lock", "{", {}),
        ("Pipfile.lock", "[1]", {}),
        ("uv.lock", "", {}),
    ],
)
def test_locked_versions_are_exact(path: str, text: str, expected: dict[str, str]) -> None:
    assert declared(from_lock, path, text) == expected


def test_nobody_says_which_locked_packages_were_asked_for() -> None:
    (one,) = declarations(from_lock, "pylock.toml", {"pylock.toml": PYLOCK})

    assert (one.weight, one.direct, one.needs) == (Weight.LOCK, False, True)


@pytest.mark.parametrize(
    "path",
    ["poetry.lock", "a/uv.lock", "pdm.lock", "Pipfile.lock", "pylock.toml", "pylock.dev.toml"],
)
def test_lock_files_are_known_by_their_names(path: str) -> None:
    assert is_lock(path)


@pytest.mark.parametrize("path", ["yarn.lock", "pylock.txt", "pyproject.toml", "poetry.lock.bak"])
def test_other_files_are_no_locks(path: str) -> None:
    assert not is_lock(path)
