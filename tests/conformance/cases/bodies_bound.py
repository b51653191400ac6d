"""Tests that are bound, marked or wrapped by statements of the module."""

from tests.conformance.case import Case

CASES = (
    Case(
        "A decorator class with a descriptor",
        {
            "test_it.py": """
                import asyncio
                import functools

                class Blocking:
                    def __init__(self, function):
                        functools.update_wrapper(self, function)
                        self.function = function

                    def __call__(self, *args, **kwargs):
                        return asyncio.run(self.function(*args, **kwargs))

                    def __get__(self, instance, owner):
                        return functools.partial(self, instance)

                class TestIt:
                    @Blocking
                    async def test_it(self): ran()

                    async def test_bare(self): ran()
            """
        },
    ),
    Case(
        "A loop over a class's methods at the end of the module",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect
                import unittest

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()

                def blocking(method):
                    @functools.wraps(method)
                    def wrapper(*args):
                        return asyncio.run(method(*args))
                    return wrapper

                for name, method in list(vars(TestIt).items()):
                    if inspect.iscoroutinefunction(method):
                        setattr(TestIt, name, blocking(method))
            """
        },
    ),
    Case(
        "A loop over the module's functions at its end",
        {
            "test_it.py": """
                import asyncio
                import functools
                import inspect

                async def test_it(): ran()

                def blocking(function):
                    @functools.wraps(function)
                    def wrapper(*args):
                        return asyncio.run(function(*args))
                    return wrapper

                for name, function in list(globals().items()):
                    if name.startswith("test_") and inspect.iscoroutinefunction(function):
                        globals()[name] = blocking(function)
            """
        },
    ),
    Case(
        "A loop that marks a class's methods",
        {
            "test_it.py": """
                import inspect
                import pytest

                class TestIt:
                    async def test_it(self): ran()

                for method in vars(TestIt).values():
                    if inspect.iscoroutinefunction(method):
                        pytest.mark.asyncio(method)
            """
        },
    ),
    Case(
        "A decorator that is applied to what another module defines",
        {
            "bodies.py": """
                async def check(): ran()

                async def verify(): ran()
            """,
            "test_it.py": """
                import asyncio
                import functools
                import pytest
                import bodies
                from bodies import verify

                def blocking(function):
                    @functools.wraps(function)
                    def wrapper():
                        asyncio.run(function())
                    return wrapper

                test_blocking = blocking(bodies.check)
                test_marked = pytest.mark.asyncio(verify)
            """,
            "test_bare.py": """
                from bodies import check as test_check
            """,
        },
    ),
    Case(
        "Exec and eval are not followed",
        {
            "test_it.py": """
                exec("import pytest; pytestmark = pytest.mark.asyncio")

                async def test_it(): ran()
            """
        },
    ),
    Case(
        "A name of a test that is bound again by an import",
        {
            "runner.py": """
                import asyncio

                def test_it():
                    ran()
            """,
            "test_it.py": """
                async def test_it(): ran()

                from runner import test_it
            """,
        },
    ),
    Case(
        "Classes that are made of parameters",
        {
            "test_it.py": """
                import unittest

                def with_backend(name):
                    def decorate(cls):
                        cls.backend = name
                        return cls
                    return decorate

                def copied(cls):
                    return type(cls.__name__, (cls,), {})

                @with_backend("memory")
                class TestBackend(unittest.TestCase):
                    async def test_it(self): ran()

                @copied
                class TestCopied(unittest.IsolatedAsyncioTestCase):
                    async def test_it(self): ran()
            """
        },
        unknown_ok="a class made by a call is not followed",
    ),
    Case(
        "Slots, nested functions and lambdas around a test",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    __slots__ = ()

                    @pytest.mark.asyncio
                    async def test_nested(self):
                        ran()

                        def test_inner():
                            async def test_innermost():
                                yield 1
                            return test_innermost

                        assert [n async for n in test_inner()()] == [1]
            """
        },
    ),
    Case(
        "Method marks of a base are its own and not its children's",
        {
            "test_it.py": """
                import pytest

                class Base:
                    @pytest.mark.asyncio
                    async def test_base(self): ran()

                class TestChild(Base):
                    async def test_child(self): ran()
            """
        },
    ),
    Case(
        "Marks of two bases come together",
        {
            "test_it.py": """
                import pytest

                class Slow:
                    pytestmark = [pytest.mark.slow]

                class Looped:
                    pytestmark = [pytest.mark.asyncio]

                class TestBoth(Slow, Looped):
                    async def test_it(self): ran()

                class TestSlow(Slow):
                    async def test_it(self): ran()
            """
        },
    ),
    Case(
        "Type parameters of a generic base and a protocol",
        {
            "test_it.py": """
                import unittest
                from typing import Generic, Protocol, TypeVar

                T = TypeVar("T")

                class HasShop(Protocol):
                    shop: str

                class Checks(Generic[T]):
                    async def test_it(self): ran()

                class TestPlain(Checks[int]):
                    pass

                class TestCase(Checks[str], unittest.TestCase):
                    pass

                class TestIsolated(Checks[bytes], unittest.IsolatedAsyncioTestCase):
                    pass
            """
        },
    ),
)
