"""Clone, fetch and push: the smart HTTP protocol, spoken by real git on the same repositories."""

import asyncio
import os
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox.auth import Caller, identify, permit
from bot.sandbox.errors import ApiError
from bot.sandbox.model import Account
from bot.sandbox.repository import Repository
from bot.sandbox.site import Site

SERVICES = ("git-upload-pack", "git-receive-pack")
ROUTE = "/{owner}/{repo}.git"
NO_CACHE = {"Cache-Control": "no-cache"}


@dataclass(frozen=True, slots=True)
class SmartHttp:
    """Anybody may read; who pushes shows a token as the password and needs the right to write."""

    site: Site

    def mount(self, app: web.Application) -> None:
        """Add the three routes of the protocol."""
        app.router.add_get(f"{ROUTE}/info/refs", self.advertise)
        for service in SERVICES:
            app.router.add_post(f"{ROUTE}/{service}", self.serve)

    async def advertise(self, request: web.Request) -> web.Response:
        """Say which references there are, as a first step of everything."""
        service = request.query.get("service", "")
        if service not in SERVICES:
            return web.Response(status=403, text="The dumb protocol is not spoken here.")
        try:
            repository, _ = self._open(request, service)
        except ApiError as error:
            return _refused(error)
        refs = await _git(service, repository, request, b"", "--advertise-refs")
        title = f"# service={service}\n"
        body = f"{len(title) + 4:04x}{title}0000".encode() + refs
        kind = f"application/x-{service}-advertisement"
        return web.Response(body=body, content_type=kind, headers=NO_CACHE)

    async def serve(self, request: web.Request) -> web.Response:
        """Send or take objects; a push that moved branches has its consequences at once."""
        service = request.path.rpartition("/")[2]
        try:
            repository, caller = self._open(request, service)
        except ApiError as error:
            return _refused(error)
        before = repository.store.branches()
        result = await _git(service, repository, request, await request.read())
        if service == "git-receive-pack" and caller.account is not None:
            self._tell(repository, before, caller.account)
        kind = f"application/x-{service}-result"
        return web.Response(body=result, content_type=kind, headers=NO_CACHE)

    def _open(self, request: web.Request, service: str) -> tuple[Repository, Caller]:
        place = request.match_info
        repository = self.site.world.repository(f"{place['owner']}/{place['repo']}")
        caller = identify(self.site.world, request.headers.get("Authorization"))
        if service == "git-receive-pack":
            permit(caller, repository, ["contents=write"])
        return repository, caller

    def _tell(self, repository: Repository, before: dict[str, str], pusher: Account) -> None:
        after = repository.store.branches()
        for branch in sorted(before.keys() | after.keys()):
            self.site.activity.moved(
                repository, branch, before.get(branch), after.get(branch), sender=pusher
            )


def _refused(error: ApiError) -> web.Response:
    """Ask for credentials where they may help; git then tries again with them."""
    headers = {"WWW-Authenticate": 'Basic realm="GitHub"'} if error.status == 401 else {}  # noqa: PLR2004
    return web.Response(status=error.status, text=error.message, headers=headers)


async def _git(
    service: str, repository: Repository, request: web.Request, body: bytes, *options: str
) -> bytes:
    environment = {
        "PATH": os.environ["PATH"],
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_PROTOCOL": request.headers.get("Git-Protocol", ""),
    }
    process = await asyncio.create_subprocess_exec(
        "git",
        service.removeprefix("git-"),
        "--stateless-rpc",
        *options,
        str(repository.store.path),
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    output, _ = await process.communicate(body)
    return output
