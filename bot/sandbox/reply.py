"""An answer on its way out."""

import json
from dataclasses import dataclass, field

from bot.sandbox.errors import ApiError


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: a JSON value, the text of a page, or no body at all (None)."""

    status: int
    body: object = None
    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_page(self) -> bool:
        """Whether the body is a page for people."""
        return isinstance(self.body, str)

    def encoded(self) -> bytes:
        """Return the body's bytes."""
        if self.body is None:
            return b""
        text = self.body if isinstance(self.body, str) else json.dumps(self.body)
        return text.encode()


def refused(error: ApiError) -> Reply:
    """Return the answer that an error is."""
    return Reply(error.status, error.body(), error.headers)
