"""Verdicts by hand on findings in real projects: `verdicts.toml`, and precision by rule from it.

A finding is known by its project and release, file, rule, symbol and the text of its line, so
that a verdict outlives changes of the rules, not of the code that it was passed on.
"""

import hashlib
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

from bot.analysis.finding import Finding

VERDICTS = Path(__file__).parent / "verdicts.toml"


@dataclass(frozen=True, slots=True)
class Place:
    """A finding as it is known by."""

    project: str
    path: str
    code: str
    symbol: str
    statement: str

    @classmethod
    def of(cls, finding: Finding, project: str, tree: Path) -> "Place":
        """Return what a finding in a tree is known by."""
        lines = (tree / finding.path).read_text(encoding="utf-8", errors="replace").splitlines()
        statement = lines[finding.line - 1].strip() if finding.line <= len(lines) else ""
        return cls(project, finding.path, finding.code, finding.symbol, statement)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether what a finding says is true, and why."""

    true: bool
    why: str


@dataclass(frozen=True, slots=True)
class Precision:
    """One rule's findings, those of today and those of all times.

    Attributes:
        code: the rule's.
        findings: how many there are today.
        judged: how many of these were judged.
        true: how many of the judged ones are true.
        ever_judged: how many were judged of all that the rule ever found.
        ever_true: how many of these are true; the others made the rule better.
    """

    code: str
    findings: int
    judged: int
    true: int
    ever_judged: int
    ever_true: int

    @property
    def share(self) -> float | None:
        """The share of true ones among those judged; None where none was."""
        return self.true / self.judged if self.judged else None


def read_verdicts(path: Path = VERDICTS) -> dict[Place, Verdict]:
    """Return all verdicts.

    Raises:
        KeyError: a verdict lacks what it is known by.
    """
    tables = tomllib.loads(path.read_text(encoding="utf-8")).get("verdict", [])
    return {
        Place(
            *(table[key] for key in ("project", "path", "code", "symbol", "statement"))
        ): Verdict(table["true"], table["why"])
        for table in tables
    }


def precision(places: Iterable[Place], verdicts: Mapping[Place, Verdict]) -> tuple[Precision, ...]:
    """Return the precision of each rule that finds anything, or ever did."""
    found: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    true: Counter[str] = Counter()
    for place in places:
        found[place.code] += 1
        if verdict := verdicts.get(place):
            judged[place.code] += 1
            true[place.code] += verdict.true
    ever = Counter(place.code for place in verdicts)
    ever_true = Counter(place.code for place, verdict in verdicts.items() if verdict.true)
    return tuple(
        Precision(code, found[code], judged[code], true[code], ever[code], ever_true[code])
        for code in sorted(found | ever)
    )


def to_judge(
    places: Iterable[Place], verdicts: Mapping[Place, Verdict], most: int
) -> Iterator[Place]:
    """Yield what is left to judge of a sample: at most so many places of a rule in a project.

    The sample is the same each time, and a finding that is new does not move the others.
    """
    alike: defaultdict[tuple[str, str], set[Place]] = defaultdict(set)
    for place in places:
        alike[place.project, place.code].add(place)
    for some in alike.values():
        yield from (one for one in sorted(some, key=_by_lot)[:most] if one not in verdicts)


def _by_lot(place: Place) -> bytes:
    return hashlib.sha256(repr(astuple(place)).encode()).digest()
