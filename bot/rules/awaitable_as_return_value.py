"""A mock is told to return a future or a coroutine where it makes the awaitable itself.

## What it finds

A coroutine object as the `return_value` of an AsyncMock, also of the one that `patch` makes over
an async function; a future, where the function that is replaced certainly gives none. A coroutine
object as the `return_value` of a plain mock is a notice: it serves one call. A test that holds
that there is only one is left alone.

## Why it matters

Awaiting the call of an AsyncMock gives its `return_value`. If that is a future, as was the custom
before Python 3.8, the code under test gets the future and not its result: a true object, whatever
it holds, so assertions about truth pass. A coroutine object can be awaited once; the second call
fails with "cannot reuse already awaited coroutine".

## Fix

Where a future gets its result by `set_result`, the mock returns that result. Safe for a literal,
else unsafe.
"""

import ast
from collections.abc import Iterator

from bot.analysis.checked_file import CheckedFile
from bot.analysis.errors import FixError
from bot.analysis.evidence.mock_returns import ReturnedAwaitable, ReturnedAwaitables
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition

_SHOP = """
    import asyncio

    async def fetch(url):
        return url

    async def send(text) -> asyncio.Future:
        return asyncio.get_running_loop().create_future()

    async def load(url):
        return start(url)

    def start(url):
        return asyncio.create_task(fetch(url))

    async def declared() -> int:
        return start("there").result()

    class Service:
        async def fetch(self) -> int:
            return 3
"""

rule = Rule(
    __name__,
    __doc__,
    code="AWT402",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import AsyncMock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_patched():
                        future = asyncio.Future()
                        future.set_result(3)
                        with patch("shop.fetch", return_value=future):  # error
                            assert await shop.fetch("there")

                    @pytest.mark.asyncio
                    @patch("shop.fetch")
                    async def test_handed_in(fetch):
                        fetch.return_value = asyncio.Future()  # error
                        fetch.return_value.set_result("here")
                        assert await shop.fetch("there")

                    @pytest.mark.asyncio
                    async def test_method():
                        service = shop.Service()
                        future = asyncio.get_running_loop().create_future()
                        future.set_result(3)
                        service.fetch = AsyncMock(return_value=future)  # error
                        assert await service.fetch()
                        service.fetch.assert_called_once()
                """,
            },
            fixed={
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import AsyncMock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_patched():
                        with patch("shop.fetch", return_value=3):
                            assert await shop.fetch("there")

                    @pytest.mark.asyncio
                    @patch("shop.fetch")
                    async def test_handed_in(fetch):
                        fetch.return_value = "here"
                        assert await shop.fetch("there")

                    @pytest.mark.asyncio
                    async def test_method():
                        service = shop.Service()
                        service.fetch = AsyncMock(return_value=3)
                        assert await service.fetch()
                        service.fetch.assert_called_once()
                """
            },
            safety=Safety.SAFE,
            says="gets this future, not its result",
        ),
        Bad(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import Mock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_patched():
                        answer = Mock()
                        future = asyncio.Future()
                        future.set_result(answer)
                        with patch("shop.fetch", return_value=future):  # error
                            await shop.fetch("there")
                        with patch.object(shop.Service, "fetch", return_value=future):  # error
                            await shop.Service().fetch()
                """,
            },
            fixed={
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import Mock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_patched():
                        answer = Mock()
                        future = asyncio.Future()
                        future.set_result(answer)
                        with patch("shop.fetch", return_value=answer):
                            await shop.fetch("there")
                        with patch.object(shop.Service, "fetch", return_value=answer):
                            await shop.Service().fetch()
                """
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import AsyncMock, Mock, patch

                    import pytest
                    import shop

                    async def three():
                        return 3

                    @pytest.mark.asyncio
                    async def test_coroutines():
                        fetch = AsyncMock(return_value=three())  # error
                        assert await fetch()
                        with patch("shop.fetch", new_callable=AsyncMock) as patched:
                            patched.return_value = three()  # error
                        never = asyncio.Future()
                        with patch("shop.fetch", AsyncMock(return_value=never)):  # error
                            await shop.fetch("there")
                        failed = asyncio.Future()
                        failed.set_exception(LookupError())
                        service = Mock(spec=shop.Service)
                        service.fetch.return_value = failed  # error
                        with patch("shop.declared", return_value=never):  # error
                            await shop.declared()
                """,
            },
            says="not its result",
        ),
        Bad(
            """
            from unittest.mock import MagicMock, Mock

            import pytest

            async def three():
                return 3

            @pytest.mark.asyncio
            async def test_once():
                fetch = Mock(return_value=three())  # error
                assert await fetch() == 3
                client = MagicMock()
                client.get.return_value = three()  # error
            """,
            says="serves one call",
        ),
        Good(
            """
            from unittest.mock import Mock

            import pytest

            async def three():
                return 3

            @pytest.mark.asyncio
            async def test_called_once():
                fetch = Mock(return_value=three())
                assert await fetch() == 3
                fetch.assert_called_once_with()

            @pytest.mark.asyncio
            async def test_awaited_once():
                fetch = Mock(return_value=three())
                assert await fetch() == 3
                fetch.closing.assert_awaited_once()

            @pytest.mark.asyncio
            async def test_counted():
                fetch = Mock(return_value=three())
                assert await fetch() == 3
                assert fetch.call_count == 1
            """,
            because="there is one call, and one coroutine for it",
        ),
        Good(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import AsyncMock, Mock, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    async def test_plain_mock():
                        future = asyncio.Future()
                        future.set_result(3)
                        fetch = Mock(return_value=future)
                        assert await fetch() == await fetch()

                    @pytest.mark.asyncio
                    async def test_gives_a_future():
                        future = asyncio.Future()
                        future.set_result(3)
                        with patch("shop.send", return_value=future):
                            sent = await shop.send("hello")
                        with patch("shop.load", return_value=future):
                            await shop.load("there")
                        with patch("shop.start", return_value=future):
                            await shop.start("there")
                        with patch("shop.start", new_callable=AsyncMock, return_value=future):
                            started = await shop.start("there")
                            started.cancel()

                    @pytest.mark.asyncio
                    async def test_plain_over_async():
                        future = asyncio.Future()
                        future.set_result(3)
                        with patch("shop.fetch", new_callable=Mock, return_value=future):
                            assert await shop.fetch("there") == 3

                    @pytest.mark.asyncio
                    async def test_who_knows(producer):
                        future = asyncio.Future()
                        future.set_result(3)
                        producer.send = AsyncMock(return_value=future)
                        await producer.flush()
                """,
            },
            because="plain mocks may return futures, and some async functions give futures",
        ),
        Good(
            {
                "shop.py": _SHOP,
                "test_shop.py": """
                    import asyncio
                    from unittest.mock import AsyncMock, patch

                    import pytest
                    import shop

                    async def three():
                        return 3

                    @pytest.mark.asyncio
                    async def test_twice():
                        fetch = AsyncMock(return_value=three())
                        assert await (await fetch()) == 3

                    @pytest.mark.asyncio
                    async def test_by_name():
                        fetch = AsyncMock(return_value=three())
                        coroutine = await fetch()
                        assert await coroutine == 3

                    @pytest.mark.asyncio
                    async def test_itself():
                        future = asyncio.Future()
                        with patch("shop.fetch", return_value=future):
                            assert await shop.fetch("there") is future
                """,
            },
            because="the test knows that it gets an awaitable",
        ),
        Good(
            """
            from unittest.mock import AsyncMock, Mock, patch

            import pytest

            async def three():
                return 3

            @pytest.mark.asyncio
            async def test_values(client):
                fetch = AsyncMock(return_value=3)
                send = AsyncMock(return_value=await three())
                save = AsyncMock(return_value=dict())
                with patch("other.fetch", return_value=three()):
                    pass
                load = AsyncMock(side_effect=three)
                client.get.return_value = three()
                make = Mock(return_value=three)
            """,
            because="these are values, functions, or no mock that is known",
        ),
    ],
)
# Words of tests that hold how often a mock was called.
_ONE_CALL = ("assert_called_once", "assert_awaited_once", "call_count == 1")


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at all that mocks are told to return."""
    if "return_value" not in file.module.source.text:
        return
    finder = ReturnedAwaitables(file.facts, file.module)
    for definition in file.module.functions():
        for found in finder.in_function(definition):
            if found.from_async or not _holds_one_call(definition, file):
                yield _finding(found, definition, file)


def _holds_one_call(definition: Definition, file: CheckedFile) -> bool:
    """Whether a function holds that something is called once: one coroutine will do for that."""
    text = file.module.text_of(definition)
    return any(words in text for words in _ONE_CALL)


def _finding(found: ReturnedAwaitable, definition: Definition, file: CheckedFile) -> Finding:
    what = "future" if found.is_future else "coroutine"
    message = (
        f"an AsyncMock makes the awaitable itself: who awaits it gets this {what}, not its result"
    )
    if not found.from_async:
        message = "this coroutine serves one call of the mock; the next one cannot await it again"
    return rule.finding(
        file.place_of_node(found.value),
        message,
        symbol=definition.qualname,
        fix=file.fix(
            Safety.SAFE if isinstance(found.result, ast.Constant) else Safety.UNSAFE,
            "Return the result itself",
            lambda: _edits(found, file),
        ),
        advice="return the result" if found.from_async else "use `AsyncMock(return_value=...)`",
        severity=None if found.from_async else Severity.NOTICE,
    )


def _edits(found: ReturnedAwaitable, file: CheckedFile) -> Iterator[Edit]:
    if found.result is None:
        raise FixError("what the result is cannot be told")
    yield file.editor.replace_expression(found.value, file.module.source.text_of(found.result))
    for statement in found.statements:
        yield file.editor.remove_statement(statement)
