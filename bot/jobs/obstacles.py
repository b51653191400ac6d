"""Why a fix is not made, or not pushed: in words for who asked. Pure."""

from collections.abc import Sequence

from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.fix_settings import FixAllow
from bot.analysis.request import Report
from bot.github.branches import Branch, Permission
from bot.github.pulls import PullRequest
from bot.report.markdown import code
from bot.report.wording import listed, meant


class Refusal(Exception):
    """Nothing is to be changed; the message is Markdown of ours for who asked."""


def check_open(pull: PullRequest) -> None:
    """Hold that a commit makes sense.

    Raises:
        Refusal: the pull request is closed.
    """
    if not pull.is_open:
        raise Refusal(f"This pull request is {'merged' if pull.merged else 'closed'}.")


def check_permission(login: str, permission: Permission, allow: FixAllow) -> None:
    """Hold that who asks could have made the commit: the bot lends its hands, not its rights.

    Raises:
        Refusal: they may not push to the repository, or have not the role that it asks for.
    """
    if not permission.can_write:
        raise Refusal(
            f"{code(f'@{login}')} may not push to this repository, and only who may push can "
            "have fixes committed."
        )
    is_admin = permission.level == "admin"
    if (allow is FixAllow.MAINTAIN and not (is_admin or permission.maintains)) or (
        allow is FixAllow.ADMIN and not is_admin
    ):
        raise Refusal(
            f"{code(f'@{login}')} has not the role {code(allow)} in this repository, which "
            f"{code('fix.allow')} in its configuration of awaited asks of whoever has something "
            "committed."
        )


def check_shown(shown_head: str | None, head_sha: str) -> None:
    """Hold that a button was pressed on the page of the commit that is to be changed.

    Raises:
        Refusal: the branch has moved on since.
    """
    if shown_head not in {None, head_sha}:
        raise Refusal(
            f"This button was shown for {shown_head}, and the branch has moved on since. "
            "The check run of the newest commit has a button of its own."
        )


def check_matched(unmatched: Sequence[str], report: Report) -> None:
    """Hold that every path of a command names a file that could be fixed.

    Raises:
        Refusal: some do not, so they are a mistake, or were meant as something else.
    """
    if not unmatched:
        return
    files = [*report.checked, *(error.path for error in report.errors)]
    words = [f"{code(one)}{meant(did_you_mean(one, files))}" for one in unmatched]
    is_none = "is no rule, and names no" if len(words) == 1 else "are no rules, and name no"
    raise Refusal(
        f"{listed(words)} {is_none} test file that this pull request changes. "
        f"{code('/fix-async help')} says what can be written."
    )


def no_progress(sha: str, rules: Sequence[str]) -> Refusal:
    """The bot's own commit at the head repaired what is there again."""
    return Refusal(
        f"The newest commit, {sha}, is the bot's own, and there is no less of "
        f"{listed(rules)} than before it. Another try would not help: a person has to look."
    )


def moved_again() -> Refusal:
    """The branch did not rest long enough."""
    return Refusal(
        "The branch moved while the fixes were prepared. Ask again when nobody pushes to it."
    )


def of_fork(pull: PullRequest) -> str | None:
    """Return why a branch outside this repository cannot be pushed to, where that is known."""
    if pull.head_repository is None:
        return "The fork that the branch was in has been deleted, or is hidden from this app."
    if not pull.maintainer_can_modify:
        return (
            f"The branch is in the fork {code(pull.head_repository)}, whose owner does not let "
            "maintainers of this repository push to it (“Allow edits by maintainers”)."
        )
    return None


def of_branch(pull: PullRequest, branch: Branch | None) -> str | None:
    """Return why a branch of this repository is not pushed to; None as branch: it is gone."""
    name = code(pull.head_ref)
    if branch is None:
        return f"The branch {name} has been deleted."
    if pull.head_ref == pull.default_branch:
        return f"{name} is the default branch, to which this bot never pushes."
    if branch.protected:
        return f"The branch {name} is protected, or a ruleset says how it may be changed."
    return None
