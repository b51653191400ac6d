"""The configuration of a repository, read and settled: which rules hold where, and how hard.

A plain value. Its `digest` is all that a verdict depends on beside the files that it read.
"""

import hashlib
from collections.abc import Iterator
from typing import TypeVar

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.finding import Finding, Severity
from bot.analysis.fix_settings import DEFAULT, FixSettings
from bot.analysis.gate import Gate
from bot.analysis.path_globs import matches
from bot.analysis.policy import Policy

Kind = TypeVar("Kind", bound=Policy)


class FileIgnores(Struct, frozen=True):
    """Rules that say nothing of some files: an entry of `per-file-ignores`.

    Attributes:
        glob: which files; with `!` in front, all but those.
        codes: of the rules.
    """

    glob: str
    codes: tuple[str, ...]

    def concerns(self, path: str) -> bool:
        """Whether a file is meant."""
        if self.glob.startswith("!"):
            return not matches(path, (self.glob[1:],))
        return matches(path, (self.glob,))


class Config(Struct, frozen=True):
    """What holds.

    Attributes:
        enabled: the codes of the rules that are on, in order.
        file_ignores: where some of them say nothing.
        severities: codes whose findings matter more or less than by default.
        exclude: globs of files that are not checked unless they are named.
        policies: what the house rules that are on are told.
        fix: how fixes are brought into a pull request.
        gate: what of a pull request turns its check red.
    """

    enabled: tuple[str, ...] = ()
    file_ignores: tuple[FileIgnores, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    exclude: tuple[str, ...] = ()
    policies: tuple[Policy, ...] = ()
    fix: FixSettings = DEFAULT
    gate: Gate = Gate()

    @property
    def digest(self) -> str:
        """A hash that is the same wherever and whenever the same configuration is read."""
        kinds = tuple(type(one).__qualname__ for one in self.policies)
        return hashlib.sha256(msgspec.json.encode((self, kinds), order="sorted")).hexdigest()

    def excludes(self, path: str) -> bool:
        """Whether a file is not to be checked."""
        return matches(path, self.exclude)

    def ignored_in(self, path: str) -> frozenset[str]:
        """Return the codes that `per-file-ignores` takes out for a file."""
        found = (one.codes for one in self.file_ignores if one.concerns(path))
        return frozenset(code for codes in found for code in codes)

    def policies_of(self, kind: type[Kind], path: str) -> Iterator[Kind]:
        """Yield the policies of a kind that are about a file."""
        for one in self.policies:
            if isinstance(one, kind) and one.concerns(path):
                yield one

    def weighed(self, finding: Finding) -> Finding:
        """Return a finding with the severity that it has here."""
        for code, severity in self.severities:
            if code == finding.code:
                return replace(finding, severity=severity)
        return finding


NO_RULES = Config()
"""Nothing is on."""
