"""What is asked of an analysis and what it answers: plain values, so that they cross a process.

An analysis is a generator: it yields the set of paths that it needs next, is sent their
contents, and returns a report. One yield is one batch, so over GitHub a round costs one request.
"""

from collections.abc import Generator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct, field

from bot.analysis.finding import FileError, Finding
from bot.analysis.gate import Gate


class Unreadable(Struct, frozen=True):
    """A file that is there but whose content cannot be had (too large, binary, a symlink out)."""

    reason: str


# None: the path is not there (any more).
Content = bytes | Unreadable | None

Result = TypeVar("Result")
Asking = Generator[frozenset[str], Mapping[str, Content], Result]


class ConfigurationFile(Struct, frozen=True):
    """A text that may hold configuration of `awaited`, and the path that messages give it."""

    path: str
    text: str


class Selection(Struct, frozen=True):
    """Which rules one place switches on and off; `select` is None where it does not say."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()


NO_SELECTION = Selection()
"""Nothing is said: the defaults hold."""


class Fixing(StrEnum):
    """Which fixes are wanted."""

    NONE = "none"
    SAFE = "safe"
    UNSAFE = "unsafe"


class Narrowing(Struct, frozen=True):
    """What fixes are limited to; empty: to nothing.

    Attributes:
        rules: selectors of rules, as in `select`.
        paths: globs of files, as in the configuration; each must name a file that is checked.
    """

    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()


EVERYTHING = Narrowing()
"""Every rule, every file."""


class Suppressed(Struct, frozen=True):
    """A comment that takes findings back."""

    path: str
    line: int
    text: str


class Request(Struct, frozen=True):
    """What to check.

    Attributes:
        paths: every file of the tree, relative to its root, with forward slashes. Asking for a
            file that does not exist costs nothing, because it is never asked for.
        candidates: the files to check where pytest would collect them; None for the whole tree.
        named: files to check whether pytest would collect them or not.
        fixing: whether findings carry fixes (`SAFE` and `UNSAFE` mean the same to a check; to
            `plan_fixes` they say which are applied).
        narrowing: which of those fixes `plan_fixes` applies.
        quarantined: files that brought an analysis down; they are reported as not checked.
        strict_unknown: report also what could not be decided.
        configuration: files that are read in place of those of the tree, the strongest first;
            none at all for the defaults.
        configuration_elsewhere: the same, of files that are asked for like those of the tree: the
            path of each, and the name by which it is asked for; none at all for those of the tree.
        inherited: holds where the configuration says nothing: what the owner of the repository has
            for all repositories.
        reviews_configuration: whether, beside those, the tree's own are looked at for mistakes.
        selection: what holds beside the configuration, and before it: the command line.
        today: the day on which suppressions may have expired; None lets none expire.
        holding: the suppressions that hold, each as often as it stands there; None for all.
    """

    paths: tuple[str, ...]
    candidates: tuple[str, ...] | None = None
    named: tuple[str, ...] = ()
    fixing: Fixing = Fixing.UNSAFE
    narrowing: Narrowing = EVERYTHING
    quarantined: tuple[str, ...] = ()
    strict_unknown: bool = False
    configuration: tuple[ConfigurationFile, ...] | None = None
    configuration_elsewhere: tuple[tuple[str, str], ...] = ()
    inherited: ConfigurationFile | None = None
    reviews_configuration: bool = False
    selection: Selection = NO_SELECTION
    today: date | None = None
    holding: tuple[Suppressed, ...] | None = None


class Report(Struct, frozen=True):
    """What was found.

    Attributes:
        checked: the files that were checked, in order.
        findings: in order of place.
        errors: files that should have been checked and could not be.
        read: what each checked file's verdict depended on, itself included.
        notes: what a reader must know of the whole (which configuration won, what was assumed).
        read_by_all: what it depended on which files were checked, and how pytest is started.
        suppressions: the comments in the checked files that may take findings back.
        gate: how the configuration that held sets the gate.
        configured_by: the paths of the files that it comes from, the strongest first.
    """

    checked: tuple[str, ...]
    findings: tuple[Finding, ...]
    errors: tuple[FileError, ...] = ()
    read: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    notes: tuple[str, ...] = ()
    read_by_all: tuple[str, ...] = ()
    suppressions: tuple[Suppressed, ...] = ()
    gate: Gate = Gate()
    configured_by: tuple[str, ...] = ()


class FixPlan(Struct, frozen=True):
    """Changed files whose combination is proven, and what they repair.

    Attributes:
        files: new contents by path, only of files that change.
        fixed: the findings that are gone in `after`.
        before: the report on the files as they are.
        after: the report on the files as they will be; what is left, and why, is in it.
        passed_over: the findings of `after` whose fixes the narrowing left out.
        unmatched: the globs that name none of the files that were checked.
    """

    files: Mapping[str, bytes]
    fixed: tuple[Finding, ...]
    before: Report
    after: Report
    passed_over: tuple[Finding, ...] = ()
    unmatched: tuple[str, ...] = ()
