"""Hooks and plugins inside the repository that run coroutines."""

from tests.conformance.case import Case

ONE_TEST = """
    async def test_it():
        ran()
"""
HOOK = """
    import asyncio
    import inspect
    import pytest

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(pyfuncitem):
        if inspect.iscoroutinefunction(pyfuncitem.obj):
            names = pyfuncitem._fixtureinfo.argnames
            asyncio.run(pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in names}))
            return True
"""

CASES = (
    Case(
        "A hook that runs coroutines handles them",
        {"conftest.py": HOOK, "test_it.py": ONE_TEST},
    ),
    Case(
        "A hook handles its own directory only",
        {
            "one/conftest.py": HOOK,
            "one/test_one.py": ONE_TEST.replace("test_it", "test_one"),
            "two/test_two.py": ONE_TEST.replace("test_it", "test_two"),
        },
    ),
    Case(
        "A hook that is imported into conftest handles its tests",
        {
            "hooks.py": HOOK,
            "conftest.py": "from hooks import pytest_pyfunc_call\n",
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A hook that comes with a star import handles its tests",
        {
            "hooks.py": HOOK,
            "conftest.py": "from hooks import *\n",
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A plugin inside the repository that conftest names handles its tests",
        {
            "shop/__init__.py": "",
            "shop/pytest_plugin.py": HOOK,
            "conftest.py": 'pytest_plugins = ["shop.pytest_plugin"]\n',
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A plugin inside the repository that is named by a string or tuple",
        {
            "plugin.py": HOOK,
            "conftest.py": 'pytest_plugins = ("plugin",)\n',
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A plugin inside the repository that the configuration names handles its tests",
        {
            "pytest.ini": "[pytest]\naddopts = -p shop._pytest_plugin\n",
            "shop/__init__.py": "",
            "shop/_pytest_plugin.py": HOOK,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A plugin that a plugin names handles its tests",
        {
            "first.py": 'pytest_plugins = ["second"]\n',
            "second.py": HOOK,
            "conftest.py": 'pytest_plugins = ["first"]\n',
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A plugin that conftest registers handles its tests",
        {
            "conftest.py": """
                import asyncio
                import inspect

                class Runner:
                    def pytest_pyfunc_call(self, pyfuncitem):
                        if inspect.iscoroutinefunction(pyfuncitem.obj):
                            asyncio.run(pyfuncitem.obj())
                            return True

                def pytest_configure(config):
                    config.pluginmanager.register(Runner())
            """,
            "test_it.py": ONE_TEST,
        },
    ),
    Case(
        "A plugin of fixtures handles nothing",
        {
            "shop_fixtures.py": """
                import pytest

                @pytest.fixture
                def answer():
                    return 42
            """,
            "conftest.py": 'pytest_plugins = ["shop_fixtures"]\n',
            "test_it.py": """
                async def test_it(answer):
                    ran()
            """,
        },
    ),
    Case(
        "A third-party plugin that nobody knows may handle everything",
        {
            "conftest.py": 'pytest_plugins = ["elsewhere"]\n',
            "test_it.py": ONE_TEST,
        },
        installed={"elsewhere.py": HOOK},
    ),
)
