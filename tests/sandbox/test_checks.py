"""Check runs: their limits, their suites, and the events that they send."""

from typing import Any

import pytest

from tests.sandbox.shop import FULL, Client, Shop, app_jwt

ANNOTATION = {
    "path": "a.txt",
    "start_line": 1,
    "end_line": 1,
    "annotation_level": "failure",
    "message": "Never awaited",
}


@pytest.fixture
async def client(shop: Shop) -> Client:
    return await shop.installed(checks="write")


def run_body(shop: Shop, **more: Any) -> dict[str, Any]:
    return {"name": "awaited", "head_sha": shop.repository.head("main")} | more


async def create(shop: Shop, client: Client, **more: Any) -> dict[str, Any]:
    created: dict[str, Any] = await client.post(f"{shop.path}/check-runs", run_body(shop, **more))
    return created


async def test_a_new_run_is_queued_and_keeps_what_it_was_given(shop: Shop, client: Client) -> None:
    run = await create(shop, client, external_id="job-1")

    assert (run["status"], run["conclusion"], run["external_id"]) == ("queued", None, "job-1")
    assert await client.get(f"{shop.path}/check-runs/{run['id']}") == run


async def test_a_conclusion_completes_a_run(shop: Shop, client: Client) -> None:
    run = await create(shop, client, status="in_progress")

    answer = await client.ask(
        "PATCH", f"{shop.path}/check-runs/{run['id']}", {"conclusion": "success"}
    )

    assert (answer.body["status"], answer.body["conclusion"]) == ("completed", "success")
    assert answer.body["completed_at"] is not None


async def test_a_completed_run_can_be_opened_again(shop: Shop, client: Client) -> None:
    run = await create(shop, client, conclusion="failure")

    answer = await client.ask(
        "PATCH", f"{shop.path}/check-runs/{run['id']}", {"status": "in_progress"}
    )

    assert (answer.body["conclusion"], answer.body["completed_at"]) == (None, None)


async def test_a_completed_run_keeps_its_conclusion_when_its_text_changes(
    shop: Shop, client: Client
) -> None:
    run = await create(shop, client, conclusion="failure")

    answer = await client.ask(
        "PATCH", f"{shop.path}/check-runs/{run['id']}", {"output": {"summary": "Later"}}
    )

    assert (answer.body["conclusion"], answer.body["output"]["summary"]) == ("failure", "Later")


async def test_annotations_are_appended(shop: Shop, client: Client) -> None:
    run = await create(shop, client)
    output = {"title": "t", "summary": "s", "annotations": [ANNOTATION] * 50}

    for _ in range(2):
        await client.ask("PATCH", f"{shop.path}/check-runs/{run['id']}", {"output": output})

    first = await client.ask("GET", f"{shop.path}/check-runs/{run['id']}/annotations?per_page=60")
    second = await client.get(f"{shop.path}/check-runs/{run['id']}/annotations?per_page=60&page=2")
    assert (len(first.body), len(second)) == (60, 40)
    assert 'rel="next"' in first.headers["link"]
    assert first.body[0]["message"] == "Never awaited"
    assert first.body[0]["title"] is None


async def test_a_run_on_an_unknown_commit_is_refused(shop: Shop, client: Client) -> None:
    body = run_body(shop, head_sha="0" * 40)

    answer = await client.ask("POST", f"{shop.path}/check-runs", body)

    assert (answer.status, answer.body["message"]) == (422, f"No commit found for SHA: {'0' * 40}")


def output(**more: Any) -> dict[str, Any]:
    return {"output": {"title": "t", "summary": "s"} | more}


def button(**more: Any) -> dict[str, Any]:
    return {"label": "Fix it", "description": "Commit the fixes", "identifier": "fix"} | more


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "completed"},
        {"conclusion": "green"},
        {"conclusion": "stale"},
        {"concluson": "success"},
        {"started_at": "yesterday"},
        output(annotations=[ANNOTATION] * 51),
        output(annotations=[ANNOTATION | {"annotation_level": "error"}]),
        output(annotations=[ANNOTATION | {"start_line": "1"}]),
        output(annotations=[ANNOTATION | {"colour": "red"}]),
        output(summary="x" * 65_536),
        output(text="x" * 65_536),
        {"output": {"title": "t"}},
        {"actions": [button()] * 4},
        {"actions": [button(label="x" * 21)]},
        {"actions": [button(description="x" * 41)]},
        {"actions": [button(identifier="x" * 21)]},
    ],
)
async def test_what_the_descriptions_forbid_is_refused_and_is_a_violation(
    shop: Shop, client: Client, wrong: dict[str, Any]
) -> None:
    answer = await client.ask("POST", f"{shop.path}/check-runs", run_body(shop, **wrong))

    assert answer.status == 422
    assert shop.repository.runs == {}
    assert [one.subject for one in shop.github.referee.forgive()] == ["checks/create"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"start_line": 3, "end_line": 2}, "Lines 3-2 are not a range."),
        ({"start_line": 0, "end_line": 0}, "Lines 0-0 are not a range."),
        (
            {"start_line": 1, "end_line": 2, "start_column": 1},
            "Columns are for annotations within one line.",
        ),
        ({"title": "x" * 256}, "An annotation's title has at most 255 characters."),
        ({"message": "x" * 65_537}, "An annotation's message has at most 64 KB."),
        ({"raw_details": "é" * 32_769}, "An annotation's raw_details has at most 64 KB."),
    ],
)
async def test_what_the_descriptions_do_not_say_is_refused_too(
    shop: Shop, client: Client, wrong: dict[str, Any], message: str
) -> None:
    body = run_body(shop, **output(annotations=[ANNOTATION | wrong]))

    answer = await client.ask("POST", f"{shop.path}/check-runs", body)

    assert (answer.status, answer.body["errors"]) == (422, [message])
    assert shop.repository.runs == {}


async def test_text_of_the_longest_allowed_length_is_taken(shop: Shop, client: Client) -> None:
    run = await create(shop, client, **output(summary="é" * 65_535))

    assert len(run["output"]["summary"]) == 65_535


async def test_one_app_has_one_suite_per_commit(shop: Shop, client: Client) -> None:
    one = await create(shop, client, conclusion="success")
    other = await create(shop, client, name="other")

    suites = await client.get(f"{shop.path}/commits/main/check-suites")

    assert one["check_suite"] == other["check_suite"]
    assert [suite["id"] for suite in suites["check_suites"]] == [one["check_suite"]["id"]]
    assert suites["check_suites"][0]["status"] == "in_progress"
    assert suites["check_suites"][0]["head_branch"] == "main"


async def test_suites_are_found_by_app_and_by_the_name_of_a_run(
    shop: Shop, client: Client
) -> None:
    run = await create(shop, client)
    path = f"{shop.path}/commits/main/check-suites"

    assert (await client.get(f"{path}?app_id={shop.app.id}"))["total_count"] == 1
    assert (await client.get(f"{path}?app_id=1"))["total_count"] == 0
    assert (await client.get(f"{path}?check_name=awaited"))["total_count"] == 1
    assert (await client.get(f"{path}?check_name=other"))["total_count"] == 0
    found = await client.get(f"{shop.path}/check-suites/{run['check_suite']['id']}")
    assert found["latest_check_runs_count"] == 1


@pytest.mark.parametrize(
    ("conclusions", "expected"),
    [
        (["success", "failure"], "failure"),
        (["success", "neutral"], "success"),
        (["neutral", "skipped"], "neutral"),
        (["cancelled", "success"], "cancelled"),
    ],
)
async def test_a_suite_ends_as_its_runs_do(
    shop: Shop, client: Client, conclusions: list[str], expected: str
) -> None:
    for number, conclusion in enumerate(conclusions):
        await create(shop, client, name=f"run {number}", conclusion=conclusion)

    suites = await client.get(f"{shop.path}/commits/main/check-suites")

    assert suites["check_suites"][0]["conclusion"] == expected


async def test_the_runs_on_a_commit_are_listed_newest_of_each_name(
    shop: Shop, client: Client
) -> None:
    old = await create(shop, client, external_id="old")
    new = await create(shop, client, external_id="new", conclusion="success")
    other = await create(shop, client, name="other")
    path = f"{shop.path}/commits/main/check-runs"

    async def ids(query: str) -> list[int]:
        return [run["id"] for run in (await client.get(path + query))["check_runs"]]

    assert await ids("") == [other["id"], new["id"]]
    assert await ids("?filter=all") == [other["id"], new["id"], old["id"]]
    assert await ids("?check_name=awaited&filter=all") == [new["id"], old["id"]]
    assert await ids("?status=completed&filter=all") == [new["id"]]
    assert await ids("?app_id=1") == []


async def test_an_app_changes_only_its_own_runs(shop: Shop, client: Client) -> None:
    run = await create(shop, client)
    other = shop.github.create_app("other", permissions=FULL, events=())
    installed = shop.github.install(other, shop.repository)
    path = f"/app/installations/{installed}/access_tokens"
    token = (await shop.client(app_jwt(other)).post(path))["token"]

    answer = await shop.client(token).ask(
        "PATCH", f"{shop.path}/check-runs/{run['id']}", {"conclusion": "success"}
    )

    assert answer.status == 403
    assert shop.repository.runs[run["id"]].conclusion is None


async def test_a_run_that_is_not_there_is_not_found(shop: Shop, client: Client) -> None:
    assert (await client.ask("GET", f"{shop.path}/check-runs/1")).status == 404


async def test_a_run_names_the_pull_requests_of_its_own_repository(
    shop: Shop, client: Client
) -> None:
    pull = await shop.pull()

    run = await create(shop, client, head_sha=pull.head_sha)

    assert [one["number"] for one in run["pull_requests"]] == [1]


async def test_a_run_on_a_forks_head_names_no_pull_request(shop: Shop, client: Client) -> None:
    bob = shop.github.create_user("bob")
    fork = shop.github.fork(shop.repository, "bob")
    await shop.github.push(fork, "theirs", {"c.txt": "c"}, bob)
    pull = await shop.github.open_pull_request(shop.repository, head="bob:theirs", user=bob)

    run = await create(shop, client, head_sha=pull.head_sha, conclusion="neutral")

    assert run["pull_requests"] == []
    await shop.github.settled()
    event = shop.receiver.only("check_run.completed")
    assert event["check_run"]["pull_requests"] == []
    assert event["check_run"]["check_suite"]["head_branch"] is None


async def test_events_tell_of_a_run_from_its_creation_to_its_end(
    shop: Shop, client: Client
) -> None:
    run = await create(shop, client)
    await client.ask("PATCH", f"{shop.path}/check-runs/{run['id']}", {"conclusion": "success"})
    await client.ask("PATCH", f"{shop.path}/check-runs/{run['id']}", {"conclusion": "failure"})

    await shop.github.settled()

    assert shop.events[1:] == [
        "check_run.created",
        "check_run.completed",
        "check_suite.completed",
    ]
    assert shop.sent[1]["sender"]["type"] == "Bot"


async def test_a_button_sends_its_identifier_to_the_runs_app(shop: Shop, client: Client) -> None:
    run = await create(shop, client, conclusion="failure", actions=[button()])

    await shop.github.press_button(shop.repository, run["id"], "fix", shop.alice)

    await shop.github.settled()
    event = shop.receiver.only("check_run.requested_action")
    assert event["requested_action"] == {"identifier": "fix"}
    assert event["sender"]["login"] == "alice"


async def test_a_button_that_is_not_there_cannot_be_pressed(shop: Shop, client: Client) -> None:
    run = await create(shop, client, conclusion="failure")

    with pytest.raises(Exception, match="404: Not Found"):
        await shop.github.press_button(shop.repository, run["id"], "fix", shop.alice)


async def test_rerunning_asks_the_app_and_leaves_the_run_as_it_is(
    shop: Shop, client: Client
) -> None:
    run = await create(shop, client, conclusion="failure")

    await shop.github.rerun(shop.repository, run["id"], shop.alice)
    await shop.github.rerun_all(shop.repository, run["check_suite"]["id"], shop.alice)

    await shop.github.settled()
    assert shop.events[-2:] == ["check_run.rerequested", "check_suite.rerequested"]
    assert shop.github.check_runs(shop.repository, run["head_sha"])[0].conclusion == "failure"
