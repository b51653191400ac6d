"""The rule reports exactly the tests that leave Python with a coroutine that was never awaited."""

import asyncio
import gc
import warnings
from textwrap import dedent
from typing import Any

import pytest

from tests.trees import report_on

HEAD = """
import asyncio
import contextlib
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch


class Till:
    async def open(self):
        return True

    def name(self):
        return "till"


"""
LOST = {
    "a statement": "mock = AsyncMock()\nmock()",
    "a child": "mock = AsyncMock()\nmock.close()",
    "a grandchild": "mock = AsyncMock()\nmock.session.close()",
    "a child of a plain mock": "mock = Mock()\nmock.close = AsyncMock()\nmock.close()",
    "an argument of a plain mock": "mock = MagicMock(close=AsyncMock())\nmock.close()",
    "a spec's method": "till = Mock(spec=Till)\ntill.open()",
    "an autospec's method": "till = create_autospec(Till, instance=True)\ntill.open()",
    "a patched method": """
        with patch.object(Till, "open") as opened:
            opened()
    """,
    "a started patch": """
        opened = patch.object(Till, "open").start()
        opened()
        patch.stopall()
    """,
    "an entered patch": """
        with contextlib.ExitStack() as stack:
            opened = stack.enter_context(patch.object(Till, "open"))
            opened()
    """,
    "an assertion": "mock = AsyncMock(return_value=False)\nassert mock()",
    "a name that is never read": "mock = AsyncMock()\nresult = mock()",
    "a name that is asserted": "mock = AsyncMock()\nresult = mock()\nassert result",
}
AWAITED = {
    "awaited": "mock = AsyncMock()\nawait mock()",
    "awaited by name": "mock = AsyncMock()\ncoroutine = mock()\nawait coroutine",
    "gathered": "mock = AsyncMock()\nawait asyncio.gather(mock(), mock())",
    "gathered from a list": """
        mock = AsyncMock()
        calls = [mock() for _ in range(3)]
        await asyncio.gather(*calls)
    """,
    "a task": "mock = AsyncMock()\nawait asyncio.create_task(mock())",
    "a group's task": """
        mock = AsyncMock()
        async with asyncio.TaskGroup() as group:
            group.create_task(mock())
    """,
    "a plain mock": "mock = Mock()\nmock()\nmock.close()",
    "a sync method of a spec": "till = AsyncMock(spec=Till)\ntill.name()",
    "a sync child": "mock = AsyncMock()\nmock.close = Mock()\nmock.close()",
    "a sync argument": "mock = AsyncMock(close=Mock())\nmock.close()",
    "an attached child": "mock = AsyncMock()\nmock.attach_mock(Mock(), 'close')\nmock.close()",
    "a configured child": "mock = AsyncMock()\nmock.configure_mock(close=Mock())\nmock.close()",
    "a patched sync method": """
        with patch.object(Till, "name") as name:
            name()
    """,
    "its own methods": "mock = AsyncMock()\nmock.reset_mock()\nmock.assert_not_called()",
}


@pytest.mark.parametrize("body", LOST.values(), ids=LOST)
def test_what_is_never_awaited_is_reported(body: str) -> None:
    assert loses_a_coroutine(body)
    assert is_reported(body)


@pytest.mark.parametrize("body", AWAITED.values(), ids=AWAITED)
def test_what_is_awaited_is_not_reported(body: str) -> None:
    assert not loses_a_coroutine(body)
    assert not is_reported(body)


def loses_a_coroutine(body: str) -> bool:
    """Run a test for real: does Python say that a coroutine was never awaited?"""
    names: dict[str, Any] = {}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(source(body), names)  # noqa: S102 - our own lines above
        asyncio.run(names["test_it"]())
        names.clear()
        gc.collect()
    return any("never awaited" in str(one.message) for one in caught)


def source(body: str) -> str:
    lines = dedent(body).strip().splitlines()
    return f"{HEAD}async def test_it():\n" + "".join(f"    {line}\n" for line in lines)


def is_reported(body: str) -> bool:
    report = report_on({"test_it.py": source(body)})
    return any(one.code == "AWT403" for one in report.findings)
