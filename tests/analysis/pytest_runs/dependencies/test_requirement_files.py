"""Lists of requirements, written by people or by a compiler."""

import pytest

from bot.analysis.pytest_runs.dependencies.declaration import Weight
from bot.analysis.pytest_runs.dependencies.requirement_files import (
    from_requirements,
    home_of,
    is_requirements_file,
)
from tests.analysis.pytest_runs.dependencies.declared import declarations, declared


def test_comments_options_and_continuations_are_understood() -> None:
    text = (
        "# pytest\n-i https://example.org\npytest==8.0 # why\nanyio==4.0 \\\n"
        "    --hash=sha256:00 \\\n    --hash=sha256:11\n\n./local\n-e .\n"
    )
    found = declared(from_requirements, "requirements.txt", text)

    assert list(found) == ["pytest", "anyio"]


def test_included_files_count_and_constraints_only_bound() -> None:
    files = {
        "requirements/dev.txt": "-r base.txt\n--requirement=../more.txt\n-c limits.txt\n-r x\n",
        "requirements/base.txt": "a\n-r dev.txt\n",
        "more.txt": "b\n",
        "requirements/limits.txt": "c<1\n",
    }
    found = declarations(from_requirements, "requirements/dev.txt", files)

    assert [(one.name, one.needs) for one in found] == [("a", True), ("b", True), ("c", False)]


def test_a_constraints_file_asks_for_nothing() -> None:
    (one,) = declarations(from_requirements, "constraints.txt", {"constraints.txt": "a==1"})

    assert (one.specifier, one.needs) == ("==1", False)


COMPILED = """
anyio==4.11.0
    # via httpx
httpx==0.28 # via -r requirements.in
pytest==8.4.2
    # via
    #   -r requirements.in
    #   pytest-asyncio
pytest-asyncio==1.2.0 # via project (pyproject.toml)
# a comment
plain==1
"""


def test_a_compiled_list_knows_what_only_came_along() -> None:
    found = declarations(from_requirements, "requirements.txt", {"requirements.txt": COMPILED})

    assert [(one.name, one.direct, one.weight) for one in found] == [
        ("anyio", False, Weight.LOCK),
        ("httpx", True, Weight.LOCK),
        ("pytest", True, Weight.LOCK),
        ("pytest-asyncio", True, Weight.LOCK),
        ("plain", True, Weight.MANIFEST),
    ]


@pytest.mark.parametrize(
    "path",
    [
        "requirements.txt",
        "requirements-dev.txt",
        "dev-requirements.in",
        "requirements/test.txt",
        "reqs/test.pip",
        "a/constraints.txt",
        "test-deps.txt",
    ],
)
def test_lists_are_known_by_their_names(path: str) -> None:
    assert is_requirements_file(path)


@pytest.mark.parametrize("path", ["README.txt", "requirements.md", "docs/a.txt", "robots.txt"])
def test_other_files_are_no_lists(path: str) -> None:
    assert not is_requirements_file(path)


@pytest.mark.parametrize(
    ("path", "home"),
    [
        ("requirements.txt", ""),
        ("requirements/test.txt", ""),
        ("a/requirements/ci/test.txt", "a"),
        ("a/requirements.txt", "a"),
        ("tests/requirements.txt", ""),
        ("docs/requirements.txt", "docs"),
    ],
)
def test_a_list_belongs_to_the_project_around_it(path: str, home: str) -> None:
    assert home_of(path) == home
