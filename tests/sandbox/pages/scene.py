"""A pull request with something on each of its pages, and a visitor who reads them."""

import html
import re
from dataclasses import dataclass
from typing import Any

from aiohttp import ClientResponse

from bot.sandbox.model import PullRequest
from tests.sandbox.shop import Client, Json, Shop

TESTS = """import asyncio


async def test_total():
    assert await total() == 2


async def total():
    await asyncio.sleep(0)
    return 2
"""
PATH = "tests/test_shop.py"
ANNOTATION: Json = {
    "path": PATH,
    "start_line": 4,
    "end_line": 4,
    "annotation_level": "failure",
    "title": "AWT103 unhandled-async-test",
    "message": "async test `test_total` never runs",
}
ACTION: Json = {"label": "Fix it", "description": "Commit the fixes", "identifier": "fix-safe:1"}
SUMMARY = "| Rule | Found |\n|---|---:|\n| `AWT103` | 1 |"


def words(page: str) -> str:
    """Return what a person reads on a page: no tags, and one space for every gap."""
    bare = re.sub(r"<(script|style|title).*?</\1>", " ", page, flags=re.DOTALL)
    spaced = re.sub(r"</(?:t[dh]|h\d|p|a|code|summary)>|<br>", " ", bare)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", spaced)).split())


@dataclass
class Scene:
    """The shop with a pull request on it."""

    shop: Shop
    pull: PullRequest
    client: Client

    @property
    def pull_path(self) -> str:
        """The path of the pull request's pages."""
        return f"/octo-org/shop/pull/{self.pull.number}"

    @property
    def url(self) -> str:
        """The address of the conversation."""
        return self.shop.github.url + self.pull_path

    async def get(self, path: str, status: int = 200, as_login: str = "") -> str:
        """Return a page; a path without a slash in front is one of the pull request's."""
        cookies = {"sandbox_viewer": as_login} if as_login else {}
        place = path if path.startswith("/") else f"{self.pull_path}/{path}".rstrip("/")
        address = self.shop.github.url + place
        async with self.shop.session.get(address, cookies=cookies) as answer:
            assert answer.status == status, answer
            return await answer.text()

    async def read(self, path: str = "", as_login: str = "") -> str:
        """Return the words of a page."""
        return words(await self.get(path, as_login=as_login))

    async def post(self, path: str, as_login: str = "", **form: str) -> ClientResponse:
        """Send a form as the pages do, and return the answer without following it."""
        place = path if path.startswith("/") else f"{self.pull_path}/{path}"
        headers = {"Origin": self.shop.github.url}
        cookies = {"sandbox_viewer": as_login} if as_login else {}
        answer = await self.shop.session.post(
            self.shop.github.url + place,
            data=form,
            headers=headers,
            cookies=cookies,
            allow_redirects=False,
        )
        await answer.read()
        return answer

    async def start(self, sha: str = "", name: str = "awaited", **more: Any) -> Json:
        """Let the app start a check run on the head."""
        body = {"name": name, "head_sha": sha or self.pull.head_sha, "status": "in_progress"}
        started: Json = await self.client.post(f"{self.shop.path}/check-runs", body | more)
        return started

    async def complete(self, run: Json, conclusion: str = "failure", **output: Any) -> None:
        """Let the app complete a check run; a failure has the button and the annotation."""
        told: Json = {"title": "1 async test never runs", "summary": SUMMARY} | output
        actions: list[Json] = []
        if conclusion == "failure":
            told.setdefault("annotations", [ANNOTATION])
            actions = [ACTION]
        body = {"conclusion": conclusion, "output": told, "actions": actions}
        path = f"{self.shop.path}/check-runs/{run['id']}"
        answer = await self.client.ask("PATCH", path, body)
        assert answer.status == 200, answer

    async def check(self, conclusion: str = "failure", **more: Any) -> Json:
        """Let the app report on the head, and return the run."""
        keys = ("title", "summary", "text", "annotations")
        output = {key: more.pop(key) for key in keys if key in more}
        run = await self.start(**more)
        await self.complete(run, conclusion, **output)
        return run
