"""One process at a time owns an embedded database: the lock lives as long as the process.

The kernel gives the lock back when its holder dies, however it dies.
"""

import asyncio
import fcntl
import os
import time
from pathlib import Path
from typing import Self


class DatabaseInUse(Exception):
    """Another process holds the database."""


class FileLock:
    """An exclusive lock on a file of its own beside the database (`bot.sqlite.lock`)."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    async def acquire(self, patience: float) -> Self:
        """Take the lock, waiting up to `patience` seconds: a predecessor may be shutting down.

        Raises:
            DatabaseInUse: it is still held then.
            OSError: the lock file cannot be created.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        deadline = time.monotonic() + patience
        while not _try_lock(descriptor):
            if time.monotonic() >= deadline:
                os.close(descriptor)
                raise DatabaseInUse(
                    f"another process is using {self._path.with_suffix('')}: stop it, "
                    "or give this one a database of its own"
                )
            await asyncio.sleep(0.05)
        self._descriptor = descriptor
        return self

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._descriptor is None:
            return
        os.close(self._descriptor)
        self._descriptor = None


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
