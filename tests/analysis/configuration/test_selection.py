"""Which rules are on; each expectation is what ruff does with selectors of the same shape."""

import pytest

from bot.analysis.configuration.selection import codes_of, enabled_codes, most_specific, refusal
from bot.analysis.finding import Severity
from bot.analysis.request import Selection
from bot.analysis.rule import Enabled, Rule

RULES = [
    Rule("bot.rules.broken", "", "AWT001", Severity.FAILURE, enabled=Enabled.ALWAYS),
    Rule("bot.rules.never_runs", "", "AWT101", Severity.FAILURE),
    Rule("bot.rules.never_awaited", "", "AWT102", Severity.FAILURE),
    Rule("bot.rules.odd_mock", "", "AWT401", Severity.FAILURE),
    Rule("bot.rules.house_rule", "", "AWT501", Severity.FAILURE, enabled=Enabled.ON_REQUEST),
]


def on(*selections: Selection) -> list[str]:
    return [code.removeprefix("AWT") for code in sorted(enabled_codes(RULES, selections))]


@pytest.mark.parametrize(
    ("selection", "expected"),
    [
        (Selection(), ["001", "101", "102", "401"]),
        (Selection(select=("AWT1",)), ["001", "101", "102"]),
        (Selection(select=("odd-mock",)), ["001", "401"]),
        (Selection(select=()), ["001"]),
        (Selection(select=("ALL",)), ["001", "101", "102", "401", "501"]),
        (Selection(extend_select=("AWT501",)), ["001", "101", "102", "401", "501"]),
        (Selection(ignore=("AWT1",)), ["001", "401"]),
        (Selection(ignore=("never-runs",)), ["001", "102", "401"]),
        (Selection(ignore=("ALL",)), ["001"]),
        (Selection(ignore=("AWT0",)), ["001", "101", "102", "401"]),
        (Selection(ignore=("AWT001",)), ["101", "102", "401"]),
        (Selection(ignore=("broken",)), ["101", "102", "401"]),
        (Selection(select=("AWT101",), ignore=("AWT1",)), ["001", "101"]),
        (Selection(select=("AWT1",), ignore=("AWT101",)), ["001", "102"]),
        (Selection(select=("AWT101",), ignore=("AWT101",)), ["001"]),
        (Selection(select=("AWT4",), extend_select=("AWT102",)), ["001", "102", "401"]),
        (
            Selection(ignore=("AWT5",), extend_select=("house-rule",)),
            ["001", "101", "102", "401", "501"],
        ),
    ],
)
def test_the_more_specific_selector_wins(selection: Selection, expected: list[str]) -> None:
    assert on(selection) == expected


def test_the_command_lines_select_starts_anew() -> None:
    configured = Selection(select=("AWT1",), ignore=("AWT101",), extend_select=("AWT501",))

    assert on(configured, Selection(select=("AWT1",))) == ["001", "101", "102"]


def test_the_command_lines_other_options_go_on_from_the_configuration() -> None:
    configured = Selection(select=("AWT1",), ignore=("AWT101",))

    assert on(configured, Selection(extend_select=("AWT101",))) == ["001", "101", "102"]
    assert on(configured, Selection(ignore=("AWT102",))) == ["001"]


def test_selectors_name_the_codes_of_all_rules_that_they_fit() -> None:
    assert codes_of(["AWT10", "odd-mock"], RULES) == {"AWT101", "AWT102", "AWT401"}


def test_the_most_specific_selector_speaks_of_a_rule() -> None:
    assert most_specific(["ALL", "AWT4", "AWT10"], RULES[1]) == "AWT10"
    assert most_specific(["AWT4"], RULES[1]) is None


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("AWT1O1", "; did you mean `AWT101`?"),
        ("od-mock", "; did you mean `odd-mock`?"),
        ("all", "; did you mean `ALL`?"),
        ("awt101", "; did you mean `AWT101`?"),
        ("A", ""),
        ("", ""),
        ("F401", ""),
    ],
)
def test_a_selector_that_names_no_rule_is_refused(selector: str, hint: str) -> None:
    assert refusal(selector, RULES) == f"there is no rule `{selector}`{hint}"


def test_a_selector_that_names_a_rule_is_not() -> None:
    assert [refusal(one, RULES) for one in ("ALL", "AWT", "AWT5", "never-runs")] == [""] * 4
