"""Jobs for the tests of the engine: they write what they do into a file, and fail as told."""

import asyncio
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import ClassVar, cast

from bot.github.errors import Transient
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench

BENCH = cast("Workbench", object())


class Errand(Job, frozen=True, tag="errand"):
    """Append `name` to the file; fail first, as often and in the way that `trouble` says.

    `trouble` lists what happens in each attempt: `transient`, `slow-down`, `bug`, `die` (with the
    whole process), `hold` (until the gate of that name is opened, but only once in the life of
    the file); an attempt beyond the list succeeds.
    """

    name: str
    path: str
    installation: int = 1
    trouble: tuple[str, ...] = ()
    hopeless: tuple[str, ...] = ()

    attempts: ClassVar[dict[str, int]] = {}
    gates: ClassVar[dict[str, asyncio.Event]] = {}
    running: ClassVar[list[str]] = []
    most: ClassVar[dict[str, int]] = {}

    @property
    def tenant(self) -> str:
        return str(self.installation)

    async def run(self, bench: Workbench) -> None:
        assert bench is BENCH
        with self._counted():
            await self._suffer("run", self.trouble)
        self._write(self.name)

    async def give_up(self, bench: Workbench, error: str) -> None:
        assert bench is BENCH
        await self._suffer("give_up", self.hopeless)
        self._write(f"{self.name} gave up: {error}")

    async def _suffer(self, what: str, trouble: tuple[str, ...]) -> None:
        key = f"{self.name}.{what}"
        number = self.attempts[key] = self.attempts.get(key, 0) + 1
        kind = trouble[number - 1] if number <= len(trouble) else ""
        match kind:
            case "transient":
                raise Transient("the other side is away")
            case "slow-down":
                raise Transient("too many requests", retry_after=0.3)
            case "bug":
                raise KeyError("ghs_secret in a message")
            case "hold":
                await self._hold()
            case "die":
                self._write(f"{self.name} dies")
                os.kill(os.getpid(), signal.SIGKILL)
            case _:
                pass

    async def _hold(self) -> None:
        line = f"{self.name} holds"
        if line not in lines(Path(self.path)):
            self._write(line)
            await self.gates.setdefault(self.name, asyncio.Event()).wait()

    def _write(self, line: str) -> None:
        with Path(self.path).open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")

    @contextmanager
    def _counted(self) -> Iterator[None]:
        self.running.append(self.tenant)
        now = self.running.count(self.tenant)
        self.most[self.tenant] = max(now, self.most.get(self.tenant, 0))
        try:
            yield
        finally:
            self.running.remove(self.tenant)


class Repair(Errand, frozen=True, tag="repair"):
    """The same, but more urgent."""

    priority: ClassVar[Priority] = Priority.FIX


KINDS = (Errand, Repair)


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []
