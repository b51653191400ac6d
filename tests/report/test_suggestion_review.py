"""What a suggestion says as a comment: its fix, its lines exactly, and what it belongs with."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.finding import Finding
from bot.analysis.fix import Safety
from bot.report.suggestion_review import (
    comments_of,
    fingerprint,
    fingerprint_in,
    is_made,
    missing,
    request_mark,
    review_body,
)
from bot.report.suggestions import Suggestion
from tests.report.builders import finding


def suggestion(
    *findings: Finding,
    start: int = 3,
    end: int = 3,
    after: bytes = b"@mark\ndef f(): ...\n",
    path: str = "tests/test_pay.py",
) -> Suggestion:
    return Suggestion(path, start, end, b"def f(): ...\n", after, findings or (finding(),))


def body_of(one: Suggestion) -> str:
    (comment,) = comments_of([one])
    return comment.body


def block_in(body: str) -> str:
    """Return the lines between the fences, read as CommonMark reads them."""
    found = re.search(r"^(`{3,})suggestion\n(.*?)^\1`*[ \t]*$", body, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[2]


def test_a_comment_names_the_rule_the_test_and_what_is_done() -> None:
    assert body_of(suggestion()).startswith(
        "**AWT103** `unhandled-async-test` in `test_pay`: Repair test\\_pay.\n\n"
        "```suggestion\n@mark\ndef f(): ...\n```\n\n"
    )


def test_a_comment_on_one_line_has_no_first_line() -> None:
    one, several = comments_of([suggestion(), suggestion(start=5, end=7)])

    assert (one.start_line, one.line) == (None, 3)
    assert (several.start_line, several.line) == (5, 7)


def test_an_unsafe_fix_is_called_that() -> None:
    one = suggestion(finding(safety=Safety.UNSAFE))

    assert "in `test_pay` (unsafe): Repair" in body_of(one)


def test_several_problems_are_listed_and_many_are_counted() -> None:
    many = [finding(symbol=f"test_{number}") for number in range(7)]

    assert body_of(suggestion(*many[:2])).count("\n- **AWT103**") == 1
    assert body_of(suggestion(*many[:6])).count("**AWT103**") == 5
    assert "\n- and 1 more problem\n" in body_of(suggestion(*many[:6]))
    assert "\n- and 2 more problems\n" in body_of(suggestion(*many))


@given(st.text("`\n a~", max_size=30))
def test_no_text_closes_its_own_fence(text: str) -> None:
    after = f"{text}\n"

    assert block_in(body_of(suggestion(after=after.encode()))) == after


def test_a_last_line_without_an_end_gets_one_in_the_block_alone() -> None:
    assert block_in(body_of(suggestion(after=b"x"))) == "x\n"


def test_taking_lines_away_is_an_empty_block() -> None:
    assert "```suggestion\n```\n" in body_of(suggestion(after=b""))


def test_windows_line_endings_are_kept() -> None:
    assert block_in(body_of(suggestion(after=b"a\r\nb\r\n"))) == "a\r\nb\r\n"


def test_what_belongs_together_names_each_other() -> None:
    fix, other = finding(symbol="one"), finding(symbol="two")
    bring = suggestion(fix, other, start=1, end=1)
    use = suggestion(fix, start=9, end=9)
    elsewhere = suggestion(other, start=8, end=9, path="b.py")
    alone = suggestion(finding(symbol="three"), start=20, end=20)

    bodies = [one.body for one in comments_of([bring, use, elsewhere, alone])]

    assert "together with the suggestions on line 9 and line 9 of `b.py`: one does" in bodies[0]
    assert "together with the suggestion on line 1: one does not work alone." in bodies[1]
    assert "together" not in bodies[3]


def test_of_many_that_belong_together_some_are_named() -> None:
    fixes = [finding(symbol=f"test_{number}") for number in range(8)]
    bring = suggestion(*fixes, start=1, end=1)
    uses = [suggestion(one, start=at, end=at) for at, one in enumerate(fixes, 10)]

    assert "line 13, line 14 and 3 more: one" in comments_of([bring, *uses])[0].body


def test_a_suggestion_is_known_again_by_its_comment_wherever_it_stands() -> None:
    one = suggestion()

    assert fingerprint_in(body_of(one)) == fingerprint(suggestion(start=40, end=40))
    assert fingerprint_in("LGTM") is None


@pytest.mark.parametrize(
    "other",
    [
        suggestion(after=b"x\n"),
        suggestion(path="b.py"),
        suggestion(finding(symbol="other")),
        suggestion(finding("AWT102")),
    ],
)
def test_another_suggestion_has_another_fingerprint(other: Suggestion) -> None:
    assert fingerprint(other) != fingerprint(suggestion())


def test_what_is_posted_is_not_missing_as_often_as_it_is_posted() -> None:
    one, twin, other = suggestion(), suggestion(start=9, end=9), suggestion(after=b"x\n")

    assert missing([one, twin, other], [fingerprint(one)]) == (twin, other)
    assert missing([one, twin], [fingerprint(one)] * 2) == ()


def test_the_review_says_how_to_apply_all_at_once() -> None:
    both = [suggestion(), suggestion(start=9, end=9)]

    body = review_body(both, head_sha="f00d")

    assert body.startswith("What fixes 1 problem at f00d, to be applied from here.")
    assert "**Add suggestion to batch**" in body


def test_a_request_marks_its_review() -> None:
    assert request_mark("app:delivery.2") == "<!-- awaited:review:app:delivery.2 -->"


@pytest.mark.parametrize("key", ["", "a b", "a-->", "a--b", "x" * 201])
def test_what_would_end_the_mark_is_no_key(key: str) -> None:
    with pytest.raises(ValueError, match="cannot stand"):
        request_mark(key)


@pytest.mark.parametrize(
    ("content", "made"),
    [
        (b"x\n@mark\ndef f(): ...\n", True),
        (b"x\n\ndef f(): ...\n", False),
        (b"@mark\n\ndef f(): ...\n", False),
        (b"x\r\n@mark\r\ndef f(): ...\r\n", True),
    ],
)
def test_what_has_been_done_meanwhile_is_known(content: bytes, *, made: bool) -> None:
    assert is_made(body_of(suggestion()), content, 3, 3) is made


def test_what_goes_below_a_line_is_known_too() -> None:
    body = body_of(suggestion(after=b"def f(): ...\nnew\n"))

    assert is_made(body, b"def f(): ...\nnew\n", 1, 1)
    assert not is_made(body, b"def f(): ...\n", 1, 1)


def test_lines_that_are_to_go_are_there_as_long_as_they_are() -> None:
    assert not is_made(body_of(suggestion(after=b"")), b"def f(): ...\n", 1, 1)
    assert not is_made("words", b"def f(): ...\n", 1, 1)
