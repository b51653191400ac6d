"""The answer to who gets suggestions: where they are, and the honest rest."""

from bot.analysis.request import FixPlan
from bot.report.head_file import Obstacle
from bot.report.suggestion_reply import Suggested, suggested
from bot.report.suggestions import LeftOut, Suggestion
from tests.report.builders import finding, never_runs, report

URL = "https://github.test/octo/shop/pull/1#pullrequestreview-5"
PATCHES = ["diff --git a/a.py b/a.py\n"]


def suggestion(symbol: str, line: int = 3) -> Suggestion:
    one = never_runs(symbol, line=line)
    return Suggestion(one.path, line, line, b"old\n", b"new\n", (one,))


def outcome(
    *new: Suggestion,
    known: tuple[Suggestion, ...] = (),
    refused: tuple[Suggestion, ...] = (),
    left_out: tuple[LeftOut, ...] = (),
) -> Suggested:
    return Suggested(URL, new, known, refused, left_out)


def said(made: Suggested, *, reason: str = "", can_commit: bool = True) -> str:
    fixed = tuple(one for each in (*made.new, *made.known) for one in each.findings)
    plan = FixPlan({"a.py": b"new\n"}, fixed, report(*fixed), report())
    return suggested(plan, made, PATCHES, reason=reason, can_commit=can_commit)


def test_one_suggestion_needs_no_batch() -> None:
    answer = said(outcome(suggestion("test_a")))

    assert answer.startswith(f"1 suggestion fixes 1 problem: {URL}.\n\n**With the fixes, this")
    assert "batch" not in answer


def test_several_can_be_made_at_once() -> None:
    answer = said(outcome(suggestion("test_a"), suggestion("test_b", 9)))

    assert answer.startswith(
        f"2 suggestions fix 2 problems: {URL}. To make them all in one commit"
    )


def test_the_reason_goes_first() -> None:
    assert said(outcome(suggestion("a")), reason="Because.").startswith("Because. 1 suggestion")


def test_what_was_there_is_counted_with_what_is_new() -> None:
    answer = said(outcome(suggestion("a"), known=(suggestion("b", 9),)))

    assert "2 suggestions fix 2 problems" in answer
    assert "1 of them was there already." in answer


def test_what_needs_a_commit_is_listed_with_its_reason_and_the_offer() -> None:
    left = LeftOut(finding(symbol="test_far", line=40), Obstacle.OUTSIDE)
    answer = said(outcome(suggestion("a"), left_out=(left,), refused=(suggestion("b", 9),)))

    head, _, lines = answer.partition("### Needs a commit\n\n")
    assert "to have these fixed too, with all the others, in one commit." in lines
    assert lines.index("`b`: GitHub did not take") < lines.index("`test_far`: a part of the fix")
    assert "Not suggested yet" not in answer
    assert "diff --git" not in head + lines


def test_where_no_commit_is_possible_the_patch_is_shown_for_what_needs_one() -> None:
    left = LeftOut(finding(symbol="test_far"), Obstacle.NO_DIFF)

    answer = said(outcome(suggestion("a"), left_out=(left,)), can_commit=False)

    assert "The patch below fixes these too." in answer
    assert "diff --git" in answer
    assert "--commit" not in answer


def test_without_such_need_there_is_no_patch() -> None:
    assert "diff --git" not in said(outcome(suggestion("a")), can_commit=False)


def test_what_has_to_wait_is_listed_with_how_to_go_on() -> None:
    left = (LeftOut(finding(symbol="test_late"), Obstacle.LIMIT),)

    answer = said(outcome(suggestion("a"), left_out=left))

    assert "### Not suggested yet\n\nApply the suggestions, then comment" in answer
    assert "`test_late`: a review has no room for more." in answer
    assert "Needs a commit" not in answer
