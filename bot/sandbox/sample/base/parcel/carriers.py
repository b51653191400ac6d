"""The carriers' interfaces, as far as we use them."""

from typing import Protocol


class Carrier(Protocol):
    """A company that moves parcels."""

    async def book(self, weight: int) -> str:
        """Book a parcel and return its tracking number."""

    async def collect(self, tracking: str) -> str:
        """Have a parcel picked up and return the pick-up's number."""
