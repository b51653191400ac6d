"""Recall: mistakes are made in real projects, one kind at a time, and looked for.

Where a mistake decides whether tests run, the project's own pytest says which tests really lost
whoever ran them (a marker may stand on the module as well); of the other kinds, every
mutant counts.

    python -m benchmarks.realworld.mutation [--places | --tests] [NAME...]

measures it apart from everything else and keeps it; with `--places`, of those kinds only that
need no pytest, with `--tests` of the others.
"""

import argparse
import ast
import random
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.realworld.analysis import Said, paths_of, said_of, said_of_files
from benchmarks.realworld.comparison import NEVER_RUNS
from benchmarks.realworld.corpus import CACHE, tree_of, trees
from benchmarks.realworld.mutations import (
    Mutant,
    Source,
    mutated,
    with_plain_base,
    with_plain_fixture,
    with_plain_mock,
    without_await,
    without_marker,
    without_mode,
    without_pytestmark,
)
from benchmarks.realworld.projects import Project
from benchmarks.realworld.truth import Fate, Truth, truth_of, truth_of_changed
from bot.analysis.finding import Finding

PLACES = 25
SEED = 20_250_101
Make = Callable[[Source], Iterator[Mutant]]
Tree = dict[str, bytes]

# By what decides whether one was found: tests that lost their runner, fixtures that did, places.
OF_TESTS: dict[str, Make] = {
    "marker": without_marker,
    "pytestmark": without_pytestmark,
    "base class": with_plain_base,
}
OF_FIXTURES: dict[str, Make] = {"fixture decorator": with_plain_fixture}
OF_PLACES: dict[str, Make] = {
    "await of a statement": without_await(ast.Expr),
    "await of an assignment": without_await(ast.Assign),
    "await in an assertion": without_await(ast.Assert),
    "AsyncMock": with_plain_mock,
}
MODE = "mode"


@dataclass(frozen=True, slots=True)
class Recall:
    """One kind of mistake in one project.

    Attributes:
        kind: what was done.
        places: how many edits were made.
        lost: what they broke: tests or fixtures that lost their runner, else the places.
        missed: those of them that are not reported.
    """

    kind: str
    places: int
    lost: int
    missed: tuple[str, ...]


def recall_of(
    project: Project,
    before: Said,
    cache: Path = CACHE,
    *,
    asks_pytest: bool = True,
    counts_places: bool = True,
) -> Iterator[Recall]:
    """Yield what is found of each kind of mistake that can be made in a project.

    `before` is what is said of the project as it is. Of mistakes where pytest tells what is
    broken, and of those where every place counts, either kind may be left out.
    """
    tree = tree_of(project, cache)
    checked = {path: (tree / path).read_bytes() for path in sorted(before.report.checked)}
    helpers = {path: (tree / path).read_bytes() for path in _helpers(before)}
    asking = {**OF_TESTS, **OF_FIXTURES} if asks_pytest else {}
    for kind, make in {**asking, **(OF_PLACES if counts_places else {})}.items():
        # Base classes are at home in modules that hold no tests.
        files = {**checked, **helpers} if make is with_plain_base else checked
        chosen = _chosen(files, make, f"{project.name} {kind}")
        if not chosen:
            continue
        changed = {path: mutated(files[path], some) for path, some in chosen.items()}
        concerned = _concerned(changed, before)
        after = _said(tree, changed, concerned)
        places = sum(map(len, chosen.values()))
        if kind in OF_PLACES:
            missed = tuple(_missed_places(kind, chosen, before, after))
            yield Recall(kind, places, places, missed)
            continue
        was = truth_of(project, cache)
        now = truth_of_changed(project, changed, concerned, cache)
        if not now.tests:
            continue  # pytest did not come to collect: that tells nothing
        if kind in OF_FIXTURES:
            lost, found = _lost_fixtures(was, now), _found_fixtures(after.report.findings)
        else:
            lost, found = _lost_tests(was, now), _found_tests(after.report.findings)
        unfound = [one for one in sorted(lost - found) if _written(one) not in found]
        yield Recall(kind, places, len(lost), tuple(unfound))
    if asks_pytest:
        yield from _recall_of_mode(project, tree, cache)


def kept_recall(project: Project, cache: Path = CACHE) -> tuple[Recall, ...]:
    """Return what was measured last, kind by kind; nothing where that was never done."""
    file = _file(project, cache)
    return (
        msgspec.json.decode(file.read_bytes(), type=tuple[Recall, ...]) if file.is_file() else ()
    )


def keep_recall(project: Project, recall: Iterable[Recall], cache: Path = CACHE) -> None:
    """Keep what was measured; kinds that were not measured now stay as they were."""
    known = {one.kind: one for one in (*kept_recall(project, cache), *recall)}
    file = _file(project, cache)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode(tuple(known.values())))


def _file(project: Project, cache: Path) -> Path:
    return cache / "recall" / f"{project.label}.json"


def _recall_of_mode(project: Project, tree: Path, cache: Path) -> Iterator[Recall]:
    """Yield what is found where the whole project loses its automatic mode."""
    names = {"pyproject.toml", "pytest.ini", "setup.cfg", "tox.ini", "pytest.toml"}
    changed = {
        path: after
        for path in paths_of(tree)
        if path in names and (after := without_mode(text := (tree / path).read_bytes())) != text
    }
    if changed:
        findings = _said(tree, changed, None).report.findings
        now = truth_of_changed(project, changed, (), cache)
        lost = _lost_tests(truth_of(project, cache), now)
        missed = tuple(sorted(lost - _found_tests(findings)))
        yield Recall(MODE, len(changed), len(lost), missed)


def _helpers(before: Said) -> list[str]:
    """Return modules that tests read and that hold none, but lie among them."""
    folders = {path.partition("/")[0] for path in before.report.checked}
    read = {path for paths in before.report.read.values() for path in paths}
    return sorted(
        path
        for path in read - set(before.report.checked)
        if path.endswith(".py") and path.partition("/")[0] in folders
    )


def _concerned(changed: Tree, before: Said) -> list[str]:
    """Return the files with tests that a change concerns: they, or what they read."""
    read = before.report.read
    return sorted(
        path for path in before.report.checked if not changed.keys().isdisjoint(read[path])
    )


def _chosen(files: Tree, make: Make, seed: str) -> dict[str, list[Mutant]]:
    """Return a sample of the mutants of a project, by file; the same one each time."""
    found: dict[tuple[str, str], list[Mutant]] = {}
    for path, content in files.items():
        try:
            mutants = list(make(Source(content)))
        except SyntaxError:
            continue
        for one in mutants:
            found.setdefault((path, one.group), []).append(one)
    chance = random.Random(f"{SEED} {seed}")  # noqa: S311 - a sample
    groups = chance.sample(sorted(found), min(PLACES, len(found)))
    chosen: dict[str, list[Mutant]] = {}
    for group in sorted(groups):
        chosen.setdefault(group[0], []).append(chance.choice(found[group]))
    return chosen


def _said(tree: Path, changed: Tree, candidates: Sequence[str] | None) -> Said:
    def read(path: str) -> bytes:
        return changed[path] if path in changed else (tree / path).read_bytes()

    return said_of_files(paths_of(tree), read, candidates)


# -- what was lost, and what was found ------------------------------------------------------------


def _lost_tests(was: Truth, now: Truth) -> set[str]:
    ran = {(one.path, one.symbol) for one in was.tests if one.fate is Fate.RUNS}
    return {
        f"{one.path}::{one.symbol}"
        for one in now.tests
        if one.fate is Fate.NEVER and (one.path, one.symbol) in ran
    }


def _found_tests(findings: Iterable[Finding]) -> set[str]:
    return {f"{one.path}::{one.symbol}" for one in findings if one.code in NEVER_RUNS}


def _written(test: str) -> str:
    """Return the test that one was made of (`ddt` adds a number and the data to its name)."""
    return re.sub(r"_\d+_.*$", "", test)


def _lost_fixtures(was: Truth, now: Truth) -> set[str]:
    ran = {(path, line) for path, line, fate in was.fixtures if fate is Fate.RUNS}
    return {
        f"{path}:{line}"
        for path, line, fate in now.fixtures
        if fate is Fate.NEVER and (path, line) in ran
    }


def _found_fixtures(findings: Iterable[Finding]) -> set[str]:
    """Return the lines on which a fixture may begin: its decorators are above what is reported."""
    return {
        f"{one.path}:{line}"
        for one in findings
        if one.code.startswith("AWT30")
        for line in range(one.line - 5, one.line + 1)
    }


def _missed_places(
    kind: str, chosen: Mapping[str, Sequence[Mutant]], before: Said, after: Said
) -> Iterator[str]:
    """Yield the places whose mistake brought no new finding: on its lines, or in its file."""
    new = set(map(_identity, after.report.findings)) - set(map(_identity, before.report.findings))
    for path, mutants in chosen.items():
        for one in mutants:
            lines = range(one.line, one.line + 4)
            if not any(
                where == path and (kind == "AsyncMock" or line in lines) for where, line, *_ in new
            ):
                yield f"{path}:{one.line}"


def _identity(finding: Finding) -> tuple[str, int, str, str]:
    return finding.path, finding.line, finding.code, finding.symbol


def main(arguments: Sequence[str]) -> int:
    """Measure recall in the projects that are named, all where none is, and keep it."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realworld.mutation")
    parser.add_argument("names", nargs="*", metavar="NAME", help="projects of manifest.toml")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--places", action="store_true", help="only what needs no pytest")
    only.add_argument("--tests", action="store_true", help="only what pytest decides")
    asked = parser.parse_args(arguments)
    for project, tree in trees(asked.names):
        asks_pytest = not (asked.places or project.unjudged)
        before, counts = said_of(tree), not asked.tests
        found = tuple(recall_of(project, before, asks_pytest=asks_pytest, counts_places=counts))
        keep_recall(project, found)
        for one in found:
            share = f"{one.lost - len(one.missed)} of {one.lost} ({one.places} places)"
            print(f"{project.label} {one.kind}: {share}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
