"""What pytest would make of one invocation: which file wins, and what it says."""

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

from packaging.version import InvalidVersion, Version

from bot.analysis.answer import Answer
from bot.analysis.pytest_runs.async_modes import (
    AsyncioMode,
    AsyncModes,
    Sources,
    is_uncertain,
    modes_of,
)
from bot.analysis.pytest_runs.collected_files import (
    NORECURSEDIRS,
    PYTHON_FILES,
    Arguments,
    CollectedFiles,
    Passing,
    decide_arguments,
    matches_name,
    passing_of,
)
from bot.analysis.pytest_runs.command_line import CommandLine, parse
from bot.analysis.pytest_runs.config_files import ConfigFiles, join, parent
from bot.analysis.pytest_runs.ini_files import (
    Ini,
    IniValue,
    Refusal,
    Undecided,
    bool_of,
    lines_of,
    text_of,
    words_of,
)
from bot.analysis.pytest_runs.invocation import Invocation
from bot.analysis.pytest_runs.loaded_plugins import LoadedPlugins, loaded_plugins
from bot.analysis.pytest_runs.rootdir import Located, Locator, argument_path, masked_mode
from bot.analysis.pytest_runs.shell_words import HIDDEN
from bot.analysis.pytest_runs.versions import ProjectVersions, Versions

__all__ = ["AsyncioMode", "PytestRun", "resolve"]

# Written with a dash these are options of nobody; under strict_config pytest stops at them.
MISSPELT = frozenset({"asyncio-mode", "anyio-mode", "trio-mode"})


@dataclass(frozen=True, slots=True)
class PytestRun:
    """One invocation with the configuration that it ends up with.

    Attributes:
        rootdir: pytest's rootdir, "" for the repository's root.
        inifile: the configuration file that won, None where none did.
        confcutdir: the folder above which no conftest.py is read.
        refused: what pytest would say instead of running any test (a usage error), or None.
        undecided: why the configuration cannot be told from the repository, or None.
        masked: a file that sets `asyncio_mode` and lost against `inifile`, or None.
        files: every configuration file that was looked at.
        versions: what is declared for the folder of the run.
        modes: how async plugins treat tests without a mark.
        loaded: plugins named, blocked, and whether the others load by themselves.
        collected: what is collected.
        pythonpath: folders that the `pythonpath` setting puts on the import path.
        usefixtures: fixtures that the configuration adds to every test.
        collects_imported: whether names that a test module imports are collected there too.
        filterwarnings: filters of the configuration, then those of `-W`.
        keyword: the expression of `-k`, "" for none.
        markexpr: the expression of `-m`, "" for none.
        times_out: whether pytest-timeout is told to end every test that takes too long.
        reads_conftests: whether conftest.py files are read at all (not with `--noconftest`).
    """

    invocation: Invocation
    rootdir: str
    inifile: str | None
    collected: CollectedFiles
    versions: ProjectVersions
    confcutdir: str = ""
    refused: str | None = None
    undecided: str | None = None
    masked: str | None = None
    files: tuple[str, ...] = ()
    modes: AsyncModes = field(default_factory=AsyncModes)
    loaded: LoadedPlugins = field(default_factory=LoadedPlugins)
    import_mode: str = "prepend"
    python_classes: tuple[str, ...] = ("Test",)
    python_functions: tuple[str, ...] = ("test",)
    pythonpath: tuple[str, ...] = ()
    usefixtures: tuple[str, ...] = ()
    collects_imported: bool = True
    filterwarnings: tuple[str, ...] = ()
    keyword: str = ""
    markexpr: str = ""
    times_out: Answer = Answer.NO
    reads_conftests: bool = True
    testpaths: tuple[str, ...] = field(default=(), compare=False)

    @property
    def asyncio_mode(self) -> AsyncioMode:
        """The mode that pytest-asyncio works in, if it is loaded."""
        return self.modes.asyncio

    @property
    def asyncio_mode_origin(self) -> str:
        """Where the mode was set, for people: a file, `--asyncio-mode`, `-o`, "" by default."""
        return self.modes.asyncio_origin

    @property
    def asyncio_active(self) -> Answer:
        """Whether pytest-asyncio is loaded; unknown where nothing shows that it is installed."""
        return self.modes.asyncio_active

    @property
    def anyio_auto(self) -> Answer:
        """Whether anyio's plugin runs unmarked tests (`anyio_mode`)."""
        return self.modes.anyio_auto

    @property
    def trio_auto(self) -> Answer:
        """Whether pytest-trio runs unmarked tests (`trio_mode`)."""
        return self.modes.trio_auto

    @property
    def plugins(self) -> tuple[str, ...]:
        """Modules named by `-p` and PYTEST_PLUGINS, in order, blocked ones left out."""
        return self.loaded.named

    @property
    def blocked(self) -> tuple[str, ...]:
        """Names switched off by `-p no:`."""
        return self.loaded.blocked

    @property
    def autoload(self) -> bool:
        """Whether installed plugins load by themselves."""
        return self.loaded.autoload

    @property
    def python_files(self) -> tuple[str, ...]:
        """The patterns of test files."""
        return self.collected.python_files

    def collects_file(self, path: str) -> Answer:
        """Whether pytest collects the Python file; conftest's `collect_ignore` is not asked."""
        return self.collected.collects(path)

    def collects_function(self, name: str) -> bool:
        """Whether a function of this name is a test (`python_functions`)."""
        return matches_name(name, self.python_functions)

    def collects_class(self, name: str) -> bool:
        """Whether a class of this name is collected (`python_classes`); a TestCase always is."""
        return matches_name(name, self.python_classes)


def resolve(invocation: Invocation, files: ConfigFiles, versions: Versions) -> PytestRun:
    """Return the run that the invocation ends up as."""
    return _Resolution(invocation, files, versions).run()


class _Resolution:
    """The steps from an invocation to its run."""

    def __init__(self, invocation: Invocation, files: ConfigFiles, versions: Versions) -> None:
        self._invocation = invocation
        self._files = files
        self._cwd = invocation.cwd
        self._words = (*_shell_words(invocation.variable("PYTEST_ADDOPTS")), *invocation.words)
        self._early = parse(self._words, self._is_path, plugins=False)
        self._versions = versions.versions_for(self._place())
        self._locator = Locator(files, self._since)

    def run(self) -> PytestRun:
        try:
            return self._run(self._locator.locate(self._cwd, self._early))
        except Refusal as refusal:
            return self._without_configuration(refused=str(refusal))
        except Undecided as reason:
            return self._without_configuration(undecided=str(reason))

    def _run(self, located: Located) -> PytestRun:
        ini = {**located.ini, **_overrides(self._early)}
        addopts = words_of(ini, "addopts")
        line = parse((*addopts, *self._words), self._is_path, plugins=True)
        if self._since("9.1"):
            # Before, an override inside addopts came too late to count.
            ini |= _overrides(line)
        self._check_version(ini)
        plugins = self._plugins(line)
        modes = modes_of(self._sources(line, located, ini, plugins))
        self._check_strictness(line, ini, modes)
        return self._made(located, line, ini, plugins, modes)

    def _made(
        self,
        located: Located,
        line: CommandLine,
        ini: Ini,
        plugins: LoadedPlugins,
        modes: AsyncModes,
    ) -> PytestRun:
        home = self._cwd if located.inifile is None else parent(located.inifile)
        pythonpath = (join(home, path) for path in words_of(ini, "pythonpath"))
        return PytestRun(
            self._invocation,
            located.rootdir,
            located.inifile,
            self._collected(located, line, ini),
            self._versions,
            confcutdir=self._confcutdir(located, line),
            masked=masked_mode(self._files, located),
            files=tuple(dict.fromkeys(self._locator.looked_at)),
            modes=modes,
            loaded=plugins,
            import_mode=line.last("--import-mode") or "prepend",
            python_classes=words_of(ini, "python_classes", ("Test",)),
            python_functions=words_of(ini, "python_functions", ("test",)),
            pythonpath=tuple(path for path in pythonpath if path is not None),
            usefixtures=words_of(ini, "usefixtures"),
            collects_imported=not self._since("8.4")
            or bool_of(ini, "collect_imported_tests", default=True),
            filterwarnings=(*lines_of(ini, "filterwarnings"), *line.every("--pythonwarnings")),
            keyword=line.last("-k") or "",
            markexpr=line.last("-m") or "",
            times_out=self._times_out(line, ini),
            reads_conftests=not line.given("--noconftest"),
            testpaths=words_of(ini, "testpaths"),
        )

    def _collected(self, located: Located, line: CommandLine, ini: Ini) -> CollectedFiles:
        testpaths = words_of(ini, "testpaths")
        norecursedirs = words_of(ini, "norecursedirs", NORECURSEDIRS)
        if self._invocation.placed:
            arguments = decide_arguments(self._files, self._cwd, located.rootdir, line, testpaths)
        else:
            arguments = Arguments((), missing=True)
        return CollectedFiles(
            arguments,
            words_of(ini, "python_files", PYTHON_FILES),
            passing_of(self._cwd, located.rootdir, line, norecursedirs),
            self._files,
        )

    def _without_configuration(
        self, *, refused: str | None = None, undecided: str | None = None
    ) -> PytestRun:
        """Return a run of which nothing more is known than why."""
        unknown = Answer.UNKNOWN
        return PytestRun(
            self._invocation,
            self._cwd,
            None,
            CollectedFiles(Arguments((), missing=True), PYTHON_FILES, Passing(), self._files),
            self._versions,
            confcutdir=self._cwd,
            refused=refused,
            undecided=undecided,
            files=tuple(dict.fromkeys(self._locator.looked_at)),
            times_out=unknown,
            modes=AsyncModes(AsyncioMode.UNKNOWN, "", unknown, unknown, unknown),
        )

    def _sources(
        self, line: CommandLine, located: Located, ini: Ini, plugins: LoadedPlugins
    ) -> Sources:
        overridden = {*_overrides(self._early), *(_overrides(line) if self._since("9.1") else ())}
        return Sources(
            line,
            ini,
            located.inifile or "",
            frozenset(overridden),
            plugins,
            self._versions,
            is_uncertain(self._files, line, placed=self._invocation.placed),
        )

    def _times_out(self, line: CommandLine, ini: Ini) -> Answer:
        """pytest-timeout reads its option, then a variable, then the ini file; 0 is none."""
        given = (
            line.last("--timeout")
            or self._invocation.variable("PYTEST_TIMEOUT")
            or (str(ini["timeout"].value) if "timeout" in ini else "")
        )
        if line.hidden or HIDDEN in given:
            return Answer.UNKNOWN
        return Answer.of(given.strip() not in {"", "0"})

    def _plugins(self, line: CommandLine) -> LoadedPlugins:
        by_option = line.given("--disable-plugin-autoload")
        if by_option and not self._since("8.4"):
            raise Refusal("unrecognized arguments: --disable-plugin-autoload")
        off = by_option or bool(self._invocation.variable("PYTEST_DISABLE_PLUGIN_AUTOLOAD"))
        named = self._invocation.variable("PYTEST_PLUGINS").split(",")
        return loaded_plugins(line.every("-p"), named, autoload=not off)

    def _confcutdir(self, located: Located, line: CommandLine) -> str:
        given = line.last("--confcutdir")
        named = join(self._cwd, given) if given else None
        if named is not None:
            return named
        return located.rootdir if located.inifile is None else parent(located.inifile)

    def _check_version(self, ini: Ini) -> None:
        wanted = text_of(ini, "minversion")
        if wanted and not self._is_new_enough(wanted):
            raise Refusal(f"'minversion' requires pytest-{wanted}")

    def _is_new_enough(self, wanted: str) -> bool:
        try:
            Version(wanted)
        except InvalidVersion as error:
            raise Refusal(f"'minversion' is no version: {wanted}") from error
        return self._since(wanted)

    def _check_strictness(self, line: CommandLine, ini: Ini, modes: AsyncModes) -> None:
        strict = bool_of(ini, "strict") if self._since("9.0") else False
        strict = bool_of(ini, "strict_config", default=strict) or line.given("--strict-config")
        unknown = set(MISSPELT & ini.keys())
        if modes.asyncio_active is Answer.NO:
            unknown |= {"asyncio_mode"} & ini.keys()
        if strict and unknown:
            raise Refusal(f"Unknown config option: {min(unknown)}")

    def _since(self, version: str) -> bool:
        return self._versions.at_least("pytest", version)

    def _is_path(self, word: str) -> bool:
        path = argument_path(self._cwd, word)
        return path is not None and self._files.exists(path)

    def _place(self) -> str:
        """Return the folder whose dependencies count: that of the arguments, or the cwd."""
        paths = [argument_path(self._cwd, word) for word in self._early.arguments]
        there = [path for path in paths if path is not None and self._files.exists(path)]
        return there[0] if len(there) == 1 and self._files.is_folder(there[0]) else self._cwd


def _overrides(line: CommandLine) -> dict[str, IniValue]:
    return {key: IniValue(value) for key, value in line.overrides().items()}


def _shell_words(text: str) -> Iterable[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return ()
