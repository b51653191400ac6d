"""Parcels that come back."""

from dataclasses import dataclass

from parcel.carriers import Carrier


@dataclass(frozen=True)
class Return:
    """A parcel on its way back."""

    tracking: str
    pickup: str


class ReturnDesk:
    """Registers returns and has them picked up."""

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier
        self.open: dict[str, Return] = {}

    async def register(self, tracking: str) -> Return:
        """Register a return; registering it twice changes nothing."""
        if tracking in self.open:
            return self.open[tracking]
        pickup = await self._carrier.collect(tracking)
        self.open[tracking] = Return(tracking, pickup)
        return self.open[tracking]

    async def close(self, tracking: str) -> None:
        """Forget a return that has arrived."""
        self.open.pop(tracking)


async def label(entry: Return) -> str:
    """Return the text of the label that goes onto the parcel."""
    return f"RETURN {entry.tracking} / {entry.pickup}"


async def refund(price: int, *, damaged: bool) -> int:
    """Return what the customer gets back, in cents."""
    return price // 2 if damaged else price
