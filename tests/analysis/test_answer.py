"""Three values: what decides, and what stays open."""

from collections.abc import Iterator

import pytest

from bot.analysis.answer import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN


@pytest.mark.parametrize(
    ("answers", "every", "some"),
    [
        ([], YES, NO),
        ([YES], YES, YES),
        ([NO], NO, NO),
        ([UNKNOWN], UNKNOWN, UNKNOWN),
        ([YES, NO], NO, YES),
        ([UNKNOWN, YES], UNKNOWN, YES),
        ([UNKNOWN, NO], NO, UNKNOWN),
        ([NO, UNKNOWN, YES], NO, YES),
    ],
)
def test_a_no_decides_for_all_and_a_yes_for_any(
    answers: list[Answer], every: Answer, some: Answer
) -> None:
    assert (Answer.all_of(answers), Answer.any_of(answers)) == (every, some)


def test_nothing_is_asked_for_behind_the_answer_that_decides() -> None:
    def answers(first: Answer) -> Iterator[Answer]:
        yield first
        raise AssertionError("asked again")

    assert Answer.any_of(answers(YES)) is YES
    assert Answer.all_of(answers(NO)) is NO


def test_a_bool_stands_for_an_answer_and_none_for_no_knowledge() -> None:
    assert [Answer.of(True), Answer.of(False), Answer.of(None)] == [YES, NO, UNKNOWN]  # noqa: FBT003


def test_the_opposite_of_unknown_is_unknown() -> None:
    assert [one.negated for one in (YES, NO, UNKNOWN)] == [NO, YES, UNKNOWN]


def test_an_answer_is_no_truth_value() -> None:
    with pytest.raises(TypeError, match="three values"):
        bool(NO)
