"""What looks as if it would fail where it is awaited, and what does."""

from tests.conformance.case import AUTO, Case

SERVICE = """
    import inspect

    class Service:
        async def execute(self, command=None):
            return command

        async def close(self):
            return None

    async def run(service):
        return await service.execute("go")

    async def call(callback):
        return await callback()

    async def maybe(service):
        result = service.execute("go")
        if inspect.isawaitable(result):
            result = await result
        return result

    async def fetch(url="there"):
        return url

    async def load():
        return await fetch("there")

    class Client:
        def __init__(self, session, *, timeout=1):
            self._session = session
            self.timeout = timeout

        async def get(self, url):
            response = await self._session.get(url)
            return await response.json()

        async def both(self):
            return await self.get("a"), await self.get("b")
"""


def _mocked(text: str) -> dict[str, str]:
    return {"pytest.ini": AUTO, "service.py": SERVICE, "test_it.py": text}


CASES = (
    Case(
        "What is awaited only if it can be needs no async mock",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            from service import maybe

            async def test_sync():
                ran()
                service = Mock()
                service.execute = Mock(return_value=1)
                assert await maybe(service) == 1

            async def test_async():
                ran()
                service = Mock()
                service.execute = AsyncMock(return_value=1)
                assert await maybe(service) == 1
        """),
    ),
    Case(
        "A mock that raises is never awaited",
        _mocked("""
            from unittest.mock import Mock
            import pytest
            from service import run

            async def test_class():
                ran()
                service = Mock()
                service.execute = Mock(side_effect=KeyError)
                with pytest.raises(KeyError):
                    await run(service)

            async def test_instance():
                ran()
                service = Mock(execute=Mock(side_effect=KeyError("a")))
                with pytest.raises(KeyError):
                    await run(service)

            async def test_attribute():
                ran()
                service = Mock()
                service.execute.side_effect = KeyError("a")
                with pytest.raises(KeyError):
                    await run(service)
        """),
    ),
    Case(
        "Lists of results are as awaitable as their items",
        _mocked("""
            from unittest.mock import Mock
            from service import fetch, run

            async def test_coroutines():
                ran()
                service = Mock()
                service.execute = Mock(side_effect=[fetch("a"), fetch("b")])
                assert [await run(service), await run(service)] == ["a", "b"]
        """),
    ),
    Case(
        "Home-made async mocks are async mocks",
        _mocked("""
            import asyncio
            from unittest.mock import MagicMock, Mock
            from service import run

            class CoroutineMock(MagicMock):
                async def __call__(self, *args, **kwargs):
                    return super().__call__(*args, **kwargs)

            def done(value):
                future = asyncio.get_running_loop().create_future()
                future.set_result(value)
                return future

            def coroutine_of(mock):
                async def call(*args):
                    return mock(*args)
                return call

            async def _return(value):
                return value

            async def test_subclass():
                ran()
                service = Mock()
                service.execute = CoroutineMock(return_value=1)
                assert await run(service) == 1

            async def test_future():
                ran()
                service = Mock()
                service.execute = Mock(return_value=done(2))
                assert await run(service) == 2

            async def test_wrapped():
                ran()
                service = Mock()
                service.execute = coroutine_of(Mock(return_value=3))
                assert await run(service) == 3

            async def test_coroutine():
                ran()
                service = Mock()
                service.execute.return_value = _return(4)
                assert await run(service) == 4
        """),
    ),
    Case(
        "A mock that is awaited as a callback",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            from service import call

            async def test_lost():
                ran()
                await call(Mock(return_value=1))

            async def test_found():
                ran()
                assert await call(AsyncMock(return_value=1)) == 1

            async def test_named():
                ran()
                callback = Mock()
                await call(callback=callback)
        """),
    ),
    Case(
        "Mocks that stand for a class by its name",
        _mocked("""
            from unittest.mock import MagicMock, Mock, create_autospec
            from service import Service, run

            async def test_magic_spec():
                ran()
                assert await run(MagicMock(spec=Service)) is not None

            async def test_spec_set():
                ran()
                assert await run(Mock(spec_set=Service())) is not None

            async def test_autospec_instance():
                ran()
                service = create_autospec(Service, instance=True)
                service.execute.return_value = 1
                assert await run(service) == 1

            async def test_names():
                ran()
                await run(Mock(spec=["execute"]))
        """),
    ),
    Case(
        "A session of mocks as clients use it",
        _mocked("""
            from unittest.mock import AsyncMock, MagicMock, Mock
            from service import Client

            async def test_whole():
                ran()
                client = Client(Mock(), timeout=2)
                await client.get("there")

            async def test_response():
                ran()
                session = AsyncMock()
                session.get.return_value.json = AsyncMock(return_value={"a": 1})
                assert await Client(session).get("there") == {"a": 1}

            async def test_async_get():
                ran()
                response = Mock()
                response.json = AsyncMock(return_value=1)
                session = Mock()
                session.get = AsyncMock(return_value=response)
                assert await Client(session).both() == (1, 1)
        """),
    ),
)
