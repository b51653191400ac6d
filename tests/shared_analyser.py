"""One real analyser for the tests of a process, each of which has an event loop of its own.

Starting a forkserver takes most of a second; that it is started and replaced as it should be is
what tests/isolation is about.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from bot.analysis.request import Content, FixPlan, Report, Request
from bot.isolation.analyser import Analyser, Fetch

Result = TypeVar("Result")


class SharedAnalyser(Analyser):
    """Has a real analyser work in the loop of a thread. Closing it closes nothing."""

    def __init__(self, real: Analyser, home: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._real = real
        self._home = home

    async def open(self) -> None:
        """Do nothing: it is open."""

    async def close(self) -> None:
        """Do nothing: others use it."""

    async def analyse(self, request: Request, fetch: Fetch) -> Report:
        return await _run(self._real.analyse(request, _from_here(fetch)), self._home)

    async def plan_fixes(self, request: Request, fetch: Fetch) -> FixPlan:
        return await _run(self._real.plan_fixes(request, _from_here(fetch)), self._home)


@contextmanager
def shared_analyser() -> Iterator[SharedAnalyser]:
    """Keep an analyser for as long as the block runs."""
    home = asyncio.new_event_loop()
    thread = threading.Thread(target=home.run_forever)
    thread.start()
    try:
        real = asyncio.run_coroutine_threadsafe(Analyser.start(), home).result()
        yield SharedAnalyser(real, home)
        asyncio.run_coroutine_threadsafe(real.close(), home).result()
        asyncio.run_coroutine_threadsafe(home.shutdown_default_executor(), home).result()
    finally:
        home.call_soon_threadsafe(home.stop)
        thread.join()
        home.close()


def _from_here(fetch: Fetch) -> Fetch:
    """Return what fetches in the loop that runs now, wherever it is called."""
    here = asyncio.get_running_loop()

    async def fetching(paths: frozenset[str]) -> Mapping[str, Content]:
        return await _run(_awaited(fetch, paths), here)

    return fetching


async def _awaited(fetch: Fetch, paths: frozenset[str]) -> Mapping[str, Content]:
    return await fetch(paths)


async def _run(work: Coroutine[Any, Any, Result], loop: asyncio.AbstractEventLoop) -> Result:
    return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, loop))
