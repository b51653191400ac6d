"""The forkserver's process: a new interpreter, or a fork of this one.

A service holds secrets, so its forkserver is an interpreter of its own that never saw them. A
command holds none, and has loaded what its forkserver needs: a fork of it is there at once.
"""

import contextlib
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import IO, NoReturn, Protocol

from msgspec import Struct
from msgspec.structs import asdict

from bot.isolation import bootstrap
from bot.isolation.forkserver import ForkServer, load
from bot.isolation.frames import Task
from bot.isolation.limits import Limits

# An interpreter built without an rpath does not start without these. They name folders, no more.
INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
_ERRORS = 2


def can_fork() -> bool:
    """Whether a fork of this process is whole: a fork has one thread only.

    Outside Linux, system libraries may have threads that nobody sees.
    """
    return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208


class ServerProcess(Protocol):
    """A process that can be waited for, and ended."""

    @property
    def pid(self) -> int:
        """Its process id."""
        ...

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return its exit code.

        Raises:
            subprocess.TimeoutExpired: it goes on after `timeout` seconds.
        """
        ...

    def kill(self) -> None:
        """End it."""
        ...


def started(
    tasks: Mapping[Task, str],
    limits: Limits,
    control: socket.socket,
    words: IO[bytes],
    *,
    libcst: bool,
) -> ServerProcess:
    """Start an interpreter that becomes the forkserver at the other end of a socket."""
    return subprocess.Popen(  # noqa: S603 - our own interpreter and script
        _command(tasks, limits, control.fileno(), libcst=libcst),
        pass_fds=[control.fileno()],
        env={name: os.environ[name] for name in INHERITED if name in os.environ},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=words,
        start_new_session=True,
    )


def forked(
    tasks: Mapping[Task, str], limits: Limits, control: socket.socket, words: IO[bytes]
) -> ServerProcess:
    """Fork a forkserver off this process, which must have no other thread."""
    pid = os.fork()
    if pid == 0:
        _become_server(tasks, limits, control, words)  # pragma: no cover - in the fork
    return _Fork(pid)


class _Fork(Struct, frozen=True):
    pid: int

    def wait(self, timeout: float | None = None) -> int:
        descriptor = os.pidfd_open(self.pid)
        try:
            if not select.select([descriptor], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("awaited", timeout or 0)
        finally:
            os.close(descriptor)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)


def _become_server(
    tasks: Mapping[Task, str], limits: Limits, control: socket.socket, words: IO[bytes]
) -> NoReturn:  # pragma: no cover - in the fork
    """Never returns: what the stack above holds belongs to the parent."""
    status = 1
    try:
        gc.freeze()
        _cut_off(control, words)
        ForkServer(control, load(tasks, libcst=False), limits).serve()
        status = 0
    except BaseException:  # noqa: BLE001 - nobody else is there to say it
        with contextlib.suppress(OSError):
            os.write(_ERRORS, traceback.format_exc().encode())
    finally:
        os._exit(status)


def _cut_off(control: socket.socket, words: IO[bytes]) -> None:  # pragma: no cover - in the fork
    """Leave session, signals, environment and folder of the parent, and its descriptors."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.environ.clear()
    os.chdir("/")
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard, source in enumerate((nothing, nothing, words.fileno())):
        os.dup2(source, standard)
    kept = control.fileno()
    os.closerange(_ERRORS + 1, kept)
    os.closerange(kept + 1, os.sysconf("SC_OPEN_MAX"))


def _command(
    tasks: Mapping[Task, str], limits: Limits, control: int, *, libcst: bool
) -> list[str]:
    start = {
        "path": [entry for entry in sys.path if Path(entry).is_absolute()],
        "tasks": tasks,
        "limits": asdict(limits),
        "control": control,
        "libcst": libcst,
    }
    return [sys.executable, "-I", "-X", "utf8", bootstrap.__file__, json.dumps(start)]
