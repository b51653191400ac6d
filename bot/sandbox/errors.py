"""What the sandbox's GitHub refuses, in the shape in which GitHub refuses it."""

from collections.abc import Mapping, Sequence
from typing import Any

DOCUMENTATION = "https://docs.github.com/rest"
UNPROCESSABLE = 422


class ApiError(Exception):
    """An answer that is not a success: status, message, and what GitHub adds to them."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        errors: Sequence[Any] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message
        self.errors = list(errors)
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the JSON body; the descriptions know no `status` in that of a 422."""
        body: dict[str, Any] = {"message": self.message, "documentation_url": DOCUMENTATION}
        if self.errors:
            body["errors"] = self.errors
        return body if self.status == UNPROCESSABLE else body | {"status": str(self.status)}


def not_found() -> ApiError:
    """GitHub's answer for what is not there, and for what the caller may not see."""
    return ApiError(404, "Not Found")


def bad_credentials() -> ApiError:
    """A token that is unknown, expired, or not replicated yet."""
    return ApiError(401, "Bad credentials")


def not_accessible(accepted: str) -> ApiError:
    """The token lacks a permission; the header names what would have been accepted."""
    headers = {"X-Accepted-GitHub-Permissions": accepted}
    return ApiError(403, "Resource not accessible by integration", headers=headers)


def invalid(message: str, *errors: Any) -> ApiError:
    """The request cannot be processed as it is (422)."""
    return ApiError(UNPROCESSABLE, message, errors=errors)
