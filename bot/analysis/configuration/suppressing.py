"""Takes back what suppressions are about, and tells which of them are about nothing.

A suppression counts on the line of the finding, on the first or last line of the statement that
it is in, and, for a finding about a whole function or class, on its decorators and its header.
"""

import ast
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from itertools import chain
from typing import Self

from msgspec import Struct

from bot.analysis.configuration.suppression import Malformed, Suppression, suppressions
from bot.analysis.finding import Finding, Location
from bot.analysis.multisets import take
from bot.analysis.request import Suppressed
from bot.analysis.rule import Enabled, Rule
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import DefinitionNode
from bot.analysis.source.walking import every_node


class Unused(Struct, frozen=True):
    """A suppression that takes nothing back.

    Attributes:
        rules: those of its rules that it is in vain for, as they are written; none if it names
            no rule at all.
    """

    suppression: Suppression
    rules: tuple[str, ...]


class UnknownRule(Struct, frozen=True):
    """A suppression that names a rule which does not exist."""

    suppression: Suppression
    word: str
    known: tuple[str, ...]


class Expired(Struct, frozen=True):
    """A suppression whose last day has passed."""

    suppression: Suppression


class Catalogue(Struct, frozen=True):
    """What suppressions may name, and what of it is looked for in a file.

    Attributes:
        codes: by code and by name, of all rules.
        looked_for: the codes of the rules that are on here.
        complete: whether every rule that is on by default is on here.
    """

    codes: Mapping[str, str]
    looked_for: Collection[str]
    complete: bool

    @classmethod
    def of(cls, rules: Sequence[Rule], looked_for: Collection[str]) -> Self:
        """Return the catalogue of a file in which the rules `looked_for` are on."""
        codes = {word: rule.code for rule in rules for word in (rule.code, rule.name)}
        expected = {rule.code for rule in rules if rule.enabled is not Enabled.ON_REQUEST}
        return cls(codes, looked_for, expected <= set(looked_for))


# No line has that number.
_WHOLE_FILE = 0

Remark = Unused | UnknownRule | Expired | Malformed


class Suppressing:
    """The suppressions of one file, and what they were used for.

    Attributes:
        found: all that are written there, whether they hold or not.
    """

    def __init__(
        self,
        module: Module,
        catalogue: Catalogue,
        today: date | None,
        holding: Sequence[Suppressed] | None = None,
    ) -> None:
        self._module = module
        self._catalogue = catalogue
        found = list(suppressions(module.source))
        self._malformed = [one for one in found if isinstance(one, Malformed)]
        written = [one for one in found if isinstance(one, Suppression)]
        self.found = tuple(self._written(one) for one in written)
        valid = written if holding is None else [*self._among(written, holding)]
        self._expired = [one for one in valid if one.is_expired(today)]
        self._holding = [one for one in valid if not one.is_expired(today)]
        self._by_line: defaultdict[int, list[Suppression]] = defaultdict(list)
        for one in self._holding:
            self._by_line[_WHOLE_FILE if one.whole_file else one.location.line].append(one)
        self._used: defaultdict[int, set[str]] = defaultdict(set)

    def _written(self, one: Suppression) -> Suppressed:
        text = " ".join(self._module.source.text[one.start : one.end].split())
        return Suppressed(self._module.path, one.location.line, text)

    def _among(
        self, written: Sequence[Suppression], holding: Sequence[Suppressed]
    ) -> Iterator[Suppression]:
        """Yield those that hold, each text as often as it may."""
        left = Counter(one.text for one in holding if one.path == self._module.path)
        for one, told in zip(written, self.found, strict=True):
            if take(left, told.text):
                yield one

    def kept(self, findings: Sequence[Finding]) -> list[Finding]:
        """Return the findings that no suppression is about."""
        if not self._holding:
            return list(findings)
        return [one for one in findings if not self._takes_back(one)]

    def remarks(self) -> Iterator[Remark]:
        """Yield what is to be said of the suppressions, once all findings have been seen."""
        yield from self._malformed
        for one in self._expired:
            yield Expired(one)
        for one in (*self._holding, *self._expired):
            for word in one.rules:
                if word not in self._catalogue.codes:
                    yield UnknownRule(one, word, tuple(self._catalogue.codes))
        for one in self._holding:
            yield from self._unused(one)

    def _takes_back(self, finding: Finding) -> bool:
        places = (_WHOLE_FILE, *self._extents.lines(finding.location))
        nearby = chain.from_iterable(self._by_line.get(place, ()) for place in places)
        about = [one for one in nearby if self._names(one, finding.code)]
        for one in about:
            self._used[one.start].add(finding.code)
        return bool(about)

    @cached_property
    def _extents(self) -> "_Extents":
        return _Extents(self._module)

    def _names(self, one: Suppression, code: str) -> bool:
        return not one.rules or any(self._catalogue.codes.get(word) == code for word in one.rules)

    def _unused(self, one: Suppression) -> Iterator[Unused]:
        used = self._used[one.start]
        if not one.rules:
            if not used and self._catalogue.complete:
                yield Unused(one, ())
            return
        codes = [(word, self._catalogue.codes.get(word, "")) for word in one.rules]
        looked_for = self._catalogue.looked_for
        vain = [word for word, code in codes if code in looked_for and code not in used]
        if vain:
            yield Unused(one, tuple(vain))


class _Extents:
    """Which lines belong together: those of a statement, or of the header of a compound one."""

    def __init__(self, module: Module) -> None:
        self._bounds: dict[int, tuple[int, int]] = {}
        self._headers: set[int] = set()
        for node in every_node(module.tree):
            if isinstance(node, ast.stmt):
                self._add(node)

    def lines(self, place: Location) -> set[int]:
        """Return the lines on which a suppression is about what is found at a place."""
        first, last = self._bounds.get(place.line, (place.line, place.line))
        if place.line in self._headers:
            return set(range(first, last + 1))
        return {first, last, place.line, place.end_line}

    def _add(self, node: ast.stmt) -> None:
        first, last = _extent(node)
        if isinstance(node, DefinitionNode):
            self._headers.add(node.lineno)
        for line in range(first, last + 1):
            start, end = self._bounds.get(line, (first, last))
            self._bounds[line] = (min(start, first), max(end, last))


def _extent(node: ast.stmt) -> tuple[int, int]:
    """Return the first and the last line of a statement, or of the header of a compound one."""
    body: list[ast.stmt] | None = getattr(node, "body", None)
    if body:
        return _first_line(node), max(node.lineno, _first_line(body[0]) - 1)
    return node.lineno, node.end_lineno or node.lineno


def _first_line(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(one.lineno for one in decorators)])
