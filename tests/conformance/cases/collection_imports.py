"""Tests that are imported, aliased, made, or written in rare ways."""

from tests.conformance.case import AUTO, Case, run

LATIN = "# -*- coding: latin-1 -*-\nasync def test_it():\n    name = 'é'\n    ran()\n"

CASES = (
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
        "A file that looks through the names of another module is judged",
        {
            "states.py": "NEW = 'new'\nPAID = 'paid'\n",
            "test_it.py": """
                import pytest
                import states

                NAMES = [name for name in vars(states) if name.isupper()]

                async def test_unmarked():
                    ran()

                @pytest.mark.asyncio
                @pytest.mark.parametrize("name", NAMES)
                async def test_marked(name):
                    ran()
            """,
        },
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
