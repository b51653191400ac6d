"""Event loops that async fixtures and tests share, or do not."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "A fixture of a wider scope runs in another loop than its tests",
        {
            "test_it.py": """
                import asyncio
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture(scope="module")
                async def number():
                    ran()
                    return asyncio.get_running_loop()

                @pytest.mark.asyncio
                async def test_one(number):
                    ran()
                    assert number is asyncio.get_running_loop(), "different loop"

                @pytest.mark.asyncio()
                async def test_two(number):
                    ran()
                    assert number is asyncio.get_running_loop(), "different loop"
            """
        },
        repairable=True,
    ),
    Case(
        "Fixtures and tests with one loop",
        {
            "test_it.py": """
                import asyncio
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def own():
                    ran()
                    return asyncio.get_running_loop()

                @pytest_asyncio.fixture(scope="module", loop_scope="session")
                async def wide():
                    ran()
                    return asyncio.get_running_loop()

                @pytest_asyncio.fixture(loop_scope="module")
                async def narrow():
                    ran()
                    return asyncio.get_running_loop()

                @pytest.mark.asyncio
                async def test_own(own):
                    ran()
                    assert own is asyncio.get_running_loop(), "different loop"

                @pytest.mark.asyncio(loop_scope="session")
                async def test_wide(wide):
                    ran()
                    assert wide is asyncio.get_running_loop(), "different loop"

                class TestIt:
                    pytestmark = pytest.mark.asyncio(loop_scope="module")

                    async def test_narrow(self, narrow):
                        ran()
                        assert narrow is asyncio.get_running_loop(), "different loop"

                    @pytest.mark.asyncio
                    async def test_nearest(self, own):
                        ran()
                        assert own is asyncio.get_running_loop(), "different loop"
            """
        },
    ),
    Case(
        "Loops that the configuration gives",
        {
            "pytest.ini": AUTO
            + "asyncio_default_test_loop_scope = session\n"
            + "asyncio_default_fixture_loop_scope = session\n",
            "conftest.py": """
                import asyncio
                import pytest

                @pytest.fixture
                async def number():
                    ran()
                    return asyncio.get_running_loop()
            """,
            "test_it.py": """
                import asyncio
                import pytest

                async def test_it(number):
                    ran()
                    assert number is asyncio.get_running_loop(), "different loop"
            """,
            "test_function.py": """
                import asyncio
                import pytest

                @pytest.mark.asyncio(loop_scope="function")
                async def test_function(number):
                    ran()
                    assert number is asyncio.get_running_loop(), "different loop"
            """,
        },
    ),
    Case(
        "A default for tests alone parts them from their fixtures",
        {
            "pytest.ini": "[pytest]\nasyncio_default_test_loop_scope = module\n",
            "test_it.py": """
                import asyncio
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture
                async def own():
                    ran()
                    return asyncio.get_running_loop()

                @pytest_asyncio.fixture(scope="module")
                async def wide():
                    ran()
                    return asyncio.get_running_loop()

                @pytest.mark.asyncio
                async def test_own(own):
                    ran()
                    assert own is asyncio.get_running_loop(), "different loop"

                @pytest.mark.asyncio
                async def test_wide(wide):
                    ran()
                    assert wide is asyncio.get_running_loop(), "different loop"
            """,
        },
    ),
    Case(
        "A fixture of conftest and the fixtures between it and the test",
        {
            "conftest.py": """
                import asyncio
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture(scope="session")
                async def engine():
                    ran()
                    return asyncio.get_running_loop()

                @pytest_asyncio.fixture(scope="session")
                async def pool(engine):
                    ran()
                    assert engine is asyncio.get_running_loop()
                    return 3

                @pytest.fixture
                def handed_on(engine):
                    return engine
            """,
            "test_it.py": """
                import asyncio
                import pytest

                @pytest.mark.asyncio
                async def test_it(handed_on):
                    ran()
                    assert handed_on is asyncio.get_running_loop(), "different loop"
            """,
            "test_pool.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it(pool):
                    ran()
                    assert pool == 3
            """,
        },
    ),
    Case(
        "A fixture that outlives its loop is refused",
        {
            "test_it.py": """
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture(scope="module", loop_scope="function")
                async def number():
                    ran()

                @pytest.mark.asyncio
                async def test_it(number): ran()

                def test_fine(): ran()
            """
        },
    ),
    Case(
        "A default loop scope that is too narrow for a fixture",
        {
            "pytest.ini": "[pytest]\nasyncio_default_fixture_loop_scope = function\n",
            "test_it.py": """
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture(scope="session")
                async def number():
                    ran()

                @pytest_asyncio.fixture(scope="session", loop_scope="session")
                async def other():
                    ran()

                @pytest.mark.asyncio
                async def test_it(number): ran()

                @pytest.mark.asyncio
                async def test_other(other): ran()
            """,
        },
    ),
    Case(
        "A mark that a fix adds brings no other loop",
        {
            "test_it.py": """
                import asyncio
                import pytest
                import pytest_asyncio

                @pytest_asyncio.fixture(scope="module")
                async def number():
                    ran()
                    return asyncio.get_running_loop()

                async def test_it(number):
                    ran()
                    assert number is asyncio.get_running_loop(), "different loop"
            """
        },
    ),
)
