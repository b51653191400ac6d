from pathlib import Path

from markdown_it import MarkdownIt

from bot.jobs.commands.definitions import DEFINITIONS
from bot.jobs.commands.manual import help_reply, rules_reply, tables, unknown_reply
from bot.report.fix_reply import COMMENT_LIMIT
from bot.rules import ALL_RULES

PAGE = Path(__file__).parents[3] / "docs" / "commands.md"


def test_the_help_names_every_command_option_and_example() -> None:
    answer = help_reply()

    for definition in DEFINITIONS.values():
        assert f"`{definition.synopsis}` | {definition.meaning} | {definition.who} |" in answer
        for option in definition.options:
            assert f"| `{option.word}` | {option.meaning} | {option.who} |" in answer
        for written, _ in definition.examples:
            assert f"`{written}`" in answer
    assert MarkdownIt("commonmark").enable("table").render(answer).count("<table>") == 3


def test_the_documentation_shows_the_same() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert all(table in text for table in tables())


def test_unknown_words_are_answered_with_what_was_meant_and_what_can_be_written() -> None:
    one = unknown_reply(("AWT1O3",))
    two = unknown_reply(("@all", "<b>"))

    assert one.startswith(
        "Nothing was changed: `AWT1O3` (did you mean `AWT103`?) means nothing here."
    )
    assert "`@all` and `<b>` mean nothing here." in two
    assert all(table in one for table in tables())


def test_a_rule_is_explained_folded_away() -> None:
    answer = rules_reply(("AWT103",))

    assert answer.startswith("AWT103 `unhandled-async-test`: An async test is collected")
    assert "<details><summary>AWT103 unhandled-async-test</summary>" in answer
    assert "## Why it matters" in answer
    assert "```python" in answer
    assert "](" not in answer
    assert rules_reply(("unhandled-async-test",)) == answer


def test_several_rules_are_explained_in_order() -> None:
    answer = rules_reply(("AWT301", "AWT103"))
    assert answer.index("summary>AWT103") < answer.index("summary>AWT301")


def test_who_names_no_rule_is_told_how() -> None:
    assert "for example `/fix-async explain AWT103`" in rules_reply(())


def test_all_rules_that_one_command_may_name_fit_into_a_comment() -> None:
    longest = sorted(ALL_RULES, key=lambda rule: len(rules_reply((rule.code,))))[-20:]
    assert len(rules_reply([rule.code for rule in longest])) < COMMENT_LIMIT
