"""Answer what the documentation says: help, what rules are about, and what words mean nothing."""

from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.jobs.command_job import Answer, CommandJob
from bot.jobs.commands.definitions import Command, Verb
from bot.jobs.commands.manual import help_reply, rules_reply, unknown_reply
from bot.jobs.workbench import Workbench


class ExplainCommand(CommandJob, frozen=True, tag="explain_command"):
    """Anybody gets this answer; nothing is changed.

    Attributes:
        unknown: words of a command that mean nothing.
        rules: what is to be explained, by codes or names; None: how commands are written.
    """

    unknown: tuple[str, ...] = ()
    rules: tuple[str, ...] | None = None

    @property
    def command(self) -> Command:
        """Help, an explanation, or what could not be understood."""
        if self.unknown:
            return Command(unknown=self.unknown)
        verb = Verb.HELP if self.rules is None else Verb.EXPLAIN
        return Command(verb, rules=self.rules or ())

    async def answer(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Say it."""
        del bench, gateway, pull
        if self.unknown:
            return Answer(unknown_reply(self.unknown), "confused")
        if self.rules is None:
            return Answer(help_reply())
        return Answer(rules_reply(self.rules), "rocket" if self.rules else "confused")
