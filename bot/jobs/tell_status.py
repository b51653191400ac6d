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
        """Tell of the newest check run of the head."""
        # Where none came with the pull request, GitHub may just not have told.
        newest = pull.shown or await gateway.newest_run(pull.head_sha)
        is_fixing = bench.turns.is_taken(self.writing(pull.number))
        if newest is None:
            return Answer(
                status(pull.head_sha, verdict=None, summary="", url="", is_fixing=is_fixing)
            )
        verdict = None if newest.conclusion is None else (newest.conclusion, newest.title)
        return Answer(
            status(
                pull.head_sha,
                verdict=verdict,
                summary=newest.summary,
                url=newest.url,
                is_fixing=is_fixing,
            )
        )
