"""The word that was meant is named, also where a letter was taken for a digit."""

import pytest

from bot.analysis.configuration.spelling import did_you_mean

KNOWN = ("AWT101", "AWT103", "AWT113", "async-generator-test")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("AWT1O3", "AWT103"),
        ("awtl13", "AWT113"),
        ("async-generator-tests", "async-generator-test"),
    ],
)
def test_the_closest_word_is_named(word: str, meant: str) -> None:
    assert did_you_mean(word, KNOWN) == f"; did you mean `{meant}`?"


def test_nothing_is_named_where_nothing_is_close() -> None:
    assert did_you_mean("zzz", KNOWN) == ""
