"""The rule says of an `__aexit__` what leaving the block by an error really does."""

import asyncio
from contextlib import AbstractAsyncContextManager, nullcontext
from textwrap import dedent
from typing import Any

import pytest

from tests.trees import report_on

HEAD = """
from contextlib import nullcontext
from unittest.mock import AsyncMock, MagicMock, Mock, create_autospec, patch


class Session:
    async def __aenter__(self):
        return self

    async def __aexit__(self, *error):
        return None


class Lock:
    async def __aenter__(self):
        return self

    def __aexit__(self, *error):
        return Session().__aexit__(*error)

"""
SWALLOWS = {
    "set": "manager = MagicMock()\nmanager.__aenter__ = manager.__aexit__ = AsyncMock()",
    "set on what a call returns": """
        factory = MagicMock()
        factory.return_value.__aexit__ = AsyncMock()
        manager = factory()
    """,
    "an argument": "manager = MagicMock(__aenter__=AsyncMock(), __aexit__=AsyncMock())",
    "a spelt out argument": """
        manager = MagicMock(**{"__aenter__": AsyncMock(), "__aexit__": AsyncMock()})
    """,
    "configured": """
        manager = MagicMock()
        manager.configure_mock(__aenter__=AsyncMock(), __aexit__=AsyncMock())
    """,
    "set on the type": "manager = MagicMock()\ntype(manager).__aexit__ = AsyncMock()",
    "a class body": """
        class Fake:
            __aenter__ = AsyncMock()
            __aexit__ = AsyncMock()
        manager = Fake()
    """,
    "a mock returned": """
        manager = MagicMock()
        manager.__aenter__ = AsyncMock()
        manager.__aexit__ = AsyncMock(return_value=Mock())
    """,
    "a spec": """
        manager = MagicMock()
        manager.__aenter__ = AsyncMock()
        manager.__aexit__ = AsyncMock(spec=Session.__aexit__)
    """,
    "patched": """
        manager = Session()
        context = patch.object(Session, "__aexit__")
    """,
    "patched with autospec": """
        manager = Session()
        context = patch.object(Session, "__aexit__", autospec=True)
    """,
    "patched by class": """
        manager = Lock()
        context = patch.object(Lock, "__aexit__", new_callable=AsyncMock)
    """,
    "patched with an object": """
        manager = Lock()
        context = patch.object(Lock, "__aexit__", AsyncMock())
    """,
}
RAISES = {
    "nothing set": "manager = MagicMock()",
    "the default of an AsyncMock": "manager = AsyncMock()",
    "a spec's default": "manager = create_autospec(Session, instance=True)",
    "None": """
        manager = MagicMock()
        manager.__aenter__ = AsyncMock()
        manager.__aexit__ = AsyncMock(return_value=None)
    """,
    "False": """
        manager = MagicMock(
            __aenter__=AsyncMock(), __aexit__=AsyncMock(return_value=False)
        )
    """,
    "set later": """
        manager = MagicMock(__aenter__=AsyncMock(), __aexit__=AsyncMock())
        manager.__aexit__.return_value = None
    """,
    "a side effect": """
        manager = MagicMock()
        manager.__aenter__ = AsyncMock()
        manager.__aexit__ = AsyncMock(side_effect=[None])
    """,
    "a side effect later": """
        manager = MagicMock(__aenter__=AsyncMock(), __aexit__=AsyncMock())
        manager.__aexit__.side_effect = lambda *error: None
    """,
    "patched to return None": """
        manager = Session()
        context = patch.object(Session, "__aexit__", return_value=None)
    """,
    "a function that is only handed on": """
        manager = Lock()
        context = nullcontext()
    """,
}


@pytest.mark.parametrize("setup", SWALLOWS.values(), ids=SWALLOWS)
def test_what_swallows_is_reported(setup: str) -> None:
    assert swallows(setup)
    assert is_reported(setup)


@pytest.mark.parametrize("setup", RAISES.values(), ids=RAISES)
def test_what_raises_is_not_reported(setup: str) -> None:
    assert not swallows(setup)
    assert not is_reported(setup)


def swallows(setup: str) -> bool:
    """Enter what `setup` makes, for real, and leave it by an error."""
    names: dict[str, Any] = {"context": nullcontext()}
    exec(HEAD + dedent(setup), names)  # noqa: S102 - our own lines above
    with names["context"]:
        return asyncio.run(_loses_its_error(names["manager"]))


async def _loses_its_error(manager: AbstractAsyncContextManager[object]) -> bool:
    try:
        async with manager:
            int("no number")
    except ValueError:
        return False
    return True


def is_reported(setup: str) -> bool:
    body = "".join(f"    {line}\n" for line in dedent(setup).splitlines())
    report = report_on({"test_it.py": f"{HEAD}def test_it():\n{body}"})
    return any(one.code == "AWT401" for one in report.findings)
