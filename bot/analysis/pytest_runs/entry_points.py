"""Plugins that projects of the repository register with pytest once they are installed.

The group is `pytest11` (https://docs.pytest.org/en/stable/how-to/writing_plugins.html); it stands
in pyproject.toml, in setup.cfg or in the call in setup.py.
"""

import ast
from collections.abc import Iterator

from bot.analysis.pytest_runs.config_files import ConfigFiles, as_table, table_at

GROUP = "pytest11"
_TABLES = (
    ("project", "entry-points"),
    ("tool", "poetry", "plugins"),
    ("tool", "flit", "entrypoints"),
)


def registered_plugins(files: ConfigFiles, folder: str) -> Iterator[str]:
    """Yield the modules of the plugins that the project in a folder registers."""
    start = f"{folder}/" if folder else ""
    document = files.usable_toml(f"{start}pyproject.toml")
    for keys in _TABLES:
        for value in as_table(table_at(document, *keys).get(GROUP)).values():
            yield _module(str(value))
    sections = files.usable_ini(f"{start}setup.cfg")
    yield from _of_lines(sections.get("options.entry_points", {}).get(GROUP, ""))
    yield from _of_setup_py(files.text(f"{start}setup.py") or "")


def _of_lines(text: str) -> Iterator[str]:
    """Yield the modules in lines such as `name = package.module:object`."""
    for line in text.splitlines():
        name, equals, value = line.partition("=")
        if name.strip() and equals:
            yield _module(value)


def _of_setup_py(text: str) -> Iterator[str]:
    if GROUP not in text:
        return
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and key.value == GROUP:
                        yield from _of_lines("\n".join(_texts(value)))
            case _:
                continue


def _texts(node: ast.expr) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _module(value: str) -> str:
    return value.partition(":")[0].strip()
