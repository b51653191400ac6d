"""A small shop on the sandbox: its people, its app, and clients that speak plain HTTP."""

import asyncio
import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import jwt
from aiohttp import web

from bot.sandbox.github import GitHub
from bot.sandbox.model import App, PullRequest, User
from bot.sandbox.repository import Repository

Json = dict[str, Any]
FULL = {"checks": "write", "contents": "write", "issues": "write", "pull_requests": "write"}
EVENTS = ("check_run", "check_suite", "issue_comment", "pull_request", "push")
LINES = "".join(f"line {number}\n" for number in range(1, 31))


def app_jwt(app: App, **claims: object) -> str:
    """Return a JWT as an app makes it; claims can be set, or left out with None."""
    now = int(time.time())
    given: Json = {"iat": now - 60, "exp": now + 540, "iss": str(app.id)} | claims
    kept = {name: value for name, value in given.items() if value is not None}
    return jwt.encode(kept, app.private_key, "RS256")


@dataclass(frozen=True)
class Answer:
    """What came back: the JSON body, or the text where it is none."""

    status: int
    headers: dict[str, str]
    body: Any


@dataclass
class Client:
    """A client of the REST and GraphQL interfaces with one credential."""

    session: aiohttp.ClientSession
    github: GitHub
    token: str | None

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Ask the REST interface; headers are named with underscores."""
        return await self._send(method, self.github.api_url + path, body, headers)

    async def get(self, path: str, **headers: str) -> Any:
        """Return the body of a successful GET."""
        answer = await self.ask("GET", path, **headers)
        assert answer.status == 200, answer
        return answer.body

    async def post(self, path: str, body: object = None, status: int = 201) -> Any:
        """Return the body of a POST with the expected status."""
        answer = await self.ask("POST", path, body)
        assert answer.status == status, answer
        return answer.body

    async def graphql(self, query: str, **variables: object) -> Any:
        """Return the body of a GraphQL answer."""
        request = {"query": query, "variables": variables}
        answer = await self._send("POST", self.github.graphql_url, request, {})
        assert answer.status == 200, answer
        return answer.body

    async def _send(self, method: str, url: str, body: object, given: dict[str, str]) -> Answer:
        headers = {name.replace("_", "-"): value for name, value in given.items()}
        if self.token is not None:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        async with self.session.request(method, url, json=body, headers=headers) as response:
            text = await response.text()
            is_json = response.content_type == "application/json"
            kept = {name.lower(): value for name, value in response.headers.items()}
            return Answer(response.status, kept, json.loads(text) if is_json else text)


@dataclass
class Receiver:
    """An app's webhook: remembers what it got, and answers with `status`, or not while silent."""

    status: int = 202
    silent: bool = False
    seen: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    @property
    def payloads(self) -> list[Json]:
        """The payloads in the order in which they came."""
        return [json.loads(body) for _, body in self.seen]

    @property
    def names(self) -> list[str]:
        """`event.action` of what came."""
        return [
            f"{headers['X-GitHub-Event']}.{json.loads(body).get('action', '')}".strip(".")
            for headers, body in self.seen
        ]

    def all(self, name: str) -> list[Json]:
        """Return the payloads of the deliveries with that name."""
        return [payload for payload, n in zip(self.payloads, self.names, strict=True) if n == name]

    def only(self, name: str) -> Json:
        """Return the payload of the one delivery with that name."""
        found = self.all(name)
        assert len(found) == 1, self.names
        return found[0]

    async def take(self, request: web.Request) -> web.Response:
        """Answer a delivery."""
        if self.silent:
            await asyncio.Event().wait()
        self.seen.append((dict(request.headers), await request.read()))
        return web.Response(status=self.status)


@dataclass
class Shop:
    """A repository with a pull request to come, its people, and an app installed on it."""

    github: GitHub
    repository: Repository
    alice: User
    app: App
    installation_id: int
    receiver: Receiver
    session: aiohttp.ClientSession

    @property
    def path(self) -> str:
        """The repository's path in the REST interface."""
        return f"/repos/{self.repository.full_name}"

    def client(self, token: str | None) -> Client:
        """Return a client with some credential."""
        return Client(self.session, self.github, token)

    @property
    def sent(self) -> list[Json]:
        """The payloads of all deliveries as they were sent; they may arrive in another order."""
        return [one.payload for one in self.github.deliveries]

    @property
    def events(self) -> list[str]:
        """`event.action` of all deliveries as they were sent."""
        return [one.name for one in self.github.deliveries]

    @property
    def as_app(self) -> Client:
        """Return a client with a fresh JWT."""
        return self.client(app_jwt(self.app))

    async def token(self, **wanted: object) -> str:
        """Return a new installation token."""
        path = f"/app/installations/{self.installation_id}/access_tokens"
        return str((await self.as_app.post(path, wanted))["token"])

    async def installed(self, **permissions: str) -> Client:
        """Return a client with an installation token of those permissions, or of all."""
        wanted = {"permissions": permissions} if permissions else {}
        return self.client(await self.token(**wanted))

    async def pull(self, files: dict[str, bytes | str] | None = None) -> PullRequest:
        """Push a branch and open a pull request from it."""
        changed = files or {"a.txt": f"line 0\n{LINES}"}
        await self.github.push(self.repository, "feature", changed, self.alice)
        return await self.github.open_pull_request(
            self.repository, head="feature", user=self.alice
        )


COMMIT = """
mutation($input: CreateCommitOnBranchInput!) {
  createCommitOnBranch(input: $input) { commit { oid url signature { isValid } } ref { name } }
}
"""


def commit_input(head: str, files: dict[str, bytes], branch: str = "feature", **more: Any) -> Json:
    """Return the input of createCommitOnBranch in the shop's repository."""
    additions = [
        {"path": path, "contents": base64.b64encode(data).decode()} for path, data in files.items()
    ]
    return {
        "branch": {"repositoryNameWithOwner": "octo-org/shop", "branchName": branch},
        "expectedHeadOid": head,
        "message": {"headline": "Fix", "body": "Because."},
        "fileChanges": {"additions": additions},
    } | more
