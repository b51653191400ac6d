"""Waiting for something to become true, but not for ever."""

import asyncio
from collections.abc import Callable


async def until(condition: Callable[[], bool], deadline: float = 20) -> None:
    async with asyncio.timeout(deadline):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in files and processes
            await asyncio.sleep(0.01)
