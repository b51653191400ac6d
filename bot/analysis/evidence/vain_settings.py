"""Settings that were to make unmarked tests run and that do not count in a run of pytest.

Only `asyncio_mode = auto` is looked for, and only where nothing else sets the mode.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.facts import Facts, Setup
from bot.analysis.pytest_runs.command_line import parse
from bot.analysis.pytest_runs.config_files import ConfigFiles, Table, table_at
from bot.analysis.pytest_runs.ini_files import (
    Ini,
    Refusal,
    Since,
    Undecided,
    config_names,
    load,
    words_of,
)
from bot.analysis.pytest_runs.pytest_config import PytestRun

_KEY = "asyncio_mode"
_MISSPELT = "asyncio-mode"
_LINE = re.compile(r"^(?!\s*[#;]).*?(asyncio[_-]mode)", re.MULTILINE)


class VainSetting(Struct, frozen=True):
    """A setting of auto mode that does not count, and why.

    Attributes:
        path: the file that it stands in.
        line: its line, from one.
        column: where its name begins on that line, from one.
        why: the rest of the sentence "it has no effect: ...".
        name: what is written there.
        run: the run in which it does not count.
    """

    path: str
    line: int
    column: int
    why: str
    name: str
    run: PytestRun


class SettingsFile(Struct, frozen=True):
    """A file of pytest's settings under check, with the facts around it."""

    path: str
    facts: Facts

    @property
    def vain_settings(self) -> tuple[VainSetting, ...]:
        """What the file says in vain, in each run for which that is so."""
        return tuple(one for one in all_vain_settings(self.facts.setup) if one.path == self.path)


def all_vain_settings(setup: Setup) -> Iterator[VainSetting]:
    """Yield what any file says in vain, in each run for which that is so."""
    for run in setup.runs:
        yield from vain_settings(setup.files, run)


def vain_settings(files: ConfigFiles, run: PytestRun) -> Iterator[VainSetting]:
    """Yield what says `auto` in vain in the files that a run looks at, or should."""
    if run.refused is not None or run.undecided is not None or run.asyncio_mode_origin:
        return
    for path, why in dict(_reasons(files, run)).items():
        found = _LINE.search(files.text(path) or "")
        if found is not None:
            before = (files.text(path) or "")[: found.start(1)]
            line = before.count("\n") + 1
            column = len(before) - before.rfind("\n")
            yield VainSetting(path, line, column, why, found[1], run)


def _reasons(files: ConfigFiles, run: PytestRun) -> Iterator[tuple[str, str]]:
    """Yield paths and reasons, the likeliest of a path last."""
    since = run.versions.at_least
    for path in run.files:
        yield from _elsewhere_in(files, path, run)
    if run.masked is not None and _says_auto(_loaded(files, run.masked, _newest), _KEY):
        if run.masked.rpartition("/")[2] not in config_names(lambda one: since("pytest", one)):
            yield run.masked, "pytest reads this file from version 9.0 on only"
        else:
            yield run.masked, f"`{run.inifile}` is the file that counts"
    if run.inifile is not None:
        ini = _loaded(files, run.inifile, lambda one: since("pytest", one))
        yield from ((run.inifile, why) for why in _inside(ini, run))


def _inside(ini: Ini, run: PytestRun) -> Iterator[str]:
    """Yield what is wrong in the file that counts."""
    if _says_auto(ini, _MISSPELT):
        yield f"the setting is called `{_KEY}`"
    if _says_auto(ini, _KEY) and run.asyncio_active is Answer.NO:
        yield "pytest-asyncio is not loaded, because `addopts`, options or variables switch it off"
    if not run.versions.at_least("pytest", "9.1") and _KEY in _overridden(ini):
        yield "before pytest 9.1, `-o` inside of `addopts` comes too late"


def _overridden(ini: Ini) -> dict[str, str]:
    try:
        words = words_of(ini, "addopts")
    except Refusal:
        return {}
    line = parse(words, lambda _: False, plugins=True)
    return {key: value for key, value in line.overrides().items() if value == "auto"}


def _elsewhere_in(files: ConfigFiles, path: str, run: PytestRun) -> Iterator[tuple[str, str]]:
    """Yield where a file says it in a section that pytest does not read."""
    if path.endswith(".toml"):
        for keys in _tables_with_mode(files.usable_toml(path), ()):
            if keys == ("tool", "pytest") and not run.versions.at_least("pytest", "9.0"):
                yield path, "pytest reads [tool.pytest] from version 9.0 on only"
            elif path.endswith("pyproject.toml") and keys[:2] != ("tool", "pytest"):
                wanted = "[tool.pytest.ini_options]"
                yield path, f"pytest reads {wanted}, not [{'.'.join(keys)}]"
        return
    wanted = "tool:pytest" if path.endswith(".cfg") else "pytest"
    for name, section in files.usable_ini(path).items():
        if name != wanted and section.get(_KEY) == "auto":
            yield path, f"pytest reads [{wanted}] here, not [{name}]"


def _tables_with_mode(table: Table, keys: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if table.get(_KEY) == "auto":
        yield keys
    for key in table:
        yield from _tables_with_mode(table_at(table, key), (*keys, key))


def _loaded(files: ConfigFiles, path: str, since: Since) -> Ini:
    try:
        return load(files, path, since) or {}
    except (Refusal, Undecided):
        return {}


def _says_auto(ini: Ini, key: str) -> bool:
    return key in ini and ini[key].value == "auto"


def _newest(_: str) -> bool:
    return True
