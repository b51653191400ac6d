"""Annotations of check runs: parsed, and put where they belong in files and diffs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from urllib.parse import quote

import msgspec
from markupsafe import Markup

from bot.sandbox.model import CheckRun
from bot.sandbox.pages import highlight
from bot.sandbox.pages.runs import latest
from bot.sandbox.repository import Repository

CONTEXT = 2
EXCERPT = 12
LEVELS = {"failure": "error", "warning": "warning", "notice": "notice"}


class Given(msgspec.Struct, frozen=True):
    """An annotation as the app gave it."""

    path: str
    start_line: int
    end_line: int
    annotation_level: str
    message: str
    title: str | None = None
    raw_details: str | None = None
    start_column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True, slots=True)
class Annotation:
    """An annotation and the run that it belongs to."""

    given: Given
    run: CheckRun
    serial: int

    @property
    def anchor(self) -> str:
        """The fragment under which it is found on a page."""
        return f"annotation_{self.run.id}_{self.serial}"

    @property
    def level(self) -> str:
        """`failure`, `warning` or `notice`."""
        return self.given.annotation_level

    @property
    def heading(self) -> str:
        """What it says of itself, as GitHub words it."""
        start, end = self.given.start_line, self.given.end_line
        where = f"line {start}" if start == end else f"lines {start} to {end}"
        return f"Check {self.level} on {where} in {self.given.path}"


@dataclass(frozen=True, slots=True)
class Shown:
    """An annotation with the lines around it, as (number, code, whether it is meant)."""

    annotation: Annotation
    href: str
    excerpt: tuple[tuple[int, Markup, bool], ...]


def of_run(run: CheckRun) -> list[Annotation]:
    """Return the annotations of a run, in the order in which they came."""
    return [
        Annotation(msgspec.convert(given, Given), run, serial)
        for serial, given in enumerate(run.annotations)
    ]


def of_commit(repository: Repository, sha: str) -> list[Annotation]:
    """Return the annotations of the newest runs on a commit."""
    return [one for run in latest(repository, sha) for one in of_run(run)]


def counted(annotations: Iterable[Annotation]) -> list[tuple[str, str]]:
    """Return the levels that are there, each with a number in words, the worst first."""
    levels = Counter(one.level for one in annotations)
    return [
        (level, f"{levels[level]} {word}{'' if levels[level] == 1 else 's'}")
        for level, word in LEVELS.items()
        if levels[level]
    ]


def by_file(repository: Repository, run: CheckRun) -> list[tuple[str, list[Shown]]]:
    """Return a run's annotations with their code, file by file."""
    ordered = sorted(of_run(run), key=lambda one: (one.given.path, one.given.start_line))
    return [
        (path, [shown(repository, one) for one in group])
        for path, group in groupby(ordered, key=lambda one: one.given.path)
    ]


def shown(repository: Repository, annotation: Annotation) -> Shown:
    """Return an annotation with the code around it."""
    given, sha = annotation.given, annotation.run.head_sha
    data = repository.file(sha, given.path)
    lines = highlight.lines_of(given.path, data.decode("utf-8", "replace")) if data else ()
    excerpt = tuple(
        (number, lines[number - 1], given.start_line <= number <= given.end_line)
        for number in _around(given, lines)
    )
    href = f"/{repository.full_name}/blob/{sha}/{quote(given.path)}#L{given.start_line}"
    return Shown(annotation, href, excerpt)


def _around(given: Given, lines: Sequence[Markup]) -> range:
    """Return the numbers of the annotation's lines and some around them, blank ends left off."""
    if given.start_line > len(lines):
        return range(0)
    first = max(1, given.start_line - CONTEXT)
    last = min(len(lines), given.end_line + CONTEXT, first + EXCERPT)
    while first < given.start_line and not lines[first - 1].strip():
        first += 1
    while last > given.end_line and not lines[last - 1].strip():
        last -= 1
    return range(first, last + 1)
