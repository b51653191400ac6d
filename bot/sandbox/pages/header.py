"""What stands on top of every tab of a pull request: title, state, branches, tabs."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.model import Account, PullRequest
from bot.sandbox.pages.runs import latest
from bot.sandbox.repository import Repository
from bot.sandbox.site import Site

BLOCKS = 5


@dataclass(frozen=True, slots=True)
class State:
    """The coloured word beside the title."""

    word: str
    icon: str
    tone: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the four tabs."""

    key: str
    name: str
    icon: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class Header:
    """The head of a pull request's pages."""

    pull: PullRequest
    state: State
    author: Account
    commits: int
    base: str
    head: str
    tabs: tuple[Tab, ...]
    current: str
    additions: int
    deletions: int

    @property
    def blocks(self) -> tuple[str, ...]:
        """Five small squares: how much is added and removed."""
        total = self.additions + self.deletions
        if not total:
            return ("none",) * BLOCKS
        added = round(BLOCKS * self.additions / total)
        removed = BLOCKS - added
        return ("added",) * added + ("removed",) * removed


STATES: Mapping[str, State] = {
    "merged": State("Merged", "merge", "done"),
    "closed": State("Closed", "pull-closed", "danger"),
    "draft": State("Draft", "pull", "draft"),
    "open": State("Open", "pull", "success"),
}


def state_of(pull: PullRequest) -> State:
    """Return how far a pull request is."""
    if pull.merged_at is not None:
        return STATES["merged"]
    if pull.state == "closed":
        return STATES["closed"]
    return STATES["draft" if pull.draft else "open"]


def header(site: Site, repository: Repository, pull: PullRequest, current: str) -> Header:
    """Return the head of the page, with the tab that is shown."""
    diff = repository.diff_of(pull)
    commits = len(repository.store.history(pull.head_sha, without=pull.base_sha))
    href = f"/{repository.full_name}/pull/{pull.number}"
    reviews = sum(1 for one in repository.reviews.values() if one.number == pull.number)
    comments = len(repository.comments_on(pull.number)) + reviews
    checks = len(latest(repository, pull.head_sha))
    prefix = f"{pull.head_owner.login}:" if pull.from_fork else ""
    gone = pull.head_repository_id not in site.world.repositories
    return Header(
        pull=pull,
        state=state_of(pull),
        author=pull.author,
        commits=commits,
        base=pull.base_ref,
        head="unknown repository" if gone else f"{prefix}{pull.head_ref}",
        tabs=(
            Tab("conversation", "Conversation", "comment", href, comments),
            Tab("commits", "Commits", "commit", f"{href}/commits", commits),
            Tab("checks", "Checks", "checklist", f"{href}/checks", checks),
            Tab("files", "Files changed", "diff", f"{href}/files", len(diff.files())),
        ),
        current=current,
        additions=diff.additions,
        deletions=diff.deletions,
    )
