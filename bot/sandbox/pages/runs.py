"""Check runs at a glance: one line each, and what they come to on a commit."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.model import CheckRun, PullRequest
from bot.sandbox.pages.clock import lasted
from bot.sandbox.repository import Repository

FAILING = ("failure", "timed_out", "action_required", "cancelled")


@dataclass(frozen=True, slots=True)
class Look:
    """How a state is shown: icon, colour, words ("Failing after 2s", "1 failing", "Failed")."""

    icon: str
    tone: str
    word: str
    counted: str
    past: str


LOOKS: Mapping[str, Look] = {
    "success": Look("check", "success", "Successful", "successful", "Succeeded"),
    "failure": Look("x", "danger", "Failing", "failing", "Failed"),
    "timed_out": Look("x", "danger", "Timed out", "timed out", "Timed out"),
    "action_required": Look(
        "alert", "attention", "Action required", "action required", "Action required"
    ),
    "cancelled": Look("blocked", "muted", "Cancelled", "cancelled", "Cancelled"),
    "neutral": Look("neutral", "muted", "Neutral", "neutral", "Ended as neutral"),
    "skipped": Look("skip", "muted", "Skipped", "skipped", "Skipped"),
    "stale": Look("neutral", "muted", "Stale", "stale", "Went stale"),
    "queued": Look("dot", "attention", "Queued", "queued", "Queued"),
    "in_progress": Look("dot", "attention", "In progress", "in progress", "In progress"),
}
WITHIN = ("success",)
UNFINISHED = "Some checks haven\N{RIGHT SINGLE QUOTATION MARK}t completed yet"


@dataclass(frozen=True, slots=True)
class Line:
    """A check run as lists show it."""

    run: CheckRun
    look: Look
    summary: str
    href: str

    @property
    def busy(self) -> bool:
        """Whether it still runs."""
        return self.run.status != "completed"


@dataclass(frozen=True, slots=True)
class Overall:
    """What the check runs of a commit come to, and the lines about each."""

    look: Look
    heading: str
    counts: str
    lines: tuple[Line, ...]

    @property
    def busy(self) -> bool:
        """Whether one of them still runs."""
        return any(line.busy for line in self.lines)


def state_of(run: CheckRun) -> str:
    """Return the conclusion of a run, or else how far it is."""
    return run.conclusion or run.status


def look_of(run: CheckRun) -> Look:
    """Return how the run's state is shown."""
    return LOOKS[state_of(run)]


def latest(repository: Repository, sha: str) -> list[CheckRun]:
    """Return the newest run of each app and name on a commit."""
    runs = [run for run in repository.runs.values() if run.head_sha == sha]
    return list({(run.app.id, run.name): run for run in runs}.values())


def checks_page(repository: Repository, pull: PullRequest) -> str:
    """Return the address of a pull request's checks."""
    return f"/{repository.full_name}/pull/{pull.number}/checks"


def line_of(repository: Repository, run: CheckRun) -> Line:
    """Return the line about a run."""
    took = ""
    if run.completed_at is not None:
        within = "in" if run.conclusion in WITHIN else "after"
        took = f" {within} {lasted(run.started_at, run.completed_at)}"
    title = f" \N{EM DASH} {run.title}" if run.title else ""
    look = look_of(run)
    return Line(run, look, f"{look.word}{took}{title}", f"/{repository.full_name}/runs/{run.id}")


def overall(repository: Repository, sha: str) -> Overall | None:
    """Return what the runs of a commit come to; None where nothing ran."""
    runs = latest(repository, sha)
    if not runs:
        return None
    states = Counter(state_of(run) for run in runs)
    look, heading = _verdict(states)
    words = [f"{count} {LOOKS[state].counted}" for state, count in states.items()]
    noun = "check" if len(runs) == 1 else "checks"
    lines = tuple(line_of(repository, run) for run in runs)
    return Overall(look, heading, f"{', '.join(words)} {noun}", lines)


def _verdict(states: Counter[str]) -> tuple[Look, str]:
    failing = sum(states[state] for state in FAILING)
    if states["queued"] or states["in_progress"]:
        return LOOKS[
            "in_progress"
        ], "Some checks haven\N{RIGHT SINGLE QUOTATION MARK}t completed yet"
    if not failing:
        return LOOKS["success"], "All checks have passed"
    look = LOOKS[next(state for state in FAILING if states[state])]
    every = states["failure"] + states["timed_out"] == states.total()
    heading = "All checks have failed" if every else "Some checks were not successful"
    return look, heading
