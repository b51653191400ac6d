"""From an HTTP answer to a value or to one of our errors; pure.

gidgethub raises on several answers that GitHub, or a proxy before it, really gives (a status that
`http.HTTPStatus` doesn't know, a 422 without a message, HTML that claims to be JSON). So it only
ever gets to see answers that passed here.
"""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NoReturn

import msgspec

from bot.github.errors import (
    Forbidden,
    GitHubError,
    Gone,
    NoDiff,
    Transient,
    Uncertain,
    UnexpectedAnswer,
    Unrelated,
)

_OK = range(200, 300)
_REDIRECTION = range(300, 400)
_BROKEN = range(500, 1000)
_LONGEST_MESSAGE = 1000  # characters
# In GitHub's words ("this diff is taking too long to generate", "there was a problem generating
# this diff"), with 500 and 422; what is only for now it says otherwise.
_NO_DIFF = re.compile(r"diff is taking too long|problem generating this diff", re.IGNORECASE)


class Unauthorized(Transient):
    """The token was refused: expired, revoked, or too young to be known everywhere."""


class NotYetPermitted(Forbidden):
    """The same of a permission: the token is so young that it may yet come."""


class _Refusal(msgspec.Struct):
    message: str = ""
    errors: list[Any] | dict[str, Any] | str | None = None


def message_of(body: bytes) -> str:
    """Return what an error's body says, in one line; empty if it is not GitHub's."""
    try:
        refusal = msgspec.json.decode(body, type=_Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
    details = "; ".join(_detail(error) for error in _listed(refusal.errors))
    said = f"{refusal.message} ({details})" if details else refusal.message
    return " ".join(said.split())[:_LONGEST_MESSAGE]


def _listed(errors: list[Any] | dict[str, Any] | str | None) -> list[Any]:
    if isinstance(errors, list):
        return errors
    return [] if errors is None else [errors]


def _detail(error: Any) -> str:
    """An error is a text, or an object with a message or at least a field and a code."""
    match error:
        case str():
            return error
        case {"message": str(message)}:
            return message
        case {"field": field, "code": code}:
            return f"{field}: {code}"
        case _:
            return msgspec.json.encode(error).decode()


def refuse(what: str, status: int, message: str) -> NoReturn:
    """Raise what an answer that is no success means, limits apart.

    Args:
        what: the request, for the log: method and path.
        status: of the answer.
        message: GitHub's words.
    """
    raise _error(status, f"{what}: {message or 'no message'}", message)


def _error(status: int, text: str, message: str) -> GitHubError:
    if _NO_DIFF.search(message):
        return NoDiff(f"{status} {text}")
    match status:
        case HTTPStatus.UNAUTHORIZED:
            return Unauthorized(text)
        case HTTPStatus.FORBIDDEN:
            return Forbidden(text)
        case HTTPStatus.NOT_FOUND if "no common ancestor" in message.lower():
            return Unrelated(text)
        case HTTPStatus.NOT_FOUND | HTTPStatus.GONE | HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS:
            return Gone(text)
        # So GitHub says of a commit that a force push has taken away.
        case HTTPStatus.UNPROCESSABLE_ENTITY if "no commit found for sha" in message.lower():
            return Gone(text)
        case _ if status in _REDIRECTION:
            return Gone(f"{text}: it has moved")
        case _ if status == HTTPStatus.REQUEST_TIMEOUT or status in _BROKEN:
            return Uncertain(f"{status} {text}")
        case _:
            return UnexpectedAnswer(status, message or text)


def digestible(
    what: str, status: int, headers: Mapping[str, str], body: bytes
) -> tuple[int, Mapping[str, str], bytes]:
    """Return a success as gidgethub can read it: JSON or nothing, and the link to the next page.

    Raises:
        Uncertain: the body is cut off or is not JSON, as behind a broken proxy.
    """
    link = {"link": headers["link"]} if "link" in headers else {}
    if not body:
        return 204, link, b""
    try:
        msgspec.json.decode(body.decode(), type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Uncertain(f"{what}: {status} without JSON") from None
    return 200, link | {"content-type": "application/json; charset=utf-8"}, body


def is_success(status: int) -> bool:
    """Whether GitHub did what was asked for."""
    return status in _OK
