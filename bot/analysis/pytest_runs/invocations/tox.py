"""Tox environments: their commands, folders and variables, in all the places tox reads."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice

from msgspec import Struct, field

from bot.analysis.pytest_runs.config_files import (
    ROOT,
    ConfigFiles,
    Sections,
    Table,
    as_list,
    as_table,
    join,
    parent,
    strings,
    table_at,
)
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations.shell import Shell
from bot.analysis.pytest_runs.shell_words import HIDDEN

LONGEST_VALUE = 20_000
MOST_VARIANTS = 80
SUBSTITUTION = re.compile(r"(?<!\\)\{([^{}\n]*)\}")
FACTORS = re.compile(r"^!?[\w.,{}!-]+:\s+")
CONTINUED = re.compile(r"\\\n\s*")


class Environment(Struct, frozen=True):
    """One test environment, everything as text."""

    name: str
    commands: str
    folder: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def from_tox(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what tox would start."""
    for path in sorted(files.texts):
        for environment in _environments(files, path):
            place = parent(path)
            folder = join(place, environment.folder) if environment.folder else place
            shell = Shell(files, folder, exported=environment.variables)
            yield from shell.invocations(environment.commands, f"{path} {environment.name}")


def tox_dependencies(files: ConfigFiles, path: str) -> Iterator[str]:
    """Yield the requirement lines of every environment of a file that configures tox."""
    name = path.rpartition("/")[2]
    if name in {"tox.ini", "setup.cfg"}:
        yield from _ini_dependencies(files.usable_ini(path))
    elif name == "pyproject.toml":
        yield from _ini_dependencies(_legacy_sections(files, path))
        yield from _native_dependencies(table_at(files.usable_toml(path), "tool", "tox"))
    elif name == "tox.toml":
        yield from _native_dependencies(files.usable_toml(path))


def _ini_dependencies(sections: Sections) -> Iterator[str]:
    for name, section in sections.items():
        if name.startswith("testenv"):
            for line in section.get("deps", "").splitlines():
                yield FACTORS.sub("", _substituted(line.strip(), sections, {}))


def _native_dependencies(tox: Table) -> Iterator[str]:
    for table in (tox.get("env_run_base"), *as_table(tox.get("env")).values()):
        yield from strings(as_table(table).get("deps"))


def _environments(files: ConfigFiles, path: str) -> Iterator[Environment]:
    name = path.rpartition("/")[2]
    if "pytest" not in (files.text(path) or ""):
        return
    if name in {"tox.ini", "setup.cfg"}:
        yield from _ini_environments(files.usable_ini(path), parent(path))
    elif name == "pyproject.toml":
        yield from _ini_environments(_legacy_sections(files, path), parent(path))
        yield from _native_environments(table_at(files.usable_toml(path), "tool", "tox"))
    elif name == "tox.toml":
        yield from _native_environments(files.usable_toml(path))


def _legacy_sections(files: ConfigFiles, path: str) -> Sections:
    text = table_at(files.usable_toml(path), "tool", "tox").get("legacy_tox_ini")
    return ConfigFiles({path: text}, {path}).usable_ini(path) if isinstance(text, str) else {}


def _ini_environments(sections: Sections, place: str) -> Iterator[Environment]:
    base = sections.get("testenv", {})
    for name, section in sections.items():
        if name != "testenv" and not name.startswith("testenv:"):
            continue
        own = {**base, **section}
        known = {"toxinidir": f"{ROOT}/{place}", "tox_root": f"{ROOT}/{place}"}

        def filled(*keys: str, own: Mapping[str, str] = own, known: dict[str, str] = known) -> str:
            text = "\n".join(own.get(key, "") for key in keys)
            return _substituted(text, sections, known).strip()

        for variables in _variants(filled("setenv", "set_env")):
            known.update({f"env:{key}": value for key, value in variables.items()})
            commands = filled("commands_pre", "commands", "commands_post")
            yield Environment(
                f"[{name}]", _as_script(commands), filled("changedir", "change_dir"), variables
            )


def _variants(text: str) -> Iterator[dict[str, str]]:
    """Yield the variables that hold without any factor, then those with each factor."""
    always: dict[str, str] = {}
    by_factor: dict[str, dict[str, str]] = {}
    for line in map(str.strip, text.splitlines()):
        factor = FACTORS.match(line)
        name, equals, value = line[factor.end() if factor else 0 :].partition("=")
        if equals:
            target = by_factor.setdefault(factor.group(), {}) if factor else always
            target[name.strip()] = value.strip()
    yield always
    for one in islice(by_factor.values(), MOST_VARIANTS):
        yield {**always, **one}


def _as_script(commands: str) -> str:
    """Return commands without factors and the signs that ignore or invert an exit code."""
    lines = CONTINUED.sub(" ", commands).splitlines()
    return "\n".join(FACTORS.sub("", line.strip()).lstrip("-!@ ") for line in lines)


def _substituted(text: str, sections: Sections, known: Mapping[str, str]) -> str:
    """Fill in `{posargs:...}`, `{[section]key}`, `{env:NAME:default}` and tox's own names."""

    def value(found: re.Match[str]) -> str:
        return _replacement(found[1], sections, known)

    for _ in range(8):
        filled = SUBSTITUTION.sub(value, text)
        if filled == text or len(filled) > LONGEST_VALUE:
            break
        text = filled
    return text.replace("\\{", "{").replace("\\}", "}")[:LONGEST_VALUE]


def _replacement(inner: str, sections: Sections, known: Mapping[str, str]) -> str:
    name, _, default = inner.partition(":")
    if name == "posargs":
        return default
    if name == "env":
        variable, _, default = default.partition(":")
        return known.get(f"env:{variable}", default)
    if name == "tty":
        return default.partition(":")[2]
    if inner.startswith("["):
        section, _, key = inner[1:].partition("]")
        return sections.get(section, {}).get(key, "")
    return _own_name(name, known)


def _own_name(name: str, known: Mapping[str, str]) -> str:
    if name in {"envpython", "env_python", "base_python"}:
        return "python"
    if name in {"envbindir", "env_bin_dir"}:
        return "/bin"
    return "/" if name == "/" else known.get(name, HIDDEN)


def _native_environments(tox: Table) -> Iterator[Environment]:
    """Tox's own TOML: commands are lists of words."""
    base = as_table(tox.get("env_run_base"))
    tables = {"env_run_base": base, **as_table(tox.get("env"))}
    for name, table in tables.items():
        own = {**base, **as_table(table)}
        variables = {
            key: value
            for key, value in as_table(own.get("set_env")).items()
            if isinstance(value, str)
        }
        folder = own.get("change_dir")
        yield Environment(
            f"[{name}]",
            "\n".join(_native_commands(own)),
            _substituted(folder, {}, {"tox_root": ROOT}) if isinstance(folder, str) else "",
            variables,
        )


def _native_commands(table: Table) -> Iterator[str]:
    for key in ("commands_pre", "commands", "commands_post"):
        for command in as_list(table.get(key)):
            yield " ".join(_quoted(word) for word in _native_words(command) if word)


def _native_words(command: object) -> Iterator[str]:
    for word in as_list(command):
        if isinstance(word, str):
            yield _substituted(word, {}, {"tox_root": ROOT})
        elif as_table(word).get("replace") == "posargs":
            yield from strings(as_table(word).get("default"))
        else:
            yield HIDDEN


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "'\\''") + "'"
