"""The one HTTP server: every request passes faults, authentication, an interface, and the log."""

import asyncio
import hashlib
import re
import secrets
import time
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import hdrs, web

from bot.sandbox.auth import identify
from bot.sandbox.budget import Resource
from bot.sandbox.errors import ApiError
from bot.sandbox.faults import reply_to
from bot.sandbox.graphql_api.dispatch import GraphQL
from bot.sandbox.incoming import GRAPHQL, REST, Incoming
from bot.sandbox.model import Exchange
from bot.sandbox.pages.routes import Pages
from bot.sandbox.reply import Reply, refused
from bot.sandbox.rest.dispatch import Rest
from bot.sandbox.site import Site
from bot.sandbox.smart_http import SmartHttp

MAX_BODY = 256 * 1024 * 1024
DROPPED = Reply(0)
# Asking for the budget does not touch it.
FREE = "rate-limit/get"
# The name of a GraphQL query, in the JSON that holds it.
NAMED = re.compile(r'"(?:query|mutation) (\w+)')


@dataclass(slots=True)
class Server:
    """Answers all interfaces; the log and the counts hold no credentials."""

    site: Site
    exchanges: list[Exchange] = field(default_factory=list[Exchange])
    requests: Counter[str] = field(default_factory=Counter[str])

    def application(self) -> web.Application:
        """Return the application with all interfaces mounted."""
        app = web.Application(client_max_size=MAX_BODY)
        SmartHttp(self.site).mount(app)
        app.router.add_route("*", GRAPHQL, self.answer)
        app.router.add_route("*", REST + "{tail:/.*}", self.answer)
        Pages(self.site, self.exchanges).mount(app)
        return app

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request of the REST or the GraphQL interface."""
        incoming = Incoming(request, await request.read())
        interface = GraphQL(self.site) if incoming.is_graphql else Rest(self.site)
        interface.name(incoming)
        incoming.fault = self.site.faults.take(_targets(incoming))
        reply = await self._with_fault(incoming) or self._work(incoming, interface)
        reply = _unchanged(incoming, reply)
        self._log(incoming, reply)
        if incoming.is_fault("drop", "lost-reply"):
            _hang_up(request)
        return self._response(incoming, reply)

    async def _with_fault(self, incoming: Incoming) -> Reply | None:
        """Return the answer that a fault gives in place of any work."""
        fault = incoming.fault
        if fault is None:
            return None
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        return DROPPED if fault.kind == "drop" else reply_to(fault, time.time())

    def _work(self, incoming: Incoming, interface: GraphQL | Rest) -> Reply:
        try:
            incoming.check_headers()
            incoming.caller = identify(self.site.world, incoming.authorization)
            if incoming.operation != FREE:
                self.site.budget.spend(incoming.caller.name, _resource(incoming))
            return interface.answer(incoming)
        except ApiError as error:
            return refused(error)
        except Exception as error:
            self.site.referee.broken(incoming.operation, [repr(error)])
            raise

    def _log(self, incoming: Incoming, reply: Reply) -> None:
        if reply.status == HTTPStatus.NOT_MODIFIED:
            self.site.budget.refund(incoming.caller.name, _resource(incoming))
        self.requests[incoming.operation] += 1
        self.exchanges.append(
            Exchange(
                incoming.method,
                incoming.http.path,
                incoming.http.query_string,
                incoming.operation,
                reply.status,
                round(time.monotonic() - incoming.started, 4),
                incoming.caller.name,
                incoming.logged_headers,
                incoming.body,
                incoming.fault.kind if incoming.fault else None,
            )
        )

    def _response(self, incoming: Incoming, reply: Reply) -> web.Response:
        budget = self.site.budget.headers(incoming.caller.name, _resource(incoming))
        body = reply.encoded()
        headers = {
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Request-Id": secrets.token_hex(8),
        }
        if body:
            headers["Content-Type"] = "text/html" if reply.is_page else "application/json"
        every = headers | budget | reply.headers
        return web.Response(status=reply.status or 500, body=body, headers=every)


def _targets(incoming: Incoming) -> list[str]:
    """Return what the faults' patterns are searched in."""
    named = f"{incoming.method} {incoming.http.path}"
    if not incoming.is_graphql:
        return [named]
    roots = incoming.operation.removeprefix("graphql/").split(",")
    names = NAMED.findall(incoming.raw.decode(errors="replace"))
    return [named, *(f"{named} {root}" for root in [*roots, *names])]


def _resource(incoming: Incoming) -> Resource:
    return "graphql" if incoming.is_graphql else "core"


def _unchanged(incoming: Incoming, reply: Reply) -> Reply:
    """Put an entity tag on an answer, or leave its body out if the client has it already."""
    if incoming.method != "GET" or reply.status != HTTPStatus.OK:
        return reply
    tag = f'"{hashlib.sha256(reply.encoded()).hexdigest()}"'
    known = incoming.http.headers.get(hdrs.IF_NONE_MATCH, "").removeprefix("W/")
    headers = reply.headers | {"ETag": tag}
    if known == tag:
        return Reply(HTTPStatus.NOT_MODIFIED, None, headers)
    return Reply(reply.status, reply.body, headers)


def _hang_up(request: web.Request) -> None:
    """Close the connection under the client's feet."""
    if request.transport is not None:
        request.transport.abort()
