"""Answer a `/fix-async` with words that mean nothing: nothing is changed, the usage is shown."""

from typing import ClassVar

from bot.github.auth import Access
from bot.github.errors import Gone
from bot.jobs.fix_command import usage
from bot.jobs.job import Job, Priority
from bot.jobs.workbench import Workbench
from bot.report.fix_reply import usage_reply


class ExplainCommand(Job, frozen=True, tag="explain_command"):
    """Anybody gets this answer, because it only repeats what the documentation says.

    Attributes:
        number: the pull request.
        comment_id: where the command stands.
        unknown: its words that mean nothing.
        key: makes the answer one, however often the job runs.
    """

    installation_id: int
    repository: str
    number: int
    comment_id: int
    unknown: tuple[str, ...]
    key: str

    priority: ClassVar[Priority] = Priority.FIX

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """React and reply; a comment that was deleted meanwhile needs no answer."""
        try:
            repository = await bench.github.repository(
                self.installation_id, self.repository, Access.REPLY
            )
            await repository.react(self.comment_id, "confused")
            await repository.comment(self.number, usage_reply(self.unknown, usage()), key=self.key)
        except Gone:
            return

    async def give_up(self, bench: Workbench, error: str) -> None:
        """There is nothing left to say."""
