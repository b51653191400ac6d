"""Which versions hold for a folder, of all that is said about a package."""

import re

import pytest
from packaging.version import Version

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.dependencies.releases import BRINGS, RELEASES
from bot.analysis.pytest_runs.versions import ProjectVersions, read_versions


def versions(folder: str = "", **files: str) -> ProjectVersions:
    return read_versions(ConfigFiles(files, files)).versions_for(folder)


def required(*lines: str, **more: str) -> ProjectVersions:
    return versions(**{"requirements.txt": "\n".join(lines), **more})


LOCK = '[[package]]\nname = "{}"\nversion = "{}"\n'


@pytest.mark.parametrize(
    ("lines", "version"),
    [
        (["pytest<8", "pytest-asyncio"], "0.23.8"),
        (["pytest==8.3.5", "pytest-asyncio>=0.20"], "1.3.0"),
        (["pytest==6.2.5", "pytest-asyncio"], "0.20.3"),
        (["pytest==8.4.2", "pytest-asyncio"], None),
        (["pytest", "pytest-asyncio"], None),
        (["pytest<8", "pytest-asyncio==0.21.2"], "0.21.2"),
        # Nobody can install that; what is written of the plugin is taken at its word.
        (["pytest<8", "pytest-asyncio==1.2.0"], "1.2.0"),
    ],
)
def test_a_plugin_is_no_newer_than_works_with_the_pytest_that_is_asked_for(
    lines: list[str], version: str | None
) -> None:
    assert required(*lines).version("pytest-asyncio") == (version and Version(version))


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("pytest ", None),
        ("pytest>=7", None),
        ("pytest==9.2.0", None),
        ("pytest>=99", None),
        ("pytest==8.3.5", "8.3.5"),
        ("pytest==8.3.4", "8.3.4"),
        ("pytest~=8.3", "8.4.2"),
        ("pytest<9", "8.4.2"),
        ("pytest<8.4", "8.3.5"),
        ("pytest>=7,<8", "7.4.4"),
        ("pytest==8.*", "8.4.2"),
        ("pytest!=9.2.0,<=9.2", "9.1.1"),
        ("pytest==9.0.0rc1", "9.0.0rc1"),
        ("pytest===odd", None),
        ("pytest=>8", None),
        ("unknown<2", None),
        ("unknown==1.5", "1.5"),
    ],
)
def test_the_newest_that_the_pins_allow_is_assumed(line: str, version: str | None) -> None:
    name = re.split(r"\W", line)[0]

    assert required(line).version(name) == (version and Version(version))


def test_nothing_pinned_is_the_newest() -> None:
    nothing = versions()

    assert nothing.version("pytest") is None
    assert nothing.at_least("pytest", "9.2")
    assert nothing.could_be_below("pytest", "8.4")
    assert not nothing.declares_dependencies
    assert not nothing.locked


@pytest.mark.parametrize(
    ("line", "at_least", "could_be_below"),
    [
        ("pytest==8.3.5", False, True),
        ("pytest==8.4.0", True, False),
        ("pytest>=8.4", True, False),
        ("pytest>=7", True, True),
        ("pytest<8.4", False, True),
        ("pytest", True, True),
    ],
)
def test_boundaries_are_asked_of_both_sides(
    line: str,
    at_least: bool,  # noqa: FBT001
    could_be_below: bool,  # noqa: FBT001
) -> None:
    found = required(line)

    assert found.at_least("pytest", "8.4") is at_least
    assert found.could_be_below("pytest", "8.4") is could_be_below


def test_several_specifiers_hold_together_or_else_each_for_itself() -> None:
    assert required("pytest>=7", "pytest<8.1").version("pytest") == Version("8.0.2")
    assert required("pytest<7", "pytest>=8,<8.2").version("pytest") == Version("8.1.2")


def test_a_lock_file_counts_before_a_manifest_and_that_before_a_command() -> None:
    workflow = {".github/workflows/ci.yml": "run: pip install pytest==6.2.5"}
    lock = {"uv.lock": LOCK.format("pytest", "8.0.1")}

    assert required("", **workflow).version("pytest") == Version("6.2.5")
    assert required("pytest<9", **workflow).version("pytest") == Version("8.4.2")
    assert required("pytest<9", **workflow, **lock).version("pytest") == Version("8.0.1")


def test_a_constraint_bounds_and_does_not_ask() -> None:
    found = versions(**{"constraints.txt": "pytest==8.0.0\nanyio==4.0.0\n"})

    assert found.version("pytest") == Version("8.0.0")
    assert not found.declared("pytest")
    assert not found.declares_dependencies


def test_the_nearest_project_counts_then_those_above() -> None:
    files = {
        "requirements.txt": "pytest==9.0.1\nanyio==4.0.0\n",
        "sub/pyproject.toml": "[project]\ndependencies = ['pytest==8.0.0']\n",
        "sub/deep/tests/requirements.txt": "pytest==7.0.0\n",
    }

    def version(folder: str, name: str = "pytest") -> str:
        return str(versions(folder, **files).version(name))

    assert [version(one) for one in ("", "sub", "sub/x", "sub/deep")] == [
        "9.0.1",
        "8.0.0",
        "8.0.0",
        "7.0.0",
    ]
    assert version("sub/deep", "anyio") == "4.0.0"


def test_folders_for_which_the_same_holds_share_their_versions() -> None:
    files = ConfigFiles({"requirements.txt": "a"}, {"requirements.txt"})
    all_versions = read_versions(files)

    assert all_versions.versions_for("x/y") is all_versions.versions_for("")


def test_a_pytest_plugin_is_declared_even_if_it_only_came_along() -> None:
    locked = versions(
        **{"uv.lock": LOCK.format("pytest-asyncio", "1.0.0") + LOCK.format("anyio", "4.1.0")}
    )

    assert locked.locked
    assert locked.declared("pytest_asyncio")
    assert locked.installed("anyio")
    assert not locked.declared("anyio")
    assert locked.declares_dependencies


def test_a_package_brings_others_along() -> None:
    found = required("pytest-aiohttp", "httpx")

    assert found.declared("pytest-asyncio")
    assert found.installed("anyio")
    assert not found.declared("anyio")
    assert not found.installed("trio")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("pyproject.toml", "[project]\ndependencies = ['pytest-asyncio']\n"),
        ("hatch.toml", "[envs.x]\ndependencies = ['pytest-asyncio']\n"),
        ("setup.cfg", "[options]\ninstall_requires = pytest-asyncio\n"),
        ("setup.py", "setup(tests_require=['pytest-asyncio'])"),
        ("Pipfile", "[dev-packages]\npytest-asyncio = '*'\n"),
        ("environment.yaml", "dependencies:\n  - pytest-asyncio\n"),
        ("poetry.lock", LOCK.format("pytest-asyncio", "1.0")),
        ("requirements/dev.in", "pytest-asyncio"),
        ("tox.ini", "[testenv]\ndeps = pytest-asyncio\n"),
        ("tox.toml", "[env_run_base]\ndeps = ['pytest-asyncio']\n"),
        ("noxfile.py", "def t(session):\n    session.install('pytest-asyncio')\n"),
        ("Makefile", "t:\n\tpip install pytest-asyncio\n"),
        ("scripts/setup.sh", "pip install pytest-asyncio\n"),
        (".gitlab-ci.yml", "t:\n  script: pip install pytest-asyncio\n"),
    ],
)
def test_every_kind_of_file_is_read(path: str, text: str) -> None:
    assert versions(**{path: text}).declared("pytest-asyncio")


@pytest.mark.parametrize("path", ["README.txt", "module.py", "other.toml", "package.lock"])
def test_other_files_say_nothing(path: str) -> None:
    assert not versions(**{path: "pip install pytest-asyncio"}).declares_dependencies


def test_known_releases_are_in_order() -> None:
    for name, releases in RELEASES.items():
        numbers = [Version(one) for one in releases.split()]
        assert numbers == sorted(numbers), name
    assert not BRINGS.keys() & {one for brought in BRINGS.values() for one in brought} - {
        "httpx", "starlette", "pytest-aiohttp",
    }  # fmt: skip
