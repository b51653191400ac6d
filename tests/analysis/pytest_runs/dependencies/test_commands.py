"""Packages that single commands install."""

import pytest

from bot.analysis.pytest_runs.dependencies.commands import from_commands
from bot.analysis.pytest_runs.dependencies.declaration import Weight
from tests.analysis.pytest_runs.dependencies.declared import declarations, declared


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("run: pip install pytest 'anyio>=0.23'", {"pytest": "", "anyio": ">=0.23"}),
        ("python -m pip install -U -r x.txt -c y.txt -e .[test] a", {"a": ""}),
        ("pip3 install a && pip install b; pip install c | tee", {"a": "", "b": "", "c": ""}),
        ("pip install \\\n  a \\\n  b", {"a": "", "b": ""}),
        ("uv pip install a", {"a": ""}),
        ("uv add --group dev a", {"a": ""}),
        ("poetry add -G dev a", {"a": ""}),
        ("pdm add a", {"a": ""}),
        ("pipenv install --dev a", {"a": ""}),
        ("conda install -n env -c forge a", {"a": ""}),
        ("pipx inject tool a", {"a": ""}),
        ("uv run --with aio --with='anyio>=4' pytest", {"aio": "", "anyio": ">=4"}),
        ("pip install $PACKAGES ./local /abs/x dist/a.whl", {}),
        ("pip install -U pip setuptools tox ruff", {}),
        ("apt-get install a", {}),
        ("pytest", {}),
        ("pip install a " + "#" * 200_000, {}),
    ],
)  # fmt: skip
def test_installing_commands_are_read(text: str, expected: dict[str, str]) -> None:
    assert declared(from_commands, ".github/workflows/ci.yml", text) == expected


def test_their_word_counts_last() -> None:
    (one,) = declarations(from_commands, "Makefile", {"Makefile": "\tpip install a\n"})

    assert one.weight is Weight.COMMAND


def test_tox_and_nox_say_what_they_install() -> None:
    nox = "def t(session):\n    session.install('a', '-r', '.', x, 'nox')\n"

    assert declared(from_commands, "noxfile.py", nox) == {"a": ""}
    assert declared(from_commands, "tox.ini", "[testenv]\ndeps =\n  a\n  -rx.txt\n") == {"a": ""}
    assert declared(from_commands, "tox.toml", '[env_run_base]\ndeps = ["a"]\n') == {"a": ""}
