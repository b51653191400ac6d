"""Where a key or a string stands in a TOML text, however it is written."""

import tomllib

import pytest

from bot.analysis.configuration.toml_places import Keys, TomlText


def marked(text: str) -> tuple[str, tuple[int, int, int]]:
    """Return a text without the `>` and `<` around a word, and the line and columns of that."""
    before, _, rest = text.partition(">")
    word, _, after = rest.partition("<")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    return before + word + after, (line, column, column + len(word))


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        (">a< = 1", ("a",)),
        ("# a\n>a< = 'a'", ("a",)),
        ("b = 'a = 1'\n\n>a< = 1", ("a",)),
        ('b = """\na = 1\n"""\n>a< = 1', ("a",)),
        ("[t]\na = 1\n[u]\n>a< = 1", ("u", "a")),
        ("[t.>a<]\nb = 1", ("t", "a")),
        ("t.>a<.b = 1", ("t", "a")),
        ("t = { b = 1, >a< = 2 }", ("t", "a")),
        ('"x y".">a<" = 1', ("x y", "a")),
        ("[[t]]\na = 1\n[[t]]\n>a< = 2", ("t", 1, "a")),
        ("x-a = 1\n>a< = 1", ("a",)),
        ("x = '" + "-a a- " * 60 + "'\n>a< = 1", ("a",)),
        ('a = ["b", ">c<"]', ("a", 1)),
        ('# "c"\na = [\n  "c",\n  ">c<",\n]', ("a", 1)),
        ("a = ['>c.d<']", ("a", 0)),
    ],
)
def test_it_is_found_where_it_stands(text: str, keys: Keys) -> None:
    plain, expected = marked(text)

    place = TomlText("p", plain).place(keys)

    assert (place.line, place.column, place.end_column) == expected


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('b = 1\n>a< = ["\\u0041"]', ("a", 0)),  # written with an escape
        (">a< = [1, 2]", ("a", 1)),  # no string
        (">a< = []", ("a", "gone", "too")),
        (">a< = ['']", ("a", 0)),
    ],
)
def test_what_cannot_be_found_is_placed_at_the_nearest_key_above(text: str, keys: Keys) -> None:
    plain, expected = marked(text)

    place = TomlText("p", plain).place(keys)

    assert (place.line, place.column, place.end_column) == expected


def test_what_has_no_key_at_all_is_placed_at_the_start() -> None:
    place = TomlText("p", "a = 1").place(("b",))

    assert (place.path, place.line, place.column) == ("p", 1, 1)


@pytest.mark.parametrize(("text", "line", "column"), [("a = 1\nb = x\n", 2, 5), ("a = [", 1, 1)])
def test_the_place_of_an_error_is_the_parsers(text: str, line: int, column: int) -> None:
    toml = TomlText("p", text)

    with pytest.raises(tomllib.TOMLDecodeError) as caught:
        toml.parsed()

    place = toml.place_of_error(caught.value)
    assert (place.line, place.column) == (line, column)
