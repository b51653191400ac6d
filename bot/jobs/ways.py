"""The ways beside a commit in which fixes reach a pull request: suggestions, else a patch.

When suggestions are the better way is decided here, too.
"""

from contextlib import suppress

from bot.github.auth import Access
from bot.github.errors import Forbidden, StaleHead
from bot.github.gateway import RepositoryGateway
from bot.github.pulls import PullRequest
from bot.github.reviews import ReviewState
from bot.jobs.command_job import Answer, CommandJob
from bot.jobs.fix_plan import Plan
from bot.jobs.suggesting import Wanted, settled, suggest
from bot.jobs.workbench import Workbench
from bot.report.markdown import code
from bot.report.suggestion_reply import suggested

_COMMIT = code("/fix-async --commit")
_NOT_SHOWN = (
    "GitHub takes suggestions only on lines that the diff of the pull request shows, and these "
    "fixes need others."
)


async def reason_to_suggest(
    bench: Workbench, gateway: RepositoryGateway, pull: PullRequest
) -> str | None:
    """Return why nobody should commit here who was not told to; None where a commit is best."""
    fork = pull.head_repository if pull.from_fork else None
    if fork is not None and bench.closed_forks.has(fork):
        return (
            f"GitHub has refused a push to the fork {code(fork)} lately, so none was tried now "
            f"({_COMMIT} tries)."
        )
    state = await gateway.review_state(pull.number)
    if state.approved and await gateway.may_dismiss_approvals(pull.base_ref):
        return (
            "This pull request is approved, and a push may take that away: the rules of "
            f"{code(pull.base_ref)} say so, or do not let the bot read what they say. So when to "
            f"push is left to you ({_COMMIT} does it now)."
        )
    return None


async def by_suggestions(
    job: CommandJob,
    bench: Workbench,
    gateway: RepositoryGateway,
    pull: PullRequest,
    plan: Plan,
    *,
    reason: str = "",
    can_commit: bool,
) -> Answer:
    """Suggest what can be suggested; where that is nothing, give the patch.

    Args:
        job: what was asked for, and by whom.
        bench: what it works with.
        gateway: the repository, with the right to write reviews.
        pull: where to.
        plan: the fixes.
        reason: why they are not committed, Markdown of ours; empty where nobody wanted that.
        can_commit: a commit may be asked for in their place.

    Raises:
        StaleHead: the branch is somewhere else by now.
    """
    state = await gateway.review_state(pull.number)
    if state.head_sha != plan.base_sha:
        raise StaleHead("the branch moved while suggestions were prepared")
    wanted = Wanted(pull.number, plan.base_sha, plan.fixes.fixed, plan.head_files(), job.key)
    # Before, because a worker may die in between.
    await bench.suggested.add(job.repository, pull.number)
    outcome = await suggest(gateway, wanted, state)
    await _tidy(job, bench, gateway, state)
    if outcome is None:
        offer = f" {_COMMIT} commits them." if can_commit else ""
        return plan.as_patch(f"{reason} {_NOT_SHOWN}{offer}".lstrip())
    return Answer(
        suggested(plan.fixes, outcome, plan.patches(), reason=reason, can_commit=can_commit)
    )


async def _tidy(
    job: CommandJob, bench: Workbench, gateway: RepositoryGateway, state: ReviewState
) -> None:
    """Settle what new suggestions replace; without the right to, leave it as it is."""
    threads = await settled(gateway, state)
    if not threads:
        return
    with suppress(Forbidden):
        writer = await job.gateway(bench, Access.WRITE)
        await writer.resolve(threads)
