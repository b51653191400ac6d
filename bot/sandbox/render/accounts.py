"""Users, organisations, bots, apps and installations as JSON."""

from urllib.parse import quote

from bot.sandbox.model import Account, App, Installation, Json
from bot.sandbox.world import World

# Suffixes of `/users/LOGIN` behind the names of the addresses in every account.
USER_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}


def account(world: World, who: Account) -> Json:
    """Return a simple user; `type` tells users, organisations and bots apart."""
    url = f"{world.api_url}/users/{quote(who.login)}"
    urls = {name: url + suffix for name, suffix in USER_URLS.items()}
    return urls | {
        "login": who.login,
        "id": who.id,
        "node_id": f"U_{who.id}",
        "avatar_url": f"{world.url}/avatars/{who.id}",
        "gravatar_id": "",
        "url": url,
        "html_url": html_url(world, who),
        "type": who.kind,
        "user_view_type": "public",
        "site_admin": False,
    }


def html_url(world: World, who: Account) -> str:
    """Return the address of an account's page; a bot's is its app's."""
    if who.kind == "Bot":
        return f"{world.url}/apps/{who.login.removesuffix('[bot]')}"
    return f"{world.url}/{who.login}"


def organization(world: World, who: Account) -> Json:
    """Return what webhooks say of the organisation that owns the repository."""
    url = f"{world.api_url}/orgs/{who.login}"
    return {
        "login": who.login,
        "id": who.id,
        "node_id": f"O_{who.id}",
        "url": url,
        "repos_url": f"{url}/repos",
        "events_url": f"{url}/events",
        "hooks_url": f"{url}/hooks",
        "issues_url": f"{url}/issues",
        "members_url": f"{url}/members{{/member}}",
        "public_members_url": f"{url}/public_members{{/member}}",
        "avatar_url": f"{world.url}/avatars/{who.id}",
        "description": None,
    }


def app(world: World, one: App) -> Json:
    """Return an app as it stands beside what it made."""
    return {
        "id": one.id,
        "slug": one.slug,
        "node_id": f"A_{one.id}",
        "client_id": client_id(one),
        "owner": account(world, one.owner),
        "name": one.slug,
        "description": None,
        "external_url": f"{world.url}/apps/{one.slug}",
        "html_url": f"{world.url}/apps/{one.slug}",
        "created_at": one.created_at,
        "updated_at": one.created_at,
        "permissions": dict(one.permissions),
        "events": list(one.events),
    }


def client_id(one: App) -> str:
    """Return the other name of an app, which may stand in its JWT as well."""
    return f"Iv1.{one.id:016x}"


def installation(world: World, one: Installation) -> Json:
    """Return an installation of an app."""
    url = f"{world.api_url}/app/installations/{one.id}"
    return {
        "id": one.id,
        "account": account(world, one.account),
        "repository_selection": "selected",
        "access_tokens_url": f"{url}/access_tokens",
        "repositories_url": f"{world.api_url}/installation/repositories",
        "html_url": f"{world.url}/settings/installations/{one.id}",
        "app_id": one.app.id,
        "app_slug": one.app.slug,
        "client_id": client_id(one.app),
        "target_id": one.account.id,
        "target_type": one.account.kind,
        "permissions": dict(one.permissions),
        "events": list(one.app.events),
        "created_at": one.created_at,
        "updated_at": one.created_at,
        "single_file_name": None,
        "has_multiple_single_files": False,
        "single_file_paths": [],
        "suspended_by": account(world, one.suspended_by) if one.suspended_by else None,
        "suspended_at": one.suspended_at,
    }
