"""`awaited serve` as a process of its own, as a platform runs it."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.github import GitHub
from tests.stage import Stage

COMMAND = (sys.executable, "-c", "from bot.cli.serve import serve; serve()")
ROOT = Path(__file__).parents[2]


@pytest.fixture
def stage(github: GitHub, tmp_path: Path) -> Stage:
    return Stage.build(github, tmp_path)


def environment(stage: Stage, **changes: str) -> dict[str, str]:
    ours = {
        "AWAITED_APP_ID": stage.settings.app_id,
        "AWAITED_PRIVATE_KEY": stage.settings.private_key,
        "AWAITED_WEBHOOK_SECRET": stage.settings.webhook_secret,
        "AWAITED_DATABASE_URL": stage.settings.database_url,
        "AWAITED_GITHUB_API_URL": stage.settings.github_api_url,
        "AWAITED_HOST": "127.0.0.1",
        "AWAITED_PORT": "0",
    }
    return {**ours, **changes}


@asynccontextmanager
async def serving(variables: Mapping[str, str]) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        cwd=ROOT,
        env={**_inherited(), **variables},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _inherited() -> dict[str, str]:
    """What the child needs of our own environment: nothing that sets the bot."""
    wanted = ("PATH", "COVERAGE")
    return {name: value for name, value in os.environ.items() if name.startswith(wanted)}


async def address(process: asyncio.subprocess.Process) -> str:
    """Read the log until it says where the bot listens."""
    assert process.stderr is not None
    async with asyncio.timeout(30):
        while line := await process.stderr.readline():
            if (entry := json.loads(line))["event"] == "listening":
                return str(entry["url"])
    raise AssertionError("it never listened")


async def test_it_serves_until_it_is_told_to_stop(stage: Stage) -> None:
    async with serving(environment(stage)) as process:
        url = await address(process)
        stage.app.hook_url = f"{url}/webhook"
        head = await stage.propose()
        await stage.github.settled()
        async with aiohttp.ClientSession(url) as session:
            assert (await session.get("/readyz")).status == 200

        process.send_signal(signal.SIGTERM)
        _, rest = await process.communicate()

    assert process.returncode == 0
    lines = [json.loads(line) for line in rest.splitlines()]
    (delivery,) = [line for line in lines if line.get("webhook") == "pull_request.opened"]
    assert delivery["outcome"] == "new"
    assert delivery["installation"] > 0
    assert [check.conclusion for check in stage.checks(head)] in ([], ["failure"])


async def test_an_interrupt_from_the_keyboard_stops_it_too(stage: Stage) -> None:
    async with serving(environment(stage)) as process:
        await address(process)
        process.send_signal(signal.SIGINT)
        await process.communicate()

    assert process.returncode == 0


async def test_missing_settings_are_named_and_nothing_is_started(
    stage: Stage, tmp_path: Path
) -> None:
    changes = {"AWAITED_APP_ID": "", "AWAITED_WEBHOOK_SECRET": ""}
    async with serving(environment(stage, **changes)) as process:
        out, told = await process.communicate()

    assert process.returncode == 2
    assert out == b""
    assert [line.split()[0] for line in told.decode().splitlines()] == [
        "AWAITED_APP_ID",
        "AWAITED_WEBHOOK_SECRET",
    ]
    assert not (tmp_path / "bot.sqlite").exists()


async def test_what_keeps_it_from_starting_is_one_line(stage: Stage) -> None:
    port = stage.github.url.rpartition(":")[2]
    async with serving(environment(stage, AWAITED_PORT=port)) as process:
        _, told = await process.communicate()

    assert process.returncode == 1
    (line,) = told.decode().splitlines()
    assert line.startswith("Error: ")
    assert "address already in use" in line


async def test_a_database_that_cannot_be_reached_is_one_line(stage: Stage) -> None:
    url = "postgresql://bot:hunter2@127.0.0.1:1/bot"
    async with serving(environment(stage, AWAITED_DATABASE_URL=url)) as process:
        _, told = await process.communicate()

    assert process.returncode == 1
    (line,) = told.decode().splitlines()
    assert "refused" in line
    assert "hunter2" not in line


async def test_a_key_that_is_none_is_one_line_without_the_key(stage: Stage) -> None:
    key = "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----"
    async with serving(environment(stage, AWAITED_PRIVATE_KEY=key)) as process:
        _, told = await process.communicate()

    assert process.returncode == 1
    assert told.decode() == "Error: the app's private key is not an RSA key in PEM\n"
