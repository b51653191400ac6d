"""When a job that failed is tried again, and when it is given up: pure decisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import msgspec


class Failure(msgspec.Struct, frozen=True):
    """How one attempt ended. It is stored, so it holds no message of an exception.

    Attributes:
        kind: `transient` passes by itself; `bug` does not; `died`: the process ended again and
            again during this attempt, so perhaps because of it.
        error: a few words for the user.
        retry_after: seconds to wait, where the other side said so.
    """

    kind: Literal["transient", "bug", "died"]
    error: str
    retry_after: float | None = None


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How stubborn to be.

    Attributes:
        attempts: how often a job is tried when its failures are transient.
        bugs: how often it may meet an unexpected exception.
        deaths: how often the process may end during one attempt.
        base: seconds before the second attempt; doubled for each further one.
        cap: the longest such wait, in seconds. The twelve attempts then span some 40 minutes.
        patience: the longest `retry_after` that is obeyed, in seconds; GitHub's primary rate
            limit is reset within the hour.
    """

    attempts: int = 12
    bugs: int = 2
    deaths: int = 3
    base: float = 2.0
    cap: float = 600.0
    patience: float = 7200.0

    def wait(self, failures: Sequence[Failure], jitter: float) -> float | None:
        """Return the seconds to wait before the next attempt, or None to give up.

        Args:
            failures: of all attempts so far, at least one.
            jitter: in [0, 1); spreads jobs that failed together.
        """
        last = failures[-1]
        bugs = sum(failure.kind == "bug" for failure in failures)
        if last.kind == "died" or bugs >= self.bugs or len(failures) >= self.attempts:
            return None
        if last.retry_after is not None:
            return min(last.retry_after, self.patience) * (1 + jitter / 10)
        doubled = self.base * 2.0 ** (len(failures) - 1)
        return min(doubled, self.cap) * (1 + jitter) / 2
