"""Is it alive, is it ready, what is it: for load balancers and the curious."""

import asyncio
import html
from collections.abc import Iterable
from dataclasses import asdict

import structlog
from aiohttp import web

from bot.jobs.engine import Engine, EngineStatus

_log = structlog.stdlib.get_logger(__name__)


class Health:
    """Answers `GET /`, `/healthz` and `/readyz`."""

    def __init__(self, engine: Engine, *, version: str, patience: float = 2.0) -> None:
        """Prepare.

        Args:
            engine: what is asked.
            version: of the bot.
            patience: seconds that the database has to answer.
        """
        self._engine = engine
        self._version = version
        self._patience = patience

    def routes(self) -> Iterable[web.RouteDef]:
        """Say which addresses are answered here."""
        return [
            web.get("/", self.home),
            web.get("/healthz", self.healthz),
            web.get("/readyz", self.readyz),
        ]

    async def home(self, _request: web.Request) -> web.Response:
        """Say what this is, in one line."""
        version = html.escape(self._version)
        line = f"<!doctype html><title>awaited</title><p>awaited {version}: every async test runs"
        return web.Response(text=f"{line}, or the check is red.</p>", content_type="text/html")

    async def healthz(self, _request: web.Request) -> web.Response:
        """Answer 200 as long as the process answers at all: restarting repairs no database."""
        status = await self._status()
        engine = asdict(status) if status else None
        return web.json_response({"status": "ok", "version": self._version, "engine": engine})

    async def readyz(self, _request: web.Request) -> web.Response:
        """Answer 200 if a delivery would be stored now, else 503."""
        status = await self._status()
        if status is None or not status.accepting:
            return web.json_response({"status": "unavailable"}, status=503)
        return web.json_response({"status": "ready"})

    async def _status(self) -> EngineStatus | None:
        try:
            async with asyncio.timeout(self._patience):
                return await self._engine.status()
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer is that it failed
            _log.warning("no status", error=type(error).__name__)
            return None
