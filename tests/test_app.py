import asyncio
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot import handlers
from bot.app import KINDS, Bot
from bot.jobs.job import Job
from bot.sandbox.github import GitHub
from bot.store.lock import DatabaseInUse
from tests.stage import Stage


@pytest.fixture
def stage(github: GitHub, tmp_path: Path) -> Stage:
    return Stage.build(github, tmp_path)


async def test_a_pull_request_with_a_test_that_never_runs_gets_a_red_check(stage: Stage) -> None:
    async with stage.bot() as bot:
        head = await stage.propose()
        await stage.done(bot)

    (check,) = stage.checks(head)
    assert (check.name, check.status, check.conclusion) == ("awaited", "completed", "failure")
    assert [note["path"] for note in check.annotations] == ["test_total.py"]


async def test_a_redelivery_is_acknowledged_and_changes_nothing(stage: Stage) -> None:
    async with stage.bot() as bot:
        head = await stage.propose()
        await stage.done(bot)
        (original,) = [one for one in stage.github.deliveries if one.event == "pull_request"]
        requests = stage.github.requests.copy()

        again = await stage.github.redeliver(original.id)
        await stage.done(bot)

    assert original.status_code == again.status_code == 202
    assert again.response_body == '{"status": "duplicate"}'
    assert stage.github.requests == requests
    assert len(stage.checks(head)) == 1


async def test_a_delivery_while_the_database_is_locked_is_refused_and_can_be_redelivered(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.STORING_SECONDS", 0.2)
    file = stage.settings.database_url.removeprefix("sqlite:///")
    async with stage.bot() as bot:
        with closing(sqlite3.connect(file, isolation_level=None)) as intruder:
            intruder.execute("BEGIN EXCLUSIVE")
            head = await stage.propose()
            await stage.github.settled()
        (refused,) = [one for one in stage.github.deliveries if one.event == "pull_request"]

        again = await stage.github.redeliver(refused.id)
        await stage.done(bot)

    assert refused.status_code == 503
    assert again.status_code == 202
    assert len(stage.checks(head)) == 1


async def test_what_an_earlier_bot_left_undone_is_done_by_the_next(stage: Stage) -> None:
    async with stage.bot():
        head = await stage.propose()
        await stage.github.settled()

    async with stage.bot() as second:
        await stage.done(second)

    (check,) = stage.checks(head)
    assert check.conclusion == "failure"


async def test_a_running_bot_is_ready_and_says_what_it_is(stage: Stage) -> None:
    async with stage.bot() as bot, aiohttp.ClientSession(bot.url) as session:
        assert (await session.get("/readyz")).status == 200
        health = await (await session.get("/healthz")).json()
        assert health["engine"] == {"accepting": True, "waiting": 0, "running": 0}
        assert "awaited" in await (await session.get("/")).text()


async def test_a_closed_bot_no_longer_listens(stage: Stage) -> None:
    async with stage.bot() as bot:
        pass

    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectorError):
            await session.get(bot.url)


async def test_a_second_bot_on_the_same_database_is_refused_and_leaves_no_trace(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.app.PREDECESSOR_SECONDS", 0)
    before = asyncio.all_tasks()
    async with stage.bot():
        during = asyncio.all_tasks()
        with pytest.raises(DatabaseInUse):
            await Bot.start(stage.settings)

        assert asyncio.all_tasks() <= during
    assert asyncio.all_tasks() <= before


async def test_a_key_that_is_none_is_refused_before_anything_is_opened(
    stage: Stage, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="private key"):
        await Bot.start(replace(stage.settings, private_key="none"))

    assert not (tmp_path / "bot.sqlite").exists()


async def test_a_taken_port_is_an_error_and_the_bot_can_be_started_elsewhere(
    stage: Stage,
) -> None:
    port = int(stage.github.url.rpartition(":")[2])
    with pytest.raises(OSError, match="in use"):
        await Bot.start(replace(stage.settings, port=port))

    async with stage.bot() as bot:
        assert bot.url


def test_every_kind_of_job_can_be_stored() -> None:
    def leaves(kind: type) -> set[type]:
        children: list[type] = kind.__subclasses__()
        return {leaf for child in children for leaf in leaves(child)} or {kind}

    assert handlers.HANDLERS
    ours = {kind for kind in leaves(Job) if kind.__module__.startswith("bot.")}
    assert ours == set(KINDS)
