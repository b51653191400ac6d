"""How much a caller may ask for: the primary rate limit, and the secondary one of new content."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Literal

from bot.sandbox.errors import ApiError
from bot.sandbox.faults import SECONDARY_LIMIT
from bot.sandbox.limits import Limits

Resource = Literal["core", "graphql"]
MINUTE = 60
HOUR = 3600


@dataclass(slots=True)
class Budget:
    """Counts requests per caller and resource; answers that nothing changed (304) are free."""

    limits: Limits
    started: int
    spent: Counter[tuple[str, Resource]] = field(default_factory=Counter[tuple[str, Resource]])
    created: dict[str, list[float]] = field(
        default_factory=lambda: defaultdict[str, list[float]](list)
    )

    def spend(self, caller: str, resource: Resource, points: int = 1) -> None:
        """Count one request, or what a GraphQL query costs more than that.

        Raises:
            ApiError: 403, there is nothing left to spend.
        """
        if self.remaining(caller, resource) < points:
            raise ApiError(403, f"API rate limit exceeded for {caller}.")
        self.spent[caller, resource] += points

    def create(self, caller: str, now: float) -> None:
        """Count one comment or review, however many comments that has.

        Raises:
            ApiError: 403, there were too many within a minute or an hour.
        """
        moments = [moment for moment in self.created[caller] if moment > now - HOUR]
        recent = [moment for moment in moments if moment > now - MINUTE]
        in_bounds = len(moments) < self.limits.content_per_hour
        if not in_bounds or len(recent) >= self.limits.content_per_minute:
            wait = MINUTE if in_bounds else HOUR
            raise ApiError(403, SECONDARY_LIMIT, headers={"Retry-After": str(wait)})
        self.created[caller] = [*moments, now]

    def refund(self, caller: str, resource: Resource) -> None:
        """Take one request back."""
        self.spent[caller, resource] -= 1

    def remaining(self, caller: str, resource: Resource) -> int:
        """Return how many requests are left, never less than none."""
        return max(self.limits.requests_per_hour - self.spent[caller, resource], 0)

    def overview(self, caller: str, resource: Resource) -> dict[str, int]:
        """Return the figures that asking for the budget gives."""
        return {
            "limit": self.limits.requests_per_hour,
            "remaining": self.remaining(caller, resource),
            "used": self.spent[caller, resource],
            "reset": self.started + HOUR,
        }

    def headers(self, caller: str, resource: Resource) -> dict[str, str]:
        """Return the headers that every answer carries."""
        return {
            "X-RateLimit-Limit": str(self.limits.requests_per_hour),
            "X-RateLimit-Remaining": str(self.remaining(caller, resource)),
            "X-RateLimit-Used": str(self.spent[caller, resource]),
            "X-RateLimit-Reset": str(self.started + HOUR),
            "X-RateLimit-Resource": resource,
        }
