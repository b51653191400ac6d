"""What happened in a pull request, in order: comments, commits, reviews, and its end.

Times are whole seconds, so what happened within one is ordered by the numbers that GitHub gave
out. A commit has none; its check suite, made when it was pushed, has.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from bot.sandbox.model import Account, App, CheckSuite, Comment, PullRequest, Reaction, Review
from bot.sandbox.pages.commits import CommitLine, commit_lines
from bot.sandbox.pages.markdown import rendered
from bot.sandbox.pages.reviewing import Remark, remark
from bot.sandbox.pages.visit import Visit
from bot.sandbox.render.pulls import association
from bot.sandbox.repository import Repository

LAST = 1 << 62
ROLES = {"OWNER": "Owner", "MEMBER": "Member", "COLLABORATOR": "Collaborator"}


@dataclass(frozen=True, slots=True)
class Reacted:
    """How often, and by whom, a reaction was given."""

    content: str
    logins: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """A description or a comment."""

    anchor: str
    author: Account
    app: App | None
    role: str
    when: str
    edited: bool
    body: Markup
    reactions: tuple[Reacted, ...] = ()
    kind: str = "said"


@dataclass(frozen=True, slots=True)
class Pushed:
    """Commits that came one after another from the same author."""

    anchor: str
    author: Account | None
    author_name: str
    when: str
    commits: tuple[CommitLine, ...]
    kind: str = "pushed"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with its comments on lines."""

    anchor: str
    author: Account
    when: str
    state: str
    body: Markup
    remarks: tuple[Remark, ...]
    kind: str = "reviewed"


@dataclass(frozen=True, slots=True)
class Ended:
    """The pull request was merged or closed."""

    anchor: str
    word: str
    icon: str
    tone: str
    when: str
    kind: str = "ended"


Event = Said | Pushed | Reviewed | Ended
Key = tuple[str, int, int]
Keyed = tuple[Key, Event]


def timeline(visit: Visit, repository: Repository, pull: PullRequest) -> list[Event]:
    """Return what happened, the description first."""
    keyed = [
        *_comments(visit, repository, pull),
        *_pushes(visit, repository, pull),
        *_reviews(visit, repository, pull),
        *_end(pull),
    ]
    events = [event for _, event in sorted(keyed, key=lambda one: one[0])]
    return [_description(visit, repository, pull), *_grouped(events)]


def _description(visit: Visit, repository: Repository, pull: PullRequest) -> Said:
    return Said(
        anchor=f"pullrequest-{pull.id}",
        author=pull.author,
        app=None,
        role=_role(repository, pull.author),
        when=pull.created_at,
        edited=False,
        body=rendered(pull.body, visit.references(repository)),
    )


def _comments(visit: Visit, repository: Repository, pull: PullRequest) -> Iterator[Keyed]:
    for comment in repository.comments_on(pull.number):
        yield (comment.created_at, comment.id, 0), _said(visit, repository, comment)


def _said(visit: Visit, repository: Repository, comment: Comment) -> Said:
    return Said(
        anchor=f"issuecomment-{comment.id}",
        author=comment.author,
        app=comment.app,
        role=_role(repository, comment.author),
        when=comment.created_at,
        edited=comment.updated_at != comment.created_at,
        body=rendered(comment.body, visit.references(repository)),
        reactions=_reacted(comment.reactions),
    )


def _reacted(reactions: Sequence[Reaction]) -> tuple[Reacted, ...]:
    contents = dict.fromkeys(reaction.content for reaction in reactions)
    return tuple(
        Reacted(content, tuple(one.author.login for one in reactions if one.content == content))
        for content in contents
    )


def _role(repository: Repository, who: Account) -> str:
    return ROLES.get(association(repository, who), "")


def _pushes(visit: Visit, repository: Repository, pull: PullRequest) -> Iterator[Keyed]:
    """Yield the commits, the newest first: the ones without a suite came with the one behind."""
    suites = _first_suites(repository)
    pushed: tuple[str, int] | None = None
    for place, line in enumerate(reversed(commit_lines(visit.site.world, repository, pull))):
        suite = suites.get(line.sha)
        if suite is not None:
            pushed = (suite.created_at, suite.id)
        when, serial = pushed or (max(line.when, pull.created_at), 0)
        # Of what was pushed at once, the older commits go first.
        yield (when, serial, -place), _pushed(line)


def _pushed(line: CommitLine) -> Pushed:
    return Pushed(f"commit-{line.sha}", line.author, line.author_name, line.when, (line,))


def _first_suites(repository: Repository) -> dict[str, CheckSuite]:
    return {suite.head_sha: suite for suite in reversed(repository.suites.values())}


def _reviews(visit: Visit, repository: Repository, pull: PullRequest) -> Iterator[Keyed]:
    for review in repository.reviews.values():
        if review.number == pull.number:
            yield (review.submitted_at, review.id, 0), _reviewed(visit, repository, pull, review)


def _reviewed(visit: Visit, repository: Repository, pull: PullRequest, review: Review) -> Reviewed:
    references = visit.references(repository)
    return Reviewed(
        anchor=f"pullrequestreview-{review.id}",
        author=review.author,
        when=review.submitted_at,
        state=review.state,
        body=rendered(review.body, references),
        remarks=tuple(remark(references, review, one, pull) for one in review.comments),
    )


def _end(pull: PullRequest) -> Iterator[Keyed]:
    if pull.merged_at is not None:
        merged = Ended("merged", "merged", "merge", "done", pull.merged_at)
        yield (pull.merged_at, LAST, 0), merged
    elif pull.closed_at is not None:
        closed = Ended("closed", "closed", "pull-closed", "danger", pull.closed_at)
        yield (pull.closed_at, LAST, 0), closed


def _grouped(events: Sequence[Event]) -> list[Event]:
    """Put commits together that one author pushed with nothing in between."""
    grouped: list[Event] = []
    for event in events:
        last = grouped[-1] if grouped else None
        if (
            isinstance(event, Pushed)
            and isinstance(last, Pushed)
            and last.author_name == event.author_name
        ):
            both = (*last.commits, *event.commits)
            event = Pushed(last.anchor, last.author, last.author_name, event.when, both)  # noqa: PLW2901
            grouped.pop()
        grouped.append(event)
    return grouped
