"""GitHub in our own words: what the bot needs done in a repository, and nothing of how.

What a gateway raises is in `bot.github.errors`, or a bug.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from functools import partial

import aiohttp
import msgspec
from cachetools import LRUCache

from bot.github.auth import (
    Access,
    AppCredentials,
    AppIdentity,
    InstallationIdentity,
    InstallationTokens,
    Scope,
)
from bot.github.branches import Branches
from bot.github.changes import Changes
from bot.github.checks import Checks
from bot.github.client import API_URL, REQUEST_SECONDS, Client
from bot.github.commits import Commits
from bot.github.contents import Contents
from bot.github.conversation import Conversation
from bot.github.governor import Governor
from bot.github.history import History
from bot.github.memory import Memory
from bot.github.open_pulls import OpenPulls
from bot.github.owner_files import OwnerFile, OwnerFiles
from bot.github.pull_query import PullRequests
from bot.github.repository import owner_and_name
from bot.github.reviews import Reviews


class RepositoryGateway(
    PullRequests,
    OpenPulls,
    Changes,
    Contents,
    Checks,
    Branches,
    Commits,
    History,
    Conversation,
    Reviews,
):
    """One repository, seen with the rights of one job. Cheap, and made for each job anew.

    Attributes:
        of_organization: whether it belongs to an organisation, as far as GitHub said.
    """

    def __init__(
        self,
        client: Client,
        repository: str,
        app_id: str,
        memory: Memory,
        *,
        of_organization: bool,
        owner_file: Callable[[str], Awaitable[OwnerFile]],
    ) -> None:
        super().__init__(client, repository, app_id, memory)
        self.of_organization = of_organization
        self._owner_file = owner_file

    async def owner_file(self, path: str) -> OwnerFile:
        """Return a file that the owner has for all repositories, as `OwnerFiles.read` does."""
        return await self._owner_file(path)


# Whose trees and files are remembered: with what is kept of each, 300 MB at most.
_REPOSITORIES = 16


# A thousand.
_REACHED_PAGES = 10


class _Repository(msgspec.Struct, frozen=True):
    full_name: str
    archived: bool = False


class _Reached(msgspec.Struct, frozen=True):
    repositories: list[_Repository]


class GitHubApp:
    """The app on one GitHub; makes gateways.

    Args:
        session: shared by everything; stays the caller's to close.
        api_url: `https://api.github.com`, or `https://HOST/api/v3` of an Enterprise Server.
        clock: seconds since the epoch.
        sleep: waits some seconds between attempts.
        seconds: after which a request is given up.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        credentials: AppCredentials,
        *,
        api_url: str = API_URL,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: float = REQUEST_SECONDS,
    ) -> None:
        self._credentials = credentials
        self._clock = clock
        self._client = partial(Client, session, api_url=api_url, sleep=sleep, seconds=seconds)
        self._governors: dict[int, Governor] = {}
        self._memories: LRUCache[tuple[int, str], Memory] = LRUCache(_REPOSITORIES)
        app_client = self._client(AppIdentity(credentials, clock), Governor(clock))
        self._tokens = InstallationTokens(app_client, clock)
        self._owner_files = OwnerFiles(self._owners, clock)

    async def repository(
        self, installation_id: int, repository: str, access: Access = Access.READ
    ) -> RepositoryGateway:
        """Return a repository (`owner/name`) with what `access` lets a job do there.

        Raises:
            Gone: the app is not installed there (any more).
            Forbidden: it is suspended, or was not granted what the access needs.
            ValueError: the repository is not `owner/name`.
        """
        owner, _ = owner_and_name(repository)
        scope = Scope(installation_id, repository, access)
        memory = self._memories.setdefault((installation_id, repository), Memory())
        client = self._client_for(scope)
        token = await self._tokens.get(scope)
        return RepositoryGateway(
            client,
            repository,
            self._credentials.app_id,
            memory,
            of_organization=token.of_organization,
            owner_file=partial(self._owner_files.read, installation_id, owner),
        )

    async def repositories(self, installation_id: int) -> tuple[str, ...]:
        """Return the repositories of an installation in which work goes on, a thousand at most.

        Raises:
            Gone: there is no such installation (any more).
            Forbidden: it is suspended.
        """
        client = self._client_for(Scope(installation_id, None, Access.LIST))
        path = ("installation", "repositories")
        pages = client.pages(path, _Reached, most=_REACHED_PAGES)
        reached = [one async for page in pages for one in page.repositories]
        return tuple(one.full_name for one in reached if not one.archived)

    async def _owners(self, installation_id: int, repository: str) -> Contents:
        """Return a repository whose files may be read; nothing of it is remembered."""
        scope = Scope(installation_id, repository, Access.FILES)
        await self._tokens.get(scope)
        return Contents(self._client_for(scope), repository, self._credentials.app_id)

    def _client_for(self, scope: Scope) -> Client:
        identity = InstallationIdentity(self._tokens, scope, self._clock)
        return self._client(identity, self._governor(scope.installation_id))

    def _governor(self, installation_id: int) -> Governor:
        """Limits count by installation, whatever the token."""
        return self._governors.setdefault(installation_id, Governor(self._clock))
