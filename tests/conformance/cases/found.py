"""What generated projects showed to be wrong, shrunk to what matters."""

from tests.conformance.case import Case

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
)
