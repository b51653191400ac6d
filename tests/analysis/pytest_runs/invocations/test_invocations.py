"""All ways together: plain ones first, none twice, unknown folders by what fits them."""

from collections.abc import Mapping

import pytest

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations import find_invocations
from bot.analysis.pytest_runs.invocations.plain import plain
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import read


def found(files: Mapping[str, str]) -> list[tuple[str, str]]:
    known = ConfigFiles(files, files)
    return [
        (one.cwd if one.placed else "?", " ".join(one.words)) for one in find_invocations(known)
    ]


@pytest.mark.parametrize(
    ("path", "text", "is_project"),
    [
        ("sub/setup.py", "", True),
        ("sub/pyproject.toml", "[project]\nname = 'x'\n", True),
        ("sub/pyproject.toml", "[tool.poetry]\nname = 'x'\n", True),
        ("sub/setup.cfg", "[metadata]\nname = x\n", True),
        ("sub/pyproject.toml", "[tool.pytest]\nx = 1\n", False),
        ("sub/setup.cfg", "[flake8]\n", False),
        ("sub/pytest.ini", "[pytest]\n", False),
        ("sub/tox.ini", "[pytest]\n", False),
    ],
)
def test_pytest_is_started_where_a_project_has_its_metadata(
    path: str,
    text: str,
    is_project: bool,  # noqa: FBT001
) -> None:
    expected = [("", ""), ("sub", "")] if is_project else [("", "")]

    assert read(plain, {path: text}) == expected


def test_the_root_comes_first_and_nothing_twice() -> None:
    files = {
        "setup.py": "",
        "Makefile": "t:\n\tpytest\n\tpytest a\n",
        "run.sh": "pytest a\n",
        "a": "",
    }

    assert found(files) == [("", ""), ("", "a")]


def test_there_is_a_most_of_invocations() -> None:
    lines = "\n".join(f"pytest {number}" for number in range(500))

    assert len(found({"run.sh": lines})) == 200


def test_an_unknown_folder_is_each_configured_one_that_fits() -> None:
    files = {
        "run.sh": "cd packages/$NAME && pytest -x\n",
        "packages/a/pyproject.toml": "",
        "packages/b/tox.ini": "",
        "packages/c/x.py": "",
        "other/pytest.ini": "",
    }

    assert found(files) == [("", ""), ("packages/a", "-x"), ("packages/b", "-x")]


def test_an_unknown_folder_holds_the_arguments() -> None:
    files = {
        "run.sh": f"docker run image pytest tests --cov x ${HIDDEN}\n",
        "a/pytest.ini": "",
        "a/tests/test_a.py": "",
        "b/pytest.ini": "",
    }

    assert [cwd for cwd, _ in found(files)] == ["", "a"]


def test_a_folder_that_nothing_fits_stays_unknown() -> None:
    assert found({"run.sh": "cd build && pytest missing\n"}) == [("", ""), ("?", "missing")]


def test_too_many_folders_stay_unknown() -> None:
    folders = {f"p{number}/pytest.ini": "" for number in range(60)}

    assert found({"run.sh": "cd $X; pytest -x\n", **folders}) == [("", ""), ("?", "-x")]


def test_an_invocation_is_complete_if_nothing_in_it_is_hidden() -> None:
    assert Invocation("x", words=("a",)).complete
    assert not Invocation("x", words=("a", f"b{HIDDEN}")).complete
    assert not Invocation("x", environment=(("PYTEST_ADDOPTS", HIDDEN),)).complete
