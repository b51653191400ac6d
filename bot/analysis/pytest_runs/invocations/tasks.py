"""Task tables of project tools: Hatch, Poe, PDM, taskipy, Rye, Pixi, Pipenv."""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from bot.analysis.pytest_runs.config_files import (
    ConfigFiles,
    Table,
    as_list,
    as_table,
    join,
    parent,
    table_at,
)
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations.shell import Shell
from bot.analysis.pytest_runs.shell_words import HIDDEN

TABLES = re.compile(
    r"^\s*\[\s*(?:tool\.(?:hatch|poe|pdm|taskipy|rye|pixi)|envs|scripts)\b", re.MULTILINE
)
TOOLS = (
    ("poe", "tasks"),
    ("pdm", "scripts"),
    ("taskipy", "tasks"),
    ("rye", "scripts"),
    ("pixi", "tasks"),
)
COMMAND_KEYS = ("cmd", "shell", "cmds", "composite", "sequence", "chain", "interpreter")
FOLDER_KEYS = ("cwd", "working_dir")
PLACEHOLDER = re.compile(r"(?<!\$)\{([^{}$]*)\}")


class Task(Struct, frozen=True):
    """A named command of a project."""

    origin: str
    command: str
    folder: str = ""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def from_tasks(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what the tasks of pyproject.toml, hatch.toml and Pipfile start."""
    for path, text in sorted(files.texts.items()):
        name = path.rpartition("/")[2]
        if name not in {"pyproject.toml", "hatch.toml", "Pipfile"}:
            continue
        if "pytest" in text and TABLES.search(text):
            for task in _tasks(files.usable_toml(path), name, path):
                yield from _started(files, parent(path), task)


def _started(files: ConfigFiles, place: str, task: Task) -> Iterator[Invocation]:
    folder = join(place, task.folder) if task.folder else place
    shell = Shell(files, folder, exported=task.variables)
    yield from shell.invocations(PLACEHOLDER.sub(_default, task.command), task.origin)


def _default(found: re.Match[str]) -> str:
    """`{args:tests}` stands for what the caller adds, or for its default."""
    name, _, default = found[1].partition(":")
    return default if name in {"args", "posargs"} else HIDDEN


def _tasks(document: Table, name: str, path: str) -> Iterator[Task]:
    if name == "Pipfile":
        yield from _table_tasks(table_at(document, "scripts"), f"{path} [scripts]")
        return
    if name == "hatch.toml":
        yield from _hatch_tasks(table_at(document, "envs"), path)
        return
    yield from _hatch_tasks(table_at(document, "tool", "hatch", "envs"), path)
    for tool, key in TOOLS:
        yield from _table_tasks(
            table_at(document, "tool", tool, key), f"{path} [tool.{tool}.{key}]"
        )


def _hatch_tasks(environments: Table, path: str) -> Iterator[Task]:
    for name, environment in environments.items():
        table = as_table(environment)
        variables = _variables(table.get("env-vars"))
        for task, command in as_table(table.get("scripts")).items():
            text = "\n".join(_commands(command))
            yield Task(f"{path} [envs.{name}.scripts] {task}", text, "", variables)


def _table_tasks(tasks: Table, origin: str) -> Iterator[Task]:
    for name, task in tasks.items():
        table = as_table(task)
        folders = [table[key] for key in FOLDER_KEYS if isinstance(table.get(key), str)]
        yield Task(
            f"{origin} {name}",
            "\n".join(_commands(task)),
            str(folders[0]) if folders else "",
            _variables(table.get("env")),
        )


def _commands(task: object) -> Iterator[str]:
    """Yield the command lines of a task: a text, a list, or a table that names them."""
    if isinstance(task, str):
        yield task
    for item in as_list(task):
        yield from _commands(item)
    table = as_table(task)
    for key in COMMAND_KEYS:
        if key in table:
            yield from _commands(table[key])


def _variables(value: object) -> dict[str, str]:
    return {name: one for name, one in as_table(value).items() if isinstance(one, str)}
