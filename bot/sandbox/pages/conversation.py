"""The Conversation tab: the timeline, the merge box, and a comment box that works."""

from dataclasses import dataclass

import pygit2

from bot.sandbox.model import Account, PullRequest
from bot.sandbox.pages.header import header
from bot.sandbox.pages.runs import Overall, overall
from bot.sandbox.pages.timeline import Event, timeline
from bot.sandbox.pages.visit import Page, Visit
from bot.sandbox.repository import Repository


@dataclass(frozen=True, slots=True)
class MergeBox:
    """What stands between the timeline and the comment box."""

    checks: Overall | None
    conflicts: bool
    base: str
    may_merge: bool


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with a right of their own on the repository."""

    account: Account
    role: str


def show(visit: Visit) -> Page:
    """Show the conversation."""
    repository, pull = visit.pull()
    viewer = visit.viewer(repository)
    events = timeline(visit, repository, pull)
    values = {
        "pull": header(visit.site, repository, pull, "conversation"),
        "events": events,
        "merge": merge_box(repository, pull, viewer),
        "participants": _participants(events),
        "people": _people(visit, repository),
        "may_close": may_close(repository, pull, viewer),
    }
    return Page(
        "conversation.html",
        f"{pull.title} \N{MIDDLE DOT} #{pull.number}",
        values,
        repository,
        repository.full_name,
    )


def merge_box(
    repository: Repository, pull: PullRequest, viewer: Account | None
) -> MergeBox | None:
    """Return the merge box; a pull request that is not open has none."""
    if pull.state != "open":
        return None
    may = viewer is not None and repository.allows(viewer.login, "write")
    conflicts = has_conflicts(repository, pull)
    checks = overall(repository, pull.head_sha)
    return MergeBox(checks, conflicts, pull.base_ref, may and not conflicts and not pull.draft)


def has_conflicts(repository: Repository, pull: PullRequest) -> bool:
    """Whether the head cannot be merged into what the base branch is by now."""
    base = repository.head(pull.base_ref) or pull.base_sha
    merged: pygit2.Index = repository.store.git.merge_commits(base, pull.head_sha)
    return merged.conflicts is not None


def may_close(repository: Repository, pull: PullRequest, viewer: Account | None) -> bool:
    """Whether somebody may close the pull request: its author, and who may triage."""
    if viewer is None or pull.merged_at is not None:
        return False
    return viewer is pull.author or repository.allows(viewer.login, "triage")


def _participants(events: list[Event]) -> list[Account]:
    authors = [getattr(event, "author", None) for event in events]
    return list({one.login: one for one in authors if one is not None}.values())


def _people(visit: Visit, repository: Repository) -> list[Person]:
    roles = {one.login: repository.role(one.login) for one in visit.people()}
    return [Person(visit.site.world.accounts[login], role) for login, role in roles.items()]
