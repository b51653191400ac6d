"""Coloured source: every line stays its own line, and no character hides."""

import pytest

from bot.sandbox.pages import highlight


def test_a_line_is_coloured_by_the_language_of_the_name() -> None:
    (line,) = highlight.lines_of("a/b.py", "def f(): pass\n")

    assert line.startswith('<span class="tk-k">def</span> <span class="tk-nf">f</span>')


@pytest.mark.parametrize("name", ["a.py", "a.unheard-of", "a.json", "a.md"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "\n\n",
        "a",
        "a\n",
        "\n\na",
        "a\r\nb\r\n",
        "a\rb\n",
        "a\x0cb\nc",
        "'''\na\n\n'''\n",
    ],
)
def test_there_are_as_many_lines_as_git_counts(name: str, text: str) -> None:
    lines = text.count("\n") + (not text.endswith("\n"))

    assert len(highlight.lines_of(name, text)) == lines


def test_text_is_escaped_with_and_without_a_language() -> None:
    assert highlight.lines_of("a.unheard-of", "<b>") == ("&lt;b&gt;",)
    assert "&lt;b&gt;" in highlight.block("", "<b>")
    assert "<b>" not in highlight.block("html", "<b>")


@pytest.mark.parametrize("name", ["a.py", "a.unheard-of"])
def test_characters_that_cannot_be_seen_are_written_out(name: str) -> None:
    (line,) = highlight.lines_of(name, "x = 'a\u202eb'")

    assert '<span class="unseen">U+202E</span>' in line


def test_what_a_language_names_in_its_own_way_is_coloured_as_its_kind() -> None:
    assert '<span class="tk-gp">(here)</span>' in highlight.block("console", "(here) $ ls")


def test_very_long_text_stays_plain() -> None:
    text = "def f(): pass\n" * (highlight.COLOURED_CHARACTERS // 14 + 1)

    assert highlight.lines_of("a.py", text)[0] == "def f(): pass"


def test_strings_over_several_lines_keep_their_colour() -> None:
    lines = highlight.lines_of("a.py", '"""one\ntwo\n"""\n')

    assert all('class="tk-s' in line for line in lines)
