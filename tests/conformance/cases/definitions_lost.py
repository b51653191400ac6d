"""Tests that Python itself loses: replaced by a later definition, or stopped by a NameError."""

from tests.conformance.case import AUTO, Case, run

CASES = (
    Case(
        "Of two tests of a name the first is lost",
        {
            "test_it.py": """
                import unittest

                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()

                @pytest.mark.asyncio
                async def test_it():
                    ran()

                class TestIt:
                    @pytest.mark.asyncio
                    async def test_method(self):
                        ran()

                    def test_method(self):
                        ran()

                class TestCase(unittest.IsolatedAsyncioTestCase):
                    async def test_method(self):
                        ran()

                    async def test_method(self):
                        ran()
            """
        },
    ),
    Case(
        "Of two classes of a name the first is lost with its tests",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                class TestIt:
                    async def test_first(self):
                        ran()

                class TestIt:
                    async def test_second(self):
                        ran()

                class TestGrown:
                    async def test_first(self):
                        ran()

                class TestGrown(TestGrown):
                    async def test_second(self):
                        ran()
            """,
        },
    ),
    Case(
        "One test for each branch of a condition is not lost",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import sys

                if sys.platform == "win32":
                    async def test_it():
                        ran()
                else:
                    async def test_it():
                        ran()

                try:
                    import nothing_of_that_name
                except ImportError:
                    async def test_other():
                        ran()
                else:
                    async def test_other():
                        ran()
            """,
        },
    ),
    Case(
        "A file that never imports pytest cannot be collected",
        {
            "test_it.py": """
                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
            "test_beside_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
        repairable=True,
        invocations=(run("--continue-on-collection-errors"),),
    ),
    Case(
        "A test that uses pytest without importing it fails",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                async def test_it():
                    ran()
                    pytest.skip("never said")

                async def test_local():
                    import pytest as pt
                    ran()
            """,
        },
        repairable=True,
    ),
    Case(
        "A star import brings pytest along",
        {
            "common.py": "import pytest\n",
            "test_it.py": """
                from common import *

                @pytest.mark.asyncio
                async def test_it():
                    ran()
            """,
        },
    ),
)
