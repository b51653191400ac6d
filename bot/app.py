"""The composition root: the one place where the parts of the bot are wired together."""

from contextlib import AsyncExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from types import TracebackType
from typing import Self

import aiohttp
import structlog
from aiohttp import web

from bot.github.auth import AppCredentials
from bot.github.gateway import GitHubApp
from bot.handlers import jobs_for
from bot.isolation.analyser import Analyser
from bot.jobs.apply_fixes import ApplyFixes
from bot.jobs.catch_up import CatchUp
from bot.jobs.check_merge_group import CheckMergeGroup
from bot.jobs.check_pull_request import CheckPullRequest
from bot.jobs.dbos_engine import DbosEngine
from bot.jobs.drop_merge_group import DropMergeGroup
from bot.jobs.engine import Engine
from bot.jobs.explain_command import ExplainCommand
from bot.jobs.leave_head import LeaveHead
from bot.jobs.tell_status import TellStatus
from bot.jobs.tidy_threads import TidyThreads
from bot.jobs.undo_fixes import UndoFixes
from bot.jobs.workbench import Policy, Workbench
from bot.settings import Settings
from bot.store.claims import Claims
from bot.store.database import Database
from bot.store.dependents import Dependents
from bot.store.suggested_pulls import SuggestedPulls
from bot.store.turns import Turns
from bot.web.health import Health
from bot.web.webhook import Webhook, route

# Every kind of job that may lie in the database.
KINDS = (
    CheckPullRequest,
    CheckMergeGroup,
    DropMergeGroup,
    ApplyFixes,
    UndoFixes,
    TellStatus,
    ExplainCommand,
    TidyThreads,
    LeaveHead,
    CatchUp,
)

# Seconds that another process has to leave the database: a predecessor that finishes its jobs.
PREDECESSOR_SECONDS = 30.0
# Seconds after which a delivery that could not be stored is refused; GitHub waits ten.
STORING_SECONDS = 8.0
# Seconds for answers under way when the bot is told to stop.
_LAST_ANSWERS = 5.0

_log = structlog.stdlib.get_logger(__name__)


class Bot:
    """A running bot, until it is closed. One in a process, because its engine is.

    Attributes:
        url: where it listens.
        engine: for tests and the demo, which want to know when all is done.
    """

    def __init__(self, url: str, engine: Engine, parts: AsyncExitStack) -> None:
        self.url = url
        self.engine = engine
        self._parts = parts

    @classmethod
    async def start(cls, settings: Settings, *, analyser: Analyser | None = None) -> Self:
        """Start every part; what was left undone by an earlier process is continued.

        Args:
            settings: what the operator decided.
            analyser: one that was started before any secret was read. The bot closes it.

        Raises:
            ValueError: the private key or the database's address is none.
            DatabaseInUse: another process has the database.
            OSError: the address to listen on is not to be had.
        """
        parts = AsyncExitStack()
        try:
            analyser = analyser or await Analyser.start()
            parts.push_async_callback(analyser.close)
            engine = await _engine(settings, analyser, parts)
            url = await _listen(settings, engine, parts)
        except BaseException:
            await parts.aclose()
            raise
        _log.info("listening", url=url)
        return cls(url, engine, parts)

    async def close(self) -> None:
        """Stop listening, let running jobs finish for a while, then let go of everything."""
        await self._parts.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()


async def _engine(settings: Settings, analyser: Analyser, parts: AsyncExitStack) -> Engine:
    """Start what does the work, and before it what the work needs."""
    credentials = AppCredentials(settings.app_id, settings.private_key)
    session = await parts.enter_async_context(aiohttp.ClientSession())
    database = await parts.enter_async_context(
        await Database.open(settings.database_url, patience=PREDECESSOR_SECONDS)
    )
    bench = Workbench(
        github=GitHubApp(session, credentials, api_url=settings.github_api_url),
        analyser=analyser,
        claims=Claims(database.engine, _now),
        suggested=SuggestedPulls(database.engine),
        dependents=Dependents(database.engine, _now),
        now=_now,
        turns=Turns(database.engine),
        policy=Policy(settings.on_internal_error, settings.commits_a_day),
    )
    engine = DbosEngine(
        database.address.blocking, kinds=KINDS, bench=bench, worker_id=settings.worker_id
    )
    parts.push_async_callback(engine.shutdown)
    await engine.start()
    return engine


async def _listen(settings: Settings, engine: Engine, parts: AsyncExitStack) -> str:
    """Open the door last: whoever is let in finds everything running."""
    webhook = Webhook(
        engine,
        jobs_for,
        app_id=settings.app_id,
        secrets=settings.webhook_secrets,
        patience=STORING_SECONDS,
    )
    application = web.Application()
    application.add_routes([route(webhook), *Health(engine, version=version("awaited")).routes()])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=_LAST_ANSWERS)
    parts.push_async_callback(runner.cleanup)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    await site.start()
    port = runner.addresses[0][1]
    return f"http://{settings.host}:{port}"


def _now() -> datetime:
    return datetime.now(UTC)
