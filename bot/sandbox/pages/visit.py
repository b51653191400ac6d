"""A visit to a page: what is asked for, of which GitHub, and who is looking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aiohttp import web

from bot.sandbox.model import Account, Exchange, PullRequest
from bot.sandbox.pages.references import References
from bot.sandbox.repository import Repository
from bot.sandbox.site import Site

VIEWER_COOKIE = "sandbox_viewer"


class NotHereError(Exception):
    """There is no such page."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is to be rendered: its template, its title, and what the template shows.

    `watch` names what the page is about, for the script that asks whether it changed: a
    repository's full name, or nothing for everything there is.
    """

    template: str
    title: str
    values: Mapping[str, object]
    repository: Repository | None = None
    watch: str = ""
    tab: str = ""
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Lookups raise `NotHereError` or GitHub's own 404."""

    site: Site
    exchanges: Sequence[Exchange]
    request: web.Request
    form: Mapping[str, str] = field(default_factory=dict[str, str])

    def word(self, name: str) -> str:
        """Return a part of the path."""
        return self.request.match_info[name]

    def number(self, name: str) -> int:
        """Return a part of the path that is a number."""
        return int(self.word(name))

    def asked(self, name: str) -> str:
        """Return what the query says, or nothing."""
        return self.request.query.get(name, "")

    def repository(self) -> Repository:
        """Return the repository that the path names."""
        return self.site.world.repository(f"{self.word('owner')}/{self.word('repo')}")

    def pull(self) -> tuple[Repository, PullRequest]:
        """Return the pull request that the path names, and its repository."""
        repository = self.repository()
        pull = repository.pulls.get(self.number("number"))
        if pull is None:
            raise NotHereError
        return repository, pull

    def references(self, repository: Repository) -> References:
        """Return what the words of a comment may refer to."""
        return References(self.site.world, repository)

    # People

    def people(self) -> list[Account]:
        """Return everybody whom a person at this browser can be."""
        return [one for one in self.site.world.accounts.values() if one.kind == "User"]

    def viewer(self, repository: Repository | None) -> Account | None:
        """Return who is looking: as chosen, else somebody who may write, else anybody."""
        people = self.people()
        chosen = self.request.cookies.get(VIEWER_COOKIE, "")
        writers = [one for one in people if repository and repository.allows(one.login, "write")]
        named = [one for one in people if one.login == chosen]
        return next(iter([*named, *writers, *people]), None)

    def acting(self, repository: Repository) -> Account:
        """Return who acts; with nobody there, nothing can be done."""
        viewer = self.viewer(repository)
        if viewer is None:
            raise web.HTTPForbidden(text="There is no user here who could do this.")
        return viewer
