"""A server that answers as it was told, for what the real GitHub rarely does."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.github.clock import Clock

DROP = object()


@dataclass(frozen=True)
class Answer:
    """One answer. A body that is not bytes is sent as JSON; DROP closes the connection."""

    body: Any = field(default_factory=dict)
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    wait: asyncio.Event | None = None


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def token(self) -> str:
        return self.headers["Authorization"].partition(" ")[2]


class Stub:
    """Gives its answers in order, the last one for ever; mints tokens by itself."""

    def __init__(self, clock: Clock) -> None:
        self.url = ""
        self.answers: list[Answer] = [Answer()]
        self.received: list[Received] = []
        self.minted: list[Received] = []
        self.minting: list[Answer] = []
        self.lifetime = 3600.0
        self._clock = clock
        self._arrival = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_post("/app/installations/{id}/access_tokens", self._mint)
        app.router.add_route("*", "/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def close(self) -> None:
        assert self._runner is not None
        await self._runner.cleanup()

    async def arrived(self, number: int) -> None:
        """Wait until so many requests have come."""
        async with asyncio.timeout(5), self._arrival:
            await self._arrival.wait_for(lambda: len(self.received) >= number)

    async def _mint(self, request: web.Request) -> web.StreamResponse:
        self.minted.append(await _received(request))
        if self.minting:
            return await _respond(request, self.minting.pop(0))
        expires = datetime.fromtimestamp(self._clock() + self.lifetime, UTC)
        body = {"token": f"ghs_{len(self.minted)}", "expires_at": expires.isoformat()}
        return await _respond(request, Answer(body, 201))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        self.received.append(await _received(request))
        async with self._arrival:
            self._arrival.notify_all()
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await _respond(request, answer)


async def _received(request: web.Request) -> Received:
    return Received(request.method, request.raw_path, request.headers.copy(), await request.read())


async def _respond(request: web.Request, answer: Answer) -> web.StreamResponse:
    if answer.wait is not None:
        await answer.wait.wait()
    if answer.body is DROP:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    body = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
    headers = {"Content-Type": answer.content_type, **answer.headers}
    return web.Response(status=answer.status, body=body, headers=headers)
