"""One attempt at something that may fail: an exception becomes a `Failure`, said in the log."""

from collections.abc import Awaitable, Callable

import structlog

from bot.github.errors import Transient
from bot.jobs.retry import Failure

_log = structlog.stdlib.get_logger(__name__)


async def attempt(action: Callable[[], Awaitable[None]]) -> Failure | None:
    """Run `action`; return None if it went well.

    The failure names the exception's type and not its message, which may hold anything.
    """
    try:
        await action()
    except Transient as error:
        _log.info("postponed", error=str(error), retry_after=error.retry_after)
        return Failure("transient", "GitHub could not be reached", error.retry_after)
    except Exception as error:  # noqa: BLE001 - a bug in one job must not end the worker
        _log.exception("unexpected error")
        return Failure("bug", f"unexpected {type(error).__name__}")
    return None
