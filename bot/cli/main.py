"""The command line: one module a command, loaded only when that command is used.

So `awaited check` needs none of what the service needs, and starts quickly.
"""

from collections.abc import Sequence
from importlib import import_module
from typing import cast

import click
from msgspec import Struct

from bot.analysis.errors import UserError
from bot.isolation.errors import AnalysisFailed

INTERNAL_ERROR = 2
INTERRUPTED = 130


class Command(Struct, frozen=True):
    """Where a command is. `extra` is what has to be installed beside the command line."""

    module: str
    summary: str
    extra: str = ""


# In the order of `awaited --help`; the function bears the command's name.
COMMANDS = {
    "check": Command("bot.cli.check", "Find async tests that never run, and repair them."),
    "rules": Command("bot.cli.rules", "List the rules."),
    "explain": Command("bot.cli.explain", "Say what a rule finds, why it matters, how it fixes."),
    "clean": Command("bot.cli.clean", "Forget what earlier runs have kept."),
    "serve": Command("bot.cli.serve", "Run the GitHub App.", extra="server"),
    "demo": Command("bot.cli.demo.command", "Watch it work on a local GitHub.", extra="demo"),
}


class _Commands(click.Group):
    """A group that knows its commands by name, and loads only what is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return all names."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load one command."""
        command = COMMANDS.get(cmd_name)
        if command is None:
            return None
        try:
            module = import_module(command.module)
        except ModuleNotFoundError as error:
            name = error.name or ""
            if not command.extra or name.partition(".")[0] == "bot":
                raise
            raise UserError(
                f"`awaited {cmd_name}` needs {name}: install `awaited[{command.extra}]`"
            ) from error
        return cast("click.Command", getattr(module, cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without loading them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.summary) for name, command in COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="awaited", message="%(prog)s %(version)s")
def cli() -> None:
    """Make sure that every async test really runs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    try:
        return cli.main(arguments, prog_name="awaited", standalone_mode=False) or 0
    except click.ClickException as error:
        error.show()
        # click ends some with 1, which means findings.
        return INTERNAL_ERROR
    except click.Abort:
        return INTERRUPTED
    except (UserError, OSError) as error:
        _say(f"awaited: {error}")
    except AnalysisFailed as failure:
        _say(f"{failure.detail}\nawaited: {failure.reason}".lstrip())
    except Exception:  # noqa: BLE001 - Python would end with 1, which means findings
        import traceback  # noqa: PLC0415 - for what should never happen

        _say(traceback.format_exc())
    return INTERNAL_ERROR


def _say(text: str) -> None:
    click.echo(text, err=True)
