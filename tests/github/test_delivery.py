"""Signed bytes become a delivery; everything else is refused in one of two ways."""

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from bot.github.delivery import Delivery
from bot.github.errors import InvalidSignature, MalformedDelivery

SECRET = "it's a secret"
BODY = json.dumps(
    {
        "action": "opened",
        "installation": {"id": 7},
        "repository": {"full_name": "octo-org/shop"},
    }
).encode()


def signature(body: bytes, secret: str = SECRET, algorithm: str = "sha256") -> str:
    return f"{algorithm}={hmac.new(secret.encode(), body, algorithm).hexdigest()}"


def headers(body: bytes, **changes: str | None) -> dict[str, str]:
    given = {
        "X-GitHub-Event": "pull_request",
        "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        "X-GitHub-Hook-Installation-Target-ID": "99",
        "Content-Type": "application/json",
        "X-Hub-Signature-256": signature(body),
    } | {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in given.items() if value is not None}


def parsed(body: bytes, **changes: str | None) -> Delivery:
    return Delivery.from_http(headers(body, **changes), body, [SECRET])


def test_a_signed_request_becomes_a_delivery() -> None:
    delivery = parsed(BODY)

    assert delivery == Delivery(
        id="72d3162e-cc78-11e3-81ab-4c9367dc0958",
        event="pull_request",
        action="opened",
        payload=json.loads(BODY),
        installation_id=7,
        repository="octo-org/shop",
        hook_target="99",
    )
    assert delivery.name == "pull_request.opened"


def test_an_event_may_come_without_action_installation_and_repository() -> None:
    delivery = parsed(b'{"zen": "Keep it logically awesome."}', X_GitHub_Event="ping")

    assert (delivery.action, delivery.installation_id, delivery.repository) == (None, None, None)
    assert delivery.name == "ping"


def test_header_names_may_come_in_any_case() -> None:
    given = headers(BODY)

    for variant in (
        {name.upper(): value for name, value in given.items()},
        {name.lower(): value for name, value in given.items()},
        CIMultiDict(given),
    ):
        assert Delivery.from_http(variant, BODY, [SECRET]).event == "pull_request"


def test_the_content_type_may_name_a_charset() -> None:
    assert parsed(BODY, Content_Type="Application/JSON; charset=utf-8").action == "opened"


def test_the_previous_secret_is_accepted_while_it_is_being_changed() -> None:
    given = headers(BODY, X_Hub_Signature_256=signature(BODY, "the old one"))

    assert Delivery.from_http(given, BODY, ["the new one", "the old one"]).action == "opened"


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        "",
        "sha256=",
        signature(BODY, "another secret"),
        signature(BODY)[:-1],
        signature(BODY) + "\n",
        signature(BODY).upper(),
        signature(BODY).removeprefix("sha256="),
        signature(BODY, algorithm="sha1"),
        "sha256=" + "é" * 64,
        "sha256=" + "٣" * 64,
    ],
)
def test_a_signature_that_does_not_fit_is_refused(wrong: str | None) -> None:
    with pytest.raises(InvalidSignature):
        parsed(BODY, X_Hub_Signature_256=wrong)


def test_sha1_alone_is_refused() -> None:
    sha1 = signature(BODY, algorithm="sha1")

    with pytest.raises(InvalidSignature):
        parsed(BODY, X_Hub_Signature_256=None, X_Hub_Signature=sha1)


@pytest.mark.parametrize("secrets", [[], [""]])
def test_without_a_secret_nothing_is_accepted(secrets: list[str]) -> None:
    given = headers(BODY, X_Hub_Signature_256=signature(BODY, ""))

    with pytest.raises(InvalidSignature):
        Delivery.from_http(given, BODY, secrets)


def test_a_changed_byte_is_noticed() -> None:
    with pytest.raises(InvalidSignature):
        Delivery.from_http(headers(BODY), BODY + b" ", [SECRET])


def test_the_signature_is_judged_before_the_body() -> None:
    with pytest.raises(InvalidSignature):
        parsed(b"{", X_Hub_Signature_256=signature(b"{", "another secret"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"7",
        b'{"a": NaN}',
        b"\xff\xfe",
        b'{"a": "\xff"}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b'{"action": 7}',
        b'{"action": ["opened"]}',
        b'{"installation": 7}',
        b'{"installation": [7]}',
        b'{"installation": {"id": "7"}}',
        b'{"installation": {"id": true}}',
        b'{"installation": {"id": 7.5}}',
        b'{"installation": {"id": -1}}',
        b'{"installation": {"id": 99999999999999999999999999}}',
        b'{"repository": "octo-org/shop"}',
        b'{"repository": {"full_name": 7}}',
    ],
    ids=lambda body: body[:40].decode("latin-1"),
)
def test_a_body_that_is_no_delivery_is_malformed(body: bytes) -> None:
    with pytest.raises(MalformedDelivery):
        parsed(body)


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X_GitHub_Event", None),
        ("X_GitHub_Event", ""),
        ("X_GitHub_Event", "../x"),
        ("X_GitHub_Event", "push\n"),
        ("X_GitHub_Delivery", None),
        ("X_GitHub_Delivery", ""),
        ("X_GitHub_Delivery", "a b"),
        ("X_GitHub_Delivery", "a" * 101),
        ("Content_Type", None),
        ("Content_Type", "text/plain"),
    ],
)
def test_headers_that_are_missing_or_odd_are_malformed(header: str, value: str | None) -> None:
    with pytest.raises(MalformedDelivery):
        parsed(BODY, **{header: value})


def test_a_form_encoded_hook_is_told_what_to_set() -> None:
    body = b"payload=%7B%7D"

    with pytest.raises(MalformedDelivery, match="content type to application/json"):
        parsed(body, Content_Type="application/x-www-form-urlencoded")


@given(body=st.binary(), odd=st.dictionaries(st.text(), st.text()))
def test_any_signed_bytes_are_a_delivery_or_malformed(body: bytes, odd: dict[str, str]) -> None:
    signed = odd | headers(body)

    try:
        delivery = Delivery.from_http(signed, body, [SECRET])
    except MalformedDelivery:
        return
    assert delivery.payload == json.loads(body)


@given(st.dictionaries(st.sampled_from(sorted(headers(BODY))), st.text()), st.binary())
def test_any_headers_are_answered(given_headers: dict[str, str], body: bytes) -> None:
    with pytest.raises(InvalidSignature):
        Delivery.from_http(given_headers, body, [SECRET])


def test_signing_is_what_github_documents() -> None:
    # The example of "Testing the webhook payload validation" in GitHub's documentation.
    body, secret = b"Hello, World!", "It's a Secret to Everybody"
    expected = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"

    assert hmac.new(secret.encode(), body, hashlib.sha256).hexdigest() == expected
    with pytest.raises(MalformedDelivery, match="not JSON"):
        Delivery.from_http(headers(body, X_Hub_Signature_256=f"sha256={expected}"), body, [secret])
