"""Edits that make a class of unittest await its async tests."""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.collection import Test
from bot.analysis.collection.plugins import asyncio_mode
from bot.analysis.collection.third_party import RUNNING_MARKS
from bot.analysis.errors import FixError
from bot.analysis.fix import Edit
from bot.analysis.fixes.older_loops import run_in_wider_loop
from bot.analysis.handling.handling import Cause, Verdict
from bot.analysis.names.values import Class, External, Value
from bot.analysis.pytest_runs.pytest_config import AsyncioMode
from bot.analysis.source.walking import below

_PLAIN = frozenset({"unittest.TestCase", "unittest.case.TestCase"})
_ASYNC = "IsolatedAsyncioTestCase"
# What unittest.IsolatedAsyncioTestCase awaits instead (docs.python.org/3/library/unittest.html).
ASYNC_SETUP = {"setUp": "asyncSetUp", "tearDown": "asyncTearDown"}
_MARKS = frozenset({"asyncio", *RUNNING_MARKS})
_FINDS_ITS_LOOP = "1.2"


def is_fixable(verdict: Verdict) -> bool:
    """Whether another base class is what helps."""
    return verdict.cause is Cause.TEST_CASE


def marks_matter(test: Test, file: CheckedFile) -> str:
    """Return what the author relied upon to run a test of unittest: a mark, or auto mode."""
    marks = file.facts.collector.marks(test)
    for name in ("asyncio", *RUNNING_MARKS):
        if marks.has(name) is Answer.YES:
            return f"`@pytest.mark.{name}`"
    run = file.verdict(test).run
    if run is None:
        return ""
    plugins = file.facts.plugins.plugins(run, file.module)
    if asyncio_mode(run, plugins) is AsyncioMode.AUTO and run.asyncio_active is not Answer.NO:
        return "asyncio_mode = auto"
    return ""


def base_class_edits(test: Test, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that put IsolatedAsyncioTestCase where TestCase is written.

    Raises:
        FixError: TestCase is not written in this file among the bases of the test's class.
    """
    if test.owner is None or test.function.module is not file.module:
        raise FixError("the test stands in another file")
    yield from async_base_edits(test.owner, file)


def async_base_edits(owner: Class, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that put IsolatedAsyncioTestCase where TestCase is written for a class.

    Async `setUp` and `tearDown` of the classes that change are renamed with it.

    Raises:
        FixError: TestCase is not written in this file among the bases of the class, or tests that
            pass would find no loop any more.
    """
    if _shares_loops(file):
        raise FixError("tests that share a loop would find none once the class has run")
    changed: list[Class] = []
    for ancestor in _own_classes(owner, file):
        for base in ancestor.node.bases:
            if _is_plain(file.facts.resolver.value(base, file.module, ancestor.definition.scope)):
                changed.append(ancestor)
                yield from _base_edits(base, ancestor, file)
    if not changed:
        raise FixError("the base class is written in another file")
    for one in dict.fromkeys([owner, *changed]):
        yield from async_setup_edits(one, file)


def useless_mark_edits(test: Test, file: CheckedFile) -> Iterator[Edit]:
    """Yield the edits that remove marks for async tests from a method and its own class."""
    assert test.owner is not None  # noqa: S101 - only classes of unittest come here
    for node in (*test.function.node.decorator_list, *test.owner.node.decorator_list):
        if _is_mark(node, test, file):
            yield file.editor.remove_decorator(node.lineno, node.col_offset)


def _own_classes(owner: Class, file: CheckedFile) -> Iterator[Class]:
    for one in file.facts.resolver.mro(owner):
        if isinstance(one, Class) and one.module is file.module:
            yield one


def _shares_loops(file: CheckedFile) -> bool:
    """Whether a loop that tests share is lost where IsolatedAsyncioTestCase ends one of its own.

    Below 1.2 pytest-asyncio finds none then (docs/reference/changelog.rst of pytest-asyncio).
    """
    tests = file.facts.every_test(file.module)
    return run_in_wider_loop(tests, file, below=_FINDS_ITS_LOOP)


def _is_plain(value: Value) -> bool:
    return isinstance(value, External) and value.dotted in _PLAIN


def _is_mark(node: ast.expr, test: Test, file: CheckedFile) -> bool:
    scope = test.function.definition.scope
    applied = file.facts.decorators.application(node, file.module, scope)
    names = {mark.name for mark in applied.marks.marks}
    return bool(names) and names <= _MARKS


def _base_edits(base: ast.expr, owner: Class, file: CheckedFile) -> Iterator[Edit]:
    match base:
        case ast.Attribute(attr=name, end_lineno=int(line), end_col_offset=int(end)):
            module = file.facts.resolver.value(base.value, file.module, owner.definition.scope)
            if module == External("unittest"):
                yield file.editor.replace_name(line, end - len(name), len(name), _ASYNC)
                return
        case _:
            pass
    yield from file.editor.imports.swap(base, _ASYNC, module="unittest")


def async_setup_edits(owner: Class, file: CheckedFile) -> Iterator[Edit]:
    """Rename async `setUp` and `tearDown`, and calls of the inherited ones inside them.

    Those are left alone whose new names would hide methods that are to be awaited themselves.
    """
    taken = file.facts.classes.methods(owner).keys()
    for statement in owner.node.body:
        if isinstance(statement, ast.AsyncFunctionDef) and statement.name in ASYNC_SETUP:
            if ASYNC_SETUP[statement.name] not in taken:
                yield from async_name_edits(statement, file)


def async_name_edits(node: ast.AsyncFunctionDef, file: CheckedFile) -> Iterator[Edit]:
    """Give async `setUp` or `tearDown` the name that IsolatedAsyncioTestCase awaits."""
    name = node.name
    start = node.col_offset + len("async def ")
    yield file.editor.replace_name(node.lineno, start, len(name), ASYNC_SETUP[name])
    for statement in node.body:
        for one in below(statement):
            if isinstance(one, ast.Await) and (function := _parents(one.value, name)) is not None:
                end = function.end_col_offset or 0
                line = function.end_lineno or function.lineno
                yield file.editor.replace_name(line, end - len(name), len(name), ASYNC_SETUP[name])


def _parents(call: ast.expr, name: str) -> ast.Attribute | None:
    """Return the method of a parent that is called: `super().setUp()`, `Base.setUp(self)`."""
    match call:
        case ast.Call(
            func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr=attr) as function
        ) if attr == name:
            return function
        case ast.Call(
            func=ast.Attribute(value=ast.Name(), attr=attr) as function,
            args=[ast.Name(id="self")],
        ) if attr == name:
            return function
        case _:
            return None
