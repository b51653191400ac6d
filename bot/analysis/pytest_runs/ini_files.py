"""pytest's configuration files: which of them count, and the values that they hold.

Follows `_pytest/config/findpaths.py` of pytest 7 to 9.2; what changed on the way is asked of
`since`.
"""

import shlex
from collections.abc import Callable, Mapping
from typing import cast

from msgspec import Struct

from bot.analysis.pytest_runs.config_files import (
    ConfigFiles,
    Table,
    UnusableFile,
    as_list,
    as_table,
    table_at,
)

Since = Callable[[str], bool]
"""Whether the pytest at hand is of this version or a later one."""

CONFIGURING = frozenset({
    "pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini",
    "setup.cfg", "setup.py",
})  # fmt: skip
"""The names of files that decide on rootdir or configuration."""

TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
FALSE = frozenset({"n", "no", "f", "false", "off", "0"})


def configures_by_text(path: str) -> bool:
    """Whether a path is a file that pytest may read its settings from."""
    return path.rpartition("/")[2] in CONFIGURING and not path.endswith(".py")


def is_checkable(path: str) -> bool:
    """Whether a path may hold something to report: Python, or settings of pytest."""
    return path.endswith(".py") or configures_by_text(path)


class Refusal(Exception):
    """pytest ends with a usage error; the message is the gist of what it says."""


class Undecided(Exception):
    """What would be needed to go on is not in the repository, or cannot be read."""


class IniValue(Struct, frozen=True):
    """A value as it stands in its file; `native` ones have their TOML type."""

    value: object
    native: bool = False


Ini = Mapping[str, IniValue]


def config_names(since: Since) -> tuple[str, ...]:
    """Return the names that pytest looks for in a folder, in order of precedence."""
    older = ("pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg")
    return ("pytest.toml", ".pytest.toml", *older) if since("9.0") else older


def load(files: ConfigFiles, path: str, since: Since) -> Ini | None:
    """Return what a file configures, None if pytest goes on looking elsewhere.

    Raises:
        Refusal: pytest would end here with a usage error.
        Undecided: the file is in the tree, but was not readable.
    """
    if files.text(path) is None:
        raise Undecided(f"{path} could not be read")
    try:
        return _load(files, path, since)
    except UnusableFile as error:
        raise Refusal(str(error)) from error


def load_named(files: ConfigFiles, path: str, since: Since) -> Ini:
    """Return what the file given by `-c` configures.

    Raises:
        Refusal: pytest would end here with a usage error.
        Undecided: the file is not there yet, or was not readable.
    """
    if not files.is_file(path):
        raise Undecided(f"the configuration file {path} is not in the repository")
    if not path.endswith((".ini", ".cfg", ".toml")):
        if since("9.2"):
            raise Refusal(f"the configuration file {path} has an unsupported format")
        return {}
    return load(files, path, since) or {}


def _load(files: ConfigFiles, path: str, since: Since) -> Ini | None:
    name = path.rpartition("/")[2]
    if name in {"pytest.toml", ".pytest.toml"} and since("9.0"):
        return _from_pytest_table(files.toml(path), path, since) or {}
    if name.endswith(".toml"):
        return _from_toml(files.toml(path), path, since, custom=name != "pyproject.toml")
    sections = files.ini(path)
    if name.endswith(".cfg"):
        if "tool:pytest" in sections:
            return _texts(sections["tool:pytest"])
        if "pytest" in sections:
            raise Refusal(f"{path}: [pytest] is no longer supported here, use [tool:pytest]")
        return None
    if "pytest" in sections:
        return _texts(sections["pytest"])
    always = {"pytest.ini", ".pytest.ini"} if since("9.0") else {"pytest.ini"}
    return {} if name in always else None


def _texts(section: Mapping[str, str]) -> Ini:
    return {key: IniValue(value) for key, value in section.items()}


def _from_toml(document: Table, path: str, since: Since, *, custom: bool) -> Ini | None:
    tool = table_at(document, "tool", "pytest")
    native = {key: value for key, value in tool.items() if key != "ini_options"}
    options = tool.get("ini_options")
    if not since("9.0"):
        native = {}
    if native and options:
        raise Refusal(f"{path}: [tool.pytest] and [tool.pytest.ini_options] cannot both be used")
    if native:
        return _natives(native)
    if options is not None:
        return {key: IniValue(_as_text(value)) for key, value in as_table(options).items()}
    return _from_pytest_table(document, path, since) if custom and since("9.2") else None


def _from_pytest_table(document: Table, path: str, since: Since) -> Ini | None:
    if "pytest" in document:
        return _natives(as_table(document["pytest"]))
    outside = [key for key, value in document.items() if not isinstance(value, dict)]
    if outside and since("9.2"):
        raise Refusal(f"{path}: {', '.join(outside)} must be under a [pytest] table")
    return None


def _natives(table: Table) -> Ini:
    return {key: IniValue(value, native=True) for key, value in table.items()}


def _as_text(value: object) -> object:
    """In ini_options everything but a list is text."""
    return cast("object", value) if isinstance(value, list) else str(value)


def words_of(ini: Ini, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return an option of the type `args` (or `paths`): words, split as in a shell."""
    return _list_of(ini, key, default, _shell_split)


def lines_of(ini: Ini, key: str) -> tuple[str, ...]:
    """Return an option of the type `linelist`."""
    return _list_of(ini, key, (), str.splitlines)


def _list_of(
    ini: Ini, key: str, default: tuple[str, ...], split: Callable[[str], list[str]]
) -> tuple[str, ...]:
    if key not in ini:
        return default
    found = ini[key]
    if isinstance(found.value, str) and not found.native:
        return tuple(stripped for line in split(found.value) if (stripped := line.strip()))
    items = as_list(found.value)
    if found.native and (not isinstance(found.value, list) or _non_strings(items)):
        raise Refusal(f"the option {key} expects a list of strings")
    return tuple(str(item) for item in items)


def _non_strings(items: object) -> bool:
    return any(not isinstance(item, str) for item in as_list(items))


def _shell_split(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError as error:
        raise Refusal(f"{text}: {error}") from error


def text_of(ini: Ini, key: str, default: str = "") -> str:
    """Return an option of the type `string`; a list in its place is given as its repr."""
    if key not in ini:
        return default
    found = ini[key]
    if found.native and not isinstance(found.value, str):
        raise Refusal(f"the option {key} expects a string")
    return str(found.value)


def bool_of(ini: Ini, key: str, *, default: bool = False) -> bool:
    """Return an option of the type `bool`."""
    if key not in ini:
        return default
    found = ini[key]
    if found.native:
        if not isinstance(found.value, bool):
            raise Refusal(f"the option {key} expects a bool")
        return found.value
    word = str(found.value).strip().lower()
    if word not in TRUE | FALSE:
        raise Refusal(f"the option {key} has an invalid truth value: {word}")
    return word in TRUE
