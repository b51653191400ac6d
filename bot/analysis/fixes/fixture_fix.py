"""Edits that let pytest-asyncio set up an async fixture that nothing sets up."""

import ast
from collections.abc import Iterator, Sequence

from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.plugins import is_asyncio_switched_off
from bot.analysis.collection.third_party import Runs
from bot.analysis.errors import FixError
from bot.analysis.evidence.framework import uses_other_frameworks
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.loop_scope_fix import loop_scope_edits
from bot.analysis.fixes.older_loops import run_in_wider_loop, sets_up_loops_late
from bot.analysis.fixtures.fixture_uses import Uses, gives_value
from bot.analysis.fixtures.fixtures import Fixture
from bot.analysis.names.values import Function

# This version of pytest-asyncio decides when a fixture is set up, 0.26 did not (their source).
_SEEN_WHERE_SET_UP = "1.5"
_TITLE = "Use `@pytest_asyncio.fixture`"
_LOAD_IT = "pytest-asyncio is switched off here: remove `-p no:asyncio`, or load the plugin"


def asyncio_fixture_fix(
    fixture: Fixture, file: CheckedFile, *, without: Sequence[ast.expr] = ()
) -> Fix | None:
    """Return the fix; none where it would do nothing, or where a coroutine is what is wanted.

    `without` are decorators that are removed with it.

    Unsafe where anyio or trio have a hand in the tests, where no async plugin is declared, and
    where not everybody who may await the value by hand was looked at.
    """
    uses = file.facts.fixture_uses(fixture)
    if is_switched_off(file) or _comes_to_no_function(fixture, uses, file):
        return None
    safety = file.framework.safety
    if uses_other_frameworks(file.module, file.facts) or not uses.complete:
        safety = Safety.UNSAFE
    if _sharing_loop(fixture, uses, file):
        safety = Safety.UNSAFE
    title = f"{_TITLE}, and await its value no more" if uses.awaited else _TITLE
    return file.fix(safety, title, lambda: _edits(fixture, uses, file, without))


def why_unhandled(file: CheckedFile) -> str:
    """Return why nothing sets up an async fixture of a file."""
    if is_switched_off(file):
        return "pytest-asyncio, which could set it up, is switched off"
    return "in strict mode pytest-asyncio only sets up `@pytest_asyncio.fixture`"


def advice_for_requester(file: CheckedFile) -> str:
    """Return what to do where a test is refused that gets the fixture."""
    return _LOAD_IT if is_switched_off(file) else "make the fixture a `@pytest_asyncio.fixture`"


def asyncio_fixture_advice(fixture: Fixture, file: CheckedFile) -> str:
    """Return what a person has to see to besides the decorator."""
    if is_switched_off(file):
        return _LOAD_IT
    uses = file.facts.fixture_uses(fixture)
    places = [
        *(
            f"{one.module.path}:{one.node.lineno}"
            for one in uses.awaited
            if _is_far(one.module, file)
        ),
        *(f"{module.path}:{line}" for module, line in uses.consumed),
    ]
    if not places:
        return file.framework.caveat
    return (
        "use `@pytest_asyncio.fixture`, and the value itself where now its coroutine is used: "
        + ", ".join(dict.fromkeys(places))
    )


def is_switched_off(file: CheckedFile) -> bool:
    """Whether no run loads pytest-asyncio, and not only because a lock file lacks it."""
    return all(_switched_off(file))


def is_switched_off_somewhere(file: CheckedFile) -> bool:
    """Whether one of several runs does not load pytest-asyncio: there nobody sets up fixtures."""
    return any(_switched_off(file))


def _switched_off(file: CheckedFile) -> Iterator[bool]:
    plugins = file.facts.plugins
    for run in file.facts.setup.runs_for(file.path):
        yield is_asyncio_switched_off(run, plugins.plugins(run, file.module))


def _comes_to_no_function(fixture: Fixture, uses: Uses, file: CheckedFile) -> bool:
    """Whether pytest-asyncio may not see a fixture of a file, because unittest has its tests.

    Older versions look for fixtures when they are given a function that may be a test
    (`pytest_pycollect_makeitem_preprocess_async_fixtures` in pytest_asyncio/plugin.py). Those of
    a class are there once the class is collected, after the functions of its file.
    """
    if file.facts.always_at_least(file.path, "pytest-asyncio", _SEEN_WHERE_SET_UP):
        return False
    modules = dict.fromkeys([file.module, *uses.modules])
    tests = [test for module in modules for test in file.facts.every_test(module)]
    if fixture.owner is not None:
        tests = [test for test in tests if _gets(test, fixture, file)]
    return bool(tests) and all(file.facts.collector.runs(one) is not Runs.PYTEST for one in tests)


def _edits(
    fixture: Fixture, uses: Uses, file: CheckedFile, without: Sequence[ast.expr]
) -> Iterator[Edit]:
    if uses.consumed:
        raise FixError("the value is used as a coroutine, or the name is used again")
    if _outlives_every_loop(fixture, file):
        raise FixError("the only loop is that of a single test")
    if fixture.scope == "function" and _is_got_in_wider_loop(fixture, uses, file):
        raise FixError("a test that gets it runs in a loop of another scope")
    if fixture.scope == "function" and sets_up_loops_late(file):
        raise FixError("a wider loop would be closed with that of a test")
    yield from decorator_edits(fixture, file)
    for function in _sharing_loop(fixture, uses, file):
        yield from loop_scope_edits(function, fixture.scope, file)
    for node in without:
        yield file.editor.remove_decorator(node.lineno, node.col_offset)
    for one in uses.awaited:
        if _is_far(one.module, file):
            raise FixError("the value is awaited in another file")
        yield file.editor.remove_await(one.node)


def _sharing_loop(fixture: Fixture, uses: Uses, file: CheckedFile) -> list[Function]:
    """Return the async tests of the file that have to run in the loop of a wider fixture."""
    run = file.facts.setup.runs_for(file.path)[0]
    if not run.versions.at_least("pytest-asyncio", "0.24") or not gives_value(fixture):
        return []
    if fixture.scope == run.modes.test_loop_scope:
        return []
    return [
        one
        for one in uses.functions
        if one.module is file.module
        and isinstance(one.node, ast.AsyncFunctionDef)
        and file.facts.fixtures.of_function(one) is None
    ]


def _outlives_every_loop(fixture: Fixture, file: CheckedFile) -> bool:
    """Whether pytest refuses the fixture for its scope: before 0.23 all get `event_loop`.

    That of pytest-asyncio is of function scope; whether the repository has another is not asked.
    """
    if file.facts.always_at_least(file.path, "pytest-asyncio", "0.23"):
        return False
    return fixture.scope != "function"


def _is_got_in_wider_loop(fixture: Fixture, uses: Uses, file: CheckedFile) -> bool:
    """Whether a test that gets the fixture would ask for two loops."""
    modules = dict.fromkeys([file.module, *uses.modules])
    tests = (test for module in modules for test in file.facts.every_test(module))
    return run_in_wider_loop((test for test in tests if _gets(test, fixture, file)), file)


def _gets(test: Test, fixture: Fixture, file: CheckedFile) -> bool:
    run = file.facts.setup.runs_for(test.module.path)[0]
    plugins = file.facts.plugins.plugins(run, test.module)
    requests = file.facts.requests.of(test, plugins, run.usefixtures)
    return any(one.fixture == fixture for one in requests)


def decorator_edits(fixture: Fixture, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that put `pytest_asyncio.fixture` in the decorator's place."""
    node = fixture.node
    name, imports = file.editor.imports.module("pytest_asyncio", before=node.lineno)
    yield from imports
    yield file.editor.replace_decorator_name(node.lineno, node.col_offset, f"{name}.fixture")


def _is_far(module: object, file: CheckedFile) -> bool:
    return module is not file.module
