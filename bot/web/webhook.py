"""Where GitHub delivers: verified, stored, and only then acknowledged.

GitHub waits ten seconds and never delivers again by itself, so an answer below 300 is a promise,
and whatever could not be stored gets one that shows as failed on the app's page of deliveries.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

import structlog
from aiohttp import web

from bot.github.delivery import Delivery
from bot.github.errors import InvalidSignature, MalformedDelivery
from bot.jobs.engine import Engine, EngineClosed
from bot.jobs.job import Job

# GitHub sends no payload larger than 25 MB ("Webhook events and payloads").
LARGEST_BODY = 25 * 2**20
# Above this, hashing and parsing would hold up everybody else on the loop.
_LARGE_BODY = 2**18

_log = structlog.stdlib.get_logger(__name__)


class Refused(Exception):
    """The request gets an answer that says why it was not accepted."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class Webhook:
    """Handles `POST /webhook`."""

    def __init__(
        self,
        engine: Engine,
        jobs_for: Callable[[Delivery], Sequence[Job]],
        *,
        app_id: str,
        secrets: Sequence[str],
        patience: float = 8.0,
    ) -> None:
        """Prepare.

        Args:
            engine: where jobs are stored.
            jobs_for: what a delivery asks for; raises MalformedDelivery.
            app_id: deliveries to other apps are refused.
            secrets: any of them may have signed.
            patience: seconds to read the body, and again seconds to store the jobs.
        """
        self._engine = engine
        self._jobs_for = jobs_for
        self._app_id = app_id
        self._secrets = tuple(secrets)
        self._patience = patience

    async def __call__(self, request: web.Request) -> web.Response:
        """Answer one delivery."""
        began = time.perf_counter()
        structlog.contextvars.clear_contextvars()
        try:
            status, outcome = await self._deliver(request)
        except Refused as refusal:
            _log.warning("refused", status=refusal.status, reason=str(refusal))
            return web.json_response({"error": str(refusal)}, status=refusal.status)
        milliseconds = round((time.perf_counter() - began) * 1000, 1)
        _log.info("delivery", outcome=outcome, milliseconds=milliseconds)
        return web.json_response({"status": outcome}, status=status)

    async def _deliver(self, request: web.Request) -> tuple[int, str]:
        delivery = await self._delivery(request)
        structlog.contextvars.bind_contextvars(
            delivery=delivery.id,
            webhook=delivery.name,
            installation=delivery.installation_id,
        )
        self._check_target(delivery)
        if delivery.event == "ping":
            return 200, "pong"
        try:
            jobs = self._jobs_for(delivery)
        except MalformedDelivery as error:
            raise Refused(400, str(error)) from error
        if not jobs:
            return 202, "ignored"
        return 202, await self._store(delivery, jobs)

    async def _delivery(self, request: web.Request) -> Delivery:
        try:
            async with asyncio.timeout(self._patience):
                body = await _body(request)
        except TimeoutError:
            raise Refused(408, "the body took too long to arrive") from None
        headers: dict[str, str] = dict(request.headers)
        try:
            if len(body) < _LARGE_BODY:
                return Delivery.from_http(headers, body, self._secrets)
            return await asyncio.to_thread(Delivery.from_http, headers, body, self._secrets)
        except InvalidSignature as error:
            raise Refused(401, str(error)) from error
        except MalformedDelivery as error:
            raise Refused(400, str(error)) from error

    def _check_target(self, delivery: Delivery) -> None:
        if delivery.hook_target not in {None, self._app_id}:
            raise Refused(421, f"this delivery is for {delivery.hook_target}, not for this app")

    async def _store(self, delivery: Delivery, jobs: Sequence[Job]) -> str:
        # A delivery id is unique within an app only; the engine wants no colon in it.
        key = f"{self._app_id}:{delivery.id.replace(':', '.')}"
        try:
            async with asyncio.timeout(self._patience):
                accepted = await self._engine.accept(key, jobs)
        except TimeoutError:
            raise Refused(503, "the database is busy: please redeliver") from None
        except EngineClosed:
            raise Refused(503, "the bot is shutting down: please redeliver") from None
        except Exception as error:
            _log.exception("not stored")
            raise Refused(503, "the delivery could not be stored: please redeliver") from error
        return accepted.value


async def _body(request: web.Request) -> bytes:
    """Read the body, and no more than is allowed, whatever its headers say."""
    too_large = Refused(413, f"the body is larger than {LARGEST_BODY // 2**20} MiB")
    if (request.content_length or 0) > LARGEST_BODY:
        raise too_large
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise too_large
    return bytes(body)


def route(webhook: Webhook) -> web.RouteDef:
    """Say where deliveries go."""
    return web.post("/webhook", webhook.__call__)
