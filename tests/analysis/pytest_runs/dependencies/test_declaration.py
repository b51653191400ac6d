"""Requirements as people write them."""

import pytest

from bot.analysis.pytest_runs.dependencies.declaration import (
    Declaration,
    Weight,
    normalised,
    requirement,
)


@pytest.mark.parametrize(
    ("text", "name", "specifier"),
    [
        ("pytest", "pytest", ""),
        (" Pytest_Asyncio >= 0.21, <1 ", "pytest-asyncio", ">= 0.21, <1"),
        ("anyio[trio,test]~=4.0", "anyio", "~=4.0"),
        ("anyio (>=3)", "anyio", ">=3"),
        ("pytest==8.0 ; python_version < '3.9'", "pytest", "==8.0"),
        ("pytest==8.0 --hash=sha256:abc", "pytest", "==8.0"),
        ("pytest @ https://example.org/pytest.whl", "pytest", ""),
        ("git+https://example.org/x.git@main#egg=pytest-asyncio", "pytest-asyncio", ""),
        ("-e git+https://example.org/x.git#subdirectory=y&egg=a.b", "a-b", ""),
    ],
)
def test_a_requirement_has_a_name_and_a_specifier(text: str, name: str, specifier: str) -> None:
    assert list(requirement(text, Weight.COMMAND)) == [
        Declaration(name, specifier, Weight.COMMAND)
    ]


@pytest.mark.parametrize(
    "text", ["", "# pytest", "-e .", "--hash=x", "https://example.org/pytest.whl", "./local", "."]
)
def test_what_names_no_package_declares_none(text: str) -> None:
    assert list(requirement(text)) == []


def test_names_are_compared_in_one_spelling() -> None:
    assert normalised("Pytest__Asyncio.X") == "pytest-asyncio-x"
