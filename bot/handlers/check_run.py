"""The check run's own buttons: "Re-run" checks again, "Fix it" fixes."""

from collections.abc import Iterator

from bot.github.delivery import Delivery
from bot.handlers.origin import Origin
from bot.handlers.payloads import CheckedCommit, CheckRunEvent, CheckSuiteEvent, Repository, parse
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.check_pull_request import CheckPullRequest
from bot.report.buttons import Pressed
from bot.report.check_run import CHECK_NAME


def check_run_again(delivery: Delivery, origin: Origin) -> Iterator[CheckPullRequest]:
    """Somebody asked for one check run once more."""
    event = parse(delivery, CheckRunEvent)
    if event.check_run.name != CHECK_NAME:
        return
    for number in _numbers(event.check_run, event.repository):
        yield CheckPullRequest(
            installation_id=origin.installation_id,
            repository=origin.repository,
            number=number,
            again_at=event.check_run.head_sha,
            rerun_of=event.check_run.id,
        )


def check_suite_again(delivery: Delivery, origin: Origin) -> Iterator[CheckPullRequest]:
    """Somebody asked for all checks of a commit once more; GitHub names only the commit."""
    event = parse(delivery, CheckSuiteEvent)
    for number in _numbers(event.check_suite, event.repository):
        yield CheckPullRequest(
            installation_id=origin.installation_id,
            repository=origin.repository,
            number=number,
            again_at=event.check_suite.head_sha,
        )


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
        number=_numbers(event.check_run, event.repository)[0],
        shown_head=event.check_run.head_sha,
        sender=event.sender.login,
        unsafe=pressed.unsafe,
        key=origin.key,
    )


def _numbers(commit: CheckedCommit, repository: Repository) -> tuple[int | None, ...]:
    """Return the pull requests into this repository; for forks GitHub names none (None)."""
    return tuple(
        pull.number for pull in commit.pull_requests if pull.base.repo.id == repository.id
    ) or (None,)
