"""What a repository inherits holds key by key, where its own configuration says nothing."""

import pytest

from bot.analysis.config import Config
from bot.analysis.configuration.config_reading import ReadConfig, read_config, read_settings
from bot.analysis.finding import Severity
from bot.analysis.fix_settings import FixAllow, FixMode
from bot.analysis.gate import Scope
from bot.analysis.policy import Policy, Symbol
from bot.analysis.request import NO_SELECTION, ConfigurationFile, Selection
from bot.analysis.rule import Enabled, Rule


class Base(Policy, frozen=True, kw_only=True):
    base: Symbol


RULES = [
    Rule("r.never_runs", "", "AWT101", Severity.FAILURE),
    Rule("r.lost", "", "AWT102", Severity.FAILURE),
    Rule("r.odd_mock", "", "AWT401", Severity.NOTICE),
    Rule("r.base", "", "AWT502", Severity.FAILURE, enabled=Enabled.ON_REQUEST, policy=Base),
]
BELOW = "octo-org/.github/.awaited.toml"


def read(own: str | None, below: str, said: Selection = NO_SELECTION) -> ReadConfig:
    files = [ConfigurationFile(".awaited.toml", own)] if own is not None else []
    return read_config(files, RULES, said, ConfigurationFile(BELOW, below))


def config(own: str | None, below: str) -> Config:
    return read(own, below).config


def test_what_is_inherited_holds_where_there_is_nothing_else() -> None:
    found = read(None, "ignore = ['AWT401']\nscope = 'all'\n")

    assert found.config.enabled == ("AWT101", "AWT102")
    assert found.config.gate.scope is Scope.ALL
    assert found.sources == (BELOW,)


def test_a_key_takes_the_place_of_the_same_key_below() -> None:
    below = "scope = 'all'\nexclude = ['a']\nsuppressions = 'allow'\n"
    found = read("exclude = ['b']\n", below)

    assert found.config.exclude == ("b",)
    assert found.config.gate.scope is Scope.ALL
    assert found.sources == (".awaited.toml", BELOW)


def test_the_keys_of_fixes_are_told_one_by_one() -> None:
    below = ConfigurationFile(BELOW, "fix = { allow = 'admin', mode = 'patch' }\n")
    own = ConfigurationFile(".awaited.toml", "fix = { mode = 'suggest' }\n")

    found = read_settings([own], below).fix

    assert (found.allow, found.mode) == (FixAllow.ADMIN, FixMode.SUGGEST)


@pytest.mark.parametrize(
    ("own", "enabled"),
    [
        ("ignore = ['AWT102']\n", ("AWT101",)),
        ("extend-select = ['AWT401']\n", ("AWT101", "AWT102", "AWT401")),
        ("select = ['AWT4']\n", ("AWT401",)),
    ],
)
def test_selections_go_on_from_each_other(own: str, enabled: tuple[str, ...]) -> None:
    assert config(own, "ignore = ['AWT401']\n").enabled == enabled


def test_the_command_line_comes_after_both() -> None:
    said = Selection(extend_select=("AWT401",))

    assert "AWT401" in read("ignore = ['AWT4']\n", "ignore = ['AWT4']\n", said).config.enabled


def test_tables_of_globs_and_rules_are_taken_as_a_whole() -> None:
    below = "per-file-ignores = { a = ['AWT1'] }\nseverity = { AWT101 = 'notice' }\n"
    own = "per-file-ignores = { b = ['AWT4'] }\nseverity = { AWT102 = 'warning' }\n"

    assert [one.glob for one in config(own, below).file_ignores] == ["b"]
    assert config(own, below).severities == (("AWT102", Severity.WARNING),)
    assert config("", below).file_ignores[0].codes == ("AWT101", "AWT102")
    assert config("", below).severities == (("AWT101", Severity.NOTICE),)


def test_a_house_rule_is_told_by_the_stronger_file_alone() -> None:
    below = "[base]\nbase = 'shop.Case'\n"

    assert config("", below).policies == (Base(base="shop.Case"),)
    assert "AWT502" in config("", below).enabled
    assert config("[base]\nbase = 'Own'\n", below).policies == (Base(base="Own"),)
    assert "AWT502" not in config("ignore = ['AWT502']\n", below).enabled


def test_a_rule_that_is_told_below_may_be_selected_without_telling_it_again() -> None:
    own = "extend-select = ['AWT502']\n"

    assert read(own, "[base]\nbase = 'Case'\n").problems == ()
    assert len(read(own, "").problems) == 1


def test_a_key_that_cannot_be_used_is_as_if_it_were_not_written() -> None:
    found = read("scope = 'everything'\n", "scope = 'all'\n")

    assert found.config.gate.scope is Scope.ALL
    assert len(found.problems) == 1


def test_mistakes_below_are_no_findings_of_this_repository() -> None:
    found = read("ignore = ['AWT102']\n", "ignroe = []\nscope = 1\nexclude = ['a']\n")

    assert found.problems == ()
    assert found.config.exclude == ("a",)
