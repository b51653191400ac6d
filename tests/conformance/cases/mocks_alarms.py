"""Plain mocks over async code whose tests are right: nothing on their way awaits them."""

from tests.conformance.case import AUTO, Case

MAIL = """
    import asyncio

    async def send(to):
        return to

    async def worker():
        return None

    class App:
        async def loop(self): ...

        async def close(self): ...

        def start(self):
            self.task = asyncio.get_event_loop().create_task(self.loop())

        async def run(self):
            return "run"

        async def stop(self):
            await self.close()

    class Base:
        async def push(self): ...

    class Emitter(Base):
        def push(self):
            return None

    def notify(emitter):
        return emitter.push()

    def branch(really=True):
        return send("x") if really else None

    def submit(pool):
        pool.submit(worker)

    async def wrap():
        return await send("there")

    async def use(service):
        return await service.go()

    async def quiet(service):
        try:
            return await service.go()
        except TypeError:
            return None
"""


def _mocked(text: str) -> dict[str, str]:
    return {"pytest.ini": AUTO, "mail.py": MAIL, "test_it.py": text}


CASES = (
    Case(
        "A mock over a coroutine function that sync code only hands on",
        _mocked("""
            from inspect import iscoroutinefunction
            from unittest.mock import MagicMock, Mock, patch
            import mail
            from mail import App

            def test_start():
                ran()
                app = App()
                with patch.object(App, "loop", new=MagicMock(return_value="coro")), patch(
                    "asyncio.get_event_loop"
                ) as get:
                    app.start()
                get.return_value.create_task.assert_called_once_with("coro")

            @patch("mail.send", Mock(return_value="sentinel"))
            def test_branch():
                ran()
                assert mail.branch() == "sentinel"

            def test_replaced():
                ran()
                with patch("mail.send", Mock()):
                    assert not iscoroutinefunction(mail.send)

            @patch("mail.worker", new_callable=MagicMock)
            def test_handed_on(worker):
                ran()
                pool = Mock()
                mail.submit(pool)
                pool.submit.assert_called_once_with(worker)

            @patch.object(App, "close", MagicMock())
            def test_never_called():
                ran()
                assert App() is not None
        """),
    ),
    Case(
        "A mock that must not be called, and is not",
        _mocked("""
            from unittest.mock import MagicMock, Mock, patch
            import mail
            from mail import App

            @patch("mail.send", new_callable=MagicMock)
            def test_branch(send):
                ran()
                assert mail.branch(really=False) is None
                send.assert_not_called()

            async def test_monkeypatch(monkeypatch):
                ran()
                send = Mock()
                monkeypatch.setattr("mail.send", send)
                mail.branch(really=False)
                send.assert_not_called()

            async def test_attribute():
                ran()
                app = App()
                app.close = Mock()
                assert await app.run() == "run"
                app.close.assert_not_called()
        """),
    ),
    Case(
        "A mock that stands for a sync method of a child",
        _mocked("""
            from unittest.mock import Mock
            from mail import Base, Emitter, notify

            def test_parent():
                ran()
                emitter = Mock(spec=Base)
                emitter.push = Mock(return_value=3)
                assert notify(emitter) == 3

            async def test_child():
                ran()
                emitter = Mock(spec=Emitter)
                emitter.push = Mock(return_value=3)
                assert notify(emitter) == 3
        """),
    ),
    Case(
        "A mock whose child is async by the time that it is awaited",
        _mocked("""
            from unittest.mock import AsyncMock, Mock, patch
            from mail import use

            async def test_patch_object():
                ran()
                service = Mock()
                with patch.object(service, "go", AsyncMock()):
                    await service.go()

            async def test_new_callable():
                ran()
                service = Mock()
                with patch.object(service, "go", new_callable=AsyncMock):
                    await service.go()

            async def test_multiple():
                ran()
                service = Mock()
                with patch.multiple(service, go=AsyncMock()):
                    await use(service)

            async def test_monkeypatch(monkeypatch):
                ran()
                service = Mock()
                monkeypatch.setattr(service, "go", AsyncMock())
                await service.go()

            async def test_alias():
                ran()
                service = Mock()
                child = service.child
                child.go = AsyncMock()
                await service.child.go()

            async def test_return_value():
                ran()
                service = Mock()
                instance = service.return_value
                instance.go = AsyncMock()
                await service().go()

            async def test_dictionary():
                ran()
                service = Mock()
                service.__dict__.update(go=AsyncMock())
                await service.go()
        """),
    ),
    Case(
        "A mock whose refusal is expected or swallowed",
        _mocked("""
            import contextlib
            from unittest.mock import Mock
            import pytest
            from mail import quiet, use

            async def test_except():
                ran()
                try:
                    await Mock()()
                except TypeError:
                    pass

            async def test_helper():
                ran()
                assert await quiet(Mock()) is None

            async def test_suppress():
                ran()
                with contextlib.suppress(TypeError):
                    await use(Mock())

            async def test_exception():
                ran()
                with pytest.raises(Exception):
                    await use(Mock())

            async def test_skips():
                ran()
                pytest.skip("not today")
                await use(Mock())
        """),
    ),
    Case(
        "A mock over what another mock keeps from being awaited",
        _mocked("""
            from unittest.mock import AsyncMock, Mock, patch
            import mail

            async def test_both():
                ran()
                with patch("mail.send", Mock()), patch("mail.wrap", AsyncMock(return_value=2)):
                    assert await mail.wrap() == 2
        """),
    ),
)
