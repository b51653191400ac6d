"""What GitHub shows of a verdict on a commit: conclusion, page of Markdown, annotations, buttons.

The limits are those of the Checks API (its OpenAPI description and the guide "Using the REST API
to interact with checks"). Whatever builds these values keeps them, so the gateway only sends.
"""

from enum import StrEnum

from msgspec import Struct

from bot.analysis.finding import Severity

CHECK_NAME = "awaited"

TITLE_LIMIT = 255  # characters, of a check run and of an annotation
SUMMARY_LIMIT = 65_535  # characters
MESSAGE_LIMIT = 64 * 1024  # bytes of UTF-8


class Conclusion(StrEnum):
    """How a check run can end, among the values that an app may write."""

    SUCCESS = "success"
    FAILURE = "failure"
    NEUTRAL = "neutral"
    ACTION_REQUIRED = "action_required"
    CANCELLED = "cancelled"


class Annotation(Struct, frozen=True):
    """A message at a place of a file.

    Lines and columns count from one. Columns are given only where the place is within one line.
    """

    path: str
    start_line: int
    end_line: int
    level: Severity
    message: str
    title: str
    start_column: int | None = None
    end_column: int | None = None


class Action(Struct, frozen=True):
    """A button of a completed check run; pressing it sends `check_run.requested_action`.

    GitHub takes three a run, labels and identifiers of 20 characters, descriptions of 40.
    """

    label: str
    description: str
    identifier: str


class CheckRun(Struct, frozen=True):
    """A completed check run, ready to be published; annotations of any number.

    Attributes:
        is_verdict: False where it only says that nobody could find one.
    """

    conclusion: Conclusion
    title: str
    summary: str
    annotations: tuple[Annotation, ...] = ()
    actions: tuple[Action, ...] = ()
    is_verdict: bool = True
