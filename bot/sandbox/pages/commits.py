"""The commits of a pull request: who wrote them, whether they are signed, how their checks are."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

import pygit2

from bot.sandbox.model import Account, PullRequest
from bot.sandbox.pages import clock
from bot.sandbox.pages.header import header
from bot.sandbox.pages.runs import Overall, overall
from bot.sandbox.pages.visit import Page, Visit
from bot.sandbox.repository import Repository
from bot.sandbox.world import World, timestamp

_NOREPLY = re.compile(r"\d+\+(.+)@users\.noreply\.")


@dataclass(frozen=True, slots=True)
class CommitLine:
    """A commit as lists show it; `author` is None where no account has that name."""

    sha: str
    headline: str
    body: str
    author_name: str
    author: Account | None
    when: str
    verified: bool
    checks: Overall | None
    href: str


def commit_lines(world: World, repository: Repository, pull: PullRequest) -> list[CommitLine]:
    """Return the commits that a pull request brings, oldest first."""
    history = repository.store.history(pull.head_sha, without=pull.base_sha)
    return [commit_line(world, repository, commit) for commit in history]


def commit_line(world: World, repository: Repository, commit: pygit2.Commit) -> CommitLine:
    """Return the line about a commit."""
    sha = str(commit.id)
    headline, _, body = commit.message.strip().partition("\n")
    return CommitLine(
        sha=sha,
        headline=headline,
        body=body.strip(),
        author_name=commit.author.name,
        author=account_of(world, commit.author),
        when=timestamp(datetime.fromtimestamp(commit.committer.time, UTC)),
        verified=sha in repository.verified,
        checks=overall(repository, sha),
        href=f"/{repository.full_name}/commit/{sha}",
    )


def account_of(world: World, signature: pygit2.Signature) -> Account | None:
    """Return the account that a commit's author is: by the noreply address, else by name."""
    found = _NOREPLY.match(signature.email)
    return world.accounts.get(found[1] if found else signature.name)


def show(visit: Visit) -> Page:
    """Show the Commits tab: by day, oldest first."""
    repository, pull = visit.pull()
    lines = commit_lines(visit.site.world, repository, pull)
    days = [(day, list(group)) for day, group in groupby(lines, lambda one: clock.day(one.when))]
    values = {"pull": header(visit.site, repository, pull, "commits"), "days": days}
    return Page(
        "commits.html",
        f"{pull.title} \N{MIDDLE DOT} #{pull.number}",
        values,
        repository,
        repository.full_name,
    )
