"""`awaited serve`: run the bot until it is told to stop."""

import asyncio
import signal
import sys

import click
from sqlalchemy.exc import SQLAlchemyError

from bot.app import Bot
from bot.isolation.analyser import Analyser
from bot.settings import Settings, SettingsError
from bot.store.lock import DatabaseInUse
from bot.web import logs

_USAGE = 2


@click.command()
def serve() -> None:
    """Receive webhooks and check pull requests, until interrupted.

    Everything is set by environment variables; the three that must be are AWAITED_APP_ID,
    AWAITED_PRIVATE_KEY (or AWAITED_PRIVATE_KEY_FILE) and AWAITED_WEBHOOK_SECRET.
    """
    try:
        asyncio.run(_serve())
    except SettingsError as error:
        for problem in error.problems:
            click.echo(problem, err=True)
        sys.exit(_USAGE)
    except (DatabaseInUse, OSError, SQLAlchemyError, ValueError) as error:
        raise click.ClickException(str(error).splitlines()[0]) from error


async def _serve() -> None:
    stop = _stopped_by_signals()
    # Before anything secret is read: what forks for each analysis must never have known it.
    analyser = await Analyser.start()
    try:
        settings = Settings.from_environment()
        logs.configure(settings.log_format, secrets=settings.webhook_secrets)
    except BaseException:
        await analyser.close()
        raise
    async with await Bot.start(settings, analyser=analyser):
        await stop.wait()


def _stopped_by_signals() -> asyncio.Event:
    """Return what the first signal sets; a second one ends the process the hard way."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    signals = (signal.SIGINT, signal.SIGTERM)

    def begin_to_stop() -> None:
        stop.set()
        for name in signals:
            loop.remove_signal_handler(name)

    for name in signals:
        loop.add_signal_handler(name, begin_to_stop)
    return stop
