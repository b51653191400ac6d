"""What several ask for at the same time is done once, for all of them."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class SingleFlight(Generic[Key, Value]):
    """Work under way, by what it is about."""

    def __init__(self) -> None:
        self._running: dict[Key, asyncio.Task[Value]] = {}

    async def do(self, key: Key, work: Callable[[], Coroutine[Any, Any, Value]]) -> Value:
        """Return, or raise, what the work comes to; begin it unless it is under way.

        Who is cancelled while waiting leaves it to the others.
        """
        running = self._running.get(key)
        if running is None:
            running = asyncio.create_task(work())
            self._running[key] = running
            running.add_done_callback(partial(self._done, key))
        return await asyncio.shield(running)

    def _done(self, key: Key, finished: asyncio.Task[Value]) -> None:
        del self._running[key]
        # Read, so that a failure nobody waited for is not reported by the loop.
        if not finished.cancelled():
            finished.exception()
