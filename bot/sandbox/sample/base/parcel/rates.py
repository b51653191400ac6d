"""What a parcel costs."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Parcel:
    """What is sent. Weight in grams."""

    weight: int
    country: str


class RateTable:
    """Prices in cents, by weight and country."""

    def __init__(self, surcharges: dict[str, int]) -> None:
        self._surcharges = surcharges

    async def quote(self, parcel: Parcel) -> int:
        """Return the price of a parcel."""
        base = 490 if parcel.weight <= 2_000 else 890
        return base + self._surcharges.get(parcel.country, 0)
