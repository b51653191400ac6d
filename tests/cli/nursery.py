"""A process that has loaded the analysis, and forks a forkserver for each command in a test.

`awaited check` forks its forkserver off itself where it has one thread. A process that runs tests
has several; there it would start an interpreter and load everything anew, each time.
"""

import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import msgspec
from msgspec import Struct

from bot.isolation.forkserver import load
from bot.isolation.frames import Task
from bot.isolation.limits import Limits
from bot.isolation.server_process import forked

ROOT = Path(__file__).parents[2]
MOST = 65_536


class Wish(Struct, frozen=True):
    """What a forkserver is to do."""

    tasks: dict[Task, str]
    limits: Limits


class Foundling(Struct, frozen=True):
    """A process that another process has started; `handle` is a descriptor that stands for it."""

    pid: int
    handle: int

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end. Its exit code is known to its parent alone."""
        if not select.select([self.handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("forkserver", timeout or 0)
        os.close(self.handle)
        return 0

    def kill(self) -> None:
        """End it."""
        signal.pidfd_send_signal(self.handle, signal.SIGKILL)


class Nursery:
    """The process; a context manager."""

    def __init__(self) -> None:
        self._connection, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.cli.nursery", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                cwd=ROOT,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._connection.close()
        self._process.wait()

    def fork(
        self,
        tasks: Mapping[Task, str],
        limits: Limits,
        control: socket.socket,
        words: IO[bytes],
        **_: object,
    ) -> Foundling:
        """Do what `server_process.forked` does, in the process that can."""
        wish = msgspec.json.encode(Wish(dict(tasks), limits))
        socket.send_fds(self._connection, [wish], [control.fileno(), words.fileno()])
        said, (handle,), _flags, _address = socket.recv_fds(self._connection, MOST, 1)
        return Foundling(int(said), handle)


def serve(connection: socket.socket) -> None:
    """Fork until the tests hang up. Nobody asks for exit codes, so the kernel may forget them."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    loaded: set[Task] = set()
    while True:
        asked, descriptors, _flags, _address = socket.recv_fds(connection, MOST, 2)
        if not asked:
            return
        wish = msgspec.json.decode(asked, type=Wish)
        if not loaded.issuperset(wish.tasks):
            load(wish.tasks, libcst=True)
            loaded.update(wish.tasks)
        control, words = descriptors
        with socket.socket(fileno=control) as theirs, os.fdopen(words, "wb") as said:
            process = forked(wish.tasks, wish.limits, theirs, said)
        handle = os.pidfd_open(process.pid)
        socket.send_fds(connection, [str(process.pid).encode()], [handle])
        os.close(handle)


if __name__ == "__main__":
    with socket.socket(fileno=int(sys.argv[1])) as tests:
        serve(tests)
