"""Mocks that can be awaited, or never are."""

from tests.conformance.case import Case
from tests.conformance.cases.mocks import _mocked

CASES = (
    Case(
        "Mocks that give an awaitable can be awaited",
        _mocked("""
            import asyncio
            from unittest.mock import AsyncMock, MagicMock, Mock
            from service import Service, fetch, run

            async def test_side_effect():
                ran()
                service = Mock()
                service.execute = Mock(side_effect=fetch)
                assert await run(service) == "go"

            async def test_lambda():
                ran()
                service = Mock(execute=Mock(side_effect=lambda command: fetch(command)))
                assert await run(service) == "go"

            async def test_wraps():
                ran()
                service = Mock(wraps=Service())
                assert await run(service) == "go"

            async def test_future():
                ran()
                future = asyncio.get_running_loop().create_future()
                future.set_result(1)
                service = Mock(execute=Mock(return_value=future))
                assert await run(service) == 1

            async def test_coroutine():
                ran()
                service = Mock(execute=Mock(return_value=fetch("there")))
                assert await run(service) == "there"

            async def test_called_async_mock():
                ran()
                service = Mock(execute=Mock(return_value=AsyncMock(return_value=4)()))
                assert await run(service) == 4

            async def test_context():
                ran()
                async with MagicMock() as context:
                    assert context is not None

            async def test_iteration():
                ran()
                stream = MagicMock()
                stream.__aiter__.return_value = [1, 2]
                assert [n async for n in stream] == [1, 2]

            async def test_later():
                ran()
                service = Mock()
                service.execute.side_effect = fetch
                assert await run(service) == "go"
        """),
    ),
    Case(
        "Mocks that are never awaited are fine",
        _mocked("""
            import asyncio
            from unittest.mock import MagicMock, Mock, patch
            from service import Worker, start

            def test_sync():
                ran()
                assert start(Mock()) is not None

            async def test_other_attribute():
                ran()
                service = Mock()
                service.describe = Mock(return_value="mock")
                assert start(service) is not None

            async def test_constructed_only():
                ran()
                worker = Worker(Mock())
                assert worker.service is not None

            async def test_patched_sync():
                ran()
                with patch("os.getcwd", new=Mock(return_value="/")):
                    await asyncio.sleep(0)

            async def test_callback():
                ran()
                callback = Mock()
                asyncio.get_running_loop().call_soon(callback)
                await asyncio.sleep(0)
                callback.assert_called_once_with()
        """),
    ),
    Case(
        "A mock that a fixture makes",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            import pytest
            from service import run

            @pytest.fixture
            def service():
                service = Mock()
                service.execute = Mock(return_value=1)
                return service

            @pytest.fixture
            def async_service():
                service = Mock()
                service.execute = AsyncMock(return_value=1)
                return service

            async def test_lost(service):
                ran()
                await run(service)

            async def test_found(async_service):
                ran()
                assert await run(async_service) == 1
        """),
        unknown_ok="what a fixture returns reaches the test by name only",
    ),
    Case(
        "A mock in a class's own tests",
        _mocked("""
            import unittest
            from unittest import mock
            from service import Worker, run

            class TestWorker(unittest.IsolatedAsyncioTestCase):
                async def test_lost(self):
                    ran()
                    service = mock.MagicMock()
                    service.execute = mock.MagicMock(return_value=1)
                    await run(service)

                async def test_found(self):
                    ran()
                    service = mock.MagicMock()
                    service.execute = mock.AsyncMock(return_value=1)
                    assert await Worker(service).work() == 1
        """),
    ),
    Case(
        "A mock handed on through a second function",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            from service import run

            async def twice(service):
                await run(service)
                return await run(service)

            async def test_lost():
                ran()
                service = Mock()
                service.execute = Mock(return_value=1)
                await twice(service)

            async def test_found():
                ran()
                service = Mock()
                service.execute = AsyncMock(return_value=1)
                assert await twice(service) == 1
        """),
    ),
    Case(
        "A mock awaited on a branch that is not taken",
        _mocked("""
            from unittest.mock import Mock

            async def maybe(service, really):
                if really:
                    return await service.execute()
                return service

            async def test_it():
                ran()
                service = Mock()
                await maybe(service, really=False)
        """),
    ),
    Case(
        "A mock that is awaited and expected to fail",
        _mocked("""
            from unittest.mock import Mock
            import pytest

            async def test_it():
                ran()
                with pytest.raises(TypeError):
                    await Mock()()
        """),
    ),
    Case(
        "A name that only looks like a mock",
        _mocked("""
            class Mock:
                def __init__(self, return_value=None):
                    self.return_value = return_value

                async def __call__(self, *args):
                    return self.return_value

            async def test_it():
                ran()
                call = Mock(return_value=1)
                assert await call() == 1
        """),
    ),
    Case(
        "A mock rebound before it is awaited",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            from service import run

            async def test_it():
                ran()
                service = Mock()
                service.describe()
                service = AsyncMock()
                await run(service)

            async def test_attribute():
                ran()
                service = Mock()
                service.execute = Mock()
                service.execute = AsyncMock(return_value=1)
                assert await run(service) == 1
        """),
    ),
)
