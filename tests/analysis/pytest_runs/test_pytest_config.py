"""Runs of pytest, judged by real pytest: section 1.4 of the observed semantics, and more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.analysis.answer import Answer
from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.invocation import PYTEST_VARIABLES, Invocation
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun, resolve
from bot.analysis.pytest_runs.shell_words import HIDDEN
from bot.analysis.pytest_runs.versions import read_versions
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
    "test_root.py": TEST,
    "root_test.py": TEST,
    "check_root.py": TEST,
    "sub/test_sub.py": TEST,
    "sub/deep/test_deep.py": TEST,
    "other/test_other.py": TEST,
    "build/test_build.py": TEST,
    ".hidden/test_hidden.py": TEST,
    "node_modules/test_node.py": TEST,
    "env/test_env.py": TEST,
    "env/pyvenv.cfg": "",
    "dir.egg/test_egg.py": TEST,
    "test_text.txt": "",
}
BOTH = {"pyproject.toml": f"[tool.pytest]\n{QUOTED}[tool.pytest.ini_options]\n{QUOTED}"}


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
    "both tables": Case(BOTH),
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


def run_of(files: Mapping[str, str], *words: str, placed: bool = True, cwd: str = "") -> PytestRun:
    known = ConfigFiles(files, files)
    invocation = Invocation("x", cwd, words, placed=placed)
    return resolve(invocation, known, read_versions(known))


def test_expressions_and_filters_are_told() -> None:
    run = run_of(
        ini("filterwarnings =", "    error", "    ignore:x", "addopts = -m fast"),
        *("-k", "a and b", "-m", "not slow", "-Wdefault"),
    )

    assert (run.keyword, run.markexpr) == ("a and b", "not slow")
    assert run.filterwarnings == ("error", "ignore:x", "default")


@pytest.mark.parametrize(
    ("lines", "words", "expected"),
    [
        ((), (), Answer.NO),
        (("timeout = 60",), (), Answer.YES),
        (("timeout = 0",), (), Answer.NO),
        (("timeout = 60",), ("--timeout=0",), Answer.NO),
        ((), ("--timeout", "60"), Answer.YES),
        (("addopts = --timeout=60",), (), Answer.YES),
        ((), ("-o", "timeout=60"), Answer.YES),
    ],
)
def test_a_timeout_of_pytest_timeout_is_told(
    lines: tuple[str, ...], words: tuple[str, ...], expected: Answer
) -> None:
    assert run_of(ini(*lines), *words).times_out is expected


def test_a_timeout_may_come_from_the_environment() -> None:
    def run(value: str) -> PytestRun:
        invocation = Invocation("", environment=(("PYTEST_TIMEOUT", value),))
        files = ConfigFiles({}, [])
        return resolve(invocation, files, read_versions(files))

    assert [run(value).times_out for value in ("60", "0")] == [Answer.YES, Answer.NO]


def test_conftest_files_count_from_the_configuration_file_down() -> None:
    nested = {"sub/pytest.ini": "[pytest]\n", "sub/test_a.py": ""}

    assert run_of(nested, "sub").confcutdir == "sub"
    assert run_of(nested, "sub", "--confcutdir=.").confcutdir == ""
    assert run_of({"sub/test_a.py": ""}, "sub").confcutdir == ""


def test_loop_scopes_are_told() -> None:
    run = run_of(ini("asyncio_default_fixture_loop_scope = session"))

    assert (run.modes.fixture_loop_scope, run.modes.test_loop_scope) == ("session", "function")


def test_the_files_that_were_looked_at_are_named() -> None:
    files = {"pyproject.toml": "", "tox.ini": "[pytest]\n", "setup.cfg": ""}

    assert run_of(files).files == ("pyproject.toml", "tox.ini", "setup.cfg")


def test_a_masked_mode_is_named() -> None:
    run = run_of({**PLAIN, **options(QUOTED)})

    assert (run.inifile, run.masked, run.asyncio_mode) == (
        "pytest.ini",
        "pyproject.toml",
        AsyncioMode.STRICT,
    )


@pytest.mark.parametrize(
    ("files", "words", "origin"),
    [
        (INI, (), "pytest.ini"),
        (INI, ("-o", "asyncio_mode=auto"), "-o"),
        (INI, ("--asyncio-mode=auto",), "--asyncio-mode"),
        (PLAIN, (), ""),
        (ini("addopts = -o asyncio_mode=auto"), (), "-o"),
    ],
)
def test_the_origin_of_the_mode_is_told(
    files: dict[str, str], words: tuple[str, ...], origin: str
) -> None:
    assert run_of(files, *words).asyncio_mode_origin == origin


# -- versions: what the table says of those that are not installed here ---------------------


def pinned(pytest_version: str, **files: str) -> dict[str, str]:
    return {"requirements.txt": f"pytest=={pytest_version}\npytest-asyncio\n", **files}


@pytest.mark.parametrize(
    ("version", "files", "mode"),
    [
        ("7.4.4", toml(QUOTED), AsyncioMode.STRICT),
        ("8.4.2", toml(QUOTED), AsyncioMode.STRICT),
        ("9.0.2", toml(QUOTED), AsyncioMode.AUTO),
        ("8.4.2", {"pytest.toml": f"[pytest]\n{QUOTED}"}, AsyncioMode.STRICT),
        ("8.4.2", {"pytest.toml": "", **options(QUOTED)}, AsyncioMode.AUTO),
        ("9.0.2", {"pytest.toml": "", **options(QUOTED)}, AsyncioMode.STRICT),
        ("8.3.5", {".pytest.ini": "", **options(QUOTED)}, AsyncioMode.AUTO),
        ("9.0.2", {".pytest.ini": "", **options(QUOTED)}, AsyncioMode.STRICT),
        ("8.4.2", BOTH, AsyncioMode.AUTO),
        ("9.0.2", ini("addopts = -o asyncio_mode=auto"), AsyncioMode.STRICT),
        ("9.1.0", ini("addopts = -o asyncio_mode=auto"), AsyncioMode.AUTO),
    ],
)  # fmt: skip
def test_the_pinned_pytest_decides_what_counts(
    version: str, files: dict[str, str], mode: AsyncioMode
) -> None:
    run = run_of(pinned(version, **files))

    assert run.refused is None
    assert run.asyncio_mode is mode


@pytest.mark.parametrize(
    ("version", "files", "words", "refusal"),
    [
        ("8.3.5", INI, ("--disable-plugin-autoload",), "unrecognized arguments"),
        ("8.4.2", ini("minversion = 9.0"), (), "'minversion' requires pytest-9.0"),
        ("8.4.2", ini("minversion = new"), (), "'minversion' is no version: new"),
        ("9.0.2", BOTH, (), "cannot both be used"),
    ],
)  # fmt: skip
def test_what_the_pinned_pytest_refuses_is_told(
    version: str, files: dict[str, str], words: tuple[str, ...], refusal: str
) -> None:
    run = run_of(pinned(version, **files), *words)

    assert run.refused is not None
    assert refusal in run.refused
    assert run.asyncio_mode is AsyncioMode.UNKNOWN


def test_strict_alone_is_no_strict_config_before_9_0() -> None:
    files = ini("asyncio-mode = auto", "strict = true")

    assert run_of(pinned("8.4.2", **files)).refused is None
    assert run_of(pinned("9.0.2", **files)).refused is not None


def test_files_of_losers_are_not_read_before_9_0() -> None:
    files = {**INI, "setup.cfg": "[pytest]\n"}

    assert run_of(pinned("8.4.2", **files)).asyncio_mode is AsyncioMode.AUTO
    assert run_of(pinned("9.0.2", **files)).refused is not None


def test_an_odd_configuration_file_says_nothing_before_9_2() -> None:
    files = {"ci.txt": f"[pytest]\n{AUTO}"}

    assert run_of(pinned("9.1.1", **files), "-c", "ci.txt").asyncio_mode is AsyncioMode.STRICT
    assert run_of(pinned("9.2.0", **files), "-c", "ci.txt").refused is not None


def test_options_outside_of_a_table_are_silent_before_9_2() -> None:
    files = {"pytest.toml": QUOTED}

    assert run_of(pinned("9.1.1", **files)).asyncio_mode is AsyncioMode.STRICT
    assert run_of(pinned("9.2.0", **files)).refused is not None


def test_the_argument_s_project_says_which_versions_count() -> None:
    files = {
        "requirements.txt": "pytest==9.0.2\n",
        "pyproject.toml": f"[tool.pytest]\n{QUOTED}",
        "old/requirements.txt": "pytest==8.4.2\npytest-asyncio\n",
        "old/tests/test_a.py": "",
        "old/pyproject.toml": f"[tool.pytest]\n{QUOTED}",
    }

    assert run_of(files).asyncio_mode is AsyncioMode.AUTO
    assert run_of(files, "old").asyncio_mode is AsyncioMode.STRICT


# -- what cannot be known --------------------------------------------------------------------


def test_a_hidden_word_could_name_any_test_file() -> None:
    run = run_of({**PLAIN, **TREE}, HIDDEN)

    assert run.collects_file("sub/test_sub.py") is Answer.UNKNOWN
    assert run.collects_file("check_root.py") is Answer.NO
    assert run.collects_file("test_text.txt") is Answer.NO
    assert run.collects_file("node_modules/test_node.py") is Answer.NO
    assert run.asyncio_mode is AsyncioMode.STRICT


def test_a_hidden_word_could_be_a_mode_where_somebody_writes_one() -> None:
    files = {**PLAIN, "ci.sh": "ARGS=--asyncio-mode=auto"}

    assert run_of(files, HIDDEN).asyncio_mode is AsyncioMode.UNKNOWN
    assert run_of(files, HIDDEN).anyio_auto is Answer.UNKNOWN
    assert run_of(files, HIDDEN, "--asyncio-mode=strict").asyncio_mode is AsyncioMode.STRICT
    assert run_of(files, "-n", HIDDEN).asyncio_mode is AsyncioMode.STRICT


def test_a_hidden_mode_is_unknown() -> None:
    assert run_of(PLAIN, f"--asyncio-mode={HIDDEN}").asyncio_mode is AsyncioMode.UNKNOWN
    assert run_of(PLAIN, f"--anyio-mode={HIDDEN}").anyio_auto is Answer.UNKNOWN


def test_a_path_with_a_hidden_part_could_be_any_test_file() -> None:
    run = run_of({**PLAIN, **TREE}, f"sub/{HIDDEN}", "other")

    assert run.collects_file("other/test_other.py") is Answer.YES
    assert run.collects_file("sub/test_sub.py") is Answer.UNKNOWN


def test_a_path_that_is_not_there_may_be_made_before_the_run() -> None:
    run = run_of({**PLAIN, **TREE}, "generated")

    assert run.refused is None
    assert run.collects_file("sub/test_sub.py") is Answer.UNKNOWN


def test_a_run_in_an_unknown_folder_may_find_any_configuration() -> None:
    auto_elsewhere = {**PLAIN, "app/pytest.ini": f"[pytest]\n{AUTO}", "app/test_a.py": ""}
    run = run_of(auto_elsewhere, placed=False)

    assert run.asyncio_mode is AsyncioMode.UNKNOWN
    assert run.collects_file("app/test_a.py") is Answer.UNKNOWN
    assert run_of(PLAIN, placed=False).asyncio_mode is AsyncioMode.STRICT


def test_a_configuration_file_from_elsewhere_leaves_everything_open() -> None:
    run = run_of(TREE, "-c", "/etc/pytest.ini")

    assert run.undecided == "the configuration file /etc/pytest.ini lies outside the repository"
    assert run.refused is None
    assert run.asyncio_mode is AsyncioMode.UNKNOWN
    assert run.anyio_auto is run.trio_auto is run.asyncio_active is Answer.UNKNOWN
    assert run.collects_file("sub/test_sub.py") is Answer.UNKNOWN


def test_quotes_in_addopts_that_do_not_close_add_nothing() -> None:
    case = Case(INI, environment={"PYTEST_ADDOPTS": "--asyncio-mode='strict"})

    assert resolved(case).asyncio_mode is AsyncioMode.AUTO


def test_a_module_of_pyargs_is_found_from_src_and_by_its_file() -> None:
    files = {**PLAIN, "src/pkg/tests/test_a.py": "", "mod.py": ""}

    packages = run_of(files, "--pyargs", "pkg.tests")
    assert packages.collects_file("src/pkg/tests/test_a.py") is Answer.YES
    assert run_of(files, "--pyargs", "mod").collects_file("mod.py") is Answer.YES
    assert run_of(files, "--pyargs", "mod").collects_file("src/pkg/tests/test_a.py") is Answer.NO
    installed = run_of(files, "--pyargs", "elsewhere.tests")
    assert installed.collects_file("src/pkg/tests/test_a.py") is Answer.UNKNOWN


def test_a_node_id_collects_some_of_a_file() -> None:
    run = run_of({**PLAIN, **TREE}, "sub/test_sub.py::test_it", "--deselect=test_root.py::test_it")

    assert run.collects_file("sub/test_sub.py") is Answer.UNKNOWN
    assert (
        run_of({**PLAIN, **TREE}, "--deselect=test_root.py::test_it").collects_file("test_root.py")
        is Answer.UNKNOWN
    )


def test_the_word_behind_an_unknown_option_is_an_argument_if_it_is_there() -> None:
    run = run_of({**PLAIN, **TREE}, "--mystery", "sub", "--mystery", "value")

    assert run.collects_file("sub/test_sub.py") is Answer.YES
    assert run.collects_file("test_root.py") is Answer.NO


def test_plugins_of_the_command_line_are_told() -> None:
    run = run_of(PLAIN, "-p", "a.plugin", "-p", "no:b", "--disable-plugin-autoload")

    assert (run.plugins, run.blocked, run.autoload) == (("a.plugin",), ("b", "pytest_b"), False)


@pytest.mark.parametrize(
    ("options_", "name", "collected"),
    [
        ("Test", "TestIt", True),
        ("Test", "Testit", True),
        ("Test", "ItTest", False),
        ("*Suite", "MySuite", True),
        ("*Suite", "Suites", False),
        ("Check Case", "CaseOne", True),
        ("[TC]est?", "Cests", True),
    ],
)
def test_names_match_prefixes_and_globs(options_: str, name: str, *, collected: bool) -> None:
    run = run_of(ini(f"python_classes = {options_}", f"python_functions = {options_}"))

    assert run.collects_class(name) is collected
    assert run.collects_function(name) is collected
