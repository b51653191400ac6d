"""The one HTTP server: every request passes faults, authentication, referee and log."""

import asyncio
import hashlib
import json
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, cast

from aiohttp import hdrs, web

from bot.sandbox import descriptions
from bot.sandbox.auth import Caller, identify
from bot.sandbox.errors import DOCUMENTATION, ApiError, invalid, not_found
from bot.sandbox.faults import Fault
from bot.sandbox.graphql_api import endpoint
from bot.sandbox.graphql_api.sources import Context
from bot.sandbox.model import Exchange, Json
from bot.sandbox.rest.call import Call, Reply
from bot.sandbox.rest.table import ANSWERS
from bot.sandbox.site import Site
from bot.sandbox.smart_http import SmartHttp

REST = "/api/v3"
GRAPHQL = "/api/graphql"
MAX_BODY = 256 * 1024 * 1024
SECRET_HEADERS = frozenset({"authorization", "cookie"})
API_VERSIONS = ("2022-11-28", "2026-03-10")
SECONDARY_LIMIT = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)


@dataclass(slots=True)
class Incoming:
    """A request with its body read, and what is found out about it on the way."""

    http: web.Request
    raw: bytes
    started: float
    fault: Fault | None = None
    operation: str = "?"
    caller: str = "anonymous"
    body: Any = None

    @property
    def path(self) -> str:
        """The path below `/api/v3`, still escaped."""
        return self.http.raw_path.partition("?")[0].removeprefix(REST) or "/"

    def is_fault(self, *kinds: str) -> bool:
        """Whether the fault that was ordered for this request is one of these."""
        return self.fault is not None and self.fault.kind in kinds


@dataclass(slots=True)
class Server:
    """Answers the REST and GraphQL interfaces; the log and the counts hold no credentials."""

    site: Site
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    requests: Counter[str] = field(default_factory=Counter[str])

    def application(self) -> web.Application:
        """Return the application with all interfaces mounted."""
        app = web.Application(client_max_size=MAX_BODY)
        SmartHttp(self.site).mount(app)
        app.router.add_route("*", GRAPHQL, self.answer)
        app.router.add_route("*", REST + "{tail:.*}", self.answer)
        return app

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of the REST or the GraphQL interface."""
        incoming = Incoming(request, await request.read(), time.monotonic())
        incoming.fault = self.site.faults.take(_targets(incoming))
        reply = await self._with_fault(incoming)
        if reply is None:
            reply = self._work(incoming)
        self._log(incoming, reply.status)
        if incoming.is_fault("drop", "lost-reply"):
            _hang_up(request)
        return self._response(incoming, reply)

    # Faults

    async def _with_fault(self, incoming: Incoming) -> Reply | None:
        """Return the answer that a fault gives in place of any work."""
        fault = incoming.fault
        if fault is None:
            return None
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return _fault_reply(fault)

    # Work

    def _work(self, incoming: Incoming) -> Reply:
        try:
            _check_headers(incoming.http)
            caller = identify(self.site.world, incoming.http.headers.get(hdrs.AUTHORIZATION))
            incoming.caller = caller.name
            if incoming.http.path == GRAPHQL:
                return self._graphql(incoming, caller)
            return self._rest(incoming, caller)
        except ApiError as error:
            return Reply(error.status, error.body(), error.headers)

    def _rest(self, incoming: Incoming, caller: Caller) -> Reply:
        match = descriptions.rest().match(incoming.http.method, incoming.path)
        if match is None:
            self.site.referee.unknown_operation(incoming.http.method, incoming.path)
            raise not_found()
        operation, path = match
        incoming.operation = operation.id
        incoming.body = _json(incoming.raw)
        query = dict(incoming.http.query)
        errors = self.site.referee.request(operation, path, query, incoming.body)
        try:
            _refuse(errors)
            reply = ANSWERS[operation.id](self._call(incoming, caller, path, query))
        except ApiError as error:
            reply = Reply(error.status, error.body(), error.headers)
        self._note_fault(incoming, reply)
        self.site.referee.response(operation, reply.status, _encoded(reply))
        return reply

    def _call(
        self, incoming: Incoming, caller: Caller, path: dict[str, str], query: dict[str, str]
    ) -> Call:
        body: Json = incoming.body or {}
        url = self.site.world.api_url + incoming.path
        return Call(self.site, caller, url, path, query, body, incoming.is_fault("stale-head"))

    def _note_fault(self, incoming: Incoming, reply: Reply) -> None:
        """Let a token that was just minted be refused at first, if that was ordered."""
        fault, body = incoming.fault, reply.body
        if fault is None or fault.kind != "token-not-replicated" or not isinstance(body, dict):
            return
        answer = cast(Json, body)
        if minted := self.site.world.tokens.get(answer.get("token", "")):
            minted.unreplicated_uses = fault.uses

    def _graphql(self, incoming: Incoming, caller: Caller) -> Reply:
        incoming.operation = "graphql"
        if caller.account is None:
            raise ApiError(401, "This endpoint requires you to be authenticated.")
        request = incoming.body = _json(incoming.raw)
        if not isinstance(request, dict) or "query" not in request:
            self.site.referee.graphql(endpoint.schema(), {})
            raise ApiError(400, "A query attribute must be specified and must be a string.")
        body = cast(Json, request)
        incoming.operation = "graphql/" + ",".join(endpoint.root_fields(str(body["query"])))
        errors = self.site.referee.graphql(endpoint.schema(), body)
        if errors:
            return Reply(200, {"errors": [{"message": error} for error in errors]})
        context = Context(self.site, caller, incoming.is_fault("stale-head"))
        outcome = endpoint.answer(body, context)
        self.site.referee.graphql_answer(outcome.faults)
        return Reply(200, outcome.body)

    # Answers

    def _log(self, incoming: Incoming, status: int) -> None:
        request = incoming.http
        if incoming.operation == "?" and request.path.startswith(REST):
            match = descriptions.rest().match(request.method, incoming.path)
            incoming.operation = match[0].id if match else "?"
        self.requests[incoming.operation] += 1
        self.exchanges.append(
            Exchange(
                request.method,
                request.path,
                request.query_string,
                incoming.operation,
                status,
                round(time.monotonic() - incoming.started, 4),
                incoming.caller,
                {k: v for k, v in request.headers.items() if k.lower() not in SECRET_HEADERS},
                incoming.body,
                incoming.fault.kind if incoming.fault else None,
            )
        )

    def _response(self, incoming: Incoming, reply: Reply) -> web.Response:
        headers = _rate_headers(self.site, incoming) | reply.headers
        if isinstance(reply.body, str):
            return web.Response(
                status=reply.status, text=reply.body, headers=headers, content_type="text/html"
            )
        body = _encoded(reply)
        if incoming.http.method == "GET" and reply.status == HTTPStatus.OK:
            etag = f'"{hashlib.sha256(body).hexdigest()}"'
            headers["ETag"] = etag
            if incoming.http.headers.get(hdrs.IF_NONE_MATCH, "").removeprefix("W/") == etag:
                return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
        kind = "application/json" if body else None
        return web.Response(status=reply.status, body=body, headers=headers, content_type=kind)


def _targets(incoming: Incoming) -> list[str]:
    """Return what the faults' patterns are searched in."""
    named = f"{incoming.http.method} {incoming.http.path}"
    if incoming.http.path != GRAPHQL:
        return [named]
    try:
        query = str(json.loads(incoming.raw)["query"])
    except (ValueError, KeyError, TypeError):
        return [named]
    return [named, *(f"{named} {name}" for name in endpoint.root_fields(query))]


def _fault_reply(fault: Fault) -> Reply | None:
    wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    limited = fault.status if fault.status == HTTPStatus.TOO_MANY_REQUESTS else 403
    reset = str(int(time.time()) + 60)
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    match fault.kind:
        case "drop":
            return Reply(0)
        case "status":
            return _error_page(fault.status, wait)
        case "secondary-limit":
            return Reply(limited, ApiError(limited, SECONDARY_LIMIT).body(), wait)
        case "primary-limit":
            said = "API rate limit exceeded for installation."
            return Reply(limited, ApiError(limited, said).body(), spent | wait)
        case "graphql-rate-limit":
            said = "API rate limit already exceeded for installation."
            kind = {"type": "RATE_LIMIT", "code": "graphql_rate_limit", "message": said}
            return Reply(200, {"errors": [kind]}, spent | wait)
        case _:
            return None


def _error_page(status: int, headers: dict[str, str]) -> Reply:
    """GitHub's own failures are pages for people; its refusals are JSON."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Reply(status, "<html><body><h1>Whoa there!</h1></body></html>", headers)
    return Reply(status, ApiError(status, HTTPStatus(status).phrase).body(), headers)


def _hang_up(request: web.Request) -> None:
    """Close the connection under the client's feet."""
    if request.transport is not None:
        request.transport.abort()


def _json(raw: bytes) -> Any:
    if not raw.strip():
        return None
    try:
        return json.loads(raw)
    except ValueError as error:
        raise ApiError(400, "Problems parsing JSON") from error


def _refuse(errors: list[str]) -> None:
    if errors:
        raise invalid(f"Invalid request.\n\n{errors[0]}")


def _check_headers(request: web.Request) -> None:
    if not request.headers.get(hdrs.USER_AGENT):
        raise ApiError(403, "Request forbidden by administrative rules.")
    version = request.headers.get("X-GitHub-Api-Version", API_VERSIONS[0])
    if version not in API_VERSIONS:
        raise ApiError(400, f"'{version}' is not a supported API version. See {DOCUMENTATION}")


def _encoded(reply: Reply) -> bytes:
    return b"" if reply.body is None else json.dumps(reply.body).encode()


def _rate_headers(site: Site, incoming: Incoming) -> dict[str, str]:
    limit = site.limits.requests_per_hour
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(limit - 1),
        "X-RateLimit-Used": "1",
        "X-RateLimit-Reset": str(int(time.time()) + 3600),
        "X-RateLimit-Resource": "graphql" if incoming.http.path == GRAPHQL else "core",
        "X-GitHub-Media-Type": "github.v3; format=json",
        "X-GitHub-Request-Id": secrets.token_hex(8),
    }
