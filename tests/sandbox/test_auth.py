"""Who is let in, by which credential, and how far."""

import time

import jwt
import pytest

from tests.sandbox.shop import Shop, app_jwt

TOO_FAR = "'Expiration time' claim ('exp') is too far in the future"


async def test_an_app_introduces_itself_with_its_jwt(shop: Shop) -> None:
    body = await shop.as_app.get("/app")

    assert (body["id"], body["slug"], body["installations_count"]) == (shop.app.id, "awaited", 1)


async def test_an_app_finds_its_installation_on_a_repository(shop: Shop) -> None:
    found = await shop.as_app.get(f"{shop.path}/installation")

    assert found["id"] == shop.installation_id
    assert await shop.as_app.get(f"/app/installations/{found['id']}") == found


async def test_an_app_that_is_not_installed_there_finds_nothing(shop: Shop) -> None:
    shop.github.create_repository("octo-org/other")

    assert (await shop.as_app.ask("GET", "/repos/octo-org/other/installation")).status == 404


async def test_another_apps_installation_is_not_there(shop: Shop) -> None:
    other = shop.github.create_app("other", permissions={}, events=())
    client = shop.client(app_jwt(other))

    answer = await client.ask("GET", f"/app/installations/{shop.installation_id}")

    assert answer.status == 404


@pytest.mark.parametrize(
    ("claims", "status", "message"),
    [
        ({"exp": int(time.time()) + 3600}, 401, TOO_FAR),
        ({"exp": int(time.time()) - 10}, 401, "'Expiration time' claim ('exp') must be"),
        ({"exp": None}, 401, "A JSON web token could not be decoded"),
        ({"iat": None}, 401, "A JSON web token could not be decoded"),
        ({"iss": None}, 401, "A JSON web token could not be decoded"),
        ({"iss": "nobody"}, 401, "A JSON web token could not be decoded"),
        ({"iss": "999999"}, 404, "Integration not found"),
    ],
)
async def test_a_jwt_with_wrong_claims_is_refused(
    shop: Shop, claims: dict[str, object], status: int, message: str
) -> None:
    answer = await shop.client(app_jwt(shop.app, **claims)).ask("GET", "/app")

    assert answer.status == status
    assert answer.body["message"].startswith(message)


async def test_a_jwt_whose_issuer_is_a_number_is_refused(shop: Shop) -> None:
    now = int(time.time())
    payload = f'{{"iat":{now},"exp":{now + 60},"iss":{shop.app.id}}}'.encode()
    token = jwt.api_jws.encode(payload, shop.app.private_key, "RS256")

    assert (await shop.client(token).ask("GET", "/app")).status == 401


async def test_a_jwt_signed_with_another_apps_key_is_refused(shop: Shop) -> None:
    other = shop.github.create_app("other", permissions={}, events=())
    now = int(time.time())
    claims = {"iat": now, "exp": now + 60, "iss": str(shop.app.id)}
    token = jwt.encode(claims, other.private_key, "RS256")

    answer = await shop.client(token).ask("GET", "/app")

    assert (answer.status, answer.body["message"]) == (
        401,
        "A JSON web token could not be decoded",
    )


async def test_a_jwt_opens_no_repository(shop: Shop) -> None:
    assert (await shop.as_app.ask("GET", shop.path)).status == 401


async def test_only_a_jwt_opens_the_apps_own_operations(shop: Shop) -> None:
    client = await shop.installed()

    assert (await client.ask("GET", "/app")).status == 401


@pytest.mark.parametrize("token", ["ghs_made_up", None])
async def test_an_unknown_token_is_refused(shop: Shop, token: str | None) -> None:
    answer = await shop.client(token).ask("GET", shop.path)

    assert (answer.status, answer.body["message"]) == (401, "Bad credentials")


@pytest.mark.parametrize("header", ["Basic !!!", "Basic dXNlcg==", "Bearer x.y.z", "Basic /w=="])
async def test_a_malformed_credential_is_refused(shop: Shop, header: str) -> None:
    answer = await shop.client(None).ask("GET", shop.path, Authorization=header)

    assert answer.status == 401


async def test_a_token_has_what_the_installation_has_unless_asked_for_less(shop: Shop) -> None:
    path = f"/app/installations/{shop.installation_id}/access_tokens"

    whole = await shop.as_app.post(path)
    narrow = await shop.as_app.post(
        path, {"repository_ids": [shop.repository.id], "permissions": {"checks": "read"}}
    )

    assert whole["permissions"] == {
        "checks": "write",
        "contents": "write",
        "issues": "write",
        "metadata": "read",
        "pull_requests": "write",
    }
    assert "repositories" not in whole
    assert narrow["permissions"] == {"checks": "read", "metadata": "read"}
    assert [one["full_name"] for one in narrow["repositories"]] == ["octo-org/shop"]


@pytest.mark.parametrize(
    "wanted",
    [
        {"permissions": {"administration": "read"}},
        {"permissions": {"statuses": "write"}},
        {"repository_ids": [999_999]},
        {"repository_ids": []},
        {"repositories": ["elsewhere"]},
    ],
)
async def test_a_token_for_more_than_was_granted_is_refused(
    shop: Shop, wanted: dict[str, object]
) -> None:
    path = f"/app/installations/{shop.installation_id}/access_tokens"

    answer = await shop.as_app.ask("POST", path, wanted)

    assert answer.status == 422


async def test_a_token_reaches_only_its_repositories(shop: Shop) -> None:
    other = shop.github.create_repository("octo-org/other")
    assert shop.github.install(shop.app, other) == shop.installation_id
    client = shop.client(await shop.token(repositories=["shop"]))

    reached = await client.get("/installation/repositories")

    assert [one["name"] for one in reached["repositories"]] == ["shop"]
    assert (await client.ask("GET", shop.path)).status == 200
    assert (await client.ask("GET", "/repos/octo-org/other")).status == 404
    await shop.github.settled()
    added = shop.receiver.only("installation_repositories.added")
    assert [one["name"] for one in added["repositories_added"]] == ["other"]


async def test_a_missing_permission_is_named(shop: Shop) -> None:
    client = await shop.installed(contents="read")

    answer = await client.ask("GET", f"{shop.path}/pulls")

    assert (answer.status, answer.body["message"]) == (
        403,
        "Resource not accessible by integration",
    )
    assert answer.headers["x-accepted-github-permissions"] == "pull_requests=read"


async def test_reading_does_not_include_writing(shop: Shop) -> None:
    client = await shop.installed(checks="read")
    run = {"name": "awaited", "head_sha": shop.repository.head("main")}

    answer = await client.ask("POST", f"{shop.path}/check-runs", run)

    assert answer.headers["x-accepted-github-permissions"] == "checks=write"
    assert shop.repository.runs == {}


async def test_an_expired_token_is_refused(shop: Shop) -> None:
    client = await shop.installed()

    shop.github.expire_tokens()

    assert (await client.ask("GET", shop.path)).status == 401


async def test_a_revoked_token_is_refused(shop: Shop) -> None:
    client = await shop.installed()

    assert (await client.ask("DELETE", "/installation/token")).status == 204

    assert (await client.ask("GET", shop.path)).status == 401


async def test_tokens_end_with_their_installation(shop: Shop) -> None:
    client = await shop.installed()

    shop.github.uninstall(shop.installation_id)

    assert (await client.ask("GET", shop.path)).status == 401
    await shop.github.settled()
    assert shop.events == ["installation.created", "installation.deleted"]


async def test_an_app_is_no_installation(shop: Shop) -> None:
    assert (await shop.as_app.ask("DELETE", "/installation/token")).status == 403


async def test_a_user_may_read_what_is_public(shop: Shop) -> None:
    stranger = shop.client(shop.github.create_user("stranger").token)

    assert (await stranger.ask("GET", shop.path)).status == 200


async def test_a_stranger_does_not_see_what_is_private(shop: Shop) -> None:
    shop.repository.private = True
    stranger = shop.client(shop.github.create_user("stranger").token)

    assert (await stranger.ask("GET", shop.path)).status == 404
    assert (await shop.client(shop.alice.token).ask("GET", shop.path)).status == 200


async def test_a_user_cannot_make_check_runs(shop: Shop) -> None:
    run = {"name": "awaited", "head_sha": shop.repository.head("main")}

    answer = await shop.client(shop.alice.token).ask("POST", f"{shop.path}/check-runs", run)

    assert answer.status == 403


@pytest.mark.parametrize(
    ("role", "permission"),
    [
        ("admin", "admin"),
        ("maintain", "write"),
        ("write", "write"),
        ("triage", "read"),
        ("read", "read"),
        ("none", "none"),
    ],
)
async def test_the_permission_has_old_names_and_the_role_its_own(
    shop: Shop, role: str, permission: str
) -> None:
    shop.github.create_user("bob")
    shop.repository.private = True
    shop.repository.permissions["bob"] = role
    client = await shop.installed()

    found = await client.get(f"{shop.path}/collaborators/bob/permission")

    assert (found["permission"], found["role_name"]) == (permission, role)
    assert found["user"]["permissions"]["push"] is (role in ("write", "maintain", "admin"))


async def test_a_custom_role_counts_as_the_role_that_it_extends(shop: Shop) -> None:
    shop.repository.custom_roles["release-captain"] = "write"
    shop.repository.permissions["alice"] = "release-captain"
    client = await shop.installed()

    found = await client.get(f"{shop.path}/collaborators/alice/permission")

    assert (found["permission"], found["role_name"]) == ("write", "release-captain")


async def test_an_owner_is_an_administrator(shop: Shop) -> None:
    client = await shop.installed()

    found = await client.get(f"{shop.path}/collaborators/octo-org/permission")

    assert found["permission"] == "admin"


async def test_anybody_may_read_what_is_public(shop: Shop) -> None:
    shop.github.create_user("bob")
    client = await shop.installed()
    path = f"{shop.path}/collaborators/bob/permission"

    assert (await client.get(path))["permission"] == "read"

    shop.repository.private = True
    assert (await client.get(path))["permission"] == "none"


async def test_nobody_has_no_permission(shop: Shop) -> None:
    client = await shop.installed()

    answer = await client.ask("GET", f"{shop.path}/collaborators/nobody/permission")

    assert answer.status == 404


def test_a_login_exists_once(shop: Shop) -> None:
    with pytest.raises(ValueError, match="alice exists already"):
        shop.github.create_user("alice")


async def test_a_suspended_installation_reaches_nothing_and_hears_of_nothing(shop: Shop) -> None:
    client = await shop.installed()

    shop.github.suspend(shop.installation_id)
    await shop.pull()
    refused = await client.ask("GET", shop.path)
    path = f"/app/installations/{shop.installation_id}"
    minted = await shop.as_app.ask("POST", f"{path}/access_tokens")
    told = await shop.as_app.get(path)
    shop.github.unsuspend(shop.installation_id)

    for answer in (refused, minted):
        assert (answer.status, answer.body["message"]) == (
            403,
            "This installation has been suspended",
        )
    assert told["suspended_at"] is not None
    assert told["suspended_by"]["login"] == "octo-org"
    assert (await client.get(shop.path))["full_name"] == "octo-org/shop"
    assert "pull_request.opened" not in shop.events
    assert shop.events[-2:] == ["installation.suspend", "installation.unsuspend"]


async def test_new_permissions_hold_once_they_are_accepted(shop: Shop) -> None:
    shop.app.permissions["statuses"] = "write"
    refused = await shop.as_app.ask(
        "POST",
        f"/app/installations/{shop.installation_id}/access_tokens",
        {"permissions": {"statuses": "write"}},
    )

    shop.github.accept_permissions(shop.installation_id)

    assert refused.status == 422
    assert await shop.token(permissions={"statuses": "write"})
    assert shop.events[-1] == "installation.new_permissions_accepted"
