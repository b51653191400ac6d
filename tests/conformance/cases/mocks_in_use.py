"""Mocks as real tests use them: kept, patched in, replaced, handed on."""

from tests.conformance.case import Case
from tests.conformance.cases.mocks_alike import _mocked

CASES = (
    Case(
        "A mock put in place by monkeypatch",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            import service

            async def test_lost(monkeypatch):
                ran()
                monkeypatch.setattr(service, "fetch", Mock(return_value=1))
                await service.load()

            async def test_found(monkeypatch):
                ran()
                monkeypatch.setattr(service, "fetch", AsyncMock(return_value=1))
                assert await service.load() == 1

            async def test_by_name(monkeypatch):
                ran()
                monkeypatch.setattr("service.fetch", Mock(return_value=1))
                await service.load()
        """),
    ),
    Case(
        "A mock expected to be refused",
        _mocked("""
            from unittest.mock import Mock
            import pytest
            from service import call, run

            async def test_function():
                ran()
                with pytest.raises(TypeError):
                    await run(Mock())

            async def test_match():
                ran()
                with pytest.raises(TypeError, match="await"):
                    await call(Mock())
        """),
    ),
    Case(
        "A mock under every name that the module has",
        _mocked("""
            import unittest.mock
            import unittest.mock as um
            from unittest import mock as m
            from unittest.mock import Mock as Fake

            async def test_dotted():
                ran()
                await unittest.mock.Mock()()

            async def test_as():
                ran()
                await um.MagicMock()()

            async def test_module():
                ran()
                call = m.Mock(return_value=1)
                await call()

            async def test_renamed():
                ran()
                call = Fake(return_value=1)
                await call()
        """),
    ),
    Case(
        "A mock kept on the test case",
        _mocked("""
            import unittest
            from unittest.mock import AsyncMock, Mock
            from service import run

            class TestLost(unittest.IsolatedAsyncioTestCase):
                def setUp(self):
                    self.service = Mock()
                    self.service.execute = Mock(return_value=1)

                async def test_it(self):
                    ran()
                    await run(self.service)

            class TestFound(unittest.IsolatedAsyncioTestCase):
                def setUp(self):
                    self.service = Mock()
                    self.service.execute = AsyncMock(return_value=1)

                async def test_it(self):
                    ran()
                    assert await run(self.service) == 1
        """),
        unknown_ok="what another method keeps on the object reaches the test at run time",
    ),
    Case(
        "A mock awaited in one branch and replaced in another",
        _mocked("""
            from unittest.mock import AsyncMock, Mock
            import pytest
            from service import run

            @pytest.mark.parametrize("kind", [AsyncMock])
            async def test_parameter(kind):
                ran()
                service = Mock()
                service.execute = kind(return_value=1)
                assert await run(service) == 1

            async def test_branch(pytestconfig):
                ran()
                service = Mock()
                if pytestconfig is not None:
                    service.execute = AsyncMock(return_value=1)
                assert await run(service) == 1

            async def test_loop():
                ran()
                service = Mock()
                for name in ("execute", "close"):
                    setattr(service, name, AsyncMock(return_value=1))
                assert await run(service) == 1

            async def test_configured():
                ran()
                service = Mock()
                service.configure_mock(execute=AsyncMock(return_value=1))
                assert await run(service) == 1

            async def test_attached():
                ran()
                service = Mock()
                service.attach_mock(AsyncMock(return_value=1), "execute")
                assert await run(service) == 1

            def _prepare(service):
                service.execute = AsyncMock(return_value=1)

            async def test_prepared():
                ran()
                service = Mock()
                _prepare(service)
                assert await run(service) == 1

            async def test_keywords():
                ran()
                options = {"execute": AsyncMock(return_value=1)}
                assert await run(Mock(**options)) == 1
        """),
    ),
    Case(
        "A function of the same name elsewhere awaits nothing",
        {
            **_mocked("""
                from unittest.mock import Mock
                from other import run

                async def test_it():
                    ran()
                    service = Mock()
                    service.execute = Mock(return_value=1)
                    assert await run(service) == 1
            """),
            "other.py": """
                async def run(service):
                    return service.execute("go")
            """,
        },
    ),
    Case(
        "An await that comes after a return, or in a function that nobody calls",
        _mocked("""
            from unittest.mock import Mock

            async def early(service):
                if service.ready:
                    return service.execute()
                return await service.execute()

            async def nested(service):
                async def later():
                    return await service.execute()
                return later

            async def test_early():
                ran()
                service = Mock(ready=True)
                assert await early(service) is not None

            async def test_nested():
                ran()
                assert await nested(Mock()) is not None
        """),
    ),
    Case(
        "A mock in a sync test that runs the loop itself",
        _mocked("""
            import asyncio
            from unittest.mock import AsyncMock, Mock
            from service import run

            def test_lost():
                ran()
                service = Mock()
                service.execute = Mock(return_value=1)
                asyncio.run(run(service))

            def test_found():
                ran()
                service = Mock()
                service.execute = AsyncMock(return_value=1)
                assert asyncio.run(run(service)) == 1
        """),
    ),
)
