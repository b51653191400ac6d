"""Check a pull request's head: what is there now, whatever the event was about."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import ClassVar

from bot.analysis.config import Config
from bot.github.auth import Access
from bot.github.errors import GitHubError, Gone
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest, Sighting
from bot.jobs.candidates import LISTED_FILES
from bot.jobs.change import Change, change_of
from bot.jobs.claimed_runs import ClaimedRuns
from bot.jobs.configuration import settings_of
from bot.jobs.job import Job, Priority
from bot.jobs.judging import verdict_on
from bot.jobs.known_dependents import KnownDependents
from bot.jobs.own_failure import own_failure
from bot.jobs.shared_heads import (
    Aim,
    ToldAim,
    is_into_base,
    is_new_to,
    numbers_at,
    pulls_at,
    under_way,
)
from bot.jobs.workbench import Workbench
from bot.report.check_run import CHECK_NAME, CheckRun, Conclusion
from bot.report.strictest import PullVerdict, strictest
from bot.report.subject import Subject
from bot.store.claims import Claim

_SUPERSEDED = "A newer commit is at the head of this pull request; its check run has the verdict."
_CLOSED = "The pull request was closed before this commit was checked."

# How often a verdict is found anew because something came meanwhile; more is somebody's game.
_MOST_ANEW = 3

# What is no verdict: the next event about this head has it checked once more.
_NO_VERDICT = frozenset({Conclusion.CANCELLED, Conclusion.NEUTRAL})


class CheckPullRequest(Job, frozen=True, tag="check_pull_request"):
    """Publish the verdict on the head that the pull request has when this runs.

    Attributes:
        repository: `owner/name` of the base.
        number: None where GitHub did not say it (a check of a fork's commit that is run again);
            then our own claims know it, or else those are meant that have the commit now.
        again_at: a commit that is to be checked even though it has its verdict.
        rerun_of: the check run that was asked for once more, if it was a certain one.
        seen: what the event has shown of the pull request.
        arrives: it has come to its head just now, for the first time or again: others may have
            been judged there without it.
    """

    installation_id: int
    repository: str
    number: int | None
    again_at: str | None = None
    rerun_of: int | None = None
    seen: Sighting | None = None
    arrives: bool = False

    priority: ClassVar[Priority] = Priority.CHECK

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Fetch, decide, publish."""
        for number in await self._numbers(bench):
            if found := await self._found(bench, number):
                await self._settle(bench, *found)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Complete every run of the pull request that is left in progress."""
        for number in await self._numbers(bench):
            with suppress(Gone):
                await self._end(bench, await self._gateway(bench), number, error)

    async def _settle(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> None:
        known = KnownDependents(bench.dependents, self.installation_id, self.repository)
        await self._cancel_others(bench, gateway, pull, known)
        if pull.is_open:
            await self._check(bench, gateway, pull, known)
        await known.keep()

    async def _end(
        self, bench: Workbench, gateway: RepositoryGateway, number: int, error: str
    ) -> None:
        aim, read = await self._left(bench, gateway, number)
        if aim is not None:
            await self._claim(bench, aim)
        check = await own_failure(bench.policy, read, error)
        runs = ClaimedRuns(bench.claims, gateway)
        for claim in await bench.claims.unfinished(self.repository, number):
            await runs.conclude(claim, check)

    async def _left(
        self, bench: Workbench, gateway: RepositoryGateway, number: int
    ) -> tuple[Aim | None, Callable[[], Awaitable[Config]]]:
        """Return what is left to be ended, and what reads how the repository wants that.

        Perhaps what failed is this very question, how the pull request is now. Then its check is
        ended all the same, where the event has shown it to be.
        """
        try:
            pull = await gateway.pull_request(number, seen=self.seen)
        except Gone:
            raise
        except GitHubError as failure:
            return await self._told(bench, number), partial(_unread, failure)
        return pull if pull.is_open else None, partial(settings_of, gateway, pull.base_sha)

    async def _told(self, bench: Workbench, number: int) -> Aim | None:
        """Return what the event was about, without asking anybody."""
        if self.seen is not None:
            seen = self.seen
            return ToldAim(number, seen.head_sha, seen.base_ref) if seen.state == "open" else None
        if self.again_at is None:
            return None
        claims = await self._claims_on(self.again_at, bench)
        return ToldAim(number, self.again_at, claims[-1].base_ref if claims else None)

    async def _found(
        self, bench: Workbench, number: int
    ) -> tuple[RepositoryGateway, PullRequest] | None:
        """Return the pull request as it is now, None if it is out of our reach."""
        with suppress(Gone):
            gateway = await self._gateway(bench)
            return gateway, await gateway.pull_request(number, seen=self.seen)
        return None

    async def _gateway(self, bench: Workbench) -> RepositoryGateway:
        return await bench.github.repository(self.installation_id, self.repository, Access.READ)

    async def _numbers(self, bench: Workbench) -> Sequence[int]:
        """Return the pull requests that are meant; several may have the commit for their head."""
        if self.number is not None:
            return (self.number,)
        if self.again_at is not None:
            with suppress(Gone):
                return await numbers_at(self.again_at, bench.claims, await self._gateway(bench))
        return ()

    async def _check(
        self,
        bench: Workbench,
        gateway: RepositoryGateway,
        pull: PullRequest,
        known: KnownDependents,
    ) -> None:
        claim = await self._claim(bench, pull)
        if claim.conclusion is not None:
            return

        find = partial(self._found_verdict, bench, gateway, pull, known)
        # Who asks for a run once more wants to see another.
        shown = None if self.again_at == pull.head_sha else pull.shown
        runs = ClaimedRuns(bench.claims, gateway, shown)
        await runs.judge(claim, find, patience=bench.patience)

    async def _found_verdict(
        self,
        bench: Workbench,
        gateway: RepositoryGateway,
        pull: PullRequest,
        known: KnownDependents,
    ) -> CheckRun:
        """Judge; anew if another pull request, or this one into another base, came meanwhile.

        Two runs on a commit are then told alike, whichever GitHub takes for the newest.
        """
        claims = await self._claims_on(pull.head_sha, bench)
        pulls = await pulls_at(pull.head_sha, gateway, claims, pull)
        check = await _verdict(bench, gateway, pulls, known)
        for _ in range(_MOST_ANEW):
            before, claims = claims, await self._claims_on(pull.head_sha, bench)
            if len(claims) == len(before):
                break
            now = await gateway.pull_request(pull.number)
            if pulls := await pulls_at(pull.head_sha, gateway, claims, now):
                check = await _verdict(bench, gateway, pulls, known)
        return check

    async def _claims_on(self, head_sha: str, bench: Workbench) -> tuple[Claim, ...]:
        return await bench.claims.of_head(self.repository, head_sha, CHECK_NAME)

    async def _claim(self, bench: Workbench, pull: Aim) -> Claim:
        await self._restore(bench, pull)
        claims = await self._claims_on(pull.head_sha, bench)
        if begun := under_way(claims, pull):
            return begun
        if claims and not self._needs_claim(claims, pull):
            return claims[-1]
        claim = await bench.claims.claim(
            self.repository,
            pull.head_sha,
            CHECK_NAME,
            claims[-1].attempt + 1 if claims else 1,
            number=pull.number,
            base_ref=pull.base_ref,
        )
        if claim.created or (claim.number == pull.number and is_into_base(claim, pull)):
            return claim
        # Another pull request at this commit was a moment faster.
        return await self._claim(bench, pull)

    async def _restore(self, bench: Workbench, pull: Aim) -> None:
        """Note the newest run on GitHub if our own database has lost it, or never had it.

        One that nobody completes any more is for this pull request, whose head it is on. Of whom
        a verdict was found, nobody knows: it is not taken for that of this pull request.
        """
        shown = pull.shown
        claims = await self._claims_on(pull.head_sha, bench)
        if shown is None or any(shown.external_id == claim.external_id for claim in claims):
            return
        is_left = shown.conclusion is None
        await bench.claims.restore(
            self.repository,
            pull.head_sha,
            CHECK_NAME,
            external_id=shown.external_id,
            check_run_id=shown.id,
            conclusion=shown.conclusion,
            number=pull.number if is_left else None,
        )

    def _needs_claim(self, claims: Sequence[Claim], pull: Aim) -> bool:
        """Whether the verdict on a commit does not hold for a pull request, or not any more."""
        is_left_out = self.arrives and claims[-1].number != pull.number
        return is_left_out or is_new_to(claims, pull) or self._needs_another(claims[-1])

    def _needs_another(self, latest: Claim) -> bool:
        """Whether a run beside the latest is wanted; one that is under way will do."""
        if latest.conclusion is None:
            return False
        if latest.conclusion in _NO_VERDICT:
            return True
        return self.again_at == latest.head_sha and self.rerun_of in {None, latest.check_run_id}

    async def _cancel_others(
        self,
        bench: Workbench,
        gateway: RepositoryGateway,
        pull: PullRequest,
        known: KnownDependents,
    ) -> None:
        """Complete what was begun for a head or a base that this pull request no longer has."""
        runs = ClaimedRuns(bench.claims, gateway)
        for claim in await bench.claims.unfinished(self.repository, pull.number):
            is_head = claim.head_sha == pull.head_sha
            if pull.is_open and is_head and is_into_base(claim, pull):
                continue
            claims = await self._claims_on(claim.head_sha, bench)
            if others := await pulls_at(claim.head_sha, gateway, claims, pull):
                await runs.conclude(claim, await _verdict(bench, gateway, others, known))
            else:
                await runs.cancel(claim, _SUPERSEDED if pull.is_open else _CLOSED)


async def _unread(failure: GitHubError) -> Config:
    raise failure


async def _verdict(
    bench: Workbench,
    gateway: RepositoryGateway,
    pulls: Sequence[PullRequest],
    known: KnownDependents,
) -> CheckRun:
    verdicts: list[PullVerdict] = []
    for each in pulls:
        read = partial(_change, gateway, each)
        check = await verdict_on(bench, gateway, known, read, subject=Subject.PULL_REQUEST)
        verdicts.append(PullVerdict(each.number, each.base_ref, check))
    return strictest(verdicts)


async def _change(gateway: RepositoryGateway, pull: PullRequest) -> Change:
    """Return what a pull request changes; who shares no commit with its base changes all."""
    try:
        # With the branch, because that may have moved since the pull request was read.
        found = await gateway.comparison(pull.base_ref, pull.head_sha)
    except Gone:
        files = await gateway.changed_files(pull)
        is_complete = len(files) < LISTED_FILES
        return Change(pull.head_sha, pull.base_sha, files, is_complete=is_complete)
    return await change_of(gateway, found, pull.head_sha, base_sha=found.base_sha)
