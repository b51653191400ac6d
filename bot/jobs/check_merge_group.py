"""Check a merge group: the commit that GitHub made of pull requests on their way into a branch.

A group is judged by everything that its base branch would get with it. GitHub calls the group
before it its base, but that one may not be merged yet, or be red: a queue that does not insist on
"only merge non-failing pull requests" merges all that is before a green group together with it.
"""

from contextlib import suppress
from functools import partial
from typing import ClassVar

from bot.analysis.config import Config
from bot.github.auth import Access
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.jobs.change import Change, change_of
from bot.jobs.claimed_runs import ClaimedRuns
from bot.jobs.configuration import settings_of
from bot.jobs.job import Job, Priority
from bot.jobs.judging import verdict_on
from bot.jobs.known_dependents import KnownDependents
from bot.jobs.own_failure import own_failure
from bot.jobs.workbench import Workbench
from bot.report.check_run import CHECK_NAME, Conclusion
from bot.report.subject import Subject
from bot.store.claims import Claim


class CheckMergeGroup(Job, frozen=True, tag="check_merge_group"):
    """Publish the verdict on a merge group's commit, unless the group has been destroyed.

    Attributes:
        repository: `owner/name`.
        base_ref: the branch that the group is to be merged into, without `refs/heads/`.
        base_sha: the commit that the group was made on.
        again: it is to be checked even though it has its verdict.
        rerun_of: the check run that was asked for once more, if it was a certain one.
    """

    installation_id: int
    repository: str
    head_sha: str
    base_ref: str
    base_sha: str
    again: bool = False
    rerun_of: int | None = None

    priority: ClassVar[Priority] = Priority.MERGE

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Fetch, decide, publish."""
        claim = await self._claim(bench)
        if claim.conclusion is None:
            with suppress(Gone):
                await self._check(bench, await self._gateway(bench), claim)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Complete the check run as the operator decided."""
        claim = await self._claim(bench)
        if claim.conclusion is None:
            with suppress(Gone):
                gateway = await self._gateway(bench)
                read = partial(self._settings, gateway)
                check = await own_failure(bench.policy, read, error)
                await ClaimedRuns(bench.claims, gateway).conclude(claim, check)

    async def _gateway(self, bench: Workbench) -> RepositoryGateway:
        return await bench.github.repository(self.installation_id, self.repository, Access.READ)

    async def _check(self, bench: Workbench, gateway: RepositoryGateway, claim: Claim) -> None:
        runs = ClaimedRuns(bench.claims, gateway)
        read = partial(self._change, gateway)
        known = KnownDependents(bench.dependents, self.installation_id, self.repository)
        find = partial(verdict_on, bench, gateway, known, read, subject=Subject.MERGE_GROUP)
        await runs.judge(claim, find, patience=bench.patience)
        await known.keep()

    async def _claim(self, bench: Workbench) -> Claim:
        latest = await bench.claims.latest(self.repository, self.head_sha, CHECK_NAME)
        attempt = 1 if latest is None else latest.attempt + self._needs_another(latest)
        return await bench.claims.claim(self.repository, self.head_sha, CHECK_NAME, attempt)

    def _needs_another(self, latest: Claim) -> bool:
        """Whether a run beside the latest is wanted; a group that was destroyed needs none."""
        if latest.conclusion is None:
            return False
        if latest.conclusion == Conclusion.NEUTRAL:
            return True
        return self.again and self.rerun_of in {None, latest.check_run_id}

    async def _settings(self, gateway: RepositoryGateway) -> Config:
        return await settings_of(gateway, (await self._change(gateway)).base_sha)

    async def _change(self, gateway: RepositoryGateway) -> Change:
        found = await gateway.comparison(self.base_ref, self.head_sha)
        if found.merge_base == self.head_sha:
            # It has been merged meanwhile, so its branch gets nothing with it any more.
            found = await gateway.comparison(self.base_sha, self.head_sha)
        return await change_of(gateway, found, self.head_sha, base_sha=found.merge_base)
