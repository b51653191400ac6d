"""Resolve our own suggestions that a newer head has outdated or made, and nobody answered to.

A branch may require that all conversations are resolved, so what nobody can apply any more must
not stay open. Where none of our suggestions are, nothing is asked of GitHub.
"""

from contextlib import suppress
from typing import ClassVar

from bot.github.auth import Access
from bot.github.errors import Forbidden, Gone
from bot.jobs.job import Job, Priority
from bot.jobs.suggesting import settled
from bot.jobs.workbench import Workbench


class TidyThreads(Job, frozen=True, tag="tidy_threads"):
    """Look after our threads in a pull request that has a new head.

    Attributes:
        repository: `owner/name` of the base.
    """

    installation_id: int
    repository: str
    number: int

    priority: ClassVar[Priority] = Priority.SWEEP

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Resolve them; without the right to, leave them as they are."""
        if not await bench.suggested.has(self.repository, self.number):
            return
        with suppress(Gone, Forbidden):
            # GitHub lets an app resolve threads only with the right to write contents.
            gateway = await bench.github.repository(
                self.installation_id, self.repository, Access.WRITE
            )
            threads = await settled(gateway, await gateway.review_state(self.number))
            if threads:
                await gateway.resolve(threads)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Nobody waits for it, and the next head is another chance."""
