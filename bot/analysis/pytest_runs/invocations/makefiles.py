"""Makefiles and justfiles: recipes with their variables filled in."""

import re
from collections.abc import Iterator, Mapping

from bot.analysis.pytest_runs.config_files import ROOT, ConfigFiles, parent
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations.shell import Shell
from bot.analysis.pytest_runs.shell_words import HIDDEN

MAKEFILE_NAMES = frozenset({"Makefile", "makefile", "GNUmakefile"})
JUSTFILE_NAMES = frozenset({"justfile", "Justfile", ".justfile"})

LONGEST_LINE = 4_000
VARIABLE = re.compile(
    r"^(?:[\w./% -]+:\s*)?(?P<export>export\s+|override\s+)?(?P<name>[A-Za-z_][\w.-]*)\s*"
    r"(?P<operator>\?=|\+=|::?:?=|=)[ \t]*(?P<value>.*)$"
)
REFERENCE = re.compile(r"\$\(([\w.-]+)\)|\$\{([\w.-]+)\}|\$\$|\$([@<^*?%+|])|\$\([^()\n]*\)")
JUST_VARIABLE = re.compile(
    r"^(export\s+)?([A-Za-z_][\w-]*)\s*:=\s*(?:'([^']*)'|\"([^\"]*)\"|(.*))$"
)
JUST_RECIPE = re.compile(r"^@?[A-Za-z_][\w-]*(?P<parameters>[^:\n]*):(?!=)")
JUST_PARAMETER = re.compile(r"([+*$]*)([A-Za-z_][\w-]*)(?:=(?:'([^']*)'|\"([^\"]*)\"|(\S+)))?")
JUST_REFERENCE = re.compile(r"\{\{\s*(.*?)\s*\}\}")


def from_makefiles(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what the recipes of Makefiles start, each line in a shell of its own."""
    for path, text in sorted(files.texts.items()):
        name = path.rpartition("/")[2]
        if "pytest" not in text or not (name in MAKEFILE_NAMES or name.endswith(".mk")):
            continue
        yield from _from_makefile(files, path, text)


def _from_makefile(files: ConfigFiles, path: str, text: str) -> Iterator[Invocation]:
    folder = parent(path)
    variables = {"CURDIR": f"{ROOT}/{folder}", "PWD": f"{ROOT}/{folder}", "MAKE": "make"}
    exported: set[str] = set()
    recipes: list[tuple[int, str]] = []
    for number, line in _logical_lines(text):
        assigned = None if line.startswith("\t") else VARIABLE.match(line)
        if line.startswith("\t"):
            recipes.append((number, line.lstrip("\t @-+")))
        elif assigned:
            _assign(variables, assigned)
            exported |= {assigned["name"]} if "export" in line.split() else set()
    environment = {name: _made(variables[name], variables) for name in exported}
    for number, recipe in recipes:
        script = _made(recipe, variables)
        if "py" in script:
            shell = Shell(files, folder, exported=environment)
            yield from shell.invocations(script, path, number)


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield lines with their continuations, and the number of the first, from one."""
    pending, begin = "", 0
    for number, line in enumerate(text.split("\n"), start=1):
        begin = begin if pending else number
        pending += line.removesuffix("\r")
        if pending.endswith("\\"):
            pending = pending[:-1] + " "
            continue
        yield begin, pending
        pending = ""


def _assign(variables: dict[str, str], assigned: re.Match[str]) -> None:
    name, operator, value = assigned["name"], assigned["operator"], assigned["value"]
    value = value.partition(" #")[0].strip()
    if operator == "+=":
        variables[name] = f"{variables.get(name, '')} {value}".strip()
    elif operator != "?=" or name not in variables:
        variables[name] = value


def _made(text: str, variables: Mapping[str, str], depth: int = 0) -> str:
    """Return text as make hands it to the shell; a variable that is not set is empty."""

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        if name:
            return variables.get(name, "")
        return found.group() if found.group() == "$$" else HIDDEN

    filled = REFERENCE.sub(value, text)[:LONGEST_LINE]
    if filled != text and depth < 8:  # noqa: PLR2004 - a bound for variables that name themselves
        return _made(filled, variables, depth + 1)
    return filled.replace("$$", "$")


def from_justfiles(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what the recipes of justfiles start."""
    for path, text in sorted(files.texts.items()):
        if "pytest" in text and path.rpartition("/")[2] in JUSTFILE_NAMES:
            yield from _from_justfile(files, path, text)


def _from_justfile(files: ConfigFiles, path: str, text: str) -> Iterator[Invocation]:
    folder = parent(path)
    variables = {"justfile_directory()": f"{ROOT}/{folder}"}
    parameters: dict[str, str] = {}
    for number, line in _logical_lines(text):
        assigned = JUST_VARIABLE.match(line)
        recipe = JUST_RECIPE.match(line)
        if assigned:
            variables[assigned[2]] = assigned[3] or assigned[4] or assigned[5] or ""
        elif recipe:
            parameters = _parameters(recipe["parameters"])
        elif line[:1].isspace():
            filled = _filled(line.lstrip(" \t@-"), {**variables, **parameters})
            yield from Shell(files, folder).invocations(filled, path, number)


def _parameters(text: str) -> dict[str, str]:
    """Return what a recipe's parameters are when it is called without any."""
    found: dict[str, str] = {}
    for parameter in JUST_PARAMETER.finditer(text):
        default = parameter[3] or parameter[4] or parameter[5] or ""
        optional = "*" in parameter[1] or "=" in parameter.group()
        found[parameter[2]] = default if optional else HIDDEN
    return found


def _filled(text: str, variables: Mapping[str, str]) -> str:
    return JUST_REFERENCE.sub(lambda found: variables.get(found[1], HIDDEN), text)
