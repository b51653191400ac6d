import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.report.answers import LIMIT, with_answer
from bot.report.fix_reply import COMMENT_LIMIT

LINES = st.sampled_from(
    ["words", "", "---", "<details>", "</details>", "| a |", "```", "`<!-- x -->`"]
)


def conversation(*answers: str) -> str:
    """Return the comment after some answers, the first of which has the key k0."""
    comment = ""
    for number, answer in enumerate(answers):
        comment = with_answer(comment, answer, key=f"k{number}")
    return comment


def test_the_first_answer_stands_alone() -> None:
    assert conversation("Fixed.") == "Fixed.\n\n<!-- awaited:answer:k0 -->"


def test_the_newest_answer_stands_on_top_and_earlier_ones_are_folded_away() -> None:
    assert conversation("One.", "Two.", "Three.") == (
        "Three.\n\n<!-- awaited:answer:k2 -->\n\n"
        "<details><summary>Earlier answers</summary>\n\n"
        "Two.\n\n<!-- awaited:answer:k1 -->\n\n---\n\n"
        "One.\n\n<!-- awaited:answer:k0 -->\n\n</details>"
    )


def test_an_answer_given_again_is_replaced_where_it_stands() -> None:
    comment = conversation("One.", "Two.", "Three.")

    assert with_answer(comment, "Three!", key="k2") == conversation("One.", "Two.", "Three!")
    assert with_answer(comment, "One!", key="k0") == conversation("One!", "Two.", "Three.")
    assert with_answer(comment, "Two.", key="k1") == comment


def test_ten_earlier_answers_are_kept() -> None:
    comment = conversation(*(f"Answer {number}." for number in range(20)))

    assert "Answer 19." in comment
    assert "Answer 9." in comment
    assert "Answer 8." not in comment


def test_what_does_not_fit_is_left_out_from_the_oldest_on() -> None:
    comment = conversation("Oldest.", "x" * 40_000, "Newer.", "y" * 30_000)

    assert len(comment) <= LIMIT
    assert comment.startswith("y" * 30_000)
    assert "Newer." in comment
    assert "x" * 100 not in comment
    assert "Oldest." not in comment


def test_the_longest_answer_fits() -> None:
    assert len(conversation("Earlier.", "x" * (COMMENT_LIMIT + 200))) <= LIMIT


def test_an_edit_in_a_browser_changes_no_memory() -> None:
    comment = conversation("One.", "Two.").replace("\n", "\r\n")
    assert with_answer(comment, "Three.", key="k2") == conversation("One.", "Two.", "Three.")


def test_a_comment_that_somebody_emptied_begins_anew() -> None:
    assert with_answer("Oops", "One.", key="k0") == conversation("One.")


def test_text_within_a_line_is_no_end_of_an_answer() -> None:
    hostile = "in `<!-- awaited:answer:k9 -->` and more\n+<!-- awaited:answer:k8 -->"
    comment = conversation(hostile, "Two.")
    assert with_answer(comment, "Three.", key="k2").count("\n---\n") == 1


@given(st.lists(st.lists(LINES, max_size=5).map("\n".join), min_size=1, max_size=6))
def test_answers_are_remembered_as_they_were(answers: list[str]) -> None:
    comment = conversation(*answers)
    again = with_answer(comment, answers[-1], key=f"k{len(answers) - 1}")
    assert again == comment


def test_it_renders_as_one_folded_section() -> None:
    html = MarkdownIt("commonmark").render(conversation("One.", "Two."))
    assert html.index("Two.") < html.index("<details>") < html.index("One.")


@pytest.mark.parametrize("key", ["", "a b", "-->", "a--b", "ü", "x" * 201, "a\n"])
def test_a_key_that_could_show_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match="HTML comment"):
        with_answer("", "x", key=key)
