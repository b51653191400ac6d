"""The pages' addresses, and what every answer of theirs has in common."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import hdrs, web

from bot.sandbox.errors import ApiError
from bot.sandbox.git_store import UnknownObjectError
from bot.sandbox.model import Exchange
from bot.sandbox.pages import (
    actions,
    avatars,
    checks,
    commits,
    conversation,
    files,
    listing,
    traffic,
)
from bot.sandbox.pages.actions import Act
from bot.sandbox.pages.rendering import HERE, html
from bot.sandbox.pages.version import version
from bot.sandbox.pages.visit import NotHereError, Page, Visit
from bot.sandbox.site import Site

REPOSITORY = "/{owner}/{repo}"
PULL = REPOSITORY + r"/pull/{number:\d{1,9}}"
RUN = REPOSITORY + r"/runs/{run:\d{1,18}}"
DELIVERY = r"/_sandbox/deliveries/{delivery:\d{1,18}}"

PAGES: Mapping[str, Callable[[Visit], Page]] = {
    "/": listing.show_home,
    REPOSITORY: listing.show_repository,
    REPOSITORY + "/pulls": listing.show_repository,
    REPOSITORY + "/blob/{revision}/{path:.+}": listing.show_file,
    REPOSITORY + "/commit/{sha:[0-9a-f]{7,40}}": files.show_commit,
    PULL: conversation.show,
    PULL + "/commits": commits.show,
    PULL + "/checks": checks.show,
    PULL + "/files": files.show,
    "/_sandbox/deliveries": traffic.show_deliveries,
    DELIVERY: traffic.show_delivery,
    "/_sandbox/requests": traffic.show_requests,
}
ACTS: Mapping[str, Act] = {
    PULL + "/comment": actions.comment,
    PULL + "/close": actions.close,
    PULL + "/merge": actions.merge,
    RUN + "/press": actions.press,
    RUN + "/rerun": actions.rerun,
    DELIVERY + "/redeliver": actions.redeliver,
    "/_sandbox/viewer": actions.become,
}
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# Nothing inline and nothing from elsewhere: what slips through the templates still does nothing.
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
HOSTS = ("127.0.0.1", "localhost")


@dataclass(frozen=True, slots=True)
class Pages:
    """Everything that a browser asks for; mounted last, since owners can have any name."""

    site: Site
    exchanges: Sequence[Exchange]

    def mount(self, app: web.Application) -> None:
        """Add the pages' routes."""
        app.router.add_get("/_sandbox/version", self._version)
        app.router.add_get(r"/_sandbox/assets/{name:[a-z]+\.(?:css|js|svg)}", _asset)
        app.router.add_get(r"/avatars/{account:\d{1,18}}", self._avatar)
        app.router.add_get(RUN, self._run)
        for path, show in PAGES.items():
            app.router.add_get(path, self._shows(show))
        for path, act in ACTS.items():
            app.router.add_post(path, self._does(act))

    def _shows(
        self, show: Callable[[Visit], Page]
    ) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            visit = Visit(self.site, self.exchanges, request)
            status = HTTPStatus.OK
            try:
                page = show(visit)
            except (NotHereError, UnknownObjectError, ApiError):
                status, page = HTTPStatus.NOT_FOUND, Page("missing.html", "Page not found", {})
            return _page(html(visit, page), status)

        return answer

    def _does(self, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            _refuse_foreign(request)
            given = await request.post()
            form = {name: value for name, value in given.items() if isinstance(value, str)}
            try:
                place = act(Visit(self.site, self.exchanges, request, form))
            except NotHereError as error:
                raise web.HTTPNotFound from error
            except ApiError as error:
                return web.Response(status=error.status, text=error.message, headers=HEADERS)
            raise web.HTTPSeeOther(place)

        return answer

    async def _version(self, request: web.Request) -> web.Response:
        visit = Visit(self.site, self.exchanges, request)
        try:
            word = version(visit, visit.asked("of"))
        except ApiError as error:
            raise web.HTTPNotFound from error
        return web.Response(text=word, headers=HEADERS)

    async def _avatar(self, request: web.Request) -> web.Response:
        wanted = int(request.match_info["account"])
        for account in self.site.world.accounts.values():
            if account.id == wanted:
                kind, drawn = TYPES[".svg"], avatars.picture(account)
                headers = HEADERS | {"Cache-Control": "max-age=60"}
                return web.Response(text=drawn, content_type=kind, headers=headers)
        raise web.HTTPNotFound

    async def _run(self, request: web.Request) -> web.Response:
        try:
            place = checks.find_run(Visit(self.site, self.exchanges, request))
        except (NotHereError, ApiError) as error:
            raise web.HTTPNotFound from error
        raise web.HTTPFound(place)


async def _asset(request: web.Request) -> web.Response:
    path = HERE / "assets" / request.match_info["name"]
    if not path.is_file():
        raise web.HTTPNotFound
    headers = HEADERS | {"Cache-Control": "no-cache"}
    return web.Response(text=path.read_text(), content_type=TYPES[path.suffix], headers=headers)


def _page(text: str, status: HTTPStatus) -> web.Response:
    return web.Response(text=text, status=status, content_type="text/html", headers=HEADERS)


def _refuse_foreign(request: web.Request) -> None:
    """Only pages of this site may act here: not another site's, nor one that borrowed its name."""
    host = request.host.partition(":")[0]
    if host not in HOSTS or request.headers.get(hdrs.ORIGIN) != f"http://{request.host}":
        raise web.HTTPForbidden(text="This was not sent from a page of this GitHub.")
