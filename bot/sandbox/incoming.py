"""A request on its way in, with what is found out about it."""

import json
import time
from dataclasses import dataclass, field
from typing import Any

from aiohttp import hdrs, web

from bot.sandbox.auth import Caller
from bot.sandbox.errors import DOCUMENTATION, ApiError
from bot.sandbox.faults import Fault

REST = "/api/v3"
GRAPHQL = "/api/graphql"
API_VERSIONS = ("2022-11-28", "2026-03-10")
SECRET_HEADERS = frozenset({"authorization", "cookie"})


@dataclass(slots=True)
class Incoming:
    """A request whose body has been read; `operation` and `caller` are filled in as they show."""

    http: web.Request
    raw: bytes
    started: float = field(default_factory=time.monotonic)
    fault: Fault | None = None
    operation: str = "?"
    caller: Caller = field(default_factory=Caller)
    body: Any = None

    @property
    def method(self) -> str:
        """The HTTP method."""
        return self.http.method

    @property
    def is_graphql(self) -> bool:
        """Whether it is for the GraphQL interface."""
        return self.http.path == GRAPHQL

    @property
    def rest_path(self) -> str:
        """The path below `/api/v3`, still escaped."""
        return self.http.raw_path.partition("?")[0].removeprefix(REST)

    @property
    def authorization(self) -> str | None:
        """The credentials."""
        return self.http.headers.get(hdrs.AUTHORIZATION)

    @property
    def logged_headers(self) -> dict[str, str]:
        """The headers without credentials."""
        headers = self.http.headers.items()
        return {name: value for name, value in headers if name.lower() not in SECRET_HEADERS}

    @property
    def stale_head(self) -> bool:
        """Whether the branch is to move just before it is written."""
        return self.is_fault("stale-head")

    def is_fault(self, *kinds: str) -> bool:
        """Whether the fault that was ordered for this request is one of these."""
        return self.fault is not None and self.fault.kind in kinds

    def check_headers(self) -> None:
        """Refuse a request without a User-Agent, or for a version that does not exist.

        Raises:
            ApiError: 403 or 400.
        """
        if not self.http.headers.get(hdrs.USER_AGENT):
            raise ApiError(403, "Request forbidden by administrative rules.")
        version = self.http.headers.get("X-GitHub-Api-Version", API_VERSIONS[0])
        if version not in API_VERSIONS:
            raise ApiError(400, f"'{version}' is no supported API version. See {DOCUMENTATION}")

    def read_json(self) -> Any:
        """Parse the body, keep it for the log, and return it; None for no body.

        Raises:
            ApiError: 400, the body is not JSON.
        """
        try:
            self.body = json.loads(self.raw) if self.raw.strip() else None
        except ValueError as error:
            raise ApiError(400, "Problems parsing JSON") from error
        return self.body
