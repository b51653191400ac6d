"""Mocks where the code awaits: `object Mock can't be used in 'await' expression`."""

from tests.conformance.case import AUTO, Case

SERVICE = """
    class Service:
        async def execute(self, command):
            return command

        def describe(self):
            return "service"

    async def run(service):
        service.describe()
        return await service.execute("go")

    def start(service):
        return service.execute

    class Worker:
        def __init__(self, service):
            self.service = service

        async def work(self):
            return await self.service.execute("work")

    async def fetch(url):
        return url

    async def load():
        return await fetch("there")
"""


def _mocked(text: str) -> dict[str, str]:
    """Return a project in auto mode with a service that awaits, and a test module."""
    return {"pytest.ini": AUTO, "service.py": SERVICE, "test_it.py": text}


CASES = (
    Case(
        "A mock awaited in the test itself",
        _mocked("""
            from unittest import mock
            from unittest.mock import AsyncMock, MagicMock, Mock

            async def test_mock():
                ran()
                call = Mock(return_value=1)
                assert await call() == 1

            async def test_magic():
                ran()
                call = MagicMock(return_value=1)
                await call("a")

            async def test_dotted():
                ran()
                service = mock.Mock()
                await service.execute()

            async def test_async():
                ran()
                call = AsyncMock(return_value=1)
                assert await call() == 1

            async def test_not_awaited():
                ran()
                call = Mock(return_value=1)
                assert call() == 1
        """),
    ),
    Case(
        "A mock handed to a function that awaits it",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            from service import run

            async def test_attribute():
                ran()
                service = Mock()
                service.execute = Mock(return_value=1)
                await run(service)

            async def test_whole():
                ran()
                await run(Mock())

            async def test_async_attribute():
                ran()
                service = Mock()
                service.execute = AsyncMock(return_value=1)
                assert await run(service) == 1

            async def test_async_keyword():
                ran()
                service = Mock(execute=AsyncMock(return_value=2))
                assert await run(service) == 2

            async def test_keyword():
                ran()
                service = Mock(execute=Mock(return_value=2))
                await run(service=service)
        """),
    ),
    Case(
        "A mock handed to a constructor whose method awaits it",
        _mocked("""
            from unittest.mock import AsyncMock, MagicMock, Mock
            from service import Worker

            async def test_constructor():
                ran()
                service = MagicMock()
                service.execute = MagicMock(return_value=1)
                worker = Worker(service)
                await worker.work()

            async def test_constructor_keyword():
                ran()
                service = Mock()
                worker = Worker(service=service)
                await worker.work()

            async def test_async():
                ran()
                service = Mock()
                service.execute = AsyncMock(return_value=1)
                assert await Worker(service).work() == 1

            async def test_assigned():
                ran()
                worker = Worker(None)
                worker.service = AsyncMock()
                await worker.work()
        """),
    ),
    Case(
        "A mock patched over an async target",
        _mocked("""
            from unittest.mock import AsyncMock, MagicMock, Mock, patch
            import service

            async def test_new():
                ran()
                with patch("service.fetch", new=Mock(return_value=1)):
                    await service.load()

            async def test_positional():
                ran()
                with patch("service.fetch", MagicMock()):
                    await service.load()

            async def test_new_callable():
                ran()
                with patch("service.fetch", new_callable=MagicMock):
                    await service.load()

            @patch.object(service.Service, "execute", Mock(return_value=1))
            async def test_object():
                ran()
                await service.run(service.Service())

            async def test_automatic():
                ran()
                with patch("service.fetch") as fetch:
                    fetch.return_value = 1
                    assert await service.load() == 1

            async def test_async():
                ran()
                with patch("service.fetch", new=AsyncMock(return_value=2)):
                    assert await service.load() == 2

            @patch.object(service.Service, "execute", return_value=3)
            async def test_object_automatic(execute):
                ran()
                assert await service.run(service.Service()) == 3
        """),
    ),
    Case(
        "A mock set as a method that is async in the class it stands for",
        _mocked("""
            from unittest.mock import AsyncMock, Mock, create_autospec
            from service import Service, run

            async def test_spec():
                ran()
                service = Mock(spec=Service)
                assert await run(service) is not None

            async def test_spec_overwritten():
                ran()
                service = Mock(spec=Service)
                service.execute = Mock(return_value=1)
                await run(service)

            async def test_autospec():
                ran()
                await run(create_autospec(Service))

            async def test_instance():
                ran()
                service = Service()
                service.execute = Mock(return_value=1)
                await run(service)

            async def test_instance_async():
                ran()
                service = Service()
                service.execute = AsyncMock(return_value=1)
                assert await run(service) == 1
        """),
    ),
)
