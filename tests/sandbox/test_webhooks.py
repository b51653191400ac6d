"""Deliveries: signed, recorded, sent once, and again only when asked to."""

import hashlib
import hmac
import json

import pytest

from bot.sandbox import deliveries
from bot.sandbox.faults import Fault
from bot.sandbox.github import GitHub
from tests.sandbox.shop import EVENTS, FULL, Shop, app_jwt


async def test_a_delivery_is_signed_and_says_where_it_comes_from(shop: Shop) -> None:
    await shop.github.settled()

    ((headers, body),) = shop.receiver.seen
    digest = hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    assert headers["X-Hub-Signature-256"] == f"sha256={digest}"
    assert headers["X-Hub-Signature"].startswith("sha1=")
    assert headers["X-GitHub-Event"] == "installation"
    assert headers["X-GitHub-Delivery"] == shop.github.deliveries[0].guid
    assert headers["X-GitHub-Hook-Installation-Target-Type"] == "integration"
    assert headers["X-GitHub-Hook-Installation-Target-ID"] == str(shop.app.id)
    assert headers["X-GitHub-Hook-ID"].isdigit()
    assert headers["User-Agent"].startswith("GitHub-Hookshot/")
    assert headers["Content-Type"] == "application/json"


async def test_an_organisations_event_names_it_with_installation_and_sender(shop: Shop) -> None:
    await shop.pull()

    await shop.github.settled()
    event = shop.receiver.only("pull_request.opened")
    assert event["organization"]["login"] == "octo-org"
    assert event["installation"]["id"] == shop.installation_id
    assert event["sender"]["login"] == "alice"


async def test_a_users_event_names_no_organisation(shop: Shop) -> None:
    own = shop.github.create_repository("alice/own")
    shop.github.install(shop.app, own)

    await shop.github.push(own, "main", {"a.txt": "a"}, shop.alice)

    await shop.github.settled()
    assert "organization" not in shop.receiver.only("push")


async def test_a_delivery_that_failed_is_recorded_and_not_repeated(shop: Shop) -> None:
    await shop.github.settled()
    shop.receiver.status = 500

    await shop.pull()

    await shop.github.settled()
    failed = shop.github.deliveries[1:]
    assert {one.status_code for one in failed} == {500}
    assert {one.status for one in failed} == {"Invalid HTTP Response: 500"}
    assert len(shop.receiver.seen) == len(shop.github.deliveries)


async def test_a_redelivery_keeps_the_guid_and_the_payload(shop: Shop) -> None:
    await shop.github.settled()
    first = shop.github.deliveries[0]

    again = await shop.github.redeliver(first.id)

    await shop.github.settled()
    assert (again.guid, again.redelivery, first.redelivery) == (first.guid, True, False)
    assert again.id != first.id
    (one, other) = shop.receiver.seen
    assert one[1] == other[1]
    assert one[0]["X-GitHub-Delivery"] == other[0]["X-GitHub-Delivery"]


async def test_deliveries_are_listed_and_redelivered_through_the_interface(shop: Shop) -> None:
    await shop.github.settled()
    shop.receiver.status = 500
    await shop.pull()
    await shop.github.settled()
    shop.receiver.status = 202
    client, path = shop.as_app, "/app/hook/deliveries"

    listed = await client.get(path)
    failed = await client.get(f"{path}?status=failure")
    good = await client.get(f"{path}?status=success")
    first = await client.ask("GET", f"{path}?per_page=2")
    assert [one["id"] for one in listed] == sorted((one["id"] for one in listed), reverse=True)
    assert len(failed) + len(good) == len(listed)
    assert f"cursor={first.body[-1]['id']}>" in first.headers["link"]
    rest = await client.get(f"{path}?cursor={first.body[-1]['id']}")
    assert [one["id"] for one in rest] == [one["id"] for one in listed[2:]]

    answer = await client.ask("POST", f"{path}/{failed[0]['id']}/attempts")

    assert answer.status == 202
    await shop.github.settled()
    newest = (await client.get(path))[0]
    assert (newest["guid"], newest["redelivery"]) == (failed[0]["guid"], True)
    assert newest["status"] == "OK"


async def test_a_delivery_shows_what_was_sent_and_answered(shop: Shop) -> None:
    await shop.github.settled()
    delivery = shop.github.deliveries[0]

    found = await shop.as_app.get(f"/app/hook/deliveries/{delivery.id}")

    assert found["request"]["payload"] == json.loads(shop.receiver.seen[0][1])
    assert found["request"]["headers"]["X-GitHub-Delivery"] == delivery.guid
    assert found["response"]["payload"] == ""
    assert found["url"] == shop.app.hook_url


async def test_another_apps_deliveries_are_not_there(shop: Shop) -> None:
    await shop.github.settled()

    answer = await shop.as_app.ask("GET", "/app/hook/deliveries/1")

    assert answer.status == 404


async def test_what_was_never_sent_cannot_be_redelivered(shop: Shop) -> None:
    with pytest.raises(LookupError, match="no delivery 1"):
        await shop.github.redeliver(1)


async def test_an_app_without_a_webhook_gets_nothing(shop: Shop) -> None:
    await shop.github.settled()
    shop.app.hook_url = None

    await shop.pull()

    assert len(shop.github.deliveries) == 1
    with pytest.raises(LookupError, match="awaited has no webhook"):
        await shop.github.redeliver(shop.github.deliveries[0].id)


async def test_an_address_where_nobody_answers_is_a_failed_delivery(shop: Shop) -> None:
    await shop.github.settled()
    shop.app.hook_url = "http://127.0.0.1:1/webhook"

    await shop.pull()

    await shop.github.settled()
    last = shop.github.deliveries[-1]
    assert (last.status_code, last.status) == (0, "failed to connect to host")


async def test_a_payload_above_the_limit_is_never_sent(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.github.settled()
    monkeypatch.setattr(deliveries, "MAX_BYTES", 1000)

    await shop.pull()

    await shop.github.settled()
    assert len(shop.github.deliveries) == len(shop.receiver.seen) == 1


async def test_an_answer_that_takes_too_long_is_a_failed_delivery(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.github.settled()
    monkeypatch.setattr(deliveries, "TIMEOUT_SECONDS", 0.05)
    shop.receiver.silent = True

    await shop.pull()

    await shop.github.settled()
    assert {one.status for one in shop.github.deliveries[1:]} == {"timed out"}


async def test_a_delivery_can_be_lost(shop: Shop) -> None:
    shop.github.faults.add(Fault(r"WEBHOOK pull_request\.opened", "drop"))

    await shop.pull()

    await shop.github.settled()
    assert "pull_request.opened" in shop.events
    assert "pull_request.opened" not in shop.receiver.names


async def test_a_delivery_can_be_overtaken(shop: Shop) -> None:
    shop.github.faults.add(Fault("WEBHOOK push$", "slow", seconds=0.1))

    await shop.pull()

    await shop.github.settled()
    assert shop.receiver.names[-1] == "push"
    assert shop.events[-1] == "pull_request.opened"


async def test_closing_gives_up_what_is_under_way(shop: Shop) -> None:
    await shop.github.settled()
    shop.receiver.silent = True
    await shop.pull()

    await shop.github.hookshot.close()

    assert {one.status for one in shop.github.deliveries[1:]} == {"pending"}


async def test_every_payload_that_was_sent_conforms(shop: Shop) -> None:
    before = shop.github.referee.exchanges

    await shop.pull()

    assert shop.github.referee.exchanges - before == 3
    assert shop.github.referee.violations == []


async def test_an_unsubscribed_event_is_not_sent(github: GitHub, hook_url: str) -> None:
    repository = github.create_repository("octo-org/quiet")
    app = github.create_app(
        "quiet",
        hook_url=hook_url,
        permissions={"contents": "read", "checks": "write"},
        events=["push"],
    )
    github.install(app, repository)
    user = github.create_user("user")

    await github.push(repository, "main", {"a": "a"}, user)

    assert [one.event for one in github.deliveries] == ["installation", "push"]


async def test_an_event_needs_the_permission_that_covers_it(github: GitHub) -> None:
    with pytest.raises(ValueError, match="not supported by permissions: issue_comment"):
        github.create_app("quiet", permissions={"checks": "write"}, events=["issue_comment"])


async def test_an_app_may_have_permissions_and_events_of_all_ages(shop: Shop) -> None:
    permissions = FULL | {"merge_queues": "read", "statuses": "write"}
    events = (*EVENTS, "merge_group", "pull_request_review", "pull_request_review_comment")
    app = shop.github.create_app("new", permissions=permissions, events=events)
    shop.github.install(app, shop.repository)
    pull = await shop.pull()
    shop.github.activity.suite(shop.repository, app, pull.head_sha)

    for suite in shop.repository.suites.values():
        await shop.github.rerun_all(shop.repository, suite.id, shop.alice)
    path = f"/app/installations/{list(shop.github.world.installations)[-1]}/access_tokens"
    token = (await shop.client(app_jwt(app)).post(path))["token"]
    run = {"name": "new", "head_sha": pull.head_sha, "conclusion": "success"}
    await shop.client(token).post(f"{shop.path}/check-runs", run)
    await shop.client(token).post(f"{shop.path}/issues/1/comments", {"body": "Hello"})

    assert shop.github.referee.violations == []


async def test_the_first_push_brings_all_of_its_commits(github: GitHub, hook_url: str) -> None:
    repository = github.create_repository("octo-org/new")
    app = github.create_app(
        "app", hook_url=hook_url, permissions={"contents": "read"}, events=["push"]
    )
    github.install(app, repository)
    user = github.create_user("user")

    await github.push(repository, "main", {"a": "a"}, user)
    await github.push(repository, "side", {"b": "b"}, user)
    repository.commit({"c": "c"}, branch="main")
    await github.force_push(repository, "side", "main", user)

    pushes = [one.payload for one in github.deliveries if one.event == "push"]
    assert [len(one["commits"]) for one in pushes] == [1, 1, 1]
    assert [one["forced"] for one in pushes] == [False, False, True]
    assert pushes[0]["commits"][0]["added"] == ["a"]
