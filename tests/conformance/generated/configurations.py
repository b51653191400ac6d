"""Generated configuration: pytest's files, and what starts it besides a plain command."""

import json
from collections.abc import Callable, Mapping, Sequence

from hypothesis import strategies as st

from tests.conformance.case import Invocation
from tests.conformance.generated.layouts import Layout

Value = str | bool | Sequence[str]
Settings = Mapping[str, Value]


def _ini(section: str) -> Callable[[Settings], str]:
    def render(settings: Settings) -> str:
        lines = [f"{key} = {_words(value)}" for key, value in settings.items()]
        return "\n".join([f"[{section}]", *lines, ""])

    return render


def _toml(table: str) -> Callable[[Settings], str]:
    def render(settings: Settings) -> str:
        lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
        return "\n".join([f"[{table}]", *lines, ""])

    return render


def _words(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else " ".join(value)


CONFIGS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("pytest.ini", _ini("pytest")),
    ("pyproject.toml", _toml("tool.pytest.ini_options")),
    ("setup.cfg", _ini("tool:pytest")),
    ("tox.ini", _ini("pytest")),
    (".pytest.ini", _ini("pytest")),
    ("pyproject.toml", _toml("tool.pytest")),
    ("pytest.toml", _toml("pytest")),
    ("pyproject.toml", _toml("tool.other")),
    ("tox.ini", _ini("tox")),
)
ADDOPTS = (
    ["--asyncio-mode=auto"],
    ["--asyncio-mode", "strict"],
    ["-q"],
    ["-p", "no:asyncio"],
    ["--import-mode=importlib"],
    ["--strict-markers"],
    ["-o", "asyncio_mode=auto"],
    ["--disable-plugin-autoload"],
)
# Of fixtures and of tests, from pytest-asyncio 0.24 and 0.26 on; older ones do not know them.
LOOP_SCOPES = ("asyncio_default_fixture_loop_scope", "asyncio_default_test_loop_scope")
SCOPES = ("function", "module", "session")
MODES: Mapping[str, Sequence[tuple[str, Value]]] = {
    "asyncio": (("asyncio_mode", "auto"), ("asyncio_mode", "strict")),
    "anyio": (("anyio_mode", "auto"),),
    "trio": (("trio_mode", True),),
}
MAKEFILES: Mapping[str, Invocation] = {
    "pytest --asyncio-mode=auto": Invocation(("--asyncio-mode=auto",)),
    "python -m pytest -o asyncio_mode=auto": Invocation(("-o", "asyncio_mode=auto")),
    "pytest -p no:asyncio": Invocation(("-p", "no:asyncio")),
    "PYTEST_ADDOPTS=--asyncio-mode=auto pytest": Invocation(
        env={"PYTEST_ADDOPTS": "--asyncio-mode=auto"}
    ),
}


def configurations(
    draw: st.DrawFn, layout: Layout, plugins: frozenset[str], fixtures: Sequence[str]
) -> dict[str, str]:
    """Return up to two of pytest's files, one of them perhaps beside the tests.

    `fixtures` are those that every test can be given.
    """
    found: dict[str, str] = {}
    for _ in range(draw(st.integers(1 if "lib" in layout.shared else 0, 2))):
        path, render = draw(st.sampled_from(CONFIGS))
        folder = layout.folder if draw(st.integers(0, 5)) == 5 else ""
        settings = _settings(draw, plugins, fixtures)
        if layout.shared == "lib/":
            settings["pythonpath"] = ["../lib" if folder else "lib"]
        found[f"{folder}{path}"] = render(settings)
    return found


def _settings(
    draw: st.DrawFn, plugins: frozenset[str], fixtures: Sequence[str]
) -> dict[str, Value]:
    modes = [mode for name in sorted(plugins) for mode in MODES[name]]
    addopts = [words for words in ADDOPTS if "asyncio" in plugins or "asyncio" not in str(words)]
    settings: dict[str, Value] = {}
    if chosen := draw(st.sampled_from([None, *modes])):
        key, value = chosen
        settings[key] = value
    if "asyncio" in plugins and draw(st.integers(0, 5)) == 5:
        settings[draw(st.sampled_from(LOOP_SCOPES))] = draw(st.sampled_from(SCOPES))
    if draw(st.integers(0, 2)) == 2:
        settings["addopts"] = draw(st.sampled_from(addopts))
    if draw(st.integers(0, 4)) == 4:
        settings["python_functions"] = draw(
            st.sampled_from([["test", "check"], ["*_a"], ["test_*"]])
        )
    if draw(st.integers(0, 4)) == 4:
        settings["python_classes"] = draw(
            st.sampled_from([["Test", "*Test"], ["Five"], ["Test*"]])
        )
    if fixtures and draw(st.integers(0, 7)) == 7:
        settings["usefixtures"] = [draw(st.sampled_from(fixtures))]
    return settings


def starts(
    draw: st.DrawFn, layout: Layout, plugins: frozenset[str]
) -> tuple[dict[str, str], Sequence[Invocation]]:
    """Return how pytest is started, and the files that say so."""
    found = [Invocation(("--continue-on-collection-errors",))]
    commands = {**(MAKEFILES if "asyncio" in plugins else {}), **_in_folder(layout.folder)}
    if not commands or draw(st.integers(0, 5)) < 5:
        return {}, found
    command = draw(st.sampled_from(list(commands)))
    return {"Makefile": f"test:\n\t{command}\n"}, [*found, commands[command]]


def _in_folder(folder: str) -> Mapping[str, Invocation]:
    """Return commands that start pytest on the folder of the tests."""
    if not folder:
        return {}
    return {
        f"pytest {folder}": Invocation((folder,)),
        f"cd {folder} && pytest": Invocation(cwd=folder),
    }
