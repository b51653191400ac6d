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
)
