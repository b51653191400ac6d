"""Check a pull request's head: what is there now, whatever the event was about.

Everything that is done here may be done twice, or half and then from the start: the claim says
which check run is meant, and the gateway finds it again.
"""

from contextlib import suppress
from typing import ClassVar

from bot.analysis.errors import UserError
from bot.analysis.request import Fixing, Report
from bot.github.auth import Access
from bot.github.checks import CheckRunHandle
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.candidates import candidates, request_for, with_unlisted
from bot.jobs.configuration import configuration_of_base, may_change_configuration
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench
from bot.report.check_run import CHECK_NAME, CheckRun, Conclusion
from bot.report.verdict import broken, check_run_of, not_analysed, rejected, unreadable
from bot.store.claims import Claim

_SUPERSEDED = "A newer commit is at the head of this pull request; its check run has the verdict."
_CLOSED = "The pull request was closed before this commit was checked."

# What is no verdict: the next event about this head has it checked once more.
_NO_VERDICT = frozenset({Conclusion.CANCELLED, Conclusion.NEUTRAL})


class CheckPullRequest(Job, frozen=True, tag="check_pull_request"):
    """Publish the verdict on the head that the pull request has when this runs.

    Attributes:
        repository: `owner/name` of the base.
        number: None where GitHub did not say it (a check of a fork's commit that is run again);
            then our own claims know it.
        again_at: a commit that is to be checked even though it has its verdict.
        rerun_of: the check run that was asked for once more, if it was a certain one.
    """

    installation_id: int
    repository: str
    number: int | None
    again_at: str | None = None
    rerun_of: int | None = None

    priority: ClassVar[Priority] = Priority.CHECK

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Fetch, decide, publish."""
        found = await self._found(bench)
        if found is None:
            return
        gateway, pull = found
        await self._cancel_others(bench, gateway, pull)
        if pull.is_open:
            await self._check(bench, gateway, pull)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Complete every run of the pull request that is left in progress."""
        found = await self._found(bench)
        if found is None:
            return
        gateway, pull = found
        if pull.is_open:
            await self._claim(bench, pull)
        check = broken(Conclusion(bench.policy.on_internal_error), error)
        for claim in await bench.claims.unfinished(self.repository, pull.number):
            handle = await self._started(bench, gateway, claim)
            if handle is not None:
                await self._finish(bench, gateway, handle, check)

    async def _found(self, bench: Workbench) -> tuple[RepositoryGateway, PullRequest] | None:
        """Return the pull request as it is now, None if it is out of our reach."""
        number = self.number or await self._number_of_claim(bench)
        if number is None:
            return None
        with suppress(Gone):
            gateway = await self._gateway(bench)
            return gateway, await gateway.pull_request(number)
        return None

    async def _gateway(self, bench: Workbench) -> RepositoryGateway:
        return await bench.github.repository(self.installation_id, self.repository, Access.READ)

    async def _number_of_claim(self, bench: Workbench) -> int | None:
        if self.again_at is None:
            return None
        claim = await bench.claims.latest(self.repository, self.again_at, CHECK_NAME)
        return claim.number if claim else None

    async def _check(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> None:
        claim = await self._claim(bench, pull)
        if claim.conclusion is not None:
            return
        handle = await self._started(bench, gateway, claim)
        if handle is not None:
            await self._finish(bench, gateway, handle, await _verdict(bench, gateway, pull))

    async def _claim(self, bench: Workbench, pull: PullRequest) -> Claim:
        latest = await bench.claims.latest(self.repository, pull.head_sha, CHECK_NAME)
        attempt = 1 if latest is None else latest.attempt + self._needs_another(latest)
        return await bench.claims.claim(
            self.repository, pull.head_sha, CHECK_NAME, attempt, number=pull.number
        )

    def _needs_another(self, latest: Claim) -> bool:
        """Whether a run beside the latest is wanted; one that is under way will do."""
        if latest.conclusion is None:
            return False
        if latest.conclusion in _NO_VERDICT:
            return True
        return self.again_at == latest.head_sha and self.rerun_of in {None, latest.check_run_id}

    async def _started(
        self, bench: Workbench, gateway: RepositoryGateway, claim: Claim
    ) -> CheckRunHandle | None:
        """Show that the claim is worked on; None where GitHub no longer has its commit."""
        if claim.check_run_id is not None:
            return CheckRunHandle(claim.check_run_id, claim.external_id)
        try:
            handle = await gateway.start_check_run(
                claim.head_sha, name=CHECK_NAME, external_id=claim.external_id, fresh=claim.created
            )
        except Gone:
            await bench.claims.finished(claim.external_id, Conclusion.CANCELLED)
            return None
        await bench.claims.record(claim.external_id, handle.id)
        return handle

    async def _finish(
        self, bench: Workbench, gateway: RepositoryGateway, handle: CheckRunHandle, check: CheckRun
    ) -> None:
        await gateway.complete_check_run(handle, check)
        await bench.claims.finished(handle.external_id, check.conclusion)

    async def _cancel_others(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> None:
        """Complete what was begun for heads that this pull request no longer has."""
        for claim in await bench.claims.unfinished(self.repository, pull.number):
            if pull.is_open and claim.head_sha == pull.head_sha:
                continue
            reason = _SUPERSEDED if pull.is_open else _CLOSED
            with suppress(Gone):
                await _cancel(gateway, claim, reason)
            await bench.claims.finished(claim.external_id, Conclusion.CANCELLED)


async def _cancel(gateway: RepositoryGateway, claim: Claim, reason: str) -> None:
    # Not by the id in the claim: the run may have been made and its id not been recorded.
    for run in await gateway.check_runs(claim.head_sha, CHECK_NAME):
        if run.external_id == claim.external_id and not run.is_completed:
            await gateway.cancel_check_run(run.id, reason)


async def _verdict(bench: Workbench, gateway: RepositoryGateway, pull: PullRequest) -> CheckRun:
    """Return the check run; what its author can repair is a verdict too."""
    try:
        report = await _report(bench, gateway, pull)
    except AnalysisTooLarge as failure:
        return not_analysed(failure.reason)
    except UserError as error:
        return rejected(str(error))
    except Gone:
        return unreadable()
    return check_run_of(report, head_sha=pull.head_sha)


async def _report(bench: Workbench, gateway: RepositoryGateway, pull: PullRequest) -> Report:
    changed = await gateway.changed_files(pull)
    paths = candidates(changed)
    if not paths and not may_change_configuration(changed):
        return with_unlisted(_EMPTY, changed=len(changed), tree=None)
    tree = await gateway.tree(pull.head_sha)
    configuration = await configuration_of_base(gateway, pull, changed)
    request = request_for(
        paths, tree, Fixing.UNSAFE, today=bench.now().date(), configuration=configuration
    )
    report = await bench.analyser.analyse(request, lambda wanted: gateway.contents(tree, wanted))
    return with_unlisted(report, changed=len(changed), tree=tree)


_EMPTY = Report(checked=(), findings=())
