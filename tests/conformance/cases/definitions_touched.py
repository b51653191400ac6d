"""Tests and classes that statements between the definitions do something to."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A class takes from the module what it binds under the same name",
        {
            "test_it.py": """
                import pytest

                pytestmark = pytest.mark.asyncio
                marks = [pytest.mark.skip]

                async def test_it(self=None): ran()

                class TestIt:
                    pytestmark = pytestmark
                    test_it = test_it

                class TestOther:
                    class TestInside:
                        marks = marks
                        pytestmark = marks

                        async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A decorator sets the markers of a class",
        {
            "test_it.py": """
                import pytest

                def marked(cls):
                    cls.pytestmark = [pytest.mark.asyncio]
                    return cls

                @marked
                class TestIt:
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "The markers of a class are set after it",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    async def test_it(self): ran()

                TestIt.pytestmark = [pytest.mark.asyncio]
            """,
        },
    ),
    Case(
        "A class is marked by a call after it",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    async def test_it(self): ran()

                pytest.mark.asyncio(TestIt)
            """,
        },
    ),
    Case(
        "A base class is marked by a call after it",
        {
            "test_it.py": """
                import pytest

                class Base:
                    async def test_it(self): ran()

                pytest.mark.asyncio(Base)

                class TestIt(Base): pass
            """,
        },
    ),
    Case(
        "A method is marked by a call in its class",
        {
            "test_it.py": """
                import pytest

                class Base:
                    async def test_it(self): ran()
                    pytest.mark.asyncio(test_it)

                class TestIt(Base): pass
            """,
        },
    ),
    Case(
        "The methods of a base class are marked by a loop",
        {
            "base.py": """
                import pytest

                class Base:
                    async def test_it(self): ran()

                for name in ("test_it",):
                    pytest.mark.asyncio(getattr(Base, name))
            """,
            "test_it.py": """
                from base import Base

                class TestIt(Base): pass
            """,
        },
    ),
    Case(
        "A class is made and marked by calls",
        {
            "test_it.py": """
                import pytest

                class Base:
                    async def test_it(self): ran()

                TestIt = pytest.mark.asyncio(type("TestIt", (Base,), {}))
            """,
        },
    ),
    Case(
        "A decorator with arguments marks a class in place",
        {
            "test_it.py": """
                import pytest

                def marked(mark):
                    def deco(cls):
                        mark(cls)
                        return cls
                    return deco

                @marked(pytest.mark.asyncio)
                class TestIt:
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A test is marked under its other name",
        {
            "test_it.py": """
                import pytest

                async def check(): ran()

                test_it = check
                pytest.mark.asyncio(check)
            """,
        },
    ),
    Case(
        "A test that is imported is marked where it is defined",
        {
            "base.py": """
                import pytest

                async def test_it(): ran()

                for one in (test_it,):
                    pytest.mark.asyncio(one)
            """,
            "test_it.py": "from base import test_it\n",
        },
    ),
    Case(
        "A test is marked by a call in a block",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                with contextlib.suppress(Exception):
                    pytest.mark.asyncio(test_it)
            """,
        },
    ),
    Case(
        "A test is marked by a call that may fail",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                try:
                    pytest.mark.asyncio(test_it)

                finally:
                    pass
            """,
        },
    ),
    Case(
        "A test is marked by a helper that gets it by keyword",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                def mark(fn): pytest.mark.asyncio(fn)

                mark(fn=test_it)
            """,
        },
    ),
    Case(
        "Tests are marked by a helper that gets a list of them",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                def mark(fns):
                    for fn in fns: pytest.mark.asyncio(fn)

                mark([test_it])
            """,
        },
    ),
    Case(
        "Tests are marked by map",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                list(map(pytest.mark.asyncio, [test_it]))
            """,
        },
    ),
    Case(
        "Tests are marked by a loop over them",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                for fn in [test_it]:
                    pytest.mark.asyncio(fn)
            """,
        },
    ),
    Case(
        "Tests are marked by a comprehension",
        {
            "test_it.py": """
                import pytest, contextlib

                async def test_it(): ran()

                _ = [pytest.mark.asyncio(fn) for fn in (test_it,)]
            """,
        },
    ),
    Case(
        "A method is replaced in its class",
        {
            "test_it.py": """
                import asyncio, unittest

                def sync(fn): return lambda self: asyncio.run(fn(self))

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()
                    test_it = sync(test_it)
            """,
        },
    ),
    Case(
        "A base class is what a function returns",
        {
            "test_it.py": """
                import asyncio, unittest, inspect

                def base(): return unittest.IsolatedAsyncioTestCase

                class TestIt(base()):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A base class depends on the version of Python",
        {
            "test_it.py": """
                import asyncio, unittest, inspect, sys

                if sys.version_info >= (3, 8):
                    Base = unittest.IsolatedAsyncioTestCase

                else:
                    Base = unittest.TestCase

                class TestIt(Base):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A base class depends on a switch that the file sets",
        {
            "test_it.py": """
                import unittest

                IS_SYNC = False

                if not IS_SYNC:
                    Base = unittest.IsolatedAsyncioTestCase
                else:
                    Base = unittest.TestCase

                class TestIt(Base):
                    async def test_it(self): ran()

                if IS_SYNC:
                    class TestOther(unittest.TestCase):
                        async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A switch that a star import sets anew",
        {
            "switches.py": "IS_SYNC = True\n",
            "test_it.py": """
                import unittest

                IS_SYNC = False
                from switches import *

                if IS_SYNC:
                    Base = unittest.IsolatedAsyncioTestCase
                else:
                    Base = unittest.TestCase

                class TestIt(Base):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A base class is taken where it is there",
        {
            "test_it.py": """
                import unittest

                Base = getattr(unittest, "IsolatedAsyncioTestCase", unittest.TestCase)

                class TestIt(Base):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "The name of a base class is bound again before it is used",
        {
            "test_it.py": """
                import unittest
                from unittest import TestCase

                TestCase = unittest.IsolatedAsyncioTestCase

                class TestIt(TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "The name of a base class is bound again after it was used",
        {
            "test_it.py": """
                import unittest

                Base = unittest.IsolatedAsyncioTestCase

                class TestIt(Base):
                    async def test_it(self): ran()

                Base = unittest.TestCase
            """,
        },
    ),
)
