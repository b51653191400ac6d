"""What several ask for at once is done once."""

import asyncio

import pytest

from bot.github.single_flight import SingleFlight


class Work:
    """Counts how often it was begun, and ends when it is told to."""

    def __init__(self) -> None:
        self.begun = 0
        self.gate = asyncio.Event()
        self.error: Exception | None = None

    async def __call__(self) -> int:
        self.begun += 1
        await self.gate.wait()
        if self.error is not None:
            raise self.error
        return self.begun


async def test_who_comes_while_it_is_under_way_gets_the_same_result() -> None:
    flight, work = SingleFlight[str, int](), Work()
    both = [asyncio.create_task(flight.do("a", work)) for _ in range(2)]
    work.gate.set()

    assert await asyncio.gather(*both) == [1, 1]


async def test_who_comes_afterwards_has_it_done_again() -> None:
    flight, work = SingleFlight[str, int](), Work()
    work.gate.set()

    assert [await flight.do("a", work), await flight.do("a", work)] == [1, 2]


async def test_other_things_are_done_beside_it() -> None:
    flight, work = SingleFlight[str, int](), Work()
    both = [asyncio.create_task(flight.do(key, work)) for key in ("a", "b")]
    work.gate.set()

    await asyncio.gather(*both)

    assert work.begun == 2


async def test_a_failure_is_everybodys() -> None:
    flight, work = SingleFlight[str, int](), Work()
    work.error = ValueError("no")
    both = [asyncio.create_task(flight.do("a", work)) for _ in range(2)]
    work.gate.set()

    assert [str(one) for one in await asyncio.gather(*both, return_exceptions=True)] == ["no"] * 2


async def test_who_is_cancelled_leaves_it_to_the_others() -> None:
    flight, work = SingleFlight[str, int](), Work()
    first, second = (asyncio.create_task(flight.do("a", work)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.wait([first])
    work.gate.set()

    assert await second == 1
    with pytest.raises(asyncio.CancelledError):
        first.result()
