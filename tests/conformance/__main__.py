"""Print what real pytest does with small projects, and where the analysis disagrees.

A contradiction ends it with exit code 1, and so do too many projects that are left unknown.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.conformance.case import Case
from tests.conformance.corpus import CASES
from tests.conformance.newer_only import left_out
from tests.conformance.survey import Outcome, Tally, survey, tally
from tests.conformance.version_set import NEWEST, OLDER, VersionSet

# Of all cases in a version set, at most this part may be left unknown.
UNKNOWN_AT_MOST = 0.10


def main(arguments: Sequence[str]) -> int:
    """Judge the chosen cases by the chosen versions, print a table, return the exit code."""
    options = _parser().parse_args(arguments)
    chosen = [case for case in CASES if all(word in _words(case) for word in options.words)]
    if not chosen:
        sys.stderr.write("No project holds all these words.\n")
        return 2
    tallies = []
    for versions in (NEWEST, *(OLDER if options.all_versions else ())):
        with tempfile.TemporaryDirectory() as folder:
            outcomes = list(_shown(survey(chosen, versions, Path(folder).resolve()), options))
        tallies.append((versions, tally(outcomes)))
    for line in (*_table(tallies), *_unknown(tallies), *_left_out(chosen, tallies)):
        _print(line)
    return int(any(_fails(one) for _, one in tallies))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("words", nargs="*", help="only projects whose name or paths hold them all")
    parser.add_argument("--all-versions", action="store_true", help="judge by older pytests too")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every test's fate")
    parser.add_argument("-o", "--output", action="store_true", help="show what pytest printed")
    parser.add_argument("-s", "--sources", action="store_true", help="show the projects")
    return parser


def _words(case: Case) -> str:
    return "\n".join([case.name, *case.files])


def _shown(outcomes: Iterable[Outcome], options: argparse.Namespace) -> Iterator[Outcome]:
    """Print what was asked for, and every contradiction, as soon as it is known."""
    for outcome in outcomes:
        if outcome.wrong or options.verbose or options.output or options.sources:
            for line in _lines(outcome, options):
                _print(line)
        yield outcome


def _lines(outcome: Outcome, options: argparse.Namespace) -> Iterator[str]:
    yield f"# {outcome.case.name}"
    if options.sources:
        for path, content in outcome.case.contents().items():
            yield f"--- {path}\n{content.decode(errors='replace')}"
    if options.verbose:
        yield from _fates(outcome)
    if options.output:
        yield outcome.judgement.output
    yield from (f"  !! {line}" for line in outcome.wrong)


def _fates(outcome: Outcome) -> Iterator[str]:
    judgement = outcome.judgement
    for test in judgement.tests:
        kind = "async" if test.item.coroutine else "sync"
        yield f"  {test.fate:9} {kind:5} {test.path}::{test.symbol}  {test.why[:100]}"
    for fixture in judgement.fixtures:
        yield f"  {fixture.fate:9} fixture {fixture.path}::{fixture.symbol}"
    for path, why in judgement.uncollected.items():
        yield f"  not collected {path}: {why.strip().splitlines()[-1][:160]}"
    if not judgement.tests and not judgement.uncollected:
        last = judgement.output.strip().splitlines()[-3:]
        yield f"  nothing collected: {' | '.join(last)[:300]}"


def _table(tallies: Iterable[tuple[VersionSet, Tally]]) -> Iterator[str]:
    yield f"{'version set':42} {'cases':>6} {'tests':>6} {'contradictions':>15} {'unknown':>14}"
    for versions, one in tallies:
        unknown = f"{len(one.unknown)} ({len(one.unknown) / one.cases:.1%})"
        yield (
            f"{versions.description:42} {one.cases:6} {one.tests:6}"
            f" {one.contradictions:15} {unknown:>14}"
        )


def _unknown(tallies: Iterable[tuple[VersionSet, Tally]]) -> Iterator[str]:
    """Say once of every project that is left unknown why."""
    reasons = {name: why for _, one in tallies for name, why in one.unknown.items()}
    if reasons:
        yield "\nUnknown, so silent:"
    yield from (f"  {name}: {why}" for name, why in reasons.items())


def _left_out(cases: Sequence[Case], tallies: Iterable[tuple[VersionSet, Tally]]) -> Iterator[str]:
    """Say of every project that a version set does not judge why."""
    for versions, _ in tallies:
        reasons = {case.name: why for case in cases if (why := left_out(case, versions.name))}
        if reasons:
            yield f"\nNot judged by {versions.description}:"
        yield from (f"  {name}: {why}" for name, why in reasons.items())


def _fails(one: Tally) -> bool:
    return bool(one.contradictions) or len(one.unknown) > UNKNOWN_AT_MOST * one.cases


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
