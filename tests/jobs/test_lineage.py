import pytest

from bot.jobs.lineage import Repetition, State, job_id, repetition

LIVE, DONE, FAILED = State.LIVE, State.DONE, State.FAILED


def test_finished_work_needs_no_repetition() -> None:
    assert repetition("1:g", {"1:g": DONE, "1:g:0": DONE, "1:g:1": DONE}, 2) is None


@pytest.mark.parametrize("live", ["1:g", "1:g:0", "1:g:r1", "1:g:r1:1"])
def test_nothing_is_repeated_while_anything_goes_on(live: str) -> None:
    states = {"1:g": DONE, "1:g:0": FAILED, "1:g:r1": DONE, "1:g:r1:1": FAILED, live: LIVE}

    assert repetition("1:g", states, 2) is None


def test_what_failed_is_repeated_under_its_number() -> None:
    states = {"1:g": DONE, "1:g:0": DONE, "1:g:1": FAILED}

    assert repetition("1:g", states, 2) == Repetition("1:g:r1", (1,))


def test_jobs_that_were_never_started_are_repeated_too() -> None:
    assert repetition("1:g", {"1:g": FAILED, "1:g:0": DONE}, 3) == Repetition("1:g:r1", (1, 2))


def test_what_a_repetition_achieved_counts() -> None:
    states = {
        "1:g": DONE,
        "1:g:0": FAILED,
        "1:g:1": FAILED,
        "1:g:r1": DONE,
        "1:g:r1:0": DONE,
        "1:g:r1:1": FAILED,
    }

    assert repetition("1:g", states, 2) == Repetition("1:g:r2", (1,))
    assert repetition("1:g", {**states, "1:g:r2": DONE, "1:g:r2:1": DONE}, 2) is None


def test_the_tenth_repetition_follows_the_ninth() -> None:
    states = {"1:g": DONE, **{f"1:g:r{n}": DONE for n in range(1, 10)}}

    assert repetition("1:g", states, 1) == Repetition("1:g:r10", (0,))


def test_other_deliveries_are_none_of_its_business() -> None:
    states = {"1:g": DONE, "1:g:0": DONE, "1:gg": LIVE, "1:gg:0": LIVE, "1:G:0": FAILED}

    assert repetition("1:g", states, 1) is None


def test_a_job_has_its_number_behind_its_delivery() -> None:
    assert job_id("1:g:r2", 3) == "1:g:r2:3"
