import pytest

from bot.report.wording import counted, listed, sentence, shortened


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 files"), (1, "1 file"), (2, "2 files"), (1_204, "1,204 files")]
)
def test_numbers_agree_with_their_noun(number: int, words: str) -> None:
    assert counted(number, "file") == words


def test_an_irregular_plural_is_given() -> None:
    assert [counted(1, "fix", "fixes"), counted(2, "fix", "fixes")] == ["1 fix", "2 fixes"]


@pytest.mark.parametrize(
    ("words", "sentence"), [("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")]
)
def test_lists_end_with_and(words: str, sentence: str) -> None:
    assert listed([*words]) == sentence


def test_what_is_too_long_ends_with_dots() -> None:
    assert [shortened("abcde", 5), shortened("abcdef", 5)] == ["abcde", "abcd…"]


@pytest.mark.parametrize(("text", "whole"), [("a", "a."), ("a.", "a."), ("a?", "a?")])
def test_sentences_end(text: str, whole: str) -> None:
    assert sentence(text) == whole
