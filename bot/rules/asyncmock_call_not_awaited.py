"""A test calls an AsyncMock and does not await it.

## What it finds

Calls whose coroutine is dropped, or used as if it were the result, in tests, fixtures and what is
nested in them. The mock may be made here, by `patch`, in set-up or in a fixture. Tests that say
that nothing awaits it (`assert_not_awaited`, `await_count`, `pytest.warns`) are left alone.

## Why it matters

Nothing of the call happens: no side effect, no exception that the mock was told to raise. The
coroutine is true and equal to nothing, `assert_called` passes, and all that is left is a
RuntimeWarning.

## Fix

Puts `await` in front of the call. Unsafe for a child that only is async because its AsyncMock is:
what it stands for may be sync. In a sync test `asyncio.run` goes around it (unsafe).
"""

from collections.abc import Iterator

from msgspec.structs import replace

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.checked_file import CheckedFile
from bot.analysis.evidence.async_mock_uses import AsyncMockUse, AsyncMockUses
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.fixes.await_fix import await_fix
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT403",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "shop.py": """
                    class Till:
                        async def open(self): ...
                        def name(self): ...
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock, patch

                    import pytest
                    from shop import Till

                    @pytest.fixture
                    def client():
                        client = Mock()
                        client.get = AsyncMock(return_value=3)
                        return client

                    @pytest.mark.asyncio
                    async def test_calls(client):
                        fetch = AsyncMock(side_effect=LookupError)
                        with pytest.raises(LookupError):
                            fetch()  # error
                        assert client.get()  # error
                        result = client.get()  # error
                        assert result == 3
                        till = Mock(spec=Till)
                        till.open()  # error
                        till.name()
                        with patch.object(Till, "open") as opened:
                            opened(3)  # error

                        async def later():
                            fetch(3)  # error

                        await later()

                    @pytest.mark.asyncio
                    async def test_handed_on(prepare, lock):
                        fetch, other = AsyncMock(), AsyncMock()
                        send = AsyncMock()
                        prepare(send)
                        other.assert_not_awaited()
                        with lock:
                            send()  # error
                """,
            },
            fixed={
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock, patch

                    import pytest
                    from shop import Till

                    @pytest.fixture
                    def client():
                        client = Mock()
                        client.get = AsyncMock(return_value=3)
                        return client

                    @pytest.mark.asyncio
                    async def test_calls(client):
                        fetch = AsyncMock(side_effect=LookupError)
                        with pytest.raises(LookupError):
                            await fetch()
                        assert await client.get()
                        result = await client.get()
                        assert result == 3
                        till = Mock(spec=Till)
                        await till.open()
                        till.name()
                        with patch.object(Till, "open") as opened:
                            await opened(3)

                        async def later():
                            await fetch(3)

                        await later()

                    @pytest.mark.asyncio
                    async def test_handed_on(prepare, lock):
                        fetch, other = AsyncMock(), AsyncMock()
                        send = AsyncMock()
                        prepare(send)
                        other.assert_not_awaited()
                        with lock:
                            await send()
                """
            },
            safety=Safety.SAFE,
            says="is never awaited",
        ),
        Bad(
            {
                "shop.py": """
                    def show(client):
                        return client

                    class Till:
                        open = False

                    class Shop:
                        def __init__(self, client):
                            self.client = client
                """,
                "test_shop.py": """
                    from unittest import IsolatedAsyncioTestCase
                    from unittest.mock import AsyncMock

                    from shop import Shop, Till, show

                    class TestClient(IsolatedAsyncioTestCase):
                        def setUp(self):
                            self.client = AsyncMock()

                        async def test_close(self):
                            self.client.close()  # error

                        async def test_handed_on(self):
                            client = AsyncMock()
                            print(client, show(client), Till(client), Shop(client))
                            client.close()  # error
                """,
            },
            fixed={
                "test_shop.py": """
                    from unittest import IsolatedAsyncioTestCase
                    from unittest.mock import AsyncMock

                    from shop import Shop, Till, show

                    class TestClient(IsolatedAsyncioTestCase):
                        def setUp(self):
                            self.client = AsyncMock()

                        async def test_close(self):
                            await self.client.close()

                        async def test_handed_on(self):
                            client = AsyncMock()
                            print(client, show(client), Till(client), Shop(client))
                            await client.close()
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            from unittest.mock import AsyncMock

            import pytest

            @pytest.fixture
            def client():
                client = AsyncMock()
                client.open()  # error
                return client

            @pytest.fixture
            def fetch():
                fetch = AsyncMock()
                fetch()  # error
                return fetch
            """,
            says="never awaited",
        ),
        Good(
            """
            import asyncio
            from unittest.mock import AsyncMock, Mock

            import pytest

            @pytest.mark.asyncio
            async def test_calls():
                fetch, client, log = AsyncMock(), AsyncMock(), Mock()
                send = AsyncMock()
                await send(3)
                await asyncio.gather(send(4), send(5))
                async with asyncio.TaskGroup() as group:
                    group.create_task(send(6))
                coroutine = send(7)
                await coroutine
                waiting = [send(8)]
                await asyncio.gather(*waiting)
                send.assert_awaited()
                send.reset_mock()
                send.awaited_once_with(8)
                assert send.is_ready()
                plain = Mock()
                plain()
            """,
            because="each is awaited, by the test or by what it is handed to, or no AsyncMock's",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, Mock

            import pytest

            @pytest.mark.asyncio
            async def test_not_awaited():
                fetch = AsyncMock()
                fetch()
                fetch.assert_not_awaited()

            @pytest.mark.asyncio
            async def test_count():
                fetch = AsyncMock()
                fetch()
                assert fetch.await_count == 0

            @pytest.mark.asyncio
            async def test_warning():
                fetch = AsyncMock()
                with pytest.warns(Warning):
                    fetch()

            @pytest.mark.asyncio
            async def test_message():
                fetch = AsyncMock()
                fetch()  # a RuntimeWarning says so
            """,
            because="the test knows that nothing awaits it",
        ),
        Good(
            {
                "shop.py": "async def pause(): ...\n",
                "test_shop.py": """
                    from unittest.mock import patch

                    import pytest
                    from aioresponses import aioresponses

                    @pytest.mark.asyncio
                    @aioresponses()
                    @patch("shop.pause")
                    async def test_pause(answers, pause):
                        answers.get("http://shop")
                """,
            },
            because="what the outer decorator hands on comes before what `patch` does",
        ),
        Good(
            {
                "helpers.py": """
                    from unittest.mock import Mock

                    def with_sync_close(client):
                        client.close = Mock()

                    def several(*clients):
                        for client in clients:
                            client.close = Mock()

                    def named(client, name):
                        setattr(client, name, Mock())

                    class Shop:
                        def __init__(self, client):
                            self.client = client
                            self.client.close = Mock()
                """,
                "test_helpers.py": """
                    from unittest.mock import AsyncMock, Mock

                    import pytest
                    from helpers import Shop, named, several, with_sync_close

                    @pytest.mark.asyncio
                    async def test_set_here():
                        client = AsyncMock()
                        client.close = Mock()
                        client.close()
                        client.open = lambda: None
                        client.open()

                    @pytest.mark.asyncio
                    async def test_set_by_a_helper():
                        client = AsyncMock()
                        with_sync_close(client)
                        client.close()

                    @pytest.mark.asyncio
                    async def test_set_by_name():
                        client = AsyncMock()
                        named(client, "close")
                        client.close()

                    @pytest.mark.asyncio
                    async def test_set_by_a_constructor():
                        client = AsyncMock()
                        assert Shop(client)
                        client.close()

                    @pytest.mark.asyncio
                    async def test_set_by_who_knows(prepare):
                        client = AsyncMock()
                        prepare(client)
                        client.close()

                    @pytest.mark.asyncio
                    async def test_set_with_others():
                        client = AsyncMock()
                        several(client)
                        client.close()

                    class TestAttribute:
                        def setup_method(self):
                            self.client = AsyncMock()
                            with_sync_close(self.client)

                        @pytest.mark.asyncio
                        async def test_close(self):
                            self.client.close()

                    @pytest.mark.asyncio
                    async def test_spec(spec):
                        client = AsyncMock(spec=spec)
                        client.close()
                """,
            },
            because="the child is, or may be, a sync mock",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at every call of an AsyncMock."""
    for found in AsyncMockUses(file.facts, file.module).in_file():
        if found.use.fate is Fate.DROPPED or not found.is_guess:
            yield _finding(found, file)


def _finding(found: AsyncMockUse, file: CheckedFile) -> Finding:
    use = found.use
    return rule.finding(
        file.place_of_node(use.place),
        f"the call of the AsyncMock `{use.name}` is never awaited, so nothing of it happens",
        symbol=use.function.definition.qualname,
        fix=_fix(found, file),
        advice="await it" if use.in_async else "await it in an async test",
    )


def _fix(found: AsyncMockUse, file: CheckedFile) -> Fix | None:
    fix = await_fix(found.use, file)
    if fix is None or not found.is_guess:
        return fix
    return replace(fix, safety=Safety.UNSAFE)
