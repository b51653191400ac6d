"""Stay within GitHub's limits: remember when an installation was told to wait, and wait.

GitHub's rules ("Rate limits for the REST API", "Rate limits and query limits for the GraphQL
API"): after `retry-after`, or once `x-ratelimit-remaining` is 0 until `x-ratelimit-reset`, or else
for a minute, nothing may be sent; who goes on is locked out. At most 100 requests at once.
"""

import asyncio
from collections.abc import Callable, Mapping

from bot.github.errors import Transient

CONCURRENT_REQUESTS = 20  # of the 100, so that several workers may share an installation
UNNAMED_WAIT = 60.0  # seconds, where a limit comes without a time

_TOO_MANY_REQUESTS = 429
_FORBIDDEN = 403
_EVERYTHING = "everything"


class Governor:
    """What one installation may send now. REST (`core`) and GraphQL have budgets of their own."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.slots = asyncio.Semaphore(CONCURRENT_REQUESTS)
        self._clock = clock
        self._held_until: dict[str, float] = {}

    def admit(self, resource: str) -> None:
        """Let a request pass.

        Raises:
            Transient: it has to wait; nothing was sent.
        """
        wait = self.wait(resource)
        if wait > 0:
            raise Transient(f"GitHub asks to wait for {wait:.0f} seconds", retry_after=wait)

    def wait(self, resource: str) -> float:
        """Return the seconds until a request may be sent, 0 if it may be sent now."""
        until = max(self._held_until.get(name, 0.0) for name in (resource, _EVERYTHING))
        return max(0.0, until - self._clock())

    def learn(self, resource: str, status: int, headers: Mapping[str, str], message: str) -> None:
        """Take note of what an answer says about the limits."""
        if headers.get("x-ratelimit-remaining") == "0":
            reset = _number(headers.get("x-ratelimit-reset"))
            self._hold(headers.get("x-ratelimit-resource", resource), reset or 0.0)
        if is_limit(status, headers, message) and self.wait(resource) == 0:
            wait = _number(headers.get("retry-after"))
            self._hold(_EVERYTHING, self._clock() + (UNNAMED_WAIT if wait is None else wait))

    def _hold(self, name: str, until: float) -> None:
        self._held_until[name] = max(until, self._held_until.get(name, 0.0))


def is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    """Whether a refusal is about too many requests; GitHub answers 403 or 429 to them.

    A secondary limit comes with requests remaining, and often without `retry-after`.
    """
    if status == _TOO_MANY_REQUESTS:
        return True
    if status != _FORBIDDEN:
        return False
    spent = headers.get("x-ratelimit-remaining") == "0"
    return spent or "retry-after" in headers or "rate limit" in message.lower()


def _number(text: str | None) -> float | None:
    """Return a header's number of seconds; None if there is none."""
    return float(text) if text is not None and text.isascii() and text.isdecimal() else None
