"""The settings that few know: what they make of async tests."""

from tests.conformance.case import AUTO, Case, run

ONE_TEST = """
    async def test_it():
        ran()
"""
HOOK = """
    import asyncio
    import inspect

    def pytest_pyfunc_call(pyfuncitem):
        if inspect.iscoroutinefunction(pyfuncitem.obj):
            asyncio.run(pyfuncitem.obj())
            return True
"""

CASES = (
    Case(
        "A comment behind the mode",
        {
            "pytest.ini": "[pytest]\nasyncio_mode = auto  # run them all\n",
            "test_it.py": ONE_TEST,
        },
        unjudged="pytest takes the comment for a part of the mode and refuses to start",
    ),
    Case(
        "A mode on the line below its name",
        {"pytest.ini": "[pytest]\nasyncio_mode =\n    auto\n", "test_it.py": ONE_TEST},
    ),
    Case(
        "A mode with a colon",
        {"pytest.ini": "[pytest]\nasyncio_mode: auto\n", "test_it.py": ONE_TEST},
    ),
    Case(
        "A mode in quotes in an ini file is refused",
        {"pytest.ini": '[pytest]\nasyncio_mode = "auto"\n', "test_it.py": ONE_TEST},
        unjudged="pytest refuses to start",
    ),
    Case(
        "A section in capitals is another section",
        {"pytest.ini": "[PYTEST]\nasyncio_mode = auto\n", "test_it.py": ONE_TEST},
    ),
    Case(
        "A key in capitals is another key",
        {"pytest.ini": "[pytest]\nASYNCIO_MODE = auto\n", "test_it.py": ONE_TEST},
    ),
    Case(
        "A setting that stands twice",
        {
            "pytest.ini": "[pytest]\nasyncio_mode = strict\nasyncio_mode = auto\n",
            "test_it.py": ONE_TEST,
        },
        unjudged="pytest refuses the file",
    ),
    Case(
        "Autoloading switched off and the plugin named by its entry point",
        {
            "pytest.ini": AUTO + "addopts = --disable-plugin-autoload -p asyncio\n",
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "Autoloading switched off and the plugin named as a package",
        {
            "pytest.ini": AUTO + "addopts = --disable-plugin-autoload -p pytest_asyncio\n",
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "Without conftest files their hooks run nothing",
        {
            "pytest.ini": "[pytest]\naddopts = --noconftest\n",
            "conftest.py": HOOK,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A conftest above the one given is not read",
        {
            "pytest.ini": "[pytest]\naddopts = --confcutdir=tests\n",
            "conftest.py": HOOK,
            "tests/test_it.py": ONE_TEST,
        },
    ),
    Case(
        "Test paths with stars",
        {
            "pytest.ini": "[pytest]\ntestpaths = libs/*/tests\n",
            "libs/one/tests/test_in.py": ONE_TEST,
            "libs/one/test_out.py": ONE_TEST,
            "other/test_other.py": ONE_TEST,
        },
    ),
    Case(
        "Test paths that are not there are no test paths",
        {"pytest.ini": "[pytest]\ntestpaths = specs\n", "unit/test_it.py": ONE_TEST},
    ),
    Case(
        "Test paths over several lines",
        {
            "setup.cfg": "[tool:pytest]\ntestpaths =\n    one\n    two\n",
            "one/test_one.py": ONE_TEST,
            "two/test_two.py": ONE_TEST,
            "three/test_three.py": ONE_TEST,
        },
    ),
    Case(
        "A test path may be a file",
        {
            "pytest.ini": "[pytest]\ntestpaths = checks.py tests\n",
            "checks.py": ONE_TEST,
            "tests/test_it.py": ONE_TEST,
            "test_out.py": ONE_TEST,
        },
    ),
    Case(
        "Every Python file is a test file",
        {
            "pytest.ini": "[pytest]\npython_files = *.py\n",
            "base.py": """
                import unittest

                class BaseCase(unittest.TestCase):
                    async def test_common(self): ran()
            """,
            "checks.py": """
                from base import BaseCase

                class Checks(BaseCase):
                    async def test_own(self): ran()
            """,
        },
    ),
    Case(
        "File patterns with folders",
        {
            "pytest.ini": "[pytest]\npython_files = tests/*.py */specs/*_spec.py\n",
            "tests/anything.py": ONE_TEST,
            "tests/deep/anything_else.py": ONE_TEST,
            "shop/specs/shop_spec.py": ONE_TEST,
            "shop/shop_spec.py": ONE_TEST,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "No class pattern leaves TestCases",
        {
            "pytest.ini": "[pytest]\npython_classes =\n",
            "test_it.py": """
                import unittest

                class TestPlain:
                    async def test_it(self): ran()

                class TestCase(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "Imported tests are left out when told so",
        {
            "pytest.ini": "[pytest]\ncollect_imported_tests = false\n",
            "shared.py": """
                import unittest

                async def test_shared(): ran()

                class TestShared:
                    async def test_it(self): ran()

                class SharedCase(unittest.TestCase):
                    async def test_it(self): ran()
            """,
            "test_it.py": """
                from shared import SharedCase, TestShared, test_shared

                class TestChild(SharedCase):
                    async def test_own(self): ran()

                async def test_own(): ran()
            """,
        },
    ),
    Case(
        "Warnings that are errors run nothing either",
        {
            "pytest.ini": "[pytest]\nfilterwarnings = error\n"
            "asyncio_default_fixture_loop_scope = function\n",
            "test_it.py": """
                import unittest
                import pytest

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()

                @pytest.mark.asyncio
                async def test_marked(): ran()

                async def test_unmarked(): ran()
            """,
        },
    ),
    Case(
        "Everything strict that pytest has",
        {
            "pytest.toml": """
                [pytest]
                strict = true
                asyncio_mode = "auto"
                asyncio_default_fixture_loop_scope = "function"
                addopts = ["-ra", "--import-mode=importlib"]
                pythonpath = ["."]
            """,
            "tests/base.py": """
                import unittest

                class BaseCase(unittest.TestCase): ...
            """,
            "tests/test_it.py": """
                from tests.base import BaseCase

                async def test_it(): ran()

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "Options of the native table are a list",
        {
            "pyproject.toml": """
                [tool.pytest]
                addopts = ["--asyncio-mode=auto"]
                testpaths = ["tests"]
            """,
            "tests/test_it.py": ONE_TEST,
            "test_out.py": ONE_TEST,
        },
    ),
    Case(
        "Deselected tests are nobody's business",
        {
            "pytest.ini": """
                [pytest]
                addopts = --deselect=test_it.py::test_left_out -k 'not other'
            """,
            "test_it.py": """
                async def test_left_out(): ran()

                async def test_other(): ran()

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A fixture that the configuration asks for is refused everywhere",
        {
            "pytest.ini": "[pytest]\nusefixtures = number\n",
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def number():
                    ran()
            """,
            "test_it.py": """
                def test_it(): ran()
            """,
        },
    ),
    Case(
        "A byte order mark in pytest.ini",
        {"pytest.ini": b"\xef\xbb\xbf[pytest]\nasyncio_mode = auto\n", "test_it.py": ONE_TEST},
    ),
    Case(
        "A Makefile that overrides the setting in one word and in two",
        {
            "Makefile": "one:\n\tpytest --override-ini=asyncio_mode=auto one\n\n"
            "two:\n\tpytest --override-ini asyncio_mode=auto two\n\n"
            "three:\n\tpytest --asyncio-mode auto three\n",
            "one/test_one.py": ONE_TEST,
            "two/test_two.py": ONE_TEST,
            "three/test_three.py": ONE_TEST,
            "four/test_four.py": ONE_TEST,
        },
        invocations=(
            run(),
            run("--override-ini=asyncio_mode=auto", "one"),
            run("--override-ini", "asyncio_mode=auto", "two"),
            run("--asyncio-mode", "auto", "three"),
        ),
    ),
    Case(
        "A Makefile that sets pytest's environment",
        {
            "Makefile": "export PYTEST_ADDOPTS = --asyncio-mode=auto\n\ntest:\n\tpytest\n",
            "test_it.py": ONE_TEST,
        },
        invocations=(run(), run(PYTEST_ADDOPTS="--asyncio-mode=auto")),
    ),
    Case(
        "A command that sets pytest's environment for itself",
        {
            "Makefile": "test:\n\tPYTEST_ADDOPTS='--asyncio-mode=auto' pytest -q\n",
            "test_it.py": ONE_TEST,
        },
        invocations=(run(), run("-q", PYTEST_ADDOPTS="--asyncio-mode=auto")),
    ),
    Case(
        "tox that sets pytest's environment",
        {
            "tox.ini": "[testenv]\nsetenv =\n    PYTEST_ADDOPTS = --asyncio-mode=auto\n"
            "commands = pytest {posargs}\n",
            "test_it.py": ONE_TEST,
        },
        invocations=(run(), run(PYTEST_ADDOPTS="--asyncio-mode=auto")),
    ),
)
