from unittest.mock import Mock

import pytest

from parcel.returns import ReturnDesk


class Van:
    def __init__(self):
        self.collected = []

    async def collect(self, tracking):
        self.collected.append(tracking)
        return f"P-{len(self.collected)}"


@pytest.fixture
async def desk():
    desk = ReturnDesk(Van())
    await desk.register("T-1")
    yield desk
    await desk.close("T-1")


@pytest.mark.asyncio
async def test_a_registered_return_is_open(desk):
    assert desk.open["T-1"].pickup == "P-1"


async def test_each_return_gets_a_pickup_of_its_own():
    desk = ReturnDesk(Van())

    first = await desk.register("T-1")
    second = await desk.register("T-2")

    assert (first.pickup, second.pickup) == ("P-1", "P-2")


@pytest.mark.asyncio
async def test_a_return_is_picked_up_once():
    carrier = Mock()
    carrier.collect = Mock(return_value="P-7")
    desk = ReturnDesk(carrier)

    await desk.register("T-1")
    await desk.register("T-1")

    carrier.collect.assert_called_once_with("T-1")
