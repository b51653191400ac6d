"""Suggestions in review comments, and what GitHub does when somebody applies them.

It puts the lines of the block in place of the lines that the comment is about, in one commit by
who applies them, with those who suggested them as co-authors, and resolves the conversations.
"""

import re
from collections.abc import Sequence

from bot.sandbox.activity import Activity
from bot.sandbox.model import Account, PullRequest
from bot.sandbox.repository import Repository
from bot.sandbox.threads import Thread, threads_of

SUGGESTION = re.compile(
    r"^(?P<fence>`{3,})suggestion[^\n]*\n(?P<new>.*?)^(?P=fence)`*[ \t]*$",
    re.DOTALL | re.MULTILINE,
)


class SuggestionRefusedError(Exception):
    """GitHub shows a reason in place of the button, and nothing is committed."""


def apply_suggestions(
    activity: Activity,
    repository: Repository,
    pull: PullRequest,
    comments: Sequence[int],
    user: Account,
) -> str:
    """Apply the suggestions of some comments in one commit, and return the new head.

    Raises:
        SuggestionRefusedError: GitHub would not let the user.
    """
    source = activity.world.repositories.get(pull.head_repository_id)
    if pull.state != "open" or source is None:
        raise SuggestionRefusedError("Suggestions cannot be applied on a closed pull request.")
    if activity.queue.group_of(repository, pull) is not None:
        raise SuggestionRefusedError("Suggestions cannot be applied while it is in a merge queue.")
    if source.refuses_push(pull.head_ref):
        raise SuggestionRefusedError("The branch is protected.")
    if not _may_push(repository, source, pull, user):
        raise SuggestionRefusedError("Only who may push to the branch can apply suggestions.")
    threads = [one for one in threads_of(repository, pull) if one.first.id in comments]
    files = _files(repository, pull, threads)
    head = activity.commit_files(
        source, pull.head_ref, files, (), _message(threads, user), author=user
    )
    for thread in threads:
        thread.first.resolved = True
    return head


def _may_push(
    repository: Repository, source: Repository, pull: PullRequest, user: Account
) -> bool:
    if user is pull.author or source.allows(user.login, "write"):
        return True
    return pull.maintainer_can_modify and repository.allows(user.login, "write")


def _files(
    repository: Repository, pull: PullRequest, threads: Sequence[Thread]
) -> dict[str, bytes]:
    """Return the files with their lines replaced, from the last line to the first."""
    changes = [(one.first.path, *_lines(one), _block(one)) for one in threads]
    taken: set[tuple[str, int]] = set()
    files: dict[str, list[str]] = {}
    for path, start, end, block in sorted(changes, key=lambda one: one[:2], reverse=True):
        lines = files.setdefault(path, _content(repository, pull, path))
        if lines[start - 1 : end] == block:
            raise SuggestionRefusedError("This suggestion has no changes.")
        touched = {(path, line) for line in range(start, end + 1)}
        if taken & touched:
            raise SuggestionRefusedError("Only one suggestion per line can be applied in a batch.")
        taken |= touched
        lines[start - 1 : end] = block
    return {path: "\n".join(lines).encode() for path, lines in files.items()}


def _lines(thread: Thread) -> tuple[int, int]:
    if thread.first.side != "RIGHT":
        raise SuggestionRefusedError("Suggestions cannot be applied on deleted lines.")
    if thread.first.resolved:
        raise SuggestionRefusedError("This suggestion was applied or marked as resolved.")
    if thread.lines is None:
        raise SuggestionRefusedError("Outdated suggestions cannot be applied.")
    return thread.lines


def _block(thread: Thread) -> list[str]:
    found = SUGGESTION.search(thread.first.body)
    if found is None:
        raise SuggestionRefusedError("The comment suggests nothing.")
    return found["new"].split("\n")[:-1]


def _content(repository: Repository, pull: PullRequest, path: str) -> list[str]:
    content = repository.file(pull.head_sha, path) or b""
    return content.decode().split("\n")


def _message(threads: Sequence[Thread], user: Account) -> str:
    one = len(threads) == 1
    headline = f"Update {threads[0].first.path}" if one else "Apply suggestions from code review"
    authors = dict.fromkeys(
        f"Co-authored-by: {who.login} <{who.id}+{who.login}@users.noreply.github.com>"
        for who in (thread.author for thread in threads)
        if who is not user
    )
    return "\n".join([headline, "", *authors])
