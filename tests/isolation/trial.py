"""What the tests of isolation share: an analyser of the stand-in, and an eye on processes."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.analysis.request import Content, Report, Request
from bot.isolation.analyser import Analyser, Limits
from bot.isolation.frames import Task

# How coverage tells a process that it is to be measured.
WATCHING = ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START")

STAND_IN: Mapping[Task, str] = {
    Task.ANALYSE: "stand_in:analyse",
    Task.CHECK_PART: "stand_in:check_part",
    Task.PLAN_FIXES: "stand_in:plan_fixes",
}


@dataclass
class Trial:
    """An analyser of the stand-in, and a fetch that remembers what was asked."""

    analyser: Analyser
    contents: dict[str, Content] = field(default_factory=dict[str, Content])
    asked: list[frozenset[str]] = field(default_factory=list[frozenset[str]])

    async def fetch(self, paths: frozenset[str]) -> Mapping[str, Content]:
        self.asked.append(paths)
        return {path: self.contents[path] for path in paths if path in self.contents}

    async def check(self, **files: str) -> Report:
        """Analyse files by name, each of which holds a verb of the stand-in."""
        self.contents |= {path: verb.encode() for path, verb in files.items()}
        request = Request(paths=tuple(files), named=tuple(files))
        return await self.analyser.analyse(request, self.fetch)

    async def note(self, verb: str) -> str:
        """Run one verb that has something to say, and return it."""
        return (await self.check(a=verb)).notes[0]

    @property
    def server(self) -> int:
        """The process id of the forkserver."""
        client = self.analyser._server
        assert client is not None
        return client.process.pid


@asynccontextmanager
async def trial_of(
    limits: Limits | None = None,
    generators: Mapping[Task, str] = STAND_IN,
    *,
    forks: bool = False,
) -> AsyncGenerator[Trial]:
    analyser = Analyser(limits or Limits(), forks=forks, _generators=generators)
    async with analyser:
        yield Trial(analyser)


def children_of(pid: int) -> list[int]:
    """Return the living and the dead that nobody has reaped."""
    listing = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    return [int(child) for child in listing.split()]


def descriptors_of(pid: int) -> list[str]:
    """Return the names of the files that a process has open."""
    names: list[str] = []
    for entry in Path(f"/proc/{pid}/fd").iterdir():
        # The descriptor that the listing itself took is gone by now.
        with contextlib.suppress(FileNotFoundError):
            names.append(str(entry.readlink()))
    return sorted(names)


def alive(pid: int) -> bool:
    """Whether a process runs; one that waits to be reaped does not."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "\nState:\tZ" not in status


async def until(condition: Callable[[], bool], *, seconds: float = 10) -> None:
    """Wait for something to become true, yielding to the loop meanwhile."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.005)
