"""A pytest plugin that writes down what happens: who was collected, reached and run.

It stands behind the judged project's installed packages and changes nothing of the run. Every
line of the file that `CONFORMANCE_RECORDS` names is one record; `judge.py` reads them.
"""

import builtins
import inspect
import json
import os
import sys
import threading
import warnings
from collections.abc import Generator
from types import CodeType, FrameType, FunctionType
from typing import Any
from unittest import IsolatedAsyncioTestCase, TestCase

import pytest
from written_function import ASYNC, is_async_code, written_function

RECORDS = os.environ["CONFORMANCE_RECORDS"]
NOBODY_HANDLED_IT = "with no plugin or hook that handled it"
CANNOT_AWAIT = "can't be used in 'await' expression"
SKIPPED_BECAUSE_ASYNC = "async def function and no async plugin installed"

WRITTEN_MARKS = pytest.StashKey[list[str]]()

# The test that runs now and its phase; kept here because a test may clear the environment.
current = {"nodeid": "", "phase": ""}


def write(record: str, **fields: object) -> None:
    """Append one record."""
    with open(RECORDS, "a", encoding="utf-8") as records:  # noqa: PTH123 - no import for a hot path
        records.write(json.dumps({"record": record, **fields}) + "\n")


def ran() -> None:
    """Say that the body which calls this runs. A builtin of every judged project."""
    code = sys._getframe(1).f_code
    write("trace", **current, library=_library(), **_place(code))


def _library() -> str:
    """Return whose loop runs this: trio says so also while it waits for its fixture to end."""
    asyncio: Any = sys.modules.get("asyncio")
    if asyncio is not None and asyncio._get_running_loop():
        return "asyncio"
    trio: Any = sys.modules.get("trio")
    return "trio" if trio is not None and trio.lowlevel.in_trio_run() else ""


def _watch(project: str) -> None:
    """Take every start of an async body of the project for a trace of it."""
    seen: set[tuple[str, str, CodeType]] = set()

    def called(frame: FrameType, event: str, _: object) -> None:
        # Every call of the whole run comes here, and next to none of them is of interest.
        code = frame.f_code
        if (
            not code.co_flags & ASYNC
            or event != "call"
            or not code.co_filename.startswith(project)
        ):
            return
        key = (current["nodeid"], current["phase"], code)
        if key not in seen:
            seen.add(key)
            write("trace", **current, library=_library(), **_place(code))

    threading.setprofile(called)
    sys.setprofile(called)


builtins.ran = ran  # type: ignore[attr-defined] # new names for the judged projects


@pytest.hookimpl(tryfirst=True)
def pytest_itemcollected(item: pytest.Item) -> None:
    """Remember the marks that are written at a test, before hooks add theirs."""
    item.stash[WRITTEN_MARKS] = [mark.name for mark in item.iter_markers()]


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> Generator[None, object, object]:
    """Name what is left to run after all selection, and after what plugins made of it."""
    result = yield
    for item in session.items:
        write("item", **_facts(item))
    return result


@pytest.hookimpl(tryfirst=True)
def pytest_deselected(items: list[pytest.Item]) -> None:
    """Name what was collected and not selected."""
    for item in items:
        write("deselected", **_facts(item))


@pytest.hookimpl(tryfirst=True)
def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Name the files that were looked at, and what was not collected or skipped as a whole."""
    if report.outcome == "passed" and report.nodeid.endswith(".py"):
        write("looked", path=report.fspath)
    if report.outcome != "passed":
        write("uncollected", path=report.fspath, outcome=report.outcome, why=str(report.longrepr))


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember where traces come from."""
    current.update(nodeid=item.nodeid, phase="setup")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> None:
    """Remember where traces come from."""
    current.update(nodeid=item.nodeid, phase="call")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Remember where traces come from."""
    current.update(nodeid=item.nodeid, phase="teardown")


@pytest.hookimpl(tryfirst=True)
def pytest_warning_recorded(warning_message: warnings.WarningMessage) -> None:
    """Write down what was warned of."""
    category, text = warning_message.category.__name__, str(warning_message.message)
    write("warned", said=f"{category}: {text.partition(chr(10))[0]}")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down a phase's outcome."""
    text = str(report.longrepr) if report.longrepr else ""
    write(
        "phase",
        nodeid=report.nodeid,
        phase=report.when,
        outcome=report.outcome,
        xfail=hasattr(report, "wasxfail"),
        refused_await=CANNOT_AWAIT in text,
        unhandled=SKIPPED_BECAUSE_ASYNC in text,
        why=_said(text),
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: Any,  # pytest.FixtureDef, which pytest 7 does not export
) -> Generator[None, object, object]:
    """Write down how a fixture's setup ended, seen from outside all other plugins."""
    code = _code(fixturedef.func)
    fields = {**_place(code), "coroutine": is_async_code(code)} if code else None
    own = f"requested an async fixture {fixturedef.argname!r}"
    try:
        value = yield
    except BaseException as error:
        refused = own in str(error) and NOBODY_HANDLED_IT in str(error)
        if fields:
            write(
                "fixture",
                nodeid=current["nodeid"],
                ended="refused" if refused else "failed",
                **fields,
            )
        raise
    if fields:
        write("fixture", nodeid=current["nodeid"], ended="passed", **fields)
    return value


def _said(text: str) -> str:
    """Return the line of a report that says most: pytest's first error line, or the first."""
    lines = text.strip().splitlines() or [""]
    return next((line for line in lines if line.startswith("E ")), lines[0])


def _facts(item: pytest.Item) -> dict[str, object]:
    """Return who an item is: its file, its qualified name, its definition, its marks."""
    classes = [node for node in item.listchain() if isinstance(node, pytest.Class)]
    name = getattr(item, "originalname", None) or item.name.partition("[")[0]
    owner = getattr(item, "cls", None) or object
    code = _code(getattr(item, "obj", None))
    return {
        "nodeid": item.nodeid,
        "path": str(item.path),
        "symbol": ".".join([*(node.name for node in classes), name]),
        "coroutine": code is not None and is_async_code(code),
        "generator": code is not None and bool(code.co_flags & inspect.CO_ASYNC_GENERATOR),
        "awaitable": inspect.iscoroutinefunction(_given(getattr(item, "obj", None))),
        "testcase": issubclass(owner, TestCase),
        "isolated": issubclass(owner, IsolatedAsyncioTestCase),
        "unbound": not isinstance(inspect.getattr_static(owner, name, None), FunctionType),
        "marks": item.stash.get(WRITTEN_MARKS, [mark.name for mark in item.iter_markers()]),
        "auto": _mode(item.config) == "auto",
        "defined": _place(code) if code else None,
    }


def _mode(config: pytest.Config) -> str:
    """Return pytest-asyncio's mode as it works it out, or nothing where it is not there."""
    plugin = sys.modules.get("pytest_asyncio.plugin")
    if plugin is None or not config.pluginmanager.is_registered(plugin):
        return ""
    option = getattr(config.option, "asyncio_mode", None)
    if option is not None:
        return str(getattr(option, "value", option))
    try:
        return str(config.getini("asyncio_mode"))
    except (KeyError, ValueError):
        return ""


def _given(function: object) -> object:
    """Return what a plugin would await: of a test of hypothesis the function below it."""
    test = getattr(function, "hypothesis", None)
    return function if test is None else test.inner_test


def _code(function: object) -> CodeType | None:
    """Return the code that a person wrote, below wrappers that name what they wrap."""
    function = written_function(function)
    return function.__code__ if function else None


def _place(code: CodeType) -> dict[str, object]:
    return {"file": code.co_filename, "line": code.co_firstlineno, "name": code.co_qualname}


if "CONFORMANCE_WATCHED" in os.environ:
    _watch(os.environ["CONFORMANCE_WATCHED"])
