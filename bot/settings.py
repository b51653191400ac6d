"""What the operator decides, read from the environment: the only reader of `os.environ`.

Everything is checked at once and before anything is started, so that one look at the message is
enough to repair it.
"""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, get_args
from urllib.parse import urlsplit

OnInternalError = Literal["neutral", "failure", "action_required"]
LogFormat = Literal["auto", "json", "console"]

_DATABASES = ("sqlite:///", "postgres://", "postgresql://", "postgresql+psycopg://")
_HIGHEST_PORT = 65_535
_MOST_COMMITS = 1_000


class SettingsError(Exception):
    """Settings that don't do.

    Attributes:
        problems: one sentence each, which names the variable and says what to do.
    """

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set.

    Attributes:
        app_id: of the GitHub App.
        private_key: of the app, in PEM.
        webhook_secret: what deliveries are signed with.
        webhook_secret_previous: also accepted, while the secret is being changed.
        database_url: `sqlite:///FILE` or `postgresql://...`.
        github_api_url: another one for GitHub Enterprise Server (`https://HOST/api/v3`).
        host: the address to listen on.
        port: to listen on; 0 takes any that is free.
        worker_id: this worker's name, the same after a restart, and no other worker's.
        on_internal_error: the conclusion of a check run when the bot itself failed.
        commits_a_day: how many commits the bot makes in one pull request within 24 hours.
        log_format: `auto` is `console` on a terminal and `json` elsewhere.
    """

    app_id: str
    private_key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    webhook_secret_previous: str | None = field(default=None, repr=False)
    database_url: str = field(default="sqlite:///awaited.sqlite", repr=False)
    github_api_url: str = "https://api.github.com"
    host: str = "127.0.0.1"
    port: int = 0
    worker_id: str = "worker"
    on_internal_error: OnInternalError = "neutral"
    commits_a_day: int = 10
    log_format: LogFormat = "auto"

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The secrets that may have signed a delivery."""
        previous = self.webhook_secret_previous
        return (self.webhook_secret, previous) if previous else (self.webhook_secret,)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the `AWAITED_*` variables of the process, or of the given mapping.

        Raises:
            SettingsError: names everything that is missing or wrong.
        """
        reader = _Reader(os.environ if environment is None else environment)
        settings = cls(
            app_id=reader.app_id(),
            private_key=reader.private_key(),
            webhook_secret=reader.required("AWAITED_WEBHOOK_SECRET", "the app's webhook secret"),
            webhook_secret_previous=reader.text("AWAITED_WEBHOOK_SECRET_PREVIOUS") or None,
            database_url=reader.database_url(),
            github_api_url=reader.api_url(),
            host=reader.text("AWAITED_HOST") or "0.0.0.0",  # noqa: S104 - serves the network
            port=reader.port(),
            worker_id=reader.first("AWAITED_WORKER_ID", "DYNO") or socket.gethostname(),
            on_internal_error=reader.choice(
                "AWAITED_ON_INTERNAL_ERROR", get_args(OnInternalError), "neutral"
            ),
            commits_a_day=reader.number("AWAITED_COMMITS_A_DAY", "10", _MOST_COMMITS),
            log_format=reader.choice("AWAITED_LOG_FORMAT", get_args(LogFormat), "auto"),
        )
        if reader.problems:
            raise SettingsError(tuple(reader.problems))
        return settings


class _Reader:
    """Reads variables and collects what is wrong with them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return self._environment.get(name, "").strip()

    def first(self, *names: str) -> str:
        return next((text for name in names if (text := self.text(name))), "")

    def required(self, name: str, meaning: str) -> str:
        if not self.text(name):
            self.problems.append(f"{name} is not set: set it to {meaning}.")
        return self.text(name)

    def choice(self, name: str, options: Sequence[Any], default: str) -> Any:
        text = self.text(name) or default
        if text not in options:
            self.problems.append(f"{name} is {text!r}: set it to {_listed(options)}.")
        return text

    def app_id(self) -> str:
        text = self.required("AWAITED_APP_ID", "the number on the app's settings page")
        if text and not text.isdecimal():
            self.problems.append(
                f"AWAITED_APP_ID is {text!r}: set it to the app's id, which is a number "
                "(not its client id or its name)."
            )
        return text

    def private_key(self) -> str:
        # Some dashboards keep a variable on one line.
        text = self.text("AWAITED_PRIVATE_KEY").replace("\\n", "\n")
        source = "AWAITED_PRIVATE_KEY"
        if not text:
            source = "AWAITED_PRIVATE_KEY_FILE"
            text = self._file(source)
        if text and "PRIVATE KEY-----" not in text:
            self.problems.append(
                f"{source} holds no private key: set it to the .pem that GitHub generated."
            )
        return text

    def _file(self, name: str) -> str:
        path = self.text(name)
        if not path:
            self.problems.append(
                "AWAITED_PRIVATE_KEY is not set: set it to the app's private key (the text of "
                f"the .pem file), or {name} to the path of that file."
            )
            return ""
        try:
            return Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self.problems.append(f"{name} is {path!r}, which cannot be read: {error}.")
            return ""

    def database_url(self) -> str:
        text = self.text("AWAITED_DATABASE_URL") or "sqlite:///awaited.sqlite"
        if not text.startswith(_DATABASES) or text in {"sqlite:///", "sqlite:///:memory:"}:
            # Without its value, which may hold a password.
            self.problems.append(
                "AWAITED_DATABASE_URL is no database that lasts: set it to sqlite:///FILE or "
                "postgresql://USER:PASSWORD@HOST/NAME."
            )
        return text

    def api_url(self) -> str:
        text = (self.text("AWAITED_GITHUB_API_URL") or "https://api.github.com").rstrip("/")
        parts = urlsplit(text)
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            self.problems.append(
                f"AWAITED_GITHUB_API_URL is {text!r}: set it to https://api.github.com, or to "
                "https://HOST/api/v3 for GitHub Enterprise Server."
            )
        return text

    def port(self) -> int:
        name = "AWAITED_PORT" if self.text("AWAITED_PORT") else "PORT"
        return self.number(name, "8080", _HIGHEST_PORT)

    def number(self, name: str, default: str, most: int) -> int:
        text = self.text(name) or default
        if not text.isdecimal() or int(text) > most:
            self.problems.append(f"{name} is {text!r}: set it to a number up to {most}.")
            return 0
        return int(text)


def _listed(options: Sequence[str]) -> str:
    return f"{', '.join(options[:-1])} or {options[-1]}"
