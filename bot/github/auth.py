"""Who we are to GitHub: the app by a JWT, one installation by a token that can do just its job.

GitHub's rules: a JWT is signed by RS256, lives ten minutes at most, and `iss` is a text
("Generating a JSON Web Token"); a token lives an hour, and is refused for some seconds after it
was made, until all servers know it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

import jwt
import msgspec
from cachetools import TLRUCache
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from bot.github.client import Client
from bot.github.errors import Forbidden, Gone, UnexpectedAnswer
from bot.github.single_flight import SingleFlight

SKEW = 60  # seconds by which our clock may be ahead of GitHub's
JWT_SECONDS = 540  # from the backdated start on
SPARE = 300.0  # seconds before its end at which a token is no longer used
CACHED_TOKENS = 10_000
UNKNOWN_SECONDS = 2.0  # how long a refusal of a new token is put down to its youth
UNPERMITTED_SECONDS = 10.0  # the same of its permissions

_READING = {"checks": "write", "contents": "read", "metadata": "read", "pull_requests": "read"}


class Access(Enum):
    """What a job may do: the permissions of its token, and no others."""

    READ = MappingProxyType(_READING)
    """Analyse and report."""

    REPLY = MappingProxyType(_READING | {"pull_requests": "write"})
    """And answer in the conversation: reactions and comments."""

    WRITE = MappingProxyType(_READING | {"contents": "write", "pull_requests": "write"})
    """And commit: only in a job whose sender is allowed to push."""

    FILES = MappingProxyType({"contents": "read"})
    """Read files, and nothing else: those that an owner has for all of its repositories."""

    LIST = MappingProxyType({"metadata": "read"})
    """Learn which repositories there are."""

    @property
    def permissions(self) -> Mapping[str, str]:
        """GitHub's names and levels."""
        return self.value


@dataclass(frozen=True, slots=True)
class AppCredentials:
    """The app's id (or client id) and its private key in PEM.

    Raises:
        ValueError: the key is none; the text does not quote it.
    """

    app_id: str
    private_key: str = field(repr=False)
    _key: RSAPrivateKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Read once: that takes fifty times as long as to sign with it.
        object.__setattr__(self, "_key", _read(self.private_key))

    def jwt(self, now: float) -> str:
        """Return a JSON web token for the next minutes."""
        start = int(now) - SKEW
        claims = {"iat": start, "exp": start + JWT_SECONDS, "iss": str(self.app_id)}
        return jwt.encode(claims, self._key, algorithm="RS256")


def _read(pem: str) -> RSAPrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, RSAPrivateKey):
        raise ValueError("the app's private key is not an RSA key in PEM")  # noqa: TRY004 - its value
    return key


@dataclass(frozen=True, slots=True)
class AppIdentity:
    """Credentials of a client that speaks as the app itself."""

    app: AppCredentials
    clock: Callable[[], float]

    async def current(self) -> str:
        """Return a fresh JWT: it costs a millisecond."""
        return self.app.jwt(self.clock())

    def rejected(self, token: str) -> None:
        """Nothing is kept, so nothing is to be forgotten."""

    def is_young(self, token: str) -> bool:
        """The app's own permissions don't spread."""
        del token
        return False


class Scope(NamedTuple):
    """What a token is for. Tokens are never shared between scopes.

    Attributes:
        repository: `owner/name`; None for all that the installation reaches.
    """

    installation_id: int
    repository: str | None
    access: Access


@dataclass(frozen=True, slots=True)
class Token:
    """An installation token; times are in seconds of the clock that was given.

    Attributes:
        of_organization: whether the repository belongs to an organisation, as far as GitHub said.
    """

    text: str = field(repr=False)
    made_at: float
    expires_at: float
    of_organization: bool


class _Account(msgspec.Struct, frozen=True):
    type: str = ""


class _Repository(msgspec.Struct):
    full_name: str
    owner: _Account = _Account()


class _Minted(msgspec.Struct):
    token: str
    expires_at: datetime
    repositories: list[_Repository] = []


class InstallationTokens:
    """Makes tokens, each at most once at a time, and keeps them until shortly before their end."""

    def __init__(self, app_client: Client, clock: Callable[[], float]) -> None:
        self._client = app_client
        self._clock = clock
        self._kept: TLRUCache[Scope, Token] = TLRUCache(
            CACHED_TOKENS, lambda _scope, token, _now: token.expires_at - SPARE, timer=clock
        )
        self._making: SingleFlight[Scope, Token] = SingleFlight()

    async def get(self, scope: Scope) -> Token:
        """Return a token with some minutes left.

        Raises:
            Gone: there is no such installation, or it doesn't have the repository (any more).
            Forbidden: it is suspended, or was not granted what the scope needs.
        """
        kept = self._kept.get(scope)
        if kept is not None:
            return kept
        return await self._making.do(scope, lambda: self._make(scope))

    def peek(self, scope: Scope) -> Token | None:
        """Return the token that is kept."""
        return self._kept.get(scope)

    def forget(self, scope: Scope) -> None:
        """Make a new one next time."""
        self._kept.pop(scope, None)

    async def _make(self, scope: Scope) -> Token:
        made_at = self._clock()
        wanted: dict[str, Any] = {"permissions": dict(scope.access.permissions)}
        if scope.repository is not None:
            wanted["repositories"] = [scope.repository.partition("/")[2]]
        path = ("app", "installations", str(scope.installation_id), "access_tokens")
        try:
            minted = await self._client.send("POST", path, wanted, _Minted, repeatable=True)
        except UnexpectedAnswer as error:
            raise _meant(error, scope) from None
        _check(minted, scope)
        organization = any(one.owner.type == "Organization" for one in minted.repositories)
        token = Token(minted.token, made_at, minted.expires_at.timestamp(), organization)
        self._kept[scope] = token
        return token


def _meant(error: UnexpectedAnswer, scope: Scope) -> Exception:
    """Return what a refusal to make a token means: 422 has two reasons."""
    if "permission" in error.message.lower():
        return Forbidden(f"{scope.repository}: {error.message}")
    if "repositor" in error.message.lower():
        return Gone(f"{scope.repository}: {error.message}")
    return error


def _check(minted: _Minted, scope: Scope) -> None:
    """A repository is asked for by name, within the installation's account: is it the right one?

    Raises:
        Gone: the name belongs to another account.
    """
    if scope.repository is None:
        return
    names = {repository.full_name.lower() for repository in minted.repositories}
    if names and names != {scope.repository.lower()}:
        raise Gone(f"{scope.repository} is not of installation {scope.installation_id}")


@dataclass(frozen=True, slots=True)
class InstallationIdentity:
    """Credentials of a client that works for one scope."""

    tokens: InstallationTokens
    scope: Scope
    clock: Callable[[], float]

    async def current(self) -> str:
        """Return a token with some minutes left."""
        return (await self.tokens.get(self.scope)).text

    def rejected(self, token: str) -> None:
        """Forget it, unless waiting may help."""
        kept = self.tokens.peek(self.scope)
        if kept and kept.text == token and self._age(kept) >= UNKNOWN_SECONDS:
            self.tokens.forget(self.scope)

    def is_young(self, token: str) -> bool:
        """Whether its permissions may not be known everywhere yet."""
        kept = self.tokens.peek(self.scope)
        return kept is not None and kept.text == token and self._age(kept) < UNPERMITTED_SECONDS

    def _age(self, token: Token) -> float:
        return self.clock() - token.made_at
