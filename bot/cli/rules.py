"""`awaited rules`: one line for each rule."""

import click

from bot.cli.output import print_lines
from bot.report.text import Line, Style
from bot.rules import ALL_RULES


@click.command()
def rules() -> None:
    """List the rules: code, name, severity, when they are on, kind of fix, and what they find."""
    width = max(len(rule.name) for rule in ALL_RULES)
    print_lines(
        Line.of(
            (rule.code, Style.PLACE),
            (f"  {rule.name:{width}}", Style.PATH),
            f"  {rule.severity:7}",
            f"  {rule.enabled:10}",
            f"  {'/'.join(rule.safeties) or 'no fix':11}",
            f"  {rule.summary}",
        )
        for rule in ALL_RULES
    )
