import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.fix_command import OPTIONS, FixCommand, asked, usage

SAFE = FixCommand()
UNSAFE = FixCommand(unsafe=True)


@pytest.mark.parametrize(
    "body",
    [
        "/fix-async",
        "/fix-async  ",
        "   /fix-async",
        "Please:\n/fix-async\nThank you",
        "Please:\r\n\r\n/fix-async\r\n",
        "/FIX-ASYNC",
        "```\ncode\n```\n/fix-async",
        "~~~~\n~~~\n```\n~~~~\n/fix-async",
        "<!-- hidden -->\n/fix-async",
        "<!--\nhidden\n-->\n/fix-async",
        "see `<!--` here\n/fix-async",
        "see ``a ` <pre>`` here\n/fix-async",
        "> a quote\n\n/fix-async",
        "> a quote\n/fix-async",
        "> ```\n/fix-async",
        "<details>\n\n/fix-async\n\n</details>",
        "<precise>\n/fix-async",
        "```inline``` code\n/fix-async",
        "<pre>x</pre> <pre>y</pre>\n/fix-async",
        "a lone ` backtick\n/fix-async",
    ],
)
def test_a_command_at_the_start_of_an_own_line_counts(body: str) -> None:
    assert asked(body) == SAFE


@pytest.mark.parametrize(
    "body",
    [
        "",
        "please /fix-async",
        "/fix-asynchronous",
        "/fix-async.",
        "//fix-async",
        "/fix-async-now",
        "> /fix-async",
        "  > /fix-async",
        "    /fix-async",
        "\t/fix-async",
        "`/fix-async`",
        "```\n/fix-async\n```",
        "```sh\n/fix-async\n```",
        "````\n```\n/fix-async\n````",
        "~~~ a ` b\n/fix-async\n~~~",
        "```\nnever closed\n/fix-async",
        "<!--\n/fix-async\n-->",
        "<!-- /fix-async -->",
        "words <!-- more\n/fix-async\n--> words",
        "<!-- a --> <!-- b\n/fix-async\n-->",
        "<pre>\n/fix-async\n</pre>",
        "<PRE class='x'>\n/fix-async\n</PRE>",
        "<blockquote>\n/fix-async\n</blockquote>",
        "<pre>\n-->\n/fix-async\n</pre>",
    ],
)
def test_what_only_mentions_the_command_does_not_count(body: str) -> None:
    assert asked(body) is None


@pytest.mark.parametrize(
    "word", ["--unsafe", "--Unsafe", "\N{EM DASH}unsafe", "\N{EN DASH}unsafe"]
)
def test_unsafe_fixes_can_be_asked_for(word: str) -> None:
    assert asked(f"/fix-async {word}") == UNSAFE


def test_two_commands_are_one() -> None:
    assert asked("/fix-async\n/fix-async --unsafe\n/fix-async") == UNSAFE


def test_unknown_words_are_kept_to_be_explained() -> None:
    assert asked("/fix-async please --unsafe --all") == FixCommand(
        unsafe=True, unknown=("please", "--all")
    )


def test_unknown_words_are_bounded() -> None:
    command = asked(f"/fix-async {'x' * 100} " + "y " * 100)
    assert command == FixCommand(unknown=("x" * 40, "y", "y", "y", "y"))


def test_an_edit_counts_only_for_what_it_adds() -> None:
    assert asked("/fix-async\nthanks", previous="/fix-async") is None
    assert asked("/fix-async --unsafe", previous="/fix-async") == UNSAFE
    assert asked("/fix-async\n\n/fix-async", previous="/fix-async") == SAFE
    assert asked("/fix-async", previous="> /fix-async") == SAFE
    assert asked("words", previous="/fix-async") is None


def test_the_usage_names_every_option() -> None:
    assert [written for written, _ in usage()] == [
        "/fix-async",
        *(f"/fix-async {option}" for option in OPTIONS),
    ]


@given(st.text("`~ <!->\n/fix-async --unsafe", max_size=200))
def test_any_comment_can_be_read(body: str) -> None:
    asked(body)
    assert asked(body, previous=body) is None


def test_a_hostile_comment_is_read_in_no_time() -> None:
    runs = " ".join("`" * length for length in range(1, 360))
    tags = "<pre>" * 13_000
    assert asked(f"{runs} <!--\n/fix-async") is None
    assert asked(f"{tags}\n/fix-async") is None
    assert asked("<!-- -->" * 8_000 + "\n/fix-async") == SAFE
