"""Command lines that end in pytest, and those that do not."""

import shlex

import pytest

from bot.analysis.pytest_runs.invocations.launcher import Launch, launch_of
from bot.analysis.pytest_runs.shell_words import HIDDEN


@pytest.mark.parametrize(
    "line",
    [
        "pytest -x tests",
        "py.test -x tests",
        ".venv/bin/pytest -x tests",
        "python -m pytest -x tests",
        "python3.12 -W error -X dev -bb -m pytest -x tests",
        "python -Im pytest -x tests",
        "pypy3 -m pytest -x tests",
        ".venv/bin/python3 -m pytest -x tests",
        "coverage run -m pytest -x tests",
        "coverage run --branch --source src -p -m pytest -x tests",
        "python -m coverage run --rcfile=x --module pytest -x tests",
        "coverage run .venv/bin/pytest -x tests",
        "poetry run pytest -x tests",
        "poetry -C . run python -m pytest -x tests",
        "uv run pytest -x tests",
        "uv run --extra test --with pytest --frozen --python=3.12 pytest -x tests",
        "uvx --with pytest-asyncio pytest -x tests",
        "uv tool run pytest -x tests",
        "pdm run pytest -x tests",
        "hatch run pytest -x tests",
        "hatch run test:pytest -x tests",
        "hatch -e test run +py=3.12 pytest -x tests",
        "pipenv run pytest -x tests",
        "conda run -n env pytest -x tests",
        "micromamba run -n env pytest -x tests",
        "sudo -u me timeout -k 5 600 xvfb-run -a -s '-screen 0' nice -n 5 pytest -x tests",
        "env -u X FOO=bar pytest -x tests",
        "time pytest -x tests",
        f"{HIDDEN} -m pytest -x tests",
        f"{HIDDEN} run pytest -x tests",
        f"{HIDDEN}/python -m pytest -x tests",
    ],
)
def test_pytest_is_found_behind_what_starts_it(line: str) -> None:
    launch = launch_of(shlex.split(line))

    assert launch is not None
    assert launch.words == ("-x", "tests")
    assert launch.placed


@pytest.mark.parametrize(
    "line",
    [
        "",
        "pip install pytest",
        "python -m pip install pytest",
        "uv pip install pytest",
        "uv add pytest",
        "poetry add pytest",
        "conda install pytest",
        "apt-get install pytest",
        "echo pytest",
        "grep pytest setup.py",
        "python run.py pytest",
        "python -c 'import pytest'",
        "python -m",
        "python",
        "coverage report",
        "coverage run",
        "coverage",
        "coverage run -m unittest",
        "uv run",
        "uv run --with",
        "docker build -t pytest .",
        "docker run image",
        f"{HIDDEN} install pytest x",
        f"{HIDDEN} x y",
        "FOO=bar",
        "pytest --version",
        "pytest -h",
        "pytest --collect-only tests",
        "pytest --fixtures",
        "xargs rm",
    ],
)
def test_other_commands_start_no_tests(line: str) -> None:
    assert launch_of(shlex.split(line)) is None


@pytest.mark.parametrize(
    "line",
    [
        "docker compose run --rm -e X=1 web pytest -x tests",
        "docker-compose exec -T web python -m pytest -x tests",
        "docker run --rm image pytest -x tests",
        "podman exec c coverage run -m pytest -x tests",
        "kubectl exec pod -- pytest -x tests",
    ],
)
def test_a_container_decides_on_the_folder(line: str) -> None:
    launch = launch_of(shlex.split(line))

    assert launch is not None
    assert (launch.words, launch.placed) == (("-x", "tests"), False)


def test_variables_in_front_are_told() -> None:
    launch = launch_of(["A=1", "env", "B=2=3", "pytest"])

    assert launch == Launch((), {"A": "1", "B": "2=3"})


@pytest.mark.parametrize(
    "line",
    [
        "uv run --directory sub pytest",
        "uv --directory=sub run pytest",
        "poetry -C sub run pytest",
        "env --chdir sub pytest",
        "conda run --cwd sub pytest",
    ],
)
def test_a_wrapper_may_go_elsewhere(line: str) -> None:
    launch = launch_of(shlex.split(line))

    assert launch is not None
    assert launch.folder == "sub"


def test_arguments_that_xargs_adds_are_hidden() -> None:
    launch = launch_of(["xargs", "-0", "pytest", "-x"])

    assert launch is not None
    assert launch.words == ("-x", HIDDEN)
