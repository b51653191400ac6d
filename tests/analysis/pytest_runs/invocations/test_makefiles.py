"""Recipes with their variables filled in."""

import pytest

from bot.analysis.pytest_runs.invocations.makefiles import from_justfiles, from_makefiles
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import invocations, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test:\n\techo\n\tpytest a\n", [("", "a")]),
        ("test:\n\t@-+pytest a\n", [("", "a")]),
        ("test:\n\tcd sub && pytest a\n\tpytest b\n", [("sub", "a"), ("", "b")]),
        ("test:\n\tpytest \\\n\t\ta \\\n\t\tb\n", [("", "a b")]),
        ("PYTEST = python -m pytest\ntest:\n\t$(PYTEST) a\n", [("", "a")]),
        ("PYTEST := pytest # fast\nALL ?= a\ntest:\n\t${PYTEST} ${ALL}\n", [("", "a")]),
        ("A = 1\nA ?= 2\nA += 3\nB += $(A)\ntest:\n\tpytest $(B)\n", [("", "1 3")]),
        ("test: OPTS = -x\ntest:\n\tpytest $(OPTS)\n", [("", "-x")]),
        ("test:\n\tpytest $(ARGS) a\n", [("", "a")]),
        ("test:\n\tpytest $(shell nproc) $@\n", [("", f"{HIDDEN} {HIDDEN}")]),
        ("test:\n\tX=1; pytest $$X $(CURDIR)/a\n", [("", "1 /⌂//a")]),
        ("A = $(A)b\ntest:\n\tpytest $(A)\n", [("", f"{HIDDEN}bbbbbbbbb")]),
        ("test:\n\tpytest a\r\n", [("", "a")]),
        ("# pytest\n", []),
    ],
)
def test_recipes_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(from_makefiles, {"Makefile": text}) == expected


def test_a_makefile_below_the_root_runs_in_its_folder() -> None:
    files = {"sub/Makefile": "test:\n\tpytest\n", "sub/more.mk": "t:\n\tpytest b\n"}

    assert read(from_makefiles, files) == [("sub", ""), ("sub", "b")]


def test_exported_variables_reach_pytest() -> None:
    text = "O = -x\nexport PYTEST_ADDOPTS = $(O) -v\ntest:\n\n\tpytest\n"
    (one,) = invocations(from_makefiles, {"Makefile": text})

    assert one.variable("PYTEST_ADDOPTS") == "-x -v"
    assert one.origin == "Makefile:5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("test:\n    pytest a\n", [("", "a")]),
        ("test *args:\n    @pytest {{args}} a\n", [("", "a")]),
        ("test +args:\n    pytest {{args}}\n", [("", HIDDEN)]),
        (
            "test path='a b' mode=\"auto\" n=4:\n    pytest {{path}} {{ mode }} {{n}}\n",
            [("", "a b auto 4")],
        ),
        (
            "py := 'python'\no := \"-x\"\nz := other\ntest:\n    {{py}} -m pytest {{o}} {{z}}\n",
            [("", "-x other")],
        ),
        ("test:\n    pytest {{ env('X') }}\n", [("", HIDDEN)]),
        ("test:\n    cd {{justfile_directory()}}/sub && pytest\n", [("sub", "")]),
        ("a:\n    x\n\npytest: a\n", []),
    ],
)
def test_justfiles_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(from_justfiles, {"justfile": text}) == expected
