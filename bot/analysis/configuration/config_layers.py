"""What one file of the configuration says, and what several say together, one over the other.

A key of the stronger file takes the place of the same key below it; selections go on from each
other, as in ruff from one file to the one that extends it.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import cast

import msgspec
from msgspec import Struct

from bot.analysis.config import Config, FileIgnores
from bot.analysis.configuration.config_tables import Table, built, required_names
from bot.analysis.configuration.selection import codes_of, enabled_codes, most_specific
from bot.analysis.finding import Severity
from bot.analysis.fix_settings import DEFAULT, FixSettings
from bot.analysis.gate import Gate, OnInternalError, Scope, SuppressionPolicy
from bot.analysis.policy import Policy
from bot.analysis.request import Selection
from bot.analysis.rule import Rule


class KnownKeys(msgspec.Struct, frozen=True, rename="kebab"):
    """The keys of the configuration; beside them stands a table for each house rule."""

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    per_file_ignores: dict[str, tuple[str, ...]] = {}
    severity: dict[str, Severity] = {}
    exclude: tuple[str, ...] = ()
    fix: FixSettings = DEFAULT
    scope: Scope = Scope.NEW
    suppressions: SuppressionPolicy = SuppressionPolicy.REPORT
    on_internal_error: OnInternalError | None = None


class Layer(Struct, frozen=True):
    """What one file says.

    Attributes:
        table: all of it, as it is written.
        usable: what can be understood of it, by field of `KnownKeys`.
        selection: the rules that it switches on and off.
        policies: what it tells house rules, by their names.
    """

    table: Table
    usable: Mapping[str, object]
    selection: Selection
    policies: Mapping[str, tuple[Policy, ...]]


class Settled(Struct, frozen=True):
    """What holds, and the keys that it is made from."""

    config: Config
    keys: KnownKeys


def settled(layers: Sequence[Layer], rules: Sequence[Rule], command_line: Selection) -> Settled:
    """Return what files say together.

    Args:
        layers: of the files, the strongest last.
        rules: all that could be on.
        command_line: what it says of them, which is stronger still.
    """
    nothing: Mapping[str, object] = {}
    keys = built(KnownKeys, reduce(_over, (one.usable for one in layers), nothing))
    selections = [*(one.selection for one in layers), command_line]
    enabled = enabled_codes(rules, selections)
    config = Config(
        enabled=tuple(sorted(enabled)),
        file_ignores=tuple(_file_ignores(keys, rules)),
        severities=tuple(_severities(keys, rules)),
        exclude=keys.exclude,
        policies=tuple(_policies(layers, [rule for rule in rules if rule.code in enabled])),
        fix=keys.fix,
        gate=Gate(keys.scope, keys.suppressions, keys.on_internal_error),
    )
    return Settled(config, keys)


def _over(below: Mapping[str, object], above: Mapping[str, object]) -> Mapping[str, object]:
    """Return what both say; the keys of the table `fix` are told one by one."""
    said = {**below, **above}
    tables = [cast("dict[str, object]", one["fix"]) for one in (below, above) if "fix" in one]
    if tables:
        said["fix"] = {name: value for table in tables for name, value in table.items()}
    return said


def _file_ignores(keys: KnownKeys, rules: Sequence[Rule]) -> Iterator[FileIgnores]:
    for glob, selectors in keys.per_file_ignores.items():
        yield FileIgnores(glob, tuple(sorted(codes_of(selectors, rules))))


def _severities(keys: KnownKeys, rules: Sequence[Rule]) -> Iterator[tuple[str, Severity]]:
    for rule in rules:
        strongest = most_specific(keys.severity, rule)
        if strongest is not None:
            yield rule.code, keys.severity[strongest]


def _policies(layers: Sequence[Layer], rules: Sequence[Rule]) -> Iterator[Policy]:
    """Yield what house rules among some rules are told; who must be told nothing has defaults."""
    told = {name: policies for one in layers for name, policies in one.policies.items()}
    for rule in rules:
        if rule.policy is None:
            continue
        if rule.name in told:
            yield from told[rule.name]
        elif not required_names(rule.policy):
            yield rule.policy()
