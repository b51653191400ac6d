"""Registering a GitHub App: its keys, its bot account, and events that its permissions cover."""

from collections.abc import Collection, Mapping
from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox.auth import grants
from bot.sandbox.events import EVENT_PERMISSIONS
from bot.sandbox.model import Account, App
from bot.sandbox.world import World


def registered(
    world: World,
    slug: str,
    owner: Account,
    permissions: Mapping[str, str],
    events: Collection[str],
    *,
    hook_url: str | None,
    webhook_secret: str,
) -> App:
    """Return a new app with a private key of its own and a bot account `SLUG[bot]`.

    Raises:
        ValueError: an event needs a permission that the app does not ask for.
    """
    _check_events(permissions, events)
    key = _private_key(len(world.apps))
    app = App(
        id=world.next_id(),
        slug=slug,
        owner=owner,
        bot=world.add_account(f"{slug}[bot]", "Bot"),
        permissions=dict(permissions),
        events=tuple(events),
        created_at=world.now(),
        public_key=key.public_key(),
        private_key=_pem(key),
        webhook_secret=webhook_secret,
        hook_url=hook_url,
    )
    world.apps[app.id] = app
    return app


def _check_events(permissions: Mapping[str, str], events: Collection[str]) -> None:
    for event in events:
        if event in EVENT_PERMISSIONS and not grants(permissions, EVENT_PERMISSIONS[event]):
            raise ValueError(f"Default events are not supported by permissions: {event}")


def _pem(key: rsa.RSAPrivateKey) -> str:
    encoded = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    return encoded.decode()


@cache
def _private_key(number: int) -> rsa.RSAPrivateKey:
    """Return the key of the app with that number: making one is slow, so a process keeps them."""
    del number
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)
