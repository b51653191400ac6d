"""Dependencies that people write by hand."""

import pytest
from packaging.specifiers import SpecifierSet

from bot.analysis.pytest_runs.dependencies.manifests import (
    from_environment_yml,
    from_hatch,
    from_pipfile,
    from_pyproject,
    from_setup_cfg,
    from_setup_py,
    poetry_specifier,
)
from tests.analysis.pytest_runs.dependencies.declared import declared

PYPROJECT = """
[build-system]
requires = ["built>=1"]
[project]
name = "My.Project"
dependencies = ["a>=1", 'b; python_version < "3"']
[project.optional-dependencies]
test = ["c==1", "my-project[all]"]
[dependency-groups]
dev = ["d~=1.0", {include-group = "more"}]
more = ["e"]
[tool.pdm.dev-dependencies]
x = ["f"]
[tool.uv]
dev-dependencies = ["g"]
[tool.rye]
dev-dependencies = ["h"]
[tool.hatch.envs.x]
dependencies = ["i"]
extra-dependencies = ["j"]
[tool.tox]
legacy_tox_ini = "[testenv]\\ndeps = k"
"""
POETRY = """
[tool.poetry.dependencies]
python = "^3.11"
a = "^1.2"
b = {version = "~2.0", extras = ["x"]}
c = [{version = "1.0", python = "<3"}, {version = ">=2,<3", python = ">=3"}]
d = {git = "https://example.org"}
[tool.poetry.dev-dependencies]
e = "*"
[tool.poetry.group.test.dependencies]
f = "1.*"
"""


def test_every_list_of_a_pyproject_counts_but_what_builds_it() -> None:
    found = declared(from_pyproject, "pyproject.toml", PYPROJECT)

    assert found == {"a": ">=1", "c": "==1", "d": "~=1.0"} | dict.fromkeys("befghijk", "")


def test_poetry_s_tables_and_notation_are_read() -> None:
    assert declared(from_pyproject, "pyproject.toml", POETRY) == {
        "a": ">=1.2,<2",
        "b": ">=2.0,<2.1",
        "c": ">=2,<3",
        "d": "",
        "e": "",
        "f": "==1.*",
    }


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("^1.2.3", "1.9", "2.0"),
        ("^0.21", "0.21.5", "0.22"),
        ("^0.0.3", "0.0.3", "0.0.4"),
        ("^0", "0.9", "1.0"),
        ("~1.2.3", "1.2.9", "1.3"),
        ("~1", "1.9", "2"),
        ("1.2", "1.2", "1.3"),
        (">=1, <2", "1.5", "2"),
        ("^1.0, !=1.1", "1.2", "1.1"),
        ("~=1.2", "1.3", "2.0"),
    ],
)
def test_poetry_s_notation_means_what_it_means_there(text: str, inside: str, outside: str) -> None:
    allowed = SpecifierSet(poetry_specifier(text))

    assert inside in allowed
    assert outside not in allowed


@pytest.mark.parametrize("text", ["*", "", "^1 || ^2"])
def test_what_cannot_be_written_in_pep_440_allows_everything(text: str) -> None:
    assert poetry_specifier(text) == ""


def test_a_hatch_toml_lists_environments() -> None:
    text = '[envs.a]\ndependencies = ["a"]\n[envs.b]\nextra-dependencies = ["b>1", 1]\n'

    assert declared(from_hatch, "hatch.toml", text) == {"a": "", "b": ">1"}


def test_a_setup_cfg_lists_requirements_extras_and_what_tox_installs() -> None:
    text = (
        "[options]\ninstall_requires =\n  a>=1\n  b; python_version<'3'\ntests_require = c\n"
        "[options.extras_require]\ntest =\n  d\n[testenv]\ndeps = e\n"
    )
    found = declared(from_setup_cfg, "setup.cfg", text)

    assert found == {"a": ">=1", "b": "", "c": "", "d": "", "e": ""}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("setup(install_requires=['a>=1', 'b'], tests_require=('c',))", {"a", "b", "c"}),
        ("setup(extras_require={'test': ['a', x], 'y': z})", {"a"}),
        ("REQUIREMENTS = ['a']\nEXTRAS: dict = {}\nsetup(install_requires=REQUIREMENTS)", {"a"}),
        ("a.requires = ['b']\nsetup(install_requires=read('x'))", set()),
        ("names = ['a']", set()),
        ("setup(", set()),
    ],
)
def test_a_setup_py_is_read_as_far_as_it_is_written_out(text: str, expected: set[str]) -> None:
    assert set(declared(from_setup_py, "setup.py", text)) == expected


def test_a_pipfile_lists_packages_in_categories() -> None:
    text = (
        '[[source]]\nurl = "x"\n[packages]\na = "*"\n[dev-packages]\nb = "==1.0"\n'
        'c = {version = ">=2"}\n[requires]\npython_version = "3"\n[scripts]\nt = "pytest"\n'
    )

    assert declared(from_pipfile, "Pipfile", text) == {"a": "", "b": "==1.0", "c": ">=2"}


def test_a_conda_environment_lists_packages() -> None:
    text = (
        "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - pytest=8.1\n"
        "  - conda-forge::anyio>=4 # why\n  - python\n  - b=1.2=py_0\n  - 'c==1'\n"
        "  - pip:\n    - pytest-asyncio==0.23\n"
    )

    assert declared(from_environment_yml, "environment.yml", text) == {
        "pytest": "==8.1.*",
        "anyio": ">=4",
        "python": "",
        "b": "==1.2.*",
        "c": "==1",
        "pip": "",
        "pytest-asyncio": "==0.23",
    }
