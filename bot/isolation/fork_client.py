"""The parent's hold on the forkserver: starts it, asks for children, learns how they ended."""

import asyncio
import contextlib
import os
import socket
import subprocess
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import IO

from msgspec import Struct

from bot.isolation.errors import AnalysisFailed, ServerLost
from bot.isolation.frames import Task
from bot.isolation.limits import Limits
from bot.isolation.orders import NEWS, ORDER, News, Order, kill_group
from bot.isolation.server_process import ServerProcess, forked, started

# It loads libcst and the rules before it forks, on a machine that may be busy.
_START_SECONDS = 60.0
_END_SECONDS = 10.0


class Child(Struct, eq=False):
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
    process: ServerProcess
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
        return cls._connected(partial(started, tasks, limits, libcst=libcst))

    @classmethod
    def fork(cls, tasks: Mapping[Task, str], limits: Limits) -> "ForkClient":
        """Fork a forkserver off this process, which must have no other thread."""
        return cls._connected(partial(forked, tasks, limits))

    @classmethod
    def _connected(
        cls, start: Callable[[socket.socket, IO[bytes]], ServerProcess]
    ) -> "ForkClient":
        ours, theirs = socket.socketpair()
        ours.settimeout(0)
        words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `_lose`
        with theirs:
            process = start(theirs, words)
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
