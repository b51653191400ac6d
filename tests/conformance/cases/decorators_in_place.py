"""Decorators that change what they got, or wrap in ways of their own."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A decorator may mark the function that it got",
        {
            "test_it.py": """
                import pytest

                def deco(fn):
                    pytest.mark.asyncio(fn)
                    return fn

                @deco
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A decorator may have the function marked by a helper",
        {
            "test_it.py": """
                import pytest

                def mark(fn):
                    pytest.mark.asyncio(fn)

                def deco(fn):
                    mark(fn)
                    return fn

                @deco
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A decorator may have the methods of a class replaced by a helper",
        {
            "test_it.py": """
                import asyncio, unittest, inspect

                def _wrap(cls):
                    for name, f in list(vars(cls).items()):
                        if inspect.iscoroutinefunction(f):
                            setattr(cls, name, lambda self, f=f: asyncio.run(f(self)))

                def deco(cls):
                    _wrap(cls)
                    return cls

                @deco
                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A context manager may wrap coroutine functions in its own way",
        {
            "test_it.py": """
                import asyncio, contextlib, functools, inspect, pytest

                class Frozen(contextlib.ContextDecorator):
                    def __enter__(self): return self
                    def __exit__(self, *a): return False
                    def __call__(self, fn):
                        if inspect.iscoroutinefunction(fn):
                            @functools.wraps(fn)
                            async def inner(*a, **k):
                                with self:
                                    return await fn(*a, **k)
                            return inner
                        return super().__call__(fn)

                @pytest.mark.asyncio
                @Frozen()
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "What makes a context manager may be decorated itself",
        {
            "test_it.py": """
                import asyncio, contextlib, functools, inspect, pytest

                def both(factory):
                    @functools.wraps(factory)
                    def make(*a, **k):
                        manager = factory(*a, **k)
                        def deco(fn):
                            @functools.wraps(fn)
                            async def inner(*a, **k):
                                with manager:
                                    return await fn(*a, **k)
                            return inner
                        return deco
                    return make

                @both
                @contextlib.contextmanager
                def frozen():
                    yield

                @pytest.mark.asyncio
                @frozen()
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A wrapper may say that it is no test",
        {
            "test_it.py": """
                import functools, pytest

                def deco(fn):
                    @functools.wraps(fn)
                    def wrapper(*a, **k):
                        return fn(*a, **k)
                    wrapper.__test__ = False
                    return wrapper

                @deco
                async def test_it(): ran()

                async def test_other(): ran()
            """,
        },
    ),
    Case(
        "functools.wraps hands on the marks of another test",
        {
            "test_it.py": """
                import functools
                import pytest

                @pytest.mark.asyncio
                async def test_one(): ran()

                @functools.wraps(test_one)
                async def test_two(): ran()
            """,
        },
    ),
    Case(
        "A deprecated coroutine function looks like one to newer Pythons alone",
        {
            "test_it.py": """
                import pytest
                import typing_extensions

                @pytest.mark.asyncio
                @typing_extensions.deprecated("old")
                async def test_it(): ran()
            """,
        },
        unknown_ok="which Python runs the tests is not in the source",
    ),
)
