"""A rule: its metadata, its examples, and a pure generator of findings.

A rule's file bears its name; its docstring is its documentation, with the headings
`## What it finds`, `## Why it matters` and `## Fix`. Its examples are its tests.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from textwrap import dedent
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field

from bot.analysis.finding import Finding, Location, Severity
from bot.analysis.fix import Fix, Safety
from bot.analysis.policy import Policy

if TYPE_CHECKING:
    from bot.analysis.checked_file import CheckedFile

Subject = TypeVar("Subject")
Files = str | Mapping[str, str]
Check = Callable[[Subject, "CheckedFile"], Iterator[Finding]]


class Bad(Struct, frozen=True):
    """Code with mistakes: `# error` ends every line that is reported, no other is.

    `fixed` is the literal result of all fixes, `None` where there is no fix. `files` may be one
    test file's text or texts by path; in the latter, `fixed` holds the files that change.
    """

    files: Files
    fixed: Files | None = None
    safety: Safety | None = None
    says: str = ""


class Good(Struct, frozen=True):
    """Code that must not be reported. `because` says what a careless rule would have missed."""

    files: Files
    because: str = ""


class Enabled(StrEnum):
    """When a rule is on."""

    ALWAYS = "always"  # only its own full code or name in `ignore` switches it off
    BY_DEFAULT = "by default"
    ON_REQUEST = "on request"  # `select`, `extend-select`, or the table of its policy


class Rule(Struct):
    """What is looked for.

    Attributes:
        module: the dotted name of the rule's file.
        severity: how much it matters, unless the configuration says otherwise.
        enabled: when it is on.
        policy: what `[tool.awaited.NAME-OF-THE-RULE]` may hold, for a house rule.
    """

    module: str
    documentation: str | None
    code: str
    severity: Severity
    examples: Sequence[Bad | Good] = ()
    enabled: Enabled = Enabled.BY_DEFAULT
    policy: type[Policy] | None = None
    checks: dict[type, Callable[..., Iterator[Finding]]] = field(
        default_factory=dict[type, Callable[..., Iterator[Finding]]]
    )

    @property
    def name(self) -> str:
        """The name in kebab case: that of its file."""
        return self.module.rpartition(".")[2].replace("_", "-")

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return (self.documentation or "").strip().partition("\n")[0]

    @property
    def safeties(self) -> tuple[Safety, ...]:
        """Which fixes the examples show: said once, there."""
        found = {one.safety for one in self.examples if isinstance(one, Bad) and one.safety}
        return tuple(sorted(found))

    def on(self, subject: type[Subject]) -> Callable[[Check[Subject]], Check[Subject]]:
        """Register a generator for every subject of a kind (a test, a fixture, a node)."""

        def register(check: Check[Subject]) -> Check[Subject]:
            self.checks[subject] = check
            return check

        return register

    def finding(
        self,
        location: Location,
        message: str,
        *,
        symbol: str,
        fix: Fix | None = None,
        advice: str = "",
        reveals: tuple[str, ...] = (),
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule; `severity` is its own unless another is given."""
        return Finding(
            self.code,
            self.name,
            location,
            severity or self.severity,
            message,
            symbol,
            fix,
            advice,
            reveals,
        )


_ERROR = re.compile(r"[ \t]*# error$", re.MULTILINE)
_DEFAULT_PATH = "test_example.py"


def example_files(files: Files) -> dict[str, str]:
    """Return the files of an example as they are checked: without the marks of its lines."""
    return {path: _ERROR.sub("", text) for path, text in marked_files(files).items()}


def expected_lines(files: Files) -> list[tuple[str, int]]:
    """Return path and line (from one) of every line that an example marks with `# error`."""
    return sorted(
        (path, number)
        for path, text in marked_files(files).items()
        for number, line in enumerate(text.split("\n"), start=1)
        if _ERROR.search(line)
    )


def marked_files(files: Files) -> dict[str, str]:
    """Return the files of an example with the marks of its lines."""
    texts = {_DEFAULT_PATH: files} if isinstance(files, str) else files
    return {path: dedent(text).lstrip("\n") for path, text in texts.items()}
