"""Webhook deliveries: bytes from the network in, verified and typed values out.

The signature covers the raw bytes, so it is checked before anything is decoded. GitHub's rules:
"Validating webhook deliveries" and "Webhook events and payloads" of its documentation.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeGuard

import gidgethub
import msgspec
from gidgethub import sansio

from bot.github.errors import InvalidSignature, MalformedDelivery

# compare_digest takes ASCII only, and gidgethub would accept SHA-1 too.
_SIGNATURE = re.compile(r"sha256=[0-9a-f]{64}\Z")
_ID = re.compile(r"[\w.:-]{1,100}\Z", re.ASCII)
_EVENT = re.compile(r"[a-z0-9_]{1,64}\Z")

_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Delivery:
    """One verified webhook delivery.

    Attributes:
        id: GitHub's GUID; the same on a redelivery, and for every app that the event goes to.
        action: None where the event has none, as `push`.
        payload: the JSON object as it came; nothing in it is checked but what is a field here.
        installation_id: None where no installation of the app is involved, as for `ping`.
        repository: `owner/name`, None where the event is about none.
        hook_target: the app's id as GitHub sends it beside the payload.
    """

    id: str
    event: str
    action: str | None
    payload: Mapping[str, Any]
    installation_id: int | None = None
    repository: str | None = None
    hook_target: str | None = None

    @property
    def name(self) -> str:
        """The event and, where there is one, its action: `pull_request.opened`."""
        return f"{self.event}.{self.action}" if self.action else self.event

    @classmethod
    def from_http(cls, headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> Self:
        """Verify and decode a request.

        Args:
            headers: names in any case.
            body: the bytes as they came.
            secrets: the webhook's secret and, while it is being changed, the previous one.

        Raises:
            InvalidSignature: not signed with one of the secrets, or by SHA-1 alone.
            MalformedDelivery: signed, but not a delivery in JSON.
        """
        lowered = {name.lower(): value for name, value in headers.items()}
        _verify(lowered, body, secrets)
        payload = _decode(lowered, body)
        return cls(
            id=_header(lowered, "x-github-delivery", _ID),
            event=_header(lowered, "x-github-event", _EVENT),
            action=_text(payload, "action"),
            payload=payload,
            installation_id=_id_of(_object(payload, "installation")),
            repository=_text(_object(payload, "repository"), "full_name"),
            hook_target=lowered.get("x-github-hook-installation-target-id"),
        )


def _verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str]) -> None:
    signature = headers.get("x-hub-signature-256")
    if signature is None:
        raise InvalidSignature("there is no X-Hub-Signature-256 header")
    if not _SIGNATURE.match(signature):
        raise InvalidSignature("X-Hub-Signature-256 is not `sha256=` and 64 hexadecimal digits")
    # All are tried, so that the time does not tell which one fits; an empty one never does.
    if not any([_signed(body, signature, secret) for secret in secrets if secret]):  # noqa: C419
        raise InvalidSignature("the signature does not fit the body")


def _signed(body: bytes, signature: str, secret: str) -> bool:
    try:
        sansio.validate_event(body, signature=signature, secret=secret)
    except gidgethub.ValidationFailure:
        return False
    return True


def _decode(headers: Mapping[str, str], body: bytes) -> Mapping[str, Any]:
    media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise MalformedDelivery(
            f"the content type is {media_type or 'missing'}: "
            "set the webhook's content type to application/json"
        )
    try:
        payload = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedDelivery(f"the body is not JSON: {error}") from error
    if not _is_object(payload):
        raise MalformedDelivery("the body is not a JSON object")
    return payload


def _header(headers: Mapping[str, str], name: str, pattern: re.Pattern[str]) -> str:
    value = headers.get(name)
    if value is None:
        raise MalformedDelivery(f"the header {name} is missing")
    if not pattern.match(value):
        raise MalformedDelivery(f"the header {name} is not one of GitHub's")
    return value


def _object(payload: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = payload.get(key)
    if value is None:
        return {}
    if not _is_object(value):
        raise MalformedDelivery(f"{key} is not an object")
    return value


def _text(payload: Mapping[str, Any], key: str) -> str | None:
    value = payload.get(key)
    if value is None or isinstance(value, str):
        return value
    raise MalformedDelivery(f"{key} is not a text")


def _id_of(installation: Mapping[str, Any]) -> int | None:
    value = installation.get("id")
    if value is None or (type(value) is int and 0 < value <= _LARGEST_ID):
        return value
    raise MalformedDelivery("the installation's id is not a number")


def _is_object(value: object) -> TypeGuard[dict[str, Any]]:
    return isinstance(value, dict)
