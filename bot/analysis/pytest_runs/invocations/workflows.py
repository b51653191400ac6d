"""Workflow files of CI services and task runners in YAML: the steps that they run.

Nothing is known of a service but the names under which it writes its scripts, folders and
variables, so the same walk reads them all.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product

from msgspec import Struct, field
from msgspec.structs import replace

from bot.analysis.pytest_runs.config_files import ROOT, ConfigFiles, join, parent
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.invocations.shell import CHECKOUT, Shell
from bot.analysis.pytest_runs.shell_words import HIDDEN
from bot.analysis.pytest_runs.yaml_outline import Node, Scalar, read_yaml

MOST_NODES = 20_000
MOST_COMBINATIONS = 12
FOLDER_KEYS = ("working-directory", "working_directory", "workingDirectory", "dir")
VARIABLE_KEYS = ("env", "environment", "variables", "vars")
# A list under one of these is one script (GitLab, Travis); under `cmds` each has its own shell.
SCRIPT_KEYS = frozenset({
    "run", "script", "before_script", "after_script", "command", "commands", "bash", "pwsh",
    "powershell", "install", "entry", "test_script", "cmd",
})  # fmt: skip
SEPARATE_KEYS = frozenset({"cmds", "steps"})
EXPRESSION = re.compile(r"\$\{\{\s*([^{}]*?)\s*\}\}|\{\{\s*([^{}]*?)\s*\}\}|\$\((\w[\w.]*)\)")


class Scope(Struct, frozen=True):
    """What holds at a place of the file: its folder, its variables, one matrix combination."""

    folder: str = ""
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    matrix: Mapping[str, str] = field(default_factory=dict[str, str])


def is_workflow(path: str) -> bool:
    """Whether a path is a workflow file of a CI service, or a Taskfile."""
    folder, _, name = path.rpartition("/")
    if not name.endswith((".yml", ".yaml")):
        return False
    return (
        folder in {".github/workflows", ".circleci", ".gitlab", ".gitlab/ci", ".woodpecker"}
        or (name.startswith("action.y") and ".github" in folder)
        or folder.startswith((".gitlab/", ".azure", ".buildkite"))
        or re.match(r"\.?(?:gitlab-ci|azure-pipelines|travis|appveyor|cirrus|drone)", name)
        is not None
        or re.fullmatch(r"(?:bitbucket-pipelines|cloudbuild|[Tt]askfile(?:\.dist)?)\.ya?ml", name)
        is not None
    )


def from_workflows(files: ConfigFiles) -> Iterator[Invocation]:
    """Yield what the steps of each workflow file start."""
    for path, text in sorted(files.texts.items()):
        if is_workflow(path) and "pytest" in text:
            start = parent(path) if path.rpartition("/")[2].lower().startswith("taskfile") else ""
            yield from Walk(files, path, start).node(read_yaml(text), Scope())


class Walk:
    """One file being walked, with a bound, because aliases may repeat what they name."""

    def __init__(self, files: ConfigFiles, path: str, start: str) -> None:
        self._files = files
        self._path = path
        self._start = start
        self._left = MOST_NODES

    def node(self, node: Node, scope: Scope) -> Iterator[Invocation]:
        """Yield what is started anywhere below a node."""
        self._left -= 1
        if self._left < 0:
            return
        if isinstance(node, list):
            for item in node:
                yield from self.node(item, scope)
        elif isinstance(node, dict):
            for one in _scopes(node, scope):
                yield from self._table(node, one)

    def _table(self, table: Mapping[str, Node], scope: Scope) -> Iterator[Invocation]:
        """Yield what one mapping starts; a list of GitLab's is one script with what is before."""
        for key, value in table.items():
            if key == "before_script":
                continue
            if key in SEPARATE_KEYS and isinstance(value, list):
                for item in value:
                    yield from self._separate(item, scope)
            elif key not in SCRIPT_KEYS or isinstance(value, dict):
                yield from self.node(value, scope)
            else:
                before = table.get("before_script") if key == "script" else None
                yield from self._script([*_scalars(before), *_scalars(value)], scope)

    def _separate(self, item: Node, scope: Scope) -> Iterator[Invocation]:
        if isinstance(item, Scalar):
            yield from self._script([item], scope)
        else:
            yield from self.node(item, scope)

    def _script(self, texts: list[Scalar], scope: Scope) -> Iterator[Invocation]:
        """Read texts as one shell session, each with its own lines."""
        if not any("py" in text.text for text in texts):
            return
        folder = join(self._start, scope.folder)
        shell = Shell(self._files, folder, exported=scope.variables)
        for text in texts:
            yield from shell.invocations(_filled(text.text, scope), self._path, text.line)


def _scopes(table: Mapping[str, Node], scope: Scope) -> Iterator[Scope]:
    """Yield the scope of what is in a mapping, once for each combination of its matrix."""
    for combination in _combinations(table):
        one = replace(scope, matrix={**scope.matrix, **combination})
        variables = {**one.variables, **_variables(table, one)}
        one = replace(one, variables=variables)
        folder = _folder(table)
        # A folder is named from the root, whatever an outer one says.
        yield replace(one, folder=_filled(folder, one)) if folder else one


def _variables(table: Mapping[str, Node], scope: Scope) -> dict[str, str]:
    found: dict[str, str] = {}
    for key in VARIABLE_KEYS:
        value = table.get(key)
        if isinstance(value, dict):
            found |= {k: _filled(v.text, scope) for k, v in value.items() if isinstance(v, Scalar)}
    return found


def _folder(table: Mapping[str, Node]) -> str:
    for key in FOLDER_KEYS:
        value = table.get(key)
        if isinstance(value, Scalar) and value.text:
            return value.text
    defaults = table.get("defaults")
    run = defaults.get("run") if isinstance(defaults, dict) else None
    return _folder(run) if isinstance(run, dict) else ""


def _combinations(table: Mapping[str, Node]) -> Iterator[dict[str, str]]:
    """Yield the combinations of GitHub's `strategy.matrix`, and each `include` for itself."""
    strategy = table.get("strategy")
    matrix = strategy.get("matrix") if isinstance(strategy, dict) else None
    if not isinstance(matrix, dict):
        yield {}
        return
    axes = {name: _scalars(value) for name, value in matrix.items() if name != "exclude"}
    axes = {name: values for name, values in axes.items() if values}
    for values in islice(product(*axes.values()), MOST_COMBINATIONS):
        yield {name: value.text for name, value in zip(axes, values, strict=True)}
    include = matrix.get("include")
    for entry in islice(include, MOST_COMBINATIONS) if isinstance(include, list) else ():
        if isinstance(entry, dict):
            yield {name: one.text for name, one in entry.items() if isinstance(one, Scalar)}


def _scalars(node: Node | None) -> list[Scalar]:
    if isinstance(node, Scalar):
        return [node]
    return [item for item in node if isinstance(item, Scalar)] if isinstance(node, list) else []


def _filled(text: str, scope: Scope) -> str:
    """Fill in `${{ ... }}`, Taskfile's `{{.NAME}}` and Azure's `$(name)`."""

    def value(found: re.Match[str]) -> str:
        expression = found[1] if found[1] is not None else found[2] or found[3]
        known = _expression(expression, scope)
        if known is None:
            return found.group() if found[3] else HIDDEN
        return known

    return EXPRESSION.sub(value, text)


def _expression(expression: str, scope: Scope) -> str | None:
    context, _, name = expression.partition(".")
    if context == "matrix":
        return scope.matrix.get(name)
    if context in {"env", "variables", ""}:
        return "" if name == "CLI_ARGS" else scope.variables.get(name)
    if expression in {
        "github.workspace",
        "Build.SourcesDirectory",
        "System.DefaultWorkingDirectory",
    }:
        return ROOT
    return ROOT if expression in CHECKOUT else scope.variables.get(expression)
