"""Print what real pytest does with small projects, and where the analysis disagrees.

A contradiction ends it with exit code 1, and so do too many projects that are left unknown, or
an example of a rule that is no better once it is fixed.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from tests.conformance.case import Case
from tests.conformance.corpus import CASES
from tests.conformance.examples import repaired_examples
from tests.conformance.generated.trial import Trial, try_out
from tests.conformance.newer_only import left_out
from tests.conformance.survey import Outcome, Tally, examples_no_better, survey, tally
from tests.conformance.version_set import NEWEST, OLDER, VersionSet

# Of all cases in a version set, at most this part may be left unknown.
UNKNOWN_AT_MOST = 0.10


@dataclass(frozen=True, slots=True)
class Row:
    """What came of one version set.

    Attributes:
        examples: why a rule's example, by its name, is no better once it is fixed.
    """

    versions: VersionSet
    tally: Tally
    trial: Trial
    examples: Mapping[str, tuple[str, ...]]


def main(arguments: Sequence[str]) -> int:
    """Judge the chosen cases by the chosen versions, print a table, return the exit code."""
    options = _parser().parse_args(arguments)
    chosen = [case for case in CASES if all(word in _words(case) for word in options.words)]
    if options.generated:
        chosen = []
    elif not chosen:
        sys.stderr.write("No project holds all these words.\n")
        return 2
    rows = []
    for versions in (NEWEST, *(OLDER if options.all_versions else ())):
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            room = Path(folder).resolve()
            outcomes = list(_shown(survey(chosen, versions, room), options))
            trial = _generated(versions, room, options)
            whole = not (options.words or options.generated)
            examples = examples_no_better(versions, room) if whole else {}
        rows.append(Row(versions, tally(outcomes), trial, examples))
    for line in (*_table(rows), *_examples(rows), *_unknown(rows), *_left_out(chosen, rows)):
        _print(line)
    return int(any(_fails(one) for one in rows))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.conformance", description=__doc__)
    parser.add_argument("words", nargs="*", help="only projects whose name or paths hold them all")
    parser.add_argument("--all-versions", action="store_true", help="judge by older pytests too")
    parser.add_argument(
        "--examples", type=int, default=100, help="so many generated projects (100), if all run"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the generated projects (0)")
    parser.add_argument("--generated", action="store_true", help="judge generated projects alone")
    parser.add_argument("-v", "--verbose", action="store_true", help="show every test's fate")
    parser.add_argument("-o", "--output", action="store_true", help="show what pytest printed")
    parser.add_argument("-s", "--sources", action="store_true", help="show the projects")
    return parser


def _generated(versions: VersionSet, room: Path, options: argparse.Namespace) -> Trial:
    """Judge generated projects, and print the contradictions that are found among them."""
    if options.words or not options.examples:
        return Trial()
    trial = try_out(
        versions, versions.python(), room, examples=options.examples, seed=options.seed
    )
    for contradiction in trial.contradictions:
        _print(f"# A generated project\n{contradiction}")
    return trial


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


def _table(rows: Iterable[Row]) -> Iterator[str]:
    yield (
        f"{'':36} {'cases':>7} {'tests':>7} {'unknown':>12} {'contradicted':>13}"
        f" {'generated':>10} {'tests':>7} {'contradicted':>13}"
    )
    for row in rows:
        one, trial = row.tally, row.trial
        unknown = f"{len(one.unknown)} ({len(one.unknown) / max(one.cases, 1):.1%})"
        yield (
            f"{row.versions.description:36} {one.cases:7} {one.tests:7} {unknown:>12}"
            f" {one.contradictions:13} {trial.projects:10} {trial.tests:7}"
            f" {len(trial.contradictions):13}"
        )


def _examples(rows: Sequence[Row]) -> Iterator[str]:
    """Say how many examples of rules are better once they are fixed, and which are not judged."""
    if not any(row.examples for row in rows):
        return
    yield "\nExamples of rules with their fix:"
    for row in rows:
        worse = {name: lines for name, lines in row.examples.items() if lines}
        better = len(row.examples) - len(worse)
        yield f"  {row.versions.description}: {better} better, {len(worse)} not"
        yield from (f"  !! {name}: {'; '.join(lines)}" for name, lines in worse.items())
    yield "Not judged:"
    yield from (f"  {one.name}: {one.unjudged}" for one in repaired_examples() if one.unjudged)


def _unknown(rows: Iterable[Row]) -> Iterator[str]:
    """Say once of every project that is left unknown why."""
    rows = list(rows)
    reasons = {name: why for row in rows for name, why in row.tally.unknown.items()}
    if reasons:
        yield "\nUnknown, so silent:"
    yield from (f"  {name}: {why}" for name, why in reasons.items())
    for row in rows:
        if row.trial.unknown:
            yield f"\nUnknown in generated projects by {row.versions.description}:"
        yield from (f"  {count} times: {why}" for why, count in row.trial.unknown.items())


def _left_out(cases: Sequence[Case], rows: Iterable[Row]) -> Iterator[str]:
    """Say of every project that a version set does not judge why."""
    for row in rows:
        reasons = {case.name: why for case in cases if (why := left_out(case, row.versions.name))}
        reasons |= row.tally.unjudged
        if reasons:
            yield f"\nNot judged by {row.versions.description}:"
        yield from (f"  {name}: {why}" for name, why in reasons.items())


def _fails(row: Row) -> bool:
    unknown = len(row.tally.unknown) > UNKNOWN_AT_MOST * row.tally.cases
    worse = any(row.examples.values())
    return unknown or worse or bool(row.tally.contradictions or row.trial.contradictions)


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _end(number: int, _: object) -> NoReturn:
    """End as a program does that a signal ends, once all has been put away."""
    sys.exit(128 + number)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    sys.exit(main(sys.argv[1:]))
