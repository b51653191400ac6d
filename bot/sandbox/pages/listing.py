"""The pages above pull requests: all repositories, one repository, one file."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.sandbox.model import PullRequest
from bot.sandbox.pages import highlight
from bot.sandbox.pages.header import State, state_of
from bot.sandbox.pages.runs import Overall, overall
from bot.sandbox.pages.visit import NotHereError, Page, Visit
from bot.sandbox.repository import Repository


@dataclass(frozen=True, slots=True)
class PullLine:
    """A pull request as lists show it."""

    pull: PullRequest
    state: State
    checks: Overall | None
    comments: int
    href: str


@dataclass(frozen=True, slots=True)
class RepositoryLine:
    """A repository as lists show it."""

    repository: Repository
    source: str
    open: int
    apps: tuple[str, ...]


def show_home(visit: Visit) -> Page:
    """Show all repositories."""
    world = visit.site.world
    lines = [_repository_line(visit, one) for one in world.repositories.values()]
    return Page("home.html", "Repositories", {"repositories": lines})


def show_repository(visit: Visit) -> Page:
    """Show a repository's pull requests, the newest first, and how to clone it."""
    repository = visit.repository()
    pulls = list(repository.pulls.values())[::-1]
    wanted = "closed" if visit.asked("state") == "closed" else "open"
    values = {
        "pulls": [_pull_line(repository, one) for one in pulls if one.state == wanted],
        "wanted": wanted,
        "counts": {state: _count(pulls, state) for state in ("open", "closed")},
        "clone_url": f"{visit.site.world.url}/{repository.full_name}.git",
        "branches": repository.store.branches(),
    }
    return Page("repository.html", "Pull requests", values, repository, repository.full_name)


def show_file(visit: Visit) -> Page:
    """Show a file as it is at a branch or a commit."""
    repository = visit.repository()
    revision, path = visit.word("revision"), visit.word("path")
    data = repository.file(revision, path)
    if data is None:
        raise NotHereError
    binary = b"\0" in data
    lines = () if binary else highlight.lines_of(path, data.decode("utf-8", "replace"))
    values = {"path": path, "revision": revision, "size": len(data), "lines": lines}
    return Page("file.html", path, values, repository, repository.full_name, wide=True)


def _count(pulls: Iterable[PullRequest], state: str) -> int:
    return sum(1 for pull in pulls if pull.state == state)


def _pull_line(repository: Repository, pull: PullRequest) -> PullLine:
    comments = len(repository.comments_on(pull.number))
    href = f"/{repository.full_name}/pull/{pull.number}"
    return PullLine(pull, state_of(pull), overall(repository, pull.head_sha), comments, href)


def _repository_line(visit: Visit, repository: Repository) -> RepositoryLine:
    world = visit.site.world
    source = world.repositories.get(repository.fork_of or 0)
    apps = tuple(one.app.slug for one in world.installations_on(repository))
    open_pulls = _count(repository.pulls.values(), "open")
    return RepositoryLine(repository, source.full_name if source else "", open_pulls, apps)
