"""Branches that come to point elsewhere, and what GitHub does about every one of them."""

from dataclasses import dataclass

import pygit2

from bot.sandbox.auth import grants
from bot.sandbox.errors import ApiError
from bot.sandbox.events import Events
from bot.sandbox.git_store import HEADS, ZERO
from bot.sandbox.model import Account, App, CheckSuite, PullRequest
from bot.sandbox.repository import Repository
from bot.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Moves:
    """Moves branches, makes the commits that GitHub itself makes, and tells about it."""

    world: World
    events: Events

    def point(self, repository: Repository, branch: str, after: str | None) -> None:
        """Let a branch point to a commit, or take it away."""
        if after is None:
            repository.store.delete(HEADS + branch)
        else:
            repository.store.point(HEADS + branch, after)

    def announce(
        self,
        repository: Repository,
        branch: str,
        before: str | None,
        after: str | None,
        *,
        sender: Account,
    ) -> None:
        """Send `push` for a branch that points elsewhere by now, and ask for checks."""
        self.events.push(repository, branch, before or ZERO, after or ZERO, sender)
        if after is not None:
            self._request_suites(repository, branch, before, after, sender=sender)

    def merge_commit(
        self, target: Repository, onto: str, pull: PullRequest, sender: Account
    ) -> str:
        """Make the commit that merges a pull request into the commit `onto`, and return it.

        Raises:
            ApiError: 405, the two conflict.
        """
        merged = target.store.git.merge_commits(onto, pull.head_sha)
        if merged.conflicts:
            raise ApiError(405, "Pull Request is not mergeable")
        tree = str(merged.write_tree(target.store.git))
        message = f"Merge pull request #{pull.number} from {pull.head_owner.login}/{pull.head_ref}"
        return target.web_commit(tree, [onto, pull.head_sha], message, self.signature(sender))

    def signature(self, who: Account) -> pygit2.Signature:
        """Return how a commit names an account that did not say how."""
        email = f"{who.id}+{who.login}@users.noreply.github.com"
        return pygit2.Signature(who.login, email, int(self.world.clock().timestamp()), 0)

    def suite(
        self, repository: Repository, app: App, head_sha: str, branch: str | None = None
    ) -> CheckSuite:
        """Return the suite of an app on a commit, made now if there is none."""
        found = repository.suite_for(app, head_sha)
        if found is not None:
            return found
        now = self.world.now()
        named = branch or self._branch_at(repository, head_sha)
        suite = CheckSuite(self.world.next_id(), app, head_sha, named, None, now, now)
        repository.suites[suite.id] = suite
        return suite

    @staticmethod
    def _branch_at(repository: Repository, head_sha: str) -> str | None:
        heads = repository.store.branches()
        return next((branch for branch, head in heads.items() if head == head_sha), None)

    def _request_suites(
        self,
        repository: Repository,
        branch: str,
        before: str | None,
        after: str,
        *,
        sender: Account,
    ) -> None:
        for installation in self.world.installations_on(repository):
            app = installation.app
            known = repository.suite_for(app, after)
            if known is None and grants(installation.permissions, "checks=write"):
                suite = self.suite(repository, app, after, branch)
                suite.before = before
                self.events.check_suite("requested", repository, suite, sender)
