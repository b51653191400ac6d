"""Who is at work in this process, so that a shutdown can let them finish."""

import asyncio
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any


class Drain:
    """Tasks that must not be torn off, as long as there is time."""

    def __init__(self) -> None:
        self._closing = False
        self._working = set[asyncio.Task[Any]]()
        self._resting = set[asyncio.Task[Any]]()

    @property
    def busy(self) -> bool:
        """Somebody is at work, or rests between two attempts."""
        return bool(self._working)

    @contextmanager
    def at_work(self) -> Generator[None]:
        """Make a shutdown wait for the current task.

        Raises:
            asyncio.CancelledError: the shutdown has begun; the task must leave without a trace.
        """
        with self._within(self._working):
            yield

    @contextmanager
    def at_rest(self) -> Generator[None]:
        """Within `at_work`: let a shutdown cancel the current task at once."""
        with self._within(self._resting):
            yield

    async def close(self, grace: float) -> None:
        """Wait `grace` seconds for those at work, then cancel who is left."""
        self._closing = True
        _cancel(self._resting)
        if self._working:
            await asyncio.wait(set(self._working), timeout=grace)
        left = set(self._working)
        _cancel(left)
        await asyncio.gather(*left, return_exceptions=True)

    @contextmanager
    def _within(self, group: set[asyncio.Task[Any]]) -> Generator[None]:
        task = asyncio.current_task()
        if self._closing or task is None:
            raise asyncio.CancelledError
        group.add(task)
        try:
            yield
        finally:
            group.discard(task)


def _cancel(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
