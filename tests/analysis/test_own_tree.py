"""Frameworks' own repositories: their sources lie in the tree, and are known all the same."""

import pytest

from tests.trees import report_on

UNMARKED = "async def test_it():\n    pass\n"


def codes(files: dict[str, str]) -> list[tuple[str, str]]:
    return [(one.code, one.symbol) for one in report_on(files).findings]


def test_a_plugin_that_is_known_is_not_read_where_its_source_lies_in_the_repository() -> None:
    files = {
        "pyproject.toml": '[project.entry-points.pytest11]\nanyio = "anyio.pytest_plugin"\n',
        "src/anyio/__init__.py": "",
        "src/anyio/pytest_plugin.py": "def pytest_pyfunc_call(pyfuncitem):\n    return True\n",
        "tests/test_it.py": f"import pytest\n\n{UNMARKED}\n@pytest.mark.anyio\n"
        "async def test_marked():\n    pass\n",
    }

    assert codes(files) == [("AWT103", "test_it")]


def test_a_plugin_that_runs_every_test_is_known_where_its_source_lies_in_the_repository() -> None:
    files = {
        "aiohttp/__init__.py": "",
        "aiohttp/pytest_plugin.py": "",
        "conftest.py": 'pytest_plugins = ["aiohttp.pytest_plugin"]\n',
        "tests/test_it.py": UNMARKED,
    }

    assert codes(files) == []


@pytest.mark.parametrize("folder", ["", "src/"])
def test_a_known_base_class_is_known_where_its_source_lies_in_the_repository(folder: str) -> None:
    files = {
        f"{folder}django/__init__.py": "",
        f"{folder}django/test/__init__.py": "from django.test.testcases import SimpleTestCase\n",
        f"{folder}django/test/testcases.py": "import unittest\n\n"
        "class SimpleTestCase(unittest.TestCase):\n    def __call__(self, result=None): ...\n",
        "tests/test_it.py": "from django.test import SimpleTestCase\nimport unittest\n\n"
        "class TestFine(SimpleTestCase):\n    async def test_it(self): ...\n\n"
        "class TestLost(unittest.TestCase):\n    async def test_it(self): ...\n",
    }

    assert codes(files) == [("AWT101", "TestLost.test_it")]


def test_a_known_decorator_is_known_where_its_source_lies_in_the_repository() -> None:
    files = {
        "tornado/__init__.py": "",
        "tornado/testing.py": "import unittest\n\n"
        "class AsyncTestCase(unittest.TestCase):\n    def run(self, result=None): ...\n\n"
        "def gen_test(function=None, timeout=None):\n    return make(function, timeout)\n",
        "tests/test_it.py": "from tornado.testing import AsyncTestCase, gen_test\n\n"
        "class TestIt(AsyncTestCase):\n"
        "    @gen_test\n    async def test_bare(self): ...\n\n"
        "    @gen_test(timeout=2)\n    async def test_called(self): ...\n\n"
        "    async def test_forgotten(self): ...\n",
    }

    assert codes(files) == [("AWT101", "TestIt.test_forgotten")]


def test_a_plugin_is_known_by_the_name_of_its_entry_point() -> None:
    files = {"pytest.ini": "[pytest]\naddopts = -p timeout\n", "test_it.py": UNMARKED}

    assert codes(files) == [("AWT103", "test_it")]


def test_a_known_decorator_that_is_a_class_is_known_where_its_source_lies_in_the_repository() -> (
    None
):
    files = {
        "aioresponses/__init__.py": "from aioresponses.core import aioresponses\n",
        "aioresponses/core.py": "class aioresponses:\n"
        "    def __call__(self, function):\n        return make(function)\n",
        "tests/test_it.py": "from aioresponses import aioresponses\n\n"
        "@aioresponses()\nasync def test_it(mocked):\n    pass\n",
    }

    assert codes(files) == [("AWT103", "test_it")]


def test_ddt_awaits_nothing_that_it_multiplies() -> None:
    files = {
        "test_it.py": "import unittest\nfrom ddt import data, ddt\n\n"
        "@ddt\nclass TestIt(unittest.TestCase):\n"
        "    async def test_plain(self): ...\n\n"
        "    @data(1, 2)\n    async def test_data(self, number): ...\n",
    }

    assert codes(files) == [("AWT101", "TestIt.test_plain"), ("AWT101", "TestIt.test_data")]
