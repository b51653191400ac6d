"""Generated projects: configuration, layout, conftest files, and test modules."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.conformance.case import Case, Invocation
from tests.conformance.generated.fixtures import FIXTURE_NAMES, fixture
from tests.conformance.generated.modules import Writer


@dataclass(frozen=True, slots=True)
class Layout:
    """Where tests are and how they import what is beside them."""

    folder: str
    shared: str
    place: str
    files: Mapping[str, str]


LAYOUTS = (
    Layout("", "", "shared", {}),
    Layout("tests/", "tests/", "shared", {}),
    Layout("tests/", "tests/", "tests.shared", {"tests/__init__.py": ""}),
    Layout(
        "tests/unit/",
        "tests/",
        "tests.shared",
        {"tests/__init__.py": "", "tests/unit/__init__.py": ""},
    ),
    Layout("tests/", "lib/", "shared", {"lib/readme.md": "on pythonpath"}),
)
CONFTESTS = {
    "nothing": "",
    "slow marker": """
def pytest_configure(config):
    config.addinivalue_line("markers", "slow: takes its time")
""",
    "late marks": """
import pytest

def pytest_collection_modifyitems(items):
    for item in items:
        item.add_marker(pytest.mark.asyncio)
""",
    "mode": """
def pytest_configure(config):
    config.option.asyncio_mode = "auto"
""",
    "pytestmark": "import pytest\n\npytestmark = pytest.mark.asyncio\n",
    "autouse": """
import pytest

@pytest.fixture(autouse=True)
def everywhere():
    yield
""",
}
# What is installed beside pytest, and what the project says of it.
PLUGINS: Sequence[frozenset[str]] = (
    frozenset({"asyncio"}),
    frozenset({"asyncio"}),
    frozenset({"asyncio", "anyio"}),
    frozenset({"anyio"}),
    frozenset({"trio"}),
    frozenset(),
)
REQUIREMENTS = {
    "asyncio": "pytest-asyncio\n",
    "anyio": "anyio\ntrio\n",
    "trio": "trio\npytest-trio\n",
}
PLUGIN = "own_plugin"
IMPORTS = "import pytest\nimport pytest_asyncio\n\n"
MODULES = 6
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


@dataclass(frozen=True, slots=True)
class Project:
    """A project with what source can tell of it.

    Attributes:
        decidable: whether the analysis has to report every test that never runs.
    """

    case: Case
    decidable: bool

    def __repr__(self) -> str:
        files = (f"--- {path}\n{text.decode()}" for path, text in self.case.contents().items())
        return "\n".join([f"decidable: {self.decidable}", *files, str(self.case.invocations)])


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Return a strategy of small projects."""
    layout = draw(st.sampled_from(LAYOUTS))
    plugins = draw(st.sampled_from(PLUGINS))
    files = {**layout.files, **_requirements(plugins)}
    # Who writes a mark is taken to have the plugin. So is who writes a mode: nobody does here.
    # Whose fixtures are set up by whom is not decided where there are two of them.
    decidable = plugins == {"asyncio"}
    fixtures: list[str] = []
    files |= _conftests(draw, layout, plugins, fixtures)
    shared: dict[str, str] = {}
    for number in range(draw(st.integers(1, MODULES))):
        name = f"test_{number}"
        module = Writer(draw, layout.place, plugins, fixtures).module()
        files[f"{layout.folder}{name}.py"] = module.source
        decidable &= module.decidable
        for path, text in module.beside:
            shared[path] = _joined(shared.get(path, ""), text)
    files |= {f"{layout.shared}{path}": text for path, text in shared.items()}
    files |= dict(_configs(draw, layout, plugins))
    invocations = [Invocation(("--continue-on-collection-errors",))]
    if "asyncio" in plugins and draw(st.integers(0, 5)) == 5:
        command = draw(st.sampled_from(list(MAKEFILES)))
        files["Makefile"] = f"test:\n\t{command}\n"
        invocations.append(MAKEFILES[command])
    case = Case("A generated project", files, tuple(invocations), plugins)
    return Project(case, decidable)


def _requirements(plugins: frozenset[str]) -> dict[str, str]:
    """Return the file that says what is installed; a project may as well not say it."""
    if plugins == {"asyncio"}:
        return {}
    lines = ["pytest\n", *(REQUIREMENTS[name] for name in sorted(plugins))]
    return {"requirements.txt": "".join(lines)}


def _conftests(
    draw: st.DrawFn, layout: Layout, plugins: frozenset[str], fixtures: list[str]
) -> Iterator[tuple[str, str]]:
    """Yield the conftest files above the tests, and remember the fixtures in them."""
    folder = layout.folder
    folders = dict.fromkeys(["", *(folder[: end + 1] for end in _ends(folder))])
    options = [name for name in CONFTESTS if name != "mode" or "asyncio" in plugins]
    for above in folders:
        parts = [CONFTESTS[draw(st.sampled_from(options))]]
        if draw(st.integers(0, 3)) == 3:
            name = draw(st.sampled_from(FIXTURE_NAMES))
            parts.append(f"{IMPORTS}{fixture(draw, name, [])}\n")
            fixtures.append(name)
        if not above and draw(st.integers(0, 5)) == 5:
            parts.append(f'pytest_plugins = ["{PLUGIN}"]\n')
            yield f"{PLUGIN}.py", _plugin(draw, options, fixtures)
        if text := "\n".join(filter(None, parts)):
            yield f"{above}conftest.py", text


def _plugin(draw: st.DrawFn, options: Sequence[str], fixtures: list[str]) -> str:
    """Return a plugin of the project, and remember its fixture."""
    name = draw(st.sampled_from(FIXTURE_NAMES))
    fixtures.append(name)
    return f"{CONFTESTS[draw(st.sampled_from(options))]}\n{IMPORTS}{fixture(draw, name, [])}\n"


def _ends(folder: str) -> Iterator[int]:
    return (place for place, letter in enumerate(folder) if letter == "/")


def _joined(before: str, text: str) -> str:
    return f"{before}\n{text}" if before and before != text else text


def _configs(
    draw: st.DrawFn, layout: Layout, plugins: frozenset[str]
) -> Iterator[tuple[str, str]]:
    modes = [mode for name in sorted(plugins) for mode in MODES[name]]
    addopts = [words for words in ADDOPTS if "asyncio" in plugins or "asyncio" not in str(words)]
    for _ in range(draw(st.integers(1 if "lib" in layout.shared else 0, 2))):
        path, render = draw(st.sampled_from(CONFIGS))
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
        if "lib/" in layout.shared:
            settings["pythonpath"] = ["lib"]
        yield path, render(settings)
