"""`awaited explain`: what a rule says of itself."""

import difflib

import click

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
            Line.of((f"severity: {found.severity}; fix: {fixes}", Style.ADVICE)),
            Line.of(""),
            *(Line.of(line) for line in (found.documentation or "").strip().splitlines()),
        ]
    )


def _find(wanted: str) -> Rule:
    by_word = {word: rule for rule in ALL_RULES for word in (rule.code.lower(), rule.name)}
    if wanted.lower() in by_word:
        return by_word[wanted.lower()]
    close = difflib.get_close_matches(wanted.lower(), by_word, n=1)
    hint = f"; did you mean {by_word[close[0]].code}?" if close else ""
    raise UserError(f"there is no rule {wanted}{hint} (`awaited rules` lists them)")
