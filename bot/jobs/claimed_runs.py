"""A check run from its claim to its conclusion, the same for every job that publishes a verdict.

Each step may be done twice, or half and then from the start: the claim says which check run is
meant, and the gateway finds it again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from bot.github.checks import CheckRunHandle
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import ShownRun
from bot.report.check_run import CheckRun, Conclusion
from bot.store.claims import Claim, Claims


@dataclass(frozen=True, slots=True)
class ClaimedRuns:
    """The check runs of one repository that we have claimed.

    Attributes:
        shown: the newest of ours on the commit that is judged, as it was when that began.
    """

    claims: Claims
    gateway: RepositoryGateway
    shown: ShownRun | None = None

    async def started(self, claim: Claim) -> CheckRunHandle | None:
        """Show that the claim is worked on; None where GitHub no longer has its commit."""
        if made := await self._made(claim):
            return made
        try:
            handle = await self.gateway.start_check_run(
                claim.head_sha, name=claim.name, external_id=claim.external_id, fresh=claim.created
            )
        except Gone:
            await self.claims.finished(claim.external_id, Conclusion.CANCELLED)
            return None
        await self.claims.record(claim.external_id, handle.id)
        return handle

    async def finish(self, handle: CheckRunHandle, check: CheckRun) -> None:
        """Publish a verdict, also on a run that was cancelled while the verdict was found.

        Where the run is gone, the next event makes another.
        """
        conclusion = _recorded(check)
        try:
            await self.gateway.complete_check_run(handle, check)
        except Gone:
            conclusion = Conclusion.CANCELLED
        await self.claims.finished(handle.external_id, conclusion)

    async def judge(
        self, claim: Claim, find: Callable[[], Awaitable[CheckRun]], *, patience: float
    ) -> None:
        """Find a verdict and publish it; if that takes a while, show that it is under way.

        Args:
            claim: what is to be judged.
            find: finds the verdict.
            patience: seconds to wait for it before anything is shown; a verdict that comes by
                then is published in one request.
        """
        begun = await self.started(claim) if patience <= 0 else None
        if patience <= 0 and begun is None:
            return
        finding = asyncio.ensure_future(find())
        try:
            done, _ = await asyncio.wait({finding}, timeout=max(patience, 0))
            if not done and begun is None and (begun := await self.started(claim)) is None:
                return
            check = await finding
        finally:
            finding.cancel()
        await (self.conclude(claim, check) if begun is None else self.finish(begun, check))

    async def conclude(self, claim: Claim, check: CheckRun) -> None:
        """Publish a verdict that is there already, on a run that need not have been started.

        What the newest run says already is not said again.
        """
        shown = self.shown
        if shown and shown.says(check) and await self._stands_for(claim, shown):
            await self.claims.record(claim.external_id, shown.id)
            await self.claims.finished(claim.external_id, _recorded(check))
            return
        if made := await self._made(claim):
            await self.finish(made, check)
            return
        try:
            handle = await self.gateway.publish_check_run(
                claim.head_sha,
                check,
                name=claim.name,
                external_id=claim.external_id,
                fresh=claim.created,
            )
        except Gone:
            await self.claims.finished(claim.external_id, Conclusion.CANCELLED)
            return
        await self.claims.record(claim.external_id, handle.id)
        await self.claims.finished(claim.external_id, _recorded(check))

    async def _stands_for(self, claim: Claim, shown: ShownRun) -> bool:
        """Whether the newest run is the claim's own, or the claim needs none beside it.

        Where somebody worked on the claim before, there may be one that GitHub does not tell yet;
        and what another claim on the commit has published, or will, may be newer and say less.
        """
        if claim.check_run_id is not None:
            return shown.id == claim.check_run_id
        if shown.external_id == claim.external_id:
            return True
        claims = await self.claims.of_head(claim.repository, claim.head_sha, claim.name)
        others = (each for each in claims if each.external_id != claim.external_id)
        return claim.created and all(
            each.conclusion is not None and (each.check_run_id or 0) <= shown.id for each in others
        )

    async def _made(self, claim: Claim) -> CheckRunHandle | None:
        """Return the run of a claim, as far as it is known that there is one."""
        if claim.check_run_id is not None:
            return CheckRunHandle(claim.check_run_id, claim.external_id)
        if self.shown is None or self.shown.external_id != claim.external_id:
            return None
        await self.claims.record(claim.external_id, self.shown.id)
        return CheckRunHandle(self.shown.id, claim.external_id)

    async def cancel(self, claim: Claim, reason: str) -> None:
        """End what nobody waits for any more."""
        with suppress(Gone):
            await self._cancel_on_github(claim, reason)
        await self.claims.finished(claim.external_id, Conclusion.CANCELLED)

    async def _cancel_on_github(self, claim: Claim, reason: str) -> None:
        # Not by the id in the claim: the run may have been made and its id not been recorded.
        for run in await self.gateway.check_runs(claim.head_sha, claim.name):
            if run.external_id == claim.external_id and not run.is_completed:
                await self.gateway.cancel_check_run(run.id, reason)


def _recorded(check: CheckRun) -> Conclusion:
    """Return what is remembered of a run; what is no verdict is neutral, whatever it shows."""
    return check.conclusion if check.is_verdict else Conclusion.NEUTRAL
