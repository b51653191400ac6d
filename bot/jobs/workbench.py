"""What a job may use: everything that reaches outside the process comes from here."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from bot.github.gateway import GitHubApp
from bot.isolation.analyser import Analyser
from bot.jobs.closed_forks import ClosedForks
from bot.store.claims import Claims
from bot.store.dependents import Dependents
from bot.store.suggested_pulls import SuggestedPulls
from bot.store.turns import Turns


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator decided.

    Attributes:
        on_internal_error: the conclusion of a check run when the bot itself failed. `neutral`
            lets the pull request pass, `failure` closes a required gate.
        commits_a_day: how many commits the bot makes in one pull request within 24 hours.
    """

    on_internal_error: Literal["neutral", "failure", "action_required"] = "neutral"
    commits_a_day: int = 10


@dataclass(frozen=True, slots=True)
class Workbench:
    """One for the life of a worker; shared by all jobs that run at once.

    Attributes:
        now: the clock, in UTC with a time zone.
        patience: seconds that a verdict may take before its check run is shown to be under way.
        turns: keeps jobs apart that write to the same thing.
    """

    github: GitHubApp
    analyser: Analyser
    claims: Claims
    suggested: SuggestedPulls
    dependents: Dependents
    now: Callable[[], datetime]
    policy: Policy = Policy()
    patience: float = 2.0
    turns: Turns = field(default_factory=Turns)
    closed_forks: ClosedForks = field(default_factory=ClosedForks)
