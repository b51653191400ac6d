"""The process that forks one child per analysis: single-threaded, so that forking is safe.

It loads libcst and the rules once, then waits for orders. It alone reaps its children, so an
order to kill can never hit a process that got a dead child's number. When its parent is gone it
takes its children with it.
"""

import contextlib
import gc
import os
import selectors
import signal
import socket
from collections.abc import Mapping
from importlib import import_module
from types import FrameType
from typing import cast

from msgspec import Struct, field

from bot.isolation.child import Analysis, run
from bot.isolation.frames import Task
from bot.isolation.limits import Limits
from bot.isolation.orders import NEWS, ORDER, News, Order, kill_group


def load(tasks: Mapping[Task, str], *, libcst: bool) -> Mapping[Task, Analysis]:
    """Import what the children will need, and keep it out of the garbage collector's way.

    With `libcst`, also what only fixes, pins and syntax newer than the interpreter need.
    """
    # All that is made now stays, so there is nothing to collect.
    gc.disable()
    loaded = {task: _generator(name) for task, name in tasks.items()}
    if libcst:
        # Parsing nothing loads libcst's native half too, which comes with its first use.
        import_module("libcst").parse_module("")
        import_module("bot.analysis.edits.editing")
        import_module("bot.analysis.source.downgrade")
        import_module("packaging.specifiers")
    gc.freeze()
    gc.enable()
    return loaded


def _generator(name: str) -> Analysis:
    module, _, function = name.partition(":")
    return cast("Analysis", getattr(import_module(module), function))


class ForkServer(Struct):
    """Obeys one parent until it hangs up."""

    control: socket.socket
    tasks: Mapping[Task, Analysis]
    limits: Limits
    children: dict[int, int] = field(default_factory=dict[int, int])

    def serve(self) -> None:
        """Fork, kill and reap until the parent hangs up; then kill all that is left."""
        reaper, wakeup = socket.socketpair()
        wakeup.settimeout(0)
        signal.signal(signal.SIGCHLD, _wake)
        signal.set_wakeup_fd(wakeup.fileno(), warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector, contextlib.suppress(EOFError, OSError):
            selector.register(self.control, selectors.EVENT_READ, self._obey)
            selector.register(reaper, selectors.EVENT_READ, lambda: reaper.recv(4096))
            while True:
                for key, _ in selector.select():
                    key.data()
                self._reap()
        for pid in self.children:
            kill_group(pid)

    def _obey(self) -> None:
        data, descriptors, _, _ = socket.recv_fds(self.control, ORDER.size, 1)
        if not data:
            raise EOFError
        data += self.control.recv(ORDER.size - len(data), socket.MSG_WAITALL)
        kind, number = ORDER.unpack(data)
        if Order(kind) is Order.KILL:
            self._kill(number)
            return
        with socket.socket(fileno=descriptors[0]) as connection:
            self._fork(number, connection)

    def _fork(self, number: int, connection: socket.socket) -> None:
        try:
            pid = os.fork()
        except OSError as error:
            self._tell(News.REFUSED, number, error.errno or 0)
            return
        if pid == 0:
            run(connection, self.tasks, self.limits)  # pragma: no cover - in the child
        self.children[pid] = number
        self._tell(News.FORKED, number, pid)

    def _kill(self, number: int) -> None:
        for pid, child in self.children.items():
            if child == number:
                kill_group(pid)

    def _reap(self) -> None:
        for pid in list(self.children):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._bury(pid, os.waitstatus_to_exitcode(status))

    def _bury(self, pid: int, exit_code: int) -> None:
        """Kill what a dead child has left running: its group lives on as long as a member does."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        self._tell(News.ENDED, self.children.pop(pid), exit_code)

    def _tell(self, news: News, number: int, value: int) -> None:
        self.control.sendall(NEWS.pack(news.value, number, value))


def _wake(_number: int, _frame: FrameType | None) -> None:
    """Nothing to do here: that the signal came is written to the wake-up descriptor."""
