"""All projects of the conformance suite, grouped in `cases/` by what they are about."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from tests.conformance.case import Case

FOLDER = Path(__file__).parent / "cases"


def _all_cases() -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.py")):
        yield from import_module(f"tests.conformance.cases.{path.stem}").CASES


CASES = tuple(_all_cases())
