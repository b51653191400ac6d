"""Hooks that mark, report, order or leave out."""

from tests.conformance.case import AUTO, Case, run
from tests.conformance.cases.hooks import HOOK, ONE_TEST

ADD_MARKER = """
    import pytest

    def pytest_collection_modifyitems(items):
        for item in items:
            item.add_marker(pytest.mark.asyncio)
"""
HOOKS_CODE = "what a hook does with a test is code"

CASES = (
    Case(
        "A marker added when items are modified comes too late",
        {"conftest.py": ADD_MARKER, "test_it.py": ONE_TEST},
    ),
    Case(
        "A marker added to coroutine functions alone comes too late as well",
        {
            "conftest.py": """
                import inspect
                import pytest

                def pytest_collection_modifyitems(session, config, items):
                    for item in items:
                        if inspect.iscoroutinefunction(getattr(item, "function", None)):
                            item.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A marker that a hook adds lets only old plugins await what a wrapper hands back",
        {
            "conftest.py": ADD_MARKER,
            "test_it.py": """
                import functools

                def lost(function):
                    @functools.wraps(function)
                    def wrapper():
                        return function()
                    return wrapper

                @lost
                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A marker added when an item is collected comes too late",
        {
            "conftest.py": """
                import pytest

                def pytest_itemcollected(item):
                    item.add_marker("asyncio")
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A marker added at set-up comes too late",
        {
            "conftest.py": """
                import pytest

                def pytest_runtest_setup(item):
                    item.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A marker added when tests are generated comes too late",
        {
            "conftest.py": """
                import pytest

                def pytest_generate_tests(metafunc):
                    metafunc.definition.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "The documented recipe for one loop changes only scopes",
        {
            "conftest.py": """
                import pytest
                from pytest_asyncio import is_async_test

                def pytest_collection_modifyitems(items):
                    tests = (item for item in items if is_async_test(item))
                    marker = pytest.mark.asyncio(loop_scope="session")
                    for test in tests:
                        test.add_marker(marker, append=False)
            """,
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_marked():
                    ran()

                async def test_unmarked():
                    ran()
            """,
        },
    ),
    Case(
        "A hook that marks functions before they become items handles them",
        {
            "conftest.py": """
                import inspect
                import pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pycollect_makeitem(collector, name, obj):
                    if collector.funcnamefilter(name) and inspect.iscoroutinefunction(obj):
                        pytest.mark.asyncio(obj)
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A hook that replaces the coroutine function on the item handles it",
        {
            "conftest.py": """
                import asyncio
                import functools
                import inspect

                def pytest_collection_modifyitems(items):
                    for item in items:
                        if inspect.iscoroutinefunction(item.obj):
                            body = item.obj

                            @functools.wraps(body)
                            def blocking(*args, _body=body, **kwargs):
                                asyncio.run(_body(*args, **kwargs))

                            item.obj = blocking
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A hook around the call that runs nothing handles nothing",
        {
            "conftest.py": """
                import time
                import pytest

                @pytest.hookimpl(wrapper=True)
                def pytest_pyfunc_call(pyfuncitem):
                    started = time.perf_counter()
                    result = yield
                    pyfuncitem.user_properties.append(("took", time.perf_counter() - started))
                    return result
            """,
            "test_it.py": ONE_TEST,
        },
        unknown_ok=HOOKS_CODE,
    ),
    Case(
        "Hooks that report, order and add options handle nothing",
        {
            "conftest.py": """
                import pytest

                def pytest_addoption(parser):
                    parser.addoption("--slow", action="store_true")

                def pytest_report_header(config):
                    return "shop"

                def pytest_sessionstart(session):
                    session.shop = True

                def pytest_runtest_teardown(item):
                    pass

                def pytest_collection_modifyitems(config, items):
                    for item in items:
                        if "slow" in item.keywords and not config.getoption("--slow"):
                            item.add_marker(pytest.mark.skip(reason="slow"))
                    items.sort(key=lambda item: item.name)
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A conftest in a subdirectory may not change its neighbours' mode",
        {
            "one/conftest.py": "import pytest\npytestmark = pytest.mark.asyncio\n",
            "one/test_one.py": ONE_TEST.replace("test_it", "test_one"),
        },
    ),
    Case(
        "A fixture that every test uses handles nothing by itself",
        {
            "conftest.py": """
                import asyncio
                import pytest

                @pytest.fixture(autouse=True)
                def loop():
                    loop = asyncio.new_event_loop()
                    yield loop
                    loop.close()
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A hook that leaves tests out is not undone",
        {
            "conftest.py": """
                collect_ignore = ["test_ignored.py"]
                collect_ignore_glob = ["legacy/*"]

                def pytest_ignore_collect(collection_path, config):
                    return True if collection_path.name == "test_hidden.py" else None
            """,
            "test_ignored.py": ONE_TEST,
            "test_hidden.py": ONE_TEST,
            "legacy/test_old.py": ONE_TEST,
            "test_seen.py": ONE_TEST.replace("test_it", "test_seen"),
        },
    ),
    Case(
        "A hook that leaves out by name is read, however it is written",
        {
            "conftest.py": """
                import os
                import sys

                def pytest_ignore_collect(collection_path, config):
                    name = collection_path.name
                    inside = collection_path.relative_to(config.rootpath)
                    if sys.version_info < (3, 12) and "newer" in inside.parts:
                        return True
                    if name.startswith("test_Hid") or str(inside).lower().endswith("test_old.py"):
                        return True
                    if "test_other" in name:
                        if os.environ.get("CI") is None:
                            return True
                    return False
            """,
            "newer/test_new.py": ONE_TEST.replace("test_it", "test_new"),
            "test_hidden.py": ONE_TEST.replace("test_it", "test_hidden"),
            "test_OLD.py": ONE_TEST.replace("test_it", "test_old"),
            "test_other.py": ONE_TEST.replace("test_it", "test_other"),
            "test_seen.py": ONE_TEST.replace("test_it", "test_seen"),
        },
        unknown=("test_new", "test_hidden"),
        unknown_ok="the hook may leave these files out",
    ),
    Case(
        "A hook that leaves out all but what it names",
        {
            "others/conftest.py": """
                def pytest_ignore_collect(collection_path):
                    if "seen" in collection_path.name:
                        return None
                    else:
                        return True
            """,
            "others/test_first.py": ONE_TEST.replace("test_it", "test_first"),
            "in_line/conftest.py": """
                def pytest_ignore_collect(collection_path):
                    return None if "seen" in collection_path.name else True
            """,
            "in_line/test_second.py": ONE_TEST.replace("test_it", "test_second"),
            "around/conftest.py": """
                import pytest

                @pytest.hookimpl(hookwrapper=True)
                def pytest_ignore_collect():
                    outcome = yield
                    outcome.force_result(True)
            """,
            "around/test_third.py": ONE_TEST.replace("test_it", "test_third"),
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A hook that leaves out by where a path lies on the disk may leave out any folder",
        {
            "conftest.py": """
                def pytest_ignore_collect(collection_path):
                    return "/slow/" in collection_path.as_posix()
            """,
            "slow/test_slow.py": ONE_TEST.replace("test_it", "test_slow"),
            "sub/conftest.py": """
                def pytest_ignore_collect(collection_path):
                    return "project/sub/te" in collection_path.as_posix()
            """,
            "sub/test_sub.py": ONE_TEST.replace("test_it", "test_sub"),
            "text/conftest.py": """
                def pytest_ignore_collect(collection_path):
                    return "left" in f"left {collection_path}"
            """,
            "text/test_text.py": ONE_TEST.replace("test_it", "test_text"),
            "made/conftest.py": """
                makers = [lambda path: "left"]

                def pytest_ignore_collect(collection_path):
                    return "left" in makers[0](collection_path)
            """,
            "made/test_made.py": ONE_TEST.replace("test_it", "test_made"),
            "again/conftest.py": """
                def pytest_ignore_collect(collection_path):
                    name = collection_path.name
                    name = "left"
                    return "left" in name
            """,
            "again/test_again.py": ONE_TEST.replace("test_it", "test_again"),
            "table/conftest.py": """
                table = {"test_table.py": "left"}

                def pytest_ignore_collect(collection_path):
                    return "left" in table.get(collection_path.name, "")
            """,
            "table/test_table.py": ONE_TEST.replace("test_it", "test_table"),
            "item/conftest.py": """
                from collections import defaultdict

                items = defaultdict(str, {"test_item.py": "left"})

                def pytest_ignore_collect(collection_path):
                    return "left" in items[collection_path.name]
            """,
            "item/test_item.py": ONE_TEST.replace("test_it", "test_item"),
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "What a hook leaves out by what stands in a file cannot be told",
        {
            "conftest.py": """
                def pytest_ignore_collect(collection_path, config):
                    return collection_path.is_file() and "not here" in collection_path.read_text()
            """,
            "test_it.py": ONE_TEST,
        },
        unknown=("test_it",),
        unknown_ok="what stands in a file is not asked for",
    ),
    Case(
        "A plugin named on the command line that the Makefile shows handles its tests",
        {
            "Makefile": "test:\n\tpython -m pytest -p shop_plugin tests\n",
            "shop_plugin.py": HOOK,
            "tests/test_it.py": ONE_TEST,
        },
        invocations=(run(), run("-p", "shop_plugin", "tests")),
    ),
    Case(
        "A test function that conftest replaces by a sync one in its fixtures is left alone",
        {
            "conftest.py": """
                import asyncio
                import inspect
                import pytest

                @pytest.fixture(autouse=True)
                def blocking(request):
                    body = request.node.obj
                    if inspect.iscoroutinefunction(body):
                        request.node.obj = lambda **kwargs: asyncio.run(body(**kwargs))
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A collector of the repository's own decides what its items do",
        {
            "pytest.ini": "[pytest]\npython_functions = test_*\n",
            "conftest.py": """
                import asyncio
                import inspect
                import pytest

                class AsyncItem(pytest.Function):
                    def runtest(self):
                        asyncio.run(self.obj())

                def pytest_pycollect_makeitem(collector, name, obj):
                    if name.startswith("describe_") and inspect.iscoroutinefunction(obj):
                        return AsyncItem.from_parent(collector, name=name)
                    if name.startswith("test_") and inspect.iscoroutinefunction(obj):
                        return AsyncItem.from_parent(collector, name=name)
            """,
            "test_it.py": """
                async def describe_it():
                    ran()

                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "Auto mode and a hook together run a test once and for good",
        {"pytest.ini": AUTO, "conftest.py": HOOK, "test_it.py": ONE_TEST},
    ),
    Case(
        "A module's own plugins are read where pytest allows them",
        {
            "plugin.py": HOOK,
            "test_it.py": """
                pytest_plugins = ["plugin"]

                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook in a test module is no hook",
        {
            "test_it.py": """
                import asyncio

                def pytest_pyfunc_call(pyfuncitem):
                    asyncio.run(pyfuncitem.obj())
                    return True

                async def test_it():
                    ran()
            """
        },
    ),
)
