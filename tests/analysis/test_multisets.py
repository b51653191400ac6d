"""One thing accounts for one other."""

from collections import Counter

from bot.analysis.multisets import take


def test_each_is_taken_as_often_as_it_is_there() -> None:
    left = Counter(["a", "a", "b"])

    assert [take(left, key) for key in "aabac"] == [True, True, True, False, False]
