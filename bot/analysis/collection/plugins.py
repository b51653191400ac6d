"""Which conftest files and plugins take part when pytest runs a test file."""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from msgspec import Struct
from msgspec.structs import replace

from bot.analysis.answer import Answer
from bot.analysis.collection.hooks import NO_HOOKS, HookReader, Hooks
from bot.analysis.collection.third_party import (
    ASYNC_DISTRIBUTIONS,
    FIXTURE_DISTRIBUTIONS,
    HARMLESS_ENTRY_POINTS,
    HARMLESS_PLUGIN_PREFIXES,
    PLUGIN_MODULES,
    RUN_EVERYTHING_DISTRIBUTIONS,
    RUN_EVERYTHING_MODULES,
)
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import External, Package
from bot.analysis.pytest_runs.async_modes import ASYNCIO
from bot.analysis.pytest_runs.config_files import ConfigFiles, is_within, lineage, parent
from bot.analysis.pytest_runs.entry_points import registered_plugins
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun
from bot.analysis.pytest_runs.versions import ProjectVersions
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import Assigned

_ASYNC = re.compile(r"async|aio|trio|curio|tornado|twisted|loop|coroutine")
_TRIO_MODE = "pytest_trio.enable_trio_mode"
# Without one of these words, a conftest file changes no tests of other folders, ...
_CHANGES_TESTS = re.compile(
    rb"pytest_(?:collection|sessionstart|runtestloop)|pluginmanager|TestCase|runtest"
)
# ... and without one of these neither the mode nor how fixtures are set up.
_CHANGES_SETUP = re.compile(rb"asyncio.mode|pytest_fixture_setup")
# Where there are more conftest files, those that lie deepest are left aside.
_MAX_CONFTESTS = 300


class Plugins(Struct, frozen=True):
    """What takes part besides pytest itself.

    Attributes:
        conftests: conftest files above the test file, the nearest first.
        modules: plugin modules of the repository.
        externals: dotted names of plugin modules outside, as far as they are named.
        unknown: a plugin is named that nothing is known of.
    """

    conftests: tuple[Module, ...]
    modules: tuple[Module, ...]
    externals: frozenset[str]
    unknown: bool
    hooks: Hooks

    @property
    def all_modules(self) -> tuple[Module, ...]:
        """Conftest files and plugin modules, the nearest first."""
        return self.conftests + self.modules


_CYCLIC = Plugins((), (), frozenset(), unknown=True, hooks=NO_HOOKS)


class PluginReader:
    """Finds the plugins of a run."""

    def __init__(self, resolver: Resolver, hooks: HookReader, files: ConfigFiles) -> None:
        self._resolver = resolver
        self._hooks = hooks
        self._files = files

    def plugins(self, run: PytestRun, test: Module) -> Plugins:
        """Return what takes part when `run` comes to a test file, hooks of its own included."""
        return self._resolver.project.remember(
            ("plugins", id(run), test), lambda: self._found(run, test), cyclic=_CYCLIC
        )

    def _found(self, run: PytestRun, test: Module) -> Plugins:
        """Files of one folder that bring nothing along themselves have the same."""
        folder = test.path.rpartition("/")[0]
        own = self._hooks.of_test_file(test) != NO_HOOKS or "pytest_plugins" in test.source.text
        return self._resolver.project.remember(
            ("plugins", id(run), test.path if own else folder),
            lambda: self._compute(run, test, folder),
            cyclic=_CYCLIC,
        )

    def changes_its_tests(self, module: Module) -> bool:
        """Whether a file with tests, or with a base of theirs, may change how they are called."""
        hooks = self._hooks.of_test_file(module)
        return hooks.may_run or hooks.may_mark

    def anywhere(self, run: PytestRun) -> Hooks:
        """Return what conftest files may do to tests and fixtures that do not lie below them.

        pytest calls `pytest_configure` of a conftest file as soon as it has read it, be it while
        it collects, and the mode that is set there is that of every test from then on. What its
        `pytest_fixture_setup` sets up are also the fixtures of folders above.
        """
        return self._resolver.project.remember(
            ("hooks anywhere", id(run)), lambda: self._join_all(run), cyclic=NO_HOOKS
        )

    def _join_all(self, run: PytestRun) -> Hooks:
        result = NO_HOOKS
        for module in self._all_conftests(run, _CHANGES_SETUP):
            result |= self._hooks.of_module(module)
        return result

    def _all_conftests(self, run: PytestRun, words: re.Pattern[bytes]) -> Iterator[Module]:
        """Yield the conftest files that pytest comes to and that hold one of some words."""
        project = self._resolver.project
        paths = project.library.layout.conftests if run.reads_conftests else ()
        for path in paths[:_MAX_CONFTESTS]:
            if run.collected.enters(parent(path)) and words.search(project.content(path) or b""):
                yield from self._conftest(parent(path))

    def _compute(self, run: PytestRun, test: Module, folder: str) -> Plugins:
        conftests = tuple(self._conftests(run, folder))
        collector = _Collector(self._resolver)
        for name in self._named(run):
            collector.add(name, test)
        for module in (*conftests, test):
            collector.add_named_by(module)
        for module in conftests:
            collector.add_stars(module)
        modules = tuple(collector.modules.values())
        hooks = NO_HOOKS
        for module in (*conftests, *modules):
            hooks |= self._hooks.of_module(module)
        hooks |= self._hooks.of_test_file(test)
        for module in self._read_first(run):
            hooks |= self._hooks.everywhere(module)
        hooks |= self._elsewhere(run)
        return Plugins(
            conftests, modules, frozenset(collector.externals), collector.unknown, hooks
        )

    def _conftests(self, run: PytestRun, folder: str) -> Iterator[Module]:
        """Yield conftest files from the test file up; those above confcutdir are not read.

        `PytestPluginManager._is_in_confcutdir` in _pytest/config/__init__.py.
        """
        for above in lineage(folder) if run.reads_conftests else ():
            if above == run.confcutdir or not is_within(run.confcutdir, above):
                yield from self._conftest(above)

    def _conftest(self, folder: str) -> Iterator[Module]:
        path = f"{folder}/conftest.py".lstrip("/")
        if (module := self._resolver.project.module(path)) is not None:
            yield module

    def _read_first(self, run: PytestRun) -> Iterator[Module]:
        """Yield conftest files that pytest reads before it collects: they may change all tests.

        Those in the folders that are collected from, and in folders called `test*` right below
        (`PytestPluginManager._try_load_conftest`).
        """
        nothing: tuple[str, ...] = ()
        folders = self._resolver.project.remember(
            ("read first", id(run)), lambda: tuple(self._folders_read_first(run)), cyclic=nothing
        )
        for folder in folders if run.reads_conftests else ():
            yield from self._conftest(folder)

    def _folders_read_first(self, run: PytestRun) -> Iterator[str]:
        paths = self._resolver.project.library.paths
        starts = {
            parent(one.path) if one.path.endswith(".py") else one.path
            for one in run.collected.arguments.given
        }
        yield from sorted(starts)
        for path in sorted(one for one in paths if one.endswith("/conftest.py")):
            folder = parent(path)
            if parent(folder) in starts and folder.rpartition("/")[2].startswith("test"):
                yield folder

    def _elsewhere(self, run: PytestRun) -> Hooks:
        """Return what conftest files do to the items of other folders, whenever pytest reads them.

        The mode is left to `anywhere`: it counts from where it is set, in the order of collection.
        """
        return self._resolver.project.remember(
            ("hooks elsewhere", id(run)), lambda: self._compute_elsewhere(run), cyclic=NO_HOOKS
        )

    def _compute_elsewhere(self, run: PytestRun) -> Hooks:
        hooks = NO_HOOKS
        for module in self._all_conftests(run, _CHANGES_TESTS):
            hooks |= self._hooks.everywhere(module)
        return replace(hooks, asyncio_mode=Answer.NO)

    def named_for(self, runs: Iterable[PytestRun]) -> frozenset[str]:
        """Return the modules of the plugins that some runs name, or find to be registered."""
        return frozenset(name for run in runs for name in self._named(run))

    def _named(self, run: PytestRun) -> tuple[str, ...]:
        """Plugins that a run names, and those that the checked project itself registers."""
        nothing: tuple[str, ...] = ()
        return self._resolver.project.remember(
            ("named plugins", id(run)),
            lambda: (*run.plugins, *self._entry_points(run)),
            cyclic=nothing,
        )

    def _entry_points(self, run: PytestRun) -> Iterator[str]:
        for folder in lineage(run.rootdir) if run.autoload else ():
            yield from registered_plugins(self._files, folder)


class _Collector:
    """Follows `pytest_plugins` through the repository."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.modules: dict[str, Module] = {}
        self.externals: set[str] = set()
        self.unknown = False

    def add(self, name: str, seen_from: Module) -> None:
        """Take in a plugin by its module's name."""
        value = self._resolver.imported(name, seen_from)
        if isinstance(value, Package) and value.path is not None and name not in PLUGIN_MODULES:
            self._add_module(value.path)
        else:
            self.externals.add(name)
            self.unknown |= not _is_known(name)

    def add_named_by(self, module: Module) -> None:
        """Take in what a module's `pytest_plugins` names."""
        for binding in module.scope.effective("pytest_plugins"):
            meaning = binding.meaning
            names = _constants(meaning.value) if isinstance(meaning, Assigned) else None
            if names is None:
                self.unknown = True
                continue
            for name in names:
                self.add(name, module)

    def add_stars(self, module: Module) -> None:
        """Take in modules whose names, hooks among them, a conftest file takes over."""
        for star in module.scope.stars:
            package = self._resolver.package_of(star, module)
            if isinstance(package, Package) and package.path is not None:
                self._add_module(package.path)
            elif isinstance(package, External):
                self.externals.add(package.dotted)
                self.unknown |= not _is_known(package.dotted)

    def _add_module(self, path: str) -> None:
        if path in self.modules:
            return
        module = self._resolver.project.module(path)
        if module is not None:
            self.modules[path] = module
            self.add_named_by(module)
            self.add_stars(module)


def runs_everything(run: PytestRun, plugins: Plugins) -> bool:
    """Whether a plugin is there that runs every async test function, marked or not."""
    if plugins.externals & RUN_EVERYTHING_MODULES:
        return True
    return run.autoload and _declares_runner_of_everything(run.versions, run.blocked)


@lru_cache(maxsize=256)
def _declares_runner_of_everything(versions: ProjectVersions, blocked: tuple[str, ...]) -> bool:
    return any(
        versions.declared(name) and not _blocked(blocked, name)
        for name in RUN_EVERYTHING_DISTRIBUTIONS
    )


def unknown_async_plugin(run: PytestRun) -> bool:
    """Whether a plugin is declared that, by its name, has to do with async and is not known."""
    return run.autoload and _declares_unknown(run.versions)


@lru_cache(maxsize=256)
def _declares_unknown(versions: ProjectVersions) -> bool:
    names = {name for project in versions.projects for name in project}
    return any(
        name.startswith("pytest-")
        and name not in ASYNC_DISTRIBUTIONS | FIXTURE_DISTRIBUTIONS
        and _ASYNC.search(name) is not None
        and versions.declared(name)
        for name in names
    )


def asyncio_active(run: PytestRun, plugins: Plugins) -> Answer:
    """Whether pytest-asyncio is loaded: `pytest_plugins` may name it where it is switched off."""
    named = plugins.externals.intersection(ASYNCIO).difference(run.blocked)
    return Answer.YES if named else run.asyncio_active


def is_asyncio_switched_off(run: PytestRun, plugins: Plugins) -> bool:
    """Whether pytest-asyncio is not loaded, and not only because a lock file lacks it."""
    return not run.loaded.loads(*ASYNCIO) and asyncio_active(run, plugins) is Answer.NO


def asyncio_mode(run: PytestRun, plugins: Plugins) -> AsyncioMode:
    """Return the mode of a run: what conftest code sets by hand comes last."""
    if asyncio_active(run, plugins) is not run.asyncio_active is Answer.NO:
        return AsyncioMode.UNKNOWN  # which options it takes then, and when, is not followed
    match plugins.hooks.asyncio_mode:
        case "auto":
            return AsyncioMode.AUTO
        case Answer.NO:
            return run.asyncio_mode
        case _:
            return AsyncioMode.UNKNOWN


def trio_mode(run: PytestRun, plugins: Plugins) -> Answer:
    """Whether pytest-trio runs unmarked tests."""
    return Answer.YES if _TRIO_MODE in plugins.externals else run.trio_auto


def _blocked(blocked: tuple[str, ...], distribution: str) -> bool:
    short = distribution.removeprefix("pytest-")
    names = {distribution, short, distribution.replace("-", "_")}
    return bool(names & set(blocked))


def _is_known(name: str) -> bool:
    return name in RUN_EVERYTHING_MODULES | HARMLESS_ENTRY_POINTS or name.startswith(
        HARMLESS_PLUGIN_PREFIXES
    )


def _constants(node: ast.expr | None) -> list[str] | None:
    match node:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            names = [
                one.value
                for one in elements
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            ]
            return names if len(names) == len(elements) else None
        case _:
            return None
