"""Generated conftest files, and a plugin of the project, with hooks and fixtures in them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.conformance.generated.fixtures import FIXTURE_NAMES, backend, fixture
from tests.conformance.generated.layouts import Layout

PLUGIN = "own_plugin"
IMPORTS = "import pytest\nimport pytest_asyncio\nfrom pytest import fixture\n\n"
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
    "late marks by path": """
import pytest

def pytest_collection_modifyitems(config, items):
    for item in items:
        if "unit" in item.nodeid or item.path.name == "test_1.py":
            item.add_marker(pytest.mark.asyncio)
""",
    "marks of what was collected": """
import pytest

def pytest_itemcollected(item):
    if item.get_closest_marker("slow"):
        item.add_marker("asyncio")
""",
    "order": """
def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.name)
""",
    "ignored": 'collect_ignore = ["test_1.py"]\n',
    "marks while collecting": """
import inspect
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makeitem(collector, name, obj):
    if collector.path.name == "test_0.py" and inspect.iscoroutinefunction(obj):
        pytest.mark.asyncio(obj)
""",
    "runs": """
import asyncio
import inspect
import pytest

@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    if pyfuncitem.get_closest_marker("slow") and inspect.iscoroutinefunction(pyfuncitem.obj):
        names = pyfuncitem._fixtureinfo.argnames
        asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
        return True
""",
    "pytestmark": "import pytest\n\npytestmark = pytest.mark.asyncio\n",
    "autouse": """
import pytest

@pytest.fixture(autouse=True)
def everywhere():
    yield
""",
}


# Whose tests these run, nobody reads from source.
OPAQUE = frozenset({"marks while collecting", "runs"})
# Which tests these mark is not read from source either; since pytest-asyncio 0.22 it is too late.
LATE_FOR_SOME = frozenset({"late marks by path", "marks of what was collected"})


@dataclass(slots=True)
class Surroundings:
    """What tests find above them.

    Attributes:
        fixtures: their names.
        decidable: whether source tells of every test what is done to it here.
        marks_some_late: whether a hook marks some tests that are items already.
    """

    files: dict[str, str] = field(default_factory=dict[str, str])
    fixtures: list[str] = field(default_factory=list[str])
    decidable: bool = True
    marks_some_late: bool = False


def conftests(draw: st.DrawFn, layout: Layout, plugins: frozenset[str]) -> Surroundings:
    """Return the conftest files above the tests, perhaps with a plugin of the project."""
    folder = layout.folder
    options = [name for name in CONFTESTS if name != "mode" or "asyncio" in plugins]
    if draw(st.integers(0, 7)) < 7:
        options = [name for name in options if name not in OPAQUE]
    found = Surroundings()
    for above in dict.fromkeys(["", *(folder[: end + 1] for end in _ends(folder))]):
        parts = [_hooks(draw, options, found)]
        if draw(st.integers(0, 3)) == 3:
            parts.append(_fixture(draw, found))
        if "anyio" in plugins and draw(st.integers(0, 7)) == 7:
            parts.append(f"{IMPORTS}{backend(draw)}\n")
        if not above and draw(st.integers(0, 5)) == 5:
            parts.append(f'pytest_plugins = ["{PLUGIN}"]\n')
            own = [_hooks(draw, options, found), _fixture(draw, found)]
            found.files[f"{PLUGIN}.py"] = "\n".join(own)
        if text := "\n".join(filter(None, parts)):
            found.files[f"{above}conftest.py"] = text
    return found


def _hooks(draw: st.DrawFn, options: Sequence[str], found: Surroundings) -> str:
    name = draw(st.sampled_from(options))
    found.decidable &= name not in OPAQUE
    found.marks_some_late |= name in LATE_FOR_SOME
    return CONFTESTS[name]


def _fixture(draw: st.DrawFn, found: Surroundings) -> str:
    """Return a fixture, which may ask for one of its name that it overrides."""
    name = draw(st.sampled_from(FIXTURE_NAMES))
    source = fixture(draw, name, [one for one in found.fixtures if one <= name])
    found.fixtures.append(name)
    return f"{IMPORTS}{source}\n"


def _ends(folder: str) -> Iterator[int]:
    return (place for place, letter in enumerate(folder) if letter == "/")
