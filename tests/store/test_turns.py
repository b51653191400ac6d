import asyncio

import pytest

from bot.store.turns import Turns


@pytest.mark.parametrize("reach", ["here", "everywhere"])
async def test_one_turn_at_a_time_for_each_thing(reach: str) -> None:
    turns, order = Turns(), list[str]()
    entered = asyncio.Event()

    async def first() -> None:
        async with getattr(turns, reach)("a"):
            entered.set()
            await asyncio.sleep(0)
            order.append("first")

    async def second(thing: str) -> None:
        await entered.wait()
        async with getattr(turns, reach)(thing):
            order.append(thing)

    await asyncio.gather(first(), second("a"), second("b"))

    assert order.index("first") < order.index("a")
    assert set(order) == {"first", "a", "b"}


async def test_what_is_taken_shows() -> None:
    turns = Turns()
    async with turns.here("a"):
        assert (turns.is_taken("a"), turns.is_taken("b")) == (True, False)
    assert not turns.is_taken("a")
