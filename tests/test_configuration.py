"""What is documented of the configuration is what there is, and nothing is left out."""

import re
from pathlib import Path

import pytest

from bot.analysis.configuration.config_layers import KnownKeys
from bot.analysis.configuration.config_reading import read_config
from bot.analysis.configuration.config_tables import names_of, required_names
from bot.analysis.fix_settings import FixAllow, FixMode, FixSettings
from bot.analysis.request import NO_SELECTION, ConfigurationFile
from bot.analysis.rule import Enabled
from bot.cli.check import check
from bot.rules import ALL_RULES

TEXT = (Path(__file__).parent.parent / "docs" / "configuration.md").read_text(encoding="utf-8")
POLICIES = {rule.name: rule for rule in ALL_RULES if rule.policy is not None}


def section(title: str) -> str:
    """Return what stands under a heading of the second level."""
    return re.split(r"^## ", TEXT.partition(f"\n## {title}\n")[2], flags=re.MULTILINE)[0]


def parts(title: str) -> dict[str, str]:
    """Return the texts under the headings of the third level in a section."""
    found = re.split(r"^### `(.+)`$", section(title), flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_key_is_documented_and_every_documented_key_is_read() -> None:
    assert sorted(parts("Keys")) == sorted(names_of(KnownKeys))


def test_every_key_of_fixes_is_documented_with_its_values() -> None:
    rows = dict(re.findall(r"^\| `(.+?)` \| (.*) \|$", parts("Keys")["fix"], re.MULTILINE))

    assert sorted(rows) == sorted(names_of(FixSettings))
    assert set(re.findall(r'`"(\w+)"`', rows["allow"])) == set(FixAllow)
    assert set(re.findall(r'`"(\w+)"`', rows["mode"])) == set(FixMode)


def test_every_house_rule_is_documented_with_its_keys() -> None:
    documented = parts("House rules")

    assert sorted(documented) == sorted(POLICIES)
    for name, text in documented.items():
        rule = POLICIES[name]
        assert rule.policy is not None
        assert rule.enabled is Enabled.ON_REQUEST
        assert text.strip().startswith(f"[{rule.code}](rules/{rule.code}.md): ")
        rows = re.findall(r"^\| `(.+)` \| (.*) \|$", text, re.MULTILINE)
        assert sorted(key for key, _ in rows) == sorted(names_of(rule.policy))
        needed = [key for key, what in rows if what.endswith("; needed")]
        assert sorted(needed) == sorted(required_names(rule.policy))


@pytest.mark.parametrize("example", re.findall(r"```toml\n(.*?)```", TEXT, re.DOTALL))
def test_every_example_is_a_configuration(example: str) -> None:
    path = "pyproject.toml" if "tool.awaited" in example else ".awaited.toml"
    file = ConfigurationFile(path, example)

    read = read_config([file], ALL_RULES, NO_SELECTION)

    assert read.problems == ()
    assert read.config != read_config([], ALL_RULES, NO_SELECTION).config


def test_the_options_are_those_of_the_command() -> None:
    documented = re.findall(r"^\| `(--[\w-]+)", section("On the command line"), re.MULTILINE)

    known = {option for parameter in check.params for option in parameter.opts}
    assert documented
    assert set(documented) <= known


def test_every_rule_that_is_named_exists() -> None:
    assert set(re.findall(r"\bAWT\d{3}\b", TEXT)) <= {rule.code for rule in ALL_RULES}
