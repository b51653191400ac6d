"""A test asserts that an AsyncMock was called, where it could assert that it was awaited.

## What it finds

`fetch.assert_called_once_with(3)` and its like, where `fetch` is certainly an AsyncMock and the
test does not assert that it was awaited too.

## Why it matters

`assert_called` holds as soon as the coroutine is made. If the code under test forgets to await
it, nothing of it runs, and the assertion passes all the same; `assert_awaited` fails.

The rule is off unless it is asked for: code that starts a coroutine without awaiting it, as a
task that is cancelled before it runs, is right to be asserted as called.

## Fix

The assertion about awaits in place of the one about calls. Unsafe: it demands more.
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.awaiting.call_uses import raises_around
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Safety
from bot.analysis.mocks.mock_assertions import AWAITED_COUNTERPARTS
from bot.analysis.names.values import Function
from bot.analysis.rule import Bad, Enabled, Good, Rule
from bot.analysis.source.module import Definition
from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import own_nodes

_ASKED_FOR = '[tool.awaited]\nextend-select = ["AWT407"]\n'

rule = Rule(
    __name__,
    __doc__,
    code="AWT407",
    severity=Severity.NOTICE,
    enabled=Enabled.ON_REQUEST,
    examples=[
        Bad(
            {
                "pyproject.toml": _ASKED_FOR,
                "shop.py": "async def fetch(number): ...\n",
                "test_shop.py": """
                    from unittest.mock import AsyncMock, call, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    @patch("shop.fetch")
                    async def test_fetch(fetch):
                        client = AsyncMock()
                        await shop.fetch(3)
                        await client.get(3)
                        fetch.assert_called_once_with(3)  # error
                        client.get.assert_has_calls([call(3)])  # error
                """,
            },
            fixed={
                "test_shop.py": """
                    from unittest.mock import AsyncMock, call, patch

                    import pytest
                    import shop

                    @pytest.mark.asyncio
                    @patch("shop.fetch")
                    async def test_fetch(fetch):
                        client = AsyncMock()
                        await shop.fetch(3)
                        await client.get(3)
                        fetch.assert_awaited_once_with(3)
                        client.get.assert_has_awaits([call(3)])
                """
            },
            safety=Safety.UNSAFE,
            says="passes also where nothing awaited the call",
        ),
        Good(
            {
                "pyproject.toml": _ASKED_FOR,
                "test_shop.py": """
                    from unittest.mock import AsyncMock, Mock

                    import pytest

                    @pytest.mark.asyncio
                    async def test_fetch(client):
                        fetch, log = AsyncMock(), Mock()
                        send = AsyncMock()
                        await send(3)
                        send.assert_called_once_with(3)
                        send.assert_awaited_once()
                        load = AsyncMock()
                        load.assert_not_called()
                        client.get.assert_called_once()
                        plain = Mock()
                        plain.assert_called_once()
                """,
            },
            because="awaits are asserted too, nothing is called, or it is no AsyncMock",
        ),
        Good(
            {
                "pyproject.toml": _ASKED_FOR,
                "test_shop.py": """
                    from unittest.mock import AsyncMock

                    import pytest

                    @pytest.mark.asyncio
                    async def test_fetch(shop):
                        fetch = AsyncMock()
                        await shop.open(fetch)
                        with pytest.raises(AssertionError):
                            fetch.assert_called_once_with(3)
                """,
            },
            because="the assertion is to fail",
        ),
        Good(
            """
            from unittest.mock import AsyncMock

            import pytest

            @pytest.mark.asyncio
            async def test_fetch():
                fetch = AsyncMock()
                await fetch(3)
                fetch.assert_called_once_with(3)
            """,
            because="nobody asked for the rule",
        ),
    ],
)


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Look at every assertion about calls."""
    for definition in file.module.functions():
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - functions only
        nodes = own_nodes(definition.node)
        awaited = {_written(one) for one in nodes if _asserts_awaits(one)}
        for node in nodes:
            match node:
                case ast.Call(func=ast.Attribute(value=value, attr=name) as asserted):
                    if name not in AWAITED_COUNTERPARTS or ast.unparse(value) in awaited:
                        continue
                    if not _is_to_fail(node, definition, file):
                        yield from _look(asserted, definition, file)
                case _:
                    continue


def _is_to_fail(node: ast.Call, definition: Definition, file: CheckedFile) -> bool:
    body = file.facts.call_uses.body(Function(file.module, definition))
    return raises_around(node, body) is not None


def _asserts_awaits(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and "await" in node.attr


def _written(node: ast.AST) -> str:
    return ast.unparse(node.value) if isinstance(node, ast.Attribute) else ""


def _look(node: ast.Attribute, definition: Definition, file: CheckedFile) -> Iterator[Finding]:
    scope = file.module.scope_of(definition.node)
    made = file.facts.mocks.at(node.value, file.module, scope)
    if made is None or made.is_async is not Answer.YES:
        return
    right = AWAITED_COUNTERPARTS[node.attr]
    yield rule.finding(
        file.place_of_node(node),
        f"`{ast.unparse(node)}` passes also where nothing awaited the call",
        symbol=definition.qualname,
        fix=file.fix(Safety.UNSAFE, f"Use `{right}`", lambda: _edits(node, right, file)),
        advice=f"use `{right}`",
    )


def _edits(node: ast.Attribute, right: str, file: CheckedFile) -> Iterator[Edit]:
    yield file.editor.replace_attribute(node, right)
