"""Modules that are hard to find, found twice, or hidden behind others of the same name."""

from tests.conformance.case import Case, run

LOST = """
    import unittest

    class BaseCase(unittest.TestCase): ...
"""
FOUND = """
    import unittest

    class BaseCase(unittest.IsolatedAsyncioTestCase): ...
"""
CHILD = """
    from base import BaseCase

    class TestIt(BaseCase):
        async def test_it(self): ran()
"""

CASES = (
    Case(
        "Two modules of one name in two folders: the first that is imported wins",
        {
            "tests/a/base.py": FOUND,
            "tests/a/test_a.py": CHILD,
            "tests/b/base.py": LOST,
            "tests/b/test_b.py": CHILD,
        },
    ),
    Case(
        "A package and a module of one name: the package wins",
        {"base/__init__.py": LOST, "base.py": FOUND, "test_it.py": CHILD},
    ),
    Case(
        "A stub beside a module is for type checkers",
        {"base.py": LOST, "base.pyi": FOUND, "test_it.py": CHILD},
    ),
    Case(
        "A project whose root is a package itself",
        {
            "__init__.py": "",
            "tests/__init__.py": "",
            "tests/base.py": LOST,
            "tests/test_it.py": """
                from .base import BaseCase

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "Imports behind guards, in blocks and in chains of fallbacks",
        {
            "base.py": LOST,
            "test_it.py": """
                import contextlib
                import warnings

                with warnings.catch_warnings():
                    from base import BaseCase as Warned

                with contextlib.suppress(ImportError):
                    from base import BaseCase as Suppressed

                try:
                    from no_such_package import BaseCase
                except (ImportError, AttributeError):
                    try:
                        from no_such_module import BaseCase
                    except ImportError:
                        from base import BaseCase

                if True:
                    import base as aliased

                class TestWarned(Warned):
                    async def test_it(self): ran()

                class TestSuppressed(Suppressed):
                    async def test_it(self): ran()

                class TestFallback(BaseCase):
                    async def test_it(self): ran()

                class TestAliased(aliased.BaseCase):
                    async def test_it(self): ran()
            """,
        },
        unknown=("TestFallback.test_it",),
        unknown_ok="which import succeeds depends on what is installed",
    ),
    Case(
        "A path that the test puts in front itself",
        {
            "base.py": LOST,
            "support/base.py": FOUND,
            "tests/test_it.py": """
                import sys
                from pathlib import Path

                sys.path.insert(0, str(Path(__file__).parent.parent / "support"))

                from base import BaseCase

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A path that the conftest puts in front",
        {
            "support/base.py": FOUND,
            "conftest.py": """
                import os
                import sys

                sys.path.insert(0, os.path.join(os.path.dirname(__file__), "support"))
            """,
            "tests/test_it.py": CHILD,
        },
    ),
    Case(
        "Imports that are made inside a class body",
        {
            "base.py": """
                import unittest

                class Bases:
                    class Inner(unittest.TestCase): ...
            """,
            "test_it.py": """
                class Names:
                    from base import Bases

                class TestIt(Names.Bases.Inner):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A name that is bound twice is what it is bound to last",
        {
            "lost.py": LOST,
            "found.py": FOUND,
            "test_found.py": """
                from lost import BaseCase
                from found import BaseCase

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
            "test_lost.py": """
                from found import BaseCase
                from lost import BaseCase

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
            "test_between.py": """
                from lost import BaseCase

                class TestFirst(BaseCase):
                    async def test_it(self): ran()

                from found import BaseCase

                class TestSecond(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A class that takes its own base's name",
        {
            "test_it.py": """
                import unittest
                from unittest import TestCase

                class TestCase(TestCase):
                    async def test_it(self): ran()

                class Base(unittest.IsolatedAsyncioTestCase):
                    pass

                class Base(Base):
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "A base that is replaced after its children were made",
        {
            "test_it.py": """
                import unittest

                class Base(unittest.TestCase):
                    async def test_it(self): ran()

                class TestChild(Base):
                    pass

                Base = unittest.IsolatedAsyncioTestCase

                class TestLater(Base):
                    async def test_later(self): ran()
            """
        },
    ),
    Case(
        "Names of a module that is imported by its parent only",
        {
            "pkg/__init__.py": "from pkg import inner\n",
            "pkg/inner/__init__.py": "from .deep import BaseCase\n",
            "pkg/inner/deep.py": LOST,
            "test_it.py": """
                import pkg

                class TestIt(pkg.inner.BaseCase):
                    async def test_it(self): ran()

                class TestDeep(pkg.inner.deep.BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A package's names by a list of all",
        {
            "pkg/__init__.py": """
                from . import cases
                from .cases import *

                __all__ = ["cases", *cases.__all__]
            """,
            "pkg/cases.py": """
                import unittest

                __all__ = ["BaseCase"]

                class BaseCase(unittest.TestCase): ...

                class HiddenCase(unittest.TestCase): ...
            """,
            "test_it.py": """
                from pkg import *

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A conftest in every folder",
        {
            "conftest.py": "import pytest\n",
            "tests/conftest.py": LOST,
            "tests/unit/conftest.py": FOUND,
            "tests/unit/test_it.py": """
                from conftest import BaseCase

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "Test folders in the middle of packages",
        {
            "shop/__init__.py": "",
            "shop/orders/__init__.py": "",
            "shop/orders/tests/__init__.py": "from shop.testing import ShopCase\n",
            "shop/orders/tests/test_orders.py": """
                from . import ShopCase
                from ..tests import ShopCase as Again

                class OrderTests(ShopCase):
                    async def test_it(self): ran()

                class MoreTests(Again):
                    async def test_it(self): ran()
            """,
            "shop/testing.py": """
                import unittest

                class ShopCase(unittest.TestCase): ...
            """,
        },
    ),
    Case(
        "A monorepo whose packages import each other's bases",
        {
            "libs/common/pyproject.toml": '[project]\nname = "common"\nversion = "1"\n',
            "libs/common/src/common/__init__.py": "",
            "libs/common/src/common/testing.py": LOST,
            "libs/shop/pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n',
            "libs/shop/tests/test_it.py": """
                from common.testing import BaseCase

                class TestIt(BaseCase):
                    async def test_it(self): ran()
            """,
        },
        invocations=(run(PYTHONPATH="libs/common/src"),),
        unknown_ok="imports across installed packages of the tree are not followed",
    ),
)
