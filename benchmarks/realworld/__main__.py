"""Hold the analyser against real projects; docs/precision.md tells what is measured and how.

Exit code 1: a test or fixture that runs is reported as one that never runs.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import msgspec

from benchmarks.realworld.analysis import said_of
from benchmarks.realworld.comparison import compare
from benchmarks.realworld.corpus import CACHE, ROOT, CorpusError, tree_of
from benchmarks.realworld.environments import InstallationError
from benchmarks.realworld.mutation import keep_recall, kept_recall, recall_of
from benchmarks.realworld.projects import Project, read_manifest
from benchmarks.realworld.result import Result
from benchmarks.realworld.tables import figures, written_into
from benchmarks.realworld.truth import truth_of
from benchmarks.realworld.verdicts import Place, precision, read_verdicts, to_judge

PAGE = ROOT / "docs" / "precision.md"
# Decided by pytest itself, test by test; no opinion is asked of them.
JUDGED_BY_PYTEST = frozenset({"AWT101", "AWT102", "AWT103", "AWT301"})


def result_of(project: Project, *, mutate: bool) -> Result:
    """Judge, compare and mutate one project."""
    try:
        tree = tree_of(project)
        if project.unjudged:
            return _only_read(project, tree)
        truth = truth_of(project)
        said = said_of(tree)
        recall = tuple(recall_of(project, said)) if mutate else ()
    except (CorpusError, InstallationError) as error:
        return Result(project.label, project.style, failed=str(error))
    return Result(
        project.label,
        project.style,
        round(said.seconds, 1),
        compare(truth, said),
        recall,
        tuple(Place.of(one, project.label, tree) for one in said.report.findings),
        len(truth.uncollected),
    )


def _only_read(project: Project, tree: Path) -> Result:
    """Analyse a project whose findings people judge, all of them."""
    said = said_of(tree)
    return Result(
        project.label,
        project.style,
        round(said.seconds, 1),
        findings=tuple(Place.of(one, project.label, tree) for one in said.report.findings),
        unjudged=project.unjudged,
        answers=dict(Counter(answer.value for answer, _ in said.verdicts.values())),
    )


def main(arguments: Sequence[str]) -> int:
    """Judge, compare, print."""
    asked = _parser().parse_args(arguments)
    projects = [one for one in read_manifest() if not asked.names or one.name in asked.names]
    results: list[Result] = []
    for project in projects:
        if asked.kept and (kept := _kept(project)):
            results.append(kept)
            continue
        results.append(result_of(project, mutate=not asked.no_mutation))
        _keep(project, results[-1])
        print("\n".join(_lines(results[-1])), file=sys.stderr, flush=True)
    results = [_with_recall(*one) for one in zip(projects, results, strict=True)]
    places = [one for result in results for one in result.findings if _is_for_people(one, result)]
    precisions = precision(places, read_verdicts())
    if asked.json:
        print(json.dumps([asdict(one) for one in results], indent=2))
    else:
        print(figures(results, precisions))
    if asked.write:
        page = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(written_into(page, figures(results, precisions)), encoding="utf-8")
    if asked.unjudged:
        Path(asked.unjudged).write_text(_skeleton(places, asked.sample), encoding="utf-8")
    return 1 if any(one.compared.false_alarms for one in results) else 0


def _with_recall(project: Project, result: Result) -> Result:
    """Return a result with what was measured of its recall apart."""
    if result.recall:
        keep_recall(project, result.recall)
    return replace(result, recall=kept_recall(project))


def _is_for_people(place: Place, result: Result) -> bool:
    """Whether nobody but people can tell if a finding is right."""
    return bool(result.unjudged) or place.code not in JUDGED_BY_PYTEST


def _file(project: Project) -> Path:
    return CACHE / "results" / f"{project.label}.json"


def _kept(project: Project) -> Result | None:
    """Return what an earlier run measured."""
    file = _file(project)
    return msgspec.json.decode(file.read_bytes(), type=Result) if file.is_file() else None


def _keep(project: Project, result: Result) -> None:
    file = _file(project)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(msgspec.json.encode(result))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.realworld", description=__doc__)
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help="projects; all, where none is named"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--no-mutation", action="store_true", help="leave out recall by mutation")
    parser.add_argument("--kept", action="store_true", help="measure only what was not before")
    parser.add_argument("--write", action="store_true", help=f"write the tables into {PAGE.name}")
    parser.add_argument(
        "--unjudged", metavar="FILE", help="write a sample of findings without a verdict to it"
    )
    parser.add_argument(
        "--sample", type=int, default=8, metavar="N", help="of a rule in a project (%(default)s)"
    )
    return parser


def _skeleton(places: Sequence[Place], most: int) -> str:
    """Return findings that nobody has judged, as verdicts to be filled in."""
    return "\n".join(map(_to_fill_in, to_judge(places, read_verdicts(), most)))


def _to_fill_in(place: Place) -> str:
    known_by = [f"{key} = {json.dumps(text)}" for key, text in asdict(place).items()]
    return "\n".join(["[[verdict]]", *known_by, "true = ", 'why = ""', ""])


def _lines(result: Result) -> Iterator[str]:
    if result.failed:
        yield f"{result.project}: not judged: {result.failed}"
        return
    if result.unjudged:
        yield f"{result.project}: {result.answers}, {len(result.findings)} findings"
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
        yield from (f"  {kind}: {line}" for line in getattr(one, kind)[:8])
    yield from (f"  unknown {count}: {reason}" for reason, count in one.unknown.items())
    for each in result.recall:
        found = each.lost - len(each.missed)
        yield f"  {each.kind}: {found} of {each.lost} ({each.places} places)"
        yield from (f"    missed: {line}" for line in each.missed[:6])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
