"""What a forkserver is told and what it tells: fixed-size words over its control socket."""

import contextlib
import os
import signal
import struct
from enum import Enum

# An order is its kind and the parent's number of the child; a fork brings the socket along.
ORDER = struct.Struct("!cQ")
# News is its kind, the number, and the process id or what it ended with.
NEWS = struct.Struct("!cQq")


class Order(Enum):
    """What the parent wants."""

    FORK = b"F"
    KILL = b"K"


class News(Enum):
    """What the parent is told. `REFUSED` brings the errno of the fork that failed."""

    FORKED = b"F"
    REFUSED = b"R"
    ENDED = b"E"


def kill_group(pid: int) -> None:
    """Kill a child and all that it started; it may not have got as far as its own session."""
    for kill in (os.kill, os.killpg):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(pid, signal.SIGKILL)
