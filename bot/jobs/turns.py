"""Who waits for whom within one process, where GitHub itself does not keep two apart."""

import asyncio
from collections.abc import Hashable
from weakref import WeakValueDictionary


class Turns:
    """One turn at a time for each thing."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[Hashable, asyncio.Lock] = WeakValueDictionary()

    def at(self, thing: Hashable) -> asyncio.Lock:
        """Return what to enter while doing something to `thing`."""
        return self._locks.setdefault(thing, asyncio.Lock())

    def is_taken(self, thing: Hashable) -> bool:
        """Whether somebody is doing something to `thing` now."""
        lock = self._locks.get(thing)
        return lock is not None and lock.locked()
