"""Real pytest bears out that the fixed text of every rule's examples is better."""

import pytest

from tests.conformance.bench import Bench
from tests.conformance.examples import UNJUDGED, Repaired, repaired_examples
from tests.conformance.improvement import not_better
from tests.conformance.supplied import SUPPLIED
from tests.conformance.version_set import NEWEST

REPAIRED = list(repaired_examples())
# Those of older versions are judged by `make conformance ARGS=--all-versions`.
JUDGED = [one for one in REPAIRED if not one.unjudged and one.judges is NEWEST]


@pytest.mark.parametrize("example", JUDGED, ids=lambda one: one.name)
def test_pytest_has_less_to_complain_of_once_an_example_is_fixed(
    example: Repaired, bench: Bench
) -> None:
    before = bench.judge(example.case, example.case.contents())
    after = bench.judge(example.case, example.fixed)

    assert list(not_better(before, after)) == [], before.output + after.output


def test_what_is_left_unjudged_or_supplied_is_an_example() -> None:
    known = {one.code for one in REPAIRED} | {one.key for one in REPAIRED}

    assert set(UNJUDGED) | set(SUPPLIED) <= known
