"""Tox environments in all the places tox reads."""

import pytest

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocations.tox import from_tox, tox_dependencies
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import invocations, read


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("commands = pytest {posargs:tests}", [("", "tests")]),
        ("commands = pytest {posargs}", [("", "")]),
        ("commands =\n  pytest a \\\n    b\n  - pytest c", [("", "a b"), ("", "c")]),
        ("commands =\n  py38,py39: pytest a\n  !lint: pytest b", [("", "a"), ("", "b")]),
        ("commands_pre = pytest a\ncommands_post = pytest b", [("", "a"), ("", "b")]),
        ("changedir = sub\ncommands = pytest", [("sub", "")]),
        ("change_dir = {toxinidir}/sub/deep\ncommands = pytest", [("sub/deep", "")]),
        ("changedir = {envtmpdir}\ncommands = pytest", [("?", "")]),
        ("commands = {envpython} -m pytest {toxinidir}/a", [("", "/⌂//a")]),
        ("commands = {envbindir}/pytest{/}a", []),
        ("commands = pytest {env:X:b} {env:Y} {tty:c:d} {unknown}", [("", f"b d {HIDDEN}")]),
        ("setenv =\n  X = a\n  odd\ncommands = pytest {env:X}", [("", "a")]),
        (
            "commands = pytest {[more]args} {[more]none}\n[more]\nargs = -x {posargs:a}",
            [("", "-x a")],
        ),
        ("commands = pytest \\{a\\}", [("", "{a}")]),
        ("commands = pytest {[testenv]commands}", [("", "pytest " * 8 + "{[testenv]commands}")]),
        ("commands = bash -c 'cd sub && pytest'", [("sub", "")]),
        ("commands = flake8 # pytest", []),
    ],
)
def test_an_environment_s_commands_are_read(text: str, expected: list[tuple[str, str]]) -> None:
    assert read(from_tox, {"tox.ini": f"[tox]\n[testenv]\n{text}\n"}) == expected


def test_an_environment_takes_over_what_it_does_not_say_itself() -> None:
    text = (
        "[testenv]\ncommands = pytest {env:X:}\nsetenv = X=a\n"
        "[testenv:auto]\nsetenv =\n  X=b\n  PYTEST_ADDOPTS = --asyncio-mode=auto\n"
        "[testenv:lint]\ncommands = ruff\n[other]\ncommands = pytest z\n"
    )
    found = invocations(from_tox, {"tox.ini": text})

    assert [(one.origin, one.words) for one in found] == [
        ("tox.ini [testenv]", ("a",)),
        ("tox.ini [testenv:auto]", ("b",)),
    ]
    assert found[1].variable("PYTEST_ADDOPTS") == "--asyncio-mode=auto"


def test_a_variable_that_depends_on_factors_has_each_of_its_values() -> None:
    text = "[testenv]\nsetenv =\n  T=tests\n  a: T=sub\n  b,c: T=more\ncommands = pytest {env:T}\n"

    assert read(from_tox, {"tox.ini": text}) == [("", "tests"), ("", "sub"), ("", "more")]


def test_values_that_grow_without_end_are_cut() -> None:
    text = "[testenv]\ncommands = pytest {[a]b}\n[a]\nb = {[a]b}{[a]b}{[a]b}{[a]b}xxxxxxxxxxxx\n"

    assert len(read(from_tox, {"tox.ini": text})) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"setup.cfg": "[tox:tox]\n[testenv]\ncommands = pytest a\n"},
        {"pyproject.toml": '[tool.tox]\nlegacy_tox_ini = """[testenv]\ncommands=pytest a"""'},
        {"pyproject.toml": '[tool.tox.env_run_base]\ncommands = [["pytest", "a"]]\n'},
        {"tox.toml": '[env_run_base]\ncommands = [["pytest", "{tox_root}", "a", 1]]\n'},
        {
            "tox.toml": '[env_run_base]\ncommands = [["pytest", '
            '{replace = "posargs", default = ["a"]}]]\n'
        },
    ],
)
def test_every_place_that_tox_reads_is_read(files: dict[str, str]) -> None:
    (found,) = read(from_tox, files)

    assert found in {("", "a"), ("", f"/⌂ a {HIDDEN}")}


def test_native_environments_inherit_too() -> None:
    text = (
        "[env_run_base]\nset_env = {PYTEST_ADDOPTS = '-x', N = 1}\n"
        'commands = [["pytest", "it\'s", "{posargs}"]]\n'
        '[env.sub]\nchange_dir = "sub"\n[env.other]\ncommands = [["ruff"], "odd"]\n'
    )
    found = invocations(from_tox, {"tox.toml": text})

    assert [(one.cwd, one.words) for one in found] == [("", ("it's",)), ("sub", ("it's",))]
    assert found[1].variable("PYTEST_ADDOPTS") == "-x"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "[testenv]\ndeps =\n  a\n  py38: b>1\n  {[x]y}\n[x]\ny = c\n"),
        ("setup.cfg", "[testenv:x]\ndeps =\n  a\n  b>1\n  c\n"),
        ("tox.toml", '[env_run_base]\ndeps = ["a", "b>1"]\n[env.x]\ndeps = ["c"]\n'),
        (
            "pyproject.toml",
            '[tool.tox]\nlegacy_tox_ini = "[testenv]\\ndeps =\\n  a\\n  b>1\\n  c"\n',
        ),
    ],
)
def test_dependencies_are_told(path: str, text: str) -> None:
    found = tox_dependencies(ConfigFiles({path: text}, {path}), path)

    assert [one for one in found if one] == ["a", "b>1", "c"]


def test_a_file_that_configures_no_tox_has_no_dependencies() -> None:
    assert list(tox_dependencies(ConfigFiles({}, ()), "Makefile")) == []
