"""What somebody did in vain to make a test run: named where the test is reported."""

from collections.abc import Iterator

from bot.analysis.collection.collection import Test
from bot.analysis.collection.late_marks import SINCE, late_marking_hooks
from bot.analysis.evidence.vain_pytestmarks import VainPytestMark, vain_pytestmarks
from bot.analysis.evidence.vain_settings import VainSetting, vain_settings
from bot.analysis.facts import Facts
from bot.analysis.names.values import Class
from bot.analysis.pytest_runs.config_files import lineage, parent
from bot.analysis.pytest_runs.pytest_config import PytestRun
from bot.analysis.source.module import Module


def attempt_for(test: Test, run: PytestRun, facts: Facts) -> str:
    """Return a clause on what was tried in vain for a test that `run` loses, "" if nothing was."""
    return next(_attempts(test, run, facts), "")


def vain_pytestmarks_around(test: Test, facts: Facts) -> Iterator[VainPytestMark]:
    """Yield the statements of the test's own file that were to mark it."""
    for one in vain_pytestmarks(test.module, facts):
        owner = one.mark.owner
        if owner is None or _is_of(Class(test.module, owner), test, facts):
            yield one


def late_hooks_for(test: Test, run: PytestRun, facts: Facts) -> Iterator[tuple[Module, str]]:
    """Yield the hooks, by module and name, that mark the test when it is too late."""
    if run.versions.at_least("pytest-asyncio", SINCE):
        for module in facts.plugins.plugins(run, test.module).all_modules:
            yield from ((module, hook.name) for hook in late_marking_hooks(module))


def settings_for(test: Test, facts: Facts) -> Iterator[VainSetting]:
    """Yield the settings of auto mode that do not count in a run that collects the test."""
    for run in facts.tests(test.module)[test]:
        yield from vain_settings(facts.setup.files, run)


def _attempts(test: Test, run: PytestRun, facts: Facts) -> Iterator[str]:
    for one in vain_pytestmarks_around(test, facts):
        line = one.mark.statement.lineno
        yield f"`pytestmark` in line {line} has no effect, because {one.why}"
    for module in _modules_above(test, run, facts):
        if any(one.mark.owner is None for one in vain_pytestmarks(module, facts)):
            yield f"`pytestmark` in {module.path} has no effect"
    for module, hook in late_hooks_for(test, run, facts):
        yield f"`{hook}` in {module.path} marks it too late"
    for setting in settings_for(test, facts):
        yield f"`{setting.name}` in {setting.path} has no effect: {setting.why}"
    for mark in facts.collector.marks(test).marks:
        if mark.name != "asyncio" and mark.name.lower().replace("_", "") == "asyncio":
            yield f"`@pytest.mark.{mark.name}` is not called `asyncio`"


def _modules_above(test: Test, run: PytestRun, facts: Facts) -> Iterator[Module]:
    """Yield the conftest files and packages around the test's file."""
    yield from facts.plugins.plugins(run, test.module).conftests
    for folder in lineage(parent(test.module.path)):
        package = facts.project.module(f"{folder}/__init__.py".lstrip("/"))
        if package is None:
            return
        yield package


def _is_of(owner: Class, test: Test, facts: Facts) -> bool:
    return any(owner in facts.resolver.mro(one.value) for one in test.classes)
