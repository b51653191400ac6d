"""Functions that are async, or look so, in ways that take a second look."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "An expected failure that is not to be run is nobody's business",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                @pytest.mark.xfail(run=False)
                async def test_marked(): ran()

                @pytest.mark.asyncio
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A test that is turned into a context manager by mistake",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import contextlib

                @contextlib.asynccontextmanager
                async def test_managed():
                    ran()
                    yield

                async def test_it(): ran()
            """,
        },
        unknown_ok="what a context manager factory leaves as a test is not followed",
    ),
    Case(
        "A wrapper that is an async generator",
        {
            "test_it.py": """
                import functools
                import pytest

                def streamed(function):
                    @functools.wraps(function)
                    async def wrapper(*args, **kwargs):
                        yield await function(*args, **kwargs)
                    return wrapper

                @pytest.mark.asyncio
                @streamed
                async def test_marked(): ran()

                @streamed
                async def test_unmarked(): ran()
            """
        },
        unknown_ok="the wrapper is of a third kind",
    ),
    Case(
        "A partial of a runner is a sync test",
        {
            "test_it.py": """
                import asyncio
                import functools

                def run(function):
                    asyncio.run(function())

                def blocking(function):
                    return functools.partial(run, function)

                @blocking
                async def test_it(): ran()
            """
        },
    ),
    Case(
        "Abstract tests that children fill in",
        {
            "test_it.py": """
                import abc
                import pytest

                class Contract(abc.ABC):
                    @abc.abstractmethod
                    async def test_it(self): ran()

                class TestOne(Contract):
                    @pytest.mark.asyncio
                    async def test_it(self): ran()

                class TestTwo(Contract):
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Overloads and redefinitions under conditions",
        {
            "test_it.py": """
                import typing
                import pytest

                @typing.overload
                async def test_it(n: int = 1) -> None: ...

                @typing.overload
                async def test_it(n: str = "") -> None: ...

                @pytest.mark.asyncio
                async def test_it(n=1):
                    ran()
            """
        },
    ),
    Case(
        "A test that awaits a parent's",
        {
            "test_it.py": """
                import unittest
                import pytest

                class TestParent:
                    @pytest.mark.asyncio
                    async def test_it(self): ran()

                class TestChild(TestParent):
                    async def test_it(self):
                        ran()
                        await super().test_it()

                class ParentCase(unittest.TestCase):
                    async def test_it(self): ran()

                class ChildCase(ParentCase, unittest.IsolatedAsyncioTestCase):
                    async def test_it(self):
                        ran()
                        await super().test_it()
            """
        },
    ),
    Case(
        "Default arguments, annotations and stars in a signature",
        {
            "test_it.py": """
                from __future__ import annotations
                import pytest

                pytestmark = pytest.mark.asyncio

                async def test_defaults(tmp_path, n=(lambda: 1)(), *, flag: bool = True): ran()

                async def test_keywords(*args, **kwargs): ran()

                async def test_annotated(tmp_path: "Path", *, capsys: Missing | None) -> Missing:
                    ran()
            """
        },
    ),
    Case(
        "A retry decorator of the repository that is careful",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import asyncio
                import functools
                import inspect

                def retry(times=2, *, delay=0.0):
                    def decorate(function):
                        if inspect.iscoroutinefunction(function):
                            async def attempt(*args, **kwargs):
                                for _ in range(times):
                                    await function(*args, **kwargs)
                                    await asyncio.sleep(delay)
                        else:
                            def attempt(*args, **kwargs):
                                for _ in range(times):
                                    function(*args, **kwargs)
                        return functools.wraps(function)(attempt)
                    return decorate

                @retry()
                async def test_async(): ran()

                @retry(times=1)
                def test_sync(): ran()
            """,
        },
    ),
    Case(
        "A decorator that returns one of two wrappers from a table",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import functools
                import inspect

                def traced(function):
                    async def coroutine(*args, **kwargs):
                        return await function(*args, **kwargs)

                    def plain(*args, **kwargs):
                        return function(*args, **kwargs)

                    wrapper = coroutine if inspect.iscoroutinefunction(function) else plain
                    return functools.update_wrapper(wrapper, function)

                @traced
                async def test_it(): ran()
            """,
        },
    ),
)
