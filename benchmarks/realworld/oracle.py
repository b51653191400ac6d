"""A pytest plugin that asks what pytest would really do with each async test, and writes it down.

It is copied beside the judged project's installed packages. Collection is the project's own.
Then every async test's body is swapped for one that leaves a trace, all else is left out, and
pytest runs: under the project's own plugins, hooks, fixtures, classes and decorators. A test
whose call leaves no trace would never have run. Each line of the file that `ORACLE_RECORDS`
names is one record; `truth.py` reads them.

Nothing reaches beyond this machine: connections, names and ports off the loopback are refused.
"""

import builtins
import inspect
import ipaddress
import json
import os
import signal
import sys
import time
from collections.abc import Generator
from types import CodeType, FunctionType
from typing import Any
from unittest import IsolatedAsyncioTestCase, TestCase

import pytest
from written_function import is_async_code, written_function

RECORDS = os.environ["ORACLE_RECORDS"]
SECONDS = float(os.environ["ORACLE_SECONDS"])
SECONDS_PER_TEST = 20

# The test that runs now; kept here because a test may clear the environment.
current = {"nodeid": ""}


def write(record: str, **fields: object) -> None:
    """Append one record."""
    with open(RECORDS, "a", encoding="utf-8") as records:  # noqa: PTH123 - no import for a hot path
        records.write(json.dumps({"record": record, **fields}) + "\n")


# -- bodies that leave a trace --------------------------------------------------------------------


def trace() -> None:
    """Say that the body of the test that runs now was entered."""
    write("trace", **current)


builtins.oracle_trace = trace  # type: ignore[attr-defined] # seen from every module


async def coroutine_body(*_args: object, **_named: object) -> None:
    """Stand in for the body of a coroutine function."""
    oracle_trace()  # type: ignore[name-defined] # noqa: F821 - runs with a project's globals


async def generator_body(*_args: object, **_named: object) -> Any:
    """Stand in for the body of an async generator function."""
    oracle_trace()  # type: ignore[name-defined] # noqa: F821
    yield


def plain_body(*_args: object, **_named: object) -> None:
    """Stand in for the body of a plain function."""
    oracle_trace()  # type: ignore[name-defined] # noqa: F821


def swap_body(function: FunctionType) -> None:
    """Give a function a body that leaves a trace; all that can be asked of it stays the same."""
    old = function.__code__
    if old.co_flags & inspect.CO_COROUTINE:
        new = coroutine_body.__code__
    elif old.co_flags & inspect.CO_ASYNC_GENERATOR:
        new = generator_body.__code__
    else:
        new = plain_body.__code__
    function.__code__ = new.replace(
        co_freevars=old.co_freevars,
        co_name=old.co_name,
        co_qualname=old.co_qualname,
        co_filename=old.co_filename,
        co_firstlineno=old.co_firstlineno,
    )


# -- collection -----------------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep one item of each async test, and of each test with an async fixture."""
    kept: dict[object, pytest.Item] = {}
    for item in items:
        if is_async(item) or has_async_fixture(item):
            marks = frozenset(mark.name for mark in item.iter_markers())
            kept.setdefault((str(item.path), symbol_of(item), marks), item)
    left_out = [item for item in items if item not in set(kept.values())]
    items[:] = kept.values()
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Name what was collected, then swap the bodies."""
    for item in session.items:
        write("item", **facts(item))
    for function in {id(one): one for one in map(written, session.items) if one}.values():
        swap_body(function)


@pytest.hookimpl(tryfirst=True)
def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Name what could not be collected, or was skipped as a whole."""
    if report.outcome != "passed":
        why = str(report.longrepr).strip().splitlines() or [""]
        write("uncollected", path=report.nodeid, outcome=report.outcome, why=why[-1])


def facts(item: pytest.Item) -> dict[str, object]:
    """Return who an item is, and who would run it as far as its kind alone tells."""
    function = written(item)
    code = function.__code__ if function else None
    return {
        "nodeid": item.nodeid,
        "path": str(item.path),
        "symbol": symbol_of(item),
        "coroutine": is_async(item),
        "marks": sorted({mark.name for mark in item.iter_markers()}),
        "runner": runner(item),
        "wrapper": wrapper(item, code),
        "defined": [code.co_filename, code.co_firstlineno] if code else None,
    }


def symbol_of(item: pytest.Item) -> str:
    """Return the qualified name under which an item is collected, without parameters."""
    classes = [node.name for node in item.listchain() if isinstance(node, pytest.Class)]
    return ".".join([*classes, getattr(item, "originalname", None) or item.name.partition("[")[0]])


def is_async(item: pytest.Item) -> bool:
    """Whether a person wrote `async def`."""
    function = written(item)
    return function is not None and is_async_code(function.__code__)


def has_async_fixture(item: pytest.Item) -> bool:
    """Whether a fixture that a person wrote as `async def` is in an item's closure."""
    info = getattr(item, "_fixtureinfo", None)
    definitions = info.name2fixturedefs.values() if info else ()
    return any(
        (function := written_function(one.func)) is not None and is_async_code(function.__code__)
        for found in definitions
        for one in found
    )


def written(item: pytest.Item) -> FunctionType | None:
    """Return the function that a person wrote, below what decorators made of it."""
    owner, name = getattr(item, "cls", None), getattr(item, "originalname", None) or item.name
    if owner is not None and issubclass(owner, TestCase):
        return written_function(inspect.getattr_static(owner, name, None))
    return written_function(getattr(item, "obj", None))


def wrapper(item: pytest.Item, code: CodeType | None) -> list[object] | None:
    """Return the code that pytest calls, where it is not the test's own."""
    called = getattr(getattr(item, "obj", None), "__code__", None)
    return [called.co_filename, called.co_firstlineno] if called not in {None, code} else None


def runner(item: pytest.Item) -> str:
    """Return who would run an async item, `nobody`, or nothing where its kind does not tell."""
    kinds = {kind.__name__ for kind in type(item).__mro__}
    if "PytestAsyncioFunction" in kinds:
        return "nobody" if "AsyncGenerator" in kinds else "pytest-asyncio"
    owner, function = getattr(item, "cls", None), getattr(item, "obj", None)
    if not inspect.iscoroutinefunction(function):
        return ""
    if owner is not None and issubclass(owner, TestCase):
        return class_runner(owner)
    if "anyio_backend" in getattr(item, "fixturenames", ()):
        return "anyio"
    if "trio" in item.keywords and item.config.pluginmanager.hasplugin("trio"):
        return "pytest-trio"
    return ""


def class_runner(owner: type[TestCase]) -> str:
    """Return who runs the coroutine methods of a test case class."""
    if issubclass(owner, IsolatedAsyncioTestCase):
        return "IsolatedAsyncioTestCase"
    names = {f"{one.__module__}.{one.__qualname__}" for one in owner.__mro__}
    if "django.test.testcases.SimpleTestCase" in names:
        return "django"
    own = {one for one in owner.__mro__ if one.__module__.partition(".")[0] != "unittest"}
    if any("run" in vars(one) or "_callTestMethod" in vars(one) for one in own):
        return ""
    return "nobody" if type(owner) is type else ""


# -- the run --------------------------------------------------------------------------------------

started = time.monotonic()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Hold a test, its fixtures included, to its time, and all to theirs."""
    if time.monotonic() - started > SECONDS:
        item.session.shouldstop = "the oracle's time is over"
    signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_TEST)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def interrupt(*_: object) -> None:
    """End what hangs."""
    raise TimeoutError("the oracle's time for one test is over")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Remember where traces come from."""
    current["nodeid"] = item.nodeid


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Write down a phase's outcome, and the line that says most of it."""
    lines = str(report.longrepr or "").strip().splitlines() or [""]
    why = next((line for line in lines if line.startswith("E ")), lines[0])
    write(
        "phase",
        nodeid=report.nodeid,
        phase=report.when,
        outcome=report.outcome,
        xfail=getattr(report, "wasxfail", ""),
        why=why[:300],
    )


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any],
) -> Generator[None, object, object]:
    """Write down how an async fixture's setup ended, seen from outside all other plugins."""
    function = written_function(fixturedef.func)
    if function is None or not is_async_code(function.__code__):
        return (yield)
    code = function.__code__
    ended = "failed"
    try:
        value = yield
        ended = "unawaited" if is_unawaited(value) else "passed"
    except BaseException as error:
        if f"requested an async fixture {fixturedef.argname!r}" in str(error):
            ended = "refused"
        raise
    finally:
        place = {"path": code.co_filename, "line": code.co_firstlineno}
        write("fixture", **current, **place, symbol=code.co_qualname, ended=ended)
    return value


def is_unawaited(value: object) -> bool:
    """Whether pytest hands out the coroutine or generator itself (up to pytest 8)."""
    return inspect.iscoroutine(value) or inspect.isasyncgen(value)


# -- nothing leaves this machine ------------------------------------------------------------------


def hold_to_loopback(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse what reaches beyond the loopback (an audit hook)."""
    if event in {"socket.connect", "socket.bind", "socket.sendto"}:
        address = arguments[1]
        if isinstance(address, tuple) and not is_local(address[0]):
            raise PermissionError(f"{event} to {address[0]} is refused")
    elif event == "socket.getaddrinfo" and not is_local(arguments[0]):
        raise PermissionError(f"the look-up of {arguments[0]!r} is refused")


def is_local(host: object) -> bool:
    """Whether a host is this one, asked for by its loopback."""
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "localhost"}:
        return True
    try:
        return ipaddress.ip_address(str(name).partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(hold_to_loopback)
