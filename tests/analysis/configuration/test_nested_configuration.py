"""What is said of configuration below the root."""

import pytest

from tests.trees import report_on

PROJECT = '[project]\nname = "till"\n\n[tool.awaited]\nignore = ["AWT1"]\n'
LOST = "async def test_total():\n    pass\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [("backend/pyproject.toml", PROJECT), ("backend/.awaited.toml", 'ignore = ["AWT1"]\n')],
)
def test_configuration_below_the_root_is_not_used_and_that_is_said(path: str, text: str) -> None:
    report = report_on({path: text, "backend/test_total.py": LOST})

    assert [one.code for one in report.findings] == ["AWT103"]
    [note] = [one for one in report.notes if path in one]
    assert note.endswith("is not used, only that at the root of the repository is")


def test_of_many_files_the_first_are_named() -> None:
    files = {f"part{number}/.awaited.toml": "" for number in range(5)}

    [note] = report_on(files).notes

    assert note.startswith("part0/.awaited.toml, part1/.awaited.toml, part2/.awaited.toml and 2")


def test_what_is_excluded_is_nobodys_configuration() -> None:
    files = {
        ".awaited.toml": 'exclude = ["tests/data"]\n',
        "tests/data/one/.awaited.toml": "",
        "tests/data/two/pyproject.toml": PROJECT,
    }

    assert report_on(files).notes == ()


def test_other_projects_below_the_root_are_not_spoken_of() -> None:
    assert report_on({"backend/pyproject.toml": '[project]\nname = "awaited"\n'}).notes == ()


def test_who_brings_the_configuration_along_hears_nothing_of_the_trees() -> None:
    assert report_on({"backend/.awaited.toml": ""}, configuration=()).notes == ()
