"""`/fix-async` in a comment or a review of a pull request, written or edited in by its author.

Bots are ignored: our own answers quote the command. An edit counts only if who edited is who
wrote, because who may edit a comment of mine must not give orders in my name.
"""

from collections.abc import Iterator
from typing import Any

from bot.github.delivery import Delivery
from bot.handlers.origin import Origin
from bot.handlers.payloads import IssueCommentEvent, ReviewCommentEvent, ReviewEvent, parse
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.commands.definitions import Command, Verb
from bot.jobs.commands.reading import commands_in
from bot.jobs.explain_command import ExplainCommand
from bot.jobs.job import Job
from bot.jobs.tell_status import TellStatus
from bot.jobs.undo_fixes import UndoFixes

Event = IssueCommentEvent | ReviewCommentEvent | ReviewEvent
# What tells of a text for the first time.
_WRITTEN = frozenset({"created", "submitted"})


def obey(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """A comment in the conversation; issues that are no pull requests have some too."""
    event = parse(delivery, IssueCommentEvent)
    before = _before(delivery, event)
    if event.issue.pull_request is not None and before is not None:
        place = {"number": event.issue.number, "comment_id": event.comment.id}
        yield from _jobs(event, before, origin, place)


def obey_on_lines(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """A comment on lines of the diff, an answer in a thread among them."""
    event = parse(delivery, ReviewCommentEvent)
    before = _before(delivery, event)
    if before is not None:
        place = {"number": event.pull_request.number, "comment_id": event.comment.id}
        yield from _jobs(event, before, origin, place | {"on_lines": True})


def obey_review(delivery: Delivery, origin: Origin) -> Iterator[Job]:
    """What a review says as a whole; GitHub has no reactions to that over REST."""
    event = parse(delivery, ReviewEvent)
    before = _before(delivery, event)
    if before is not None:
        yield from _jobs(event, before, origin, {"number": event.pull_request.number})


def _before(delivery: Delivery, event: Event) -> str | None:
    """Return what the comment said already; None where it gives nobody's orders."""
    author, changed = event.comment.user, event.changes.body
    if author is None or author.is_bot or event.sender.is_bot:
        return None
    if delivery.action in _WRITTEN:
        return ""
    return changed.before if changed is not None and author.id == event.sender.id else None


def _jobs(event: Event, before: str, origin: Origin, place: dict[str, Any]) -> Iterator[Job]:
    asked = place | {
        "installation_id": origin.installation_id,
        "repository": origin.repository,
        "sender": event.sender.login,
    }
    for number, command in enumerate(commands_in(event.comment.body or "", before), 1):
        key = origin.key if number == 1 else f"{origin.key}.{number}"
        yield _job(command, asked | {"key": key})


def _job(command: Command, asked: dict[str, Any]) -> Job:
    if command.unknown:
        return ExplainCommand(**asked, unknown=command.unknown)
    match command.verb:
        case Verb.HELP:
            return ExplainCommand(**asked)
        case Verb.EXPLAIN:
            return ExplainCommand(**asked, rules=command.rules)
        case Verb.UNDO:
            return UndoFixes(**asked)
        case Verb.STATUS:
            return TellStatus(**asked)
        case Verb.FIX:
            return ApplyFixes(
                **asked,
                unsafe=command.unsafe,
                rules=command.rules,
                paths=command.paths,
                mode=command.mode,
            )
