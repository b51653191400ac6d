"""Whether pytest has less to complain of once a project is fixed."""

from collections.abc import Iterator

from tests.conformance.judgement import Fate, Judgement


def not_better(before: Judgement, after: Judgement) -> Iterator[str]:
    """Say why a fixed project is no better than it was; nothing where it is."""
    yield from (
        f"only once it is fixed: {one}" for one in _complaints(after) - _complaints(before)
    )
    gone = _complaints(before) - _complaints(after) | _errors(before) - _errors(after)
    if not (gone or after.called - before.called or set(_revealed(before, after))):
        yield "nothing shows that it is better"


def _complaints(judgement: Judgement) -> set[str]:
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


def _errors(judgement: Judgement) -> set[str]:
    """Return what tests end with that is no failed assertion."""
    return {
        f"{test.path}::{test.symbol} {test.why}"
        for test in judgement.tests
        if test.why.startswith("E ") and "AssertionError" not in test.why
    }


def _revealed(before: Judgement, after: Judgement) -> Iterator[str]:
    """Name the tests that passed, and fail now that they check something."""
    passed = {(test.path, test.symbol) for test in before.tests if test.passed}
    for test in after.tests:
        if (test.path, test.symbol) in passed and test.why.startswith("E "):
            yield test.symbol
