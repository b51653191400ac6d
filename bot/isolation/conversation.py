"""The parent's talk with a child: feeds it, keeps its time, and says how an attempt ended."""

import asyncio
import contextlib
import signal
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import TypeVar

import msgspec
from msgspec import Struct, field

from bot.analysis.errors import UserError
from bot.analysis.request import Content, FixPlan, Report
from bot.isolation.errors import AnalysisFailed, AnalysisTooLarge
from bot.isolation.fork_client import Child
from bot.isolation.frames import (
    HEADER,
    MAX_FRAME,
    Announce,
    Ask,
    Begin,
    Cause,
    Failed,
    FromChild,
    Reported,
    ToChild,
    contents_in_pieces,
    from_child,
    packed,
)
from bot.isolation.limits import MEBIBYTE, Limits
from bot.isolation.processor_time import processor_seconds

Fetch = Callable[[frozenset[str]], Awaitable[Mapping[str, Content]]]
T = TypeVar("T")

# Far more than following imports through any real repository takes in batches; a child that
# is answered at once asks for each file by itself.
_MAX_ROUNDS = 1000
_READ_SIZE = 1024 * 1024
# So many times its time may pass before a file has had it, where others keep the processors busy.
_BUSY = 6
# A child that hung up is dead within milliseconds, or broken.
_DEATH_SECONDS = 5.0


class Culprit(Exception):
    """The child died, or was stopped, while it worked on the file `path`."""

    def __init__(self, path: str, failure: AnalysisFailed) -> None:
        super().__init__(path)
        self.path = path
        self.failure = failure


class Conversation(Struct):
    """The parent's side. Times are seconds that the child had to itself.

    Attributes:
        file: the file that is worked on now, or empty.
        file_from: the time at which that began.
        file_processor_from: the processor time of the child at which that began, if it is known.
        watch: looks whether the file has had its time.
    """

    child: Child
    limits: Limits
    file: str = ""
    file_from: float = 0.0
    file_processor_from: float | None = None
    thought: float = 0.0
    watch: asyncio.TimerHandle | None = None
    rounds_left: int = 0
    unread: bytearray = field(default_factory=bytearray)

    async def hold(self, begin: Begin, fetch: Fetch) -> Report | FixPlan:
        """Have the analysis done.

        Raises:
            Culprit: a file brought it down.
            AnalysisFailed: it ended without an answer.
            UserError: the analysis has something to say to the user instead.
            ServerLost: the forkserver went away.
        """
        try:
            return await self._hold(begin, fetch)
        except AnalysisFailed as failure:
            if self.file:
                raise Culprit(self.file, failure) from failure
            raise

    async def _hold(self, begin: Begin, fetch: Fetch) -> Report | FixPlan:
        self.file, self.thought = "", 0.0
        self.rounds_left = _MAX_ROUNDS + len(begin.request.paths)
        await self._say(begin)
        while True:
            match await self._hear():
                case Ask(paths):
                    await self._answer(frozenset(paths), fetch)
                case Announce(path):
                    self.file, self.file_from = path, self.thought
                    self.file_processor_from = self._processor_seconds()
                case Failed(cause, detail):
                    raise self._failure(cause, detail)
                case Reported(report):
                    return report
                case planned:
                    return planned.plan

    async def _answer(self, paths: frozenset[str], fetch: Fetch) -> None:
        self.rounds_left -= 1
        if self.rounds_left < 0:
            raise AnalysisFailed("the analysis asked for files without end")
        contents = await fetch(paths)
        for piece in contents_in_pieces({path: contents.get(path) for path in sorted(paths)}):
            await self._say(piece)

    async def _say(self, message: ToChild) -> None:
        sending = asyncio.get_running_loop().sock_sendall(self.child.socket, packed(message))
        # To a child that has died: how it died is what the next reading tells.
        with contextlib.suppress(ConnectionError):
            await self._timed(sending)

    async def _hear(self) -> FromChild:
        (size,) = HEADER.unpack(await self._read(HEADER.size))
        if size > MAX_FRAME:
            raise AnalysisFailed("the analysis gave an answer without end")
        try:
            return from_child.decode(await self._read(size))
        except msgspec.DecodeError as error:
            raise AnalysisFailed("the analysis gave no sensible answer", str(error)) from error

    async def _read(self, size: int) -> bytes:
        while len(self.unread) < size:
            data = b""
            with contextlib.suppress(ConnectionError):
                loop = asyncio.get_running_loop()
                data = await self._timed(loop.sock_recv(self.child.socket, _READ_SIZE))
            if not data:
                raise await self._death()
            self.unread += data
        message = bytes(self.unread[:size])
        del self.unread[:size]
        return message

    async def _timed(self, waiting: Coroutine[None, None, T]) -> T:
        """Wait for the child, on its account."""
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._seconds_left()) as timeout:
                if self.file:
                    self._watch(timeout, self.limits.file_seconds - self._on_file)
                return await waiting
        except TimeoutError as error:
            limit = self.limits.file_seconds if self.file else self.limits.wall_seconds
            raise _too_slow(limit) from error
        finally:
            if self.watch is not None:
                self.watch.cancel()
            self.thought += time.monotonic() - started

    @property
    def _on_file(self) -> float:
        return self.thought - self.file_from

    def _seconds_left(self) -> float:
        left = self.limits.wall_seconds - self.thought
        if self.file:
            left = min(left, self.limits.file_seconds * _BUSY - self._on_file)
        return left

    def _watch(self, timeout: asyncio.Timeout, seconds: float) -> None:
        """Look at what the child has used up, after some seconds."""
        loop = asyncio.get_running_loop()
        self.watch = loop.call_later(seconds, self._look, timeout)

    def _look(self, timeout: asyncio.Timeout) -> None:
        """End the wait for a file that has had its time; one that got no processor waits on."""
        if timeout.expired():  # at the same moment, for another limit
            return
        used, since = self._processor_seconds(), self.file_processor_from
        if used is None or since is None or used - since >= self.limits.file_seconds:
            timeout.reschedule(0)
        else:
            self._watch(timeout, self.limits.file_seconds - (used - since))

    def _processor_seconds(self) -> float | None:
        return processor_seconds(self.child.forked.result()) if self.child.forked.done() else None

    async def _death(self) -> AnalysisFailed:
        await asyncio.wait([self.child.ended], timeout=_DEATH_SECONDS)
        code = self.child.ended.result() if self.child.ended.done() else 0
        match -code:
            case signal.SIGXCPU:
                return _too_slow(self.limits.cpu_seconds)
            case signal.SIGKILL:
                return AnalysisTooLarge("the analysis was killed, probably for want of memory")
            case number if number > 0:
                return AnalysisFailed(f"the analysis crashed ({signal.Signals(number).name})")
            case _:
                return AnalysisFailed("the analysis ended without an answer", f"exit code {code}")

    def _failure(self, cause: Cause, detail: str) -> Exception:
        match cause:
            case Cause.USER:
                return UserError(detail)
            case Cause.MEMORY:
                limit = self.limits.memory_bytes // MEBIBYTE
                return AnalysisTooLarge(f"the analysis needed more than {limit} MiB of memory")
            case _:
                return AnalysisFailed("the analysis ran into a bug of awaited", detail)


def _too_slow(seconds: float) -> AnalysisFailed:
    return AnalysisTooLarge(f"the analysis took longer than {seconds:g} seconds")
