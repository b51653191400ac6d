"""`awaited demo`: watch it in the browser, or have the whole story played and judged."""

import asyncio
import json
import logging
import signal
import sys
import tempfile
from pathlib import Path

import click

from bot.cli.demo.narration import Narration
from bot.cli.demo.stage import Stage
from bot.cli.demo.story import Story, play
from bot.web import logs


@click.command()
@click.option("--once", is_flag=True, help="Play the whole story, print it, and exit.")
@click.option("--json", "as_json", is_flag=True, help="With --once: print one JSON object.")
@click.option("--port", default=0, show_default="any", help="Where the local GitHub listens.")
def demo(*, once: bool, as_json: bool, port: int) -> None:
    """Show the bot at work on a GitHub of its own, on this machine alone.

    Without --once it opens a pull request, waits for the check to turn red, and leaves the rest
    to you: press "Fix it", or comment /fix-async. Exits 1 when the story came out otherwise.
    """
    if as_json and not once:
        raise click.UsageError("--json goes with --once.")
    logs.configure("console")
    _quieten()
    with tempfile.TemporaryDirectory(prefix="awaited-demo-") as folder:
        if once:
            sys.exit(asyncio.run(_once(Path(folder), port, as_json=as_json)))
        asyncio.run(_serve(Path(folder), port))


async def _once(folder: Path, port: int, *, as_json: bool) -> int:
    narration = Narration(silent=as_json)
    async with Stage.open(folder, port) as stage:
        story = await play(stage, narration)
    if as_json:
        click.echo(json.dumps(story.as_json(), indent=2))
    _conclude(story, narration)
    return 1 if story.surprises else 0


def _conclude(story: Story, narration: Narration) -> None:
    for surprise in story.surprises:
        click.echo(f"It came out otherwise: {surprise}", err=True)
    if not story.surprises:
        narration.title("Every async test runs, and the check is green.")


async def _serve(folder: Path, port: int) -> None:
    async with Stage.open(folder, port) as stage:
        await stage.propose()
        await stage.settled()
        click.echo(f"Pull request: {stage.page}")
        click.echo('Press "Fix it" on its Checks tab, or comment /fix-async. Ctrl-C ends it.')
        click.echo(f"Clone it:     git clone {stage.clone_url}")
        await _told_to_end()
    click.echo("\nThe local GitHub is gone, and everything on it.", err=True)


async def _told_to_end() -> None:
    """Wait for Ctrl-C or a SIGTERM; also where a shell has started this with Ctrl-C ignored."""
    told = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await told.wait()


def _quieten() -> None:
    """Leave the terminal to the story: the bot's own log is for operators."""
    logging.getLogger().setLevel(logging.WARNING)
