"""Tests and base classes that stand in different files: the bug that nobody sees."""

from textwrap import dedent

from tests.conformance.case import Case, run

LOST = """
    import unittest

    class BaseCase(unittest.TestCase):
        pass
"""
FOUND = """
    import unittest

    class BaseCase(unittest.IsolatedAsyncioTestCase):
        pass
"""
CHILD = """
    class TestChild(BaseCase):
        async def test_it(self):
            ran()
"""


def _child(imports: str, base: str = "BaseCase") -> str:
    """Return a test module with one class, by the way in which it gets at its base."""
    return f"{imports}\n{dedent(CHILD).replace('BaseCase', base)}"


CASES = (
    Case(
        "A base two modules away loses the tests",
        {
            "common/__init__.py": "",
            "common/first.py": LOST,
            "common/second.py": """
                from common.first import BaseCase

                class ShopCase(BaseCase):
                    pass
            """,
            "test_it.py": """
                from common.second import ShopCase

                class TestChild(ShopCase):
                    async def test_it(self):
                        ran()
            """,
        },
    ),
    Case(
        "A base two modules away runs the tests",
        {
            "common/__init__.py": "",
            "common/first.py": FOUND,
            "common/second.py": """
                from common.first import BaseCase

                class ShopCase(BaseCase):
                    pass
            """,
            "test_it.py": """
                from common.second import ShopCase

                class TestChild(ShopCase):
                    async def test_it(self):
                        ran()
            """,
        },
    ),
    Case(
        "Packages hand their names on in every way",
        {
            "common/__init__.py": """
                from .cases import BaseCase
                from .cases import BaseCase as Renamed
                from . import cases
                from .other import *
            """,
            "common/cases.py": LOST,
            "common/other.py": FOUND.replace("BaseCase", "AsyncCase"),
            "test_it.py": """
                import common
                import common.cases
                import common.cases as base_cases
                from common import AsyncCase, BaseCase, Renamed, cases

                class TestName(BaseCase):
                    async def test_it(self): ran()

                class TestRenamed(Renamed):
                    async def test_it(self): ran()

                class TestPackage(common.BaseCase):
                    async def test_it(self): ran()

                class TestModule(cases.BaseCase):
                    async def test_it(self): ran()

                class TestDotted(common.cases.BaseCase):
                    async def test_it(self): ran()

                class TestAs(base_cases.BaseCase):
                    async def test_it(self): ran()

                class TestAsync(AsyncCase):
                    async def test_it(self): ran()

                class TestAsyncDotted(common.AsyncCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "Relative imports reach the base",
        {
            "tests/__init__.py": "",
            "tests/base.py": LOST,
            "tests/unit/__init__.py": "from ..base import BaseCase as UnitCase\n",
            "tests/unit/test_up.py": _child("from ..base import BaseCase"),
            "tests/unit/test_package.py": _child("from . import UnitCase", "UnitCase"),
            "tests/unit/test_module.py": _child("from .. import base", "base.BaseCase"),
        },
    ),
    Case(
        "Star imports reach the base, and hidden names do not come along",
        {
            "base.py": """
                import unittest

                __all__ = ["AsyncCase"]

                class AsyncCase(unittest.IsolatedAsyncioTestCase):
                    pass

                class TestCase(unittest.TestCase):
                    pass
            """,
            "test_it.py": """
                from unittest import TestCase
                from base import *

                class TestAsync(AsyncCase):
                    async def test_it(self): ran()

                class TestPlain(TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "The later of two star imports wins",
        {
            "one.py": LOST,
            "two.py": FOUND,
            "test_found.py": _child("from one import *\nfrom two import *"),
            "test_lost.py": _child("from two import *\nfrom one import *"),
        },
    ),
    Case(
        "Folders of tests without packages import their neighbours",
        {
            "tests/base.py": LOST,
            "tests/test_it.py": _child("from base import BaseCase"),
            "tests/unit/base_unit.py": FOUND,
            "tests/unit/test_unit.py": _child("from base_unit import BaseCase"),
        },
    ),
    Case(
        "Folders of tests without packages import from their conftest",
        {
            "tests/conftest.py": LOST,
            "tests/test_it.py": _child("from conftest import BaseCase"),
        },
    ),
    Case(
        "A namespace package without an init file is a package",
        {
            "common/deep/base.py": LOST,
            "test_it.py": _child("from common.deep.base import BaseCase"),
        },
    ),
    Case(
        "A source folder on the configured path is searched",
        {
            "pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src"]\n',
            "src/shop/__init__.py": "",
            "src/shop/testing.py": LOST,
            "tests/test_it.py": _child("from shop.testing import BaseCase"),
        },
    ),
    Case(
        "A source folder of an installed project is searched",
        {
            "pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
            "src/shop/__init__.py": "",
            "src/shop/testing.py": LOST,
            "tests/test_it.py": _child("from shop.testing import BaseCase"),
            "tests/test_async.py": _child(
                "from shop.asynchronous import BaseCase",
            ),
            "src/shop/asynchronous.py": FOUND,
        },
        invocations=(run(PYTHONPATH="src"),),
    ),
    Case(
        "A package in a folder of its own that setup.cfg declares is searched",
        {
            "setup.cfg": "[metadata]\nname = shop\n[options]\npackage_dir =\n    = lib\n",
            "lib/shop/__init__.py": "",
            "lib/shop/testing.py": LOST,
            "tests/test_it.py": _child("from shop.testing import BaseCase"),
        },
        invocations=(run(PYTHONPATH="lib"),),
    ),
    Case(
        "A base in a test module is collected in both",
        {
            "test_base.py": """
                import unittest

                class TestBase(unittest.TestCase):
                    async def test_common(self):
                        ran()
            """,
            "test_child.py": """
                from test_base import TestBase

                class TestChild(TestBase):
                    async def test_own(self):
                        ran()
            """,
        },
    ),
    Case(
        "A base that marks runs its children's tests in other modules",
        {
            "base.py": """
                import pytest

                @pytest.mark.asyncio
                class Marked:
                    async def test_common(self): ran()

                class MarkedByName:
                    pytestmark = [pytest.mark.asyncio]

                class Unmarked:
                    async def test_common(self): ran()
            """,
            "test_it.py": """
                import base
                from base import Marked, MarkedByName, Unmarked

                class TestMarked(Marked):
                    async def test_own(self): ran()

                class TestByName(MarkedByName):
                    async def test_own(self): ran()

                class TestUnmarked(Unmarked):
                    async def test_own(self): ran()

                class TestDotted(base.MarkedByName):
                    async def test_own(self): ran()
            """,
        },
    ),
    Case(
        "A module's marker does not follow its class into another module",
        {
            "test_base.py": """
                import pytest

                pytestmark = pytest.mark.asyncio

                class TestBase:
                    async def test_common(self): ran()
            """,
            "test_child.py": """
                from test_base import TestBase as Base

                class TestChild(Base):
                    async def test_own(self): ran()

                del Base
            """,
        },
    ),
)
