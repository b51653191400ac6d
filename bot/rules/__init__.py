"""One rule a file, discovered; a rule asks facts, computes none, and knows no other rule."""

from importlib import import_module
from pkgutil import iter_modules

from bot.analysis import engine, fixing
from bot.analysis.request import Asking, FixPlan, Report, Request
from bot.analysis.rule import Rule
from bot.analysis.shelf import Shelf


def _load(name: str) -> Rule:
    rule = import_module(f"{__name__}.{name}").rule
    if not isinstance(rule, Rule):
        raise TypeError(f"bot/rules/{name}.py must define `rule`")
    return rule


ALL_RULES: tuple[Rule, ...] = tuple(
    sorted((_load(info.name) for info in iter_modules(__path__)), key=lambda rule: rule.code)
)


def analyse(request: Request) -> Asking[Report]:
    """Check a tree with every rule; see `bot.analysis.request` for what is yielded and sent."""
    return engine.analyse(request, ALL_RULES)


def check_part(request: Request, shelf: Shelf) -> Asking[Report]:
    """Check a part of a tree; `shelf` keeps what the next part can use."""
    return engine.analyse(request, ALL_RULES, shelf)


def plan_fixes(request: Request) -> Asking[FixPlan]:
    """Plan the fixes of a tree with every rule, as far as `request.fixing` allows."""
    return fixing.plan_fixes(request, ALL_RULES)
