"""What a rule reports, in the terms that LSP, ruff and GitHub's annotations share."""

from enum import StrEnum

from msgspec import Struct

from bot.analysis.fix import Fix


class Severity(StrEnum):
    """How much it matters; the values are GitHub's annotation levels.

    Only a failure turns an exit code or a check red.
    """

    FAILURE = "failure"
    WARNING = "warning"
    NOTICE = "notice"


class Location(Struct, frozen=True, order=True):
    """A place in a file. Lines and columns count from one, columns in characters.

    `end_column` is the column behind the last character, as in ruff's output.
    """

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


class Finding(Struct, frozen=True):
    """One problem at one place, with a proven fix if there is one.

    `symbol` is the innermost enclosing test, fixture or class, qualified (`TestMocks.test_x`).
    `advice` says what a person can do where no fix, or only an unsafe one, is offered.
    `reveals` names the tests that run for the first time once this is repaired.
    `fingerprint` is the same for the same problem in another version of the file.
    """

    code: str
    name: str
    location: Location
    severity: Severity
    message: str
    symbol: str
    fix: Fix | None = None
    advice: str = ""
    reveals: tuple[str, ...] = ()
    fingerprint: str = ""

    @property
    def path(self) -> str:
        """The file that it is in."""
        return self.location.path

    @property
    def line(self) -> int:
        """The line that it is reported on, from one."""
        return self.location.line


class FileError(Struct, frozen=True, order=True):
    """A file that should have been checked and could not be."""

    path: str
    reason: str
