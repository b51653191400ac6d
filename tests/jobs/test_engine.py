import asyncio
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.jobs.dbos_engine import DbosEngine, Shares
from bot.jobs.engine import Accepted, EngineClosed, EngineStatus
from bot.jobs.retry import RetryPolicy
from tests.jobs.conftest import QUICK, Running
from tests.jobs.errands import BENCH, KINDS, Errand, Repair, lines
from tests.jobs.patience import until

KEY = "42:72d3162e-cc78-11e3-81ab-4c9367dc0958"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.txt"


async def test_an_accepted_job_is_done_once(running: Running, out: Path) -> None:
    async with running() as engine:
        accepted = await engine.accept(KEY, [Errand("a", str(out))])
        await engine.settled(20)

        assert accepted is Accepted.NEW
        assert lines(out) == ["a"]
        assert await engine.status() == EngineStatus(accepting=True, waiting=0, running=0)


async def test_all_jobs_of_a_delivery_are_done(running: Running, out: Path) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand(name, str(out)) for name in "abcde"])
        await engine.settled(20)

    assert sorted(lines(out)) == list("abcde")


async def test_a_redelivery_of_finished_work_does_nothing(running: Running, out: Path) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand("a", str(out))])
        await engine.settled(20)

        again = await engine.accept(KEY, [Errand("a", str(out))])
        await engine.settled(20)

        assert again is Accepted.DUPLICATE
        assert lines(out) == ["a"]


async def test_a_redelivery_of_finished_work_does_nothing_after_a_restart(
    running: Running, out: Path
) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand("a", str(out))])
        await engine.settled(20)

    async with running() as engine:
        assert await engine.accept(KEY, [Errand("a", str(out))]) is Accepted.DUPLICATE
        await engine.settled(20)

    assert lines(out) == ["a"]


async def test_a_redelivery_of_running_work_does_nothing(running: Running, out: Path) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand("a", str(out), trouble=("hold",))])
        await until(lambda: lines(out) == ["a holds"])

        again = await engine.accept(KEY, [Errand("a", str(out))])
        Errand.gates["a"].set()
        await engine.settled(20)

        assert again is Accepted.DUPLICATE
        assert lines(out) == ["a holds", "a"]


async def test_the_same_delivery_of_another_app_is_another_delivery(
    running: Running, out: Path
) -> None:
    async with running() as engine:
        await engine.accept("1:guid", [Errand("a", str(out))])
        other = await engine.accept("2:guid", [Errand("b", str(out))])
        await engine.settled(20)

    assert other is Accepted.NEW
    assert sorted(lines(out)) == ["a", "b"]


async def test_many_redeliveries_at_once_are_accepted_once(running: Running, out: Path) -> None:
    async with running() as engine:
        answers = await asyncio.gather(
            *(engine.accept(KEY, [Errand("a", str(out))]) for _ in range(8))
        )
        await engine.settled(20)

    assert sorted(answers) == [Accepted.DUPLICATE] * 7 + [Accepted.NEW]
    assert lines(out) == ["a"]


async def test_a_redelivery_repeats_only_what_ended_in_an_error(
    running: Running, out: Path
) -> None:
    jobs = [Errand("good", str(out)), Errand("bad", str(out), trouble=("bug", "bug"))]
    async with running() as engine:
        await engine.accept(KEY, jobs)
        await engine.settled(20)
        before = lines(out)

        again = await engine.accept(KEY, jobs)
        await engine.settled(20)
        third = await engine.accept(KEY, jobs)
        await engine.settled(20)

    assert sorted(before) == [f"bad gave up: unexpected KeyError (job {KEY}:1)", "good"]
    assert again is Accepted.RETRIED
    assert third is Accepted.DUPLICATE
    assert lines(out)[2:] == ["bad"]


async def test_work_can_fail_and_be_redelivered_again_and_again(
    running: Running, out: Path
) -> None:
    job = Errand("a", str(out), trouble=("bug",) * 4)
    async with running() as engine:
        answers = []
        for _ in range(4):
            answers.append(await engine.accept(KEY, [job]))
            await engine.settled(20)

    assert answers == [Accepted.NEW, Accepted.RETRIED, Accepted.RETRIED, Accepted.DUPLICATE]
    assert lines(out)[-1] == "a"


async def test_many_redeliveries_of_an_error_at_once_repeat_it_once(
    running: Running, out: Path
) -> None:
    job = Errand("a", str(out), trouble=("bug", "bug"))
    async with running() as engine:
        await engine.accept(KEY, [job])
        await engine.settled(20)

        answers = await asyncio.gather(*(engine.accept(KEY, [job]) for _ in range(5)))
        await engine.settled(20)

    assert sorted(answers) == [Accepted.DUPLICATE] * 4 + [Accepted.RETRIED]
    assert lines(out)[1:] == ["a"]


async def test_a_transient_error_is_tried_again(running: Running, out: Path) -> None:
    job = Errand("a", str(out), trouble=("transient", "transient"))
    async with running() as engine:
        await engine.accept(KEY, [job])
        await engine.settled(20)

    assert lines(out) == ["a"]
    assert Errand.attempts["a.run"] == 3


async def test_a_job_waits_as_long_as_it_was_told_to(running: Running, out: Path) -> None:
    async with running() as engine:
        began = time.monotonic()
        await engine.accept(KEY, [Errand("a", str(out), trouble=("slow-down",))])
        await engine.settled(20)

    assert lines(out) == ["a"]
    assert time.monotonic() - began >= 0.3


async def test_after_the_last_attempt_the_job_is_given_up(running: Running, out: Path) -> None:
    job = Errand("a", str(out), trouble=("transient",) * 9)
    with capture_logs() as logs:
        async with running(RetryPolicy(attempts=3, base=0.01)) as engine:
            await engine.accept(KEY, [job])
            await engine.settled(20)

    assert Errand.attempts["a.run"] == 3
    assert lines(out) == [f"a gave up: GitHub could not be reached (job {KEY}:0)"]
    assert any(entry["event"] == "giving up" and entry["log_level"] == "error" for entry in logs)


async def test_an_unexpected_error_is_tried_once_more_and_then_given_up(
    running: Running, out: Path
) -> None:
    with capture_logs() as logs:
        async with running() as engine:
            await engine.accept(KEY, [Errand("a", str(out), trouble=("bug",) * 9)])
            await engine.settled(20)

    assert Errand.attempts["a.run"] == 2
    assert len([entry for entry in logs if entry["event"] == "unexpected error"]) == 2


async def test_giving_up_is_as_stubborn_as_the_job(running: Running, out: Path) -> None:
    job = Errand(
        "a", str(out), trouble=("bug",) * 9, hopeless=("transient", "slow-down", "transient")
    )
    async with running() as engine:
        await engine.accept(KEY, [job])
        await engine.settled(20)

    assert Errand.attempts["a.give_up"] == 4
    assert len(lines(out)) == 1


async def test_giving_up_in_vain_is_said_in_the_log(running: Running, out: Path) -> None:
    job = Errand("a", str(out), trouble=("bug",) * 9, hopeless=("bug",) * 9)
    with capture_logs() as logs:
        async with running() as engine:
            await engine.accept(KEY, [job])
            await engine.settled(20)

    assert lines(out) == []
    assert "could not even give up" in [entry["event"] for entry in logs]


async def test_the_more_urgent_job_of_a_tenant_goes_first(running: Running, out: Path) -> None:
    async with running(shares=Shares(per_tenant=1, poll=0.02)) as engine:
        await engine.accept("1:a", [Errand("first", str(out), trouble=("hold",))])
        await until(lambda: lines(out) == ["first holds"])
        await engine.accept("1:b", [Errand("check", str(out))])
        await engine.accept("1:c", [Repair("fix", str(out))])
        while (await engine.status()).waiting < 2:  # noqa: ASYNC110 - the engine rings no bell
            await asyncio.sleep(0)

        Errand.gates["first"].set()
        await engine.settled(20)

    assert lines(out) == ["first holds", "first", "fix", "check"]


async def test_a_noisy_tenant_holds_up_nobody_else(running: Running, out: Path) -> None:
    noisy = [Errand(f"n{n}", str(out), installation=1, trouble=("hold",)) for n in range(6)]
    async with running(shares=Shares(per_tenant=2, poll=0.02)) as engine:
        await engine.accept("1:noisy", noisy)
        await until(lambda: len(lines(out)) == 2)
        await engine.accept("1:quiet", [Errand("quiet", str(out), installation=2)])
        await until(lambda: "quiet" in lines(out))

        status = await engine.status()
        for job in noisy:
            Errand.gates.setdefault(job.name, asyncio.Event()).set()
        await engine.settled(20)

    # The quiet one has written its line; whether its end is stored by now is a matter of moments.
    assert status.waiting == 4
    assert status.running in {2, 3}
    assert Errand.most["1"] == 2


async def test_a_job_that_waits_for_its_next_attempt_takes_no_place(
    running: Running, out: Path
) -> None:
    slow = RetryPolicy(base=3600, cap=3600)
    async with running(slow, Shares(attempts=1, poll=0.02)) as engine:
        await engine.accept("1:a", [Errand("waits", str(out), trouble=("transient",))])
        await until(lambda: Errand.attempts.get("waits.run") == 1)
        await engine.accept("1:b", [Errand("b", str(out))])
        await until(lambda: lines(out) == ["b"])


async def test_attempts_in_one_process_are_limited(running: Running, out: Path) -> None:
    jobs = [Errand(f"j{n}", str(out), installation=n, trouble=("hold",)) for n in range(5)]
    async with running(shares=Shares(attempts=2, poll=0.02)) as engine:
        await engine.accept(KEY, jobs)
        await until(lambda: len(lines(out)) == 2)
        assert len(Errand.running) == 2
        for job in jobs:
            Errand.gates.setdefault(job.name, asyncio.Event()).set()
        await engine.settled(20)


async def test_a_shutdown_lets_a_running_job_finish(running: Running, out: Path) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand("a", str(out), trouble=("hold",))])
        await until(lambda: lines(out) == ["a holds"])

        leaving = asyncio.create_task(engine.shutdown(grace=20))
        await asyncio.sleep(0)
        Errand.gates["a"].set()
        await leaving

    assert lines(out) == ["a holds", "a"]


async def test_what_a_shutdown_had_to_let_go_is_continued_by_the_next_start(
    running: Running, out: Path
) -> None:
    async with running(grace=0) as engine:
        await engine.accept(KEY, [Errand("a", str(out), trouble=("hold",))])
        await until(lambda: lines(out) == ["a holds"])

    async with running() as engine:
        await engine.settled(20)

    assert lines(out) == ["a holds", "a"]


async def test_a_shutdown_does_not_wait_for_a_job_that_waits_itself(
    running: Running, out: Path
) -> None:
    async with running(RetryPolicy(base=1.5), grace=60) as engine:
        await engine.accept(KEY, [Errand("a", str(out), trouble=("transient",))])
        await until(lambda: Errand.attempts.get("a.run") == 1)
        began = time.monotonic()
    assert time.monotonic() - began < 10
    assert lines(out) == []

    async with running() as engine:
        await engine.settled(20)
    assert lines(out) == ["a"]


async def test_jobs_that_had_not_begun_wait_for_the_next_start(
    running: Running, out: Path
) -> None:
    async with running(shares=Shares(per_tenant=1, poll=0.02), grace=0) as engine:
        await engine.accept("1:a", [Errand("a", str(out), trouble=("hold",))])
        await until(lambda: lines(out) == ["a holds"])
        await engine.accept("1:b", [Errand("b", str(out)), Errand("c", str(out))])

    async with running() as engine:
        await engine.settled(20)
    assert sorted(lines(out)) == ["a", "a holds", "b", "c"]


async def test_a_caller_that_gives_up_does_not_undo_what_it_asked_for(
    running: Running, out: Path
) -> None:
    async with running() as engine:
        caller = asyncio.create_task(engine.accept(KEY, [Errand("a", str(out))]))
        await asyncio.sleep(0)
        caller.cancel()
        await until(lambda: lines(out) == ["a"])


async def test_a_shutdown_finishes_what_is_being_accepted(running: Running, out: Path) -> None:
    async with running() as engine:
        asking = asyncio.create_task(engine.accept(KEY, [Errand("a", str(out))]))
        await asyncio.sleep(0)

    assert await asking is Accepted.NEW
    async with running() as engine:
        await engine.settled(20)
    assert lines(out) == ["a"]


async def test_an_engine_that_does_not_run_accepts_nothing(running: Running, out: Path) -> None:
    async with running() as engine:
        pass

    with pytest.raises(EngineClosed):
        await engine.accept(KEY, [Errand("a", str(out))])


async def test_there_is_one_engine_in_a_process(running: Running, url: str) -> None:
    second = DbosEngine(url, kinds=KINDS, bench=BENCH, worker_id="second")
    async with running() as engine:
        with pytest.raises(RuntimeError, match="only one"):
            await second.start()
        await second.shutdown()

        assert (await engine.status()).accepting


async def test_work_that_goes_on_too_long_is_not_settled(running: Running, out: Path) -> None:
    async with running(grace=0) as engine:
        await engine.accept(KEY, [Errand("a", str(out), trouble=("hold",))])

        with pytest.raises(TimeoutError):
            await engine.settled(0.2)


async def test_a_job_of_an_unknown_kind_fails_alone(url: str, out: Path) -> None:
    engine = DbosEngine(url, kinds=[Errand], bench=BENCH, worker_id="test", retry=QUICK)
    await engine.start()
    try:
        await engine.accept(KEY, [Repair("of the future", str(out)), Errand("a", str(out))])
        await engine.settled(20)
        again = await engine.accept(KEY, [Repair("r", str(out)), Errand("a", str(out))])
        await engine.settled(20)
    finally:
        await engine.shutdown()

    assert lines(out) == ["a"]
    assert again is Accepted.RETRIED


async def test_what_is_stored_is_plain_json_and_no_exception_speaks_in_it(
    running: Running, url: str, out: Path
) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand("a", str(out), trouble=("bug",) * 9)])
        await engine.settled(20)

    stored = _payloads(url)
    assert len(stored) >= 6
    assert all(json.loads(text) is not ... for text in stored)
    assert not any("ghs_secret" in text for text in stored)


def _payloads(url: str) -> list[str]:
    columns = {
        "workflow_status": ("inputs", "output", "error"),
        "workflow_input": ("inputs",),
        "workflow_output": ("output", "error"),
        "operation_outputs": ("output", "error"),
    }
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        return [
            text
            for table, names in columns.items()
            for name in names
            for (text,) in connection.execute(
                f"SELECT {name} FROM {table} WHERE {name} IS NOT NULL"  # noqa: S608 - ours
            )
        ]


async def test_what_is_stored_does_not_depend_on_our_sources(
    running: Running, url: str, out: Path
) -> None:
    async with running() as engine:
        await engine.accept(KEY, [Errand("a", str(out))])
        await engine.settled(20)

    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        rows = connection.execute("SELECT DISTINCT application_version FROM workflow_status")
        assert rows.fetchall() == [("1",)]


async def test_the_loop_has_threads_after_a_shutdown(running: Running) -> None:
    async with running():
        pass

    assert await asyncio.to_thread(lambda: "alive") == "alive"
