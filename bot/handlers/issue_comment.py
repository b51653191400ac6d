"""`/fix-async` in the conversation of a pull request, written or edited in by its author.

Bots are ignored: our own answers quote the command. An edit counts only if who edited is who
wrote, because who may edit a comment of mine must not give orders in my name.
"""

from collections.abc import Iterator

from bot.github.delivery import Delivery
from bot.handlers.origin import Origin
from bot.handlers.payloads import IssueCommentEvent, parse
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.explain_command import ExplainCommand
from bot.jobs.fix_command import asked
from bot.jobs.job import Job


def obey(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """A new comment."""
    return _jobs(parse(delivery, IssueCommentEvent), previous="", origin=origin)


def obey_edit(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """A changed comment: only what was not in it before."""
    event = parse(delivery, IssueCommentEvent)
    author = event.comment.user
    if event.changes.body is None or author is None or author.id != event.sender.id:
        return iter(())
    return _jobs(event, previous=event.changes.body.before, origin=origin)


def _jobs(event: IssueCommentEvent, *, previous: str, origin: Origin) -> Iterator[Job]:
    author = event.comment.user
    if event.issue.pull_request is None or author is None:
        return
    if author.is_bot or event.sender.is_bot:
        return
    command = asked(event.comment.body or "", previous)
    if command is None:
        return
    if command.unknown:
        yield ExplainCommand(
            installation_id=origin.installation_id,
            repository=origin.repository,
            number=event.issue.number,
            comment_id=event.comment.id,
            unknown=command.unknown,
            key=origin.key,
        )
        return
    yield ApplyFixes(
        installation_id=origin.installation_id,
        repository=origin.repository,
        number=event.issue.number,
        comment_id=event.comment.id,
        sender=event.sender.login,
        unsafe=command.unsafe,
        key=origin.key,
    )
