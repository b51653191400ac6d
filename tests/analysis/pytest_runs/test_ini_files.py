"""Values of configuration files, by the type that the option has."""

import pytest

from bot.analysis.pytest_runs.ini_files import (
    Ini,
    IniValue,
    Refusal,
    bool_of,
    lines_of,
    text_of,
    words_of,
)


def ini(value: object) -> Ini:
    return {"key": IniValue(value)}


def native(value: object) -> Ini:
    return {"key": IniValue(value, native=True)}


def test_words_are_split_as_in_a_shell() -> None:
    assert words_of(ini("a 'b c'\n d"), "key") == ("a", "b c", "d")
    assert words_of(ini(["a", 1]), "key") == ("a", "1")
    assert words_of(native(["a b"]), "key") == ("a b",)
    assert words_of({}, "key", ("z",)) == ("z",)


def test_lines_are_stripped_and_empty_ones_left_out() -> None:
    assert lines_of(ini("\n a b \n\n c"), "key") == ("a b", "c")
    assert lines_of(native(["a"]), "key") == ("a",)


def test_texts_are_taken_as_they_are() -> None:
    assert text_of(ini(" a"), "key") == " a"
    assert text_of(ini(["a"]), "key") == "['a']"
    assert text_of({}, "key", "z") == "z"


@pytest.mark.parametrize(("word", "truth"), [("yes", True), ("ON ", True), ("0", False)])
def test_truth_values_have_many_names(word: str, truth: bool) -> None:  # noqa: FBT001
    assert bool_of(ini(word), "key") is truth
    assert bool_of(native(truth), "key") is truth
    assert bool_of({}, "key", default=truth) is truth


@pytest.mark.parametrize("value", ["a", [1], {"a": "b"}])
def test_a_native_list_must_be_a_list_of_strings(value: object) -> None:
    with pytest.raises(Refusal, match="key expects a list of strings"):
        words_of(native(value), "key")


def test_a_value_of_the_wrong_type_is_refused() -> None:
    with pytest.raises(Refusal, match="key expects a string"):
        text_of(native(1), "key")
    with pytest.raises(Refusal, match="key expects a bool"):
        bool_of(native("true"), "key")
    with pytest.raises(Refusal, match="invalid truth value: maybe"):
        bool_of(ini("maybe"), "key")
    with pytest.raises(Refusal, match="No closing quotation"):
        words_of(ini("'a"), "key")
