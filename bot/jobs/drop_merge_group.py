"""Drop a merge group that GitHub has destroyed: nobody waits for its verdict any more."""

from contextlib import suppress
from typing import ClassVar

from bot.github.auth import Access
from bot.github.errors import Gone
from bot.jobs.claimed_runs import ClaimedRuns
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench
from bot.report.check_run import CHECK_NAME, Conclusion
from bot.store.claims import Claim

# By GitHub's reason ("Webhook events and payloads", merge_group).
_REASONS = {
    "merged": "The merge group was merged before it was checked.",
    "invalidated": "GitHub made the merge group anew, because something before it has changed.",
    "dequeued": "The pull request was taken out of the merge queue.",
}
_GONE = "GitHub has dropped this merge group."


class DropMergeGroup(Job, frozen=True, tag="drop_merge_group"):
    """Cancel what is unfinished, and see to it that a check that is still to come does nothing.

    Attributes:
        repository: `owner/name`.
        reason: why it was destroyed, in GitHub's word; empty where it did not say.
    """

    installation_id: int
    repository: str
    head_sha: str
    reason: str = ""

    priority: ClassVar[Priority] = Priority.MERGE

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Cancel; a group that has its verdict keeps it."""
        claim = await self._claim(bench)
        if claim.conclusion is not None:
            return
        if claim.created:
            await bench.claims.finished(claim.external_id, Conclusion.CANCELLED)
            return
        with suppress(Gone):
            gateway = await bench.github.repository(
                self.installation_id, self.repository, Access.READ
            )
            runs = ClaimedRuns(bench.claims, gateway)
            await runs.cancel(claim, _REASONS.get(self.reason, _GONE))

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Leave the run to the check, which completes it all the same."""

    async def _claim(self, bench: Workbench) -> Claim:
        latest = await bench.claims.latest(self.repository, self.head_sha, CHECK_NAME)
        if latest is not None:
            return latest
        return await bench.claims.claim(self.repository, self.head_sha, CHECK_NAME)
