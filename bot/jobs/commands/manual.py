"""What can be written and who may write it, as Markdown made from the table of commands. Pure."""

from collections.abc import Iterator, Sequence

from bot.jobs.commands.definitions import DEFINITIONS, Verb
from bot.jobs.commands.reading import hint
from bot.report.markdown import code, details, prose, row
from bot.report.rule_page import rule_in_short
from bot.report.wording import listed, meant, sentence
from bot.rules import ALL_RULES


def help_reply() -> str:
    """Return the answer to a question for help."""
    parts = ["Here is what can be written in a comment, at the start of a line.", *tables()]
    return "\n\n".join(parts)


def unknown_reply(words: Sequence[str]) -> str:
    """Return the answer to a command with words that mean nothing."""
    shown = [f"{code(word)}{meant(hint(word))}" for word in words]
    verb = "means" if len(shown) == 1 else "mean"
    answer = f"Nothing was changed: {listed(shown)} {verb} nothing here."
    return "\n\n".join([answer, *tables()])


def rules_reply(wanted: Sequence[str]) -> str:
    """Return what rules are about, given by code or name; without any, how to ask."""
    rules = [rule for rule in ALL_RULES if {rule.code, rule.name} & set(wanted)]
    if not rules:
        example = DEFINITIONS[Verb.EXPLAIN].examples[0][0]
        return f"Name the rules that you want explained, for example {code(example)}."
    shown = (f"{rule.code} {code(rule.name)}: {prose(sentence(rule.summary))}" for rule in rules)
    pages = (details(f"{rule.code} {rule.name}", rule_in_short(rule)) for rule in rules)
    return "\n\n".join(part for pair in zip(shown, pages, strict=True) for part in pair)


def tables() -> Iterator[str]:
    """Yield what the help and the documentation show of all commands."""
    yield _table(
        ["Write", "and the bot", "open to"],
        ([code(each.synopsis), each.meaning, each.who.value] for each in DEFINITIONS.values()),
    )
    yield _table(
        ["Option", "and the bot", "open to"],
        (
            [code(option.word), option.meaning, option.who.value]
            for each in DEFINITIONS.values()
            for option in each.options
        ),
    )
    yield _table(
        ["For example", "that is"],
        (
            [code(written), meaning]
            for each in DEFINITIONS.values()
            for written, meaning in each.examples
        ),
    )


def _table(head: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    return "\n".join([row(head), "|" + "---|" * len(head), *map(row, rows)])
