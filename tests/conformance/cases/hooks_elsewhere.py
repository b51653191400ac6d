"""Hooks and plugins that do their work elsewhere, or under other names."""

from tests.conformance.case import Case, run

CASES = (
    Case(
        "A hook hands the item to a function of another module",
        {
            "conftest.py": """
                import helpers

                def pytest_runtest_call(item):
                    helpers.make_sync(item)
            """,
            "helpers.py": """
                import asyncio, functools, inspect

                def make_sync(item):
                    fn = item.obj
                    if inspect.iscoroutinefunction(fn):
                        @functools.wraps(fn)
                        def call(*a, **k):
                            asyncio.run(fn(*a, **k))
                        item.obj = call
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook hands all items to a function of another module",
        {
            "conftest.py": """
                import helpers

                def pytest_collection_modifyitems(items):
                    for item in items:
                        helpers.make_sync(item)
            """,
            "helpers.py": """
                import asyncio, functools, inspect

                def make_sync(item):
                    fn = item.obj
                    if inspect.iscoroutinefunction(fn):
                        @functools.wraps(fn)
                        def call(*a, **k):
                            asyncio.run(fn(*a, **k))
                        item.obj = call
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook hands the items to a method",
        {
            "conftest.py": """
                import asyncio, functools, inspect

                def make_sync(item):
                    fn = item.obj
                    if inspect.iscoroutinefunction(fn):
                        @functools.wraps(fn)
                        def call(*a, **k):
                            asyncio.run(fn(*a, **k))
                        item.obj = call

                class Plugin:
                    def _sync(self, item):
                        make_sync(item)
                    def pytest_collection_modifyitems(self, items):
                        for item in items:
                            self._sync(item)

                def pytest_configure(config):
                    config.pluginmanager.register(Plugin())
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A function that names a hook is none without pytest's prefix",
        {
            "conftest.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(specname="pytest_pyfunc_call", tryfirst=True)
                def run_async(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook is imported under its name",
        {
            "hooks.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def run_async(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "conftest.py": "from hooks import run_async as pytest_pyfunc_call\n",
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook is assigned its name",
        {
            "conftest.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def run_async(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True

                pytest_pyfunc_call = run_async
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A plugin of another module is registered by conftest",
        {
            "hooks.py": """
                import asyncio, inspect, pytest

                class Runner:
                    @pytest.hookimpl(tryfirst=True)
                    def pytest_pyfunc_call(self, pyfuncitem):
                        if inspect.iscoroutinefunction(pyfuncitem.obj):
                            asyncio.run(pyfuncitem.obj())
                            return True
            """,
            "conftest.py": """
                from hooks import Runner

                def pytest_configure(config):
                    config.pluginmanager.register(Runner())
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A module is registered as a plugin by conftest",
        {
            "hooks.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pyfunc_call(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "conftest.py": """
                import hooks

                def pytest_configure(config):
                    config.pluginmanager.register(hooks)
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A plugin is imported by conftest",
        {
            "hooks.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pyfunc_call(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "conftest.py": """
                def pytest_configure(config):
                    config.pluginmanager.import_plugin('hooks')
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook has what it makes items of marked by a helper",
        {
            "conftest.py": """
                import pytest, inspect

                def _mark(obj):
                    pytest.mark.asyncio(obj)

                @pytest.hookimpl(tryfirst=True)
                def pytest_pycollect_makeitem(collector, name, obj):
                    if inspect.iscoroutinefunction(obj):
                        _mark(obj)
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook marks what tests are collected from",
        {
            "conftest.py": """
                import pytest

                def pytest_collectstart(collector):
                    collector.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook marks the session as it starts",
        {
            "conftest.py": """
                import pytest

                def pytest_sessionstart(session):
                    session.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook marks the session as it collects",
        {
            "conftest.py": """
                import pytest

                def pytest_collection(session):
                    session.add_marker(pytest.mark.asyncio)
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook of conftest marks the parameters that it makes",
        {
            "conftest.py": """
                import pytest

                def pytest_generate_tests(metafunc):
                    if "backend" in metafunc.fixturenames:
                        marked = pytest.param("a", marks=pytest.mark.asyncio)
                        metafunc.parametrize("backend", [marked])
            """,
            "test_it.py": """
                async def test_it(backend):
                    ran()
            """,
        },
    ),
    Case(
        "A hook of the test file marks the parameters that it makes",
        {
            "test_it.py": """
                import pytest

                def pytest_generate_tests(metafunc):
                    if "backend" in metafunc.fixturenames:
                        marked = pytest.param("a", marks=pytest.mark.asyncio)
                        metafunc.parametrize("backend", [marked])

                async def test_it(backend): ran()
            """,
        },
    ),
    Case(
        "A hook of the test class marks the parameters that it makes",
        {
            "test_it.py": """
                import pytest

                class TestIt:
                    def pytest_generate_tests(self, metafunc):
                        if "backend" in metafunc.fixturenames:
                            marked = pytest.param("a", marks=pytest.mark.asyncio)
                            metafunc.parametrize("backend", [marked])

                    async def test_it(self, backend): ran()
            """,
        },
    ),
    Case(
        "A fixture of the test file replaces what is called",
        {
            "test_it.py": """
                import pytest, asyncio

                @pytest.fixture(autouse=True)
                def sync(request):
                    fn = request.node.obj
                    request.node.obj = lambda: asyncio.run(fn())

                async def test_it(): ran()
            """,
        },
    ),
    Case(
        "A fixture replaces what is called by monkeypatch",
        {
            "conftest.py": """
                import pytest, asyncio

                @pytest.fixture(autouse=True)
                def sync(request, monkeypatch):
                    fn = request.node.obj
                    monkeypatch.setattr(request.node, "obj", lambda: asyncio.run(fn()))
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A hook that computes parameters from elsewhere hands no test on",
        {
            "conftest.py": """
                from sizes import sizes_for

                def pytest_generate_tests(metafunc):
                    if "size" in metafunc.fixturenames:
                        metafunc.parametrize("size", sizes_for("shop"))
            """,
            "sizes.py": """
                from packaging.version import parse

                def sizes_for(name):
                    found = []
                    for one in ("1.0", "2.0"):
                        found.append(parse(one))
                    return found
            """,
            "test_it.py": """
                import pytest

                @pytest.mark.asyncio
                async def test_it(size):
                    ran()
            """,
        },
    ),
    Case(
        "A class method named instance gives no instance of a test",
        {
            "test_it.py": """
                class App:
                    @classmethod
                    def instance(cls):
                        return cls()

                def test_flag():
                    for name in ("loud",):
                        setattr(App.instance(), name, True)

                async def test_it():
                    ran()
            """,
        },
    ),
    Case(
        "A plugin that setup.cfg registers handles the tests",
        {
            "setup.cfg": """
                [metadata]
                name = shop
                [options.entry_points]
                pytest11 =
                    shop = shop_plugin
            """,
            "shop_plugin.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pyfunc_call(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
        invocations=(run("-p", "shop_plugin"),),
    ),
    Case(
        "A plugin that setup.py registers handles the tests",
        {
            "setup.py": """
                from setuptools import setup

                setup(name='shop', entry_points={'pytest11': ['shop = shop_plugin']})
            """,
            "shop_plugin.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pyfunc_call(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
        invocations=(run("-p", "shop_plugin"),),
    ),
    Case(
        "A plugin that Poetry registers handles the tests",
        {
            "pyproject.toml": """
                [tool.poetry]
                name='shop'
                [tool.poetry.plugins.pytest11]
                shop = 'shop_plugin'
            """,
            "shop_plugin.py": """
                import asyncio, inspect, pytest

                @pytest.hookimpl(tryfirst=True)
                def pytest_pyfunc_call(pyfuncitem):
                    if inspect.iscoroutinefunction(pyfuncitem.obj):
                        asyncio.run(pyfuncitem.obj())
                        return True
            """,
            "test_it.py": """
                async def test_it():
                    ran()
            """,
        },
        invocations=(run("-p", "shop_plugin"),),
    ),
)
