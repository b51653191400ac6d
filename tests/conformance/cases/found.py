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
)
