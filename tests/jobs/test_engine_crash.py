"""What is accepted survives `kill -9`: real processes, really killed."""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import pytest

from bot.jobs.engine import Accepted
from tests.jobs.conftest import Running
from tests.jobs.errands import Errand, lines
from tests.jobs.patience import until

ROOT = Path(__file__).parents[2]
KEY = "42:72d3162e-cc78-11e3-81ab-4c9367dc0958"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.txt"


class Worker:
    """A child process with an engine."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def accepted(self) -> None:
        """Wait until the child has told the sender that the delivery is safe."""
        assert self._process.stdout is not None
        assert await self._process.stdout.readline() == b"accepted\n"

    async def kill(self) -> None:
        self._process.kill()
        await self.death()

    async def death(self) -> None:
        assert await self._process.wait() == -signal.SIGKILL

    async def stop(self) -> None:
        """Let the child shut down, as a deployment does."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert await self._process.wait() == 0


@asynccontextmanager
async def worker(url: str, key: str = "", jobs: Sequence[Errand] = ()) -> AsyncIterator[Worker]:
    delivery = [key, msgspec.json.encode(jobs).decode()] if key else []
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.jobs.engine_process", url, "test", *delivery),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Worker(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_a_job_that_was_killed_in_the_middle_is_finished_once_by_the_next_process(
    url: str, out: Path
) -> None:
    async with worker(url, KEY, [Errand("a", str(out), trouble=("hold",))]) as first:
        await first.accepted()
        await until(lambda: lines(out) == ["a holds"])
        await first.kill()

    async with worker(url) as second:
        await second.accepted()
        await until(lambda: lines(out) == ["a holds", "a"])
        await second.stop()

    assert lines(out) == ["a holds", "a"]


async def test_what_was_accepted_at_the_moment_of_the_kill_is_done(
    running: Running, url: str, out: Path
) -> None:
    jobs = [Errand(str(n), str(out), installation=n) for n in range(6)]
    async with worker(url, KEY, jobs) as first:
        await first.accepted()
        await first.kill()

    async with running() as engine:
        await engine.settled(20)

    assert {str(n) for n in range(6)} <= set(lines(out))


async def test_a_redelivery_after_a_crash_does_not_do_the_work_twice(
    running: Running, url: str, out: Path
) -> None:
    job = Errand("a", str(out), trouble=("hold",))
    async with worker(url, KEY, [job]) as first:
        await until(lambda: lines(out) == ["a holds"])
        await first.kill()

    async with running() as engine:
        again = await engine.accept(KEY, [job])
        await engine.settled(20)

    assert again is Accepted.DUPLICATE
    assert lines(out) == ["a holds", "a"]


async def test_a_job_that_kills_its_worker_again_and_again_is_given_up(
    running: Running, url: str, out: Path
) -> None:
    job = Errand("a", str(out), trouble=("die",) * 9)
    async with worker(url, KEY, [job]) as first:
        await first.death()
    for _ in range(2):
        async with worker(url) as next_one:
            await next_one.death()

    async with running() as engine:
        await engine.settled(20)

    assert lines(out) == [
        *["a dies"] * 3,
        f"a gave up: interrupted 3 times in the middle (job {KEY}:0)",
    ]
