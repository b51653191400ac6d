"""How a check ends on which the bot failed: as the repository says, else as its operator does."""

from collections.abc import Awaitable, Callable

import structlog

from bot.analysis.config import Config
from bot.jobs.workbench import Policy
from bot.report.check_run import CheckRun, Conclusion
from bot.report.verdict import broken

_log = structlog.stdlib.get_logger(__name__)


async def own_failure(
    policy: Policy, read: Callable[[], Awaitable[Config]], error: str
) -> CheckRun:
    """Return the check run that says of us that we failed.

    Whatever failed may fail here once more, and a check must be ended all the same: where the
    configuration cannot be read, the operator decides.

    Args:
        policy: what the operator decided.
        read: returns what the repository says, or its owner.
        error: a few words fit for the user.
    """
    try:
        decided = (await read()).gate.on_internal_error
    except Exception as failure:  # noqa: BLE001 - as above
        _log.warning("configuration not read after a failure", error=type(failure).__name__)
        decided = None
    if decided is None:
        return broken(Conclusion(policy.on_internal_error), error)
    return broken(Conclusion(decided), error, by_configuration=True)
