"""Words of a script, judged by a real shell where it has the same knowledge."""

import subprocess
import time

import pytest

from bot.analysis.pytest_runs.shell_words import HIDDEN, Command, commands, split

VARIABLES = {"OPTS": "-x --cov=a", "ONE": "1", "EMPTY": "", "PADDED": " p "}


def words(text: str) -> list[str]:
    return [word for command in commands(text, VARIABLES.get) for word in command.words]


@pytest.mark.parametrize(
    "text",
    [
        "pytest -k 'a b' tests",
        'pytest -k "a b" tests',
        "pytest a\\ b 'it'\\''s' \"say \\\"hi\\\"\"",
        'pytest "" \'\' a""b',
        "pytest $OPTS",
        'pytest "$OPTS"',
        "pytest a${ONE}b $ONE$ONE x$EMPTY$ONE $EMPTY",
        "pytest a$PADDED'b' $PADDED",
        "pytest ${ONE:-2} ${MISSING:-2} ${MISSING-a b} ${ONE:+set} ${EMPTY:+set}",
        'pytest "${MISSING:-$ONE}"',
        "pytest '$ONE' \\$ONE \"\\$ONE\"",
        "pytest \\\n  -x \\\n  tests",
        "pytest a#b # comment",
        "pytest tests > /dev/null 2>&1",
        "pytest tests >>log <in",
        'pytest "$@" $* $1 ${@} ${@:2} a',
        "pytest ${1:-unit} ${2-} a$1b 'x'$@",
        "pytest $$x",
    ],
)
def test_words_are_those_that_a_shell_makes(text: str) -> None:
    show = 'pytest() { printf "%s\\0" pytest "$@" >&3; }\n'
    result = subprocess.run(
        ["bash", "-c", f'exec 3>&1 </dev/null; cd "$(mktemp -d)"; touch in\n{show}{text}'],
        env={**VARIABLES, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    expected = result.stdout.split("\0")[:-1]
    if "$$" in text:
        assert words(text)[1:] == [HIDDEN + "x"]
        return

    assert words(text) == expected


def test_commands_know_their_line_and_what_stands_before_them() -> None:
    text = "cd a && pytest b\n\n(x; y) | z # c\nif t; then\n  u \\\n  v\nfi"

    assert list(commands(text, VARIABLES.get)) == [
        Command(("cd", "a"), 0, ""),
        Command(("pytest", "b"), 0, "&&"),
        Command(("x",), 2, "("),
        Command(("y",), 2, ";"),
        Command((), 2, ")"),
        Command(("z",), 2, "|"),
        Command(("if", "t"), 3, "\n"),
        Command(("then",), 3, ";"),
        Command(("u", "v"), 4, "\n"),
        Command(("fi",), 6, "\n"),
    ]


def test_a_variable_is_looked_up_when_its_command_is_reached() -> None:
    known: dict[str, str] = {}
    seen = []
    for command in commands("set a\necho $a", known.get):
        seen.append(command.words)
        known["a"] = "1"

    assert seen == [("set", "a"), ("echo", "1")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a $UNKNOWN", ["a", HIDDEN]),
        ('a "$UNKNOWN/b"', ["a", f"{HIDDEN}/b"]),
        ("a $(ls -l $(x))", ["a", HIDDEN]),
        ("a `ls`", ["a", HIDDEN]),
        ("a ${{ matrix.x }}-1", ["a", f"{HIDDEN}-1"]),
        ("a ${UNKNOWN%.py} $#", ["a", HIDDEN, HIDDEN]),
        ("a ${UNKNOWN:+x}", ["a"]),
        ("a ${UNKNOWN?x}", ["a", HIDDEN]),
    ],
)
def test_what_only_a_run_would_tell_is_hidden(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_the_body_of_a_here_document_is_no_command() -> None:
    text = "cat <<EOF > f\npytest a\nEOF\npytest b\ncat <<-'X'\n  pytest c\n  X\npytest <<< d e"

    assert [command.line for command in commands(text, VARIABLES.get)] == [0, 3, 4, 7]
    assert "a" not in words(text)
    assert words(text)[-2:] == ["pytest", "e"]


def test_a_here_document_that_does_not_end_takes_the_rest() -> None:
    assert words("a <<EOF\npytest b") == ["a"]


def test_one_command_line_is_split_without_operators() -> None:
    assert split("pip install 'a>=1' b $X") == ("pip", "install", "a>=1", "b", HIDDEN)


@pytest.mark.parametrize("piece", ["$(", "${", '"', "`", "<<a\n", "$((", "${{", "\\", "$(a ", "'"])
def test_hostile_text_takes_no_long_time(piece: str) -> None:
    begin = time.process_time()
    list(commands(piece * 20_000, VARIABLES.get))

    assert time.process_time() - begin < 3
