"""Generated projects: configuration, layout, conftest files, and test modules."""

from collections.abc import Sequence
from dataclasses import dataclass

from hypothesis import strategies as st

from tests.conformance.case import Case
from tests.conformance.generated.configurations import configurations, starts
from tests.conformance.generated.conftests import conftests
from tests.conformance.generated.layouts import LAYOUTS
from tests.conformance.generated.modules import TestModule, Writer

# What is installed beside pytest, and what the project says of it.
PLUGINS: Sequence[frozenset[str]] = (
    *(frozenset({"asyncio"}),) * 6,
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
MODULES = 6


@dataclass(frozen=True, slots=True)
class Project:
    """A project with what source can tell of it.

    Attributes:
        decidable: whether the analysis has to report tests that never run, ...
        undecidable: ... and the files in which it need not all the same.
        marks_some_late: whether a hook marks some tests that are items already.
    """

    case: Case
    decidable: bool
    undecidable: frozenset[str]
    marks_some_late: bool = False

    def __repr__(self) -> str:
        files = (f"--- {path}\n{text.decode()}" for path, text in self.case.contents().items())
        told = f"decidable: {self.decidable}, but for {sorted(self.undecidable)}"
        return "\n".join([told, *files, str(self.case.invocations)])


@st.composite
def projects(draw: st.DrawFn) -> Project:
    """Return a strategy of small projects."""
    layout = draw(st.sampled_from(LAYOUTS))
    plugins = draw(st.sampled_from(PLUGINS))
    files = {**layout.files, **_requirements(plugins)}
    # Who writes a mark is taken to have the plugin. So is who writes a mode: nobody does here.
    # Whose fixtures are set up by whom is not decided where there are two of them.
    around = conftests(draw, layout, plugins)
    files |= around.files
    shared: dict[str, str] = {}
    modules: dict[str, TestModule] = {}
    for number in range(draw(st.integers(1, MODULES))):
        name = f"test_{number}"
        module = Writer(draw, layout.place, plugins, around.fixtures, modules).module()
        files[f"{layout.folder}{name}.py"] = module.source
        modules[f"{layout.package}{name}"] = module
        for path, text in module.beside:
            shared[path] = _joined(shared.get(path, ""), text)
    files |= {f"{layout.shared}{path}": text for path, text in shared.items()}
    files |= configurations(draw, layout, plugins, around.fixtures)
    more, invocations = starts(draw, layout, plugins)
    case = Case("A generated project", files | more, tuple(invocations), plugins)
    unclear = [name for name, one in modules.items() if not one.decidable]
    paths = frozenset(f"{layout.folder}{name.rpartition('.')[2]}.py" for name in unclear)
    is_decidable = around.decidable and plugins == {"asyncio"}
    return Project(case, is_decidable, paths, around.marks_some_late)


def _requirements(plugins: frozenset[str]) -> dict[str, str]:
    """Return the file that says what is installed; a project may as well not say it."""
    if plugins == {"asyncio"}:
        return {}
    lines = ["pytest\n", *(REQUIREMENTS[name] for name in sorted(plugins))]
    return {"requirements.txt": "".join(lines)}


def _joined(before: str, text: str) -> str:
    return f"{before}\n{text}" if before and before != text else text
