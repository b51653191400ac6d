"""Runs of pytest, judged by real pytest: section 1.4 of the observed semantics, and more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.answer import Answer
from bot.analysis.config_files import ConfigFiles
from bot.analysis.invocation import PYTEST_VARIABLES, Invocation
from bot.analysis.pytest_config import AsyncioMode, PytestRun, resolve, resolve_all
from bot.analysis.versions import read_versions
from tests.analysis.pytest_oracle import Oracle

TEST = "def test_it(): ...\n"
AUTO = "asyncio_mode = auto\n"
QUOTED = 'asyncio_mode = "auto"\n'
STRICT = "asyncio_mode = strict\n"
INI = {"pytest.ini": f"[pytest]\n{AUTO}"}
PLAIN = {"pytest.ini": "[pytest]\n"}


@dataclass(frozen=True)
class Case:
    """A project and a command line. `test_root.py`, `sub/test_sub.py` and more are added."""

    files: Mapping[str, str]
    words: tuple[str, ...] = ()
    cwd: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)


TREE = {
    path: TEST
    for path in (
        "test_root.py",
        "root_test.py",
        "check_root.py",
        "sub/test_sub.py",
        "sub/deep/test_deep.py",
        "other/test_other.py",
        "build/test_build.py",
        ".hidden/test_hidden.py",
        "node_modules/test_node.py",
        "env/test_env.py",
        "dir.egg/test_egg.py",
    )
} | {"env/pyvenv.cfg": "", "test_text.txt": ""}


def ini(*lines: str) -> dict[str, str]:
    return {"pytest.ini": "\n".join(["[pytest]", *lines]) + "\n"}


def toml(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "\n".join(["[tool.pytest]", *lines]) + "\n"}


def options(*lines: str) -> dict[str, str]:
    return {"pyproject.toml": "\n".join(["[tool.pytest.ini_options]", *lines]) + "\n"}


CASES = {
    # Which file
    "pytest.ini": Case(INI),
    ".pytest.ini": Case({".pytest.ini": f"[pytest]\n{AUTO}"}),
    "ini_options": Case(options(QUOTED)),
    "tox.ini": Case({"tox.ini": f"[pytest]\n{AUTO}"}),
    "setup.cfg": Case({"setup.cfg": f"[tool:pytest]\n{AUTO}"}),
    "tool.pytest": Case(toml(QUOTED)),
    "pytest.toml": Case({"pytest.toml": f"[pytest]\n{QUOTED}"}),
    ".pytest.toml": Case({".pytest.toml": f"[pytest]\n{QUOTED}"}),
    "both tables": Case(
        {"pyproject.toml": f"[tool.pytest]\n{QUOTED}[tool.pytest.ini_options]\n{QUOTED}"}
    ),
    "setup.cfg [pytest]": Case({"setup.cfg": f"[pytest]\n{AUTO}"}),
    "pytest.ini [tool:pytest]": Case({"pytest.ini": f"[tool:pytest]\n{AUTO}", **options(QUOTED)}),
    "tox.ini [tool:pytest]": Case({"tox.ini": f"[tool:pytest]\n{AUTO}"}),
    "empty pytest.ini masks": Case({"pytest.ini": "", **options(QUOTED)}),
    "bare [pytest] masks": Case({**PLAIN, **options(QUOTED)}),
    "empty pytest.toml masks": Case({"pytest.toml": "", **options(QUOTED)}),
    "empty table wins over tox.ini": Case({**options(), "tox.ini": f"[pytest]\n{AUTO}"}),
    "no table yields to tox.ini": Case(
        {"pyproject.toml": "[project]\nname = 'x'\n", "tox.ini": f"[pytest]\n{AUTO}"}
    ),
    "tox.ini without a section yields": Case(
        {"tox.ini": "[tox]\n", "setup.cfg": f"[tool:pytest]\n{AUTO}"}
    ),
    "broken toml": Case({"pyproject.toml": "[tool.pytest"}),
    "broken ini": Case({"pytest.ini": "asyncio_mode = auto\n"}),
    "a loser with an error": Case({**INI, "setup.cfg": "[pytest]\n"}),
    # Which word wins
    "addopts with =": Case(ini("addopts = --asyncio-mode=auto")),
    "addopts with a blank": Case(ini("addopts = --asyncio-mode auto")),
    "addopts list": Case(options("addopts = ['--asyncio-mode', 'auto']")),
    "PYTEST_ADDOPTS": Case(PLAIN, environment={"PYTEST_ADDOPTS": "--asyncio-mode=auto"}),
    "-o": Case(PLAIN, ("-o", "asyncio_mode=auto")),
    "-o glued": Case(PLAIN, ("-oasyncio_mode=auto",)),
    "--override-ini=": Case(PLAIN, ("--override-ini=asyncio_mode=auto",)),
    "-o in PYTEST_ADDOPTS": Case(PLAIN, environment={"PYTEST_ADDOPTS": "-o asyncio_mode=auto"}),
    "-o in addopts": Case(ini("addopts = -o asyncio_mode=auto")),
    "-o of addopts": Case(ini("addopts = --asyncio-mode=auto"), ("-o", "addopts=")),
    "ini auto, addopts strict": Case(ini(AUTO, "addopts = --asyncio-mode=strict")),
    "the last option counts": Case(INI, ("--asyncio-mode=auto", "--asyncio-mode=strict")),
    "the command line comes after addopts": Case(
        ini("addopts = --asyncio-mode=auto"), ("--asyncio-mode=strict",)
    ),
    "AUTO": Case(ini("asyncio_mode = AUTO")),
    "legacy": Case(ini("asyncio_mode = legacy")),
    "bogus option": Case(PLAIN, ("--asyncio-mode=bogus",)),
    "dash": Case(ini("asyncio-mode = auto")),
    "dash, strict_config": Case(ini("asyncio-mode = auto", "strict_config = true")),
    "dash, strict": Case(ini("asyncio-mode = auto", "strict = true")),
    "dash, strict off": Case(ini("asyncio-mode = auto", "strict = true", "strict_config = no")),
    "dash, --strict-config": Case(ini("asyncio-mode = auto"), ("--strict-config",)),
    "dash, --strict in addopts": Case(ini("asyncio-mode = auto", "addopts = --strict")),
    "minversion fits": Case(ini("minversion = 6.0")),
    # Plugins
    "-p no:asyncio": Case(INI, ("-p", "no:asyncio")),
    "-p no:asyncio in addopts": Case(ini(AUTO, "addopts = -p no:asyncio")),
    "-pno:asyncio": Case(INI, ("-pno:asyncio",)),
    "-p no:asyncio, strict": Case(ini(AUTO, "strict = true"), ("-p", "no:asyncio")),
    "-p no:asyncio, option": Case(PLAIN, ("-p", "no:asyncio", "--asyncio-mode=auto")),
    "-p no:pytest_asyncio": Case(INI, ("-p", "no:pytest_asyncio")),
    "-p asyncio": Case(INI, ("-p", "asyncio")),
    "-p asyncio after no:": Case(INI, ("-p", "no:asyncio", "-p", "asyncio")),
    "-p no: after asyncio": Case(INI, ("-p", "asyncio", "-p", "no:asyncio")),
    "-p module": Case(INI, ("-p", "pytest_asyncio.plugin")),
    "-p module after no:": Case(INI, ("-p", "no:asyncio", "-p", "pytest_asyncio.plugin")),
    "-p package": Case(INI, ("-p", "pytest_asyncio")),
    "autoload off": Case(INI, environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}),
    "autoload off by option": Case(INI, ("--disable-plugin-autoload",)),
    "autoload off, addopts": Case(
        ini(AUTO, "addopts = -p pytest_asyncio.plugin"),
        environment={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    ),
    "autoload off, entry point": Case(INI, ("--disable-plugin-autoload", "-p", "asyncio")),
    "autoload off, package": Case(INI, ("--disable-plugin-autoload", "-p", "pytest_asyncio")),
    "autoload off, PYTEST_PLUGINS": Case(
        INI,
        environment={
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "pytest_asyncio.plugin",
        },
    ),
    "autoload off, option": Case(PLAIN, ("--disable-plugin-autoload", "--asyncio-mode=auto")),
    # Where it is started
    "nested ini, from the root": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}", **PLAIN}),
    "nested ini, from the root, none there": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}"}),
    "nested ini, its folder": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}", **PLAIN}, ("sub",)),
    "nested ini, a file": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}"}, ("sub/test_sub.py",)),
    "nested ini, a node": Case(
        {"sub/pytest.ini": f"[pytest]\n{AUTO}"}, ("sub/test_sub.py::test_it",)
    ),
    "nested ini, testpaths": Case(
        {"sub/pytest.ini": f"[pytest]\n{AUTO}", **ini("testpaths = sub")}
    ),
    "two arguments": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}"}, ("sub", "other")),
    "two arguments, turned": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}"}, ("other", "sub")),
    "two arguments, pyproject above": Case(
        {"sub/pytest.ini": f"[pytest]\n{AUTO}", "pyproject.toml": ""}, ("sub", "other")
    ),
    "two arguments, setup.py above": Case(
        {"sub/pytest.ini": f"[pytest]\n{AUTO}", "setup.py": ""}, ("sub", "other")
    ),
    "nested pyproject without a table": Case(
        {"sub/pyproject.toml": "[project]\nname = 'x'\n", **options(QUOTED)}, ("sub",)
    ),
    "nested pyproject without a table, cwd": Case(
        {"sub/pyproject.toml": "[project]\nname = 'x'\n", **options(QUOTED)}, cwd="sub"
    ),
    "from below": Case(INI, cwd="sub"),
    "from below, up": Case({"sub/pytest.ini": f"[pytest]\n{AUTO}", **PLAIN}, ("../other",), "sub"),
    "-c": Case({"ci.ini": f"[pytest]\n{AUTO}", **PLAIN}, ("-c", "ci.ini")),
    "-c below": Case({"sub/ci.ini": f"[pytest]\n{AUTO}", **PLAIN}, ("-csub/ci.ini",)),
    "-c toml": Case({"ci.toml": f"[pytest]\n{QUOTED}", **PLAIN}, ("--config-file=ci.toml",)),
    "-c pyproject-like": Case({"ci.toml": f"[tool.pytest]\n{QUOTED}"}, ("-c", "ci.toml")),
    "-c of a strange kind": Case({"ci.txt": f"[pytest]\n{AUTO}"}, ("-c", "ci.txt")),
    "-c cfg": Case({"ci.cfg": f"[tool:pytest]\n{AUTO}"}, ("-c", "ci.cfg")),
    "--rootdir": Case(INI, ("--rootdir", "sub")),
    "--rootdir keeps the file": Case(
        {"sub/pytest.ini": f"[pytest]\n{AUTO}"}, ("--rootdir=other", "sub")
    ),
    # Which files
    "python_files": Case(ini("python_files = check_*.py")),
    "python_files list": Case(options("python_files = ['check_*.py', 'test_*.py']")),
    "python_files native": Case(toml("python_files = ['check_*.py']")),
    "python_files native text": Case(toml("python_files = 'check_*.py'")),
    "python_files with a folder": Case(ini("python_files = sub/*.py")),
    "python_files with a pattern of folders": Case(ini("python_files = */deep/test*.py")),
    "a file of any name": Case(PLAIN, ("check_root.py",)),
    "a file of any kind": Case(PLAIN, ("test_text.txt",)),
    "testpaths": Case(ini("testpaths = sub other")),
    "testpaths native": Case(toml("testpaths = ['sub']")),
    "testpaths with a glob": Case(ini("testpaths = s*")),
    "testpaths of files": Case(ini("testpaths = */test_*.py")),
    "testpaths, deep": Case(ini("testpaths = **/deep")),
    "testpaths that is not there": Case(ini("testpaths = tests")),
    "testpaths from below": Case(ini("testpaths = other"), cwd="sub"),
    "testpaths and arguments": Case(ini("testpaths = other"), ("sub",)),
    "testpaths and another rootdir": Case(ini("testpaths = other"), ("--rootdir=sub",)),
    "norecursedirs": Case(ini("norecursedirs = deep")),
    "norecursedirs with a slash": Case(ini("norecursedirs = sub/deep")),
    "norecursedirs list": Case(toml("norecursedirs = ['sub', 'o*']")),
    "an argument is not passed by": Case(PLAIN, ("build", "node_modules")),
    "below an argument things are": Case(ini("norecursedirs = deep"), ("sub",)),
    "a virtual environment as argument": Case(PLAIN, ("env",)),
    "--collect-in-virtualenv": Case(PLAIN, ("--collect-in-virtualenv",)),
    "--ignore": Case(PLAIN, ("--ignore=sub", "--ignore", "test_root.py")),
    "--ignore from below": Case(PLAIN, ("--ignore=deep",), "sub"),
    "--ignore an argument": Case(PLAIN, ("sub/test_sub.py", "--ignore=sub/test_sub.py")),
    "--ignore-glob": Case(PLAIN, ("--ignore-glob=*ub/*", "--ignore-glob=other")),
    "--deselect": Case(PLAIN, ("--deselect", "sub/")),
    "--deselect from below": Case(PLAIN, ("--deselect=sub/deep",), "sub"),
    "--import-mode": Case(PLAIN, ("--import-mode=importlib",)),
    "--pyargs": Case({**PLAIN, "sub/__init__.py": ""}, ("--pyargs", "sub/test_sub.py")),
    "--": Case(PLAIN, ("-v", "--", "sub")),
    # How words are taken apart
    "a plugin's value that is a path": Case(
        {"sub/pytest.ini": f"[pytest]\n{AUTO}", "other/pytest.ini": "[pytest]\n"},
        ("--cov", "sub", "other"),
    ),
    "an optional value swallows the folder": Case(PLAIN, ("--cov", "sub")),
    "clustered flags": Case(PLAIN, ("-xvsk", "test_it", "sub")),
    "options with values": Case(
        PLAIN, ("-k", "it", "-m", "not slow", "--tb", "short", "-n0", "sub")
    ),
    "a value that is a path": Case(PLAIN, ("--junitxml", "sub/x.xml", "-r", "a", "other")),
    "--cov-report as two words": Case(PLAIN, ("--cov=sub", "--cov-report", "term", "other")),
    "usefixtures": Case(ini("usefixtures = tmp_path")),
    "names": Case(ini("python_functions = check_*", "python_classes = *Suite Case")),
    "pythonpath": Case(ini("pythonpath = sub . other")),
    "pythonpath of a nested file": Case(
        {"sub/pytest.ini": "[pytest]\npythonpath = deep\n"}, ("sub",)
    ),
    "bad quotes": Case(ini("python_files = 'a")),
    "a truth value": Case(ini("strict_config = perhaps", "asyncio-mode = auto")),
}


@pytest.fixture(scope="session")
def oracle() -> Iterator[Oracle]:
    with Oracle() as judge:
        yield judge


def resolved(case: Case, more: Mapping[str, str] | None = None) -> PytestRun:
    files = {**TREE, **case.files, **(more or {})}
    environment = tuple(
        (name, case.environment[name]) for name in PYTEST_VARIABLES if name in case.environment
    )
    known = ConfigFiles(files, files)
    invocation = Invocation("pytest", case.cwd, case.words, environment)
    return resolve(invocation, known, read_versions(known))


def compare(case: Case, oracle: Oracle, root: Path) -> None:
    """Write the project, ask pytest, and hold the resolved run against what it says."""
    files = {**TREE, **case.files}
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    expected = oracle.ask(root, case.words, case.cwd, case.environment)
    run = resolved(case)

    assert (run.refused is not None) == expected.refused, run.refused
    if expected.refused:
        return
    assert expected.options is not None
    assert (run.rootdir, run.inifile) == (expected.rootdir, expected.inifile)
    assert (run.asyncio_active is Answer.NO) == (expected.mode is None)
    assert run.asyncio_mode.value == (expected.mode or "strict")
    assert list(run.python_files) == expected.options["python_files"]
    assert list(run.python_classes) == expected.options["python_classes"]
    assert list(run.python_functions) == expected.options["python_functions"]
    assert list(run.usefixtures) == expected.options["usefixtures"]
    assert list(run.pythonpath) == expected.options["pythonpath"]
    assert run.import_mode == expected.options["import_mode"]
    if run.collects_function("test_it"):
        python = [path for path in files if path.endswith(".py")]
        named = [path for path in python if run.collects_file(path) is not Answer.NO]
        assert sorted(named) == sorted(expected.collected)


@pytest.mark.parametrize("name", CASES)
def test_a_run_is_what_pytest_makes_of_it(name: str, oracle: Oracle, tmp_path: Path) -> None:
    compare(CASES[name], oracle, tmp_path)
