"""`awaited explain`: what a rule says of itself."""

import click

from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.errors import UserError
from bot.analysis.rule import Rule
from bot.cli.output import print_lines
from bot.report.text import Line, Style
from bot.rules import ALL_RULES


@click.command()
@click.argument("rule")
def explain(*, rule: str) -> None:
    """Explain RULE, given by its code (AWT103) or its name (unhandled-async-test)."""
    found = _find(rule)
    fixes = " or ".join(found.safeties) or "none"
    print_lines(
        [
            Line.of((f"{found.code} {found.name}", Style.PATH)),
            Line.of(
                (f"severity: {found.severity}; on: {found.enabled}; fix: {fixes}", Style.ADVICE)
            ),
            Line.of(""),
            *(Line.of(line) for line in (found.documentation or "").strip().splitlines()),
        ]
    )


def _find(wanted: str) -> Rule:
    for rule in ALL_RULES:
        if wanted.lower() in {rule.code.lower(), rule.name}:
            return rule
    hint = did_you_mean(wanted, [word for rule in ALL_RULES for word in (rule.code, rule.name)])
    raise UserError(f"there is no rule {wanted}{hint} (`awaited rules` lists them)")
