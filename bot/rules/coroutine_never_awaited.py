"""A coroutine is made, and nothing awaits it.

## What it finds

Calls of async functions whose coroutine is dropped: a statement of its own, a name that nobody
reads, or an attribute, item, sum or text of the coroutine where its result was meant. Functions
and methods are followed across files; names that the test replaces are left alone.

## Why it matters

Nothing of the function runs. The test goes on and passes; all that is left is a RuntimeWarning
when the coroutine is collected.

## Fix

Puts `await` in front of the call (safe); in a sync test, `asyncio.run` around it (unsafe).
"""

from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.awaiting.call_uses import CallUse
from bot.analysis.awaiting.third_party_calls import WAITING, Gives
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.fixes.await_fix import await_fix
from bot.analysis.rule import Bad, Good, Rule

rule = Rule(
    __name__,
    __doc__,
    code="AWT201",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "shop.py": """
                    class Till:
                        async def open(self): ...
                        async def total(self): ...
                """,
                "test_shop.py": """
                    import asyncio

                    import pytest
                    from shop import Till

                    @pytest.fixture
                    def till():
                        return Till()

                    @pytest.mark.asyncio
                    async def test_total(till):
                        till.open()  # error
                        asyncio.sleep(0)  # error
                        result = till.total()  # error
                        rounded = till.total().real + 1  # error
                        assert rounded
                        euros, cents = till.total()  # error

                        async def close():
                            await till.open()

                        close()  # error
                """,
            },
            fixed={
                "test_shop.py": """
                import asyncio

                import pytest
                from shop import Till

                @pytest.fixture
                def till():
                    return Till()

                @pytest.mark.asyncio
                async def test_total(till):
                    await till.open()
                    await asyncio.sleep(0)
                    result = await till.total()
                    rounded = (await till.total()).real + 1
                    assert rounded
                    euros, cents = await till.total()

                    async def close():
                        await till.open()

                    await close()
                """
            },
            safety=Safety.SAFE,
            says="nothing of it runs",
        ),
        Bad(
            """
            async def fetch():
                return 3

            def test_fetch():
                fetch()  # error
            """,
            fixed="""
            import asyncio

            async def fetch():
                return 3

            def test_fetch():
                asyncio.run(fetch())
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                text = f"{fetch()}"  # error
                assert text
            """,
        ),
        Bad(
            """
            import asyncio

            import pytest

            async def fetch():
                return 3

            def total(parts: list[int]):
                return sum(parts)

            def first(parts):
                return parts[0]

            async def keep(parts):
                if "total" in parts:
                    return parts

            @pytest.mark.asyncio
            async def test_handed_on():
                assert total(fetch()) == 3  # error
                parts = fetch()  # error
                assert first(parts) == 3
                await keep(fetch())  # error

            @pytest.mark.asyncio
            async def test_used_inside():
                parts = fetch()  # error

                async def look():
                    return parts

                task = asyncio.create_task(look())
                assert parts.real == 3
                await task

            @pytest.mark.asyncio
            async def test_closed():
                stream = fetch()  # error
                stream.aclose()
            """,
            fixed="""
            import asyncio

            import pytest

            async def fetch():
                return 3

            def total(parts: list[int]):
                return sum(parts)

            def first(parts):
                return parts[0]

            async def keep(parts):
                if "total" in parts:
                    return parts

            @pytest.mark.asyncio
            async def test_handed_on():
                assert total(await fetch()) == 3
                parts = await fetch()
                assert first(parts) == 3
                await keep(await fetch())

            @pytest.mark.asyncio
            async def test_used_inside():
                parts = await fetch()

                async def look():
                    return parts

                task = asyncio.create_task(look())
                assert parts.real == 3
                await task

            @pytest.mark.asyncio
            async def test_closed():
                stream = await fetch()
                stream.aclose()
            """,
            safety=Safety.SAFE,
        ),
        Bad(
            {
                "shop.py": """
                    import logging
                    from abc import ABC

                    TILLS = []

                    class Till:
                        async def open(self): ...

                        async def count(self): ...

                        def total(self):
                            return self.count()

                    class SyncTill(Till):
                        def open(self): ...

                    class Desk(Till):
                        async def close(self): ...

                    class Register:
                        def __init__(self, kind):
                            self.kinds = [kind]

                    def known(cls):
                        assert isinstance(cls, type)
                        TILLS.append(cls)

                    ABC.register(Till)
                    logging.debug(Till)
                    TILLS.append(Till)
                    known(Till)
                    Register(Till)
                """,
                "test_shop.py": """
                    import pytest
                    from shop import Desk, Till

                    pytestmark = pytest.mark.asyncio

                    class Mixin:
                        async def look(self): ...

                        async def test_look(self):
                            self.look()  # error

                    class TestDesk(Mixin): ...

                    async def test_till():
                        till = Till()
                        till.open()  # error
                        Desk().total()  # error

                    class TestTill:
                        async def look(self): ...

                        async def test_look(self):
                            self.look()  # error
                """,
            },
            fixed={
                "test_shop.py": """
                    import pytest
                    from shop import Desk, Till

                    pytestmark = pytest.mark.asyncio

                    class Mixin:
                        async def look(self): ...

                        async def test_look(self):
                            await self.look()

                    class TestDesk(Mixin): ...

                    async def test_till():
                        till = Till()
                        await till.open()
                        await Desk().total()

                    class TestTill:
                        async def look(self): ...

                        async def test_look(self):
                            await self.look()
                """
            },
            safety=Safety.SAFE,
        ),
        Bad(
            """
            import pytest
            from elsewhere import context

            sync = False
            SLOW = context.slow()

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_switches():
                if sync:
                    fetch()  # error
                if not SLOW:
                    fetch()  # error

            @pytest.mark.asyncio
            @context.require_sync
            async def test_fetch():
                fetch()  # error
            """,
            fixed="""
            import pytest
            from elsewhere import context

            sync = False
            SLOW = context.slow()

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_switches():
                if sync:
                    await fetch()
                if not SLOW:
                    await fetch()

            @pytest.mark.asyncio
            @context.require_sync
            async def test_fetch():
                await fetch()
            """,
            safety=Safety.SAFE,
            says="never awaited",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def fetch():
                return 3

            def keep(call):
                return call

            async def join(call):
                return await call

            def perhaps(call):
                if not asyncio.iscoroutine(call):
                    return call.real

            def typed(call: object): ...

            async def either(call):
                if asyncio.iscoroutine(call):
                    return await call
                return call.real

            @pytest.mark.asyncio
            async def test_handed_on():
                await either(fetch())
                await keep(fetch())
                await join(fetch())
                perhaps(fetch())
                typed(fetch())

            @pytest.mark.asyncio
            async def test_cancelled():
                call = fetch()
                call.cancel()

            @pytest.mark.asyncio
            async def test_awaited_inside():
                call = fetch()

                async def look():
                    return await call

                assert await look() == 3
                assert call.real == 3
            """,
            because="who is handed a coroutine may await it",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                first = fetch()
                assert await first == 3
                calls = [fetch(), fetch()]
                await asyncio.gather(*calls)
                task = asyncio.create_task(fetch())
                await task
                fetch().close()
                gone = fetch()
                del gone
                second = fetch()
                second.close()
                assert not second._coro
            """,
            because="coroutines may be kept, handed on, awaited later, or thrown away on purpose",
        ),
        Good(
            """
            import pytest

            async def fetch():
                return 3

            def test_forgotten():
                with pytest.warns(RuntimeWarning):
                    fetch()

            def test_kind():
                made = fetch()
                assert "never awaited" in warnings_of(made)
            """,
            because="these tests are about coroutines that nobody awaits",
        ),
        Good(
            """
            _IS_SYNC = True

            async def fetch():
                return 3

            def test_switch():
                if _IS_SYNC:
                    pass
                else:
                    fetch()
                if not _IS_SYNC:
                    fetch()

                    def later():
                        fetch()
            """,
            because="the file, which may be generated from an async one, is switched to sync",
        ),
        Good(
            {
                "shop.py": """
                    class Shop:
                        def start(self, target, name: str = ""):
                            return self.loop.create_task(target)
                """,
                "test_shop.py": """
                    from unittest.mock import MagicMock

                    import pytest
                    from shop import Shop

                    async def job(): ...

                    @pytest.mark.asyncio
                    async def test_start():
                        shop = MagicMock()
                        Shop.start(shop, job())
                        start = Shop.start
                        start(shop, job())
                        Shop().start(job())
                """,
            },
            because="a method is called of its class: its first argument is `self`",
        ),
        Good(
            """
            from elsewhere import context

            async def fetch():
                return 3

            @context.require_sync
            def test_sync():
                fetch()

            @context.require_sync
            async def test_thread():
                class Thread:
                    def run(self):
                        fetch()
            """,
            because="who knows for whom an unknown decorator lets that run",
        ),
        Good(
            {
                "mail.py": "async def send(): ...\n",
                "test_mail.py": """
                    from unittest.mock import Mock

                    import mail

                    def test_send(monkeypatch):
                        monkeypatch.setattr(mail, "send", Mock())
                        mail.send()
                """,
            },
            because="the test has put something else in its place",
        ),
        Good(
            {
                "mail.py": """
                    class Mail:
                        async def send(self, text): ...

                        def reply(self, text):
                            return self.send(text)

                        def answer(self):
                            return self.reply("yes")
                """,
                "test_mail.py": """
                    from unittest.mock import Mock

                    from mail import Mail

                    def test_answer():
                        mail = Mail()
                        mail.send = Mock()
                        mail.answer()
                        mail.send.assert_called_once_with("yes")
                """,
            },
            because="what it comes down to is a double",
        ),
        Good(
            {
                "shop.py": """
                    class Till:
                        async def open(self): ...

                    def hired() -> Till: ...
                """,
                "test_shop.py": """
                    from unittest.mock import patch

                    import shop

                    @patch("shop.Till")
                    def test_class(till):
                        shop.Till().open()

                    def test_named(monkeypatch, fake):
                        monkeypatch.setattr(shop, "Till", fake)
                        till = shop.Till()
                        till.open()

                    @patch("shop.hired")
                    def test_factory(hired):
                        till = shop.hired()
                        till.open()
                """,
                "test_fixture.py": """
                    import pytest
                    import shop

                    @pytest.fixture(autouse=True)
                    def doubles(mocker):
                        mocker.patch("shop.Till")

                    @pytest.fixture
                    def opened(doubles):
                        return shop.Till()

                    def test_opened(opened):
                        opened.open()
                """,
            },
            because="what is patched makes doubles, whose methods are not async",
        ),
        Good(
            {
                "shop.py": """
                    import asyncio

                    class Till:
                        async def open(self): ...

                    def synchronous(function):
                        return lambda *args: asyncio.run(function(*args))

                    Till.open = synchronous(Till.open)
                """,
                "test_shop.py": """
                    from shop import Till

                    def test_open():
                        Till().open()
                """,
            },
            because="the file of the class puts something else in the method's place",
        ),
        Good(
            {
                "test_base.py": """
                    class RunMixin:
                        async def run_it(self): ...

                        def test_run(self):
                            self.run_it()

                    class Base:
                        def setup_method(self):
                            self.till = Till()

                        async def run_it(self): ...

                        def start(self):
                            self.run_it()
                            self.till.open()

                    class Till:
                        async def open(self): ...

                    class SyncTill:
                        def open(self): ...

                    class TestSync(Base):
                        def setup_method(self):
                            self.till = SyncTill()

                        def run_it(self): ...

                        def test_start(self):
                            self.start()
                """,
                "test_sync.py": """
                    from test_base import RunMixin

                    class TestSync(RunMixin):
                        def run_it(self): ...
                """,
            },
            because="what runs this code are subclasses, and they have something else there",
        ),
        Good(
            {
                "base.py": """
                    class Base:
                        async def fetch(self): ...

                        def total(self):
                            return self.fetch()
                """,
                "test_base.py": """
                    from base import Base

                    class TestSync(Base):
                        def fetch(self):
                            return 3

                        def test_total(self):
                            self.total()
                """,
            },
            because="the class hands on what its own method gives",
        ),
        Good(
            {
                "tools.py": """
                    import asyncio
                    import inspect

                    def synchronous(cls):
                        for name, method in list(vars(cls).items()):
                            if inspect.iscoroutinefunction(method):
                                setattr(cls, name, made_sync(method))

                    def made_sync(method):
                        return lambda *args: asyncio.run(method(*args))

                    def all_synchronous(cls):
                        synchronous(cls)
                """,
                "shop.py": """
                    from tools import all_synchronous, synchronous

                    class Till:
                        async def open(self): ...

                    class Shop:
                        async def open(self): ...

                    class Door:
                        async def open(self): ...

                    class Window:
                        async def open(self): ...

                    class Gate:
                        async def open(self): ...

                    synchronous(Till)
                    for one in (Shop,):
                        all_synchronous(one)
                """,
                "conftest.py": """
                    import shop
                    from tools import synchronous

                    synchronous(shop.Door)
                """,
                "test_shop.py": """
                    from elsewhere import Tools, synchronous
                    from shop import Door, Gate, Shop, Till, Window

                    synchronous(Window)
                    tools = [Tools()]
                    tools[0].make_synchronous(Gate)

                    class Strong(Till): ...

                    def test_open():
                        Till().open()
                        Shop().open()
                        Door().open()
                        Window().open()
                        Strong().open()
                        Gate().open()
                """,
            },
            because="a call between the definitions may have made the methods synchronous",
        ),
        Good(
            """
            from elsewhere import decorated, fetch

            @decorated
            async def send(): ...

            def test_send():
                send()
                fetch()
            """,
            because="what an unknown decorator or module gives is unknown",
        ),
        Good(
            """
            import asyncio
            from unittest.mock import AsyncMock

            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_others():
                mock = AsyncMock()
                mock()
                assert fetch() == 3
                asyncio.wait_for(fetch(), 1)
                asyncio.create_task(fetch())
                with pytest.raises(ValueError):
                    fetch()
            """,
            because="these are the business of other rules",
        ),
    ],
)
_FATES = frozenset({Fate.DROPPED, Fate.USED, Fate.ITERATED})


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report coroutines that nothing awaits."""
    for use in file.facts.call_uses.in_module(file.module):
        if use.fate in _FATES and use.raises is None and _is_meant(use):
            yield rule.finding(
                file.place_of_node(use.place),
                f"the coroutine of `{use.name}()` is never awaited, so nothing of it runs",
                symbol=use.function.definition.qualname,
                fix=await_fix(use, file),
                advice="" if use.in_async else "make the function async and await it",
            )


def _is_meant(use: CallUse) -> bool:
    """Whether it is a coroutine that no other rule speaks of."""
    given = use.given
    if given.gives is not Gives.COROUTINE or given.by_mock or given.dotted in WAITING:
        return False
    return use.in_async or not use.calls_nested
