"""Reads `[tool.awaited]` or `.awaited.toml`: what is valid is used, what is not is a problem.

Below the file of the repository itself may lie one that its owner has for all repositories.
"""

import tomllib
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from bot.analysis.config import Config
from bot.analysis.configuration.config_layers import KnownKeys, Layer, settled
from bot.analysis.configuration.config_notes import notes_on_inherited, notes_on_mistakes
from bot.analysis.configuration.config_tables import (
    ConfigProblem,
    TableReader,
    built,
    names_of,
    required_names,
)
from bot.analysis.configuration.selection import names_exactly, refusal
from bot.analysis.configuration.toml_places import Keys, TomlText
from bot.analysis.path_globs import is_glob
from bot.analysis.policy import Policy
from bot.analysis.pytest_runs.config_files import as_list
from bot.analysis.request import NO_SELECTION, ConfigurationFile, Selection
from bot.analysis.rule import Rule

OWN_FILE = ".awaited.toml"
PROJECT_FILE = "pyproject.toml"
CONFIG_FILES = (OWN_FILE, PROJECT_FILE)
"""Where the configuration lies in a tree; the first that holds any is used, alone."""

_TABLE: Keys = ("tool", "awaited")
_MOST_PROBLEMS = 50


class ReadConfig(Struct, frozen=True):
    """The configuration that holds, what is wrong with it, and what else a reader must know.

    Attributes:
        config: what holds.
        problems: in the repository's own file.
        notes: for a reader.
        sources: the paths of the files that it comes from, the strongest first.
    """

    config: Config
    problems: tuple[ConfigProblem, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def read_config(
    files: Sequence[ConfigurationFile],
    rules: Sequence[Rule],
    command_line: Selection,
    inherited: ConfigurationFile | None = None,
) -> ReadConfig:
    """Read the first file that holds configuration; return the defaults if none does.

    Args:
        files: the strongest first.
        rules: all that could be on.
        command_line: what the command line says of them, which is stronger still.
        inherited: holds where the configuration says nothing.
    """
    speaking = [
        (file, keys) for file in files if (keys := keys_to_configuration(file)) is not None
    ]
    (file, keys), *others = speaking or [(ConfigurationFile(OWN_FILE, ""), ())]
    own = _Reading(TableReader(TomlText(file.path, file.text), keys), rules)
    below = [_reading(inherited, rules)] if inherited is not None else []
    layers = [one.layer() for one in below]
    layers.append(own.layer(told_below=[name for one in layers for name in one.policies]))
    held = settled(layers, rules, command_line)
    unused = (
        f"{other.path}: [tool.awaited] is not used, because there is {file.path}"
        for other, _ in others
    )
    mistakes = notes_on_mistakes(own.tables, layers[-1], held.keys)
    inherited_mistakes = (
        note
        for one, layer in zip(below, layers, strict=False)
        for note in notes_on_inherited(one.tables, layer)
    )
    return ReadConfig(
        held.config,
        tuple(sorted(own.tables.problems)[:_MOST_PROBLEMS]),
        (*unused, *mistakes, *inherited_mistakes),
        tuple(one.tables.text.path for one in ([own] if speaking else []) + below),
    )


def read_settings(
    files: Sequence[ConfigurationFile], inherited: ConfigurationFile | None = None
) -> Config:
    """Return what files say beside rules; what is wrong with them is said elsewhere."""
    return read_config(files, (), NO_SELECTION, inherited).config


def keys_to_configuration(file: ConfigurationFile) -> Keys | None:
    """Return the keys under which a file holds configuration, None where it holds none."""
    if file.path.rpartition("/")[2] != PROJECT_FILE:
        return ()
    if "awaited" not in file.text:
        return None
    try:
        tool = tomllib.loads(file.text).get("tool")
    except (tomllib.TOMLDecodeError, RecursionError):
        return _TABLE if "[tool.awaited" in file.text else None
    return _TABLE if isinstance(tool, dict) and "awaited" in tool else None


def _reading(inherited: ConfigurationFile, rules: Sequence[Rule]) -> "_Reading":
    keys = keys_to_configuration(inherited) or ()
    return _Reading(TableReader(TomlText(inherited.path, inherited.text), keys), rules)


class _Reading(Struct, frozen=True):
    """Reads one file, and says what its keys mean."""

    tables: TableReader
    rules: Sequence[Rule]

    def layer(self, told_below: Sequence[str] = ()) -> Layer:
        """Return what the file says, as far as it can be understood.

        `told_below` names house rules that a file below it tells what to look for.
        """
        table = self.tables.table()
        kinds = {rule.name: rule.policy for rule in self.rules if rule.policy is not None}
        self.tables.check_keys(table, [*names_of(KnownKeys), *kinds])
        usable = self.tables.usable(KnownKeys, table) or {}
        keys = built(KnownKeys, usable)
        told = [name for name in kinds if name in table]
        selection = self._selection(keys, told)
        self._check_untold(keys, {*told, *told_below})
        self._check_values(keys)
        policies = {name: tuple(self._told(name, kinds[name], table[name])) for name in told}
        return Layer(table, usable, selection, policies)

    def _check_values(self, keys: KnownKeys) -> None:
        """Report rules that there are not, and globs that are none."""
        self._check_globs(keys.exclude, ("exclude",))
        for glob, selectors in keys.per_file_ignores.items():
            self._check_globs((glob,), ("per-file-ignores", glob))
            self._selectors(selectors, ("per-file-ignores", glob))
        for selector in keys.severity:
            if reason := refusal(selector, self.rules):
                self.tables.problem(("severity", selector), reason)

    # -- which rules -------------------------------------------------------------------------

    def _selection(self, keys: KnownKeys, told: Sequence[str]) -> Selection:
        """Return what is selected; whoever tells a house rule something wants it."""
        select = None
        if keys.select is not None:
            select = self._selectors(keys.select, ("select",))
        extended = self._selectors(keys.extend_select, ("extend-select",))
        return Selection(select, self._selectors(keys.ignore, ("ignore",)), (*extended, *told))

    def _selectors(self, selectors: Sequence[str], keys: Keys) -> tuple[str, ...]:
        """Return the selectors that name a rule."""
        usable: list[str] = []
        for index, selector in enumerate(selectors):
            if reason := refusal(selector, self.rules):
                self.tables.problem((*keys, index), reason)
            else:
                usable.append(selector)
        return tuple(usable)

    def _check_globs(self, globs: Sequence[str], keys: Keys) -> None:
        for glob in globs:
            if not glob.strip("! /"):
                self.tables.problem(keys, f"`{keys[-1]}`: an empty glob names no file")
            elif glob.removeprefix("!").startswith(("./", "../")):
                right = glob.removeprefix("!").lstrip("./")
                what = f"`{glob}` names no file: globs are relative to the root, `{right}`"
                self.tables.problem(keys, what)
            elif not is_glob(glob):
                self.tables.problem(keys, f"`{keys[-1]}`: `{glob}` is no glob, and names no file")

    # -- house rules -------------------------------------------------------------------------

    def _told(self, name: str, kind: type[Policy], value: object) -> Iterator[Policy]:
        """Yield the policy of one table, or those of an array of tables."""
        several = as_list(value)
        for index, one in enumerate(several or [value]):
            keys: Keys = (name, index) if several else (name,)
            table = self.tables.as_table(one, keys)
            self.tables.check_keys(table, names_of(kind), keys)
            policy = self.tables.struct(kind, table, keys) if isinstance(one, dict) else None
            if policy is not None:
                self._check_globs(policy.paths, (*keys, "paths"))
                yield policy

    def _check_untold(self, keys: KnownKeys, told: Collection[str]) -> None:
        """Report house rules that are selected, but were not told what to look for."""
        untold = [rule for rule in self.rules if rule.policy and rule.name not in told]
        selectors = [("select", keys.select or ()), ("extend-select", keys.extend_select)]
        for key, given in selectors:
            for index, selector in enumerate(given):
                for rule in untold:
                    if names_exactly(selector, rule):
                        self._check_needs_nothing(rule, (key, index))

    def _check_needs_nothing(self, rule: Rule, keys: Keys) -> None:
        missing = required_names(rule.policy) if rule.policy else ()
        if missing:
            names = " and ".join(f"`{one}`" for one in missing)
            where = self.tables.dotted((rule.name,))
            self.tables.problem(keys, f"{rule.code} finds nothing without {names} in `[{where}]`")
