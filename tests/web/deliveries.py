"""Signed deliveries, and an engine at the edge that remembers what it was given."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.jobs.engine import Accepted, EngineStatus
from bot.jobs.job import Job
from bot.jobs.workbench import Workbench

SECRET = "It's a Secret to Everybody"
GUID = "72d3162e-cc78-11e3-81ab-4c9367dc0958"


class Note(Job, frozen=True, tag="note"):
    """A job that the engine below never does."""

    text: str

    @property
    def tenant(self) -> str:
        return "1"

    async def run(self, bench: Workbench) -> None:
        """Do nothing."""

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Do nothing."""


class Ledger:
    """An `Engine` that only writes down what it accepts, or fails as it is told."""

    def __init__(self) -> None:
        self.accepted: list[tuple[str, list[Job]]] = []
        self.trouble: Exception | None = None
        self.stuck = False
        self.accepting = True

    async def start(self) -> None:
        """Nothing to start."""

    async def accept(self, delivery_key: str, jobs: Sequence[Job]) -> Accepted:
        await self._suffer()
        known = any(key == delivery_key for key, _ in self.accepted)
        self.accepted.append((delivery_key, list(jobs)))
        return Accepted.DUPLICATE if known else Accepted.NEW

    async def status(self) -> EngineStatus:
        await self._suffer()
        return EngineStatus(self.accepting, waiting=3, running=1)

    async def settled(self, deadline: float) -> None:
        """Nothing is ever under way."""

    async def shutdown(self, grace: float = 20.0) -> None:
        """Nothing to shut down."""

    async def _suffer(self) -> None:
        if self.stuck:
            await asyncio.Event().wait()
        if self.trouble is not None:
            raise self.trouble


def headers(body: bytes, event: str = "push", **others: str) -> dict[str, str]:
    """Return what GitHub sends beside a body; underscores in `others` become hyphens."""
    signature = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/044aadd",
        "X-GitHub-Delivery": GUID,
        "X-GitHub-Event": event,
        "X-Hub-Signature-256": f"sha256={signature}",
        **{name.replace("_", "-"): value for name, value in others.items()},
    }


def payload(**fields: Any) -> bytes:
    """Return a JSON body."""
    content: Mapping[str, Any] = {"installation": {"id": 7}, **fields}
    return json.dumps(content).encode()
