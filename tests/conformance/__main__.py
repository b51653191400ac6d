"""Print what real pytest does with chosen projects, and where the analysis disagrees.

`python -m tests.conformance WORD...`: the projects whose name or files hold all the words.
`-q` shows only those with contradictions, `-v` what pytest printed as well, `-s` the sources.
"""

import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tests.conformance.case import Case
from tests.conformance.comparison import compare, verdict
from tests.conformance.corpus import CASES
from tests.conformance.driver import report_on
from tests.conformance.judge import judge
from tests.conformance.judgement import Judgement
from tests.conformance.warm_pytest import WarmPytest


def main(arguments: Sequence[str]) -> None:
    """Judge the chosen cases and print a table."""
    words = [word for word in arguments if not word.startswith("-")]
    chosen = [case for case in CASES if all(word in _words(case) for word in words)]
    contradicted = 0
    with tempfile.TemporaryDirectory() as folder, WarmPytest(Path(folder)) as pytest:
        for number, case in enumerate(chosen):
            files = case.contents()
            judgement = judge(case, files, Path(folder).resolve() / str(number), pytest.start)
            wrong = _contradictions(case, files, judgement)
            contradicted += bool(wrong)
            if wrong or "-q" not in arguments:
                lines = [*_lines(case, judgement, arguments), *(f"  !! {line}" for line in wrong)]
                sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.write(f"{len(chosen)} projects, {contradicted} contradicted\n")


def _contradictions(case: Case, files: Mapping[str, bytes], judgement: Judgement) -> list[str]:
    try:
        report = report_on(files)
    except Exception as error:  # noqa: BLE001 - a crash is one more thing to print
        return [f"the analysis ends with {error!r}"]
    return verdict(case, compare(case, files, judgement, report))


def _words(case: Case) -> str:
    return "\n".join([case.name, *case.files])


def _lines(case: Case, judgement: Judgement, arguments: Sequence[str]) -> Iterator[str]:
    yield f"# {case.name}"
    if "-s" in arguments:
        for path, content in case.contents().items():
            yield f"--- {path}\n{content.decode(errors='replace')}"
    for test in judgement.tests:
        kind = "async" if test.item.coroutine else "sync"
        yield f"  {test.fate:9} {kind:5} {test.path}::{test.symbol}  {test.why[:100]}"
    for fixture in judgement.fixtures:
        yield f"  {fixture.fate:9} fixture {fixture.path}::{fixture.symbol}"
    for path, why in judgement.uncollected.items():
        yield f"  not collected {path}: {why.strip().splitlines()[-1][:160]}"
    if not judgement.tests and not judgement.uncollected:
        yield (
            "  nothing collected: " + " | ".join(judgement.output.strip().splitlines()[-3:])[:300]
        )
    if "-v" in arguments:
        yield judgement.output


if __name__ == "__main__":
    main(sys.argv[1:])
