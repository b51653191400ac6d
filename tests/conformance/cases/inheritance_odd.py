"""Base classes behind mixins, circles, look-ups and runners of other modules."""

from tests.conformance.case import AUTO, Case
from tests.conformance.cases.inheritance import FOUND, LOST, _child

CASES = (
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
