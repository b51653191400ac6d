"""Everything that the sandbox's GitHub knows, and how it is looked up."""

from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from bot.sandbox.errors import not_found
from bot.sandbox.git_store import GitStore
from bot.sandbox.model import Account, AccountKind, App, Installation, InstallationToken
from bot.sandbox.repository import Repository

TOKEN_LIFETIME = timedelta(hours=1)


class World:
    """The state of one GitHub. Lookups raise GitHub's 404 where there is nothing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.url = "http://127.0.0.1"
        self.accounts: dict[str, Account] = {}
        self.repositories: dict[int, Repository] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, InstallationToken] = {}
        self._ids = count(1001)

    @property
    def api_url(self) -> str:
        """The address of the REST interface, laid out as on GitHub Enterprise Server."""
        return f"{self.url}/api/v3"

    def next_id(self) -> int:
        """Return a number that nothing else here has."""
        return next(self._ids)

    @staticmethod
    def clock() -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    def now(self) -> str:
        """The time as GitHub writes it, to the second."""
        return timestamp(self.clock())

    # Accounts

    def add_account(self, login: str, kind: AccountKind, token: str = "") -> Account:
        """Add somebody; a login exists once."""
        if login in self.accounts:
            raise ValueError(f"{login} exists already")
        account = Account(self.next_id(), login, kind, self.now(), token)
        self.accounts[login] = account
        return account

    def account(self, login: str) -> Account:
        """Return the account with that login."""
        if login not in self.accounts:
            raise not_found()
        return self.accounts[login]

    # Repositories

    def add_repository(
        self, owner: Account, name: str, default_branch: str, *, fork_of: Repository | None = None
    ) -> Repository:
        """Create an empty bare repository under `root`, at `owner/name.git`."""
        path = self.root / owner.login / f"{name}.git"
        path.parent.mkdir(parents=True, exist_ok=True)
        store = GitStore.create(path, default_branch)
        source = fork_of.id if fork_of else None
        repository = Repository(
            self.next_id(), owner, name, store, self.now(), default_branch, fork_of=source
        )
        self.repositories[repository.id] = repository
        return repository

    def repository(self, full_name: str) -> Repository:
        """Return the repository `owner/name`; GitHub does not mind the case of letters."""
        for repository in self.repositories.values():
            if repository.full_name.lower() == full_name.lower():
                return repository
        raise not_found()

    def forks_of(self, repository: Repository) -> list[Repository]:
        """Return the forks that still exist."""
        return [fork for fork in self.repositories.values() if fork.fork_of == repository.id]

    # Apps

    def installation_on(self, app: App, repository: Repository) -> Installation:
        """Return the installation through which an app reaches a repository."""
        for installation in self.installations.values():
            if installation.app is app and repository.id in installation.repository_ids:
                return installation
        raise not_found()

    def installations_on(self, repository: Repository) -> list[Installation]:
        """Return all installations that reach a repository."""
        installed = self.installations.values()
        return [one for one in installed if repository.id in one.repository_ids]


def timestamp(moment: datetime) -> str:
    """Write a time as GitHub does: UTC, whole seconds, a Z behind."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
