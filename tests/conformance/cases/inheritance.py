"""Tests and base classes that stand in different files: the bug that nobody sees."""

from textwrap import dedent

from tests.conformance.case import AUTO, Case, run

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
    Case(
        "A mixin from another module joins a TestCase",
        {
            "mixins.py": """
                class Checks:
                    async def test_mixed(self): ran()

                    async def helper(self): ran()
            """,
            "test_it.py": """
                import unittest
                from mixins import Checks

                class TestLost(Checks, unittest.TestCase):
                    pass

                class TestFound(Checks, unittest.IsolatedAsyncioTestCase):
                    pass

                class TestPlain(Checks):
                    pass
            """,
        },
    ),
    Case(
        "Modules that import each other are followed to an end",
        {
            "one.py": """
                import two
                import unittest

                class BaseCase(unittest.TestCase):
                    pass
            """,
            "two.py": """
                import one

                def make():
                    return one.BaseCase
            """,
            "test_it.py": _child("from one import BaseCase"),
        },
    ),
    Case(
        "Names that lead round in a circle are not decided",
        {
            "one.py": """
                try:
                    from two import BaseCase
                except ImportError:
                    from unittest import TestCase as BaseCase
            """,
            "two.py": """
                try:
                    from one import BaseCase
                except ImportError:
                    from unittest import IsolatedAsyncioTestCase as BaseCase
            """,
            "test_it.py": _child("from one import BaseCase"),
        },
    ),
    Case(
        "A module of the repository that bears a library's name is the repository's",
        {
            "asynctest.py": LOST,
            "django/__init__.py": "",
            "django/test.py": FOUND.replace("BaseCase", "TestCase"),
            "test_it.py": """
                from asynctest import BaseCase
                from django.test import TestCase

                class TestLost(BaseCase):
                    async def test_it(self): ran()

                class TestFound(TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A base loaded by name while the module runs is not decided",
        {
            "base.py": FOUND,
            "test_it.py": """
                import importlib

                BaseCase = importlib.import_module("base").BaseCase

                class TestChild(BaseCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A package that hands out names on demand is not decided",
        {
            "common/__init__.py": """
                import importlib

                def __getattr__(name):
                    return getattr(importlib.import_module(".base", __name__), name)
            """,
            "common/base.py": FOUND,
            "test_it.py": _child("from common import BaseCase"),
        },
    ),
    Case(
        "A child outside the repository's knowledge of a base inside it",
        {
            "base.py": """
                import unittest
                from elsewhere import Mixin

                class BaseCase(Mixin, unittest.TestCase):
                    pass
            """,
            "test_it.py": _child("from base import BaseCase"),
        },
        installed={
            "elsewhere.py": """
                import asyncio, inspect

                class Mixin:
                    def _callTestMethod(self, method):
                        result = method()
                        if inspect.iscoroutine(result):
                            asyncio.run(result)
            """
        },
    ),
    Case(
        "A base with a runner of its own in another module is left alone",
        {
            "base.py": """
                import asyncio
                import unittest

                class AsyncCase(unittest.TestCase):
                    def _callTestMethod(self, method):
                        result = method()
                        if asyncio.iscoroutine(result):
                            asyncio.run(result)
            """,
            "middle.py": "from base import AsyncCase\n\nclass ShopCase(AsyncCase):\n    pass\n",
            "test_it.py": _child("from middle import ShopCase", "ShopCase"),
        },
    ),
    Case(
        "A metaclass in another module is left alone",
        {
            "base.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                class Wrapping(type):
                    def __new__(cls, name, bases, names):
                        for key, value in names.items():
                            if inspect.iscoroutinefunction(value):
                                names[key] = cls.blocking(value)
                        return super().__new__(cls, name, bases, names)

                    @staticmethod
                    def blocking(method):
                        @functools.wraps(method)
                        def wrapper(*args):
                            return asyncio.run(method(*args))
                        return wrapper

                class BaseCase(unittest.TestCase, metaclass=Wrapping):
                    pass
            """,
            "test_it.py": _child("from base import BaseCase"),
        },
    ),
    Case(
        "A class decorated in another module is looked through",
        {
            "base.py": """
                import pytest

                def looped(cls):
                    return pytest.mark.asyncio(cls)

                def tagged(cls):
                    cls.tagged = True
                    return cls

                @looped
                class Looped:
                    pass
            """,
            "test_it.py": """
                import unittest
                from base import Looped, looped, tagged

                class TestInherited(Looped):
                    async def test_it(self): ran()

                @looped
                class TestLooped:
                    async def test_it(self): ran()

                @tagged
                class TestTagged:
                    async def test_it(self): ran()

                @tagged
                class TestLost(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "Auto mode helps a mixin and not a TestCase in another module",
        {
            "pytest.ini": AUTO,
            "base.py": LOST
            + """
    class Checks:
        async def test_mixed(self):
            ran()
""",
            "test_it.py": """
                from base import BaseCase, Checks

                class TestPlain(Checks):
                    pass

                class TestLost(Checks, BaseCase):
                    pass
            """,
        },
    ),
    Case(
        "An overridden test in the middle of the chain decides",
        {
            "base.py": """
                import unittest

                class BaseCase(unittest.TestCase):
                    async def test_it(self): ran()

                    async def test_other(self): ran()
            """,
            "middle.py": """
                import asyncio
                import base

                class MiddleCase(base.BaseCase):
                    def test_it(self):
                        asyncio.run(super().test_it())
            """,
            "test_it.py": """
                import middle

                class TestChild(middle.MiddleCase):
                    pass
            """,
        },
    ),
    Case(
        "A conditional import of two homes of the same base",
        {
            "base.py": LOST,
            "test_it.py": """
                try:
                    from shop.base import BaseCase
                except ImportError:
                    from base import BaseCase

                class TestChild(BaseCase):
                    async def test_it(self):
                        ran()
            """,
        },
        unknown_ok="which import succeeds depends on what is installed",
    ),
    Case(
        "A diamond of bases is walked as Python does",
        {
            "test_it.py": """
                import unittest

                class Root(unittest.TestCase):
                    async def test_it(self): ran()

                class Left(Root):
                    def test_it(self): ran()

                class Right(Root):
                    async def test_it(self): ran()

                class TestDiamond(Left, Right):
                    pass

                class TestOther(Right, Left):
                    pass
            """
        },
    ),
)
