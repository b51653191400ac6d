"""Real pytest bears out that the fixed text of every rule's examples is better."""

from collections.abc import Iterator

import pytest

from tests.conformance.bench import Bench
from tests.conformance.examples import UNJUDGED, Repaired, repaired_examples
from tests.conformance.judgement import Fate, Judgement

REPAIRED = list(repaired_examples())
JUDGED = [one for one in REPAIRED if not one.unjudged]


@pytest.mark.parametrize("example", JUDGED, ids=lambda one: one.name)
def test_pytest_has_less_to_complain_of_once_an_example_is_fixed(
    example: Repaired, bench: Bench
) -> None:
    before = bench.judge(example.case, example.case.contents())
    after = bench.judge(example.case, example.fixed)

    better = complaints(before) - complaints(after) | errors(before) - errors(after)
    assert better or after.called - before.called or set(revealed(before, after)), before.output
    assert complaints(after) - complaints(before) == set(), after.output


def test_what_is_left_unjudged_is_an_example() -> None:
    known = {one.code for one in REPAIRED} | {one.key for one in REPAIRED}

    assert set(UNJUDGED) <= known


def complaints(judgement: Judgement) -> set[str]:
    """Return all that pytest shows to be wrong, what tests find themselves left out."""
    never = [
        f"{test.path}::{test.symbol} never ran"
        for test in judgement.tests
        if test.item.coroutine and test.fate in {Fate.NEVER, Fate.PARTLY}
    ]
    unset = [
        f"fixture {one.path}::{one.symbol} never ran"
        for one in judgement.fixtures
        if one.fate is not Fate.RAN
    ]
    return {*never, *unset, *judgement.uncollected, *judgement.warned}


def errors(judgement: Judgement) -> set[str]:
    """Return what tests end with that is no failed assertion."""
    return {
        f"{test.path}::{test.symbol} {test.why}"
        for test in judgement.tests
        if test.why.startswith("E ") and "AssertionError" not in test.why
    }


def revealed(before: Judgement, after: Judgement) -> Iterator[str]:
    """Name the tests that passed, and fail now that they check something."""
    passed = {(test.path, test.symbol) for test in before.tests if test.passed}
    for test in after.tests:
        if (test.path, test.symbol) in passed and test.why.startswith("E "):
            yield test.symbol
