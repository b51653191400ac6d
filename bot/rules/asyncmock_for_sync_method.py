"""An AsyncMock stands where the code calls something sync.

## What it finds

An AsyncMock that replaces a sync function or method of the repository which certainly returns a
plain value, by `patch` or by assignment; and a child of an AsyncMock whose call a test uses as a
value: `assert client.is_ready()`. Abstract methods, functions that may return an awaitable,
children that are, or may be, set to something else, and tests that hold that nothing is called
are left alone.

## Why it matters

Every call of an AsyncMock gives a coroutine. The code takes it for the result: it is always true,
equal to nothing, and has none of the attributes that the result has. Conditions that should fail
pass.

## Fix

A `MagicMock` in its place: for a child, one is put on the mock. Unsafe, because others may use
the same object.
"""

import ast
from collections.abc import Iterator

from bot.analysis.awaiting.call_results import Fate
from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.evidence.async_mock_uses import AsyncMockUse, AsyncMockUses
from bot.analysis.evidence.sync_doubles import SyncDouble, SyncDoubles
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition
from bot.analysis.source.walking import own_nodes

_SHOP = """
    import asyncio
    from abc import ABC, abstractmethod

    def count():
        return 3

    def log(text):
        print(text)

    def name() -> str:
        return config()["name"]

    def start():
        return asyncio.create_task(run())

    def declared() -> "asyncio.Future[int]":
        return start()

    def handed_on():
        return config()

    async def run():
        return 3

    class Base(ABC):
        @abstractmethod
        def fetch(self):
            '''Give what is there.'''

        def send(self):
            raise NotImplementedError

    class Till(Base):
        def total(self):
            return 0

        async def open(self):
            return True
"""

rule = Rule(
    __name__,
    __doc__,
    code="AWT404",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    @patch("shop.count", new_callable=AsyncMock)  # error
                    async def test_functions(count):
                        with patch("shop.log", AsyncMock()):  # error
                            shop.log("hello")
                        named = AsyncMock(return_value="shop")  # error
                        with patch.object(shop, "name", new=named):
                            assert shop.name()
                        till = shop.Till()
                        till.total = AsyncMock(return_value=3)  # error
                        assert till.total()
                        other = Mock(spec=shop.Till)
                        other.total = AsyncMock()  # error
                """,
            },
            fixed={
                "test_shop.py": """
                    from unittest.mock import AsyncMock, MagicMock, Mock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    @patch("shop.count", new_callable=MagicMock)
                    async def test_functions(count):
                        with patch("shop.log", MagicMock()):
                            shop.log("hello")
                        named = MagicMock(return_value="shop")
                        with patch.object(shop, "name", new=named):
                            assert shop.name()
                        till = shop.Till()
                        till.total = MagicMock(return_value=3)
                        assert till.total()
                        other = Mock(spec=shop.Till)
                        other.total = MagicMock()
                """
            },
            safety=Safety.UNSAFE,
            says="is sync",
        ),
        Bad(
            """
            from unittest.mock import AsyncMock

            import pytest

            @pytest.mark.asyncio
            async def test_ready():
                client = AsyncMock()
                await client.connect()
                assert client.is_ready()  # error
            """,
            fixed="""
            from unittest.mock import AsyncMock, MagicMock

            import pytest

            @pytest.mark.asyncio
            async def test_ready():
                client = AsyncMock()
                client.is_ready = MagicMock()
                await client.connect()
                assert client.is_ready()
            """,
            safety=Safety.UNSAFE,
            says="always true",
        ),
        Bad(
            """
            from unittest import IsolatedAsyncioTestCase
            from unittest.mock import AsyncMock

            class TestClient(IsolatedAsyncioTestCase):
                def setUp(self):
                    self.client = AsyncMock()

                async def test_state(self):
                    self.assertEqual(self.client.state(), "open")  # error
            """,
            says="gives a coroutine",
        ),
        Good(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_functions(client):
                        with patch("shop.run", AsyncMock()), patch("shop.start", AsyncMock()):
                            await shop.run()
                        with patch("shop.declared", AsyncMock()), patch("other.f", AsyncMock()):
                            await shop.declared()
                        with patch("shop.handed_on", AsyncMock()):
                            await shop.handed_on()
                        with patch("shop.count", Mock()), patch("shop.log", new_callable=Mock):
                            shop.count()
                        with patch("shop.count", AsyncMock(spec=client)), patch("shop.log"):
                            shop.count()
                        with patch("shop.count", AsyncMock(client)):
                            shop.count()
                        till = shop.Till()
                        till.open = AsyncMock()
                        till.fetch = AsyncMock()
                        till.send = AsyncMock()
                        till.total = Mock()
                        till.later = AsyncMock()
                        client.total = AsyncMock()
                """,
            },
            because="these are async, may be, or nothing certain is known of them",
        ),
        Good(
            {
                "shop.py": """
                    from collections.abc import AsyncIterator, Coroutine
                    from typing import Any, overload

                    async def _sell():
                        return 3

                    class Till:
                        @overload
                        def sell(self) -> Coroutine[Any, Any, int]: ...
                        @overload
                        def sell(self, stream) -> AsyncIterator[int]: ...
                        def sell(self, stream=None) -> int | AsyncIterator[int]:
                            return sales(self, stream)

                        def close(self) -> int:
                            return _sell()
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    @patch("shop.Till.close", new_callable=AsyncMock)
                    async def test_till(close):
                        till = shop.Till()
                        with patch.object(till, "sell", new_callable=AsyncMock) as sell:
                            sell.return_value = 3
                            assert await till.sell() == 3
                        await till.close()
                """,
            },
            because="an overload, or what is returned, says that callers get a coroutine",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, Mock

            import pytest

            @pytest.mark.asyncio
            async def test_ready(spec):
                client = AsyncMock()
                client.is_ready = Mock(return_value=True)
                assert client.is_ready()
                other = AsyncMock(spec=spec)
                assert other.is_ready()
                plain = Mock()
                assert plain.is_ready()
                client.connect()
                assert await client.state() == "open"
                client.total = AsyncMock()
                assert client.total()
            """,
            because="the child is set, limited by a spec, awaited, or dropped",
        ),
        Good(
            {
                "shop.py": """
                    import inspect

                    class Till:
                        def total(self):
                            return 3

                    def report(till):
                        return None if inspect.iscoroutinefunction(till.total) else till.total()
                """,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, patch

                    import shop

                    def test_an_async_till_is_left_alone():
                        till = shop.Till()
                        with patch.object(till, "total", new_callable=AsyncMock) as total:
                            assert shop.report(till) is None
                            total.assert_not_called()
                """,
            },
            because="the test is about what happens with an async one",
        ),
    ],
)
# A double that is async on purpose is there to be recognised, and not to be called.
_NOT_CALLED = ("assert_not_called", "assert_not_awaited", "iscoroutinefunction")
_ALWAYS_TRUE = frozenset({Fate.ASSERTED, Fate.TESTED})


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at what AsyncMocks replace, and at calls of their children."""
    for found in AsyncMockUses(file.facts, file.module).in_file():
        if found.is_guess and found.use.fate is not Fate.DROPPED:
            yield _of_child(found, file)
    if "AsyncMock" not in file.module.source.text:
        return
    doubles = SyncDoubles(file.facts, file.module)
    for definition in file.module.functions():
        made = list(doubles.in_function(definition))
        if made and not _is_about_calls_that_fail_to_come(definition, file):
            yield from (_of_double(one, definition, file) for one in made)


def _is_about_calls_that_fail_to_come(definition: Definition, file: CheckedFile) -> bool:
    """Whether a test holds that something is not called, so that nobody gets its coroutine."""
    text = file.module.text_of(definition)
    return any(name in text for name in _NOT_CALLED)


def _of_double(double: SyncDouble, definition: Definition, file: CheckedFile) -> Finding:
    return rule.finding(
        file.place_of_node(double.node),
        f"an AsyncMock stands for `{double.function.definition.qualname}`, which is sync: "
        "its callers get a coroutine",
        symbol=definition.qualname,
        fix=file.fix(
            Safety.UNSAFE,
            "Use `MagicMock`",
            lambda: file.editor.imports.swap(double.mock_class, "MagicMock"),
        ),
        advice="use MagicMock",
    )


def _of_child(found: AsyncMockUse, file: CheckedFile) -> Finding:
    use = found.use
    symbol = use.function.definition.qualname
    effect = ", which is always true" if use.fate in _ALWAYS_TRUE else ""
    return rule.finding(
        file.place_of_node(use.place),
        f"`{use.name}` is a child of an AsyncMock, so calling it gives a coroutine{effect}",
        symbol=symbol,
        fix=file.fix(
            Safety.UNSAFE,
            f"Make `{use.name}` a MagicMock",
            lambda: _sync_child(found, file),
        ),
        advice=f"set `{use.name}` to a MagicMock, or await the call",
    )


def _sync_child(found: AsyncMockUse, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that put a MagicMock on the mock, below where it is made."""
    for node in own_nodes(found.use.function.node):
        match node:
            case ast.Assign(targets=[ast.Name()], value=value) if value is found.mock.call:
                name, imports = file.editor.imports.sibling_of(found.mock.call.func, "MagicMock")
                yield from imports
                yield file.editor.insert_after(node, f"{found.use.name} = {name}()")
                return
            case _:
                continue
    raise FixError("the function does not make the mock itself")
