"""Which forks GitHub did not let us push to, so that nobody waits for the same refusal twice.

Whether an app may push to a fork whose author lets maintainers edit is not documented: it is
tried. What was learned is kept by each worker for a day, because it may change without a word.
"""

import time

from cachetools import TTLCache

_DAY = 24 * 60 * 60.0
_MOST = 10_000


class ClosedForks:
    """Forks, as `owner/name`."""

    def __init__(self) -> None:
        self._forks: TTLCache[str, bool] = TTLCache(_MOST, _DAY, timer=time.monotonic)

    def add(self, fork: str) -> None:
        """Remember that a push was refused."""
        self._forks[fork] = True

    def remove(self, fork: str) -> None:
        """Forget it: a push went through."""
        self._forks.pop(fork, None)

    def has(self, fork: str) -> bool:
        """Whether a push was refused within a day."""
        return fork in self._forks
