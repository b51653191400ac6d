"""Where a delivery comes from: what every job needs of it."""

import re
from dataclasses import dataclass
from typing import Self

from bot.github.delivery import Delivery


@dataclass(frozen=True, slots=True)
class Origin:
    """An installation of the app, and one of its repositories.

    Attributes:
        repository: `owner/name`.
        key: one for the delivery and all its redeliveries, fit to stand in an HTML comment and
            in the trailer of a commit.
    """

    installation_id: int
    repository: str
    key: str

    @classmethod
    def of(cls, delivery: Delivery) -> Self | None:
        """Return None for a delivery that is about no installation or no repository."""
        if delivery.installation_id is None or delivery.repository is None:
            return None
        key = re.sub("--+", "-", delivery.id)
        return cls(delivery.installation_id, delivery.repository, key)
