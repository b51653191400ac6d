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
