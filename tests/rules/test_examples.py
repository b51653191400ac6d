"""Every example of every rule is a test; a new case is a new example."""

import re
from collections.abc import Mapping

import pytest

from bot.analysis.finding import Finding
from bot.analysis.fix import Safety
from bot.analysis.request import Fixing, FixPlan
from bot.analysis.rule import Bad, Good, Rule, example_files, expected_lines
from bot.rules import ALL_RULES
from tests.trees import plan_for, report_on

CASES = [
    pytest.param(rule, example, id=f"{rule.name}-{type(example).__name__.lower()}-{number}")
    for rule in ALL_RULES
    for number, example in enumerate(rule.examples)
]
BAD = [case for case in CASES if isinstance(case.values[1], Bad)]


@pytest.mark.parametrize(("rule", "example"), CASES)
def test_exactly_the_marked_lines_are_reported(rule: Rule, example: Bad | Good) -> None:
    report = report_on(example_files(example.files))

    found = sorted((one.path, one.line) for one in of_rule(rule, report.findings))

    assert found == expected_lines(example.files)
    assert bool(found) == isinstance(example, Bad)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_the_fix_gives_exactly_the_fixed_text(rule: Rule, example: Bad) -> None:
    files = example_files(example.files)
    plan = plan_for(files, Fixing.UNSAFE)

    if example.fixed is None:
        fixes = [one.fix for one in of_rule(rule, plan.before.findings) if one.fix]
        assert fixes == []
        return
    assert changed(plan) == example_files(example.fixed)
    assert of_rule(rule, plan.after.findings) == []


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_a_fix_is_as_safe_as_the_example_says(rule: Rule, example: Bad) -> None:
    report = report_on(example_files(example.files))

    safeties = {one.fix.safety if one.fix else None for one in of_rule(rule, report.findings)}

    assert safeties == {example.safety}
    assert (example.fixed is None) == (example.safety is None)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_safe_fixes_leave_unsafe_ones_alone(rule: Rule, example: Bad) -> None:
    plan = plan_for(example_files(example.files), Fixing.SAFE)

    gone = [one for one in of_rule(rule, plan.fixed) if one.fix is not None]

    assert bool(gone) == (example.safety is Safety.SAFE)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_fixing_what_is_fixed_changes_nothing(rule: Rule, example: Bad) -> None:
    files = example_files(example.files)
    once = plan_for(files, Fixing.UNSAFE)
    repaired = {**files, **changed(once)}

    again = plan_for(repaired, Fixing.UNSAFE)

    assert again.files == {}
    assert of_rule(rule, once.after.findings) == of_rule(rule, again.before.findings)


@pytest.mark.parametrize(("rule", "example"), BAD)
def test_what_an_example_says_stands_in_the_message(rule: Rule, example: Bad) -> None:
    report = report_on(example_files(example.files))

    texts = [f"{one.message} {one.advice}" for one in of_rule(rule, report.findings)]

    assert all(example.says in text for text in texts)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_is_documented_under_the_fixed_headings(rule: Rule) -> None:
    headings = re.findall(r"^## (.*)$", rule.documentation or "", re.MULTILINE)

    assert headings == ["What it finds", "Why it matters", "Fix"]
    assert rule.summary.endswith(".")


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in ALL_RULES}) == len(ALL_RULES)
    assert len({rule.name for rule in ALL_RULES}) == len(ALL_RULES)


@pytest.mark.parametrize("rule", ALL_RULES, ids=lambda rule: rule.name)
def test_a_rule_has_examples_of_both_kinds(rule: Rule) -> None:
    kinds = {type(example) for example in rule.examples}

    assert kinds == {Bad, Good}


def of_rule(rule: Rule, findings: tuple[Finding, ...]) -> list[Finding]:
    return [one for one in findings if one.code == rule.code]


def changed(plan: FixPlan) -> Mapping[str, str]:
    return {path: content.decode() for path, content in plan.files.items()}
