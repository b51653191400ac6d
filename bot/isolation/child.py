"""What the forked child does: analyses, spoken over one socket, until its parent hangs up.

Nothing that the parent had is left to it: no file, no environment, no terminal, no way to write.
"""

import gc
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import NoReturn, cast

from msgspec import Struct

from bot.analysis import progress
from bot.analysis.errors import UserError
from bot.analysis.request import Asking, Content, FixPlan, Report
from bot.analysis.shelf import Shelf
from bot.isolation.frames import (
    HEADER,
    Announce,
    Ask,
    Begin,
    Cause,
    Contents,
    Failed,
    FromChild,
    Planned,
    Reported,
    Task,
    ToChild,
    packed,
    to_child,
)
from bot.isolation.limits import Limits, impose

Answer = Report | FixPlan
Analysis = Callable[..., Asking[Report] | Asking[FixPlan]]

_SOCKET = 3
# Trees are large and free of cycles: looking through them as often as Python does by default
# takes as long as parsing them.
_GARBAGE = (2_000_000, 50, 1000)


class Line(Struct, frozen=True):
    """The child's end of the socket, blocking."""

    socket: socket.socket

    def say(self, message: FromChild) -> None:
        """Send one message."""
        self.socket.sendall(packed(message))

    def hear(self) -> ToChild:
        """Return the next message.

        Raises:
            EOFError: the parent has hung up.
        """
        (size,) = HEADER.unpack(self._exactly(HEADER.size))
        return to_child.decode(self._exactly(size))

    def _exactly(self, size: int) -> bytes:
        data = self.socket.recv(size, socket.MSG_WAITALL)
        if len(data) < size:
            raise EOFError
        return data


def run(
    connection: socket.socket, tasks: Mapping[Task, Analysis], limits: Limits
) -> NoReturn:  # pragma: no cover - it may write no file, nor coverage's
    """Become the child of one parent. Never returns, whatever happens."""
    status = 1
    try:
        gc.set_threshold(*_GARBAGE)
        # It may write no file, and would try to for each module that it loads.
        sys.dont_write_bytecode = True
        cut_off(connection)
        impose(limits)
        with socket.socket(fileno=_SOCKET) as only:
            converse(Line(only), tasks)
        status = 0
    finally:
        os._exit(status)


def cut_off(connection: socket.socket) -> None:  # pragma: no cover - as `run`
    """Leave the session, the signals and every descriptor of the parent, but for one socket."""
    os.setsid()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(connection.fileno(), _SOCKET)
    nothing = os.open(os.devnull, os.O_RDWR)
    for standard in range(3):
        os.dup2(nothing, standard)
    os.closerange(_SOCKET + 1, os.sysconf("SC_OPEN_MAX"))


def converse(line: Line, tasks: Mapping[Task, Analysis]) -> None:
    """Run what the parent asks for and tell it the outcome, until it asks for nothing more."""
    progress.set_listener(partial(_announce, line))
    shelf = Shelf(partial(_supplied, line))
    while begin := _next(line):
        is_part = begin.task is Task.CHECK_PART
        shared = [shelf] if is_part else []
        outcome = _outcome(line, tasks[begin.task](begin.request, *shared))
        line.say(outcome)
        if is_part and isinstance(outcome, Reported):
            _keep(outcome.report)


def _keep(report: Report) -> None:
    """Let no garbage be looked for any more in what the next part can use."""
    if any(one.fix is not None for one in report.findings):
        # To prove a fix takes facts about files that are not there, which refer to each other.
        gc.collect()
    gc.freeze()


def _next(line: Line) -> Begin | None:
    try:
        begin = line.hear()
    except (EOFError, ConnectionError):
        return None
    if not isinstance(begin, Begin):
        raise TypeError(f"{type(begin).__name__} came before Begin")
    return begin


def _announce(line: Line, path: str) -> None:
    """Pass it on; but a parser that comes back for want of memory keeps the blame."""
    if path or not isinstance(sys.exc_info()[1], MemoryError):
        line.say(Announce(path))


def _outcome(line: Line, asking: Asking[Report] | Asking[FixPlan]) -> FromChild:
    try:
        result = _driven(line, asking)
    except (EOFError, OSError):
        raise
    except MemoryError:
        return Failed(Cause.MEMORY, "")
    except UserError as error:
        return Failed(Cause.USER, str(error))
    except Exception:  # noqa: BLE001 - a bug anywhere in the analysis; the parent logs it
        return Failed(Cause.BUG, traceback.format_exc(limit=-20))
    return Reported(result) if isinstance(result, Report) else Planned(result)


def _driven(line: Line, asking: Asking[Report] | Asking[FixPlan]) -> Report | FixPlan:
    try:
        wanted = next(asking)
        while True:
            wanted = asking.send(_supplied(line, wanted))
    except StopIteration as finished:
        return cast("Report | FixPlan", finished.value)


def _supplied(line: Line, wanted: frozenset[str]) -> Mapping[str, Content]:
    line.say(Ask(tuple(sorted(wanted))))
    return _contents(line)


def _contents(line: Line) -> Mapping[str, Content]:
    files: dict[str, Content] = {}
    complete = False
    while not complete:
        piece = line.hear()
        if not isinstance(piece, Contents):
            raise TypeError(f"{type(piece).__name__} came instead of Contents")
        files |= piece.files
        complete = piece.complete
    return files
