"""The bot that most people would write: gidgethub, and one request a file.

It says "in progress", lists the changed files, fetches each by the contents API, looks for async
tests without a literal marker, and says what it found. It follows no import, reads no
configuration, and keeps nothing.
"""

import base64
from typing import Any

import aiohttp
import gidgethub.aiohttp
from gidgethub.abc import GitHubAPI
from gidgethub.apps import get_installation_access_token

from benchmarks.analysis.naive import unmarked

_MOST_ANNOTATIONS = 50


class ReferenceBot:
    """Checks pull requests of one repository as one installation."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        api_url: str,
        app: tuple[str, str],
        installation: tuple[int, str],
    ) -> None:
        self._session = session
        self._url = api_url
        self._app_id, self._private_key = app
        self._installation_id, self._repository = installation

    async def check(self, number: int) -> None:
        """Check a pull request's head, from a token to a completed check run."""
        github = await self._github()
        repository = f"/repos/{self._repository}"
        pull = await github.getitem(f"{repository}/pulls/{number}")
        head = pull["head"]["sha"]
        run = await github.post(
            f"{repository}/check-runs",
            data={"name": "reference", "head_sha": head, "status": "in_progress"},
        )
        found = [
            one
            async for file in github.getiter(f"{repository}/pulls/{number}/files")
            if file["filename"].endswith(".py") and file["status"] != "removed"
            for one in await self._look(github, file["filename"], head)
        ]
        await github.patch(
            f"{repository}/check-runs/{run['id']}",
            data={
                "status": "completed",
                "conclusion": "failure" if found else "success",
                "output": {
                    "title": f"{len(found)} findings",
                    "summary": f"{len(found)} findings",
                    "annotations": found[:_MOST_ANNOTATIONS],
                },
            },
        )

    async def _github(self) -> GitHubAPI:
        anonymous = gidgethub.aiohttp.GitHubAPI(self._session, "reference", base_url=self._url)
        token = await get_installation_access_token(
            anonymous,
            installation_id=str(self._installation_id),
            app_id=self._app_id,
            private_key=self._private_key,
        )
        return gidgethub.aiohttp.GitHubAPI(
            self._session, "reference", oauth_token=token["token"], base_url=self._url
        )

    async def _look(self, github: GitHubAPI, path: str, head: str) -> list[dict[str, Any]]:
        content = await github.getitem(
            "/repos/" + self._repository + "/contents/{path}{?ref}", {"path": path, "ref": head}
        )
        source = base64.b64decode(content["content"])
        return [
            {
                "path": path,
                "start_line": 1,
                "end_line": 1,
                "annotation_level": "failure",
                "message": f"{unmarked(source)} async tests without a marker",
            }
        ] * bool(unmarked(source))
