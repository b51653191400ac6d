"""Whoever reads a verdict is told what held in place of a mistake."""

import pytest

from bot.analysis.configuration.config_reading import read_config
from bot.analysis.request import NO_SELECTION, ConfigurationFile

BELOW = "octo-org/.github/.awaited.toml"


def notes(own: str, below: str | None = None) -> tuple[str, ...]:
    inherited = ConfigurationFile(BELOW, below) if below is not None else None
    file = ConfigurationFile(".awaited.toml", own)
    return read_config([file], (), NO_SELECTION, inherited).notes


@pytest.mark.parametrize(
    "own", ["", "scope = 'all'\n", "fix = { allow = 'admin' }\n", "odd = 1\n", "select = 1\n"]
)
def test_where_nothing_holds_in_place_of_anything_nothing_is_said(own: str) -> None:
    assert notes(own, "scope = 'new'\n") == ()


@pytest.mark.parametrize(
    ("own", "instead"),
    [
        ("scope = 'evrything'\n", '`scope = "new"`'),
        ("exclude = 'a'\nfix = { mode = 1 }\n", '`exclude = []`, `fix.mode = "auto"`'),
        ("fix = 1\n", '`fix.allow = "write"`, `fix.mode = "auto"`'),
    ],
)
def test_what_holds_in_place_of_a_mistake_is_said(own: str, instead: str) -> None:
    (note,) = notes(own)

    told = ".awaited.toml: in place of what cannot be used in this configuration holds "
    assert note == f"{told}{instead}"


def test_what_is_inherited_may_hold_in_its_place() -> None:
    (note,) = notes("scope = 1\n", "scope = 'all'\n")

    assert note.endswith('`scope = "all"`')


@pytest.mark.parametrize("own", ["scope = \n", "[fix"])
def test_of_what_is_no_toml_nothing_holds(own: str) -> None:
    assert notes(own) == (
        ".awaited.toml: nothing of this configuration holds, because it cannot be read",
    )


def test_mistakes_in_what_is_inherited_are_told_with_their_lines() -> None:
    found = notes("", "\nignroe = []\nscope = 'al'\n")

    places = [f"`{BELOW}:2`: unknown key `ignroe`", f"`{BELOW}:3`: `scope`: must be one of"]
    assert [note.startswith(place) for note, place in zip(found, places, strict=True)] == [
        True
    ] * 2
    for note in found:
        assert note.endswith(" (of this file what is wrong is left out, and the rest holds)")


def test_of_what_is_inherited_and_is_no_toml_nothing_holds() -> None:
    (found,) = notes("", "scope =\n")

    assert found.startswith(f"`{BELOW}:1`: this is not TOML: ")
    assert found.endswith(" (of this file nothing holds)")


def test_a_great_many_of_them_are_counted() -> None:
    found = notes("", "".join(f"unknown{number} = 1\n" for number in range(9)))

    assert len(found) == 6
    assert found[-1] == f"`{BELOW}`: 4 more mistakes"
