"""Checks without which a branch takes no commit, as a ruleset requires them."""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Self

from bot.sandbox.model import CheckRun, Json
from bot.sandbox.repository import Repository

PASSING = frozenset({"success", "neutral", "skipped"})


class Standing(Enum):
    """Where a commit stands."""

    PASSED = auto()
    WAITING = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class RequiredCheck:
    """A check by its name, and the app that it must come from; None for any."""

    name: str
    app_id: int | None

    @classmethod
    def of(cls, given: Json) -> Self:
        """Return what one entry of a ruleset's `required_status_checks` says."""
        return cls(given["context"], given.get("integration_id"))

    def standing(self, repository: Repository, head_sha: str) -> Standing:
        """Judge a commit by the newest run that counts."""
        runs = [run for run in repository.runs.values() if self._counts(run, head_sha)]
        if not runs or runs[-1].status != "completed":
            return Standing.WAITING
        return Standing.PASSED if runs[-1].conclusion in PASSING else Standing.FAILED

    def _counts(self, run: CheckRun, head_sha: str) -> bool:
        from_source = self.app_id in {None, run.app.id}
        return run.head_sha == head_sha and run.name == self.name and from_source


def required_checks(repository: Repository, branch: str) -> list[RequiredCheck]:
    """Return what the rulesets require before a commit may become the head of a branch."""
    return [
        RequiredCheck.of(given)
        for rule in repository.rules.get(branch, ())
        if rule["type"] == "required_status_checks"
        for given in rule["parameters"]["required_status_checks"]
    ]


def standing(repository: Repository, branch: str, head_sha: str) -> Standing:
    """Return where a commit stands on its way into a branch: one failure is enough."""
    each = {one.standing(repository, head_sha) for one in required_checks(repository, branch)}
    if Standing.FAILED in each:
        return Standing.FAILED
    return Standing.WAITING if Standing.WAITING in each else Standing.PASSED


def has_queue(repository: Repository, branch: str) -> bool:
    """Whether a ruleset says that a branch is merged into by a queue."""
    return any(rule["type"] == "merge_queue" for rule in repository.rules.get(branch, ()))
