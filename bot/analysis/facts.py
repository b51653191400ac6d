"""What rules may ask about a project: one round of all facts, wired together."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from bot.analysis.answer import Answer
from bot.analysis.awaiting.awaitables import Awaitables
from bot.analysis.awaiting.call_uses import CallUses
from bot.analysis.awaiting.instances import Instances
from bot.analysis.awaiting.overriding import Overriding
from bot.analysis.awaiting.replaced_names import ReplacedNames
from bot.analysis.awaiting.rewritten_classes import RewrittenClasses
from bot.analysis.collection.classes import Classes
from bot.analysis.collection.collection import Collector, Test
from bot.analysis.collection.decorators import Decorators
from bot.analysis.collection.hooks import HookReader
from bot.analysis.collection.ignoring import may_ignore
from bot.analysis.collection.marks import MarkReader
from bot.analysis.collection.parameter_marks import ParameterMarks
from bot.analysis.collection.plugins import PluginReader, asyncio_mode
from bot.analysis.collection.third_party import ASYNC_DISTRIBUTIONS
from bot.analysis.collection.xunit import HelperCall, Hook, Xunit
from bot.analysis.config import NO_RULES, Config
from bot.analysis.fixtures.closures import Closures
from bot.analysis.fixtures.fixture_requests import FixtureRequests
from bot.analysis.fixtures.fixture_uses import FixtureUses, Uses, gives_value
from bot.analysis.fixtures.fixtures import Fixture, Fixtures
from bot.analysis.handling.async_fixtures import AsyncFixtures
from bot.analysis.handling.event_loop import EventLoop
from bot.analysis.handling.fixture_handling import FixtureHandling
from bot.analysis.handling.handling import Cause, Handling, Verdict
from bot.analysis.handling.lent_marks import LentMarks
from bot.analysis.handling.loop_mismatches import LoopMismatches, Mismatch
from bot.analysis.handling.loop_scopes import FixtureLoop, LoopScopes
from bot.analysis.handling.refusals import Refusal, Refusals
from bot.analysis.mocks.made_mocks import MadeMocks
from bot.analysis.names.resolver import Resolver, owner_class
from bot.analysis.names.values import Class, Function, Value
from bot.analysis.pytest_runs.async_modes import AsyncioMode
from bot.analysis.pytest_runs.config_files import ConfigFiles, is_within
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.async_reach import AsyncReach
from bot.analysis.source.module import Module
from bot.analysis.source.project import Project
from bot.analysis.source.scopes import ImportedName


@dataclass(frozen=True, slots=True)
class Setup:
    """How pytest and awaited are configured and started here: the same in every round."""

    files: ConfigFiles
    runs: tuple[PytestRun, ...]
    named: frozenset[str] = frozenset()
    mode_set_elsewhere: bool = False
    config: Config = NO_RULES
    strict_unknown: bool = False
    _runs_for: dict[str, tuple[PytestRun, ...]] = field(
        default_factory=dict[str, tuple[PytestRun, ...]], compare=False, repr=False
    )

    def runs_for(self, path: str) -> tuple[PytestRun, ...]:
        """Return the runs that come to a file; for one that none collects, those from above it.

        A run that pytest would refuse runs nothing; where there are others, they decide.
        """
        if path not in self._runs_for:
            self._runs_for[path] = self._compute_runs_for(path)
        return self._runs_for[path]

    def _compute_runs_for(self, path: str) -> tuple[PytestRun, ...]:
        found = [run for run in self.runs if run.collects_file(path) is not Answer.NO]
        if not found or _is_conftest(path):  # a plugin, say: its tests are elsewhere
            found = [run for run in self.runs if is_within(path, run.rootdir)]
        started = [run for run in found if run.refused is None]
        return tuple(started or found) or self.runs[:1]

    def collects(self, path: str) -> bool:
        """Whether pytest may collect tests from a file, in any way that it is started here."""
        return any(run.collects_file(path) is not Answer.NO for run in self.runs)

    def import_roots(self) -> tuple[str, ...]:
        """Return the folders that `pythonpath` settings put on the import path."""
        return tuple(dict.fromkeys(root for run in self.runs for root in run.pythonpath))


# Of these tests anyio runs those that it marked.
_FOR_ANYIO = frozenset({Cause.UNHANDLED, Cause.EXPECTED, Cause.PLUGIN_OFF})


def _is_conftest(path: str) -> bool:
    return path.rpartition("/")[2] == "conftest.py"


class Facts:
    """Every fact of one round."""

    def __init__(self, project: Project, setup: Setup) -> None:
        self.project = project
        self.setup = setup
        self.resolver = Resolver(project, setup.import_roots())
        self.marks = MarkReader(self.resolver)
        self.decorators = Decorators(self.resolver, self.marks)
        self.classes = Classes(self.resolver, self.marks, self.decorators)
        self.fixtures = Fixtures(self.resolver, self.decorators)
        self.plugins = PluginReader(self.resolver, HookReader(self.resolver), setup.files)
        self.xunit = Xunit(self.resolver, self.classes, self.decorators, self.plugins)
        self.collector = Collector(self.resolver, self.marks, self.decorators, self.classes)
        self.closures = Closures(self.resolver, self.collector, self.fixtures)
        self.handling = Handling(
            self.resolver,
            self.collector,
            self.closures,
            ParameterMarks(self.resolver, self.marks),
            self.plugins,
            mode_set_elsewhere=setup.mode_set_elsewhere,
        )
        self._lent_marks = LentMarks(project, self.collector, setup.collects, self.tests)
        self._fixture_handling = FixtureHandling(
            self.fixtures,
            self.closures,
            self.plugins,
            self.collector,
            mode_set_elsewhere=setup.mode_set_elsewhere,
        )
        self.requests = FixtureRequests(
            self.resolver, self.collector, self.fixtures, self.decorators
        )
        self._refusals = Refusals(self.requests, self._fixture_handling, self.plugins)
        self._async_fixtures = AsyncFixtures(self.resolver, self.fixtures, self.plugins)
        self._event_loop = EventLoop(self.plugins)
        self.loop_scopes = LoopScopes(self.resolver, self.collector, self.plugins)
        self._loop_mismatches = LoopMismatches(self.requests, self.loop_scopes, self.plugins)
        self._uses = FixtureUses(project, self.fixtures, self.plugins)
        overriding = Overriding(self.resolver, self._is_collected)
        self.instances = Instances(self.resolver, self.fixtures, overriding, self._fixture)
        self.mocks = MadeMocks(
            self.resolver, self.decorators, self.instances, self.fixtures, self._fixture
        )
        self.replaced = ReplacedNames(self.resolver, self._plugin_modules)
        rewritten = RewrittenClasses(self.resolver, self._plugin_modules)
        self.awaitables = Awaitables(
            self.resolver,
            self.decorators,
            self.instances,
            overriding,
            self.replaced,
            rewritten=rewritten,
        )
        self.call_uses = CallUses(self.resolver, self.decorators, self.instances, self.awaitables)
        self._async_reach = AsyncReach(project)

    def may_be_about_async(self, path: str) -> bool:
        """Whether a file, or what it imports or is given, has to do with async code at all."""
        runs = self.setup.runs_for(path)
        return self._async_reach.may_hold(path, self.plugins.named_for(runs))

    def tests(self, module: Module) -> dict[Test, tuple[PytestRun, ...]]:
        """Return the async tests of a file and the runs that collect each."""
        return self.project.remember(
            ("tests", module), lambda: self._compute_tests(module), cyclic={}
        )

    def _compute_tests(self, module: Module) -> dict[Test, tuple[PytestRun, ...]]:
        found: dict[Test, tuple[PytestRun, ...]] = {}
        collected: dict[tuple[object, ...], list[Test]] = {}
        for run in self.setup.runs_for(module.path):
            if self.is_left_out(module, run):
                continue
            names = (run.python_functions, run.python_classes)
            if names not in collected:
                collected[names] = list(self.collector.async_tests(module, run))
            for test in collected[names]:
                found[test] = (*found.get(test, ()), run)
        return found

    def _is_collected(self, value: Class) -> bool:
        """Whether pytest looks for tests in a class, where it stands."""
        return any(
            run.collects_file(value.module.path) is not Answer.NO
            and self.collector.collects_class(value.definition.name, value, run)
            for run in self.setup.runs_for(value.module.path)
        )

    def every_test(self, module: Module) -> tuple[Test, ...]:
        """Return the tests of a file under any run, those that are not async among them."""
        return self.project.remember(
            ("every test", module), lambda: tuple(self._compute_every_test(module)), cyclic=()
        )

    def _compute_every_test(self, module: Module) -> Iterator[Test]:
        runs = [
            one for one in self.setup.runs_for(module.path) if not self.is_left_out(module, one)
        ]
        names = {(run.python_functions, run.python_classes): run for run in runs}
        found = (test for run in names.values() for test in self.collector.tests(module, run))
        yield from dict.fromkeys(found)

    def xunit_hooks(self, module: Module) -> Iterator[Hook]:
        """Yield the functions that are called by name around the tests of a file."""
        yield from self.xunit.hooks(module, self.every_test(module))

    def hook_awaited(self, hook: Hook, module: Module) -> Answer:
        """Return whether anybody awaits a function that is called by name."""
        return self.xunit.awaited(hook, module, self.setup.runs_for(module.path))

    def uncalled_hooks(self, module: Module) -> Iterator[Hook]:
        """Yield the `asyncSetUp` and `asyncTearDown` that the classes of a file never call."""
        yield from self.xunit.uncalled(module, self.every_test(module))

    def missing_helpers(self, module: Module) -> Iterator[HelperCall]:
        """Yield calls of helpers such as `addAsyncCleanup` that the classes of a file lack."""
        yield from self.xunit.missing_helpers(module, self.every_test(module))

    def is_left_out(self, module: Module, run: PytestRun) -> bool:
        """Whether a file holds no tests for a run, or conftest code may keep it out."""
        path = module.path
        if run.collects_file(path) is Answer.NO and path not in self.setup.named:
            return True
        if _is_conftest(path) and run.collects_file(path) is not Answer.YES:
            return True
        conftests = self.plugins.plugins(run, module).conftests
        return any(may_ignore(one, module.path) for one in conftests)

    def fixture_files(self, module: Module) -> set[str]:
        """Return other files of the repository that bring fixtures to the tests of a file."""
        found: set[str] = set()
        for run in self.setup.runs_for(module.path)[:1]:
            plugins = self.plugins.plugins(run, module)
            found |= {one.path for one in plugins.modules}
        if _is_conftest(module.path):
            for name, bindings in module.scope.bindings.items():
                if any(isinstance(one.meaning, ImportedName) for one in bindings):
                    values = self.resolver.bound(name, module, module.scope)
                    found |= {one.module.path for one in values if self._is_fixture(one)}
        return found - {module.path}

    def _fixture(self, name: str, module: Module, owner: Class | None) -> Fixture | None:
        """Return the fixture that a test of a file gets under a name."""
        run = self.setup.runs_for(module.path)[0]
        return self.fixtures.find(name, module, owner, self.plugins.plugins(run, module))

    def _plugin_modules(self, module: Module) -> tuple[Module, ...]:
        """Return the conftest files and plugins of the repository that a file's tests get."""
        run = self.setup.runs_for(module.path)[0]
        return self.plugins.plugins(run, module).all_modules

    def _is_fixture(self, value: Value) -> TypeGuard[Function]:
        return isinstance(value, Function) and self.fixtures.of_function(value) is not None

    def verdict(self, test: Test) -> Verdict:
        """Return whether a test runs in any way that pytest is started here."""
        verdict = self._verdict(test)
        if verdict.runs is Answer.NO and self._has_running_twin(test):
            return Verdict(Answer.UNKNOWN, reason="a condition decides, and the other one runs")
        if verdict.cause in _FOR_ANYIO and self._lent_marks.may_reach(test):
            return Verdict(Answer.UNKNOWN, reason="anyio may have marked it for another class")
        return verdict

    def _verdict(self, test: Test) -> Verdict:
        return self.project.remember(
            ("verdict", test),
            lambda: self.handling.verdict(test, self.tests(test.module)[test]),
            cyclic=Verdict(Answer.UNKNOWN),
        )

    def _has_running_twin(self, test: Test) -> bool:
        """Whether a condition chooses between a test and another of its name, which may run."""
        bindings = test.module.scope.bindings.get(test.symbol.partition(".")[0], ())
        return len(bindings) > 1 and any(
            other != test
            and other.symbol == test.symbol
            and self._verdict(other).runs is not Answer.NO
            for other in self.tests(test.module)
        )

    def fixture_handled(self, fixture: Fixture) -> Answer:
        """Return whether anything sets up an async fixture in any way that pytest is started."""
        runs = self.setup.runs_for(fixture.function.module.path)
        answer = Answer.any_of(self._fixture_handling.handled(fixture, run) for run in runs)
        if answer is Answer.NO and self._has_other_takers(fixture, runs):
            return Answer.UNKNOWN
        return answer

    def _has_other_takers(self, fixture: Fixture, runs: tuple[PytestRun, ...]) -> bool:
        """Whether tests of another framework get it, or some await it by hand.

        pytest 9 refuses what it hands out unawaited; before that a test may await the coroutine.
        """
        is_shared = _is_conftest(fixture.function.module.path)
        is_handed_out = not all(run.versions.at_least("pytest", "9.0") for run in runs)
        if not (is_shared or is_handed_out):
            return False
        uses = self.fixture_uses(fixture)
        by_hand = bool(uses.awaited or uses.consumed)
        return (is_shared and uses.others) or (is_handed_out and by_hand)

    def refusals(self, module: Module) -> Iterator[Refusal]:
        """Yield the tests of a file that pytest refuses because of an async fixture."""
        if self._async_fixtures_reach(module):
            runs = self.setup.runs_for(module.path)
            yield from self._refusals.of(self.every_test(module), runs)

    def event_loop_is_gone(self, module: Module) -> bool:
        """Whether pytest-asyncio, as it is used for a file, has no `event_loop` any more."""
        runs = self.setup.runs_for(module.path)
        return all(self._event_loop.is_gone(module, run) for run in runs)

    def asks_directly(self, test: Test, name: str) -> bool:
        """Whether a test certainly asks for a fixture by a parameter."""
        run = self.setup.runs_for(test.module.path)[0]
        plugins = self.plugins.plugins(run, test.module)
        requests = self.requests.of(test, plugins, run.usefixtures)
        return any(
            one.name == name and isinstance(one.node, ast.arg) and not one.through
            for one in requests
        )

    def fixture_for(self, name: str, function: Function) -> Fixture | Answer | None:
        """Return the one fixture that a test or fixture can get under a name.

        None where the repository has none, UNKNOWN where it cannot be told.
        """
        run = self.setup.runs_for(function.module.path)[0]
        plugins = self.plugins.plugins(run, function.module)
        owner = owner_class(function.module, function.definition)
        own = self.fixtures.of_function(function)
        below = own if own is not None and own.name == name else None
        return self.fixtures.certain(name, function.module, owner, plugins, below)

    def loop_mismatches(self, module: Module) -> Iterator[Mismatch]:
        """Yield the async fixtures that async tests of a file get from another event loop."""
        runs = self.setup.runs_for(module.path)
        if self._async_fixtures_reach(module):
            tests = [one for one in self.tests(module) if self._is_for_asyncio(one, runs)]
            yield from self._loop_mismatches.of(tests, runs)

    def _is_for_asyncio(self, test: Test, runs: Sequence[PytestRun]) -> bool:
        """Whether pytest-asyncio runs a test, or nothing does yet."""
        if self.collector.marks(test).has("asyncio") is Answer.YES:
            return True
        modes = {asyncio_mode(run, self.plugins.plugins(run, test.module)) for run in runs}
        return modes == {AsyncioMode.AUTO} or self.verdict(test).cause is Cause.UNHANDLED

    def _async_fixtures_reach(self, module: Module) -> bool:
        return self.project.remember(
            ("async fixtures reach", module),
            lambda: self._async_fixtures.may_reach(
                module, self.every_test(module), self.setup.runs_for(module.path)[0]
            ),
            cyclic=True,
        )

    def fixture_loop(self, fixture: Fixture) -> FixtureLoop | None:
        """Return the loop of an async fixture if it is the same in every run."""
        runs = self.setup.runs_for(fixture.function.module.path)
        found = {self.loop_scopes.of_fixture(fixture, run) for run in runs}
        return found.pop() if len(found) == 1 else None

    def fixture_is_silent(self, fixture: Fixture) -> bool:
        """Whether tests pass although the fixture is not set up: nobody looks at its value.

        pytest 9 refuses such tests instead, so this asks for a pin that keeps it out.
        """
        runs = self.setup.runs_for(fixture.function.module.path)
        if any(run.versions.at_least("pytest", "9.0") for run in runs):
            return False
        uses = self.fixture_uses(fixture)
        is_asked = bool(uses.modules) or fixture.autouse is Answer.YES
        return is_asked and (not gives_value(fixture) or (uses.complete and not uses.read))

    def fixture_is_awaited_by_hand(self, fixture: Fixture) -> bool:
        """Whether tests may work because they await, or run, the fixture's coroutine themselves.

        pytest 9 refuses them, so this asks for a pin that keeps it out.
        """
        if self.always_at_least(fixture.function.module.path, "pytest", "9.0"):
            return False
        uses = self.fixture_uses(fixture)
        return bool(uses.awaited or uses.consumed)

    def fixture_uses(self, fixture: Fixture) -> Uses:
        """Return how the value of a fixture is used by all that may ask for it."""
        run = self.setup.runs_for(fixture.function.module.path)[0]
        return self.project.remember(
            ("fixture uses", fixture.function),
            lambda: self._uses.of(fixture, run),
            cyclic=Uses(complete=False),
        )

    def always_at_least(self, path: str, name: str, boundary: str) -> bool:
        """Whether a package is at least of that version in every run that comes to a file."""
        return all(run.versions.at_least(name, boundary) for run in self.setup.runs_for(path))

    def async_plugin_is_missing(self, path: str) -> bool:
        """Whether dependencies are declared for a file and no async plugin is among them."""
        versions = self.setup.runs_for(path)[0].versions
        return versions.declares_dependencies and not any(
            versions.declared(name) for name in ASYNC_DISTRIBUTIONS
        )
