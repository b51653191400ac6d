"""The decision: will this async test run? It follows pytest, never opinion.

Decided for each way in which pytest is started here; a test counts as never run only where no
way runs it. What was observed of pytest and its plugins is in docs/what-runs.md.
"""

from enum import Enum

from msgspec import Struct

from bot.analysis.answer import Answer
from bot.analysis.collection.collection import Collector, Test
from bot.analysis.collection.decorators import Decorated, Kind
from bot.analysis.collection.expected_failures import expects_any_failure
from bot.analysis.collection.marks import Marks
from bot.analysis.collection.parameter_marks import ParameterMarks
from bot.analysis.collection.plugins import (
    PluginReader,
    Plugins,
    asyncio_active,
    asyncio_mode,
    runs_everything,
    trio_mode,
    unknown_async_plugin,
)
from bot.analysis.collection.third_party import RUNNING_MARKS, Runs
from bot.analysis.fixtures.closures import ANYIO_BACKEND, Closures
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External
from bot.analysis.pytest_runs.pytest_config import AsyncioMode, PytestRun

# These decide with inspect.iscoroutinefunction on what they are given, and drop the rest.
_DROPPING_CASES = (
    "unittest.",
    "django.",
    "rest_framework.",
    "aiohttp.test_utils.",
)


class Cause(Enum):
    """Why a test never runs."""

    UNHANDLED = "unhandled"  # no mark, mode or plugin
    TEST_CASE = "test case"  # unittest drops the coroutine
    UNDECORATED = "undecorated"  # a class that runs decorated coroutines only
    LOST = "lost"  # a decorator hides that it is a coroutine function
    GENERATOR = "generator"  # it yields: no plugin runs it
    ABOVE = "above"  # marked above `staticmethod`, where this pytest sees no mark
    PLUGIN_OFF = "plugin off"  # marked, but the plugin is switched off
    EXPECTED = "expected"  # no mark, mode or plugin, and `xfail` turns the failure green
    DECIDED = "decided"  # it runs, or nobody can tell


class Verdict(Struct, frozen=True):
    """Whether a test runs, why not, and under which run that was decided."""

    runs: Answer
    cause: Cause = Cause.DECIDED
    run: PytestRun | None = None
    reason: str = ""


_YES = Verdict(Answer.YES)


def _is_given(test: Test, collector: Collector) -> bool:
    """Whether hypothesis calls the test: it runs coroutines only where a pytest plugin helps."""
    return "hypothesis.given" in collector.applied_names(test)


def _is_above(decorated: Decorated, run: PytestRun) -> bool:
    """Whether marks stand above `staticmethod` or `classmethod`, where pytest is older than 8.4.

    It then collects the function without them, and of a class method nothing.
    """
    return bool(decorated.above.marks) and not run.versions.at_least("pytest", "8.4")


def _looks_late(run: PytestRun, plugins: Plugins) -> bool:
    """Whether pytest-asyncio looks for its mark when a test is called, as it did before 0.22."""
    is_old = not run.versions.at_least("pytest-asyncio", "0.22")
    return is_old and asyncio_active(run, plugins) is not Answer.NO


def _unknown(reason: str) -> Verdict:
    return Verdict(Answer.UNKNOWN, reason=reason)


class Handling:
    """Decides for tests."""

    def __init__(
        self,
        resolver: Resolver,
        collector: Collector,
        closures: Closures,
        parameters: ParameterMarks,
        plugins: PluginReader,
        *,
        mode_set_elsewhere: bool = False,
    ) -> None:
        self._resolver = resolver
        self._collector = collector
        self._closures = closures
        self._parameters = parameters
        self._plugins = plugins
        self._mode_set_elsewhere = mode_set_elsewhere

    def verdict(self, test: Test, runs: tuple[PytestRun, ...]) -> Verdict:
        """Return the verdict over all runs: only if no run runs it, it never runs."""
        worst: Verdict | None = None
        for run in runs:
            verdict = self.under(test, run)
            if verdict.runs is Answer.YES:
                return verdict
            if worst is None or verdict.runs is Answer.UNKNOWN:
                worst = verdict
        return worst or _unknown("no run of pytest comes to this file")

    def under(self, test: Test, run: PytestRun) -> Verdict:
        """Return the verdict for one run."""
        if run.refused is not None:
            return _unknown(f"pytest would refuse to start: {run.refused}")
        decorated = self._collector.decorated(test)
        plugins = self._plugins.plugins(run, test.module)
        match self._collector.runs(test):
            case Runs.UNKNOWN:
                return _unknown("a base class cannot be followed, or calls tests its own way")
            case Runs.PYTEST:
                return self._by_plugins(test, run, plugins, decorated)
            case who:
                if plugins.hooks.may_swap or plugins.unknown or self._changes_itself(test):
                    return _unknown("a hook or fixture may change what tests call")
                if decorated.kind is Kind.COROUTINE and self._is_taken(test, run, plugins):
                    return _YES
                if self._collector.lacks_arguments(test):
                    return _unknown("unittest gives it no arguments: it fails as soon as called")
                return self._by_class(test, run, who, decorated)

    # -- test case classes ---------------------------------------------------------------

    def _by_class(self, test: Test, run: PytestRun, who: Runs, decorated: Decorated) -> Verdict:
        match who, decorated.kind:
            case _, Kind.UNKNOWN:
                return _unknown("a decorator cannot be followed")
            case _, Kind.RUN:
                return _YES
            case Runs.NOBODY, _:
                return Verdict(Answer.NO, Cause.TEST_CASE, run)
            case Runs.IF_DECORATED, _:
                return Verdict(Answer.NO, Cause.UNDECORATED, run)
            case _, Kind.COROUTINE if not _is_given(test, self._collector):
                return _YES
            case _, Kind.COROUTINE:
                return Verdict(Answer.NO, Cause.LOST, run, "hypothesis.given")
            case _ if not self._drops(test):
                return _unknown("its class may run what is not a coroutine function")
            case _, Kind.LOST:
                return Verdict(Answer.NO, Cause.LOST, run, decorated.cause)
            case _:
                return Verdict(Answer.NO, Cause.GENERATOR, run)

    def _is_taken(self, test: Test, run: PytestRun, plugins: Plugins) -> bool:
        """Whether anyio (from 4.13 on) or pytest-trio make an item of unittest their own."""
        marks = self._collector.marks(test)
        named = {name for name in ("anyio", "trio") if marks.has(name) is Answer.YES}
        named |= plugins.hooks.late_marks
        if trio_mode(run, plugins) is Answer.YES or "trio" in named:
            return True
        return "anyio" in named and run.versions.at_least("anyio", "4.13")

    def _drops(self, test: Test) -> bool:
        """Whether the class awaits coroutine functions only (unittest and Django do)."""
        assert test.owner is not None  # noqa: S101 - only classes are asked
        return all(
            one.dotted.startswith((*_DROPPING_CASES, "builtins.", "typing.", "abc."))
            for one in self._resolver.mro(test.owner)
            if isinstance(one, External)
        )

    # -- plugins ---------------------------------------------------------------------------

    def _by_plugins(
        self, test: Test, run: PytestRun, plugins: Plugins, decorated: Decorated
    ) -> Verdict:
        if decorated.kind is Kind.RUN:
            return _YES
        if decorated.kind is Kind.UNKNOWN:
            return _unknown("a decorator cannot be followed")
        if plugins.hooks.may_run or plugins.hooks.may_swap or self._changes_itself(test):
            return _unknown("a hook or fixture of the repository may run it")
        if plugins.unknown:
            return _unknown("a plugin is named that nothing is known of")
        verdict = self._by_known(test, run, plugins, decorated)
        if verdict.runs is not Answer.NO:
            return verdict
        if plugins.hooks.may_mark:
            return _unknown("a hook of the repository may mark it, or give it anyio's fixture")
        if self._mode_set_elsewhere or unknown_async_plugin(run):
            return _unknown("a container, task runner or plugin may run it in its own way")
        return verdict

    def _by_known(
        self, test: Test, run: PytestRun, plugins: Plugins, decorated: Decorated
    ) -> Verdict:
        """Return the verdict as far as it is plugins of others that decide."""
        if runs_everything(run, plugins):
            if decorated.kind is Kind.COROUTINE:
                return _YES
            return _unknown("a plugin that runs every test gets it")
        if _is_above(decorated, run) and decorated.descriptor == "builtins.classmethod":
            return Verdict(Answer.NO, Cause.ABOVE, run, "classmethod")
        if decorated.kind is Kind.LOST:
            return self._by_result(test, run, plugins, decorated)
        if decorated.kind is Kind.ASYNC_GENERATOR:
            return Verdict(Answer.NO, Cause.GENERATOR, run)
        return self._by_seen_marks(test, run, plugins, decorated)

    def _changes_itself(self, test: Test) -> bool:
        """Whether code in a file of its class' ancestors may change it."""
        classes = (one.value for one in test.classes)
        ancestors = (one for value in classes for one in self._resolver.mro(value))
        modules = {one.module for one in ancestors if isinstance(one, Class)}
        return any(map(self._plugins.changes_its_tests, modules))

    def _by_result(
        self, test: Test, run: PytestRun, plugins: Plugins, decorated: Decorated
    ) -> Verdict:
        """A pytest-asyncio that looks late awaits whatever a marked test returns."""
        lost = Verdict(Answer.NO, Cause.LOST, run, decorated.cause)
        if not _looks_late(run, plugins):
            return lost
        marks = self._collector.marks(test)
        late = Answer.UNKNOWN if "asyncio" in plugins.hooks.late_marks else Answer.NO
        match Answer.any_of([marks.has("asyncio"), late, self._by_parameters(marks)]):
            case Answer.YES:
                return _YES
            case Answer.UNKNOWN:
                return _unknown("marks cannot be told from source")
            case _:
                return lost

    def _by_seen_marks(
        self, test: Test, run: PytestRun, plugins: Plugins, decorated: Decorated
    ) -> Verdict:
        """Before 8.4, pytest sees no mark on a static method."""
        marks = self._collector.marks(test)
        helped = self._by_marks(test, run, plugins, marks)
        if not _is_above(decorated, run):
            return helped
        lost = Verdict(Answer.NO, Cause.ABOVE, run, decorated.descriptor.rpartition(".")[2])
        verdict = self._by_marks(test, run, plugins, marks.without(decorated.above))
        return lost if (helped.runs, verdict.runs) == (Answer.YES, Answer.NO) else verdict

    def _by_marks(self, test: Test, run: PytestRun, plugins: Plugins, marks: Marks) -> Verdict:
        answers = [
            self._by_asyncio(run, plugins, marks),
            *(marks.has(name) for name in RUNNING_MARKS),
            run.anyio_auto,
            trio_mode(run, plugins),
            self._by_late_marks(run, plugins),
            self._by_parameters(marks),
        ]
        match Answer.any_of(answers):
            case Answer.YES:
                return _YES
            case Answer.UNKNOWN:
                return _unknown("marks, mode or plugins cannot be told from source")
            case _:
                return self._by_fixtures(test, run, plugins, marks)

    def _by_asyncio(self, run: PytestRun, plugins: Plugins, marks: Marks) -> Answer:
        """pytest-asyncio: the closest mark while collecting, or auto mode."""
        mode = asyncio_mode(run, plugins)
        wanted = {
            AsyncioMode.AUTO: Answer.YES,
            AsyncioMode.UNKNOWN: Answer.UNKNOWN,
        }.get(mode, Answer.NO)
        asked = Answer.any_of([wanted, marks.has("asyncio")])
        active = asyncio_active(run, plugins)
        if asked is Answer.YES and active is Answer.UNKNOWN:
            return Answer.YES  # somebody wrote the mark or the mode: take them at their word
        return Answer.all_of([asked, active])

    def _by_late_marks(self, run: PytestRun, plugins: Plugins) -> Answer:
        """Marks added by hooks: seen by pytest-asyncio < 0.22, and by anyio >= 4.13."""
        late = plugins.hooks.late_marks
        if "asyncio" in late and _looks_late(run, plugins):
            return Answer.UNKNOWN
        others = late & RUNNING_MARKS.keys()
        return Answer.UNKNOWN if others else Answer.NO

    def _by_parameters(self, marks: Marks) -> Answer:
        """`pytest.param(marks=...)`: the test runs for some of its parameters."""
        marked = any(self._parameters.of_parametrize(one, "asyncio") for one in marks.marks)
        return Answer.UNKNOWN if marked else Answer.NO

    def _by_fixtures(self, test: Test, run: PytestRun, plugins: Plugins, marks: Marks) -> Verdict:
        """anyio runs unmarked tests that get `anyio_backend`, by whatever way.

        Marks on the parameters of a fixture are marks of the tests that get it.
        """
        closure = self._closures.of_test(test, plugins, run.usefixtures)
        match closure.has(ANYIO_BACKEND):
            case Answer.YES:
                return _YES
            case Answer.UNKNOWN:
                return _unknown("it asks for fixtures whose names cannot be told from source")
            case _ if any(map(self._marks_its_tests, closure.fixtures)):
                return _unknown("a fixture may mark it by its parameters")
            case _:
                pass
        is_active = asyncio_active(run, plugins) is not Answer.NO
        if is_active and self._plugins.anywhere(run).asyncio_mode is not Answer.NO:
            return _unknown("a conftest file elsewhere may set the mode, before or after")
        # Older ones skip such a test before they look at what is expected of it.
        if run.versions.at_least("pytest", "8.4") and expects_any_failure(marks):
            return Verdict(Answer.NO, Cause.EXPECTED, run)
        cause = Cause.UNHANDLED
        if marks.has("asyncio") is Answer.YES or asyncio_mode(run, plugins) is AsyncioMode.AUTO:
            cause = Cause.PLUGIN_OFF
        return Verdict(Answer.NO, cause, run)

    def _marks_its_tests(self, fixture: Fixture) -> bool:
        params = fixture.argument("params")
        if params is None:
            return False
        definition, module = fixture.function.definition, fixture.function.module
        return self._parameters.may_hold(params, "asyncio", module, definition.scope)
