"""What generated projects showed to be wrong, shrunk to what matters."""

from tests.conformance.case import Case, run

CASES = (
    Case(
        "A test that a condition replaces by one that runs",
        {
            "test_it.py": """
                import sys
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
                    yield

                if sys.version_info > (3,):
                    def test_it():
                        ran()

                class TestIt:
                    async def test_it(self):
                        ran()

                if sys.version_info > (3,):
                    class TestIt:
                        @pytest.mark.asyncio
                        async def test_it(self):
                            ran()
            """
        },
    ),
    Case(
        "Classes inside a class are inherited with it",
        {
            "base.py": """
                class Base:
                    class TestInner:
                        async def test_it(self):
                            ran()
            """,
            "test_child.py": """
                import pytest
                from base import Base

                class TestChild(Base):
                    class TestInner(Base.TestInner):
                        @pytest.mark.asyncio
                        async def test_it(self):
                            ran()
            """,
            "test_it.py": """
                import pytest
                from base import Base

                class TestOther(Base):
                    pass

                @pytest.mark.asyncio
                class TestMarked(Base):
                    pass
            """,
        },
    ),
    Case(
        "anyio marks an inherited test for good where the first class with it is marked",
        {
            "base.py": """
                class Base:
                    async def test_it(self): ran()
            """,
            "test_a.py": """
                import pytest
                from base import Base

                @pytest.mark.anyio
                class TestMarked(Base):
                    pass
            """,
            "test_b.py": """
                from base import Base

                class TestBare(Base):
                    async def test_own(self): ran()
            """,
        },
        plugins=frozenset({"anyio"}),
    ),
    Case(
        "A wrapper around a static method is a method: it loses a parameter",
        {
            "test_it.py": """
                import asyncio
                import functools
                import pytest

                def looping(function):
                    @functools.wraps(function)
                    def wrapper(*args, **kwargs):
                        return asyncio.run(function(*args, **kwargs))

                    return wrapper

                @pytest.fixture
                async def number():
                    ran()

                class TestIt:
                    @looping
                    @pytest.mark.asyncio
                    @staticmethod
                    async def test_it(number):
                        ran()
            """
        },
    ),
    Case(
        "A mark above a class method that yields, or is cached",
        {
            "test_it.py": """
                import functools
                import pytest

                class TestIt:
                    @pytest.mark.asyncio
                    @classmethod
                    async def test_yields(cls):
                        ran()
                        yield

                    @pytest.mark.asyncio
                    @classmethod
                    @functools.lru_cache
                    async def test_cached(cls):
                        ran()

                    @pytest.mark.asyncio
                    async def test_marked(self):
                        ran()
            """
        },
    ),
    Case(
        "Nobody comes to a fixture where auto mode ends the one test that gets it",
        {
            "conftest.py": """
                import pytest_asyncio

                @pytest_asyncio.fixture(autouse=True)
                async def server(): ran()
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def server(): ran()

                async def test_it():
                    ran()
                    yield
            """,
            "Makefile": "test:\n\tpytest --asyncio-mode=auto\n",
        },
        (run(), run("--asyncio-mode=auto")),
    ),
    Case(
        "unittest ends a loop of its own between tests that share one",
        {
            "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = session\n",
            "test_it.py": """
                import unittest
                import pytest

                @pytest.mark.asyncio
                async def test_first(): ran()

                class TestIt(unittest.TestCase):
                    async def test_it(self): ran()

                @pytest.mark.asyncio
                async def test_last(): ran()
            """,
        },
    ),
    Case(
        "A wider fixture comes late where a narrower one of its name hides it",
        {
            "conftest.py": """
                import pytest_asyncio

                @pytest_asyncio.fixture(scope="module")
                async def number():
                    ran()
                    yield 1
            """,
            "test_it.py": """
                import pytest
                import pytest_asyncio

                class TestIt:
                    async def setup_method(self): ran()

                    @pytest_asyncio.fixture
                    async def number(self, number):
                        ran()
                        return number

                    @pytest.mark.asyncio
                    async def test_it(self, number): ran()
            """,
        },
    ),
    Case(
        "In a class its own name means what it meant above",
        {
            "base.py": """
                class TestTwo:
                    class TestInner:
                        async def test_inner(self): ran()

                class TestOne:
                    async def test_one(self): ran()
            """,
            "test_it.py": """
                from base import TestOne, TestTwo

                class TestOne(TestTwo):
                    class TestHere(TestOne):
                        async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A class of unittest under a name that was imported above",
        {
            "base.py": "class Five: pass\n",
            "test_it.py": """
                import unittest
                from base import Five

                class Five(unittest.TestCase):
                    async def test_it(self): ran()
            """,
        },
    ),
    Case(
        "A test that is taken from a file where a condition replaces it",
        {
            "test_a.py": """
                import asyncio
                import pytest

                @pytest.mark.asyncio
                async def check_it(number): ran()

                try:
                    @pytest.mark.asyncio
                    async def check_it(): ran()
                except ImportError:
                    raise
            """,
            "conftest.py": """
                import pytest

                @pytest.fixture
                async def number(): ran()
            """,
            "test_b.py": """
                import test_a

                test_it = test_a.check_it
            """,
        },
    ),
)
