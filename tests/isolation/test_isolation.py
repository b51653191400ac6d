"""A child that misbehaves hurts its own analysis, and as little of that as possible."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.analysis.errors import UserError
from bot.analysis.finding import FileError
from bot.analysis.request import Content, Fixing, Request, Unreadable
from bot.isolation import fork_client
from bot.isolation.analyser import Analyser, AnalysisFailed, Limits
from bot.isolation.errors import AnalysisTooLarge
from bot.isolation.frames import Task
from tests.isolation.trial import (
    STAND_IN,
    WATCHING,
    Trial,
    alive,
    children_of,
    descriptors_of,
    trial_of,
    until,
)

# Half a minute passes before the last two crash; the limit on native parsers ends them earlier.
CRASHES = {
    "nested parentheses": "x = " + "(" * 2000 + ")" * 2000,
    "attribute chain": "x = a" + ".b" * 20_000,
    "sum": "x = 1" + " + 1" * 10_000,
}
CRASH = f"libcst {CRASHES['nested parentheses']}"
QUICK = Limits(wall_seconds=0.5, file_seconds=0.5)


async def test_a_report_comes_back_whole(trial: Trial) -> None:
    report = await trial.check(a="", b="")

    assert report.checked == ("a", "b")
    assert report.findings[0].code == "AWT103"
    assert trial.asked == [frozenset({"a", "b"})]


async def test_a_lone_surrogate_in_a_message_is_written_out(trial: Trial) -> None:
    report = await trial.check(a="")

    assert report.findings[0].message == r"\ud800 é"


async def test_a_plan_comes_back_with_bytes(trial: Trial) -> None:
    trial.contents["a"] = b"\xff\0raw"

    plan = await trial.analyser.plan_fixes(
        Request(("a",), named=("a",), fixing=Fixing.SAFE), trial.fetch
    )

    assert plan.files == {"a": b"fixed \xff\0raw"}
    assert plan.before.checked == ("a",)


async def test_contents_of_many_mebibytes_arrive_in_pieces(trial: Trial) -> None:
    names = tuple(f"f{number}" for number in range(12))
    trial.contents |= dict.fromkeys(names, b"x" * 1024 * 1024)

    plan = await trial.analyser.plan_fixes(Request(names, named=names), trial.fetch)

    assert {len(content) for content in plan.files.values()} == {1024 * 1024 + len("fixed ")}


async def test_parts_of_a_tree_are_checked_by_one_child_until_it_has_read_a_lot(
    trial: Trial,
) -> None:
    trial.contents |= dict.fromkeys("abcd", b"pid") | {"large": b" " * (16 * 1024 * 1024)}
    named = (("a",), ("b", "large"), ("c",), ("d",))
    parts = [Request(tuple(trial.contents), named=one) for one in named]

    reports = await trial.analyser.check_parts(iter(parts), trial.fetch)

    before, last, after, later = (report.notes[0] for report in reports)
    assert before == last != after == later


async def test_what_is_missing_or_unreadable_arrives_as_such(trial: Trial) -> None:
    trial.contents["dark"] = Unreadable("too large")

    report = await trial.check(a="more absent", b="more dark")

    assert set(report.notes) >= {"absent=None", "dark=Unreadable(reason='too large')"}


@pytest.mark.parametrize("source", CRASHES.values(), ids=CRASHES)
async def test_a_file_that_crashes_libcst_is_left_out_and_the_others_are_checked(
    source: str,
) -> None:
    async with trial_of(Limits(file_seconds=1)) as trial:
        report = await trial.check(bad=f"libcst {source}", good="libcst x = 1")

    assert report.checked == ("good",)
    assert report.errors == (FileError("bad", "quarantined"),)


async def test_two_files_that_crash_libcst_are_left_out_one_after_the_other(trial: Trial) -> None:
    report = await trial.check(one=CRASH, good="", two=CRASH)

    assert report.checked == ("good",)
    assert {error.path for error in report.errors} == {"one", "two"}
    assert trial.asked == [frozenset({"one", "good", "two"})], "nothing is fetched twice"


async def test_a_file_that_keeps_a_native_parser_busy_is_left_out() -> None:
    async with trial_of(Limits(file_seconds=0.3)) as trial:
        report = await trial.check(bad="sleep announced", good="")

    assert report.checked == ("good",)


@pytest.mark.skipif(sys.platform != "linux", reason="nobody tells of processor time")
async def test_a_file_that_gets_no_processor_has_more_time() -> None:
    async with trial_of(Limits(file_seconds=0.3)) as trial:
        report = await trial.check(one="get-no-processor 0.7", other="")

    assert report.checked == ("one", "other")


async def test_a_file_that_uses_the_processor_has_no_more_time() -> None:
    async with trial_of(Limits(wall_seconds=600, file_seconds=0.3)) as trial:
        report = await trial.check(bad="endless announced", good="")

    assert report.checked == ("good",)


async def test_a_file_that_eats_all_memory_in_a_native_parser_is_left_out() -> None:
    async with trial_of(Limits(memory_bytes=512 * 1024 * 1024)) as trial:
        report = await trial.check(bad="bomb announced", good="")

    assert report.checked == ("good",)


async def test_an_analysis_without_end_is_stopped() -> None:
    async with trial_of(QUICK) as trial:
        with pytest.raises(AnalysisTooLarge, match=r"took longer than 0\.5 seconds"):
            await trial.check(a="endless")


async def test_processor_time_is_bounded_by_the_kernel() -> None:
    async with trial_of(Limits(cpu_seconds=1)) as trial:
        with pytest.raises(AnalysisTooLarge, match="took longer than 1 seconds"):
            await trial.check(a="endless")


async def test_time_spent_fetching_is_not_on_the_analysis_account() -> None:
    async with trial_of(Limits(wall_seconds=0.4)) as trial:
        released = asyncio.Event()

        async def fetch(paths: frozenset[str]) -> Mapping[str, Content]:
            asyncio.get_running_loop().call_later(0.6, released.set)
            await released.wait()
            return dict.fromkeys(paths, b"")

        report = await trial.analyser.analyse(Request(("a",), named=("a",)), fetch)

    assert report.checked == ("a",)


async def test_a_memory_bomb_ends_in_words() -> None:
    async with trial_of(Limits(memory_bytes=512 * 1024 * 1024)) as trial:
        with pytest.raises(AnalysisTooLarge, match="more than 512 MiB of memory"):
            await trial.check(a="bomb")


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("abort", r"crashed \(SIGABRT\)"),
        ("segfault", r"crashed \(SIGSEGV\)"),
        ("kill", "killed, probably for want of memory"),
        ("exit", "ended without an answer"),
    ],
)
async def test_a_death_without_a_culprit_fails_the_analysis(
    trial: Trial, how: str, reason: str
) -> None:
    with pytest.raises(AnalysisFailed, match=reason):
        await trial.check(a=f"die {how}")

    assert (await trial.check(a="")).checked == ("a",)


async def test_a_bug_brings_its_traceback_for_the_log(trial: Trial) -> None:
    with pytest.raises(AnalysisFailed, match="a bug of awaited") as caught:
        await trial.check(a="bug")

    assert "KeyError: 'a bug'" in caught.value.detail
    assert "KeyError" not in caught.value.reason


async def test_what_a_user_can_repair_comes_back_as_that(trial: Trial) -> None:
    with pytest.raises(UserError, match=r"say it in pyproject\.toml"):
        await trial.check(a="user say it in pyproject.toml")


@pytest.mark.parametrize(
    ("verb", "reason"),
    [("nonsense", "no sensible answer"), ("too-much", "answer without end")],
)
async def test_a_child_that_speaks_nonsense_fails(trial: Trial, verb: str, reason: str) -> None:
    with pytest.raises(AnalysisFailed, match=reason):
        await trial.check(a=verb)


async def test_a_child_that_asks_without_end_fails(trial: Trial) -> None:
    with pytest.raises(AnalysisFailed, match="asked for files without end"):
        await trial.check(a="more forever")


async def test_an_answer_to_another_question_is_refused() -> None:
    swapped = {Task.ANALYSE: STAND_IN[Task.PLAN_FIXES], Task.PLAN_FIXES: STAND_IN[Task.ANALYSE]}
    async with trial_of(generators=swapped) as trial:
        with pytest.raises(AnalysisFailed, match="what it was not asked"):
            await trial.check(a="")
        with pytest.raises(AnalysisFailed, match="what it was not asked"):
            await trial.analyser.plan_fixes(Request(()), trial.fetch)


async def test_a_failing_fetch_ends_the_analysis_with_its_own_error(trial: Trial) -> None:
    async def fetch(paths: frozenset[str]) -> Mapping[str, Content]:
        raise ConnectionAbortedError(*paths)

    with pytest.raises(ConnectionAbortedError):
        await trial.analyser.analyse(Request(("a",), named=("a",)), fetch)

    await until(lambda: children_of(trial.server) == [])


async def test_at_most_twenty_files_are_left_out(trial: Trial) -> None:
    files = {f"bad{number:02}": CRASH for number in range(21)}

    with pytest.raises(AnalysisFailed, match="crashed"):
        await trial.check(**files)


async def test_a_culprit_that_was_left_out_already_fails_the_analysis(trial: Trial) -> None:
    request = Request(("a", "b"), named=("a",), quarantined=("b",))
    trial.contents["a"] = b"blame b"

    with pytest.raises(AnalysisFailed, match="SIGABRT"):
        await trial.analyser.analyse(request, trial.fetch)


async def test_the_child_has_nothing_of_its_parent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWAITED_PRIVATE_KEY", "secret")
    monkeypatch.setenv("LD_LIBRARY_PATH", "/nowhere")
    secret = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(secret, True)  # noqa: FBT003 - as the standard library has it
    try:
        async with trial_of() as trial:
            has = json.loads(await trial.note("has"))
    finally:
        os.close(secret)

    assert has["environment"].keys() - WATCHING <= {"LD_LIBRARY_PATH", "LC_CTYPE"}
    assert has["isolated"] == 1
    assert has["cwd"] == "/"
    assert has["session"]
    assert has["descriptors"] == [0, 1, 2, 3]


async def test_a_forked_forkserver_has_nothing_of_its_parent_either(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWAITED_PRIVATE_KEY", "secret")
    secret = os.open(__file__, os.O_RDONLY)
    os.set_inheritable(secret, True)  # noqa: FBT003 - as the standard library has it
    try:
        async with trial_of(forks=True) as trial:
            has = json.loads(await trial.note("has"))
    finally:
        os.close(secret)

    assert has["environment"].keys() - WATCHING <= {"LC_CTYPE"}
    assert has["cwd"] == "/"
    assert has["session"]
    assert has["descriptors"] == [0, 1, 2, 3]


async def test_a_forked_forkserver_that_died_is_replaced_by_a_started_one() -> None:
    async with trial_of(forks=True) as trial:
        first = trial.server
        os.kill(first, signal.SIGKILL)

        assert (await trial.check(a="")).checked == ("a",)
        assert trial.server != first
        assert first not in children_of(os.getpid()), "it was reaped"


async def test_the_child_imports_from_where_its_parent_does_but_never_from_relative_places(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "path", ["", "relative", *sys.path])

    async with trial_of() as trial:
        has = json.loads(await trial.note("has"))

    assert has["path"] == [entry for entry in sys.path if entry.startswith("/")]


async def test_the_child_cannot_write_a_file(trial: Trial, tmp_path: Path) -> None:
    target = tmp_path / "written"

    with pytest.raises(AnalysisFailed):
        await trial.check(a=f"write {target}")

    assert not target.exists() or target.read_bytes() == b""


async def test_what_a_child_has_started_dies_with_it() -> None:
    async with trial_of(Limits(processes=10_000)) as trial:
        pid = int((await trial.note("grandchild")).removeprefix("pid "))

        await until(lambda: not alive(pid))


async def test_cancelling_the_waiting_task_kills_the_child(trial: Trial) -> None:
    waiting = asyncio.create_task(trial.check(a="sleep"))
    await until(lambda: len(children_of(trial.server)) == 1)
    (child,) = children_of(trial.server)

    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting

    await until(lambda: not alive(child))
    await until(lambda: children_of(trial.server) == [])


async def test_closing_ends_every_process() -> None:
    async with trial_of() as trial:
        server = trial.server
        waiting = asyncio.create_task(trial.check(a="endless"))
        await until(lambda: len(children_of(server)) == 1)
        (child,) = children_of(server)
        await trial.analyser.close()

        with pytest.raises(AnalysisFailed, match="could not be kept running"):
            await waiting

    await until(lambda: not alive(child))
    assert not alive(server)


async def test_analyses_in_a_closed_analyser_fail() -> None:
    async with trial_of() as trial:
        await trial.analyser.close()

        with pytest.raises(AnalysisFailed):
            await trial.check(a="")


async def test_a_forkserver_that_died_is_replaced(trial: Trial) -> None:
    first = trial.server
    os.kill(first, signal.SIGKILL)

    assert (await trial.check(a="")).checked == ("a",)
    assert trial.server != first
    assert first not in children_of(os.getpid()), "it was reaped"


async def test_an_analysis_survives_the_death_of_its_forkserver(
    trial: Trial, tmp_path: Path
) -> None:
    marker = tmp_path / "came-before"
    waiting = asyncio.create_task(trial.check(a=f"kill-server-once {marker}"))
    first = trial.server
    await until(lambda: not alive(first))
    marker.touch()

    assert (await waiting).notes == ("second",)


async def test_an_analysis_that_kills_every_forkserver_fails(trial: Trial) -> None:
    with pytest.raises(AnalysisFailed, match="could not be kept running"):
        await trial.check(a="kill-server")

    assert (await trial.check(a="")).checked == ("a",)


async def test_a_forkserver_that_cannot_start_says_why() -> None:
    async with trial_of(generators={Task.ANALYSE: "no.such.module:at_all"}) as trial:
        with pytest.raises(AnalysisFailed) as caught:
            await trial.check(a="")

    assert "ModuleNotFoundError" in caught.value.detail


async def test_a_forkserver_whose_end_is_not_known_yet_is_replaced(trial: Trial) -> None:
    client = trial.analyser._server
    assert client is not None
    os.kill(trial.server, signal.SIGKILL)
    client.process.wait()  # without giving the event loop a turn

    assert (await trial.check(a="")).checked == ("a",)


async def test_a_forkserver_that_cannot_fork_says_why() -> None:
    async with trial_of(generators={Task.ANALYSE: "no_fork:analyse"}) as trial:
        with pytest.raises(AnalysisFailed, match="no process could be started") as caught:
            await trial.check(a="")

    assert caught.value.detail == "Resource temporarily unavailable"


async def test_a_forkserver_that_does_not_answer_is_not_waited_for_for_ever(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fork_client, "_START_SECONDS", 0.1)
    monkeypatch.setattr(fork_client, "_END_SECONDS", 0.1)
    os.kill(trial.server, signal.SIGSTOP)

    with pytest.raises(AnalysisFailed, match=r"no process was started within 0\.1 seconds"):
        await trial.check(a="")
    await trial.analyser.close()

    assert not alive(trial.server)


async def test_an_analyser_that_was_never_opened_can_be_closed() -> None:
    await Analyser().close()


async def test_fifty_analyses_leave_no_descriptor_and_no_process_behind(trial: Trial) -> None:
    await trial.check(a="")
    ours, theirs = descriptors_of(os.getpid()), descriptors_of(trial.server)
    verbs = ["", "die abort", "bug", "user x", "die exit"] * 10

    results = await asyncio.gather(
        *(trial.check(**{f"{number}": verb}) for number, verb in enumerate(verbs)),
        return_exceptions=True,
    )

    assert sum(isinstance(result, AnalysisFailed) for result in results) == 30
    await until(lambda: children_of(trial.server) == [])
    assert descriptors_of(os.getpid()) == ours
    assert descriptors_of(trial.server) == theirs


async def test_no_more_children_run_at_once_than_there_are_processors(trial: Trial) -> None:
    limit = os.cpu_count() or 1
    waiting = [asyncio.create_task(trial.check(a="sleep")) for _ in range(limit + 2)]
    await until(lambda: len(children_of(trial.server)) == limit)
    started = trial.analyser._server
    assert started is not None

    assert started.forked == limit
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def test_start_is_all_that_a_service_needs() -> None:
    analyser = await Analyser.start()
    try:
        assert analyser._server is not None
    finally:
        await analyser.close()
