"""Check what is open, after a time in which the app heard or did nothing.

Who requires the check would wait for ever otherwise. Heads that have their verdict keep it.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import ClassVar

import structlog

from bot.github.auth import Access
from bot.github.errors import Gone, Transient
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench

_log = structlog.stdlib.get_logger(__name__)


class CatchUp(Job, frozen=True, tag="catch_up"):
    """Check the open pull requests of an installation, of each repository those of late."""

    installation_id: int

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
        async for check in self._open(bench, failures):
            try:
                await act(check)
            except Exception as failure:  # noqa: BLE001 - raised below
                _log.warning("not checked", number=check.number, error=type(failure).__name__)
                failures.append(failure)
        if failures:
            # What passes by itself is worth more attempts than what does not.
            raise next((one for one in failures if isinstance(one, Transient)), failures[0])

    async def _open(
        self, bench: Workbench, failures: list[Exception]
    ) -> AsyncIterator[CheckPullRequest]:
        repositories: tuple[str, ...] = ()
        with suppress(Gone):
            repositories = await bench.github.repositories(self.installation_id)
        for repository in repositories:
            try:
                gateway = await bench.github.repository(
                    self.installation_id, repository, Access.READ
                )
                pulls = await gateway.open_pulls()
            except Gone:
                continue
            except Exception as failure:  # noqa: BLE001 - the other repositories come first
                failures.append(failure)
                continue
            for pull in pulls:
                yield CheckPullRequest(
                    installation_id=self.installation_id,
                    repository=repository,
                    number=pull.number,
                )
