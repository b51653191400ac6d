"""Judge a commit anew that one of several pull requests has left.

It shows the strictest verdict of all that have it for their head, which may have been that of the
one that is closed or has moved on. Where nobody else has the commit, nothing is asked of GitHub.
"""

from contextlib import suppress
from typing import ClassVar

from bot.github.auth import Access
from bot.github.errors import Gone
from bot.github.pulls import Sighting
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench
from bot.report.check_run import CHECK_NAME, Conclusion


class LeaveHead(Job, frozen=True, tag="leave_head"):
    """Give those that stay the verdict that is theirs.

    Attributes:
        repository: `owner/name` of the base.
        number: the pull request that is closed, or has another head.
        head_sha: the commit that it has left.
        seen: what the event has shown of it.
    """

    installation_id: int
    repository: str
    number: int
    head_sha: str
    seen: Sighting | None = None

    priority: ClassVar[Priority] = Priority.CHECK

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Check for one of those that stay; that judges for all of them."""
        claims = await bench.claims.of_head(self.repository, self.head_sha, CHECK_NAME)
        others = {claim.number for claim in claims if claim.number is not None} - {self.number}
        if not others or claims[-1].conclusion == Conclusion.SUCCESS:
            return
        with suppress(Gone):
            number = await self._staying(bench, sorted(others))
            if number is not None:
                await self._check(number, claims[-1].check_run_id).run(bench)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Leave the verdict as it is: too strict, if anything. Re-run gives the right one."""

    async def _staying(self, bench: Workbench, others: list[int]) -> int | None:
        gateway = await bench.github.repository(self.installation_id, self.repository, Access.READ)
        # Once GitHub answers with what the event has shown, whoever asks next learns of it too.
        await gateway.pull_request(self.number, seen=self.seen)
        for number in others:
            with suppress(Gone):
                pull = await gateway.pull_request(number)
                if pull.is_open and pull.head_sha == self.head_sha:
                    return number
        return None

    def _check(self, number: int, rerun_of: int | None) -> CheckPullRequest:
        return CheckPullRequest(
            installation_id=self.installation_id,
            repository=self.repository,
            number=number,
            again_at=self.head_sha,
            rerun_of=rerun_of,
        )
