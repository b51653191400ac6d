"""The check run's own buttons: "Re-run" checks again, "Fix it" fixes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.github.delivery import Delivery
from bot.handlers.merge_group import QueueBranch
from bot.handlers.origin import Origin
from bot.handlers.payloads import (
    CheckRunEvent,
    CheckSuiteEvent,
    NamedPullRequest,
    Repository,
    parse,
)
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.check_merge_group import CheckMergeGroup
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.job import Job
from bot.report.buttons import Pressed
from bot.report.check_run import CHECK_NAME


def check_run_again(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """Somebody asked for one check run once more."""
    event = parse(delivery, CheckRunEvent)
    run = event.check_run
    if run.name != CHECK_NAME:
        return
    again = Again(run.head_sha, run.check_suite.head_branch, run.id)
    yield from again.jobs(origin, _numbers(run.pull_requests, event.repository))


def check_suite_again(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """Somebody asked for all checks of a commit once more; GitHub names only the commit."""
    event = parse(delivery, CheckSuiteEvent)
    suite = event.check_suite
    again = Again(suite.head_sha, suite.head_branch)
    yield from again.jobs(origin, _numbers(suite.pull_requests, event.repository))


def fix_pressed(delivery: Delivery, origin: Origin) -> Iterator[ApplyFixes]:
    """Somebody pressed our button, on the page of the commit for which it was shown."""
    event = parse(delivery, CheckRunEvent)
    pressed = Pressed.parse(event.requested_action.identifier) if event.requested_action else None
    if pressed is None or event.sender.is_bot:
        return
    if not event.check_run.head_sha.startswith(pressed.head_prefix):
        return
    yield ApplyFixes(
        installation_id=origin.installation_id,
        repository=origin.repository,
        number=_numbers(event.check_run.pull_requests, event.repository)[0],
        shown_head=event.check_run.head_sha,
        sender=event.sender.login,
        unsafe=pressed.unsafe,
        key=origin.key,
    )


@dataclass(frozen=True, slots=True)
class Again:
    """A commit that somebody wants checked once more.

    Attributes:
        branch: the one that GitHub knows it from; a merge group's has a name of its own.
        rerun_of: the check run that was asked for, if it was a certain one.
    """

    head_sha: str
    branch: str | None
    rerun_of: int | None = None

    def jobs(self, origin: Origin, numbers: Sequence[int | None]) -> Iterator[Job]:
        """Yield what checks the merge group, or else the pull requests of these numbers."""
        if queued := QueueBranch.parse(self.branch):
            yield CheckMergeGroup(
                installation_id=origin.installation_id,
                repository=origin.repository,
                head_sha=self.head_sha,
                base_ref=queued.base_ref,
                base_sha=queued.base_sha,
                again=True,
                rerun_of=self.rerun_of,
            )
            return
        for number in numbers:
            yield CheckPullRequest(
                installation_id=origin.installation_id,
                repository=origin.repository,
                number=number,
                again_at=self.head_sha,
                rerun_of=self.rerun_of,
            )


def _numbers(pulls: Sequence[NamedPullRequest], repository: Repository) -> tuple[int | None, ...]:
    """Return the pull requests into this repository; for forks GitHub names none (None)."""
    own = tuple(pull.number for pull in pulls if pull.base.repo.id == repository.id)
    return own or (None,)
