import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.fix_settings import FixMode
from bot.jobs.commands import reading
from bot.jobs.commands.definitions import DEFINITIONS, Command, Verb
from bot.jobs.commands.reading import commands_in, hint

SAFE = Command()
UNSAFE = Command(unsafe=True)


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
    assert commands_in(body) == (SAFE,)


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
    assert commands_in(body) == ()


@pytest.mark.parametrize(
    "word", ["--unsafe", "--Unsafe", "\N{EM DASH}unsafe", "\N{EN DASH}unsafe"]
)
def test_unsafe_fixes_can_be_asked_for(word: str) -> None:
    assert commands_in(f"/fix-async {word}") == (UNSAFE,)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--dry-run", Command(mode=FixMode.PATCH)),
        ("--commit", Command(mode=FixMode.COMMIT)),
        ("--suggest --unsafe", Command(mode=FixMode.SUGGEST, unsafe=True)),
        ("AWT103", Command(rules=("AWT103",))),
        ("awt103 AWT3", Command(rules=("AWT103", "AWT3"))),
        ("`AWT103`, AWT301", Command(rules=("AWT103", "AWT301"))),
        ("unhandled-async-test", Command(rules=("unhandled-async-test",))),
        ("all", Command(rules=("ALL",))),
        ("tests", Command(paths=("tests",))),
        ("tests/unit/", Command(paths=("tests/unit",))),
        ("./tests/test_a.py", Command(paths=("tests/test_a.py",))),
        ("tests/**/test_*.py", Command(paths=("tests/**/test_*.py",))),
        ("AWT103 tests --unsafe", Command(rules=("AWT103",), paths=("tests",), unsafe=True)),
        ("help", Command(Verb.HELP)),
        ("HELP me", Command(Verb.HELP)),
        ("explain AWT103", Command(Verb.EXPLAIN, rules=("AWT103",))),
        ("explain", Command(Verb.EXPLAIN)),
        ("explain AWT1", Command(Verb.EXPLAIN, unknown=("AWT1",))),
        ("explain tests/a.py", Command(Verb.EXPLAIN, unknown=("tests/a.py",))),
        ("explain AWT103 --unsafe", Command(Verb.EXPLAIN, ("AWT103",), unknown=("--unsafe",))),
    ],
)
def test_words_behind_the_command_say_what_is_wanted(words: str, expected: Command) -> None:
    assert commands_in(f"/fix-async {words}") == (expected,)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("AWT1O3", "AWT103"),
        ("AWT999", ""),
        ("unhandled-async-tests", "unhandled-async-test"),
        ("--usafe", "--unsafe"),
        ("--all", ""),
        ("-n", ""),
        ("explian", "explain"),
        ("!tests", ""),
        ("../tests", ""),
        ("/", ""),
        ("x/" * 101, ""),
        ("tests/[z-a].py", ""),
        ("tests\\", ""),
    ],
)
def test_what_cannot_be_meant_is_unknown(word: str, meant: str) -> None:
    (command,) = commands_in(f"/fix-async {word}")

    assert command.unknown == (word[:40],)
    assert hint(word) == (f"; did you mean `{meant}`?" if meant else "")


def test_equal_commands_are_one_with_the_options_of_all() -> None:
    assert commands_in("/fix-async\n/fix-async --unsafe\n/fix-async --commit") == (
        Command(unsafe=True, mode=FixMode.COMMIT),
    )
    assert commands_in("/fix-async --dry-run\n/fix-async") == (Command(mode=FixMode.PATCH),)
    assert commands_in("/fix-async --x\n/fix-async --y") == (Command(unknown=("--x", "--y")),)


def test_different_commands_are_each_obeyed_up_to_some() -> None:
    both = commands_in("/fix-async AWT103\n/fix-async explain AWT103")
    assert both == (Command(rules=("AWT103",)), Command(Verb.EXPLAIN, rules=("AWT103",)))
    many = commands_in("\n".join(f"/fix-async tests/{number}" for number in range(9)))
    assert [command.paths for command in many] == [(f"tests/{number}",) for number in range(5)]


def test_unknown_words_are_kept_to_be_explained() -> None:
    (command,) = commands_in("/fix-async --please --unsafe --all")
    assert command == Command(unsafe=True, unknown=("--please", "--all"))


def test_unknown_words_are_bounded() -> None:
    (command,) = commands_in(f"/fix-async --{'x' * 100} " + "-y " * 100)
    assert command == Command(unknown=("--" + "x" * 38, "-y", "-y", "-y", "-y"))


def test_rules_and_paths_are_bounded() -> None:
    (command,) = commands_in("/fix-async " + " ".join(f"tests/{each}" for each in range(30)))
    assert len(command.paths) == 20
    assert command.unknown == ("tests/20", "tests/21", "tests/22", "tests/23", "tests/24")


def test_words_beyond_what_anybody_writes_are_unknown() -> None:
    (command,) = commands_in("/fix-async " + "--unsafe " * 30 + "more")
    assert command == Command(unsafe=True, unknown=("more",))


def test_an_edit_counts_only_for_what_it_adds() -> None:
    assert commands_in("/fix-async\nthanks", previous="/fix-async") == ()
    assert commands_in("/fix-async --unsafe", previous="/fix-async") == (UNSAFE,)
    assert commands_in("/fix-async\n\n/fix-async", previous="/fix-async") == (SAFE,)
    assert commands_in("/fix-async", previous="> /fix-async") == (SAFE,)
    assert commands_in("words", previous="/fix-async") == ()


@pytest.mark.parametrize(
    "written",
    [
        "/fix-async",
        "/fix-async --unsafe --dry-run",
        "/fix-async AWT103 tests/a.py --suggest",
        "/fix-async explain AWT103",
        "/fix-async help",
    ],
)
def test_a_command_can_be_written_again(written: str) -> None:
    (command,) = commands_in(written)
    assert command.written == written


def test_every_example_is_a_command() -> None:
    examples = [each for one in DEFINITIONS.values() for each, _ in one.examples]
    assert examples
    assert all(not command.unknown for each in examples for command in commands_in(each))


@given(st.text("`~ <!->\n/fix-async --unsafe", max_size=200))
def test_any_comment_can_be_read(body: str) -> None:
    commands_in(body)
    assert commands_in(body, previous=body) == ()


def test_a_hostile_comment_is_read_in_no_time() -> None:
    runs = " ".join("`" * length for length in range(1, 360))
    tags = "<pre>" * 13_000
    assert commands_in(f"{runs} <!--\n/fix-async") == ()
    assert commands_in(f"{tags}\n/fix-async") == ()
    assert commands_in("<!-- -->" * 8_000 + "\n/fix-async") == (SAFE,)
    # More than a comment may hold: its square would take hours.
    assert commands_in("`a` " * 500_000 + "\n/fix-async") == (SAFE,)


def test_what_stands_between_equal_runs_of_backticks_hides_nothing() -> None:
    assert commands_in("`<!--` ``<!-- ` `` ` <!-- -->\n/fix-async") == (SAFE,)
    assert commands_in("`` ` <!--\n/fix-async") == ()
    assert commands_in("` a ` <!-- `\n/fix-async") == ()


@pytest.mark.parametrize("separator", [" ", "\n/fix-async "])
def test_few_words_of_a_hostile_comment_are_weighed(
    separator: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighed: list[str] = []

    def weigh(word: str) -> str:
        weighed.append(word)
        return ""

    monkeypatch.setattr(reading, "hint", weigh)
    commands_in("/fix-async " + separator.join(f"w{number}" for number in range(5_000)))

    assert len(weighed) <= 30


def test_few_words_of_all_commands_together_are_weighed(monkeypatch: pytest.MonkeyPatch) -> None:
    weighed: list[str] = []

    def weigh(word: str) -> str:
        weighed.append(word)
        return ""

    monkeypatch.setattr(reading, "hint", weigh)
    lines = (" ".join(f"w{line}x{number}" for number in range(15)) for line in range(20))
    first, *others = commands_in("".join(f"/fix-async {line}\n" for line in lines))

    assert weighed == [f"w{line}x{number}" for line in range(4) for number in range(15)]
    assert (first.paths[0], len(others)) == ("w0x0", 3)


def test_a_command_of_many_unknown_words_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    weighed: list[str] = []

    def weigh(word: str) -> str:
        weighed.append(word)
        return "; did you mean something?"

    monkeypatch.setattr(reading, "hint", weigh)
    (command,) = commands_in("/fix-async " + " ".join(f"w{number}" for number in range(30)))

    assert weighed == list(command.unknown) == ["w0", "w1", "w2", "w3", "w4"]
