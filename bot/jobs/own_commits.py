"""Which commits of a pull request are the bot's own, and when it has made enough. Pure.

They are known by trailers of their messages. Whoever may push can write such a message as well,
but gains nothing by it: it only makes the bot more careful.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.github.history import ListedCommit
from bot.jobs.obstacles import Refusal
from bot.report import commit_message
from bot.report.wording import counted

_DAY = timedelta(days=1)
_PREVIEW = "`/fix-async --dry-run` shows what it would change."


def made_for(key: str, commits: Sequence[ListedCommit]) -> ListedCommit | None:
    """Return the commit that was made for a request, None if none was."""
    line = commit_message.job_trailer(key)
    return next((each for each in commits if each.says(line) and len(each.parent_shas) == 1), None)


def own_at(head_sha: str, commits: Sequence[ListedCommit]) -> ListedCommit | None:
    """Return the commit at the head if it is the bot's own."""
    return next((each for each in commits if each.sha == head_sha and _is_own(each)), None)


def fixed_rules(commit: ListedCommit) -> frozenset[str]:
    """Return the codes of the rules whose findings a commit of the bot repaired."""
    named = commit.trailer(commit_message.FIXES) or ""
    return frozenset(filter(None, named.split(", ")))


def check_daily(commits: Sequence[ListedCommit], now: datetime, most: int) -> None:
    """Hold that the bot does not commit again and again.

    Raises:
        Refusal: it has, within the last 24 hours, or is not to commit at all.
    """
    if most == 0:
        raise Refusal(f"Whoever runs this bot lets it make no commits. {_PREVIEW}")
    recent = [each for each in commits if _is_own(each) and now - each.committed_at < _DAY]
    if len(recent) >= most:
        made = counted(len(recent), "commit")
        raise Refusal(
            f"Within a day the bot has made {made} in this pull request, and it makes no more. "
            f"{_PREVIEW}"
        )


def _is_own(commit: ListedCommit) -> bool:
    said = commit.trailer(commit_message.JOB) is not None
    return commit.by_bot and said and len(commit.parent_shas) == 1
