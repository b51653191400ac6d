"""All runs of a repository, without those that add nothing."""

import pytest

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.runs import resolve_all
from bot.analysis.pytest_runs.versions import read_versions

TREE = {"tests/test_a.py": "", "build/test_b.py": "", "other/test_c.py": "", "script.py": ""}
AUTO = "[pytest]\nasyncio_mode = auto\n"


def runs(script: str, **files: str) -> list[str]:
    """Return where the runs come from that are left over of a script's lines, from one."""
    every = {**TREE, "run.sh": script, **files}
    known = ConfigFiles(every, every)
    return [run.invocation.origin for run in resolve_all(known, read_versions(known))]


@pytest.mark.parametrize(
    "line",
    [
        "pytest",
        "pytest -v tests",
        "pytest -k fast",
        "pytest -m 'not slow' tests",
        "pytest tests/test_a.py",
        "pytest tests/test_a.py::test_it",
        "pytest --ignore=tests",
        "pytest --deselect tests/test_a.py",
        "pytest -o cache_dir=x",
    ],
)
def test_what_plain_pytest_does_anyway_is_no_run_of_its_own(line: str) -> None:
    assert runs(line) == ["pytest"]


@pytest.mark.parametrize(
    "line",
    [
        "pytest build",
        "pytest script.py",
        "pytest $WHATEVER",
        "pytest generated",
        "pytest --asyncio-mode=auto",
        "pytest -p no:asyncio",
        "pytest --collect-in-virtualenv",
        "pytest -c ci.ini",
    ],
)
def test_what_plain_pytest_does_not_do_is_a_run(line: str) -> None:
    assert runs(line, **{"ci.ini": AUTO}) == ["pytest", "run.sh:1"]


def test_a_wider_run_takes_the_place_of_narrower_ones_but_not_of_plain_pytest() -> None:
    plain_narrow = {"pytest.ini": "[pytest]\ntestpaths = tests\n"}

    assert runs("pytest other\npytest .", **plain_narrow) == ["pytest", "run.sh:2"]


def test_runs_that_leave_out_the_same_are_compared() -> None:
    everything = {"pytest.ini": "[pytest]\naddopts = -m 'not slow'\n"}

    assert runs("pytest tests\npytest -m slow", **everything) == ["pytest", "run.sh:2"]


def test_a_run_that_ignores_files_does_not_stand_for_one_that_collects_them() -> None:
    ignoring = {"pytest.ini": "[pytest]\naddopts = --ignore=other\n"}

    assert runs("pytest -o addopts= other", **ignoring) == ["pytest", "run.sh:1"]
