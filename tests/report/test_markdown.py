"""What a repository says stays text: judged by a Markdown parser, for any text at all."""

import re
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.report.markdown import code, details, fenced, one_line, prose, row

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
HARMLESS = {"paragraph_open", "paragraph_close", "text", "code_inline"}
ZERO_WIDTH_SPACE = "\u200b"

TRICKS = """
@octocat  #12  GH-1  https://evil.example  www.evil.example  a@b.example  ![x](http://e/i.png)
[x](y)  [x]: http://e  <img src=x>  <!--  -->  <b>  &lt;  `  ``  |  \\  *  _  ~~  $x$  $$
:tada:  -  #  1.  1)  >  ---  +  =  \u202e
"""

hostile = st.lists(
    st.one_of(
        st.text(max_size=5),
        st.sampled_from(re.split(r"  |\n", TRICKS)),
        st.sampled_from([" ", "    ", "\t", "\n", "\r\n"]),
    ),
    max_size=8,
).map("".join)


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "inline":
            yield from flat(token.children or [])
        else:
            yield token


def shown(markdown: str) -> str:
    """Return the text that a page shows, having held that it is nothing but text."""
    tokens = list(flat(MARKDOWN.parse(markdown)))
    assert {token.type for token in tokens} <= HARMLESS, tokens
    return "".join(token.content for token in tokens)


def letters(text: str) -> str:
    """Return the text without the white space and the backticks that code spans are made with."""
    return "".join(text.replace("`", "").split())


@given(hostile)
@example("|")
@example("`")
@example(" ` ")
def test_a_code_span_shows_any_text_as_it_is(raw: str) -> None:
    assert shown(f"x {code(raw)} x").removeprefix("x ").removesuffix(" x").strip() == (
        one_line(raw).strip()
    )


@given(hostile)
@example("a ` b")
@example("a``b")
@example("1. a")
@example("__init__ *a* ~~b~~")
@example("[x]: http://evil.example")
def test_prose_shows_any_words_and_nothing_else(raw: str) -> None:
    text = shown(prose(raw)).replace(ZERO_WIDTH_SPACE, "")
    assert letters(text) == letters(one_line(raw.strip()))


@pytest.mark.parametrize(
    "raw",
    ["@octocat", "see #12", "gh-7", "https://evil.example", "www.evil.example", ":tada:", "a@b.c"],
)
def test_what_github_looks_for_after_rendering_is_broken_up(raw: str) -> None:
    assert ZERO_WIDTH_SPACE in shown(prose(raw))


def test_ordinary_words_are_left_alone() -> None:
    words = "Python 3.12 reads tests/test_a.py: 5 tests, twice (at most)"
    assert prose(words) == words.replace("_", r"\_")


def test_names_between_backticks_become_code() -> None:
    assert prose("mark `test_*` here") == "mark `test_*` here"


@given(st.lists(hostile, min_size=1, max_size=4))
def test_a_row_has_as_many_cells_as_it_was_given(cells: list[str]) -> None:
    head = row(["head"] * len(cells)) + "\n|" + "---|" * len(cells)
    table = (
        f"{head}\n{row(code(cell) if at % 2 else prose(cell) for at, cell in enumerate(cells))}"
    )

    tokens = MARKDOWN.parse(table)

    contents = [token for token in tokens if token.type == "inline"][len(cells) :]
    assert len(contents) == len(cells)
    assert {each.type for each in flat(contents)} <= HARMLESS


def test_a_bar_in_a_row_is_shown() -> None:
    tokens = MARKDOWN.parse(f"{row(['a', 'b'])}\n|---|---|\n{row([code('x|y'), prose('x|y')])}")
    contents = [token.children or [] for token in tokens if token.type == "inline"][2:]
    assert [[child.content for child in children] for children in contents] == [["x|y"], ["x|y"]]


@given(hostile)
def test_a_code_block_ends_where_it_was_meant_to(raw: str) -> None:
    (block,) = MARKDOWN.parse(fenced(raw, "sh"))
    assert (block.type, block.info) == ("fence", "sh")


@given(st.text())
def test_one_line_can_be_seen_and_sent(raw: str) -> None:
    line = one_line(raw)
    line.encode()
    assert not {unicodedata.category(each) for each in line} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_a_character_that_turns_the_direction_is_written_out() -> None:
    assert one_line("a\u202eb\nc") == r"a\u202eb\nc"


def test_details_keep_their_markdown_apart() -> None:
    assert details("Patch", "text") == "<details><summary>Patch</summary>\n\ntext\n\n</details>"
