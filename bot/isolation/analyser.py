"""Analyses in processes that may die: what a repository holds can hurt only its own analysis."""

import asyncio
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from bot.analysis.request import Content, FixPlan, Report, Request
from bot.isolation.conversation import Conversation, Culprit, Fetch
from bot.isolation.errors import AnalysisFailed, ServerLost
from bot.isolation.fork_client import ForkClient
from bot.isolation.frames import Begin, Task
from bot.isolation.limits import Limits

__all__ = ["Analyser", "AnalysisFailed", "Fetch", "Limits"]

_DEFAULT_LIMITS = Limits()
_GENERATORS: Mapping[Task, str] = {
    Task.ANALYSE: "bot.rules:analyse",
    Task.PLAN_FIXES: "bot.rules:plan_fixes",
}
_MAX_CULPRITS = 20


class Analyser:
    """One forkserver and many analyses, as many at once as there are processors.

    `preload` has the forkserver load libcst, which takes a third of a second and only fixes
    need: right for a service, not for a command that should start quickly.
    """

    def __init__(
        self,
        limits: Limits = _DEFAULT_LIMITS,
        *,
        preload: bool = True,
        _generators: Mapping[Task, str] = _GENERATORS,
    ) -> None:
        self._limits = limits
        self._preload = preload
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
        result = await self._run(Task.ANALYSE, request, fetch)
        if not isinstance(result, Report):
            raise AnalysisFailed("the analysis answered what it was not asked")
        return result

    async def plan_fixes(self, request: Request, fetch: Fetch) -> FixPlan:
        """Plan the fixes that the request asks for.

        Raises:
            AnalysisFailed: there is no plan; the reason may be shown.
            UserError: somebody outside can repair what stood in the way.
        """
        result = await self._run(Task.PLAN_FIXES, request, fetch)
        if not isinstance(result, FixPlan):
            raise AnalysisFailed("the analysis answered what it was not asked")
        return result

    async def _run(self, task: Task, request: Request, fetch: Fetch) -> Report | FixPlan:
        remembered = _Remembered(fetch)
        lost = 0
        async with self._turns:
            while True:
                try:
                    return await self._attempt(Begin(task, request), remembered.fetch)
                except Culprit as culprit:
                    request = _without(culprit, request)
                except ServerLost as error:
                    lost += 1
                    if lost > 1 or self._closed:
                        raise AnalysisFailed(
                            "the analysis process could not be kept running", str(error)
                        ) from error

    async def _attempt(self, begin: Begin, fetch: Fetch) -> Report | FixPlan:
        server = await self._running()
        try:
            async with server.child() as child:
                return await Conversation(child, self._limits).hold(begin, fetch)
        except ServerLost as error:
            raise ServerLost(server.last_words) from error

    async def _running(self) -> ForkClient:
        """Return the forkserver; a lost one is replaced, once for all who notice."""
        server = self._server
        if server is not None and (self._closed or not server.lost):
            return server
        self._server = ForkClient.start(self._generators, self._limits, libcst=self._preload)
        if server is not None:
            await server.close()
        return self._server


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What was fetched, so that an analysis that starts again costs no second request."""

    source: Fetch
    contents: dict[str, Content] = field(default_factory=dict[str, Content])

    async def fetch(self, paths: frozenset[str]) -> Mapping[str, Content]:
        missing = paths - self.contents.keys()
        if missing:
            self.contents.update(await self.source(missing))
        return {path: self.contents.get(path) for path in paths}


def _without(culprit: Culprit, request: Request) -> Request:
    """Return the request with the culprit left out.

    Raises:
        AnalysisFailed: it was left out already, or there are too many such files.
    """
    if culprit.path in request.quarantined or len(request.quarantined) >= _MAX_CULPRITS:
        raise culprit.failure
    return replace(request, quarantined=(*request.quarantined, culprit.path))
