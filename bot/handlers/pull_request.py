"""A pull request that is opened, gets a new head or another base is checked.

One that is closed, or gets a new head, leaves a commit that others may have for their head.
"""

from collections.abc import Iterator

from bot.github.delivery import Delivery
from bot.github.pulls import Sighting
from bot.handlers.origin import Origin
from bot.handlers.payloads import PullRequest, PullRequestEvent, parse
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.job import Job
from bot.jobs.leave_head import LeaveHead
from bot.jobs.tidy_threads import TidyThreads


def check_ready_head(delivery: Delivery, origin: Origin) -> Iterator[CheckPullRequest]:
    """The head is checked unless it has its verdict."""
    yield _check(parse(delivery, PullRequestEvent).pull_request, origin)


def check_head(delivery: Delivery, origin: Origin) -> Iterator[CheckPullRequest]:
    """And unless that was found of others that have it, while this one did not."""
    yield _check(parse(delivery, PullRequestEvent).pull_request, origin, arrives=True)


def check_new_head(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """And what was suggested on lines that are gone is settled; others may have the old head."""
    event = parse(delivery, PullRequestEvent)
    yield from check_head(delivery, origin)
    yield TidyThreads(
        installation_id=origin.installation_id,
        repository=origin.repository,
        number=event.pull_request.number,
    )
    if event.before:
        yield _leave(event.before, event.pull_request, origin)


def leave_head(delivery: Delivery, origin: Origin) -> Iterator[LeaveHead]:
    """What is closed has no say any more in the verdict on a commit that others have too."""
    pull = parse(delivery, PullRequestEvent).pull_request
    yield _leave(pull.head.sha, pull, origin)


def check_against_new_base(delivery: Delivery, origin: Origin) -> Iterator[CheckPullRequest]:
    """Another base means other changed files; a new title or description means nothing."""
    event = parse(delivery, PullRequestEvent)
    if event.changes.base is None:
        return
    yield CheckPullRequest(
        installation_id=origin.installation_id,
        repository=origin.repository,
        number=event.pull_request.number,
        again_at=event.pull_request.head.sha,
        seen=_seen(event.pull_request),
    )


def _check(pull: PullRequest, origin: Origin, *, arrives: bool = False) -> CheckPullRequest:
    return CheckPullRequest(
        installation_id=origin.installation_id,
        repository=origin.repository,
        number=pull.number,
        seen=_seen(pull),
        arrives=arrives,
    )


def _leave(head_sha: str, pull: PullRequest, origin: Origin) -> LeaveHead:
    return LeaveHead(
        installation_id=origin.installation_id,
        repository=origin.repository,
        number=pull.number,
        head_sha=head_sha,
        seen=_seen(pull),
    )


def _seen(pull: PullRequest) -> Sighting:
    return Sighting(pull.state, pull.head.sha, pull.base.ref, pull.updated_at)
