"""What generated tests make use of, and the ways by which a test module comes to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from textwrap import dedent

HEAD = """\
import abc
import asyncio
import contextlib
import functools
import inspect
import sys
import unittest
from typing import TYPE_CHECKING, Generic, TypeVar
from unittest import mock

import pytest
import pytest as pt
import pytest_asyncio
from pytest import fixture, mark as marks

"""


@dataclass(frozen=True, slots=True)
class Definition:
    """Something with a name, at the top of a module.

    Attributes:
        source: what defines it, below `HEAD`.
        needs: the definitions that it is built on.
    """

    source: str
    needs: tuple[str, ...] = ()


def _defined(source: str, *needs: str) -> Definition:
    return Definition(dedent(source).strip("\n") + "\n", needs)


MARKS = {
    "MARK": _defined("MARK = pytest.mark.asyncio"),
    "CALLED": _defined("CALLED = pytest.mark.asyncio()"),
    "SCOPED": _defined('SCOPED = pytest.mark.asyncio(loop_scope="class")'),
    "SECOND": _defined("SECOND = MARK", "MARK"),
    "Marks.loop": _defined(
        "class Marks:\n    loop = pytest.mark.asyncio\n    slow = pytest.mark.slow"
    ),
}
OTHER_MARKS = {
    "SLOW": _defined("SLOW = pytest.mark.slow"),
    "Marks.slow": MARKS["Marks.loop"],
}
LISTS = {
    "MARK_LIST": _defined("MARK_LIST = [pytest.mark.slow, pytest.mark.asyncio]"),
    "SLOW_LIST": _defined("SLOW_LIST = [pytest.mark.slow]"),
    "JOINED": _defined("JOINED = [*SLOW_LIST, MARK]", "SLOW_LIST", "MARK"),
    "ADDED": _defined("ADDED = SLOW_LIST + [MARK]", "SLOW_LIST", "MARK"),
}
# By what they make of a coroutine function: still one, one that nobody awaits, one that is run.
KEEPING = {
    "tagged": _defined(
        """
        def tagged(function):
            function.tag = "tag"
            return function
        """
    ),
    "kept": _defined(
        """
        def kept(function):
            @functools.wraps(function)
            async def wrapper(*args, **kwargs):
                return await function(*args, **kwargs)
            return wrapper
        """
    ),
    "looped": _defined("def looped(function):\n    return pytest.mark.asyncio(function)"),
    "marking": _defined(
        "def marking(function):\n    return MARK(tagged(function))", "MARK", "tagged"
    ),
    "repeated(2)": _defined(
        """
        def repeated(times):
            def decorate(function):
                @functools.wraps(function)
                async def wrapper(*args, **kwargs):
                    for _ in range(times):
                        await function(*args, **kwargs)
                return wrapper
            return decorate
        """
    ),
    "awaited()": _defined(
        """
        @contextlib.asynccontextmanager
        async def awaited():
            yield
        """
    ),
    "either": _defined(
        """
        def either(function):
            if asyncio.iscoroutinefunction(function):
                @functools.wraps(function)
                async def wrapper(*args, **kwargs):
                    return await function(*args, **kwargs)
            else:
                @functools.wraps(function)
                def wrapper(*args, **kwargs):
                    return function(*args, **kwargs)
            return wrapper
        """
    ),
}
LOSING = {
    "lost": _defined(
        """
        def lost(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            return wrapper
        """
    ),
    "managed()": _defined(
        """
        @contextlib.contextmanager
        def managed():
            yield
        """
    ),
    "unmarked": _defined(
        """
        def unmarked(function):
            def wrapper(*args, **kwargs):
                return function(*args, **kwargs)
            wrapper.__name__ = function.__name__
            return wrapper
        """
    ),
}
RUNNING = {
    "blocking": _defined(
        """
        def blocking(function):
            @functools.wraps(function)
            def wrapper(*args, **kwargs):
                return asyncio.run(function(*args, **kwargs))
            return wrapper
        """
    ),
    "looping": _defined(
        """
        def looping(function):
            def wrapper(*args, **kwargs):
                loop = asyncio.new_event_loop()
                try:
                    return loop.run_until_complete(function(*args, **kwargs))
                finally:
                    loop.close()
            return functools.update_wrapper(wrapper, function)
        """
    ),
}
# Nobody reads these from source; the analysis may be silent below them.
OPAQUE = {
    "Deciding()": _defined(
        """
        class Deciding:
            def __call__(self, function):
                return function
        """
    ),
    "switched": _defined(
        """
        def switched(function):
            return [function, lost(function)][0]
        """,
        "lost",
    ),
}
BASES = {
    "Plain": _defined("class Plain:\n    pass"),
    "Abstract": _defined("class Abstract(abc.ABC):\n    pass"),
    "Marked": _defined("@pytest.mark.asyncio\nclass Marked:\n    pass"),
    "Assigned": _defined("class Assigned:\n    pytestmark = pytest.mark.asyncio"),
    "Listed": _defined(
        "class Listed(Plain):\n    pytestmark = [pytest.mark.slow, MARK]", "Plain", "MARK"
    ),
    "Slow": _defined("@pytest.mark.slow\nclass Slow(Plain):\n    pass", "Plain"),
    "Typed": _defined("ITEM = TypeVar('ITEM')\n\nclass Typed(Generic[ITEM]):\n    pass"),
    "Contract": _defined(
        """
        class Contract:
            async def test_a(self): ran()

            @pytest.mark.asyncio
            async def test_b(self): ran()

            def test_c(self): ran()
        """
    ),
    "AbstractContract": _defined(
        """
        class AbstractContract(abc.ABC):
            @abc.abstractmethod
            async def test_a(self): ran()

            async def test_b(self): ran()
        """
    ),
    "MarkedContract": _defined(
        "class MarkedContract(Marked, Contract):\n    pass", "Marked", "Contract"
    ),
    "LostContract": _defined(
        """
        class LostContract:
            @lost
            async def test_a(self): ran()

            @blocking
            async def test_b(self): ran()
        """,
        "lost",
        "blocking",
    ),
}
# These make something else of the tests of a class: nobody reads what.
REWRITING = {
    "Rewritten": _defined(
        """
        class Rewriting(type):
            def __new__(kind, name, bases, body):
                for key, value in list(body.items()):
                    if inspect.iscoroutinefunction(value):
                        body[key] = blocking(value)
                return super().__new__(kind, name, bases, body)

        class Rewritten(metaclass=Rewriting):
            pass
        """,
        "blocking",
    ),
    "Subclassed": _defined(
        """
        class Subclassed:
            def __init_subclass__(cls, **kwargs):
                super().__init_subclass__(**kwargs)
                for key, value in list(vars(cls).items()):
                    if inspect.iscoroutinefunction(value):
                        setattr(cls, key, blocking(value))
        """,
        "blocking",
    ),
}
# What classes inherit besides tests: what is called by its name, and fixtures.
FURNISHED = {
    "Prepared": _defined("class Prepared:\n    async def setup_method(self): ran()"),
    "Opened": _defined(
        """
        class Opened:
            @classmethod
            async def setup_class(cls): ran()

            def teardown_method(self): pass
        """
    ),
    "Furnished": _defined(
        """
        class Furnished:
            @pytest.fixture(autouse=True)
            async def furniture(self): ran()
        """
    ),
    "Served": _defined(
        """
        class Served(Plain):
            @pytest_asyncio.fixture
            async def client(self):
                ran()
                yield 2

            async def test_a(self, client): ran()
        """,
        "Plain",
    ),
}
CASES = {
    "unittest.TestCase": _defined(""),
    "unittest.IsolatedAsyncioTestCase": _defined(""),
    "BaseCase": _defined("class BaseCase(unittest.TestCase):\n    pass"),
    "AsyncCase": _defined("class AsyncCase(unittest.IsolatedAsyncioTestCase):\n    pass"),
    "DeepCase": _defined("class DeepCase(Plain, BaseCase):\n    value = 1", "Plain", "BaseCase"),
    "MarkedCase": _defined(
        "@pytest.mark.asyncio\nclass MarkedCase(BaseCase):\n    pass", "BaseCase"
    ),
    "PreparedCase": _defined(
        """
        class PreparedCase(BaseCase):
            async def setUp(self): ran()

            async def asyncSetUp(self): ran()
        """,
        "BaseCase",
    ),
    "AwaitedCase": _defined(
        """
        class AwaitedCase(AsyncCase):
            async def asyncSetUp(self): ran()

            async def tearDown(self): ran()

            async def test_c(self): ran()
        """,
        "AsyncCase",
    ),
    "ContractCase": _defined(
        """
        class ContractCase(unittest.TestCase):
            async def test_a(self): ran()

            def test_b(self): ran()
        """
    ),
}
ALL = {
    **MARKS, **OTHER_MARKS, **LISTS, **KEEPING, **LOSING, **RUNNING, **OPAQUE, **BASES,
    **FURNISHED, **CASES, **REWRITING,
}  # fmt: skip


def root(name: str) -> str:
    """Return the name that is bound: of `managed()` and of `Marks.loop` what stands first."""
    return name.partition("(")[0].partition(".")[0]


def sources(names: Iterable[str]) -> Iterator[str]:
    """Yield what defines these names, each once, what they need before them."""
    known: dict[str, None] = {}

    def add(name: str) -> None:
        for needed in ALL[name].needs:
            add(needed)
        known[ALL[name].source] = None

    for name in names:
        add(name)
    return iter([source for source in known if source.strip()])
