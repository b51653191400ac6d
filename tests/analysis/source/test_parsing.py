"""Text to tree: broken, too deep, or merely newer than this interpreter."""

import ast

import pytest

from bot.analysis.progress import set_listener
from bot.analysis.source.module import Module
from bot.analysis.source.parsing import MAX_BYTES, Broken, NotChecked, compile_error, parse
from bot.analysis.source.source import decode

# What 3.11 cannot read, and the awaits or names that must still be seen on their lines.
NEWER = {
    "a type statement": ("type Pair[T] = tuple[T, T]\nx = Pair\n", "Pair"),
    "type parameters": ("class A[T: int]:\n    def m[S](self, s: S) -> S: ...\n", "A"),
    "quotes inside a field": ('async def f():\n    return f"{await g("a")}"\n', "g"),
    "nested strings": ("async def f():\n    return f'{f'{await g()}'}'\n", "g"),
    "a comment in a field": ("async def f():\n    x = f'{\n  await g() # c\n}'\n", "g"),
    "a template": ("async def f():\n    return t'{await g()!r:>{w}}'\n", "w"),
    "templates in a row": ('x = (t"a {b}" t"c {d}")\n', "d"),
    "a template behind a string": ('x = f(tr"{b!r}", "t" T\'{d}\')\n', "d"),
    "exceptions without parentheses": ("try:\n    g()\nexcept A, B:\n    pass\n", "g"),
    "joined strings": ('x = "a" f"{g["k"]}" "b"\ny = 1\n', "g"),
    "a generator in a field": ('x = f"{(q for q in g["k"])}"\n', "g"),
}


@pytest.mark.parametrize(("text", "name"), NEWER.values(), ids=NEWER)
def test_newer_syntax_is_read_with_every_name_on_its_line(text: str, name: str) -> None:
    parsed = parse(decode("t.py", text.encode()))

    assert isinstance(parsed, Module)
    lines = {
        getattr(node, "lineno", 0)
        for node in ast.walk(parsed.tree)
        if getattr(node, "id", getattr(node, "name", None)) == name
    }
    assert lines == {text[: text.index(name)].count("\n") + 1} or len(lines) > 1


def test_what_was_rewritten_is_known() -> None:
    parsed = parse(decode("t.py", 'def f():\n    é = f"{g["a"]}"\n'.encode()))

    assert isinstance(parsed, Module)
    [assignment] = [node for node in ast.walk(parsed.tree) if isinstance(node, ast.Assign)]
    place = (assignment.value.lineno, assignment.value.col_offset)
    assert not parsed.rewritten or parsed.rewritten == {place}


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [("def f(:\n", 1, 7), ("x = 1\ny = )\n", 2, 5), ("x = f'{'\n", 1, 9), ("type X = \n", 1, 10)],
)
def test_what_no_version_takes_is_broken_and_says_where(text: str, line: int, column: int) -> None:
    parsed = parse(decode("t.py", text.encode()))

    assert isinstance(parsed, Broken)
    assert parsed.line == line
    assert 1 <= parsed.column <= column + 1


@pytest.mark.parametrize(
    "text",
    [
        "y = " + "(" * 2_000 + "a" + ")" * 2_000,
        "y = a" + ".b" * 20_000,
        "y = " + " + ".join(["a"] * 10_000),
    ],
    ids=["parentheses", "attributes", "sum"],
)
@pytest.mark.parametrize("newer", ["", 'x = f"{a["k"]}"\n'], ids=["old", "newer"])
def test_what_is_too_deep_is_not_checked_and_never_reaches_libcst(text: str, newer: str) -> None:
    announced: list[str] = []
    set_listener(announced.append)

    parsed = parse(decode("t.py", (newer + text + "\n").encode()))

    assert isinstance(parsed, NotChecked | Module)
    assert announced == []


def test_libcst_is_announced_and_its_return_too() -> None:
    announced: list[str] = []
    set_listener(announced.append)

    parse(decode("tests/t.py", b"type X = int\nx = )\n"))

    assert announced in (["tests/t.py", ""], [])


def test_a_file_larger_than_the_limit_is_not_checked() -> None:
    parsed = parse(decode("t.py", b"#" * (MAX_BYTES + 1)))

    assert isinstance(parsed, NotChecked)
    assert "1 MiB" in parsed.reason


@pytest.mark.parametrize(
    "text",
    ["return 1\n", "def f(a, a): ...\n", "x = [await y]\n", "def f():\n  yield\n  nonlocal z\n"],
)
def test_what_only_compiling_finds_is_found(text: str) -> None:
    parsed = parse(decode("t.py", text.encode()))

    assert isinstance(parsed, Module)
    assert isinstance(compile_error(parsed), Broken)


def test_a_warning_of_the_parser_is_no_error() -> None:
    parsed = parse(decode("t.py", b"x = '\\d'\nassert (1, 'a')\n"))

    assert isinstance(parsed, Module)
    assert compile_error(parsed) is None
