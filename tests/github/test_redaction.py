"""Nothing that opens a door may be told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.github.errors import (
    Forbidden,
    Gone,
    PushRefused,
    StaleHead,
    Transient,
    UnexpectedAnswer,
)
from bot.github.redaction import REDACTED, redact

PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nIBAAKC\n-----END RSA PRIVATE KEY-----"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3In0.c2lnbmF0dXJl-_x"
STATELESS = f"ghs_12345_{JWT}"


@pytest.mark.parametrize(
    "secret",
    [
        "ghs_16C7e42F292c6912E7710c838347Ae178B4a",
        STATELESS,
        "ghp_abc",
        "gho_abc",
        "ghu_abc",
        "ghr_abc",
        "github_pat_11ABC_def",
        JWT,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiI3In0",
        PEM,
        PEM.replace("RSA ", ""),
        PEM[:60],
    ],
)
def test_secrets_are_blotted_out(secret: str) -> None:
    assert redact(f"before {secret}") == f"before {REDACTED}"
    assert redact(f'"{secret.partition(chr(10))[0]}", after').startswith(f'"{REDACTED}')


def test_the_rest_stays() -> None:
    text = "POST /repos/octo-org/ghs/check-runs: eyJ, BEGIN PRIVATE KEY, ghs_"

    assert redact(text) == text
    assert redact(f"a {PEM} b ghs_x c") == f"a {REDACTED} b {REDACTED} c"


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Z", "C"]), min_size=1))
def test_whatever_stands_around_it_a_token_goes(around: str, token: str) -> None:
    kept = token.translate(str.maketrans("", "", "\"'<>"))

    assert f"ghs_q{kept}" not in redact(f"{around} ghs_q{kept} {around}")


@pytest.mark.parametrize(
    "error",
    [
        Transient("ghs_x", 3.0),
        Gone("ghs_x"),
        Forbidden("ghs_x"),
        StaleHead("ghs_x"),
        PushRefused("ghs_x"),
        UnexpectedAnswer(422, "ghs_x"),
    ],
)
def test_no_error_holds_a_secret(error: Exception) -> None:
    assert "ghs_x" not in f"{error} {error!r} {error.args} {vars(error)}"


def test_a_refused_push_has_a_reason() -> None:
    assert (
        PushRefused("Changes must be made elsewhere.").reason == "Changes must be made elsewhere."
    )
