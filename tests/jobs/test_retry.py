import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.retry import Failure, RetryPolicy

POLICY = RetryPolicy(attempts=12, bugs=2, base=2, cap=600, patience=7200)
TRANSIENT = Failure("transient", "away")
BUG = Failure("bug", "unexpected KeyError")
DIED = Failure("died", "interrupted")


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (11, 600)]
)
def test_each_wait_is_twice_the_one_before_up_to_a_cap(failures: int, seconds: float) -> None:
    wait = POLICY.wait([TRANSIENT] * failures, jitter=1)

    assert wait == seconds


def test_jitter_spreads_a_wait_over_its_second_half() -> None:
    assert POLICY.wait([TRANSIENT], jitter=0) == 1
    assert POLICY.wait([TRANSIENT], jitter=0.5) == 1.5


def test_after_the_last_attempt_there_is_none() -> None:
    assert POLICY.wait([TRANSIENT] * 11, jitter=0) is not None
    assert POLICY.wait([TRANSIENT] * 12, jitter=0) is None


def test_a_bug_gets_a_second_chance_and_no_third() -> None:
    assert POLICY.wait([BUG], jitter=0) is not None
    assert POLICY.wait([BUG, BUG], jitter=0) is None
    assert POLICY.wait([BUG, TRANSIENT], jitter=0) is not None
    assert POLICY.wait([BUG, TRANSIENT, BUG], jitter=0) is None


def test_an_attempt_that_ends_the_process_gets_no_other() -> None:
    assert POLICY.wait([DIED], jitter=0) is None


@given(st.floats(0, 1e9), st.floats(0, 1, exclude_max=True))
def test_what_the_other_side_asks_for_is_obeyed_up_to_our_patience(
    asked: float, jitter: float
) -> None:
    wait = POLICY.wait([Failure("transient", "limit", retry_after=asked)], jitter)

    assert wait is not None
    assert min(asked, 7200) <= wait <= 7200 * 1.1
