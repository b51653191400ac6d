import asyncio

from bot.jobs.turns import Turns


async def test_one_turn_at_a_time_for_each_thing() -> None:
    turns, order = Turns(), list[str]()
    entered = asyncio.Event()

    async def first() -> None:
        async with turns.at("a"):
            entered.set()
            await asyncio.sleep(0)
            order.append("first")

    async def second(thing: str) -> None:
        await entered.wait()
        async with turns.at(thing):
            order.append(thing)

    await asyncio.gather(first(), second("a"), second("b"))

    assert order == ["b", "first", "a"]


async def test_what_is_taken_shows() -> None:
    turns = Turns()
    async with turns.at("a"):
        assert (turns.is_taken("a"), turns.is_taken("b")) == (True, False)
    assert not turns.is_taken("a")
