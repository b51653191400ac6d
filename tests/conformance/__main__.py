"""Print what real pytest does with the projects whose name, topic or file holds the words given.

`python -m tests.conformance WORD...`; with `-v` what pytest printed as well.
"""

import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.conformance.case import Case
from tests.conformance.corpus import CASES
from tests.conformance.judge import judge
from tests.conformance.judgement import Judgement
from tests.conformance.warm_pytest import WarmPytest


def main(arguments: Sequence[str]) -> None:
    """Judge the chosen cases and print a table."""
    words = [word for word in arguments if word != "-v"]
    chosen = [case for case in CASES if all(word in _words(case) for word in words)]
    with tempfile.TemporaryDirectory() as folder, WarmPytest(Path(folder)) as pytest:
        for number, case in enumerate(chosen):
            room = Path(folder).resolve() / str(number)
            judgement = judge(case, case.contents(), room, pytest.start)
            sys.stdout.write("\n".join(_lines(case, judgement)) + "\n")
            if "-v" in arguments:
                sys.stdout.write(judgement.output)


def _words(case: Case) -> str:
    return "\n".join([case.name, *case.files])


def _lines(case: Case, judgement: Judgement) -> Iterator[str]:
    yield f"# {case.name}"
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


if __name__ == "__main__":
    main(sys.argv[1:])
