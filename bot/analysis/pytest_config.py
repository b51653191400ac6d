"""What pytest would make of one invocation: which file wins, and what it says."""

from dataclasses import dataclass
from enum import Enum

from bot.analysis.answer import Answer
from bot.analysis.config_files import ConfigFiles
from bot.analysis.invocation import Invocation
from bot.analysis.versions import ProjectVersions, Versions


class AsyncioMode(Enum):
    """Modes of pytest-asyncio; what is unknown depends on something that is not in the source."""

    AUTO = "auto"
    STRICT = "strict"
    LEGACY = "legacy"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class PytestRun:
    """One invocation with the configuration that it ends up with.

    Attributes:
        rootdir: pytest's rootdir, "" for the repository's root.
        inifile: the configuration file that won, None where none did.
        refused: what pytest would say instead of running any test (a usage error), or None.
        masked: a file that sets `asyncio_mode` and lost against `inifile`, or None.
        versions: what is declared for the folder of the run.
        asyncio_mode: the mode that pytest-asyncio works in if it is loaded.
        asyncio_mode_origin: where it was set (`pytest.ini`, `--asyncio-mode`), for people.
        asyncio_active: whether pytest-asyncio is loaded.
        anyio_auto: whether anyio's plugin runs unmarked tests (`anyio_mode`).
        trio_auto: whether pytest-trio runs unmarked tests (`trio_mode`).
        plugins: modules named by `-p` and PYTEST_PLUGINS, in order, blocked ones left out.
        blocked: names switched off by `-p no:`.
        autoload: whether installed plugins load by themselves.
        files: every configuration file that was looked at.
    """

    invocation: Invocation
    rootdir: str = ""
    inifile: str | None = None
    refused: str | None = None
    masked: str | None = None
    versions: ProjectVersions = ProjectVersions("")  # noqa: RUF009 - frozen
    asyncio_mode: AsyncioMode = AsyncioMode.STRICT
    asyncio_mode_origin: str = ""
    asyncio_active: Answer = Answer.UNKNOWN
    anyio_auto: Answer = Answer.NO
    trio_auto: Answer = Answer.NO
    fixture_loop_scope: str | None = None
    test_loop_scope: str = "function"
    plugins: tuple[str, ...] = ()
    blocked: tuple[str, ...] = ()
    autoload: bool = True
    import_mode: str = "prepend"
    python_files: tuple[str, ...] = ("test_*.py", "*_test.py")
    python_classes: tuple[str, ...] = ("Test",)
    python_functions: tuple[str, ...] = ("test",)
    pythonpath: tuple[str, ...] = ()
    usefixtures: tuple[str, ...] = ()
    filterwarnings: tuple[str, ...] = ()
    keyword: str = ""
    markexpr: str = ""
    files: tuple[str, ...] = ()

    def collects_file(self, path: str) -> Answer:
        """Whether pytest collects the Python file; conftest's `collect_ignore` is not asked."""
        return Answer.UNKNOWN

    def collects_function(self, name: str) -> bool:
        """Whether a function of this name is a test (`python_functions`)."""
        return any(name.startswith(prefix) for prefix in self.python_functions)

    def collects_class(self, name: str) -> bool:
        """Whether a class of this name is collected (`python_classes`); a TestCase always is."""
        return any(name.startswith(prefix) for prefix in self.python_classes)


def resolve(invocation: Invocation, files: ConfigFiles, versions: Versions) -> PytestRun:
    """Return the run that the invocation ends up as."""
    return PytestRun(invocation, versions=versions.versions_for(invocation.cwd))
