"""Nox sessions, read as far as their values are written out."""

import pytest

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocations.nox import from_nox, nox_installs
from bot.analysis.pytest_runs.shell_words import HIDDEN
from tests.analysis.pytest_runs.invocations.readers import invocations, read


def session(body: str, before: str = "") -> dict[str, str]:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return {"noxfile.py": f"import nox\n{before}\n@nox.session\ndef tests(session):\n{lines}"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("session.run('pytest', 'a')", [("", "a")]),
        ("session.run('python', '-m', 'pytest', *session.posargs)", [("", "")]),
        ("session.run('pytest', *(session.posargs or ['a', 'b']))", [("", "a b")]),
        ("session.run('pytest', *(session.posargs if session.posargs else ('a',)))", [("", "a")]),
        ("args = ['-x']\nsession.run('pytest', *args, *session.posargs)", [("", "-x")]),
        ("args: list = ['-x'] + ['b']\nsession.run('pytest', *args)", [("", "-x b")]),
        ("args = ['-x']\nargs += ['b']\nsession.run('pytest', *args)", [("", HIDDEN)]),
        ("session.run('pytest', *SHARED, NAME)", [("", "-v n")]),
        (
            "session.run('pytest', f'tests/{session.python}', str(x))",
            [("", f"tests/{HIDDEN} {HIDDEN}")],
        ),
        ("session.run(*['pytest', 'a'])", [("", "a")]),
        ("session.run('pytest', *loop)", [("", HIDDEN)]),
        ("session.chdir('sub')\nsession.run('pytest')", [("sub", "")]),
        ("with session.chdir('sub'):\n    session.run('pytest')", [("sub", "")]),
        ("session.cd(x)\nsession.run('pytest')", [("?", "")]),
        ("session.chdir('missing')\nsession.run('pytest')", [("?", "")]),
        ("session.chdir()\nsession.run('pytest')", [("?", "")]),
        ("session.run_always('pytest', 'a')", [("", "a")]),
        ("session.run('docker', 'run', 'image', 'pytest')", [("?", "")]),
        ("session.run('ruff', 'check')\nprint('pytest')\nsession.notify('pytest')", []),
    ],
)
def test_a_session_s_commands_are_read(body: str, expected: list[tuple[str, str]]) -> None:
    before = "SHARED = ('-v',)\nNAME = 'n'\nloop = loop\nx, y = 1, 2\n"

    assert read(from_nox, session(body, before)) == expected


@pytest.mark.parametrize(
    "body",
    [
        "session.run('pytest', env={'PYTEST_ADDOPTS': '-x', **more})",
        "env = {'PYTEST_ADDOPTS': '-x'}\nsession.run('pytest', env=env)",
        "session.run('env', 'PYTEST_ADDOPTS=-x', 'pytest', external=True)",
    ],
)
def test_variables_are_told(body: str) -> None:
    (one,) = invocations(from_nox, session(body))

    assert one.variable("PYTEST_ADDOPTS") == "-x"


def test_variables_that_are_computed_are_not() -> None:
    (one,) = invocations(from_nox, session("session.run('pytest', env=dict(os.environ))"))

    assert one.environment == ()
    assert one.origin == "noxfile.py:5"


def test_installed_packages_are_told() -> None:
    text = session("session.install('pytest', *MORE)\nsession.run('x')", "MORE = ['b>1']")
    files = ConfigFiles(text, text)

    assert list(nox_installs(files, "noxfile.py")) == ["pytest", "b>1"]


def test_a_noxfile_that_does_not_parse_starts_nothing() -> None:
    assert read(from_nox, {"noxfile.py": "def x(:\n", "sub/noxfile.py": "\0"}) == []
