"""Analyses in processes that may die: what a repository holds can hurt only its own analysis."""

import asyncio
import os
from collections.abc import Iterator, Mapping
from typing import Self

from bot.analysis.request import FixPlan, Report, Request
from bot.isolation.conversation import Fetch
from bot.isolation.errors import AnalysisFailed
from bot.isolation.fork_client import ForkClient
from bot.isolation.frames import Task
from bot.isolation.limits import Limits
from bot.isolation.server_process import can_fork
from bot.isolation.worker import Worker

__all__ = ["Analyser", "AnalysisFailed", "Fetch", "Limits"]

_DEFAULT_LIMITS = Limits()
_GENERATORS: Mapping[Task, str] = {
    Task.ANALYSE: "bot.rules:analyse",
    Task.CHECK_PART: "bot.rules:check_part",
    Task.PLAN_FIXES: "bot.rules:plan_fixes",
}


class Analyser:
    """One forkserver and many analyses, as many at once as there are processors.

    A service has a forkserver that never saw its secrets, and that has loaded libcst, which
    takes a third of a second and only fixes need. A command (`forks`) should start quickly: it
    forks its own process where that is safe.
    """

    def __init__(
        self,
        limits: Limits = _DEFAULT_LIMITS,
        *,
        forks: bool = False,
        _generators: Mapping[Task, str] = _GENERATORS,
    ) -> None:
        self._limits = limits
        self._forks = forks
        self._generators = _generators
        self._server: ForkClient | None = None
        self._turns = asyncio.Semaphore(os.cpu_count() or 1)
        self._closed = False

    @classmethod
    async def start(cls, limits: Limits = _DEFAULT_LIMITS) -> "Analyser":
        """Start the forkserver; it makes itself ready while the caller goes on."""
        analyser = cls(limits)
        await analyser.open()
        return analyser

    async def open(self) -> None:
        """Start the forkserver if none runs."""
        self._server = await self._running()

    async def close(self) -> None:
        """End the forkserver and every analysis."""
        self._closed = True
        if self._server is not None:
            await self._server.close()

    async def __aenter__(self) -> Self:
        """Open on entering."""
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close on leaving."""
        await self.close()

    async def analyse(self, request: Request, fetch: Fetch) -> Report:
        """Check what the request names.

        Raises:
            AnalysisFailed: there is no verdict; the reason may be shown.
            UserError: somebody outside can repair what stood in the way.
        """
        async with self._turns, Worker(self._running, self._limits, fetch) as worker:
            return await worker.report(Task.ANALYSE, request)

    async def plan_fixes(self, request: Request, fetch: Fetch) -> FixPlan:
        """Plan the fixes that the request asks for.

        Raises:
            AnalysisFailed: there is no plan; the reason may be shown.
            UserError: somebody outside can repair what stood in the way.
        """
        async with self._turns, Worker(self._running, self._limits, fetch) as worker:
            return await worker.plan(request)

    async def check_parts(self, parts: Iterator[Request], fetch: Fetch) -> list[Report]:
        """Check parts of one tree, one after another in one process, which reads it once.

        Others may take from the same iterator meanwhile.

        Raises:
            AnalysisFailed: there is no verdict on a part; the reason may be shown.
            UserError: somebody outside can repair what stood in the way.
        """
        async with self._turns, Worker(self._running, self._limits, fetch) as worker:
            return [await worker.report(Task.CHECK_PART, part) for part in parts]

    async def _running(self) -> ForkClient:
        """Return the forkserver; a lost one is replaced, once for all who notice.

        A closed analyser's lost forkserver stays lost.
        """
        server = self._server
        if server is not None and (self._closed or not server.lost):
            return server
        self._server = self._started()
        if server is not None:
            await server.close()
        return self._server

    def _started(self) -> ForkClient:
        if self._forks and can_fork():
            return ForkClient.fork(self._generators, self._limits)
        return ForkClient.start(self._generators, self._limits, libcst=not self._forks)
