"""The figures as Markdown tables: what docs/precision.md holds between its marks."""

from collections.abc import Iterable, Iterator, Sequence

from benchmarks.realworld.mutation import Recall
from benchmarks.realworld.projects import read_manifest
from benchmarks.realworld.result import Result
from benchmarks.realworld.verdicts import Precision
from bot.analysis.answer import Answer

BEGIN = "<!-- figures: written by `make realworld ARGS=--write` -->"
END = "<!-- end of figures -->"


def written_into(page: str, figures: str) -> str:
    """Return a page with new figures between its marks.

    Raises:
        ValueError: the page lacks a mark.
    """
    before, after = page.index(BEGIN) + len(BEGIN), page.index(END)
    return f"{page[:before]}\n\n{figures}\n\n{page[after:]}"


def figures(results: Sequence[Result], precisions: Sequence[Precision]) -> str:
    """Return all tables."""
    mutated = sum(bool(one.recall) for one in results)
    judged = [one for one in results if not one.unjudged]
    parts = [
        f"Measured: {len(results)} of the {len(read_manifest())} projects of the manifest,",
        f"{len(judged)} of them against their own pytest.",
        f"Mistakes were made on purpose in {mutated} of them.",
        "",
        "## Will it run? Each test against its own pytest",
        *_table(_PROJECT_HEAD, [*map(_project_row, judged), _sum_row(judged)]),
        *_not_judged(judged),
        "",
        "## More projects, whose findings are only read",
        *_table(_READ_HEAD, [_read_row(one) for one in results if one.unjudged]),
        "",
        "## Recall: mistakes made on purpose",
        *_table(_RECALL_HEAD, _recall_rows([one for each in results for one in each.recall])),
        "",
        "## Precision of the rules, judged by hand",
        *_table(_PRECISION_HEAD, map(_precision_row, precisions)),
    ]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield ""
    yield _row(head)
    yield _row(["---", *(["---:"] * (len(head) - 1))])
    yield from map(_row, rows)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


_PROJECT_HEAD = (
    "project", "async tests", "seen running or not", "run", "never run", "found", "false alarms",
    "missed", "silent", "unknown, and runs", "findings of other rules",
)  # fmt: skip


def _project_row(result: Result) -> list[str]:
    return [f"{result.project}: {result.style}", *map(str, _counts(result))]


def _counts(result: Result) -> list[int]:
    one = result.compared
    return [
        one.tests,
        one.seen,
        one.handled,
        one.tests - one.handled,
        one.found,
        len(one.false_alarms),
        len(one.missed),
        len(one.silent),
        sum(one.unknown.values()),
        one.other_findings,
    ]


def _sum_row(results: Sequence[Result]) -> list[str]:
    counted = [_counts(one) for one in results]
    return ["**all**", *(f"**{sum(column)}**" for column in zip(*counted, strict=True))]


def _not_judged(results: Sequence[Result]) -> Iterator[str]:
    for one in results:
        if one.failed:
            yield f"\n{one.project} was not judged: {one.failed}"


_READ_HEAD = ("project", "async tests", "said to run", "said never to run", "unknown", "findings")


def _read_row(result: Result) -> list[str]:
    answers = [result.answers.get(one.value, 0) for one in (Answer.YES, Answer.NO, Answer.UNKNOWN)]
    counts = [sum(answers), *answers, len(result.findings)]
    return [f"{result.project}: {result.style}", *map(str, counts)]


_RECALL_HEAD = (
    "mistake",
    "projects",
    "places",
    "tests, fixtures or places broken",
    "found",
    "recall",
)


def _recall_rows(recalls: Sequence[Recall]) -> Iterator[list[str]]:
    for kind in dict.fromkeys(one.kind for one in recalls):
        some = [one for one in recalls if one.kind == kind]
        lost = sum(one.lost for one in some)
        found = lost - sum(len(one.missed) for one in some)
        places = sum(one.places for one in some)
        yield [kind, str(len(some)), str(places), str(lost), str(found), _share(found, lost)]


_PRECISION_HEAD = (
    "rule", "findings", "judged", "true", "precision",
    "ever judged", "true", "precision as first read",
)  # fmt: skip


def _precision_row(one: Precision) -> list[str]:
    return [
        one.code,
        str(one.findings),
        str(one.judged),
        str(one.true),
        _share(one.true, one.judged),
        str(one.ever_judged),
        str(one.ever_true),
        _share(one.ever_true, one.ever_judged),
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "not measured"
