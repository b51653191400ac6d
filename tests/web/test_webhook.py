import asyncio
import io
import json
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from bot.github.delivery import Delivery
from bot.github.errors import MalformedDelivery
from bot.jobs.engine import EngineClosed
from bot.jobs.job import Job
from bot.web.webhook import LARGEST_BODY, Webhook, route
from tests.web.deliveries import GUID, SECRET, Ledger, Note, headers, payload

Client = TestClient[web.Request, web.Application]
Serve = Callable[..., Awaitable[Client]]


def note_pushes(delivery: Delivery) -> Sequence[Job]:
    if delivery.event == "create":
        raise MalformedDelivery("ref_type: expected `str`, got `int`")
    return [Note(delivery.payload["ref"])] if delivery.event == "push" else []


@pytest.fixture
def engine() -> Ledger:
    return Ledger()


@pytest.fixture
async def serve(engine: Ledger) -> AsyncIterator[Serve]:
    clients: list[Client] = []

    async def start(**settings: Any) -> Client:
        settings = {"app_id": "42", "secrets": ["", "another", SECRET], **settings}
        app = web.Application()
        app.add_routes([route(Webhook(engine, note_pushes, **settings))])
        client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return client

    yield start
    for client in clients:
        await client.close()


@pytest.fixture
async def client(serve: Serve) -> Client:
    return await serve()


async def test_a_signed_delivery_is_stored_under_app_and_guid_and_acknowledged(
    client: Client, engine: Ledger
) -> None:
    body = payload(ref="refs/heads/main")

    answer = await client.post("/webhook", data=body, headers=headers(body))

    assert answer.status == 202
    assert await answer.json() == {"status": "new"}
    assert engine.accepted == [(f"42:{GUID}", [Note("refs/heads/main")])]


async def test_a_redelivery_is_acknowledged_as_what_it_is(client: Client) -> None:
    body = payload(ref="refs/heads/main")

    await client.post("/webhook", data=body, headers=headers(body))
    answer = await client.post("/webhook", data=body, headers=headers(body))

    assert (answer.status, await answer.json()) == (202, {"status": "duplicate"})


async def test_a_body_that_was_changed_on_its_way_is_refused(
    client: Client, engine: Ledger
) -> None:
    body = payload(ref="refs/heads/main")

    answer = await client.post("/webhook", data=body + b" ", headers=headers(body))

    assert answer.status == 401
    assert engine.accepted == []


async def test_an_unsigned_delivery_is_refused(client: Client, engine: Ledger) -> None:
    body = payload(ref="refs/heads/main")
    unsigned = headers(body)
    del unsigned["X-Hub-Signature-256"]

    answer = await client.post("/webhook", data=body, headers=unsigned)

    assert answer.status == 401
    assert engine.accepted == []


@pytest.mark.parametrize("body", [b"{", b"[]", b"", b"\xff", b"[" * 100_000])
async def test_a_signed_body_that_is_no_delivery_is_malformed(client: Client, body: bytes) -> None:
    answer = await client.post("/webhook", data=body, headers=headers(body))

    assert answer.status == 400


async def test_a_payload_that_github_would_not_send_is_malformed(client: Client) -> None:
    body = payload(ref_type=1)

    answer = await client.post("/webhook", data=body, headers=headers(body, "create"))

    assert answer.status == 400
    assert "ref_type" in (await answer.json())["error"]


async def test_a_form_is_malformed_and_the_answer_says_what_to_set(client: Client) -> None:
    form = headers(b"payload=%7B%7D", Content_Type="application/x-www-form-urlencoded")

    answer = await client.post("/webhook", data=b"payload=%7B%7D", headers=form)

    assert answer.status == 400
    assert "application/json" in (await answer.json())["error"]


async def test_an_unknown_event_is_acknowledged_and_logged(client: Client, engine: Ledger) -> None:
    body = payload(action="dreamt")

    with capture_logs(processors=[merge_contextvars]) as logs:
        answer = await client.post("/webhook", data=body, headers=headers(body, "sleep"))

    assert (answer.status, await answer.json()) == (202, {"status": "ignored"})
    assert engine.accepted == []
    (line,) = logs
    assert line["outcome"] == "ignored"
    assert (line["webhook"], line["delivery"]) == ("sleep.dreamt", GUID)
    assert line["installation"] == 7


async def test_a_ping_is_answered(client: Client, engine: Ledger) -> None:
    body = json.dumps({"zen": "Mind your words.", "hook_id": 1}).encode()

    answer = await client.post("/webhook", data=body, headers=headers(body, "ping"))

    assert (answer.status, await answer.json()) == (200, {"status": "pong"})
    assert engine.accepted == []


async def test_a_delivery_to_another_app_is_misdirected(client: Client, engine: Ledger) -> None:
    body = payload(ref="refs/heads/main")
    theirs = headers(body, X_GitHub_Hook_Installation_Target_ID="43")

    answer = await client.post("/webhook", data=body, headers=theirs)

    assert answer.status == 421
    assert engine.accepted == []


async def test_a_delivery_that_names_this_app_is_accepted(client: Client) -> None:
    body = payload(ref="refs/heads/main")
    ours = headers(body, X_GitHub_Hook_Installation_Target_ID="42")

    assert (await client.post("/webhook", data=body, headers=ours)).status == 202


async def test_a_colon_in_a_delivery_id_does_not_reach_the_engine(
    client: Client, engine: Ledger
) -> None:
    body = payload(ref="r")

    await client.post("/webhook", data=body, headers=headers(body, X_GitHub_Delivery="a:0"))

    assert engine.accepted[0][0] == "42:a.0"


async def test_a_body_of_the_largest_size_is_read(client: Client, engine: Ledger) -> None:
    frame = len(payload(ref="r", fill=""))
    body = payload(ref="r", fill="x" * (LARGEST_BODY - frame))
    assert len(body) == LARGEST_BODY

    answer = await client.post("/webhook", data=io.BytesIO(body), headers=headers(body))

    assert answer.status == 202
    assert len(engine.accepted) == 1


async def test_a_body_that_says_it_is_too_large_is_refused_unread(client: Client) -> None:
    body = io.BytesIO(b"x" * (LARGEST_BODY + 1))

    answer = await client.post("/webhook", data=body, headers=headers(b""))

    assert answer.status == 413


async def test_a_body_that_hides_its_size_is_refused_when_it_is_too_large(
    client: Client, engine: Ledger
) -> None:
    async def pour() -> AsyncIterator[bytes]:
        for _ in range(27):
            yield b" " * 2**20

    answer = await client.post("/webhook", data=pour(), headers=headers(b""))

    assert answer.status == 413
    assert engine.accepted == []


async def test_a_compressed_body_counts_by_what_it_becomes(client: Client) -> None:
    body = zlib.compress(b" " * (LARGEST_BODY + 1))

    answer = await client.post(
        "/webhook", data=body, headers=headers(body, Content_Encoding="deflate")
    )

    assert answer.status == 413


async def test_a_body_that_never_ends_is_given_up(serve: Serve) -> None:
    client = await serve(patience=0.1)
    gate = asyncio.Event()

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await gate.wait()

    answer = await client.post("/webhook", data=trickle(), headers=headers(b"{"))
    gate.set()

    assert answer.status == 408


@pytest.mark.parametrize(
    "trouble", [EngineClosed("not running"), OSError("disk full"), ValueError("a bug")]
)
async def test_what_could_not_be_stored_can_be_redelivered(
    client: Client, engine: Ledger, trouble: Exception
) -> None:
    engine.trouble = trouble
    body = payload(ref="r")

    answer = await client.post("/webhook", data=body, headers=headers(body))

    assert answer.status == 503
    assert "redeliver" in (await answer.json())["error"]


async def test_github_is_not_kept_waiting_for_a_busy_database(
    serve: Serve, engine: Ledger
) -> None:
    client = await serve(patience=0.05)
    engine.stuck = True
    body = payload(ref="r")

    answer = await client.post("/webhook", data=body, headers=headers(body))

    assert answer.status == 503


async def test_a_refusal_is_logged_with_its_reason(client: Client) -> None:
    with capture_logs() as logs:
        await client.post("/webhook", data=b"{}", headers={"X-GitHub-Delivery": GUID})

    assert [(line["event"], line["status"]) for line in logs] == [("refused", 401)]


async def test_only_posts_are_deliveries(client: Client) -> None:
    assert (await client.get("/webhook")).status == 405


async def test_a_content_length_that_lies_gets_no_promise(client: Client, engine: Ledger) -> None:
    body = payload(ref="r")
    lines = [f"{name}: {value}" for name, value in headers(body).items()]
    request = "\r\n".join(["POST /webhook HTTP/1.1", "Host: x", *lines, "Content-Length: 9999"])
    reader, writer = await asyncio.open_connection("127.0.0.1", client.port)

    writer.write(request.encode() + b"\r\n\r\n" + body)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()

    assert b" 202 " not in answer
    assert engine.accepted == []


async def test_two_deliveries_on_one_connection_do_not_share_their_context(
    client: Client,
) -> None:
    body, other = payload(ref="r"), json.dumps({"ref": "r"}).encode()

    with capture_logs(processors=[merge_contextvars]) as logs:
        await client.post("/webhook", data=body, headers=headers(body))
        await client.post("/webhook", data=other, headers=headers(other))

    assert [line["installation"] for line in logs] == [7, None]


async def test_a_bug_in_a_handler_promises_nothing(client: Client, engine: Ledger) -> None:
    body = payload()  # a push without a ref

    answer = await client.post("/webhook", data=body, headers=headers(body))

    assert answer.status == 500
    assert engine.accepted == []
