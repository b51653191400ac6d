"""Check what is open in a repository, after a time in which the app heard or did nothing there.

Who requires the check would wait for ever otherwise. Heads that have their verdict keep it.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import ClassVar

import structlog

from bot.github.auth import Access
from bot.github.errors import Gone, Transient
from bot.github.open_pulls import OpenPull
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench

_log = structlog.stdlib.get_logger(__name__)


class CheckOpenPulls(Job, frozen=True, tag="check_open_pulls"):
    """Check the pull requests in which something happened last.

    Attributes:
        repository: `owner/name`.
    """

    installation_id: int
    repository: str

    priority: ClassVar[Priority] = Priority.SWEEP

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Check them one after the other."""
        await self._each(bench, lambda check: check.run(bench))

    async def give_up(self, bench: Workbench, error: str) -> None:
        """End those that have no verdict by now."""
        await self._each(bench, lambda check: check.give_up(bench, error))

    async def _each(
        self, bench: Workbench, act: Callable[[CheckPullRequest], Awaitable[None]]
    ) -> None:
        """Do something to each; what keeps it from one is raised when it is done to the others."""
        failures: list[Exception] = []
        for pull in await self._open(bench):
            try:
                await act(self._check(pull))
            except Exception as failure:  # noqa: BLE001 - raised below
                _log.warning("not checked", number=pull.number, error=type(failure).__name__)
                failures.append(failure)
        if failures:
            # What passes by itself is worth more attempts than what does not.
            raise next((one for one in failures if isinstance(one, Transient)), failures[0])

    async def _open(self, bench: Workbench) -> tuple[OpenPull, ...]:
        with suppress(Gone):
            gateway = await bench.github.repository(
                self.installation_id, self.repository, Access.READ
            )
            return await gateway.open_pulls()
        return ()

    def _check(self, pull: OpenPull) -> CheckPullRequest:
        return CheckPullRequest(
            installation_id=self.installation_id,
            repository=self.repository,
            number=pull.number,
        )
