"""Task tables of project tools."""

import pytest

from bot.analysis.pytest_runs.invocations.tasks import from_tasks
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import invocations, read


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "pyproject.toml",
            "[tool.hatch.envs.default.scripts]\nt = 'pytest {args:tests}'\n",
            [("", "tests")],
        ),
        (
            "pyproject.toml",
            "[tool.hatch.envs.a.scripts]\nt = ['pytest {args} a', 'x', 'pytest {root}']\n",
            [("", "a"), ("", HIDDEN)],
        ),
        ("hatch.toml", "[envs.default.scripts]\nt = 'pytest a'\n", [("", "a")]),
        (
            "pyproject.toml",
            "[tool.poe.tasks]\nt = 'pytest a'\nu = {cmd = 'pytest b', cwd = 'sub'}\n",
            [("", "a"), ("sub", "b")],
        ),
        (
            "pyproject.toml",
            "[tool.poe.tasks]\nt.sequence = [{shell = 'cd sub; pytest a'}, 'pytest b']\n",
            [("sub", "a"), ("sub", "b")],
        ),
        (
            "pyproject.toml",
            (
                "[tool.pdm.scripts]\nt = {composite = ['pytest a']}\n"
                "u = {cmd = 'pytest b', working_dir = 'sub'}\n"
            ),
            [("", "a"), ("sub", "b")],
        ),
        ("pyproject.toml", "[tool.taskipy.tasks]\nt = 'pytest ${X:-a}'\n", [("", "a")]),
        ("pyproject.toml", "[tool.rye.scripts]\nt = {chain = ['pytest a']}\n", [("", "a")]),
        (
            "pyproject.toml",
            "[tool.pixi.tasks]\nt = {cmd = 'pytest', cwd = '../out'}\n",
            [("?", "")],
        ),
        ("sub/pyproject.toml", "[tool.poe.tasks]\nt = 'pytest a'\n", [("sub", "a")]),
        ("Pipfile", "[scripts]\nt = 'pytest a'\n", [("", "a")]),
        ("pyproject.toml", "[tool.poe.tasks]\nt = 1\n[project]\nname = 'pytest'\n", []),
        ("pyproject.toml", "[tool.other]\nt = 'pytest'\n", []),
        ("other.toml", "[tool.poe.tasks]\nt = 'pytest'\n", []),
    ],
)
def test_tasks_are_read(path: str, text: str, expected: list[tuple[str, str]]) -> None:
    assert read(from_tasks, {path: text}) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[tool.hatch.envs.x]\nenv-vars = {PYTEST_ADDOPTS = '-x'}\nscripts.t = 'pytest'\n",
        "[tool.poe.tasks.t]\ncmd = 'pytest'\nenv = {PYTEST_ADDOPTS = '-x', N = 1}\n",
    ],
)
def test_variables_reach_pytest(text: str) -> None:
    (one,) = invocations(from_tasks, {"pyproject.toml": text})

    assert one.variable("PYTEST_ADDOPTS") == "-x"
