"""The fixture `event_loop` after pytest-asyncio 1.0, and loops that fixtures and tests share."""

from tests.conformance.case import AUTO, Case

CASES = (
    Case(
        "Nobody brings the fixture event_loop any more",
        {
            "test_async.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it(event_loop, request):
                    ran()
                    assert event_loop.is_running()

                class TestIt:
                    @pytest.mark.asyncio
                    async def test_it(self, event_loop):
                        ran()
                        task = event_loop.create_task(self.total())
                        assert await task == 3

                    async def total(self):
                        return 3
            """,
            "test_fine.py": "def test_fine(): ran()\n",
        },
        repairable=True,
    ),
    Case(
        "A sync test and a fixture ask for event_loop in vain",
        {
            "pytest.ini": AUTO,
            "test_it.py": """
                import pytest

                @pytest.fixture
                async def started(event_loop):
                    ran()
                    return event_loop.time()

                async def test_async(started): ran()

                def test_sync(event_loop): ran()

                def test_fine(): ran()
            """,
        },
    ),
    Case(
        "A repository's own event_loop is a fixture like any other",
        {
            "conftest.py": """
                import asyncio
                import pytest

                @pytest.fixture
                def event_loop():
                    loop = asyncio.new_event_loop()
                    yield loop
                    loop.close()
            """,
            "test_sync.py": """
                import asyncio

                def test_sync(event_loop):
                    ran()
                    event_loop.run_until_complete(asyncio.sleep(0))
            """,
            "test_async.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_async(event_loop):
                    ran()
                    assert event_loop.is_running()
            """,
        },
    ),
    Case(
        "An override that nobody asks for has no effect",
        {
            "conftest.py": """
                import asyncio
                import pytest

                @pytest.fixture(scope="session")
                def event_loop():
                    raise RuntimeError("never made")
            """,
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it(): ran()

                @pytest.mark.parametrize("event_loop", [1])
                def test_value(event_loop): ran()
            """,
        },
    ),
)
