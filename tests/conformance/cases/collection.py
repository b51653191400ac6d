"""What pytest collects, and what looks like a test and is none."""

from tests.conformance.case import AUTO, Case, run

LATIN = "# -*- coding: latin-1 -*-\nasync def test_it():\n    name = 'é'\n    ran()\n"

CASES = (
    Case(
        "Code for type checkers holds no tests",
        {
            "test_it.py": """
                import typing
                from typing import TYPE_CHECKING

                if TYPE_CHECKING:
                    async def test_checking():
                        ran()

                    class TestChecking:
                        async def test_it(self):
                            ran()

                if typing.TYPE_CHECKING:
                    async def test_dotted():
                        ran()
                else:
                    async def test_otherwise():
                        ran()

                if not TYPE_CHECKING:
                    async def test_not_checking():
                        ran()
            """
        },
    ),
    Case(
        "Nested functions and classes in functions hold no tests",
        {
            "test_it.py": """
                def helper():
                    async def test_nested():
                        ran()

                    class TestLocal:
                        async def test_it(self):
                            ran()

                    return test_nested, TestLocal

                async def test_outer():
                    async def test_inner():
                        ran()

                    ran()
            """
        },
    ),
    Case(
        "A class or function that says that it is no test is none",
        {
            "test_it.py": """
                import unittest

                class TestNot:
                    __test__ = False

                    async def test_it(self):
                        ran()

                class TestNotEither(unittest.TestCase):
                    __test__ = False

                    async def test_it(self):
                        ran()

                class TestChild(TestNot):
                    __test__ = True

                class TestStillNot(TestNot):
                    pass

                async def test_not():
                    ran()

                test_not.__test__ = False

                def not_a_test(function):
                    function.__test__ = False
                    return function

                @not_a_test
                async def test_decorated():
                    ran()

                async def test_it():
                    ran()
            """
        },
    ),
    Case(
        "A class says that it is a test when its name does not",
        {
            "test_it.py": """
                class Checks:
                    __test__ = True

                    async def test_it(self):
                        ran()
            """
        },
    ),
    Case(
        "A module that says that it is no test holds none",
        {
            "test_it.py": """
                __test__ = False

                async def test_it():
                    ran()
            """,
            "test_other.py": """
                async def test_other():
                    ran()
            """,
        },
    ),
    Case(
        "Classes with a constructor are not collected",
        {
            "test_it.py": """
                import dataclasses
                import enum
                from dataclasses import dataclass
                from typing import NamedTuple

                class TestInit:
                    def __init__(self):
                        pass

                    async def test_it(self): ran()

                class TestNew:
                    def __new__(cls):
                        return super().__new__(cls)

                    async def test_it(self): ran()

                @dataclass
                class TestData:
                    number: int = 0

                    async def test_it(self): ran()

                @dataclasses.dataclass(frozen=True)
                class TestFrozen:
                    async def test_it(self): ran()

                class TestChild(TestInit):
                    async def test_own(self): ran()

                class TestTuple(NamedTuple):
                    number: int = 0

                    async def test_it(self): ran()

                class TestEnum(enum.Enum):
                    ONE = 1

                    async def test_it(self): ran()

                class TestPlain:
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Names decide what is a test",
        {
            "test_it.py": """
                async def helper_test(): ran()

                async def _test_private(): ran()

                async def check_it(): ran()

                async def Test_upper(): ran()

                class Helper:
                    async def test_it(self): ran()

                class _TestPrivate:
                    async def test_it(self): ran()

                class ItTest:
                    async def test_it(self): ran()

                class TestIt:
                    async def helper(self): ran()

                    async def test_it(self): ran()

                class Testing:
                    async def testing(self): ran()
            """
        },
    ),
    Case(
        "File names decide where tests are",
        dict.fromkeys(
            (
                "tests.py",
                "testx.py",
                "shop_test.py",
                "test_shop.py",
                "test.py",
                "tests/helper.py",
                "tests/conftest.py",
                "tests/__init__.py",
                "deep/down/test_below.py",
                "test_stub.pyi",
                "test_text.txt",
            ),
            """\n                async def test_it():\n                    ran()\n            """,
        ),
    ),
    Case(
        "The first of two definitions is lost and is not reported",
        {
            "test_it.py": """
                import pytest

                async def test_first():
                    ran()

                @pytest.mark.asyncio
                async def test_first():
                    ran()

                @pytest.mark.asyncio
                async def test_last():
                    ran()

                async def test_last():
                    ran()

                class TestTwice:
                    async def test_lost(self):
                        ran()

                class TestTwice:
                    async def test_it(self):
                        ran()

                async def test_then_sync():
                    ran()

                def test_then_sync():
                    ran()
            """
        },
    ),
    Case(
        "A test that is taken away again is none",
        {
            "test_it.py": """
                async def test_deleted():
                    ran()

                del test_deleted

                async def test_nothing():
                    ran()

                test_nothing = None

                class TestIt:
                    async def test_it(self):
                        ran()

                    async def test_gone(self):
                        ran()

                    del test_gone

                async def test_left():
                    ran()
            """
        },
    ),
    Case(
        "Conditional definitions are judged by what holds here",
        {
            "test_it.py": """
                import sys

                if sys.version_info < (3,):
                    async def test_old():
                        ran()

                if False:
                    async def test_false():
                        ran()

                if True:
                    async def test_true():
                        ran()

                for _ in range(1):
                    async def test_loop():
                        ran()

                with open(__file__):
                    async def test_with():
                        ran()
            """
        },
    ),
    Case(
        "A function chosen by the platform is unhandled on each",
        {
            "test_it.py": """
                import sys

                if sys.platform == "win32":
                    async def test_it():
                        ran()
                else:
                    async def test_it():
                        ran()
            """
        },
    ),
    Case(
        "The configured names of files, functions and classes decide",
        {
            "pytest.ini": """
                [pytest]
                python_files = check_*.py *_spec.py
                python_functions = check_* *_works
                python_classes = Check *Suite
            """,
            "check_shop.py": """
                async def check_it(): ran()

                async def it_works(): ran()

                async def test_it(): ran()

                class CheckIt:
                    async def check_it(self): ran()

                    async def test_it(self): ran()

                class ShopSuite:
                    async def check_it(self): ran()

                class TestShop:
                    async def check_it(self): ran()
            """,
            "shop_spec.py": """
                import unittest

                class Anything(unittest.TestCase):
                    async def test_it(self): ran()

                    async def check_it(self): ran()
            """,
            "test_shop.py": """
                async def check_it(): ran()
            """,
        },
    ),
    Case(
        "Names configured in TOML decide as well",
        {
            "pyproject.toml": """
                [tool.pytest.ini_options]
                python_files = ["check_*.py"]
                python_functions = ["check_*"]
                python_classes = ["Check*"]
            """,
            "check_shop.py": """
                async def check_it(): ran()

                class CheckIt:
                    async def check_it(self): ran()
            """,
            "test_shop.py": """
                async def check_it(): ran()
            """,
        },
    ),
    Case(
        "A function name configured without a star is a prefix",
        {
            "pytest.ini": "[pytest]\npython_functions = test check\n",
            "test_it.py": """
                async def checking(): ran()

                async def testing(): ran()

                async def verify(): ran()
            """,
        },
    ),
    Case(
        "Test paths name where a plain start looks",
        {
            "pytest.ini": "[pytest]\ntestpaths = tests\n",
            "tests/test_in.py": """
                async def test_in(): ran()
            """,
            "scripts/test_out.py": """
                async def test_out(): ran()
            """,
        },
    ),
    Case(
        "Folders that pytest does not enter hold no tests",
        dict.fromkeys(
            (
                "build/test_build.py",
                "dist/test_dist.py",
                "node_modules/pkg/test_node.py",
                ".hidden/test_hidden.py",
                "venv/lib/test_venv.py",
                "shop.egg/test_egg.py",
                "builds/test_builds.py",
                "tests/build/test_deep.py",
            ),
            """\n                async def test_it():\n                    ran()\n            """,
        ),
    ),
    Case(
        "The folders not to enter can be named",
        {
            "pytest.ini": "[pytest]\nnorecursedirs = legacy *.bak tests/data\n",
            "legacy/test_legacy.py": "async def test_it(): ran()\n",
            "old.bak/test_old.py": "async def test_it(): ran()\n",
            "tests/data/test_data.py": "async def test_it(): ran()\n",
            "build/test_build.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "What the added options ignore holds no tests",
        {
            "pytest.ini": "[pytest]\naddopts = --ignore=legacy --ignore-glob=*_slow.py\n",
            "legacy/test_legacy.py": "async def test_it(): ran()\n",
            "test_very_slow.py": "async def test_it(): ran()\n",
            "test_quick.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "What conftest ignores holds no tests",
        {
            "conftest.py": """
                import sys

                collect_ignore = ["setup.py", "test_ignored.py"]
                collect_ignore_glob = ["*_py2.py"]
                if sys.version_info[0] > 2:
                    collect_ignore.append("legacy/test_legacy.py")
            """,
            "test_ignored.py": "async def test_it(): ran()\n",
            "test_old_py2.py": "async def test_it(): ran()\n",
            "legacy/test_legacy.py": "async def test_it(): ran()\n",
            "test_seen.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "A module that skips itself is not judged",
        {
            "test_skip.py": """
                import pytest

                pytest.skip("not here", allow_module_level=True)

                async def test_it(): ran()
            """,
            "test_import.py": """
                import pytest

                trio = pytest.importorskip("no_such_module")

                async def test_it(): ran()
            """,
            "test_mark.py": """
                import pytest

                pytestmark = pytest.mark.skip

                async def test_it(): ran()
            """,
            "test_seen.py": """
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "Tests imported into another test module are collected there as well",
        {
            "shared.py": """
                import unittest

                async def test_shared():
                    ran()

                class TestShared:
                    async def test_it(self):
                        ran()

                class SharedCase(unittest.TestCase):
                    async def test_it(self):
                        ran()
            """,
            "test_names.py": """
                from shared import TestShared, test_shared
            """,
            "test_star.py": """
                from shared import *
            """,
            "test_module.py": """
                import shared

                async def test_own():
                    ran()
            """,
        },
    ),
    Case(
        "A base class imported into a test module is collected there as well",
        {
            "base.py": """
                import unittest

                class BaseCase(unittest.TestCase):
                    async def test_common(self):
                        ran()
            """,
            "test_child.py": """
                from base import BaseCase

                class TestChild(BaseCase):
                    async def test_own(self):
                        ran()
            """,
            "test_dotted.py": """
                import base

                class TestDotted(base.BaseCase):
                    pass
            """,
        },
    ),
    Case(
        "A module's marker decides over tests imported into it",
        {
            "shared.py": """
                async def test_shared():
                    ran()

                class TestShared:
                    async def test_it(self):
                        ran()
            """,
            "test_marked.py": """
                import pytest
                from shared import TestShared, test_shared

                pytestmark = pytest.mark.asyncio
            """,
            "test_unmarked.py": """
                from shared import TestShared, test_shared
            """,
        },
    ),
    Case(
        "An alias of a test function is a test",
        {
            "test_it.py": """
                import pytest

                async def _body():
                    ran()

                test_alias = _body

                @pytest.mark.asyncio
                async def _marked():
                    ran()

                test_marked_alias = _marked
            """
        },
    ),
    Case(
        "Objects that can be called are not collected",
        {
            "test_it.py": """
                class Callable:
                    async def __call__(self):
                        ran()

                test_callable = Callable()

                async def test_it():
                    ran()
            """
        },
    ),
    Case(
        "Tests made in a loop or in the module's namespace are seen by pytest alone",
        {
            "test_it.py": """
                def make(number):
                    async def test_made():
                        ran()
                    return test_made

                for number in range(2):
                    globals()[f"test_{number}"] = make(number)

                test_named = make(3)
            """
        },
        unknown_ok="the tests are made while the module runs",
    ),
    Case(
        "Selected tests are judged and others are not",
        {
            "pytest.ini": '[pytest]\naddopts = -m "not slow"\nmarkers = slow: slow\n',
            "test_it.py": """
                import pytest

                @pytest.mark.slow
                async def test_slow(): ran()

                async def test_quick(): ran()
            """,
        },
    ),
    Case(
        "A file that cannot be imported takes nothing with it",
        {
            "test_broken.py": """
                import no_such_module

                async def test_it(): ran()
            """,
            "test_fine.py": """
                async def test_it(): ran()
            """,
        },
        invocations=(run("--continue-on-collection-errors"),),
    ),
    Case(
        "Tests in packages, in the root and in deep folders are all collected",
        {
            "test_root.py": "async def test_it(): ran()\n",
            "tests/__init__.py": "",
            "tests/unit/__init__.py": "",
            "tests/unit/test_it.py": "async def test_it(): ran()\n",
            "tests/integration/test_deep.py": "async def test_it(): ran()\n",
            "shop/__init__.py": "",
            "shop/tests/__init__.py": "",
            "shop/tests/test_shop.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "Doctests beside async tests change nothing",
        {
            "pytest.ini": AUTO + "addopts = --doctest-modules\n",
            "shop.py": '''
                async def test_like_name():
                    """Sell.

                    >>> 1 + 1
                    2
                    """
                    ran()
            ''',
            "test_it.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "A conftest and a setup file hold no tests even when they look like it",
        {
            "conftest.py": "async def test_in_conftest(): ran()\n",
            "setup.py": "async def test_in_setup(): ran()\n",
            "test_it.py": "async def test_it(): ran()\n",
        },
    ),
    Case(
        "Files named on the command line are collected whatever their name",
        {
            "Makefile": "test:\n\tpytest checks.py\n",
            "checks.py": "async def test_it(): ran()\n",
        },
        invocations=(run(), run("checks.py")),
    ),
    Case(
        "Other encodings and line ends are Python too",
        {
            "test_latin.py": LATIN.encode("latin-1"),
            "test_bom.py": b"\xef\xbb\xbfasync def test_it():\n    ran()\n",
            "test_crlf.py": b"import pytest\r\n\r\n\r\nasync def test_it():\r\n    ran()\r\n",
            "test_tabs.py": b"class TestIt:\n\tasync def test_it(self):\n\t\tran()",
            "test_form_feed.py": b"import pytest\n\x0c\nasync def test_it():\n    ran()\n",
            "test_names.py": "async def test_größe():\n    ran()\n".encode(),
        },
    ),
    Case(
        "A class inside a class that is not collected is not collected",
        {
            "test_it.py": """
                class Outer:
                    class TestInner:
                        async def test_it(self):
                            ran()

                class TestOuter:
                    class Inner:
                        async def test_it(self):
                            ran()

                    class TestInner:
                        async def test_it(self):
                            ran()
            """
        },
    ),
    Case(
        "Properties and class attributes named like tests are none",
        {
            "test_it.py": """
                class TestIt:
                    test_value = 3

                    @property
                    async def test_property(self):
                        ran()

                    async def test_it(self):
                        ran()
            """
        },
    ),
)
