"""What all jobs have in common that somebody asked for in the conversation, or by a button.

Who asked sees eyes once the job has begun, an answer in the conversation, and then a rocket, or a
confused face where what they wanted was not to be had.
"""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager, nullcontext, suppress
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from bot.analysis.errors import UserError
from bot.github.auth import Access
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.commands.definitions import Command
from bot.jobs.job import Job, Priority
from bot.jobs.obstacles import Refusal
from bot.jobs.shared_heads import numbers_at
from bot.jobs.workbench import Workbench
from bot.report import fix_reply
from bot.report.answers import with_answer
from bot.report.markdown import code, prose
from bot.report.wording import sentence, shortened

# Characters of a command that an answer quotes.
_COMMAND_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said, and the reaction that goes with it (GitHub's name of it)."""

    text: str
    reaction: str = "rocket"


class CommandJob(Job, frozen=True):
    """Subclasses answer; a request that was deleted meanwhile is withdrawn.

    Attributes:
        repository: `owner/name` of the base.
        number: None where GitHub did not say it (a button on a fork's commit); then it is that
            of a pull request with this head.
        sender: who asked.
        key: of the request; makes its effects and its answer one, however often the job runs.
        comment_id: where the command stands.
        on_lines: whether that is a comment on lines of the diff, not one in the conversation.
        shown_head: the commit whose check run had the button.
    """

    installation_id: int
    repository: str
    number: int | None
    sender: str
    key: str
    comment_id: int | None = None
    on_lines: bool = False
    shown_head: str | None = None

    priority: ClassVar[Priority] = Priority.FIX
    writes: ClassVar[bool] = False
    """Whether it may commit: such jobs wait for each other."""

    @abstractmethod
    async def answer(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Do what was asked for, and return what there is to say of it.

        Raises:
            Refusal: it is not to be done; so do `AnalysisTooLarge` and `UserError`.
        """

    @property
    @abstractmethod
    def command(self) -> Command:
        """What was asked for."""

    @property
    def tenant(self) -> str:
        """The installation."""
        return str(self.installation_id)

    async def run(self, bench: Workbench) -> None:
        """Acknowledge, do it, answer."""
        try:
            gateway = await self.gateway(bench, Access.REPLY)
            number = await self._number(bench, gateway)
            await self._react(gateway, "eyes")
        except Gone:
            return
        if number is None:
            return
        async with self._turn(bench, number):
            # Read here, because whoever had the turn before may have moved the branch.
            try:
                pull = await gateway.pull_request(number)
            except Gone:
                return
            answer = await self._answer(bench, gateway, pull)
        await self._say(bench, gateway, number, answer)

    async def give_up(self, bench: Workbench, error: str) -> None:
        """Tell who asked that it was our failure."""
        with suppress(Gone):
            gateway = await self.gateway(bench, Access.REPLY)
            number = await self._number(bench, gateway)
            if number is not None:
                answer = Answer(fix_reply.broken(error), "confused")
                await self._say(bench, gateway, number, answer)

    async def gateway(self, bench: Workbench, access: Access) -> RepositoryGateway:
        """Return the repository with certain rights.

        Raises:
            Gone: the app is not installed there (any more).
            Forbidden: it was not granted these rights.
        """
        return await bench.github.repository(self.installation_id, self.repository, access)

    def writing(self, number: int) -> str:
        """Return what only one job of a worker does at a time."""
        return f"write {self.repository} {number}"

    def _turn(self, bench: Workbench, number: int) -> AbstractAsyncContextManager[object]:
        return bench.turns.here(self.writing(number)) if self.writes else nullcontext()

    @property
    def _asked(self) -> str:
        if self.shown_head is not None:
            return f"the button at {self.shown_head[:9]}"
        return code(shortened(self.command.written, _COMMAND_LENGTH))

    async def _number(self, bench: Workbench, gateway: RepositoryGateway) -> int | None:
        if self.number is not None or self.shown_head is None:
            return self.number
        numbers = await numbers_at(self.shown_head, bench.claims, gateway)
        return numbers[0] if numbers else None

    async def _react(self, gateway: RepositoryGateway, reaction: str) -> None:
        if self.comment_id is not None:
            await gateway.react(self.comment_id, reaction, on_lines=self.on_lines)

    async def _say(
        self, bench: Workbench, gateway: RepositoryGateway, number: int, answer: Answer
    ) -> None:
        page = f"{answer.text}\n\n<sub>Asked for by {code(f'@{self.sender}')}: {self._asked}</sub>"
        async with bench.turns.everywhere(f"reply {self.repository} {number}"):
            await gateway.reply(number, partial(with_answer, answer=page, key=self.key))
        with suppress(Gone):
            await self._react(gateway, answer.reaction)

    async def _answer(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        try:
            return await self.answer(bench, gateway, pull)
        except Refusal as refusal:
            reason = str(refusal)
        except AnalysisTooLarge as failure:
            reason = f"The analysis was stopped: {prose(sentence(failure.reason))}"
        except UserError as error:
            reason = prose(sentence(str(error)))
        return Answer(fix_reply.refused(reason), "confused")
