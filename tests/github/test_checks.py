"""Check runs: one run, each annotation once, whatever happens to requests and answers."""

import pytest

from bot.analysis.finding import Severity
from bot.github.checks import CheckRunHandle
from bot.github.errors import Forbidden, Gone, Transient, UnexpectedAnswer
from bot.github.gateway import RepositoryGateway
from bot.report.check_run import CHECK_NAME, Action, Annotation, CheckRun, Conclusion
from bot.sandbox.faults import Fault, Kind
from bot.sandbox.model import CheckRun as StoredRun
from tests.github.faults import every_fault, fault
from tests.github.shop import Shop
from tests.github.stub import Answer, Stub

CREATE, UPDATE = "POST .*/check-runs$", "PATCH .*/check-runs/"


def annotation(number: int) -> Annotation:
    return Annotation(
        path="tests/test_cart.py",
        start_line=number,
        end_line=number,
        level=Severity.FAILURE,
        message=f"Problem {number}",
        title="",
    )


def verdict(annotations: int = 0) -> CheckRun:
    return CheckRun(
        Conclusion.FAILURE,
        title="It won't run",
        summary="| a | table |",
        annotations=tuple(map(annotation, range(1, annotations + 1))),
        actions=(Action("Fix it", "Commit the safe fixes", "fix:abc"),),
    )


def only_run(shop: Shop, head: str) -> StoredRun:
    (run,) = shop.github.check_runs(shop.repository, head)
    return run


def shown(run: StoredRun) -> list[str]:
    return [str(one["message"]) for one in run.annotations]


async def opened(shop: Shop) -> tuple[str, RepositoryGateway]:
    pull = await shop.pull()
    return pull.head_sha, await shop.gateway()


# The usual way


async def test_a_check_run_is_started_and_completed_in_two_requests(shop: Shop) -> None:
    head, gateway = await opened(shop)
    shop.github.requests.clear()

    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    started = only_run(shop, head)
    assert (started.name, started.status, started.external_id) == ("awaited", "in_progress", "x")
    assert started.id == handle.id
    await gateway.complete_check_run(handle, verdict(annotations=3))

    run = only_run(shop, head)
    assert (run.status, run.conclusion) == ("completed", "failure")
    assert (run.title, run.summary) == ("It won't run", "| a | table |")
    assert shown(run) == ["Problem 1", "Problem 2", "Problem 3"]
    assert run.actions == [
        {"label": "Fix it", "description": "Commit the safe fixes", "identifier": "fix:abc"}
    ]
    assert shop.github.requests == {"checks/create": 1, "checks/update": 1}


async def test_an_annotation_is_sent_whole(shop: Shop) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    whole = Annotation("a b/ü.py", 3, 3, Severity.NOTICE, "Say", "Title", 5, 9)
    wide = Annotation("b.py", 3, 7, Severity.WARNING, "Say", "Title")

    await gateway.complete_check_run(
        handle, CheckRun(Conclusion.NEUTRAL, "t", "s", annotations=(whole, wide))
    )

    assert only_run(shop, head).annotations == [
        {
            "path": "a b/ü.py",
            "start_line": 3,
            "end_line": 3,
            "start_column": 5,
            "end_column": 9,
            "annotation_level": "notice",
            "title": "Title",
            "message": "Say",
        },
        {
            "path": "b.py",
            "start_line": 3,
            "end_line": 7,
            "annotation_level": "warning",
            "title": "Title",
            "message": "Say",
        },
    ]


@pytest.mark.parametrize(
    ("count", "requests"), [(0, 1), (1, 1), (50, 1), (51, 2), (100, 2), (101, 3), (249, 5)]
)
async def test_annotations_go_in_batches_of_fifty(shop: Shop, count: int, requests: int) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)

    await gateway.complete_check_run(handle, verdict(count))

    run = only_run(shop, head)
    assert shown(run) == [f"Problem {number}" for number in range(1, count + 1)]
    assert run.conclusion == "failure"
    assert shop.github.requests["checks/update"] == requests


async def test_a_run_is_completed_by_its_last_batch_only(shop: Shop) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    shop.github.faults.add(Fault(UPDATE, "slow"))
    shop.github.faults.add(Fault(UPDATE, "status", status=422))

    with pytest.raises(UnexpectedAnswer):
        await gateway.complete_check_run(handle, verdict(60))

    run = only_run(shop, head)
    assert (run.status, run.conclusion) == ("in_progress", None)
    assert len(run.annotations) == 50


async def test_a_run_can_be_cancelled(shop: Shop) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x")

    await gateway.cancel_check_run(handle.id, "A newer commit came.")

    run = only_run(shop, head)
    assert (run.status, run.conclusion) == ("completed", "cancelled")
    assert run.summary == "A newer commit came."


async def test_runs_of_a_commit_are_the_app_s_own_of_that_name(shop: Shop) -> None:
    head, gateway = await opened(shop)
    await gateway.start_check_run(head, external_id="x")
    again = await gateway.start_check_run(head, external_id="y")
    await gateway.complete_check_run(again, verdict())
    await gateway.start_check_run(head, name="another", external_id="z")
    stranger = shop.github.create_app("stranger", permissions={"checks": "write"}, events=[])
    suite = shop.github.activity.suite(shop.repository, stranger, head)
    foreign = StoredRun(shop.github.world.next_id(), suite, CHECK_NAME, "2026-01-01T00:00:00Z")
    foreign.external_id = "x"
    shop.repository.runs[foreign.id] = foreign

    runs = await gateway.check_runs(head)

    assert {run.external_id: run.is_completed for run in runs} == {"x": False, "y": True}
    assert foreign.id not in {run.id for run in runs}
    assert (await gateway.check_run(again.id)).conclusion == "failure"


async def test_more_runs_than_a_page_are_all_found(shop: Shop) -> None:
    head, gateway = await opened(shop)
    for number in range(101):
        await gateway.start_check_run(head, external_id=str(number), fresh=True)

    found = await gateway.start_check_run(head, external_id="0")

    assert len(shop.github.check_runs(shop.repository, head)) == 101
    assert (await gateway.check_run(found.id)).external_id == "0"


async def test_a_run_on_a_commit_that_is_gone_is_not_started(shop: Shop) -> None:
    gateway = await shop.gateway()

    with pytest.raises(Gone):
        await gateway.start_check_run("0" * 40, external_id="x", fresh=True)
    with pytest.raises(Gone):
        await gateway.start_check_run("0" * 40, external_id="x")


async def test_a_run_that_is_not_there_is_gone(shop: Shop) -> None:
    gateway = await shop.gateway()

    with pytest.raises(Gone):
        await gateway.complete_check_run(CheckRunHandle(4711, "x"), verdict())
    with pytest.raises(Gone):
        await gateway.check_run(4711)


async def test_another_app_s_run_cannot_be_completed(shop: Shop) -> None:
    head, gateway = await opened(shop)
    stranger = shop.github.create_app("stranger", permissions={"checks": "write"}, events=[])
    suite = shop.github.activity.suite(shop.repository, stranger, head)
    foreign = StoredRun(shop.github.world.next_id(), suite, CHECK_NAME, "2026-01-01T00:00:00Z")
    shop.repository.runs[foreign.id] = foreign

    with pytest.raises(Forbidden):
        await gateway.complete_check_run(CheckRunHandle(foreign.id, "x"), verdict())


# Trouble on the way


@every_fault
async def test_a_fault_makes_no_second_check_run(
    shop: Shop, kind: Kind, details: dict[str, int | float]
) -> None:
    head, gateway = await opened(shop)
    shop.github.faults.add(fault(CREATE, kind, details))

    handle = await gateway.start_check_run(head, external_id="x", fresh=True)

    assert only_run(shop, head).id == handle.id
    assert shop.github.faults.happened


@every_fault
@pytest.mark.parametrize("count", [0, 3, 120])
async def test_a_fault_shows_no_annotation_twice(
    shop: Shop, kind: Kind, details: dict[str, int | float], count: int
) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    shop.github.faults.add(fault(UPDATE, kind, details))

    await gateway.complete_check_run(handle, verdict(count))

    run = only_run(shop, head)
    assert shown(run) == [f"Problem {number}" for number in range(1, count + 1)]
    assert (run.status, run.conclusion) == ("completed", "failure")
    assert shop.github.faults.happened


@every_fault
async def test_a_fault_does_not_keep_a_run_from_being_cancelled(
    shop: Shop, kind: Kind, details: dict[str, int | float]
) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    shop.github.faults.add(fault(UPDATE, kind, details))

    await gateway.cancel_check_run(handle.id, "x")

    assert only_run(shop, head).conclusion == "cancelled"


async def test_a_run_that_an_earlier_attempt_made_is_found(shop: Shop) -> None:
    head, gateway = await opened(shop)
    shop.github.faults.add(Fault(CREATE, "lost-reply", times=9))
    shop.github.faults.add(Fault("GET .*/check-runs$", "drop", times=20))
    with pytest.raises(Transient):
        await gateway.start_check_run(head, external_id="x", fresh=True)
    del shop.github.faults._waiting[:]

    # The job is done again, perhaps by another process.
    later = await shop.gateway()
    handle = await later.start_check_run(head, external_id="x")
    await later.complete_check_run(handle, verdict(3))

    assert only_run(shop, head).id == handle.id
    assert len(only_run(shop, head).annotations) == 3


async def test_a_job_that_died_between_batches_goes_on_where_it_was(shop: Shop) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    shop.github.faults.add(Fault(UPDATE, "slow"))
    shop.github.faults.add(Fault(UPDATE, "status", status=500, times=9))
    with pytest.raises(Transient):
        await gateway.complete_check_run(handle, verdict(120))
    del shop.github.faults._waiting[:]
    assert len(only_run(shop, head).annotations) == 50

    await gateway.complete_check_run(CheckRunHandle(handle.id, "x"), verdict(120))

    assert shown(only_run(shop, head)) == [f"Problem {number}" for number in range(1, 121)]


async def test_completing_twice_shows_nothing_twice(shop: Shop) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    await gateway.complete_check_run(handle, verdict(70))

    await gateway.complete_check_run(CheckRunHandle(handle.id, "x"), verdict(70))

    assert len(only_run(shop, head).annotations) == 70
    assert only_run(shop, head).conclusion == "failure"


async def test_a_verdict_with_fewer_annotations_than_are_there_still_counts(shop: Shop) -> None:
    head, gateway = await opened(shop)
    handle = await gateway.start_check_run(head, external_id="x", fresh=True)
    await gateway.complete_check_run(handle, verdict(5))

    clean = CheckRun(Conclusion.SUCCESS, "Fine", "Nothing.")
    await gateway.complete_check_run(CheckRunHandle(handle.id, "x"), clean)

    assert only_run(shop, head).conclusion == "success"


async def test_of_runs_that_are_known_alike_the_newest_counts(
    gateway: RepositoryGateway, stub: Stub
) -> None:
    run = {"name": "awaited", "head_sha": "a" * 40, "status": "queued", "external_id": "x"}
    runs = [run | {"id": number, "app": {"id": 7}} for number in (2, 3, 1)]
    stub.answers = [Answer({"check_runs": runs})]

    assert (await gateway.start_check_run("a" * 40, external_id="x")).id == 3
