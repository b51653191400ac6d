"""What people write by hand: pyproject.toml, setup.cfg, setup.py, Pipfile, environment.yml."""

import ast
import re
from collections.abc import Iterator

from bot.analysis.pytest_runs.config_files import (
    ConfigFiles,
    Table,
    as_list,
    as_table,
    strings,
    table_at,
)
from bot.analysis.pytest_runs.dependencies.declaration import (
    Declaration,
    Weight,
    normalised,
    requirement,
)
from bot.analysis.pytest_runs.invocations.tox import tox_dependencies
from bot.analysis.source.stdlib_parser import module_of

CARET = re.compile(r"\^\s*(\d+(?:\.\d+)*)\S*")
TILDE = re.compile(r"~(?!=)\s*(\d+(?:\.\d+)*)\S*")
BARE = re.compile(r"\d+(?:\.\d+)*\S*")
CONDA_ITEM = re.compile(r"^\s*-\s+['\"]?(?:[\w.-]+::)?([A-Za-z0-9][^'\"#:\n]*)", re.MULTILINE)
CONDA_EQUALS = re.compile(r"(?<![=<>!~])=(?!=)")
SETUP_KEYS = frozenset({"install_requires", "tests_require", "setup_requires", "extras_require"})


def from_pyproject(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield what the project, its extras, groups and environments need."""
    document = files.usable_toml(path)
    own = _own_name(document)
    for one in _pyproject_requirements(document):
        for declaration in requirement(one):
            if declaration.name != own:
                yield declaration
    tool = table_at(document, "tool")
    yield from _from_poetry(table_at(tool, "poetry"))
    for one in tox_dependencies(files, path):
        yield from requirement(one, Weight.COMMAND)


def _own_name(document: Table) -> str:
    """A project names itself where one extra takes in another."""
    name = table_at(document, "project").get("name")
    return normalised(name) if isinstance(name, str) else ""


def _pyproject_requirements(document: Table) -> Iterator[str]:
    project, tool = table_at(document, "project"), table_at(document, "tool")
    yield from strings(project.get("dependencies"))
    lists = [
        *as_table(project.get("optional-dependencies")).values(),
        *as_table(document.get("dependency-groups")).values(),
        *table_at(tool, "pdm", "dev-dependencies").values(),
        table_at(tool, "uv").get("dev-dependencies"),
        table_at(tool, "rye").get("dev-dependencies"),
        *_hatch_lists(table_at(tool, "hatch", "envs")),
        *as_table(table_at(tool, "flit", "metadata").get("requires-extra")).values(),
    ]
    for one in lists:
        yield from strings(one)


def _hatch_lists(environments: Table) -> Iterator[object]:
    for environment in environments.values():
        yield as_table(environment).get("dependencies")
        yield as_table(environment).get("extra-dependencies")


def from_hatch(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield what the environments of hatch.toml need."""
    for one in _hatch_lists(table_at(files.usable_toml(path), "envs")):
        for text in strings(one):
            yield from requirement(text)


def _from_poetry(poetry: Table) -> Iterator[Declaration]:
    groups = [as_table(group) for group in as_table(poetry.get("group")).values()]
    tables = [poetry, {"dependencies": poetry.get("dev-dependencies")}, *groups]
    for table in tables:
        for name, wanted in as_table(table.get("dependencies")).items():
            if name != "python":
                yield Declaration(normalised(name), poetry_specifier(_version_of(wanted)))


def _version_of(wanted: object) -> str:
    """Poetry's and Pipenv's versions: a text, a table, or tables for different Pythons."""
    if isinstance(wanted, str):
        return wanted
    several = as_list(wanted)
    if several:
        return _version_of(several[-1])
    version = as_table(wanted).get("version")
    return version if isinstance(version, str) else ""


def poetry_specifier(text: str) -> str:
    """Return Poetry's notation (`^1.2`, `~1.2`, `1.2`, `*`) as PEP 440 writes it."""
    if "||" in text or text.strip() in {"", "*"}:
        return ""
    return ",".join(_poetry_part(part.strip()) for part in text.split(","))


def _poetry_part(part: str) -> str:
    if found := CARET.fullmatch(part):
        numbers = [int(number) for number in found[1].split(".")]
        leading = next((index for index, number in enumerate(numbers) if number), len(numbers) - 1)
        return f">={found[1]},<{_next(numbers[: leading + 1])}"
    if found := TILDE.fullmatch(part):
        numbers = [int(number) for number in found[1].split(".")]
        return f">={found[1]},<{_next(numbers[:2])}"
    return f"=={part}" if BARE.fullmatch(part) else part


def _next(numbers: list[int]) -> str:
    return ".".join(str(number) for number in [*numbers[:-1], numbers[-1] + 1])


def from_setup_cfg(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield `install_requires`, `tests_require` and the extras, and what tox installs."""
    sections = files.usable_ini(path)
    options = sections.get("options", {})
    texts = [options.get("install_requires", ""), options.get("tests_require", "")]
    texts += sections.get("options.extras_require", {}).values()
    for text in texts:
        for line in text.splitlines():
            yield from requirement(line)
    for one in tox_dependencies(files, path):
        yield from requirement(one, Weight.COMMAND)


def from_setup_py(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield the lists of requirements that are written out in a setup.py."""
    try:
        tree = module_of(files.text(path) or "")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in SETUP_KEYS:
            yield from _literals(node.value)
        if isinstance(node, ast.Assign) and any(map(_names_requirements, node.targets)):
            yield from _literals(node.value)


def _names_requirements(target: ast.expr) -> bool:
    return (
        isinstance(target, ast.Name)
        and re.search(r"(?i)requir|extras|deps", target.id) is not None
    )


def _literals(node: ast.expr) -> Iterator[Declaration]:
    """Yield the texts of a list, or of the lists that are a dict's values."""
    match node:
        case ast.Constant(value=str() as text):
            yield from requirement(text)
        case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Dict(values=items):
            for item in items:
                yield from _literals(item)
        case _:
            return


def from_pipfile(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield the packages of every category."""
    for key, table in files.usable_toml(path).items():
        if key not in {"source", "requires", "scripts", "pipenv"}:
            for name, wanted in as_table(table).items():
                yield Declaration(normalised(name), poetry_specifier(_version_of(wanted)))


def from_environment_yml(files: ConfigFiles, path: str) -> Iterator[Declaration]:
    """Yield the packages of a conda environment, those under `pip:` too."""
    text = (files.text(path) or "").partition("dependencies:")[2]
    for item in CONDA_ITEM.finditer(text):
        # conda writes `name=1.2` for what pip writes as `name==1.2.*`
        name, equals, version = CONDA_EQUALS.sub("\0", item[1].strip()).partition("\0")
        exact = "==" + version.partition("\0")[0].rstrip("*. ") + ".*"
        yield from requirement(name + (exact if equals else ""))
