import asyncio

import pytest

from bot.jobs.drain import Drain


async def work(drain: Drain, until: asyncio.Event, *, resting: bool = False) -> str:
    with drain.at_work():
        if resting:
            with drain.at_rest():
                await until.wait()
        await until.wait()
    return "finished"


async def test_who_is_at_work_may_finish() -> None:
    drain, done = Drain(), asyncio.Event()
    task = asyncio.create_task(work(drain, done))
    await asyncio.sleep(0)
    assert drain.busy

    closing = asyncio.create_task(drain.close(grace=20))
    await asyncio.sleep(0)
    done.set()
    await closing

    assert await task == "finished"
    assert not drain.busy


async def test_who_needs_too_long_is_cancelled() -> None:
    drain = Drain()
    task = asyncio.create_task(work(drain, asyncio.Event()))
    await asyncio.sleep(0)

    await drain.close(grace=0.01)

    assert task.cancelled()


async def test_who_rests_is_cancelled_at_once() -> None:
    drain = Drain()
    task = asyncio.create_task(work(drain, asyncio.Event(), resting=True))
    await asyncio.sleep(0)

    async with asyncio.timeout(10):
        await drain.close(grace=3600)

    assert task.cancelled()


async def test_nobody_begins_after_the_end() -> None:
    drain = Drain()
    await drain.close(grace=0)

    with pytest.raises(asyncio.CancelledError):
        await work(drain, asyncio.Event())
