"""The search for configuration, judged by pytest's own `determine_setup`."""

import contextlib
import itertools
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from _pytest.config.exceptions import UsageError
from _pytest.config.findpaths import determine_setup
from _pytest.outcomes import fail
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.pytest_runs.command_line import parse
from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.ini_files import Refusal, Undecided
from bot.analysis.pytest_runs.rootdir import Located, Locator, masked_mode

AUTO = "asyncio_mode = auto\n"
QUOTED = 'asyncio_mode = "auto"\n'
CONTENTS = {
    "pytest.toml": ["", "[pytest]\n", f"[pytest]\n{QUOTED}", QUOTED, f"[tool.pytest]\n{QUOTED}"],
    ".pytest.toml": ["", f"[pytest]\n{QUOTED}"],
    "pytest.ini": ["", "[pytest]\n", f"[pytest]\n{AUTO}", f"[tool:pytest]\n{AUTO}", AUTO],
    ".pytest.ini": ["", f"[pytest]\n{AUTO}"],
    "pyproject.toml": [
        "",
        "[project]\nname = 'x'\n",
        "[tool.pytest.ini_options]\n",
        f"[tool.pytest.ini_options]\n{QUOTED}minversion = 6.0\npython_files = ['a', 'b']\n",
        f"[tool.pytest]\n{QUOTED}",
        f"[tool.pytest]\n{QUOTED}[tool.pytest.ini_options]\n{QUOTED}",
        f"[tool.pytest]\n{QUOTED}[tool.pytest.ini_options]\n",
        "[tool.pytest\n",
    ],
    "tox.ini": ["", "[tox]\n", f"[pytest]\n{AUTO}", f"[tool:pytest]\n{AUTO}", "[a]\n[a]\n"],
    "setup.cfg": ["", "[metadata]\n", f"[tool:pytest]\n{AUTO}", f"[pytest]\n{AUTO}"],
    "setup.py": [""],
}
FOLDERS = ["", "a", "a/b", "c"]
PLACES = [
    (f"{folder}/{name}".lstrip("/"), content)
    for folder, (name, contents) in itertools.product(FOLDERS, CONTENTS.items())
    for content in contents
]
WORDS = ["a", "a/b", "c", "a/test_a.py", "c/test_c.py::test_x", "missing", ".", "--unknown"]

trees = st.lists(st.sampled_from(PLACES), max_size=5).map(dict)
lines = st.lists(st.sampled_from(WORDS), max_size=3)
named_by_option = st.sampled_from(
    [(), ("-c", "a/pytest.ini"), ("--rootdir=c",), ("-c", "ci.ini"), ("-c", "conf.toml")]
)


def written(root: Path, tree: Mapping[str, str]) -> dict[str, str]:
    """Write the tree, with a test file in each folder, and return all of it."""
    tests = {f"{folder}/test_{folder[-1:]}.py".lstrip("/"): "" for folder in FOLDERS}
    files = {**tests, **tree}
    for path, content in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content)
    return files


def judged(root: Path, cwd: str, words: list[str]) -> Located | None:
    """Return what pytest settles on, None if it refuses."""
    options = {word.partition("=")[0]: word.partition("=")[2] for word in words if "=" in word}
    inifile = words[words.index("-c") + 1] if "-c" in words else None
    free = [word for word in words if word not in {"-c", inifile} and "=" not in word]
    try:
        rootdir, path, values, _ = determine_setup(
            inifile=inifile,
            override_ini=None,
            args=free,
            rootdir_cmd_arg=options.get("--rootdir"),
            invocation_dir=root / cwd,
        )
    except (UsageError, fail.Exception):
        return None
    relative = [
        "" if one == root else str(one.relative_to(root)) for one in (rootdir, path) if one
    ]
    ini = {key: one.value for key, one in values.items()}
    return Located(relative[0], relative[1] if path else None, ini)  # type: ignore[arg-type]


def newest(_: str) -> bool:
    return True


def located(files: Mapping[str, str], cwd: str, words: list[str]) -> Located | None:
    known = ConfigFiles(files, files)
    line = parse(words, lambda _: False, plugins=False)
    try:
        found = Locator(known, newest).locate(cwd, line)
    except (Refusal, Undecided):
        return None
    ini = {key: one.value for key, one in found.ini.items()}
    return Located(found.rootdir, found.inifile, ini)  # type: ignore[arg-type]


@settings(max_examples=300, deadline=None)
@given(tree=trees, words=lines, cwd=st.sampled_from(FOLDERS), option=named_by_option)
def test_rootdir_and_file_are_those_that_pytest_finds(
    tree: dict[str, str], words: list[str], cwd: str, option: tuple[str, ...]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        tree = {"ci.ini": f"[pytest]\n{AUTO}", "conf.toml": f"[pytest]\n{QUOTED}", **tree}
        files = written(root, tree)
        with contextlib.chdir(root / cwd):
            expected = judged(root, cwd, [*option, *words])
        assert located(files, cwd, [*option, *words]) == expected


def test_a_file_before_9_0_cannot_be_pytest_toml() -> None:
    files = {"pytest.toml": f"[pytest]\n{QUOTED}", "tox.ini": "[pytest]\n"}
    known = ConfigFiles(files, files)

    found = Locator(known, lambda version: version < "9.0").locate(
        "", parse([], bool, plugins=False)
    )

    assert found.inifile == "tox.ini"
    assert masked_mode(known, found) == "pytest.toml"


def test_a_pyproject_without_a_table_sets_the_rootdir_from_8_1_on() -> None:
    files = {"a/pyproject.toml": "[project]\n", "a/test_a.py": ""}
    line = parse(["a/test_a.py"], bool, plugins=False)

    def rootdir(pytest_version: str) -> str:
        return Locator(ConfigFiles(files, files), pytest_version.__ge__).locate("", line).rootdir

    assert (rootdir("8.0"), rootdir("8.1")) == ("", "a")


def test_a_file_that_could_not_be_read_leaves_the_run_undecided() -> None:
    known = ConfigFiles({"pytest.ini": None}, {"pytest.ini"})

    with pytest.raises(Undecided, match=r"pytest\.ini could not be read"):
        Locator(known, newest).locate("", parse([], bool, plugins=False))


@pytest.mark.parametrize(
    "words", [["-c", "made.ini"], ["-c", "../x.ini"], ["--rootdir", "made"], ["--rootdir=/x"]]
)
def test_what_is_not_in_the_repository_leaves_the_run_undecided(words: list[str]) -> None:
    with pytest.raises(Undecided):
        Locator(ConfigFiles({}, {"a.py"}), newest).locate("", parse(words, bool, plugins=False))


@pytest.mark.parametrize(
    ("files", "masked"),
    [
        ({"pytest.ini": "", "pyproject.toml": f"[tool.pytest]\n{QUOTED}"}, "pyproject.toml"),
        ({"pytest.ini": "", "tox.ini": f"[pytest]\n{AUTO}"}, "tox.ini"),
        ({"pytest.ini": f"[pytest]\n{AUTO}"}, None),
        ({"pytest.ini": "", "tox.ini": f"[a]\n{AUTO}"}, None),
        ({"pytest.ini": "", "setup.cfg": f"[pytest]\n{AUTO}"}, None),
    ],
)
def test_a_mode_that_lost_is_named(files: dict[str, str], masked: str | None) -> None:
    known = ConfigFiles(files, files)
    winner = Located("", "pytest.ini", {})

    assert masked_mode(known, winner) == masked
