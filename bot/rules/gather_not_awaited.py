"""`asyncio.gather`, `wait`, `wait_for` or `shield` is called, and nothing awaits it.

## What it finds

Calls of asyncio's functions that wait for others, dropped as a statement of their own or under
a name that nobody reads, or unpacked and looked into as if they had waited.

## Why it matters

What is handed to `wait_for` and `wait` never runs. What is handed to `gather` is started and left
behind: the test ends before it does, and its exceptions are lost without a warning.

## Fix

Puts `await` in front of the call (safe).
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
    code="AWT204",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import asyncio
            from asyncio import wait_for

            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                asyncio.gather(fetch(), fetch())  # error
                wait_for(fetch(), 1)  # error
                done = asyncio.wait([asyncio.create_task(fetch())])  # error
                with pytest.raises(ValueError):
                    asyncio.gather(fetch())  # error
                first, second = asyncio.gather(fetch(), fetch())  # error
                both = asyncio.gather(fetch(), fetch())  # error
                assert both[0] == 3
            """,
            fixed="""
            import asyncio
            from asyncio import wait_for

            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                await asyncio.gather(fetch(), fetch())
                await wait_for(fetch(), 1)
                done = await asyncio.wait([asyncio.create_task(fetch())])
                with pytest.raises(ValueError):
                    await asyncio.gather(fetch())
                first, second = await asyncio.gather(fetch(), fetch())
                both = await asyncio.gather(fetch(), fetch())
                assert both[0] == 3
            """,
            safety=Safety.SAFE,
            says="is not awaited",
        ),
        Bad(
            """
            import asyncio

            async def fetch():
                return 3

            def start():
                asyncio.gather(fetch())  # error
            """,
        ),
        Good(
            """
            import asyncio

            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                both = asyncio.gather(fetch(), fetch())
                assert not both.done()
                assert both._children
                assert await both == [3, 3]
                await asyncio.wait_for(asyncio.shield(fetch()), 1)
            """,
            because="it is awaited, if later",
        ),
        Good(
            """
            import asyncio

            import pytest

            async def fetch():
                return 3

            @pytest.mark.asyncio
            async def test_fetch():
                asyncio.sleep(1)
                assert asyncio.wait_for(fetch(), 1) == 3
                with pytest.raises(ValueError):
                    asyncio.wait_for(fetch(), 1)
            """,
            because="other functions are the business of other rules",
        ),
    ],
)
_FATES = frozenset({Fate.DROPPED, Fate.USED, Fate.ITERATED})


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report waiting that is not waited for."""
    for use in file.facts.call_uses.in_module(file.module):
        if use.fate in _FATES and use.given.dotted in WAITING and _is_ours(use):
            yield rule.finding(
                file.place_of_node(use.place),
                f"`{use.name}()` is not awaited, so the test does not wait for what it is handed",
                symbol=use.function.definition.qualname,
                fix=await_fix(use, file) if use.in_async else None,
                advice="" if use.in_async else "make the function async and await it",
            )


def _is_ours(use: CallUse) -> bool:
    """Of coroutines under `pytest.raises` another rule speaks."""
    return use.raises is None or use.given.gives is Gives.FUTURE
