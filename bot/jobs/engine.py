"""The port to the machine that does durable work, so that the machine can be replaced.

What an engine promises: an accepted job is done although the process dies at any moment; it may
be done more than once; a delivery that was accepted is not accepted again, unless its work
ended in an error. One tenant's jobs never hold up another's, and within a tenant the more
urgent go first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from bot.jobs.job import Job


class Accepted(StrEnum):
    """What became of a delivery.

    Attributes:
        NEW: stored; its jobs will be done.
        DUPLICATE: nothing to do: its jobs are waiting, under way, or done.
        RETRIED: its jobs had ended in an error; those that had will be done again.
    """

    NEW = "new"
    DUPLICATE = "duplicate"
    RETRIED = "retried"


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """How busy an engine is.

    Attributes:
        accepting: it takes deliveries.
        waiting: jobs that nobody has begun, counted up to some thousands.
        running: jobs that a worker has begun, those included that wait for another attempt.
    """

    accepting: bool
    waiting: int
    running: int


class EngineClosed(Exception):
    """The engine is not started yet, or shutting down: the delivery was not stored."""


class Engine(Protocol):
    """Started and shut down once, on one event loop."""

    async def start(self) -> None:
        """Begin to work, first on what an earlier process of this worker left behind."""
        ...

    async def accept(self, delivery_key: str, jobs: Sequence[Job]) -> Accepted:
        """Store a delivery's jobs in one durable insert; when this returns, they will be done.

        Cancelling the caller does not undo it.

        Args:
            delivery_key: `app:delivery`, unique for ever, without a colon in either half.
            jobs: at least one.

        Raises:
            EngineClosed: nothing was stored.
        """
        ...

    async def status(self) -> EngineStatus:
        """Count what is to be done. Asks the database, and fails when that does."""
        ...

    async def settled(self, deadline: float) -> None:
        """Wait until nothing is left to do, at most `deadline` seconds.

        Raises:
            TimeoutError: there still is.
        """
        ...

    async def shutdown(self, grace: float = 20.0) -> None:
        """Begin nothing new, let what runs finish within `grace` seconds, then let go of it.

        What is let go is continued by the next start.
        """
        ...
