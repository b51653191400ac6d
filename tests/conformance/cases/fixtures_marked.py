"""Fixtures that bear marks, and fixtures that nobody misses."""

from tests.conformance.case import AUTO, Case, run

OLD = "pytest<9\npytest-asyncio\n"

GO_ON = (run("--continue-on-collection-errors"),)

CASES = (
    Case(
        "A mark above a fixture stops collection",
        {
            "test_it.py": """
                import pytest
                import pytest_asyncio

                @pytest.mark.asyncio
                @pytest_asyncio.fixture
                async def number():
                    ran()
                    return 3

                @pytest.mark.asyncio
                async def test_it(number):
                    ran()
                    assert number == 3
            """,
            "test_other.py": "def test_other(): ran()\n",
        },
        invocations=GO_ON,
        repairable=True,
    ),
    Case(
        "A mark below a fixture stops collection, in auto mode too",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import pytest

                @pytest.fixture
                @pytest.mark.asyncio
                async def number():
                    ran()
                    return 3

                async def test_it(number):
                    ran()
                    assert number == 3
            """,
            "test_other.py": "def test_other(): ran()\n",
        },
        invocations=GO_ON,
        repairable=True,
    ),
    Case(
        "A marked fixture that nothing else sets up",
        {
            "test_it.py": """
                import pytest

                @pytest.fixture
                @pytest.mark.slow
                @pytest.mark.asyncio(loop_scope="function")
                async def number():
                    ran()
                    return 3

                class TestIt:
                    @pytest.fixture(autouse=True)
                    @pytest.mark.asyncio
                    async def prepare(self):
                        ran()
                        self.total = 4

                    @pytest.mark.asyncio
                    async def test_it(self, number):
                        ran()
                        assert await number == 3
                        assert self.total == 4
            """,
            "test_other.py": "def test_other(): ran()\n",
        },
        invocations=GO_ON,
    ),
    Case(
        "A marked sync fixture stops the collection of async tests",
        {
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                @pytest.fixture
                def number():
                    return 3

                @pytest.mark.asyncio
                async def test_it(number): ran()
            """,
            "test_other.py": "def test_other(): ran()\n",
        },
        invocations=GO_ON,
        repairable=True,
    ),
    Case(
        "Fixtures whose value nobody looks at, where pytest is pinned below 9",
        {
            "requirements.txt": OLD,
            "conftest.py": """
                import pytest

                @pytest.fixture(autouse=True)
                async def everywhere():
                    ran()
                    yield "something"
            """,
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def by_mark():
                    ran()
                    return 3

                @pytest.fixture
                async def no_value():
                    ran()
                    yield

                @pytest.mark.usefixtures("by_mark")
                def test_mark(): ran()

                @pytest.mark.asyncio
                async def test_argument(no_value): ran()
            """,
        },
        repairable=True,
    ),
)
