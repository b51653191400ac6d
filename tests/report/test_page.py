from hypothesis import given
from hypothesis import strategies as st

from bot.report.page import Part, page

parts = st.builds(
    Part,
    name=st.sampled_from(["rules", "notes", "files that were not checked"]),
    head=st.text("ab", max_size=600),
    lines=st.lists(st.text("cd", max_size=300), max_size=8).map(tuple),
    tail=st.sampled_from(["", "\n```"]),
)


@given(st.lists(parts, max_size=6), st.integers(500, 3_000))
def test_a_page_keeps_its_limit(several: list[Part], limit: int) -> None:
    assert len(page(several, limit)) <= limit


def test_everything_is_shown_where_it_fits() -> None:
    several = [Part("rules", "head", ("one", "two"), "\ntail"), Part("notes", "note")]
    assert page(several, 1_000) == "head\none\ntwo\ntail\n\nnote"


def test_a_cut_is_made_between_lines_and_counted() -> None:
    part = Part("files", "```", ("x" * 300, "y" * 300, "z" * 300), "\n```")
    assert page([part], 800) == f"```\n{'x' * 300}\n```\n\n… 2 more not shown (files)."


def test_what_does_not_fit_at_all_is_named() -> None:
    several = [Part("rules", "short"), Part("notes", "x" * 600), Part("words", "last")]
    assert page(several, 600) == "short\n\nlast\n\nNot shown, for lack of room: notes."


def test_a_part_of_which_no_line_fits_is_named() -> None:
    assert page([Part("files", "head", ("x" * 500,))], 500) == (
        "Not shown, for lack of room: files."
    )


def test_an_empty_page_is_empty() -> None:
    assert page([], 1_000) == ""
