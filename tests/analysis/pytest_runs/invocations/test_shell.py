"""Scripts read from top to bottom."""

import pytest

from bot.analysis.pytest_runs.invocations.scripts import from_scripts
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import invocations, read


def runs(text: str) -> list[tuple[str, str]]:
    return read(from_scripts, {"run.sh": text})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pytest a", [("", "a")]),
        ("cd sub && pytest a", [("sub", "a")]),
        ("cd sub\npytest a\ncd ..\npytest b", [("sub", "a"), ("", "b")]),
        ("cd -- sub/deep; pytest", [("sub/deep", "")]),
        ("(cd sub && pytest a); pytest b", [("sub", "a"), ("", "b")]),
        ("pushd sub; pytest a; popd; pytest b", [("sub", "a"), ("", "b")]),
        ("{ cd sub; pytest a; }; pytest b", [("sub", "a"), ("", "b")]),
        ("run() {\n cd sub\n pytest a\n}\npytest b", [("sub", "a"), ("", "b")]),
        ("if ! pytest a; then pytest b; else pytest c; fi", [("", "a"), ("", "b"), ("", "c")]),
        ("while pytest a; do :; done", [("", "a")]),
        ("for x in a b; do pytest $x; done", [("", HIDDEN)]),
        ("pytest a | tee log || true", [("", "a")]),
        ("cd missing && pytest", [("?", "")]),
        ("cd $SOMEWHERE; pytest; cd sub; pytest a", [("?", ""), ("?", "a")]),
        ("popd; pytest", [("?", "")]),
        ("cd; pytest", [("?", "")]),
        ("cd /app; pytest; cd $GITHUB_WORKSPACE/sub; pytest a", [("?", ""), ("sub", "a")]),
        ("cd sub; pytest --rootdir $PWD $(pwd)/tests", [("sub", "--rootdir /⌂/sub /⌂/sub/tests")]),
        ("cd $X; pytest $PWD", [("?", HIDDEN)]),
        ("cd $(git rev-parse --show-toplevel)/sub; pytest", [("sub", "")]),
        ("$(which pytest) a; `command -v python3` -m pytest b", [("", "a"), ("", "b")]),
        ("uv run --directory sub pytest", [("sub", "")]),
        ("bash -c 'cd sub && pytest a'", [("sub", "a")]),
        ("docker run image sh -lc 'pytest a'", [("?", "a")]),
        ('sh -c "sh -c \'sh -c \\"sh -c \\\\\\"pytest a\\\\\\"\\"\'"', []),
        ("ruff -c x; sh -c 'ruby x y'; pytest", [("", "")]),
        ("nothing here", []),
        ("# pytest", []),
    ],
)
def test_folders_are_followed(text: str, expected: list[tuple[str, str]]) -> None:
    assert runs(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=-x\npytest $A", "-x"),
        ("A='-x -v' B=c\npytest $A $B", "-x -v c"),
        ("A=-x pytest $A", HIDDEN),
        ("A=a; A=b; pytest $A", "b"),
        ("export A=a; pytest $A", "a"),
        ("local A=a; pytest $A", "a"),
        ("A=$B; pytest $A", HIDDEN),
        ("pytest ${A:-tests}", "tests"),
        ('pytest "$@"', ""),
    ],
)
def test_variables_are_followed(text: str, expected: str) -> None:
    assert runs(text) == [("", expected)]


@pytest.mark.parametrize(
    ("text", "environment"),
    [
        ("PYTEST_ADDOPTS=-x pytest", {"PYTEST_ADDOPTS": "-x"}),
        ("export PYTEST_ADDOPTS='-x -v'\npytest", {"PYTEST_ADDOPTS": "-x -v"}),
        ("PYTEST_ADDOPTS=-x\npytest", {}),
        ("PYTEST_ADDOPTS=-x\nexport PYTEST_ADDOPTS\npytest", {"PYTEST_ADDOPTS": "-x"}),
        ("export PYTEST_ADDOPTS=-x; PYTEST_ADDOPTS=-v; pytest", {"PYTEST_ADDOPTS": "-v"}),
        ("export PYTEST_PLUGINS\npytest", {}),
        ("export OTHER=x\npytest", {}),
        ("export PYTEST_ADDOPTS=-x; bash -c 'pytest a'", {"PYTEST_ADDOPTS": "-x"}),
    ],
)
def test_exported_variables_reach_pytest(text: str, environment: dict[str, str]) -> None:
    (one,) = invocations(from_scripts, {"run.sh": text})

    assert dict(one.environment) == environment
    assert one.variable("PYTEST_ADDOPTS") == environment.get("PYTEST_ADDOPTS", "")


def test_a_place_is_named_by_file_and_line() -> None:
    (one,) = invocations(from_scripts, {"run.sh": "set -e\n\npytest \\\n  -x\n"})

    assert one.origin == "run.sh:3"


@pytest.mark.parametrize(
    ("path", "text", "folder"),
    [
        ("run.sh", "pytest", ""),
        ("scripts/test.sh", "pytest", ""),
        ("sub/scripts/test.sh", "pytest", "sub"),
        ("sub/run.bash", "pytest", "sub"),
        ("bin/test", "#!/bin/bash\npytest", ""),
        ("bin/test", "#!/usr/bin/env -S bash -e\npytest", ""),
        ("sub/ci/x.sh", 'cd "$(dirname "$0")"; pytest', "sub/ci"),
        ("sub/ci/x.sh", "cd $(dirname $0)/..\npytest", "sub"),
        ("sub/ci/x.sh", 'cd "${0%/*}/../deep" && pytest', "sub/deep"),
        (
            "sub/ci/x.sh",
            'H="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\ncd $H/..\npytest',
            "sub",
        ),
        (
            "sub/ci/x.sh",
            (
                'H=$(cd -P "$( dirname -- "${BASH_SOURCE[0]:-$0}" )/.." > /dev/null 2>&1; '
                'pwd -P)\ncd "$H"\npytest'
            ),
            "sub",
        ),
        ("sub/ci/x.sh", 'H=$(cd tests && pwd)\ncd "$H"\npytest', "?"),
    ],
)
def test_a_script_is_started_where_people_start_it(path: str, text: str, folder: str) -> None:
    assert read(from_scripts, {path: text}) == [(folder, "")]


@pytest.mark.parametrize("path", ["bin/test", "run.py", "a.sh.txt"])
def test_what_is_no_shell_script_is_not_read(path: str) -> None:
    assert read(from_scripts, {path: "#!/usr/bin/env python\npytest\n"}) == []


def test_a_huge_script_is_not_read() -> None:
    assert read(from_scripts, {"run.sh": "pytest\n" + "#" * 200_000}) == []
