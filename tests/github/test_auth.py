"""Tokens: for one repository and one job's permissions, made once, forgotten in time."""

import asyncio
import traceback
from datetime import UTC, datetime
from typing import Any

import aiohttp
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.github.auth import Access, AppCredentials
from bot.github.errors import Forbidden, Gone, Transient, UnexpectedAnswer
from bot.github.gateway import GitHubApp
from tests.github.clock import Clock
from tests.github.shop import Shop
from tests.github.stub import DROP, Answer, Stub

PERMISSION = Answer({"permission": "write", "role_name": "write"})
UNAUTHORIZED = Answer({"message": "Bad credentials"}, 401)


def claims(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


# The app's own token


def test_a_jwt_lives_less_than_ten_minutes_and_begins_in_the_past(private_key: str) -> None:
    token = AppCredentials("7", private_key).jwt(1_000_000.9)

    assert claims(token) == {"iat": 999_940, "exp": 1_000_480, "iss": "7"}
    assert jwt.get_unverified_header(token)["alg"] == "RS256"


def test_an_app_id_that_is_a_number_is_sent_as_text(private_key: str) -> None:
    number: Any = 7

    assert claims(AppCredentials(number, private_key).jwt(0))["iss"] == "7"


@pytest.mark.parametrize(
    "broken",
    ["", "nonsense", "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----"],
)
def test_a_key_that_is_none_is_told_at_once_and_not_shown(broken: str) -> None:
    with pytest.raises(ValueError, match="not an RSA key in PEM") as raised:
        AppCredentials("7", broken)

    assert "MIIEow" not in "".join(traceback.format_exception(raised.value))


def test_a_key_of_another_kind_is_told_at_once(private_key: str) -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    with pytest.raises(ValueError, match="not an RSA key in PEM"):
        AppCredentials("7", elliptic.decode())
    with pytest.raises(ValueError, match="not an RSA key in PEM"):
        AppCredentials("7", private_key.replace("\n", "\\n"))


def test_credentials_do_not_show_the_key(private_key: str) -> None:
    assert "PRIVATE" not in repr(AppCredentials("7", private_key))


# What a token is for


async def test_a_token_is_for_one_repository_and_the_permissions_of_the_job(
    stub_app: GitHubApp, stub: Stub
) -> None:
    await stub_app.repository(1, "octo-org/shop", Access.READ)

    assert stub.minted[0].path == "/app/installations/1/access_tokens"
    assert stub.minted[0].json == {
        "repositories": ["shop"],
        "permissions": {
            "checks": "write",
            "contents": "read",
            "metadata": "read",
            "pull_requests": "read",
        },
    }
    assert claims(stub.minted[0].token)["iss"] == "7"


def test_only_a_writing_job_may_write_contents() -> None:
    may_write = {access for access in Access if access.permissions.get("contents") == "write"}
    may_speak = {access for access in Access if access.permissions.get("pull_requests") == "write"}

    assert may_write == {Access.WRITE}
    assert may_speak == {Access.REPLY, Access.WRITE}


async def test_a_token_reaches_nothing_beside_its_repository(shop: Shop) -> None:
    other = shop.github.create_repository("octo-org/secrets", private=True)
    other.commit({"a.txt": "x"})
    shop.github.install(shop.app, other)
    gateway = await shop.gateway()
    gateway._owner, gateway._name = "octo-org", "secrets"

    with pytest.raises(Gone):
        await gateway.branch("main")


async def test_a_reading_token_cannot_commit(shop: Shop) -> None:
    reading = await shop.gateway(Access.READ)

    with pytest.raises(Forbidden):
        await reading._client.send(
            "POST", reading._path("git", "blobs"), {"content": "x"}, dict, repeatable=True
        )


async def test_scopes_never_share_a_token(stub_app: GitHubApp, stub: Stub) -> None:
    await stub_app.repository(1, "octo-org/shop", Access.READ)
    await stub_app.repository(1, "octo-org/shop", Access.WRITE)
    await stub_app.repository(1, "octo-org/cart", Access.READ)
    await stub_app.repository(2, "octo-org/shop", Access.READ)

    assert len(stub.minted) == 4


# How long it is kept


async def test_a_token_is_made_once(stub_app: GitHubApp, stub: Stub) -> None:
    stub.answers = [PERMISSION]

    for _ in range(3):
        gateway = await stub_app.repository(1, "octo-org/shop")
        await gateway.permission("alice")

    assert len(stub.minted) == 1
    assert {one.token for one in stub.received} == {"ghs_1"}


async def test_a_token_is_replaced_five_minutes_before_its_end(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    stub.answers = [PERMISSION]
    gateway = await stub_app.repository(1, "octo-org/shop")
    clock.time += 3600 - 300 - 1
    await gateway.permission("alice")
    assert len(stub.minted) == 1

    clock.time += 1
    await gateway.permission("alice")

    assert [one.token for one in stub.received] == ["ghs_1", "ghs_2"]


async def test_a_token_that_lives_too_short_is_used_and_not_kept(
    stub_app: GitHubApp, stub: Stub
) -> None:
    stub.lifetime = 60
    stub.answers = [PERMISSION]

    gateway = await stub_app.repository(1, "octo-org/shop")
    await gateway.permission("alice")

    assert len(stub.minted) == 2


async def test_many_who_ask_at_once_wait_for_one_token(stub_app: GitHubApp, stub: Stub) -> None:
    async with asyncio.TaskGroup() as group:
        for _ in range(50):
            group.create_task(stub_app.repository(1, "octo-org/shop"))

    assert len(stub.minted) == 1


async def test_who_gives_up_waiting_takes_the_token_from_nobody(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    gate = asyncio.Event()
    expires = datetime.fromtimestamp(clock() + 3600, UTC).isoformat()
    stub.minting = [Answer({"token": "ghs_x", "expires_at": expires}, 201, wait=gate)]
    first = asyncio.create_task(stub_app.repository(1, "octo-org/shop"))
    second = asyncio.create_task(stub_app.repository(1, "octo-org/shop"))
    await asyncio.sleep(0)

    first.cancel()
    gate.set()

    assert (await second).repository == "octo-org/shop"
    assert first.cancelled() or first.cancelling()
    assert len(stub.minted) == 1


async def test_a_failure_to_make_a_token_is_not_kept(stub_app: GitHubApp, stub: Stub) -> None:
    stub.minting = [Answer({"message": "Not Found"}, 404)]
    with pytest.raises(Gone):
        await stub_app.repository(1, "octo-org/shop")

    assert (await stub_app.repository(1, "octo-org/shop")).repository == "octo-org/shop"


# When it is refused


async def test_a_token_that_is_not_known_everywhere_yet_is_sent_again(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    stub.answers = [UNAUTHORIZED, UNAUTHORIZED, PERMISSION]

    gateway = await stub_app.repository(1, "octo-org/shop")

    assert (await gateway.permission("alice")).can_write
    assert [one.token for one in stub.received] == ["ghs_1", "ghs_1", "ghs_1"]
    assert clock.naps == [1.0, 2.0]


async def test_a_token_that_stays_refused_is_replaced(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    stub.answers = [UNAUTHORIZED, UNAUTHORIZED, UNAUTHORIZED, PERMISSION]

    gateway = await stub_app.repository(1, "octo-org/shop")

    assert (await gateway.permission("alice")).can_write
    assert [one.token for one in stub.received] == ["ghs_1", "ghs_1", "ghs_1", "ghs_2"]
    assert clock.naps == [1.0, 2.0, 4.0]


async def test_an_old_token_that_is_refused_is_replaced_at_once(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    gateway = await stub_app.repository(1, "octo-org/shop")
    clock.time += 100
    stub.answers = [UNAUTHORIZED, PERMISSION]

    assert (await gateway.permission("alice")).can_write
    assert [one.token for one in stub.received] == ["ghs_1", "ghs_2"]


async def test_a_refusal_that_comes_late_spares_the_newer_token(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    gateway = await stub_app.repository(1, "octo-org/shop")
    clock.time += 100
    gate = asyncio.Event()
    late = Answer({"message": "Bad credentials"}, 401, wait=gate)
    stub.answers = [late, UNAUTHORIZED, PERMISSION]
    waiting = asyncio.create_task(gateway.permission("alice"))
    await stub.arrived(1)
    await gateway.permission("alice")
    clock.time += 100

    gate.set()
    await waiting

    assert len(stub.minted) == 2


async def test_the_end_of_patience_with_a_token_is_transient(
    stub_app: GitHubApp, stub: Stub
) -> None:
    stub.answers = [UNAUTHORIZED]
    gateway = await stub_app.repository(1, "octo-org/shop")

    with pytest.raises(Transient):
        await gateway.permission("alice")


async def test_a_jwt_that_is_refused_is_transient(stub_app: GitHubApp, stub: Stub) -> None:
    stub.minting = [Answer({"message": "A JSON web token could not be decoded"}, 401)] * 4

    with pytest.raises(Transient, match="could not be decoded"):
        await stub_app.repository(1, "octo-org/shop")


async def test_a_token_that_cannot_be_made_is_tried_four_times_and_no_more(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    gateway = await stub_app.repository(1, "octo-org/shop")
    clock.time += 3600
    stub.minting = [Answer({}, 502)] * 99

    with pytest.raises(Transient):
        await gateway.permission("alice")

    assert len(stub.minted) == 1 + 4
    assert stub.received == []


async def test_minting_that_is_forbidden_is_not_waited_for(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    stub.minting = [Answer({"message": "Resource not accessible by integration"}, 403)]

    with pytest.raises(Forbidden):
        await stub_app.repository(1, "octo-org/shop")
    assert clock.naps == []


async def test_a_lost_answer_costs_another_token(stub_app: GitHubApp, stub: Stub) -> None:
    stub.minting = [Answer(DROP)]

    await stub_app.repository(1, "octo-org/shop")

    assert len(stub.minted) == 2


# What GitHub says to it


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer({"message": "This installation has been suspended"}, 403), Forbidden),
        (
            Answer(
                {"message": "The permissions requested are not granted to this installation."}, 422
            ),
            Forbidden,
        ),
        (
            Answer(
                {
                    "message": "There is at least one repository that does not exist or is not "
                    "accessible to the parent installation."
                },
                422,
            ),
            Gone,
        ),
        (Answer({"message": "Not Found"}, 404), Gone),
        (Answer({"message": "Problem"}, 422), UnexpectedAnswer),
        (
            Answer(
                {
                    "token": "ghs_x",
                    "expires_at": "2030-01-01T00:00:00Z",
                    "repositories": [{"full_name": "mallory/shop"}],
                },
                201,
            ),
            Gone,
        ),
    ],
)
async def test_a_token_that_cannot_be_had_says_why(
    stub_app: GitHubApp, stub: Stub, answer: Answer, error: type[Exception]
) -> None:
    stub.minting = [answer]

    with pytest.raises(error):
        await stub_app.repository(1, "octo-org/shop")


async def test_a_repository_s_name_is_compared_as_github_does(
    stub_app: GitHubApp, stub: Stub, clock: Clock
) -> None:
    expires = datetime.fromtimestamp(clock() + 3600, UTC).isoformat()
    body = {
        "token": "ghs_x",
        "expires_at": expires,
        "repositories": [{"full_name": "Octo-Org/Shop"}],
    }
    stub.minting = [Answer(body, 201)]

    assert (await stub_app.repository(1, "octo-org/shop")).repository == "octo-org/shop"


@pytest.mark.parametrize(
    "name", ["shop", "a/b/c", "../x", "a/..", "octo-org/sh op", "octo-org/", ""]
)
async def test_what_is_no_repository_is_refused(
    stub_app: GitHubApp, stub: Stub, name: str
) -> None:
    with pytest.raises(ValueError, match="is no repository"):
        await stub_app.repository(1, name)
    assert stub.minted == []


async def test_an_installation_that_was_taken_off_is_gone(shop: Shop) -> None:
    shop.github.uninstall(shop.installation_id)

    with pytest.raises(Gone):
        await shop.gateway()


async def test_a_permission_that_was_not_granted_is_forbidden(
    shop: Shop, session: aiohttp.ClientSession, clock: Clock
) -> None:
    reading = shop.github.create_app("reader", permissions={"contents": "read"}, events=[])
    installation = shop.github.install(reading, shop.repository)
    bot = GitHubApp(
        session,
        AppCredentials(str(reading.app_id), reading.private_key),
        api_url=shop.github.api_url,
        clock=clock,
        sleep=clock.sleep,
    )

    with pytest.raises(Forbidden, match="not granted"):
        await bot.repository(installation, "octo-org/shop", Access.WRITE)


async def test_tokens_that_expired_early_are_replaced(shop: Shop) -> None:
    gateway = await shop.gateway()
    shop.github.expire_tokens()
    shop.clock.time += 10

    assert (await gateway.permission("alice")).can_write
