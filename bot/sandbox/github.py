"""A GitHub of one's own: start it, fill it, act on it as its people do, and look at it."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox.activity import Activity
from bot.sandbox.auth import grants
from bot.sandbox.budget import Budget
from bot.sandbox.deliveries import Delivery, Hookshot
from bot.sandbox.events import EVENT_PERMISSIONS, Events
from bot.sandbox.faults import Faults
from bot.sandbox.git_store import HEADS
from bot.sandbox.limits import Limits
from bot.sandbox.model import (
    Account,
    App,
    CheckRun,
    Exchange,
    Installation,
    PullRequest,
    User,
)
from bot.sandbox.referee import Referee
from bot.sandbox.repository import Repository
from bot.sandbox.server import Server
from bot.sandbox.site import Site
from bot.sandbox.world import World


class GitHub:
    """One GitHub on one port of 127.0.0.1; its repositories lie below `root`.

    What people do returns before any webhook of it is delivered: see `settled`.
    """

    def __init__(self, root: Path) -> None:
        self.world = World(root)
        self.referee = Referee()
        self.faults = Faults()
        self.limits = Limits()
        self.hookshot = Hookshot(self.referee, self.faults, self.world.next_id, self.world.now)
        self.activity = Activity(self.world, Events(self.world, self.hookshot))
        self.site = Site(
            self.world,
            self.activity,
            self.hookshot,
            self.faults,
            self.referee,
            self.limits,
            Budget(self.limits, int(self.world.clock().timestamp())),
        )
        self.server = Server(self.site)
        self._runner = web.AppRunner(
            self.server.application(), access_log=None, shutdown_timeout=1.0
        )

    # Life

    @classmethod
    async def start(cls, root: Path, *, port: int = 0) -> Self:
        """Start a GitHub on 127.0.0.1; port 0 takes a free one."""
        github = cls(root)
        await github._runner.setup()
        await web.TCPSite(github._runner, "127.0.0.1", port).start()
        github.world.url = f"http://127.0.0.1:{github._runner.addresses[0][1]}"
        return github

    async def close(self) -> None:
        """Stop answering, give up deliveries that are under way, and close all files."""
        await self._runner.cleanup()
        await self.hookshot.close()
        for repository in self.world.repositories.values():
            repository.store.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    @property
    def url(self) -> str:
        """The address of the pages and of git, without a slash behind."""
        return self.world.url

    @property
    def api_url(self) -> str:
        """The address of the REST interface, without a slash behind."""
        return self.world.api_url

    @property
    def graphql_url(self) -> str:
        """The address of the GraphQL interface."""
        return f"{self.world.url}/api/graphql"

    # What happened

    @property
    def deliveries(self) -> list[Delivery]:
        """Every attempt to deliver a webhook, oldest first."""
        return self.hookshot.deliveries

    @property
    def exchanges(self) -> list[Exchange]:
        """Every answered request of the REST and GraphQL interfaces, oldest first."""
        return self.server.exchanges

    @property
    def requests(self) -> Counter[str]:
        """How often each operation was asked for; GraphQL counts as `graphql/ROOTFIELD`."""
        return self.server.requests

    async def settled(self) -> None:
        """Wait until every webhook has been answered, or has failed."""
        await self.hookshot.settled()

    async def redeliver(self, delivery_id: int) -> Delivery:
        """Send a delivery again under its GUID; a new attempt with an id of its own."""
        return self.hookshot.redeliver(delivery_id)

    # People and repositories

    def create_user(self, login: str) -> User:
        """Add a user, with a token that serves as a password for git and for the interfaces."""
        return self.world.add_account(login, "User", f"ghp_{secrets.token_hex(18)}")

    def create_organization(self, login: str) -> Account:
        """Add an organisation, which can own repositories and install apps."""
        return self.world.add_account(login, "Organization")

    def create_repository(
        self,
        full_name: str,
        owner: Account | None = None,
        *,
        private: bool = False,
        default_branch: str = "main",
    ) -> Repository:
        """Add an empty repository `owner/name`.

        An owner that is not there yet becomes an organisation. With `owner` given and not being
        the account of the full name, that user becomes an administrator.
        """
        login, _, name = full_name.partition("/")
        account = self.world.accounts.get(login) or self.create_organization(login)
        repository = self.world.add_repository(account, name, default_branch)
        repository.private = private
        if owner is not None and owner is not account:
            repository.permissions[owner.login] = "admin"
        return repository

    def fork(self, repository: Repository, owner: Account | str) -> Repository:
        """Copy a repository with all of its branches to another account, given or by its login."""
        account = self.world.account(owner) if isinstance(owner, str) else owner
        copy = self.world.add_repository(
            account, repository.name, repository.default_branch, fork_of=repository
        )
        for branch, head in repository.store.branches().items():
            copy.store.fetch(repository.store, head, HEADS + branch)
        return copy

    def delete_repository(self, repository: Repository) -> None:
        """Delete a repository; pull requests from it stay open without a head repository."""
        del self.world.repositories[repository.id]
        for installation in self.world.installations.values():
            installation.repository_ids.discard(repository.id)
        repository.store.close()

    def clone_url(self, repository: Repository, user: User | None = None) -> str:
        """Return the address to clone from; with a user, one that can be pushed to."""
        address = f"{self.url}/{repository.full_name}.git"
        if user is None:
            return address
        return address.replace("://", f"://{user.login}:{user.token}@", 1)

    # Apps

    def create_app(
        self,
        slug: str,
        *,
        permissions: Mapping[str, str],
        events: Collection[str],
        hook_url: str | None = None,
        webhook_secret: str = "",
        owner: Account | None = None,
    ) -> App:
        """Register a GitHub App, with a private key of its own and a bot account `SLUG[bot]`.

        Raises:
            ValueError: an event needs a permission that the app does not ask for.
        """
        for event in events:
            if event in EVENT_PERMISSIONS and not grants(permissions, EVENT_PERMISSIONS[event]):
                raise ValueError(f"Default events are not supported by permissions: {event}")
        key = _private_key(len(self.world.apps))
        pem = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.TraditionalOpenSSL,
            serialization.NoEncryption(),
        )
        app = App(
            id=self.world.next_id(),
            slug=slug,
            owner=owner or self.world.accounts.get("apps") or self.create_organization("apps"),
            bot=self.world.add_account(f"{slug}[bot]", "Bot"),
            permissions=dict(permissions),
            events=tuple(events),
            created_at=self.world.now(),
            public_key=key.public_key(),
            private_key=pem.decode(),
            webhook_secret=webhook_secret or secrets.token_hex(20),
            hook_url=hook_url,
        )
        self.world.apps[app.id] = app
        return app

    def install(self, app: App, repository: Repository) -> int:
        """Install an app on a repository and return the installation's id.

        An account has one installation of an app, which grows by further repositories.
        """
        for one in self.world.installations.values():
            if one.app is app and one.account is repository.owner:
                one.repository_ids.add(repository.id)
                added = {repository.id}
                self.activity.events.installation_repositories(one, added, set(), one.account)
                return one.id
        installation = Installation(
            self.world.next_id(),
            app,
            repository.owner,
            dict(app.permissions) | {"metadata": "read"},
            self.world.now(),
            {repository.id},
        )
        self.world.installations[installation.id] = installation
        self.activity.events.installation("created", installation, repository.owner)
        return installation.id

    def uninstall(self, installation_id: int) -> None:
        """Take an app off an account; its tokens end with it."""
        installation = self.world.installations.pop(installation_id)
        gone = [t for t, one in self.world.tokens.items() if one.installation is installation]
        for text in gone:
            del self.world.tokens[text]
        self.activity.events.installation("deleted", installation, installation.account)

    def expire_tokens(self) -> None:
        """Let every installation token that is out expire now."""
        for token in self.world.tokens.values():
            token.expires_at = self.world.clock()

    # Acts of people

    async def push(
        self,
        repository: Repository,
        branch: str,
        files: Mapping[str, bytes | str],
        user: User,
        *,
        message: str = "Change files",
        deleted: Iterable[str] = (),
    ) -> str:
        """Commit to a branch and push it, with all events, and return the new head."""
        before = repository.head(branch)
        author = (user.login, f"{user.login}@example.com")
        after = repository.commit(
            files, branch=branch, message=message, deleted=deleted, author=author
        )
        self.activity.moved(repository, branch, before, after, sender=user)
        return after

    async def force_push(
        self, repository: Repository, branch: str, revision: str, user: User
    ) -> None:
        """Let a branch point to another commit, whatever is lost by that."""
        after = str(repository.store.resolve(revision).id)
        self.activity.move(repository, branch, after, user)

    async def delete_branch(self, repository: Repository, branch: str, user: User) -> None:
        """Delete a branch, which closes the pull requests from it."""
        self.activity.move(repository, branch, None, user)

    async def open_pull_request(
        self,
        repository: Repository,
        *,
        head: str,
        base: str | None = None,
        title: str = "Change files",
        body: str | None = None,
        user: User,
        draft: bool = False,
        maintainer_can_modify: bool = True,
    ) -> PullRequest:
        """Open a pull request; `head` is a branch, or `LOGIN:BRANCH` for one in a fork."""
        owner, colon, branch = head.partition(":")
        source = self._head_repository(repository, owner) if colon else repository
        from_fork = source is not repository
        return self.activity.open_pull(
            repository,
            source,
            head=branch if colon else head,
            base=base or repository.default_branch,
            title=title,
            body=body,
            author=user,
            draft=draft,
            maintainer_can_modify=maintainer_can_modify and from_fork,
        )

    async def close_pull_request(self, repository: Repository, number: int, user: User) -> None:
        """Close a pull request without merging."""
        self.activity.close(repository, repository.pulls[number], user)

    async def reopen_pull_request(self, repository: Repository, number: int, user: User) -> None:
        """Open a closed pull request again."""
        self.activity.reopen(repository, repository.pulls[number], user)

    async def merge_pull_request(self, repository: Repository, number: int, user: User) -> str:
        """Merge a pull request and return the merge commit."""
        return self.activity.merge(repository, repository.pulls[number], user)

    async def edit_pull_request(
        self,
        repository: Repository,
        number: int,
        user: User,
        *,
        title: str | None = None,
        base: str | None = None,
    ) -> None:
        """Change a pull request's title or base branch."""
        pull = repository.pulls[number]
        self.activity.edit(repository, pull, user, title=title, base=base)

    async def set_draft(
        self, repository: Repository, number: int, user: User, *, draft: bool
    ) -> None:
        """Turn a pull request into a draft, or mark it as ready for review."""
        self.activity.set_draft(repository, repository.pulls[number], user, draft=draft)

    async def comment(self, repository: Repository, number: int, body: str, user: User) -> int:
        """Write a comment under a pull request and return its id."""
        return self.activity.comment(repository, number, body, user).id

    async def edit_comment(
        self, repository: Repository, comment_id: int, body: str, user: User
    ) -> None:
        """Change a comment's text, one's own or, with the right to write, anybody's."""
        comment = repository.comments[comment_id]
        self.activity.edit_comment(repository, comment, body, user)

    async def press_button(
        self, repository: Repository, check_run_id: int, identifier: str, user: User
    ) -> None:
        """Press a button under a completed check run."""
        run = repository.runs[check_run_id]
        self.activity.press_button(repository, run, identifier, user)

    async def rerun(self, repository: Repository, check_run_id: int, user: User) -> None:
        """Press Re-run beside a check run."""
        self.activity.rerequest_run(repository, repository.runs[check_run_id], user)

    async def rerun_all(self, repository: Repository, suite_id: int, user: User) -> None:
        """Press Re-run all checks beside a check suite."""
        self.activity.rerequest_suite(repository, repository.suites[suite_id], user)

    # What there is

    def check_runs(self, repository: Repository, head_sha: str) -> list[CheckRun]:
        """Return the check runs on a commit, oldest first."""
        return [run for run in repository.runs.values() if run.head_sha == head_sha]

    def _head_repository(self, repository: Repository, owner: str) -> Repository:
        for one in [repository, *self.world.forks_of(repository)]:
            if one.owner.login == owner:
                return one
        raise LookupError(f"{owner} has no fork of {repository.full_name}")


@cache
def _private_key(number: int) -> rsa.RSAPrivateKey:
    """Return the key of the app with that number: making one is slow, so a process keeps them."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
