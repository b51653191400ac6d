"""The parent's hold on the forkserver: starts it, asks for children, learns how they ended."""

import asyncio
import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from bot.isolation import bootstrap
from bot.isolation.errors import AnalysisFailed, ServerLost
from bot.isolation.frames import Task
from bot.isolation.limits import Limits
from bot.isolation.orders import NEWS, ORDER, News, Order, kill_group

# An interpreter built without an rpath does not start without these. They name folders, no more.
INHERITED = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH")
# It loads libcst and the rules before it forks, on a machine that may be busy.
_START_SECONDS = 60.0
_END_SECONDS = 10.0


@dataclass(slots=True, eq=False)
class Child:
    """One forked process.

    Attributes:
        forked: its process id, once it has one.
        ended: its exit code, once it has ended (negative: the signal that ended it).
    """

    number: int
    socket: socket.socket
    forked: asyncio.Future[int]
    ended: asyncio.Future[int]


@dataclass(slots=True, eq=False)
class ForkClient:
    """One running forkserver.

    Attributes:
        words: what it writes to standard error: why it did not start, for one.
        last_words: the same, once it is lost.
    """

    control: socket.socket
    process: subprocess.Popen[bytes]
    words: IO[bytes]
    children: dict[int, Child] = field(default_factory=dict[int, Child])
    forked: int = 0
    lost: bool = False
    last_words: str = ""
    listener: asyncio.Task[None] = field(init=False)

    @classmethod
    def start(cls, tasks: Mapping[Task, str], limits: Limits, *, libcst: bool) -> "ForkClient":
        """Start a forkserver, without waiting for it to be ready: orders queue in its socket.

        With `libcst`, its children have that at hand; without, those that need it load it.
        """
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `_lose`
        with theirs:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and script
                _command(tasks, limits, theirs.fileno(), libcst=libcst),
                pass_fds=[theirs.fileno()],
                env={name: os.environ[name] for name in INHERITED if name in os.environ},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                start_new_session=True,
            )
        client = cls(ours, process, words)
        client.listener = asyncio.get_running_loop().create_task(client._listen())
        return client

    @contextlib.asynccontextmanager
    async def child(self) -> AsyncGenerator[Child]:
        """Have a child forked, for as long as the block runs; it is killed afterwards.

        Raises:
            ServerLost: the forkserver is gone, or goes meanwhile.
            AnalysisFailed: no process can be forked.
        """
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        self.forked += 1
        loop = asyncio.get_running_loop()
        child = Child(self.forked, ours, loop.create_future(), loop.create_future())
        self.children[child.number] = child
        try:
            with theirs:
                self._order(Order.FORK, child.number, [theirs.fileno()])
            await _forked(child)
            yield child
        finally:
            ours.close()
            if not child.ended.done():
                with contextlib.suppress(ServerLost):
                    self._order(Order.KILL, child.number)

    async def close(self) -> None:
        """Hang up: the forkserver takes its children with it. Waits for its end."""
        self.listener.cancel()
        await asyncio.wait([self.listener])
        self.control.close()
        await asyncio.to_thread(self._wait)
        self._lose()

    def _order(self, order: Order, number: int, descriptors: list[int] | None = None) -> None:
        try:
            socket.send_fds(self.control, [ORDER.pack(order.value, number)], descriptors or [])
        except OSError as error:
            self._lose()
            raise ServerLost from error

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        pending = b""
        with contextlib.suppress(OSError):
            while data := await loop.sock_recv(self.control, 4096):
                pending += data
                while len(pending) >= NEWS.size:
                    self._hear(*NEWS.unpack_from(pending))
                    pending = pending[NEWS.size :]
        self._lose()

    def _hear(self, kind: bytes, number: int, value: int) -> None:
        child = self.children[number]
        match News(kind):
            case News.FORKED:
                child.forked.set_result(value)
            case News.REFUSED:
                del self.children[number]
                _fail(child, AnalysisFailed("no process could be started", os.strerror(value)))
            case _:
                del self.children[number]
                child.ended.set_result(value)

    def _lose(self) -> None:
        """Nobody answers any more. What may still run is killed from here."""
        if self.lost:
            return
        self.lost = True
        self.last_words = self._read_words()
        for child in self.children.values():
            if child.forked.done():
                kill_group(child.forked.result())
            _fail(child, ServerLost())
        self.children.clear()

    def _read_words(self) -> str:
        with self.words:
            self.words.seek(0)
            return self.words.read()[-4000:].decode(errors="replace")

    def _wait(self) -> None:
        try:
            self.process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


async def _forked(child: Child) -> None:
    """Wait for a child to be there. The first one waits until the forkserver is ready."""
    await asyncio.wait([child.forked], timeout=_START_SECONDS)
    if not child.forked.done():
        raise AnalysisFailed(f"no process was started within {_START_SECONDS:g} seconds")
    child.forked.result()


def _fail(child: Child, error: Exception) -> None:
    for news in (child.forked, child.ended):
        if not news.done():
            news.set_exception(error)
            # An analysis that was given up does not ask what became of its child.
            news.exception()


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
