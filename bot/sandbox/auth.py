"""Who is calling, and what the platform lets them do."""

import base64
import binascii
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from bot.sandbox.errors import ApiError, bad_credentials, invalid, not_accessible, not_found
from bot.sandbox.model import Account, App, Installation, InstallationToken
from bot.sandbox.repository import Repository
from bot.sandbox.world import TOKEN_LIFETIME, World

# An app's JWT may live for ten minutes at most.
JWT_SECONDS = 600
LEVELS = ("read", "write", "admin")
MAX_REPOSITORIES = 500
# Which built-in role a user needs; without an entry, users are not let in (checks are for apps).
USER_ROLES = {
    "metadata=read": "read",
    "contents=read": "read",
    "contents=write": "write",
    "checks=read": "read",
    "issues=read": "read",
    "issues=write": "read",
    "pull_requests=read": "read",
    "pull_requests=write": "read",
    "administration=write": "admin",
}


@dataclass(frozen=True, slots=True)
class Caller:
    """The account that acts, and by which right: its own token, an app's JWT, an installation."""

    account: Account | None = None
    app: App | None = None
    token: InstallationToken | None = None

    @property
    def name(self) -> str:
        """How the log of exchanges calls this caller."""
        if self.token is not None:
            return f"installation:{self.token.installation.id}"
        if self.app is not None:
            return f"app:{self.app.id}"
        return f"user:{self.account.login}" if self.account else "anonymous"


def identify(world: World, authorization: str | None) -> Caller:
    """Return the caller that an Authorization header names; without one, nobody in particular.

    Raises:
        ApiError: 401 for a token that is wrong, expired or not replicated yet.
    """
    if not authorization:
        return Caller()
    scheme, _, credentials = authorization.partition(" ")
    if scheme.lower() == "basic":
        credentials = _password(credentials)
    if credentials.count(".") == 2:  # noqa: PLR2004 - a JWT has three parts
        return _app(world, credentials)
    if token := world.tokens.get(credentials):
        return _installation(world, token)
    return _user(world, credentials)


def _password(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode().partition(":")[2]
    except (binascii.Error, UnicodeDecodeError) as error:
        raise bad_credentials() from error


def _app(world: World, credentials: str) -> Caller:
    try:
        app = _issuer(world, jwt.decode(credentials, options={"verify_signature": False})["iss"])
        claims = jwt.decode(
            credentials, app.public_key, ["RS256"], options={"require": ["iat", "exp", "iss"]}
        )
    except jwt.ExpiredSignatureError as error:
        raise ApiError(
            401,
            "'Expiration time' claim ('exp') must be a numeric value representing "
            "the future time at which the assertion expires",
        ) from error
    except (jwt.PyJWTError, KeyError, ValueError, TypeError) as error:
        raise ApiError(401, "A JSON web token could not be decoded") from error
    if claims["exp"] - world.clock().timestamp() > JWT_SECONDS:
        raise ApiError(401, "'Expiration time' claim ('exp') is too far in the future")
    return Caller(app=app)


def _issuer(world: World, issuer: object) -> App:
    """Return the app that a JWT claims to come from; the number must be a text."""
    if not isinstance(issuer, str):
        raise TypeError("the issuer is not a text")
    app = world.apps.get(int(issuer))
    if app is None:
        raise ApiError(404, "Integration not found")
    return app


def _installation(world: World, token: InstallationToken) -> Caller:
    if token.unreplicated_uses > 0:
        token.unreplicated_uses -= 1
        raise bad_credentials()
    if token.expires_at <= world.clock():
        raise bad_credentials()
    _check_suspension(token.installation)
    app = token.installation.app
    return Caller(app.bot, app, token)


def _check_suspension(installation: Installation) -> None:
    if installation.suspended_at is not None:
        raise ApiError(403, "This installation has been suspended")


def _user(world: World, credentials: str) -> Caller:
    for account in world.accounts.values():
        if account.token and secrets.compare_digest(account.token, credentials):
            return Caller(account)
    raise bad_credentials()


def permit(caller: Caller, repository: Repository, accepted: Iterable[str]) -> None:
    """Let the caller through if one of the accepted permissions (`contents=read`) is theirs.

    A token reaches only what it was given, even of a public repository. That is stricter than
    GitHub, so that a permission that was forgotten shows.

    Raises:
        ApiError: 404 where the repository is out of reach, 403 where a permission is missing.
    """
    if caller.token is not None:
        _permit_token(caller.token, repository, accepted)
    elif caller.account is not None:
        _permit_user(caller.account, repository, accepted)
    else:
        raise bad_credentials()


def _permit_token(
    token: InstallationToken, repository: Repository, accepted: Iterable[str]
) -> None:
    if repository.id not in token.repository_ids:
        raise not_found()
    if not any(grants(token.permissions, permission) for permission in accepted):
        raise not_accessible("; ".join(accepted))


def grants(permissions: Mapping[str, str], permission: str) -> bool:
    """Whether granted permissions include one like `contents=read`; write includes read."""
    name, _, level = permission.partition("=")
    given = permissions.get(name, "read" if name == "metadata" else None)
    return given is not None and LEVELS.index(given) >= LEVELS.index(level)


def _permit_user(account: Account, repository: Repository, accepted: Iterable[str]) -> None:
    if repository.private and not repository.allows(account.login, "read"):
        raise not_found()
    for permission in accepted:
        role = USER_ROLES.get(permission)
        open_to_all = role == "read" and not repository.private
        if role is not None and (open_to_all or repository.allows(account.login, role)):
            return
    raise ApiError(403, "You must have the right permission, or authenticate via a GitHub App.")


def mint(world: World, installation: Installation, wanted: Mapping[str, Any]) -> InstallationToken:
    """Make an installation token, narrowed down to what is wanted.

    Raises:
        ApiError: 422 when more is wanted than the installation has, 403 while it is suspended.
    """
    _check_suspension(installation)
    permissions: dict[str, str] = wanted.get("permissions") or dict(installation.permissions)
    if not all(grants(installation.permissions, f"{k}={v}") for k, v in permissions.items()):
        raise invalid("The permissions requested are not granted to this installation.")
    chosen = _chosen(world, installation, wanted)
    text = f"ghs_{installation.app.id}_{secrets.token_urlsafe(48)}"
    token = InstallationToken(
        text,
        installation,
        frozenset(installation.repository_ids if chosen is None else chosen),
        dict(permissions) | {"metadata": "read"},
        world.clock().replace(microsecond=0) + TOKEN_LIFETIME,
        selected=chosen is not None,
    )
    world.tokens[text] = token
    return token


def _chosen(
    world: World, installation: Installation, wanted: Mapping[str, Any]
) -> frozenset[int] | None:
    """Return the repositories that were asked for by id or by name; None if none were."""
    if "repository_ids" not in wanted and "repositories" not in wanted:
        return None
    ids: set[int] = set(wanted.get("repository_ids", ()))
    for name in wanted.get("repositories", ()):
        ids |= {i for i in installation.repository_ids if world.repositories[i].name == name}
    if not ids or len(ids) > MAX_REPOSITORIES or not ids <= installation.repository_ids:
        raise invalid(
            "There is at least one repository that does not exist or is not accessible to the "
            "parent installation."
        )
    return frozenset(ids)
