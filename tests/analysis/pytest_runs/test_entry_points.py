"""Plugins that projects of the repository register with pytest."""

from collections.abc import Mapping

import pytest

from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.entry_points import registered_plugins


def plugins_of(files: Mapping[str, str], folder: str = "") -> list[str]:
    """Return what is registered in a folder."""
    return list(registered_plugins(ConfigFiles(files, files), folder))


@pytest.mark.parametrize(
    "table",
    [
        "[project.entry-points.pytest11]",
        "[tool.poetry.plugins.pytest11]",
        "[tool.flit.entrypoints.pytest11]",
    ],
)
def test_tables_of_pyproject_register_modules_and_objects(table: str) -> None:
    text = f'{table}\nshop = "shop.plugin"\nmore = "shop.more:plugin"\n'

    assert plugins_of({"pyproject.toml": text}) == ["shop.plugin", "shop.more"]


def test_setup_cfg_registers_one_plugin_a_line() -> None:
    text = "[options.entry_points]\npytest11 =\n    shop = shop.plugin\n    more=shop.more:it\n"

    assert plugins_of({"setup.cfg": text}) == ["shop.plugin", "shop.more"]


@pytest.mark.parametrize(
    "points",
    [
        "{'pytest11': ['shop = shop.plugin']}",
        "{'console_scripts': ['shop = shop.cli:main'], 'pytest11': 'shop = shop.plugin'}",
    ],
)
def test_setup_py_registers_what_it_writes_out(points: str) -> None:
    text = f"from setuptools import setup\nsetup(entry_points={points})\n"

    assert plugins_of({"setup.py": text}) == ["shop.plugin"]


def test_a_setup_py_that_cannot_be_parsed_registers_nothing() -> None:
    assert plugins_of({"setup.py": "print 'pytest11'\n"}) == []


def test_a_project_registers_for_its_own_folder() -> None:
    files = {"lib/pyproject.toml": '[project.entry-points.pytest11]\nshop = "shop.plugin"\n'}

    assert plugins_of(files) == []
    assert plugins_of(files, "lib") == ["shop.plugin"]
