"""The modes of the async plugins in one run: pytest-asyncio, anyio and pytest-trio."""

from enum import Enum

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.pytest_runs.command_line import CommandLine
from bot.analysis.pytest_runs.config_files import ConfigFiles
from bot.analysis.pytest_runs.ini_files import Ini, Refusal, bool_of, text_of
from bot.analysis.pytest_runs.loaded_plugins import LoadedPlugins
from bot.analysis.pytest_runs.shell_words import HIDDEN
from bot.analysis.pytest_runs.versions import ProjectVersions

ASYNCIO = ("asyncio", "pytest_asyncio.plugin")
ANYIO = ("anyio", "anyio.pytest_plugin")
TRIO = ("trio", "pytest_trio.plugin")

# What could bring a mode along where a command line is not fully known.
MODE_OPTION = r"--(?:asyncio|anyio)-mode|(?:-o|--override-ini)[ =]*['\"]?(?:asyncio|anyio)_mode"
ANY_MODE = r"(?:asyncio|anyio)[-_]mode|\btrio_mode"


class AsyncioMode(Enum):
    """Modes of pytest-asyncio; what is unknown depends on something that is not in the source."""

    AUTO = "auto"
    STRICT = "strict"
    LEGACY = "legacy"
    UNKNOWN = "unknown"


class AsyncModes(Struct, frozen=True):
    """How the async plugins of a run treat tests that bear no mark.

    Attributes:
        asyncio: the mode of pytest-asyncio, if it is loaded.
        asyncio_origin: where the mode was set, "" for the default.
        asyncio_active: whether pytest-asyncio is loaded.
        anyio_auto: whether anyio's plugin runs unmarked tests.
        trio_auto: whether pytest-trio runs unmarked tests.
        fixture_loop_scope: `asyncio_default_fixture_loop_scope`, None where it is not set.
        test_loop_scope: `asyncio_default_test_loop_scope`.
    """

    asyncio: AsyncioMode = AsyncioMode.STRICT
    asyncio_origin: str = ""
    asyncio_active: Answer = Answer.UNKNOWN
    anyio_auto: Answer = Answer.NO
    trio_auto: Answer = Answer.NO
    fixture_loop_scope: str | None = None
    test_loop_scope: str = "function"


class Sources(Struct, frozen=True):
    """Everything that says something about modes in one run.

    `inifile` is the name of the file that `ini` came from; `overridden` are the keys that came
    from `-o` instead; `uncertain` says that something unknown could bring another mode.
    """

    line: CommandLine
    ini: Ini
    inifile: str
    overridden: frozenset[str]
    plugins: LoadedPlugins
    versions: ProjectVersions
    uncertain: bool


def is_uncertain(files: ConfigFiles, line: CommandLine, *, placed: bool) -> bool:
    """Whether a mode could come from what is not known of an invocation.

    A hidden word can only be what somebody wrote: where no file of the repository names a mode
    option, it hides none. The same of a folder that is not known and configuration files.
    """
    if not placed and files.mention(ANY_MODE):
        return True
    return line.hidden and files.mention(MODE_OPTION)


def modes_of(sources: Sources) -> AsyncModes:
    """Return the modes.

    Raises:
        Refusal: pytest would end with a usage error because of them.
    """
    for names in (ASYNCIO, ANYIO, TRIO):
        if sources.plugins.doubles(*names):
            raise Refusal(f"Plugin already registered under a different name: {names[1]}")
    active = _asyncio_active(sources)
    mode, origin = _asyncio_mode(sources, active)
    scope = text_of(sources.ini, "asyncio_default_fixture_loop_scope")
    return AsyncModes(
        mode,
        origin,
        active,
        _anyio_auto(sources),
        _trio_auto(sources),
        scope or None,
        text_of(sources.ini, "asyncio_default_test_loop_scope", "function"),
    )


def _asyncio_active(sources: Sources) -> Answer:
    if not sources.plugins.loads(*ASYNCIO):
        return Answer.NO
    shown = (
        sources.plugins.names(*ASYNCIO)
        or sources.versions.declared("pytest-asyncio")
        or sources.line.given("--asyncio-mode")
        or "asyncio_mode" in sources.ini
    )
    if shown:
        return Answer.YES
    return Answer.NO if sources.versions.locked else Answer.UNKNOWN


def _asyncio_mode(sources: Sources, active: Answer) -> tuple[AsyncioMode, str]:
    option = sources.line.last("--asyncio-mode")
    if option is not None and active is Answer.NO:
        raise Refusal("unrecognized arguments: --asyncio-mode (pytest-asyncio is not loaded)")
    if active is Answer.NO:
        return AsyncioMode.STRICT, ""
    if not sources.versions.at_least("pytest-asyncio", "0.17"):
        return AsyncioMode.LEGACY, ""
    if option is not None:
        return _parsed(option, sources.versions), "--asyncio-mode"
    if sources.uncertain:
        return AsyncioMode.UNKNOWN, ""
    if "asyncio_mode" in sources.ini:
        origin = "-o" if "asyncio_mode" in sources.overridden else sources.inifile
        return _parsed(text_of(sources.ini, "asyncio_mode"), sources.versions), origin
    strict = sources.versions.at_least("pytest-asyncio", "0.19")
    return (AsyncioMode.STRICT if strict else AsyncioMode.LEGACY), ""


def _parsed(word: str, versions: ProjectVersions) -> AsyncioMode:
    """`legacy` went with 0.20; everything that is no mode stops pytest."""
    if HIDDEN in word:
        return AsyncioMode.UNKNOWN
    has_legacy = not versions.at_least("pytest-asyncio", "0.20")
    valid = {"auto", "strict", "legacy"} if has_legacy else {"auto", "strict"}
    if word not in valid:
        raise Refusal(f"{word!r} is not a valid asyncio_mode")
    return AsyncioMode(word)


def _anyio_auto(sources: Sources) -> Answer:
    """`anyio_mode` came with anyio 4.11, `--anyio-mode` with 4.15; one of them is enough."""
    option = sources.line.last("--anyio-mode")
    if option is not None and not sources.versions.at_least("anyio", "4.15"):
        raise Refusal("unrecognized arguments: --anyio-mode (anyio is older than 4.15)")
    if not sources.plugins.loads(*ANYIO) or not sources.versions.at_least("anyio", "4.11"):
        return Answer.NO
    words = {option, text_of(sources.ini, "anyio_mode")}
    if "auto" in words:
        return Answer.YES
    hidden = sources.uncertain or any(HIDDEN in word for word in words if word)
    return Answer.UNKNOWN if hidden else Answer.NO


def _trio_auto(sources: Sources) -> Answer:
    if not sources.plugins.loads(*TRIO):
        return Answer.NO
    return Answer.of(bool_of(sources.ini, "trio_mode"))
