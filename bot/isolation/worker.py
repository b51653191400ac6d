"""One child at work: given requests one after another, and replaced when a file brings it down."""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from typing import Self

from msgspec import Struct, field
from msgspec.structs import replace

from bot.analysis.request import Content, FixPlan, Report, Request
from bot.isolation.conversation import Conversation, Culprit, Fetch
from bot.isolation.errors import AnalysisFailed, ServerLost
from bot.isolation.fork_client import ForkClient
from bot.isolation.frames import Begin, Task
from bot.isolation.limits import Limits

_MAX_CULPRITS = 20
# What is known of a file takes some sixty times the memory of its text, and only the end of a
# process gives it back: the garbage collector would take longer than a new one.
_MAX_READ_BYTES = 16 * 1024 * 1024


class Worker(Struct):
    """Leave files that bring an analysis down out of it, and out of all that follow.

    A child that has read a lot is replaced, too.

    Attributes:
        running: returns the forkserver; a lost one is replaced.
        quarantined: the files that brought a child down.
    """

    running: Callable[[], Awaitable[ForkClient]]
    limits: Limits
    fetch: Fetch
    quarantined: tuple[str, ...] = ()
    _conversation: Conversation | None = None
    _read_bytes: int = 0
    _child: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self) -> Self:
        """Fork nothing yet."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the child."""
        await self._end()

    async def report(self, task: Task, request: Request) -> Report:
        """Return the report of an analysis.

        Raises:
            AnalysisFailed: there is no verdict; the reason may be shown.
            UserError: somebody outside can repair what stood in the way.
        """
        result = await self._run(task, request)
        if not isinstance(result, Report):
            raise AnalysisFailed("the analysis answered what it was not asked")
        return result

    async def plan(self, request: Request) -> FixPlan:
        """Return the fixes of a tree.

        Raises:
            AnalysisFailed: there is no plan; the reason may be shown.
            UserError: somebody outside can repair what stood in the way.
        """
        result = await self._run(Task.PLAN_FIXES, request)
        if not isinstance(result, FixPlan):
            raise AnalysisFailed("the analysis answered what it was not asked")
        return result

    async def _run(self, task: Task, request: Request) -> Report | FixPlan:
        remembered = _Remembered(self.fetch)
        lost = 0
        while True:
            begin = Begin(task, replace(request, quarantined=self.quarantined))
            server = await self.running()
            try:
                conversation = await self._begun(server)
                result = await conversation.hold(begin, remembered.fetch)
            except Culprit as culprit:
                self._leave_out(culprit)
            except ServerLost as error:
                lost += 1
                if lost > 1:
                    raise AnalysisFailed(
                        "the analysis process could not be kept running", server.last_words
                    ) from error
            else:
                await self._count(remembered)
                return result
            await self._end()

    async def _begun(self, server: ForkClient) -> Conversation:
        if self._conversation is None:
            child = await self._child.enter_async_context(server.child())
            self._conversation = Conversation(child, self.limits)
        return self._conversation

    async def _count(self, remembered: "_Remembered") -> None:
        """End a child that has read a lot: the next request begins with another."""
        self._read_bytes += remembered.size
        if self._read_bytes > _MAX_READ_BYTES:
            await self._end()

    async def _end(self) -> None:
        self._conversation, self._read_bytes = None, 0
        await self._child.aclose()

    def _leave_out(self, culprit: Culprit) -> None:
        """Leave the culprit out.

        Raises:
            AnalysisFailed: it was left out already, or there are too many such files.
        """
        if culprit.path in self.quarantined or len(self.quarantined) >= _MAX_CULPRITS:
            raise culprit.failure
        self.quarantined = (*self.quarantined, culprit.path)


class _Remembered(Struct, frozen=True):
    """What was fetched for one request: starting again costs no second one of the network."""

    source: Fetch
    contents: dict[str, Content] = field(default_factory=dict[str, Content])

    @property
    def size(self) -> int:
        """The bytes of all that was fetched."""
        return sum(len(one) for one in self.contents.values() if isinstance(one, bytes))

    async def fetch(self, paths: frozenset[str]) -> Mapping[str, Content]:
        missing = paths - self.contents.keys()
        if missing:
            self.contents.update(await self.source(missing))
        return {path: self.contents.get(path) for path in paths}
