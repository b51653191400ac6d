"""A `Mock` or `MagicMock` stands where the code awaits.

## What it finds

Plain mocks whose call is awaited: in the test itself, or in a function or constructor of the
repository that they are handed to; also those patched over an async function, or set as a method
that is async in the class it stands for, where code that the test comes to awaits it. Mocks with
a `side_effect`, a spec or an awaitable `return_value` are left alone, and so are those that the
code only hands on or that the test asserts not to be called.

## Why it matters

`object Mock can't be used in 'await' expression`: the test fails, or never gets to what it should
prove, and where it never ran nobody has noticed.

## Fix

The mock becomes an `AsyncMock`, with the import. Unsafe, because others may call the same object
without awaiting, also where it replaces a function that is certainly async.
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.mocks.awaited_mocks import AwaitedMock, AwaitedMocks
from bot.analysis.mocks.mocks import is_function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition

rule = Rule(
    __name__,
    __doc__,
    code="AWT405",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            from unittest.mock import Mock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                fetch = Mock(return_value=3)  # error
                assert await fetch() == 3
            """,
            fixed="""
            from unittest.mock import AsyncMock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                fetch = AsyncMock(return_value=3)
                assert await fetch() == 3
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "shop.py": """
                    async def run(service):
                        return await service.execute()

                    class Till:
                        def __init__(self, service):
                            self.service = service

                        async def total(self):
                            return await self.service.fetch()

                    class Counting:
                        def __init__(self, app):
                            self.app = app

                        async def __call__(self, request):
                            return await self.app(request)
                """,
                "test_shop.py": """
                    from unittest.mock import Mock

                    import pytest
                    from shop import Counting, Till, run

                    @pytest.mark.asyncio
                    async def test_run():
                        service = Mock()
                        service.execute = Mock(return_value=3)  # error
                        assert await run(service) == 3

                    @pytest.mark.asyncio
                    async def test_till():
                        till = Till(Mock(fetch=Mock(return_value=3)))  # error
                        assert await till.total() == 3

                    @pytest.mark.asyncio
                    async def test_counting():
                        app = Mock()  # error
                        counting = Counting(app)
                        await counting("/")
                        app.assert_called_once_with("/")
                """,
            },
            fixed={
                "test_shop.py": """
                from unittest.mock import AsyncMock, Mock

                import pytest
                from shop import Counting, Till, run

                @pytest.mark.asyncio
                async def test_run():
                    service = Mock()
                    service.execute = AsyncMock(return_value=3)
                    assert await run(service) == 3

                @pytest.mark.asyncio
                async def test_till():
                    till = Till(Mock(fetch=AsyncMock(return_value=3)))
                    assert await till.total() == 3

                @pytest.mark.asyncio
                async def test_counting():
                    app = AsyncMock()
                    counting = Counting(app)
                    await counting("/")
                    app.assert_called_once_with("/")
                """
            },
            safety=Safety.UNSAFE,
            says="awaits it",
        ),
        Bad(
            {
                "shop.py": """
                    class Shop:
                        @classmethod
                        async def open(cls, client):
                            await client.charge()

                        @staticmethod
                        async def pay(client):
                            await client.charge()

                        async def close(self, client):
                            await client.charge()
                """,
                "test_shop.py": """
                    from unittest.mock import Mock

                    import pytest
                    from shop import Shop

                    @pytest.mark.asyncio
                    async def test_of_the_class():
                        client = Mock()  # error
                        await Shop.open(client)

                    @pytest.mark.asyncio
                    async def test_of_nothing():
                        client = Mock()  # error
                        shop = Shop()
                        await shop.pay(client)

                    @pytest.mark.asyncio
                    async def test_of_a_shop_that_is_handed_over():
                        client = Mock()  # error
                        await Shop.close(Shop(), client)
                """,
            },
            fixed={
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock

                    import pytest
                    from shop import Shop

                    @pytest.mark.asyncio
                    async def test_of_the_class():
                        client = Mock()
                        client.charge = AsyncMock()
                        await Shop.open(client)

                    @pytest.mark.asyncio
                    async def test_of_nothing():
                        client = Mock()
                        client.charge = AsyncMock()
                        shop = Shop()
                        await shop.pay(client)

                    @pytest.mark.asyncio
                    async def test_of_a_shop_that_is_handed_over():
                        client = Mock()
                        client.charge = AsyncMock()
                        await Shop.close(Shop(), client)
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "mail.py": "async def send(text):\n    pass\n\n\ndef count():\n    pass\n",
                "test_mail.py": """
                    from unittest import mock

                    import mail
                    import pytest

                    @pytest.mark.asyncio
                    @mock.patch("mail.send", new_callable=mock.MagicMock)  # error
                    async def test_mail(send):
                        with mock.patch.object(mail, "send", mock.Mock()):  # error
                            await mail.send("hello")
                        with mock.patch("mail.count", mock.Mock()):
                            mail.count()
                """,
            },
            fixed={
                "test_mail.py": """
                from unittest import mock

                import mail
                import pytest

                @pytest.mark.asyncio
                @mock.patch("mail.send", new_callable=mock.AsyncMock)
                async def test_mail(send):
                    with mock.patch.object(mail, "send", mock.AsyncMock()):
                        await mail.send("hello")
                    with mock.patch("mail.count", mock.Mock()):
                        mail.count()
                """
            },
            safety=Safety.UNSAFE,
            says="is an async function",
        ),
        Bad(
            {
                "service.py": """
                    class Service:
                        async def fetch(self): ...

                        def name(self): ...

                        async def total(self):
                            return await self.fetch()
                """,
                "test_service.py": """
                    from unittest.mock import Mock

                    import pytest
                    from service import Service

                    @pytest.mark.asyncio
                    async def test_fetch():
                        service = Service()
                        service.fetch = Mock(return_value=3)  # error
                        service.name = Mock(return_value="shop")
                        assert await service.total() == 3
                        assert service.name()
                """,
            },
            fixed={
                "test_service.py": """
                from unittest.mock import AsyncMock, Mock

                import pytest
                from service import Service

                @pytest.mark.asyncio
                async def test_fetch():
                    service = Service()
                    service.fetch = AsyncMock(return_value=3)
                    service.name = Mock(return_value="shop")
                    assert await service.total() == 3
                    assert service.name()
                """
            },
            safety=Safety.UNSAFE,
            says="`Service.fetch` is async",
        ),
        Bad(
            """
            from unittest.mock import MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                client = MagicMock()  # error
                await client.get("/")
                client.close()
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                client = MagicMock()
                client.get = AsyncMock()
                await client.get("/")
                client.close()
            """,
            safety=Safety.UNSAFE,
            says="use AsyncMock for `client.get`",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, Mock

            import pytest

            async def three():
                return 3

            @pytest.mark.asyncio
            async def test_total():
                fetch = Mock(side_effect=three)
                assert await fetch() == 3
                client = Mock()
                client.get = AsyncMock()
                await client.get()
                client.post.side_effect = three
                await client.post()
            """,
            because="async side effects and children make what is returned awaitable",
        ),
        Good(
            """
            import asyncio
            from unittest.mock import Mock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                done = asyncio.get_running_loop().create_future()
                done.set_result(3)
                fetch = Mock(return_value=done)
                assert await fetch() == 3
            """,
            because="a future can be awaited",
        ),
        Good(
            {
                "service.py": "class Service:\n    async def fetch(self): ...\n",
                "test_service.py": """
                    from unittest.mock import Mock

                    import pytest
                    from service import Service

                    @pytest.mark.asyncio
                    async def test_fetch():
                        service = Mock(spec=Service)
                        await service.fetch()
                """,
            },
            because="with a spec unittest.mock makes an AsyncMock by itself",
        ),
        Good(
            {
                "shop.py": """
                    async def run(service, items):
                        for item in items:
                            await service.execute(item)
                """,
                "test_shop.py": """
                    from unittest.mock import Mock

                    import pytest
                    from shop import run

                    @pytest.mark.asyncio
                    async def test_nothing_to_do():
                        await run(Mock(), [])
                """,
            },
            because="the await may never be reached",
        ),
        Good(
            """
            from unittest.mock import Mock

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                fetch = Mock()
                with pytest.raises(TypeError):
                    await fetch()
            """,
            because="the test wants the failure",
        ),
        Good(
            {
                "mail.py": """
                    async def send(text): ...

                    def outbox(loop):
                        return loop.create_task(send("hello"))

                    async def quiet(service):
                        try:
                            await service.call()
                        except TypeError:
                            return None
                """,
                "test_mail.py": """
                    from unittest.mock import Mock, patch

                    import mail
                    import pytest

                    @patch("mail.send", Mock(return_value="coroutine"))
                    def test_outbox():
                        loop = Mock()
                        mail.outbox(loop)
                        loop.create_task.assert_called_once_with("coroutine")

                    @pytest.mark.asyncio
                    async def test_quiet():
                        assert await mail.quiet(Mock()) is None
                """,
            },
            because="the code hands the one on, and expects what the other does",
        ),
        Good(
            {
                "mail.py": """
                    async def send(text): ...

                    async def greet(name):
                        if name:
                            await send(name)
                """,
                "test_mail.py": """
                    from unittest.mock import Mock, patch

                    import mail
                    import pytest

                    @pytest.mark.asyncio
                    async def test_nobody():
                        with patch("mail.send", Mock(return_value=None)) as send:
                            await mail.greet("")
                        send.assert_not_called()
                """,
            },
            because="it must not be called, and is not",
        ),
        Good(
            """
            from unittest.mock import MagicMock

            import pytest
            from shop import Till

            @pytest.fixture
            async def opened():
                shop = MagicMock()

                async def open(number):
                    shop.till = Till(number)
                    return shop.till

                yield open
                await shop.till.close()
            """,
            because="a function inside puts something else in its place",
        ),
        Good(
            {
                "shop.py": """
                    class Shop:
                        def __init__(self, till):
                            self.till = till

                        async def close(self):
                            await self.till.close()
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock

                    import pytest
                    from shop import Shop

                    @pytest.mark.asyncio
                    async def test_close():
                        shop = Shop(Mock())
                        shop.till.close = AsyncMock()
                        await shop.close()

                    @pytest.mark.asyncio
                    async def test_close_till():
                        till = Mock()
                        shop = Shop(till)
                        shop.till.close = AsyncMock()
                        await shop.close()
                """,
            },
            because="what is awaited is set through what got the mock",
        ),
        Good(
            {
                "shop.py": """
                    class Till:
                        def total(self):
                            return 3

                    class AsyncTill:
                        async def total(self):
                            return 3

                    async def report(till):
                        if isinstance(till, AsyncTill):
                            return await till.total()
                        return till.total()

                    class Shop:
                        def __init__(self, till):
                            self.till = till

                        async def close(self):
                            if isinstance(self.till, AsyncTill):
                                return await self.till.total()
                            return self.till.total()
                """,
                "test_shop.py": """
                    from unittest.mock import MagicMock

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_report():
                        till = MagicMock(spec=shop.Till)
                        till.total = MagicMock(return_value=3)
                        assert await shop.report(till) == 3
                        plain = MagicMock()
                        plain.total = MagicMock(return_value=3)
                        opened = shop.Shop(plain)
                        assert await opened.close() == 3
                """,
            },
            because="the code takes sync ones as well",
        ),
        Good(
            {
                "shop.py": """
                    class Shop:
                        async def close(self, till):
                            self.log(till)
                            return await till.close()
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock

                    import pytest
                    from shop import Shop

                    @pytest.mark.asyncio
                    async def test_close():
                        shop = Mock()
                        shop.close = Mock()
                        till = AsyncMock()
                        await Shop.close(shop, till)
                """,
            },
            because="a method is called of its class: the mock is its `self`",
        ),
        Good(
            {
                "shop.py": """
                    class Verifier:
                        async def verify(self, token):
                            return token

                    class Shop:
                        def __init__(self, verifier):
                            self.verifier = verifier

                        async def enter(self, token):
                            return await self.verifier.verify(token)
                """,
                "test_shop.py": """
                    from unittest.mock import Mock

                    from shop import Shop, Verifier

                    def test_page(client):
                        verifier = Mock(spec=Verifier)
                        verifier.verify = Mock(return_value=None)
                        assert client(Shop(verifier)).get("/") == 200
                """,
            },
            because="the page may be there for all to see: nothing says that it is called",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at every function that is not nested in another."""
    if "Mock" not in file.module.source.text:
        return
    facts = file.facts
    finder = AwaitedMocks(facts.resolver, facts.decorators, facts.instances, file.module)
    for definition in file.module.definitions:
        if is_function(definition):
            for found in finder.in_function(definition):
                yield _finding(found, definition, file)


def _finding(found: AwaitedMock, definition: Definition, file: CheckedFile) -> Finding:
    made = ast.unparse(found.callee or _callee(found.node))
    path = ".".join((found.owner, *found.child)) if found.child else ""
    what = f"`{path}` of this plain `{made}`" if path else f"a plain `{made}`"
    return rule.finding(
        file.place_of_node(found.node),
        f"{what} stands where the code awaits: {found.why}",
        symbol=definition.qualname,
        fix=file.fix(
            Safety.UNSAFE,
            "Use `AsyncMock`",
            lambda: _edits(found, file),
        ),
        advice=f"use AsyncMock for `{path}`" if path else "use AsyncMock",
    )


def _callee(node: ast.expr) -> ast.expr:
    return node.func if isinstance(node, ast.Call) else node


def _edits(found: AwaitedMock, file: CheckedFile) -> Iterator[Edit]:
    if found.callee is not None:
        yield from file.editor.imports.swap(found.callee, "AsyncMock")
        return
    if found.statement is None:
        raise FixError("the mock is not made by a statement of its own")
    name, imports = file.editor.imports.sibling_of(_callee(found.node), "AsyncMock")
    yield from imports
    path = ".".join((found.owner, *found.child))
    yield file.editor.insert_after(found.statement, f"{path} = {name}()")
