"""`awaited` runs nothing of the repository that it is started in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

AWAITED = Path(sys.executable).parent / "awaited"
SOURCE = Path(__file__).parents[1]

# Every way that a repository could be imported by: our own package, what we import, what Python
# imports by itself, what pytest would.
HOSTILE = [
    "bot/__init__.py",
    "bot/cli/__init__.py",
    "bot/cli/main.py",
    "bot/isolation/forkserver.py",
    "bot/rules/__init__.py",
    "_posixsubprocess.py",
    "array.py",
    "ast.py",
    "asyncio/__init__.py",
    "click.py",
    "conftest.py",
    "encodings/__init__.py",
    "json.py",
    "libcst/__init__.py",
    "msgspec.py",
    "pathlib.py",
    "pathspec/__init__.py",
    "rich/__init__.py",
    "site.py",
    "sitecustomize.py",
    "socket.py",
    "struct.py",
    "subprocess.py",
    "tempfile.py",
    "tests/conftest.py",
    "typing.py",
    "usercustomize.py",
]
# What `awaited` without extras does not bring.
SERVICE = {
    "aiohttp",
    "alembic",
    "cachetools",
    "dbos",
    "gidgethub",
    "graphql",
    "jinja2",
    "jwt",
    "prometheus_client",
    "pygit2",
    "pytest",
    "sqlalchemy",
    "structlog",
    "yaml",
}
TEST = "import pytest\n\n\nasync def test_never():\n    assert True\n"


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A repository whose every module, if imported, leaves a file in `ran/`."""
    root = tmp_path / "repository"
    ran = tmp_path / "ran"
    ran.mkdir()
    for name in HOSTILE:
        module = root / name
        module.parent.mkdir(parents=True, exist_ok=True)
        mark = str(ran / name.replace("/", "."))
        module.write_text(f"open({mark!r}, 'w').close()\nraise SystemExit('hostile')\n")
    (root / "tests/test_a.py").write_text(TEST)
    (root / ".git").mkdir()
    return root


def run(root: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if "PYTHON" not in name}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def what_ran(root: Path) -> list[str]:
    return sorted(path.name for path in (root.parent / "ran").iterdir())


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check"], 1),
        (["check", "--json", "tests/test_a.py"], 1),
        (["check", "--diff"], 1),
        (["check", "--fix", "tests"], 0),
        (["rules"], 0),
        (["explain", "AWT103"], 0),
        (["serve"], 2),
    ],
)
def test_the_script_imports_nothing_of_a_hostile_repository(
    hostile: Path, arguments: list[str], code: int
) -> None:
    done = run(hostile, AWAITED, *arguments)

    assert what_ran(hostile) == []
    assert done.returncode == code, done.stderr


def test_what_a_hostile_module_would_leave_is_seen(hostile: Path) -> None:
    run(hostile, sys.executable, "-c", "import click")

    assert what_ran(hostile) == ["click.py"]


def test_the_working_directory_is_dropped_where_python_puts_it_first(hostile: Path) -> None:
    # What Python itself imports before any line of ours runs is out of reach; and so is `bot`.
    for name in HOSTILE:
        if not name.startswith(("click", "libcst", "msgspec", "pathspec", "rich")):
            (hostile / name).unlink()
    code = "import sys; sys.argv[1:] = ['check', 'tests']; from bot.__main__ import main; main()"

    done = run(hostile, sys.executable, "-c", code)

    assert what_ran(hostile) == []
    assert "AWT103" in done.stdout


def test_python_m_bot_is_the_same_command() -> None:
    done = run(SOURCE, sys.executable, "-m", "bot", "--version")

    assert done.stdout.startswith("awaited ")
    assert done.returncode == 0


def test_a_working_directory_that_is_gone_is_no_traceback(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    done = run(tmp_path, "sh", "-c", f"cd gone; rmdir '{gone}'; exec '{AWAITED}' check")

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_checking_needs_nothing_of_the_service(tmp_path: Path) -> None:
    names = "bot.cli.check, bot.cli.new_look, bot.cli.rules, bot.cli.explain, bot.rules"
    code = f"import sys, bot.__main__, {names}; print(*sys.modules)"

    done = run(tmp_path, sys.executable, "-I", "-c", code)

    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert {"bot", "click", "msgspec"} <= loaded
    # Only fixes need it, and it takes a third of a second to load.
    assert "libcst" not in loaded
    assert loaded.isdisjoint(SERVICE)
