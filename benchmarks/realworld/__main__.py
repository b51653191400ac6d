"""Hold the analyser against real projects; see docs/precision.md.

    python -m benchmarks.realworld [NAME...] [--json] [--out FILE]

Exit code 1: a test or fixture that runs is reported as one that never runs.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field

from benchmarks.realworld.analysis import said_of
from benchmarks.realworld.comparison import Compared, compare
from benchmarks.realworld.corpus import CorpusError, tree_of
from benchmarks.realworld.environments import InstallationError
from benchmarks.realworld.projects import Project, read_manifest
from benchmarks.realworld.truth import truth_of


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one project; `failed` says why it could not be judged."""

    project: str
    style: str
    seconds: float = 0.0
    compared: Compared = field(default_factory=Compared)
    uncollected: int = 0
    failed: str = ""


def results(names: Sequence[str]) -> Iterator[Result]:
    """Judge and compare the chosen projects, all where none is named."""
    for project in read_manifest():
        if not names or project.name in names:
            yield _result(project)


def _result(project: Project) -> Result:
    try:
        truth = truth_of(project)
        said = said_of(tree_of(project))
    except (CorpusError, InstallationError) as error:
        return Result(project.label, project.style, failed=str(error))
    return Result(
        project.label,
        project.style,
        round(said.seconds, 1),
        compare(truth, said),
        len(truth.uncollected),
    )


def main(arguments: Sequence[str]) -> int:
    """Judge, compare, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realworld", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="print JSON instead of lines")
    asked = parser.parse_args(arguments)
    found: list[Result] = []
    for result in results(asked.names):
        found.append(result)
        if not asked.json:
            print("\n".join(_lines(result)), flush=True)
    if asked.json:
        print(json.dumps([asdict(one) for one in found], indent=2))
    return 1 if any(one.compared.false_alarms for one in found) else 0


def _lines(result: Result) -> Iterator[str]:
    if result.failed:
        yield f"{result.project}: not judged: {result.failed}"
        return
    one = result.compared
    yield (
        f"{result.project}: {one.tests} tests ({one.seen} seen), {one.handled} run, "
        f"{one.found} found, {len(one.false_alarms)} false alarms, {len(one.missed)} missed, "
        f"{len(one.silent)} silent, {sum(one.unknown.values())} unknown, "
        f"{len(one.unseen)} unseen, {len(one.unjudged)} unjudged, {one.undecided} undecided, "
        f"{result.uncollected} not collected, {one.findings} in {result.seconds} s"
    )
    for kind in ("false_alarms", "missed", "silent", "unseen", "unjudged"):
        listed = getattr(one, kind)
        yield from (f"  {kind}: {line}" for line in listed[:8])
    yield from (f"  unknown {count}: {reason}" for reason, count in one.unknown.items())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
