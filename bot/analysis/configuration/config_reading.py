"""Reads `[tool.awaited]` or `.awaited.toml`: what is valid is used, what is not is a problem."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence

import msgspec
from msgspec import Struct

from bot.analysis.config import Config, FileIgnores
from bot.analysis.configuration.config_tables import (
    ConfigProblem,
    Table,
    TableReader,
    names_of,
    required_names,
)
from bot.analysis.configuration.selection import (
    codes_of,
    enabled_codes,
    most_specific,
    names_exactly,
    refusal,
)
from bot.analysis.configuration.toml_places import Keys, TomlText
from bot.analysis.finding import Severity
from bot.analysis.fix_settings import DEFAULT, FixSettings
from bot.analysis.gate import Gate, Scope, SuppressionPolicy
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
    """The configuration that holds, what is wrong with it, and what else a reader must know."""

    config: Config
    problems: tuple[ConfigProblem, ...] = ()
    notes: tuple[str, ...] = ()


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


def read_config(
    files: Sequence[ConfigurationFile], rules: Sequence[Rule], command_line: Selection
) -> ReadConfig:
    """Read the first file that holds configuration; return the defaults if none does.

    Args:
        files: the strongest first.
        rules: all that could be on.
        command_line: what the command line says of them, which is stronger still.
    """
    speaking = [
        (file, keys) for file in files if (keys := keys_to_configuration(file)) is not None
    ]
    (file, keys), *others = speaking or [(ConfigurationFile(OWN_FILE, ""), ())]
    tables = TableReader(TomlText(file.path, file.text), keys)
    config = _Reading(tables, rules).config(command_line)
    notes = (
        f"{other.path}: [tool.awaited] is not used, because there is {file.path}"
        for other, _ in others
    )
    return ReadConfig(config, tuple(sorted(tables.problems)[:_MOST_PROBLEMS]), tuple(notes))


def read_fix_settings(files: Sequence[ConfigurationFile]) -> FixSettings:
    """Return how fixes are to be made; what is wrong with the files is said elsewhere."""
    return read_config(files, (), NO_SELECTION).config.fix


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


class _Reading(Struct, frozen=True):
    """Reads one file, and says what its keys mean."""

    tables: TableReader
    rules: Sequence[Rule]

    def config(self, command_line: Selection) -> Config:
        """Return what the file says, as far as it can be understood."""
        table = self.tables.table()
        kinds = {rule.name: rule.policy for rule in self.rules if rule.policy is not None}
        self.tables.check_keys(table, [*names_of(KnownKeys), *kinds])
        keys = self.tables.struct(KnownKeys, table) or KnownKeys()
        told = [name for name in kinds if name in table]
        enabled = enabled_codes(self.rules, [self._selection(keys, told), command_line])
        self._check_untold(keys, told)
        return Config(
            enabled=tuple(sorted(enabled)),
            file_ignores=tuple(self._file_ignores(keys.per_file_ignores)),
            severities=tuple(self._severities(keys.severity)),
            exclude=self._globs(keys.exclude, ("exclude",)),
            policies=tuple(self._policies(kinds, table)),
            fix=keys.fix,
            gate=Gate(keys.scope, keys.suppressions),
        )

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

    def _file_ignores(self, table: Mapping[str, tuple[str, ...]]) -> Iterator[FileIgnores]:
        for glob, selectors in table.items():
            keys = ("per-file-ignores", glob)
            self._globs((glob,), keys)
            codes = codes_of(self._selectors(selectors, keys), self.rules)
            yield FileIgnores(glob, tuple(sorted(codes)))

    def _severities(self, table: Mapping[str, Severity]) -> Iterator[tuple[str, Severity]]:
        for selector in table:
            if reason := refusal(selector, self.rules):
                self.tables.problem(("severity", selector), reason)
        for rule in self.rules:
            strongest = most_specific(table, rule)
            if strongest is not None:
                yield rule.code, table[strongest]

    def _globs(self, globs: tuple[str, ...], keys: Keys) -> tuple[str, ...]:
        for glob in globs:
            if not glob.strip("! /"):
                self.tables.problem(keys, f"`{keys[-1]}`: an empty glob names no file")
            elif glob.removeprefix("!").startswith(("./", "../")):
                right = glob.removeprefix("!").lstrip("./")
                what = f"`{glob}` names no file: globs are relative to the root, `{right}`"
                self.tables.problem(keys, what)
            elif not is_glob(glob):
                self.tables.problem(keys, f"`{keys[-1]}`: `{glob}` is no glob, and names no file")
        return globs

    # -- house rules -------------------------------------------------------------------------

    def _policies(self, kinds: Mapping[str, type[Policy]], table: Table) -> Iterator[Policy]:
        """Yield what each house rule is told; one that needs to be told nothing has defaults."""
        for name, kind in kinds.items():
            if name in table:
                yield from self._told(name, kind, table[name])
            elif not required_names(kind):
                yield kind()

    def _told(self, name: str, kind: type[Policy], value: object) -> Iterator[Policy]:
        """Yield the policy of one table, or those of an array of tables."""
        several = as_list(value)
        for index, one in enumerate(several or [value]):
            keys: Keys = (name, index) if several else (name,)
            table = self.tables.as_table(one, keys)
            self.tables.check_keys(table, names_of(kind), keys)
            policy = self.tables.struct(kind, table, keys) if isinstance(one, dict) else None
            if policy is not None:
                self._globs(policy.paths, (*keys, "paths"))
                yield policy

    def _check_untold(self, keys: KnownKeys, told: Sequence[str]) -> None:
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
