"""`/fix-async` in the conversation of a pull request, written or edited in by its author.

Bots are ignored: our own answers quote the command. An edit counts only if who edited is who
wrote, because who may edit a comment of mine must not give orders in my name.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bot.github.delivery import Delivery
from bot.handlers.origin import Origin
from bot.handlers.payloads import IssueCommentEvent, parse
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.commands.definitions import Command, Verb
from bot.jobs.commands.reading import commands_in
from bot.jobs.explain_command import ExplainCommand
from bot.jobs.job import Job
from bot.jobs.tell_status import TellStatus
from bot.jobs.undo_fixes import UndoFixes


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
    commands = commands_in(event.comment.body or "", previous)
    for number, command in enumerate(commands, 1):
        key = origin.key if number == 1 else f"{origin.key}.{number}"
        yield _job(command, event, replace(origin, key=key))


def _job(command: Command, event: IssueCommentEvent, origin: Origin) -> Job:
    asked: dict[str, Any] = {
        "installation_id": origin.installation_id,
        "repository": origin.repository,
        "key": origin.key,
        "number": event.issue.number,
        "comment_id": event.comment.id,
        "sender": event.sender.login,
    }
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
