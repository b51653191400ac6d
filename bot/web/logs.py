"""What the service says of itself: one line an event, JSON for machines or colours for people.

Everything goes to standard error. Each line carries what was bound to its context (delivery,
event, installation; job, key, tenant) and is searched for credentials before it is written.
"""

import json
import logging
import sys
from collections.abc import Sequence
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.github.redaction import REDACTED, redact

LogFormat = Literal["auto", "json", "console"]


def configure(style: LogFormat = "auto", *, secrets: Sequence[str] = ()) -> None:
    """Set up logging for the whole process; calling it again replaces what was set up.

    Args:
        style: `auto` is `console` on a terminal and `json` elsewhere.
        secrets: texts that must never appear, beside everything that looks like a credential.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_rendering(style),
                _Redaction(secrets),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    # It says at each start which database it assumes.
    logging.getLogger("alembic").setLevel(logging.WARNING)


def _rendering(style: LogFormat) -> list[Processor]:
    if style == "console" or (style == "auto" and sys.stderr.isatty()):
        plain = structlog.dev.plain_traceback
        return [
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=plain, pad_event_to=0
            )
        ]
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]


class _Redaction:
    """The last processor: what it lets through is written."""

    def __init__(self, secrets: Sequence[str]) -> None:
        # As it is and as JSON spells it.
        spellings = {spelling for text in secrets for spelling in (text, json.dumps(text)[1:-1])}
        self._secrets = sorted(spellings - {""}, key=len, reverse=True)

    def __call__(self, _logger: WrappedLogger, _method: str, line: EventDict | str) -> str:
        text = redact(str(line))
        for secret in self._secrets:
            text = text.replace(secret, REDACTED)
        return text
