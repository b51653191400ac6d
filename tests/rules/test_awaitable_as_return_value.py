"""The rule says of a mock what awaiting its call really gives."""

import asyncio
import inspect
import sys
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from tests.trees import report_on

SHOP = """
async def fetch(url="there"):
    return url


class Service:
    async def fetch(self):
        return 3
"""
HEAD = """
import asyncio
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch

import shop


async def three():
    return 3


def done():
    future = asyncio.Future()
    future.set_result(3)
    return future
"""
# Each sets `call`; in an async function, so that futures have a loop.
GIVES_AN_AWAITABLE = {
    "a coroutine of an AsyncMock": "call = AsyncMock(return_value=three())",
    "a coroutine, set later": "call = AsyncMock()\ncall.return_value = three()",
    "a coroutine of a child": """
        client = AsyncMock()
        client.get.return_value = three()
        call = client.get
    """,
    "a future in the place of an async function": """
        future = asyncio.Future()
        with patch("shop.fetch", return_value=future) as call:
            pass
    """,
    "a future in the place of an async method": """
        future = asyncio.Future()
        call = patch.object(shop.Service, "fetch", return_value=future).start()
        patch.stopall()
    """,
    "a future of a spec's method": """
        service = Mock(spec=shop.Service)
        service.fetch.return_value = asyncio.Future()
        call = service.fetch
    """,
}
GIVES_A_RESULT = {
    "a value": "call = AsyncMock(return_value=3)",
    "an async side effect": "call = AsyncMock(side_effect=three)",
    "a future of a plain mock": """
        future = asyncio.Future()
        future.set_result(3)
        call = Mock(return_value=future)
    """,
    "a future of a plain mock in the place of an async function": """
        future = asyncio.Future()
        future.set_result(3)
        with patch("shop.fetch", new_callable=MagicMock, return_value=future) as call:
            pass
    """,
    "what another AsyncMock gives": "call = AsyncMock(side_effect=AsyncMock(return_value=3))",
}


@pytest.mark.parametrize("setup", GIVES_AN_AWAITABLE.values(), ids=GIVES_AN_AWAITABLE)
def test_an_awaitable_for_a_result_is_reported(
    setup: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = awaited(setup, monkeypatch)

    assert inspect.isawaitable(given)
    if inspect.iscoroutine(given):
        given.close()
    assert is_reported(setup)


@pytest.mark.parametrize("setup", GIVES_A_RESULT.values(), ids=GIVES_A_RESULT)
def test_a_result_is_not_reported(setup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert awaited(setup, monkeypatch) == 3
    assert not is_reported(setup)


def test_a_coroutine_of_a_plain_mock_serves_one_call() -> None:
    setup = "call = Mock(return_value=three())"
    report = report_on({"shop.py": SHOP, "test_it.py": source(setup)})

    assert [one.severity for one in report.findings if one.code == "AWT402"] == ["notice"]


def awaited(setup: str, monkeypatch: pytest.MonkeyPatch) -> object:
    """Return what awaiting `call()` really gives."""
    shop = ModuleType("shop")
    exec(SHOP, shop.__dict__)  # noqa: S102 - our own lines above
    monkeypatch.setitem(sys.modules, "shop", shop)
    names: dict[str, Any] = {}
    exec(source(setup, "return await call()"), names)  # noqa: S102 - our own lines above
    return asyncio.run(names["test_it"]())


def source(setup: str, last: str = "await call()") -> str:
    lines = [*dedent(setup).strip().splitlines(), last]
    return f"{HEAD}\n\nasync def test_it():\n" + "".join(f"    {line}\n" for line in lines)


def is_reported(setup: str) -> bool:
    report = report_on({"shop.py": SHOP, "test_it.py": source(setup)})
    return any(one.code == "AWT402" for one in report.findings)
