"""What the verdicts on one repository read: told to the store, and asked of it by the next ones.

It may only add to what is checked, so where the store fails, verdicts are found without it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field

import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.analysis.request import Report
from bot.store.dependents import Dependents

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class KnownDependents:
    """Of one repository, for the life of one job.

    Attributes:
        repository: `owner/name`.
    """

    store: Dependents
    installation_id: int
    repository: str
    _read: dict[str, set[str]] = field(default_factory=dict[str, set[str]])

    async def of(self, paths: Collection[str]) -> frozenset[str]:
        """Return the files whose verdicts have read any of some paths, as far as that is known."""
        try:
            return await self.store.of(self.installation_id, self.repository, paths)
        except SQLAlchemyError:
            _log.warning("dependents cannot be read", exc_info=True)
            return frozenset()

    def note(self, report: Report, paths: Collection[str]) -> None:
        """Take in what the verdicts of a report have read.

        Args:
            report: made from whatever the repository holds.
            paths: of all files that there are; what else the report names is left out.
        """
        for path, read in report.read.items():
            if path.endswith(".py") and path in paths:
                self._read.setdefault(path, set()).update(one for one in read if one in paths)

    async def keep(self) -> None:
        """Store what was taken in; to be done once the verdict is published."""
        if not self._read:
            return
        try:
            await self.store.add(self.installation_id, self.repository, self._read)
        except SQLAlchemyError:
            _log.warning("dependents cannot be stored", exc_info=True)
