import pytest

from parcel.rates import Parcel, RateTable


@pytest.mark.asyncio
async def test_a_light_parcel_has_the_base_price():
    table = RateTable({})

    assert await table.quote(Parcel(500, "DE")) == 490


@pytest.mark.asyncio
async def test_a_country_may_cost_more():
    table = RateTable({"CH": 700})

    assert await table.quote(Parcel(500, "CH")) == 1_190
