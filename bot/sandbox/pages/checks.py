"""The Checks tab: the check runs of a commit, and one of them with all that it says."""

from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.model import Account, CheckRun
from bot.sandbox.pages import annotations, clock
from bot.sandbox.pages.annotations import Shown
from bot.sandbox.pages.commits import commit_lines
from bot.sandbox.pages.header import header
from bot.sandbox.pages.markdown import rendered
from bot.sandbox.pages.runs import Line, checks_page, latest, line_of
from bot.sandbox.pages.visit import NotHereError, Page, Visit
from bot.sandbox.repository import Repository


@dataclass(frozen=True, slots=True)
class Button:
    """A button of the run, or GitHub's own beside it."""

    identifier: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Everything that one check run says."""

    line: Line
    run: CheckRun
    took: str
    summary: Markup
    text: Markup
    counts: list[tuple[str, str]]
    files: list[tuple[str, list[Shown]]]
    buttons: list[Button]
    superseded: bool


def show(visit: Visit) -> Page:
    """Show the checks of the head, or of the commit and the run that the query names."""
    repository, pull = visit.pull()
    commits = commit_lines(visit.site.world, repository, pull)
    run = _asked_run(visit, repository)
    sha = run.head_sha if run else visit.asked("sha") or pull.head_sha
    chosen = [commit for commit in commits if commit.sha == sha]
    if not chosen:
        raise NotHereError
    runs = latest(repository, sha)
    if run is None and runs:
        run = runs[0]
    values = {
        "pull": header(visit.site, repository, pull, "checks"),
        "commits": commits[::-1],
        "commit": chosen[0],
        "apps": _apps(repository, runs),
        "panel": panel(visit, repository, run) if run else None,
        "may_rerun": _may_rerun(repository, visit.viewer(repository)),
    }
    return Page(
        "checks.html",
        f"Checks \N{MIDDLE DOT} {pull.title} \N{MIDDLE DOT} #{pull.number}",
        values,
        repository,
        repository.full_name,
    )


def find_run(visit: Visit) -> str:
    """Return the page of the pull request on which the run that the path names is shown."""
    repository = visit.repository()
    run = repository.runs.get(visit.number("run"))
    for pull in repository.pulls.values() if run else ():
        commits = commit_lines(visit.site.world, repository, pull)
        if run is not None and run.head_sha in {commit.sha for commit in commits}:
            return f"{checks_page(repository, pull)}?check_run_id={run.id}"
    raise NotHereError


def panel(visit: Visit, repository: Repository, run: CheckRun) -> Panel:
    """Return what the chosen run says; a run has its buttons only once it is completed."""
    references = visit.references(repository)
    took = clock.lasted(run.started_at, run.completed_at) if run.completed_at else ""
    done = run.status == "completed"
    return Panel(
        line=line_of(repository, run),
        run=run,
        took=took,
        summary=rendered(run.summary, references),
        text=rendered(run.text, references),
        counts=annotations.counted(annotations.of_run(run)),
        files=annotations.by_file(repository, run),
        buttons=[
            Button(one["identifier"], one["label"], one["description"])
            for one in (run.actions if done else ())
        ],
        superseded=run not in latest(repository, run.head_sha),
    )


def _asked_run(visit: Visit, repository: Repository) -> CheckRun | None:
    asked = visit.asked("check_run_id")
    if not asked:
        return None
    run = repository.runs.get(int(asked)) if asked.isdecimal() else None
    if run is None:
        raise NotHereError
    return run


def _apps(repository: Repository, runs: list[CheckRun]) -> list[tuple[str, list[Line]]]:
    slugs = dict.fromkeys(run.app.slug for run in runs)
    return [
        (slug, [line_of(repository, run) for run in runs if run.app.slug == slug])
        for slug in slugs
    ]


def _may_rerun(repository: Repository, viewer: Account | None) -> bool:
    return viewer is not None and repository.allows(viewer.login, "write")
