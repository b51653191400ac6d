"""What is fetched before anything is decided."""

import pytest

from bot.analysis.pytest_runs.config_paths import configuration_paths

WANTED = [
    "pyproject.toml", "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini",
    "setup.cfg", "setup.py", "sub/pytest.ini", "noxfile.py", "tox.toml", "hatch.toml",
    "Makefile", "sub/GNUmakefile", "make/test.mk", "justfile", "Taskfile.yml", "run.sh",
    "scripts/test", "bin/x", ".ci/run", ".github/workflows/ci.yml",
    ".github/actions/a/action.yaml", ".gitlab-ci.yml", ".circleci/config.yml",
    "azure-pipelines.yml", ".travis.yml", "requirements.txt", "requirements/dev.in",
    "constraints.txt", "poetry.lock", "uv.lock", "pdm.lock", "Pipfile", "Pipfile.lock",
    "pylock.toml", "environment.yml", "ci.ini", "pytest-ci.toml",
]  # fmt: skip
OTHERS = [
    "README.md", "src/app.py", "tests/test_a.py", "docs/conf.py", "package.json", "yarn.lock",
    "mkdocs.yml", "scripts/test.py", "a/b/c/other.ini", "data/LICENSE", "config.toml",
    "node_modules/x/pyproject.toml", ".venv/lib/setup.py", "a/site-packages/setup.cfg",
]  # fmt: skip


@pytest.mark.parametrize("path", WANTED)
def test_configuration_is_wanted(path: str) -> None:
    assert configuration_paths([*OTHERS, path]) == {path}


def test_other_files_are_not() -> None:
    assert configuration_paths(OTHERS) == frozenset()


def test_in_a_huge_tree_what_lies_highest_is_wanted() -> None:
    paths = [f"a/b{number}/pyproject.toml" for number in range(500)]
    paths += ["pyproject.toml", "z/pyproject.toml"]

    found = configuration_paths(paths)

    assert len(found) == 120
    assert {"pyproject.toml", "z/pyproject.toml"} <= found


def test_what_lies_above_the_files_to_check_comes_first() -> None:
    paths = [f"a/b{number}/pyproject.toml" for number in range(500)] + ["x/y/z/pytest.ini"]

    assert "x/y/z/pytest.ini" not in configuration_paths(paths)
    assert "x/y/z/pytest.ini" in configuration_paths(paths, near=["x/y/z/tests/test_a.py"])


def test_one_kind_does_not_crowd_out_another() -> None:
    paths = [f"r{number}/requirements.txt" for number in range(500)] + ["d/e/f/pytest.ini"]

    assert "d/e/f/pytest.ini" in configuration_paths(paths)
