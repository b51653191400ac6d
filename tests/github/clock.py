"""A clock that goes on only where somebody sleeps by it, and then at once."""

import asyncio
import time


class Clock:
    """Seconds since the epoch; remembers who slept how long."""

    def __init__(self) -> None:
        self.time = float(int(time.time()))
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.time += seconds
        await asyncio.sleep(0)
