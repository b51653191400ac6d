"""Faults on order: what may go wrong between a client and GitHub, for the next that match."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from bot.sandbox.errors import ApiError
from bot.sandbox.reply import Reply, refused

SECONDARY_LIMIT = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
PRIMARY_LIMIT = "API rate limit exceeded for installation."
NO_DIFF = "Server Error: Sorry, this diff is taking too long to generate."
NOT_FOUND = {
    "type": "NOT_FOUND",
    "path": ["repository"],
    "message": "Could not resolve to a Repository with that name.",
}
GRAPHQL_LIMIT = {
    "type": "RATE_LIMIT",
    "code": "graphql_rate_limit",
    "message": "API rate limit already exceeded for installation.",
}

Kind = Literal[
    "status",
    "secondary-limit",
    "primary-limit",
    "slow",
    "drop",
    "lost-reply",
    "stale-head",
    "token-not-replicated",
    "graphql-rate-limit",
    "graphql-not-found",
    "no-diff",
]


@dataclass(slots=True)
class Fault:
    """What happens to the next `times` requests of which `match` finds something.

    `match` is searched in "METHOD /path" as it stands on the wire, without the query
    ("POST /api/v3/repos/o/r/check-runs"); for GraphQL also in "POST /api/graphql FIELD", with each
    field that is asked for, and in "POST /api/graphql NAME", with the query's name; for webhooks
    in "WEBHOOK pull_request.opened".

    status: answer `status` and do nothing. secondary-limit, primary-limit: answer `status` (403
    unless it is 429) with `retry_after` seconds, or without that header. slow: wait `seconds`
    first. drop: close the connection before any work. lost-reply: work, then close the connection.
    stale-head: the branch moves just before it would be written. token-not-replicated: the token
    that is minted is refused in its first `uses` uses. graphql-rate-limit: 200 with an error.
    graphql-not-found: 200, but there is no such repository.
    no-diff: 500, because the diff that was asked for is too much.
    For webhooks, drop loses the delivery and slow delays it.
    """

    match: str
    kind: Kind
    times: int = 1
    status: int = 502
    retry_after: int | None = None
    seconds: float = 0.0
    uses: int = 1


class Faults:
    """The faults that are still to come; `happened` lists the ones that did, in order."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.happened: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault; several that match the same request happen one request after another."""
        self._waiting.append(fault)

    @property
    def waiting(self) -> list[Fault]:
        """The faults that have not happened as often as they were ordered."""
        return [fault for fault in self._waiting if fault.times > 0]

    def take(self, targets: Iterable[str]) -> Fault | None:
        """Return the first waiting fault that matches one of the targets, and use it up once."""
        named = list(targets)
        for fault in self.waiting:
            if any(re.search(fault.match, target) for target in named):
                fault.times -= 1
                self.happened.append(fault)
                return fault
        return None


def reply_to(fault: Fault, now: float) -> Reply | None:
    """Return the answer that a fault gives in place of any work, if it gives one."""
    wait = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    spent = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(now) + 60)}
    limited = fault.status if fault.status == HTTPStatus.TOO_MANY_REQUESTS else 403
    match fault.kind:
        case "status":
            return _failed(fault.status, wait)
        case "secondary-limit":
            return refused(ApiError(limited, SECONDARY_LIMIT, headers=wait))
        case "primary-limit":
            return refused(ApiError(limited, PRIMARY_LIMIT, headers=spent | wait))
        case "graphql-rate-limit":
            return Reply(200, {"errors": [GRAPHQL_LIMIT]}, spent | wait)
        case "graphql-not-found":
            return Reply(200, {"data": {"repository": None}, "errors": [NOT_FOUND]})
        case "no-diff":
            return refused(ApiError(500, NO_DIFF))
        case _:
            return None


def _failed(status: int, headers: dict[str, str]) -> Reply:
    """GitHub's own failures are pages for people; its refusals are JSON."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Reply(status, "<html><body><h1>Whoa there!</h1></body></html>", headers)
    return refused(ApiError(status, HTTPStatus(status).phrase, headers=headers))
