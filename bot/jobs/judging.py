"""The verdict on a change: what is to be checked of it is fetched, analysed and rendered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.analysis.errors import UserError
from bot.analysis.request import Fixing, Report
from bot.github.changes import ChangedFile
from bot.github.errors import Gone
from bot.github.gateway import RepositoryGateway
from bot.isolation.errors import AnalysisTooLarge
from bot.jobs.candidates import candidates, request_for, with_unlisted
from bot.jobs.configuration import configuration_of_base, may_change_configuration
from bot.jobs.workbench import Workbench
from bot.report.check_run import CheckRun
from bot.report.subject import Subject
from bot.report.verdict import check_run_of, not_analysed, rejected, unreadable


@dataclass(frozen=True, slots=True)
class Change:
    """What a pull request, or a group of them, does to a branch.

    Attributes:
        head_sha: the commit that is judged.
        base_sha: the commit whose configuration holds.
        files: what is different.
        is_complete: whether these are all of them.
    """

    head_sha: str
    base_sha: str
    files: tuple[ChangedFile, ...]
    is_complete: bool = True


async def verdict_on(
    bench: Workbench,
    gateway: RepositoryGateway,
    read: Callable[[], Awaitable[Change]],
    *,
    subject: Subject,
) -> CheckRun:
    """Return the check run of the change that `read` reads.

    What its author can repair is a verdict too.
    """
    try:
        change = await read()
        report = await _report(bench, gateway, change)
    except AnalysisTooLarge as failure:
        return not_analysed(failure.reason)
    except UserError as error:
        return rejected(str(error))
    except Gone:
        return unreadable(subject)
    return check_run_of(report, head_sha=change.head_sha, subject=subject)


async def _report(bench: Workbench, gateway: RepositoryGateway, change: Change) -> Report:
    paths = candidates(change.files)
    if not paths and not may_change_configuration(change.files):
        return with_unlisted(_EMPTY, is_complete=change.is_complete, tree=None)
    tree = await gateway.tree(change.head_sha)
    configuration = await configuration_of_base(gateway, change.base_sha, change.files)
    request = request_for(
        paths, tree, Fixing.UNSAFE, today=bench.now().date(), configuration=configuration
    )
    report = await bench.analyser.analyse(request, lambda wanted: gateway.contents(tree, wanted))
    return with_unlisted(report, is_complete=change.is_complete, tree=tree)


_EMPTY = Report(checked=(), findings=())
