"""Say where a pull request stands: what its check found, and whether a fix is under way."""

from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.jobs.command_job import Answer, CommandJob
from bot.jobs.commands.definitions import Command, Verb
from bot.jobs.workbench import Workbench
from bot.report.status_reply import status


class TellStatus(CommandJob, frozen=True, tag="tell_status"):
    """Anybody gets this answer: it repeats what the check run says to all."""

    @property
    def command(self) -> Command:
        """Where it stands."""
        return Command(Verb.STATUS)

    async def answer(
        self, bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
    ) -> Answer:
        """Read the newest check run of the head."""
        runs = await gateway.check_runs(pull.head_sha)
        newest = max(runs, key=lambda run: run.id, default=None)
        is_fixing = bench.turns.is_taken(self.writing(pull.number))
        if newest is None:
            return Answer(
                status(pull.head_sha, verdict=None, summary="", url="", is_fixing=is_fixing)
            )
        verdict = (newest.conclusion or "", newest.output.title or "")
        return Answer(
            status(
                pull.head_sha,
                verdict=verdict if newest.is_completed else None,
                summary=newest.output.summary or "",
                url=newest.html_url,
                is_fixing=is_fixing,
            )
        )
