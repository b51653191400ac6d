"""A GitHub of one's own: start it, fill it, act on it as its people do, and look at it."""

import secrets
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.sandbox.activity import Activity
from bot.sandbox.budget import Budget
from bot.sandbox.deliveries import Delivery, Hookshot
from bot.sandbox.events import Events
from bot.sandbox.faults import Faults
from bot.sandbox.git_store import HEADS
from bot.sandbox.limits import Limits
from bot.sandbox.model import (
    Account,
    App,
    CheckRun,
    Exchange,
    Installation,
    User,
)
from bot.sandbox.people import People
from bot.sandbox.referee import Referee
from bot.sandbox.registration import registered
from bot.sandbox.repository import Repository
from bot.sandbox.server import Server
from bot.sandbox.site import Site
from bot.sandbox.world import World


class GitHub(People):
    """One GitHub on one port of 127.0.0.1; its repositories lie below `root`.

    What people do returns before any webhook of it is delivered: see `settled`.
    """

    def __init__(self, root: Path) -> None:
        world = World(root)
        self.referee = Referee()
        self.faults = Faults()
        self.limits = Limits()
        self.hookshot = Hookshot(self.referee, self.faults, world.next_id, world.now)
        super().__init__(world, Activity(world, Events(world, self.hookshot)))
        self.site = Site(
            world,
            self.activity,
            self.hookshot,
            self.faults,
            self.referee,
            self.limits,
            Budget(self.limits, int(world.clock().timestamp())),
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
        return registered(
            self.world,
            slug,
            owner or self.world.accounts.get("apps") or self.create_organization("apps"),
            permissions,
            events,
            hook_url=hook_url,
            webhook_secret=webhook_secret or secrets.token_hex(20),
        )

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

    def suspend(self, installation_id: int) -> None:
        """Let an installation reach nothing and hear of nothing for a while."""
        installation = self.world.installations[installation_id]
        installation.suspended_at = self.world.now()
        installation.suspended_by = installation.account
        self.activity.events.installation("suspend", installation, installation.account)

    def unsuspend(self, installation_id: int) -> None:
        """End that."""
        installation = self.world.installations[installation_id]
        installation.suspended_at = installation.suspended_by = None
        self.activity.events.installation("unsuspend", installation, installation.account)

    def accept_permissions(self, installation_id: int) -> None:
        """Grant an installation what its app asks for by now."""
        installation = self.world.installations[installation_id]
        installation.permissions = dict(installation.app.permissions) | {"metadata": "read"}
        self.activity.events.installation(
            "new_permissions_accepted", installation, installation.account
        )

    def expire_tokens(self) -> None:
        """Let every installation token that is out expire now."""
        for token in self.world.tokens.values():
            token.expires_at = self.world.clock()

    # What there is

    def check_runs(self, repository: Repository, head_sha: str) -> list[CheckRun]:
        """Return the check runs on a commit, oldest first."""
        return [run for run in repository.runs.values() if run.head_sha == head_sha]
