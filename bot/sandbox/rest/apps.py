"""What an app asks about itself: its installations, their tokens, and its deliveries."""

from bot.sandbox.auth import mint
from bot.sandbox.deliveries import Delivery
from bot.sandbox.errors import ApiError, not_found
from bot.sandbox.model import Installation, InstallationToken, Json
from bot.sandbox.render import accounts, repositories
from bot.sandbox.reply import Reply
from bot.sandbox.rest.call import Call, Operations
from bot.sandbox.world import World, timestamp

operations = Operations()
SUCCESSES = range(200, 300)


@operations.answers_to("apps/get-authenticated")
def get_authenticated(call: Call) -> Reply:
    """Return the app that the JWT belongs to."""
    app = call.jwt_app
    count = sum(one.app is app for one in call.world.installations.values())
    return Reply(200, accounts.app(call.world, app) | {"installations_count": count})


@operations.answers_to("apps/get-installation")
def get_installation(call: Call) -> Reply:
    """Return one installation of the app."""
    return Reply(200, accounts.installation(call.world, _installation(call)))


@operations.answers_to("apps/get-repo-installation")
def get_repo_installation(call: Call) -> Reply:
    """Return the installation through which the app reaches a repository."""
    installation = call.world.installation_on(call.jwt_app, call.repository)
    return Reply(200, accounts.installation(call.world, installation))


@operations.answers_to("apps/create-installation-access-token")
def create_token(call: Call) -> Reply:
    """Mint a token, for an hour, narrowed down to what is asked for."""
    token = mint(call.world, _installation(call), call.body)
    return Reply(201, _token(call.world, token))


@operations.answers_to("apps/revoke-installation-access-token")
def revoke_token(call: Call) -> Reply:
    """Forget the token that is used for asking."""
    del call.world.tokens[_own_token(call).text]
    return Reply(204)


@operations.answers_to("apps/list-repos-accessible-to-installation")
def list_repositories(call: Call) -> Reply:
    """Return the repositories that the token reaches."""
    token = _own_token(call)
    reached = [call.world.repositories[i] for i in sorted(token.repository_ids)]
    return call.page(
        reached, lambda one: repositories.repository(call.world, one), wrap="repositories"
    )


@operations.answers_to("apps/list-webhook-deliveries")
def list_deliveries(call: Call) -> Reply:
    """Return the app's deliveries, newest first; `cursor` is the id to go on below."""
    app, query = call.jwt_app, call.query
    mine = [one for one in reversed(call.site.hookshot.deliveries) if one.app is app]
    if cursor := query.get("cursor"):
        mine = [one for one in mine if one.id < int(cursor)]
    if status := query.get("status"):
        mine = [one for one in mine if (one.status_code in SUCCESSES) == (status == "success")]
    size = int(query.get("per_page", 30))
    rest = mine[size:]
    link = f'<{call.url}?per_page={size}&cursor={mine[size - 1].id}>; rel="next"' if rest else ""
    return Reply(200, [_delivery(one) for one in mine[:size]], {"Link": link} if link else {})


@operations.answers_to("apps/get-webhook-delivery")
def get_delivery(call: Call) -> Reply:
    """Return one delivery with what was sent and what was answered."""
    delivery = _find_delivery(call)
    request = {"headers": delivery.request_headers, "payload": delivery.payload}
    response = {"headers": delivery.response_headers, "payload": delivery.response_body}
    whole = {"url": delivery.url, "request": request, "response": response}
    return Reply(200, _delivery(delivery) | whole)


@operations.answers_to("apps/redeliver-webhook-delivery")
def redeliver(call: Call) -> Reply:
    """Send a delivery again, under the same GUID."""
    call.site.hookshot.redeliver(_find_delivery(call).id)
    return Reply(202, {})


def _installation(call: Call) -> Installation:
    found = call.world.installations.get(call.number("installation_id"))
    if found is None or found.app is not call.jwt_app:
        raise not_found()
    return found


def _own_token(call: Call) -> InstallationToken:
    if call.caller.token is None:
        raise ApiError(403, "You must authenticate with an installation access token.")
    return call.caller.token


def _find_delivery(call: Call) -> Delivery:
    app = call.jwt_app
    for delivery in call.site.hookshot.deliveries:
        if delivery.id == call.number("delivery_id") and delivery.app is app:
            return delivery
    raise not_found()


def _token(world: World, token: InstallationToken) -> Json:
    body: Json = {
        "token": token.text,
        "expires_at": timestamp(token.expires_at),
        "permissions": token.permissions,
        "repository_selection": "selected",
    }
    if token.selected:
        reached = [world.repositories[i] for i in sorted(token.repository_ids)]
        body["repositories"] = [repositories.repository(world, one) for one in reached]
    return body


def _delivery(delivery: Delivery) -> Json:
    return {
        "id": delivery.id,
        "guid": delivery.guid,
        "delivered_at": delivery.delivered_at,
        "redelivery": delivery.redelivery,
        "duration": delivery.duration,
        "status": delivery.status,
        "status_code": delivery.status_code,
        "event": delivery.event,
        "action": delivery.action,
        "installation_id": delivery.installation_id,
        "repository_id": delivery.repository_id,
        "throttled_at": None,
    }
