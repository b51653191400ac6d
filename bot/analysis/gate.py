"""What of a pull request turns its check red: how a team has set the gate."""

from enum import StrEnum

from msgspec import Struct


class Scope(StrEnum):
    """Which findings count."""

    NEW = "new"
    """Those that the branch brings; what was there where it began is shown as a notice."""

    CHANGED_FILES = "changed-files"
    """All in the files that the pull request changes."""

    ALL = "all"
    """All in the whole repository."""


class SuppressionPolicy(StrEnum):
    """What becomes of suppressions that the pull request adds."""

    ALLOW = "allow"
    """They hold."""

    REPORT = "report"
    """They hold, and are listed."""

    BASE_ONLY = "base-only"
    """They do not hold before they are merged: only those of the base do."""


class OnInternalError(StrEnum):
    """How a check ends on which the bot itself failed, in GitHub's names of conclusions."""

    NEUTRAL = "neutral"
    """It lets the pull request pass."""

    FAILURE = "failure"
    """It does not."""

    ACTION_REQUIRED = "action_required"
    """It does not, and asks for somebody."""


class Gate(Struct, frozen=True):
    """How the gate is set; `on_internal_error` is None where that is left to the operator."""

    scope: Scope = Scope.NEW
    suppressions: SuppressionPolicy = SuppressionPolicy.REPORT
    on_internal_error: OnInternalError | None = None
