"""Take back the bot's last fix: one more commit, in which its files are as they were before.

Only while the fix is the newest commit of the branch: what came after it may stand on it.
"""

from collections.abc import Mapping
from typing import ClassVar

from bot.github.errors import StaleHead
from bot.github.gateway import RepositoryGateway
from bot.github.history import ListedCommit
from bot.github.pulls import PullRequest
from bot.github.push import CommitMessage
from bot.jobs import obstacles
from bot.jobs.candidates import fixable
from bot.jobs.command_job import Answer, CommandJob
from bot.jobs.commands.definitions import Command, Verb
from bot.jobs.configuration import settings_of
from bot.jobs.obstacles import Refusal
from bot.jobs.own_commits import fixed_rules, made_for, own_at
from bot.jobs.pushing import NewCommit, NotPushed, pushed
from bot.jobs.workbench import Workbench
from bot.report import commit_message, undo_reply


class UndoFixes(CommandJob, frozen=True, tag="undo_fixes"):
    """Needs what a fix needs: the permission of who asks, and a branch that is open to the bot."""

    writes: ClassVar[bool] = True

    @property
    def command(self) -> Command:
        """To take back."""
        return Command(Verb.UNDO)

    async def answer(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Take it back."""
        obstacles.check_open(pull)
        settings = (await settings_of(gateway, pull.base_sha)).fix
        permission = await gateway.permission(self.sender)
        obstacles.check_permission(self.sender, permission, settings.allow)
        commits = await gateway.commits(pull.number, pull.head_sha)
        if done := made_for(self.key, commits):
            return Answer(undo_reply.undone(done.parent_shas[0], commit=done.sha))
        fix = _last_fix(pull, commits)
        message = CommitMessage(
            commit_message.undo_headline(fix.sha),
            commit_message.undo_body(fix.sha, sender=self.sender, key=self.key),
        )
        commit = NewCommit(fix.sha, message, await _as_before(gateway, fix))
        try:
            sha = await pushed(self, bench, gateway, pull, commit=commit, allow=settings.allow)
        except NotPushed as obstacle:
            raise Refusal(f"{obstacle} {undo_reply.by_hand(fix.sha)}") from None
        except StaleHead:
            raise obstacles.moved_again() from None
        return Answer(undo_reply.undone(fix.sha, commit=sha))


def _last_fix(pull: PullRequest, commits: tuple[ListedCommit, ...]) -> ListedCommit:
    """Return the fix at the head.

    Raises:
        Refusal: there is none.
    """
    own = own_at(pull.head_sha, commits)
    if own is not None and fixed_rules(own):
        return own
    if own is not None:
        raise Refusal(f"The newest commit, {own.sha}, has taken a fix back already.")
    fixes = [each for each in commits if own_at(each.sha, commits) and fixed_rules(each)]
    hint = f" {undo_reply.by_hand(fixes[-1].sha)}" if fixes else ""
    raise Refusal(
        f"The newest commit, {pull.head_sha}, is no fix of this bot, and only that can be taken "
        f"back.{hint}"
    )


async def _as_before(gateway: RepositoryGateway, fix: ListedCommit) -> Mapping[str, bytes]:
    """Return the files that a fix changed as they were before it.

    Raises:
        Refusal: it did what no fix of the bot does, or a file cannot be read any more.
    """
    before, after = await gateway.tree(fix.parent_shas[0]), await gateway.tree(fix.sha)
    paths = tuple(
        path
        for path in before.entries.keys() | after.entries.keys()
        if before.entries.get(path) != after.entries.get(path)
    )
    contents = await gateway.contents(before, fixable(paths))
    files = {path: content for path, content in contents.items() if isinstance(content, bytes)}
    if not paths or len(files) < len(paths):
        raise Refusal(
            f"The commit {fix.sha} is not what the bot writes. {undo_reply.by_hand(fix.sha)}"
        )
    return files
