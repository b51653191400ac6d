"""What can go wrong with any write, each as faults for the sandbox to play."""

import pytest

from bot.sandbox.faults import Fault, Kind

EACH: tuple[tuple[str, Kind, dict[str, int | float]], ...] = (
    ("502", "status", {"status": 502}),
    ("500 three times", "status", {"status": 500, "times": 3}),
    ("403 with retry-after", "secondary-limit", {"retry_after": 2}),
    ("429 with retry-after", "secondary-limit", {"status": 429, "retry_after": 1}),
    ("slow", "slow", {"seconds": 0.2}),
    ("drop", "drop", {}),
    ("drop three times", "drop", {"times": 3}),
    ("lost reply", "lost-reply", {}),
    ("lost reply three times", "lost-reply", {"times": 3}),
)

every_fault = pytest.mark.parametrize(
    ("kind", "details"), [pytest.param(kind, details, id=name) for name, kind, details in EACH]
)


def fault(match: str, kind: Kind, details: dict[str, int | float]) -> Fault:
    """Return a fault for the requests that match."""
    return Fault(
        match,
        kind,
        times=int(details.get("times", 1)),
        status=int(details.get("status", 502)),
        retry_after=int(details["retry_after"]) if "retry_after" in details else None,
        seconds=float(details.get("seconds", 0)),
    )
