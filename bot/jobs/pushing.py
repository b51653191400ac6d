"""Brings a commit of the bot onto the branch of a pull request, or says why it cannot be."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.analysis.fix_settings import FixAllow
from bot.github.auth import Access
from bot.github.errors import Forbidden, Gone, PushRefused
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.github.push import CommitMessage
from bot.jobs import obstacles
from bot.jobs.command_job import CommandJob
from bot.jobs.workbench import Workbench
from bot.report.markdown import prose
from bot.report.wording import sentence


class NotPushed(Exception):
    """The branch is closed to the bot; the message is Markdown of ours for who asked.

    Attributes:
        is_of_fork: GitHub itself refused it, and the branch is in a fork.
        to_everybody: nobody else can push there either, so that suggestions are of no use.
    """

    def __init__(
        self, reason: str, *, is_of_fork: bool = False, to_everybody: bool = False
    ) -> None:
        super().__init__(reason)
        self.is_of_fork = is_of_fork
        self.to_everybody = to_everybody


@dataclass(frozen=True, slots=True)
class NewCommit:
    """A commit to be: what it stands on, what it says, and whole contents by path."""

    expected_head: str
    message: CommitMessage
    files: Mapping[str, bytes]


async def pushed(
    job: CommandJob,
    bench: Workbench,
    gateway: RepositoryGateway,
    pull: PullRequest,
    *,
    commit: NewCommit,
    allow: FixAllow,
) -> str:
    """Commit in the name of who asked, whose permission is read once more; return the new head.

    Raises:
        NotPushed: the branch is closed to the bot.
        Refusal: who asked may not push any more.
        StaleHead: the branch is somewhere else by now.
    """
    await _check_branch(gateway, pull)
    try:
        writer = await job.gateway(bench, Access.WRITE)
    except Forbidden:
        raise NotPushed("This app was not granted the right to write contents here.") from None
    obstacles.check_permission(job.sender, await writer.permission(job.sender), allow)
    try:
        return await writer.commit(
            pull.head_ref,
            expected_head=commit.expected_head,
            message=commit.message,
            files=commit.files,
            repository=pull.head_repository,
        )
    except PushRefused as refusal:
        reason = f"GitHub refused the push: {prose(sentence(refusal.reason))}"
        raise NotPushed(reason, is_of_fork=pull.from_fork) from None


async def _check_branch(gateway: RepositoryGateway, pull: PullRequest) -> None:
    """Hold that a push makes sense, as far as that can be told before.

    Raises:
        NotPushed: it does not.
    """
    if pull.from_fork:
        if reason := obstacles.of_fork(pull):
            raise NotPushed(reason, to_everybody=pull.head_repository is None)
        return
    try:
        branch = await gateway.branch(pull.head_ref)
    except Gone:
        branch = None
    if reason := obstacles.of_branch(pull, branch):
        raise NotPushed(reason, to_everybody=branch is None or branch.protected)
