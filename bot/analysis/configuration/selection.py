"""Which rules are on: ruff's `select`, `ignore` and `extend-select`, with ruff's precedence.

A selector is `ALL`, a code (`AWT103`), the beginning of codes (`AWT4`) or a name
(`unhandled-async-test`). Of those in one place the more specific wins, and `ignore` over the
others of equal rank. The command line comes after the configuration; its `select` starts anew.
"""

from collections.abc import Collection, Iterable, Sequence

from bot.analysis.configuration.spelling import did_you_mean
from bot.analysis.request import NO_SELECTION, Selection
from bot.analysis.rule import Enabled, Rule

ALL = "ALL"
_FULL = len("AWT000")


def enabled_codes(rules: Sequence[Rule], selections: Iterable[Selection]) -> frozenset[str]:
    """Return the codes of the rules that are on, the last selection being the strongest."""
    chosen = {rule.code for rule in rules if rule.enabled is not Enabled.ON_REQUEST}
    always = {rule.code for rule in rules if rule.enabled is Enabled.ALWAYS}
    for selection in selections:
        if selection == NO_SELECTION:
            continue
        wanted = {rule.code: _verdict(rule, selection) for rule in rules}
        if selection.select is not None:
            chosen = set(always)
        chosen |= {code for code, verdict in wanted.items() if verdict is True}
        chosen -= {code for code, verdict in wanted.items() if verdict is False}
    return frozenset(chosen)


def codes_of(selectors: Iterable[str], rules: Sequence[Rule]) -> frozenset[str]:
    """Return the codes of all rules that any selector names."""
    found = (
        rule.code for one in selectors for rule in rules if _specificity(one, rule) is not None
    )
    return frozenset(found)


def most_specific(selectors: Collection[str], rule: Rule) -> str | None:
    """Return the selector that speaks of a rule the most precisely."""
    fitting = [one for one in selectors if _specificity(one, rule) is not None]
    return max(fitting, key=lambda one: _specificity(one, rule) or 0, default=None)


def names_exactly(selector: str, rule: Rule) -> bool:
    """Whether a selector means this one rule."""
    return selector in {rule.code, rule.name}


def selects_any(selector: str, rules: Sequence[Rule]) -> bool:
    """Whether a selector means any of the rules."""
    return any(_specificity(selector, rule) is not None for rule in rules)


def refusal(selector: str, rules: Sequence[Rule]) -> str:
    """Return why a selector cannot be used, empty if it can."""
    if selects_any(selector, rules):
        return ""
    known = [ALL, *(word for rule in rules for word in (rule.code, rule.name))]
    return f"there is no rule `{selector}`{did_you_mean(selector, known)}"


def _verdict(rule: Rule, selection: Selection) -> bool | None:
    """Return whether a selection switches a rule on, off, or leaves it as it is."""
    taken = _strength((*(selection.select or ()), *selection.extend_select), rule)
    left_out = _strength(selection.ignore, rule)
    if rule.enabled is Enabled.ALWAYS and left_out < _FULL:
        left_out = -1
    if taken < 0 and left_out < 0:
        return None
    return taken > left_out


def _strength(selectors: Iterable[str], rule: Rule) -> int:
    found = (_specificity(one, rule) for one in selectors)
    return max((one for one in found if one is not None), default=-1)


def _specificity(selector: str, rule: Rule) -> int | None:
    """Return how precisely a selector names a rule, None where it does not."""
    if selector == ALL:
        return 0
    if selector == rule.name:
        return _FULL
    # A single letter is no beginning that anybody means.
    if selector.startswith("AWT") and rule.code.startswith(selector):
        return len(selector)
    return None
