"""A set-up or tear-down function is async, and its caller drops the coroutine.

## What it finds

Async functions that pytest or unittest call by name around tests: `setup_module`,
`setup_function`, `setup_class`, `setup_method`, `setUp`, `setUpClass`, `setUpModule`, Django's
`setUpTestData`, nose's `setup`, and their counterparts for tearing down. Only where tests are
collected that they are called for, and nobody calls them by hand.

## Why it matters

No version of pytest, no mode and no class of unittest awaits them, `IsolatedAsyncioTestCase` and
Django's test cases included. The tests pass on a state that was never set up, and what should
be cleaned up is not; a warning that a coroutine was never awaited is all there is to see.

## Fix

`setUp` and `tearDown` become `asyncSetUp` and `asyncTearDown`: safe in an
`IsolatedAsyncioTestCase`, unsafe where the base class has to change with them. `setup_method` and
`setup_function` become fixtures of pytest-asyncio that every test uses, unless that is switched
off, or an older one would mix up event loops of different scopes: unsafe. The others have no
async counterpart.
"""

import ast
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.checked_file import CheckedFile
from bot.analysis.collection.third_party import Runs
from bot.analysis.collection.xunit import AROUND_TESTS, NOSE, Hook
from bot.analysis.errors import FixError
from bot.analysis.evidence.framework import uses_other_frameworks
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.fixes.fixture_fix import is_switched_off_somewhere
from bot.analysis.fixes.older_loops import run_in_wider_loop, sets_up_loops_late
from bot.analysis.fixes.test_case_fix import ASYNC_SETUP, async_base_edits, async_name_edits
from bot.analysis.names.resolver import owner_class
from bot.analysis.names.values import Class
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.scopes import parameters
from bot.analysis.source.walking import yields

rule = Rule(
    __name__,
    __doc__,
    code="AWT303",
    severity=Severity.FAILURE,
    examples=[
        Bad(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def setUp(self):  # error
                    await super().setUp()
                    self.total = 3

                async def tearDown(self):  # error
                    self.total = 0

                async def test_total(self):
                    self.assertEqual(self.total, 3)
            """,
            fixed="""
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                async def asyncSetUp(self):
                    await super().asyncSetUp()
                    self.total = 3

                async def asyncTearDown(self):
                    self.total = 0

                async def test_total(self):
                    self.assertEqual(self.total, 3)
            """,
            safety=Safety.SAFE,
            says="unittest drops the coroutine",
        ),
        Bad(
            """
            from unittest import TestCase

            class TestTotal(TestCase):
                async def setUp(self):  # error
                    self.total = 3

                def test_total(self):
                    self.assertEqual(self.total, 3)
            """,
            fixed="""
            from unittest import IsolatedAsyncioTestCase

            class TestTotal(IsolatedAsyncioTestCase):
                async def asyncSetUp(self):
                    self.total = 3

                def test_total(self):
                    self.assertEqual(self.total, 3)
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            class TestTotal:
                async def setup_method(self):  # error
                    self.total = 3

                async def teardown_method(self):  # error
                    'Sell everything.'
                    self.total = 0

                def test_total(self):
                    assert self.total == 3
            """,
            fixed="""
            import pytest_asyncio

            class TestTotal:
                @pytest_asyncio.fixture(autouse=True)
                async def setup_method(self):
                    self.total = 3

                @pytest_asyncio.fixture(autouse=True)
                async def teardown_method(self):
                    'Sell everything.'
                    yield
                    self.total = 0

                def test_total(self):
                    assert self.total == 3
            """,
            safety=Safety.UNSAFE,
            says="pytest drops the coroutine",
        ),
        Bad(
            """
            async def setup_function():  # error
                yield

            def test_total():
                pass
            """,
            fixed="""
            import pytest_asyncio

            @pytest_asyncio.fixture(autouse=True)
            async def setup_function():
                yield

            def test_total():
                pass
            """,
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==7.4.4\npytest-asyncio==0.21.2\n",
                "base.py": """
                    class Base:
                        def setup_method(self):
                            pass
                """,
                "test_price.py": """
                    from base import Base

                    class TestPrice(Base):
                        def test_price(self):
                            pass
                """,
                "test_total.py": """
                    from test_price import TestPrice

                    class TestTotal(TestPrice):
                        async def setup_method(self):  # error
                            pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.1.1\npytest-asyncio==0.26.0\n",
                "base.py": """
                    class Base:
                        def setup_method(self):
                            pass
                """,
                "test_price.py": """
                    from base import Base

                    class TestPrice(Base):
                        def test_price(self):
                            pass
                """,
                "test_total.py": """
                    from test_price import TestPrice

                    class TestTotal(TestPrice):
                        async def setup_method(self):  # error
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest_asyncio

                    from test_price import TestPrice

                    class TestTotal(TestPrice):
                        @pytest_asyncio.fixture(autouse=True)
                        async def setup_method(self):
                            pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "test_total.py": """
                    import pytest

                    @pytest.mark.asyncio(loop_scope="class")
                    class TestTotal:
                        async def setup_method(self):  # error
                            pass

                        async def test_total(self):
                            pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "conftest.py": """
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def price():
                        yield 3
                """,
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    class TestTotal:
                        async def setup_method(self):  # error
                            pass

                        @pytest_asyncio.fixture
                        async def price(self, price):
                            return price

                        @pytest.mark.asyncio
                        async def test_total(self, price):
                            pass
                """,
            },
        ),
        Bad(
            {
                "requirements.txt": "pytest-asyncio==1.0.0\n",
                "conftest.py": """
                    import pytest_asyncio

                    @pytest_asyncio.fixture(scope="module")
                    async def price():
                        yield 3
                """,
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    class TestTotal:
                        async def setup_method(self):  # error
                            pass

                        @pytest_asyncio.fixture
                        async def price(self, price):
                            return price

                        @pytest.mark.asyncio
                        async def test_total(self, price):
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    class TestTotal:
                        @pytest_asyncio.fixture(autouse=True)
                        async def setup_method(self):
                            pass

                        @pytest_asyncio.fixture
                        async def price(self, price):
                            return price

                        @pytest.mark.asyncio
                        async def test_total(self, price):
                            pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            {
                "requirements.txt": "pytest==8.3.5\npytest-asyncio==0.26.0\n",
                "conftest.py": """
                    import pytest
                    import pytest_asyncio

                    @pytest_asyncio.fixture
                    async def price():
                        yield 3

                    @pytest.fixture(scope="module")
                    def name():
                        return "Total"

                    @pytest_asyncio.fixture(scope="module")
                    async def shop():
                        yield "there"
                """,
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    class TestTotal:
                        async def setup_method(self):  # error
                            pass

                        @pytest_asyncio.fixture
                        async def price(self, price):
                            return price

                        @pytest_asyncio.fixture
                        async def name(self, name):
                            return name

                        @pytest_asyncio.fixture
                        async def shop(self):
                            return "here"

                        @pytest.mark.asyncio
                        async def test_total(self, price):
                            pass
                """,
            },
            fixed={
                "test_total.py": """
                    import pytest
                    import pytest_asyncio

                    class TestTotal:
                        @pytest_asyncio.fixture(autouse=True)
                        async def setup_method(self):
                            pass

                        @pytest_asyncio.fixture
                        async def price(self, price):
                            return price

                        @pytest_asyncio.fixture
                        async def name(self, name):
                            return name

                        @pytest_asyncio.fixture
                        async def shop(self):
                            return "here"

                        @pytest.mark.asyncio
                        async def test_total(self, price):
                            pass
                """,
            },
            safety=Safety.UNSAFE,
        ),
        Bad(
            """
            import pytest

            async def setup_module():  # error
                pass

            async def teardown_function():  # error
                yield

            async def setup_function(function):  # error
                pass

            @pytest.mark.asyncio
            async def test_total():
                pass

            class TestTotal:
                @classmethod
                async def setup_class(cls):  # error
                    pass

                def test_total(self):
                    pass
            """,
        ),
        Bad(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                @classmethod
                async def setUpClass(cls):  # error
                    pass

                async def asyncSetUp(self):
                    self.total = 3

                async def setUp(self):  # error
                    self.total = 4

                def test_total(self):
                    pass
            """,
        ),
        Bad(
            """
            from django.test import TestCase

            class TotalTests(TestCase):
                @classmethod
                async def setUpTestData(cls):  # error
                    pass

                async def test_total(self):
                    pass
            """,
        ),
        Bad(
            {
                "base.py": """
                    import unittest

                    class Base(unittest.IsolatedAsyncioTestCase):
                        async def setUp(self):
                            pass
                """,
                "test_total.py": """
                    from base import Base

                    class TestTotal(Base):  # error
                        async def test_total(self):
                            pass
                """,
            },
            says="`TestTotal.setUp`",
        ),
        Bad(
            """
            class TestTotal:
                async def setup(self):  # error
                    self.total = 3

                def test_total(self):
                    pass
            """,
            says="pytest 8 and later do not even call it",
        ),
        Bad(
            """
            import pytest

            class TestTotal:
                async def setup_method(self):  # error
                    pass

                @pytest.mark.anyio
                async def test_total(self):
                    pass
            """,
            says="fixture",
        ),
        Bad(
            """
            import unittest

            class TestTotal(unittest.TestCase):
                async def setup_method(self, method):  # error
                    self.total = 3

                def test_total(self):
                    pass
            """,
            says="pytest drops the coroutine",
        ),
        Bad(
            """
            class TestShop:
                @classmethod
                async def setup_class(cls):  # error
                    pass

                @staticmethod
                async def setup_method():  # error
                    pass

                async def teardown_method(self):
                    pass

                class TestTotal:
                    def teardown_method(self):
                        pass

                    def test_total(self):
                        pass
            """,
            says="pytest drops the coroutine",
        ),
        Bad(
            {
                "pytest.ini": "[pytest]\naddopts = -p no:asyncio\n",
                "test_total.py": """
                    class TestTotal:
                        async def setup_method(self):  # error
                            self.total = 3

                        def test_total(self):
                            pass
                """,
            },
            says="pytest drops the coroutine",
        ),
        Good(
            """
            from shop import ShopTests

            class TestTotal(ShopTests):
                class TestInner:
                    async def setup_method(self):
                        self.total = 3

                    def test_total(self):
                        pass
            """,
            because="unittest looks into no class inside another, and the base may be its own",
        ),
        Good(
            """
            import sys
            import unittest

            NEW = sys.version_info >= (3, 8)

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                if NEW:
                    async def asyncSetUp(self):
                        pass
                else:
                    async def setUp(self):
                        pass

                if hasattr(unittest, "runs_setups"):
                    async def tearDown(self):
                        pass

                async def test_total(self):
                    pass
            """,
            because="what stands under a condition may be another Python's",
        ),
        Good(
            """
            import unittest

            class TestTotal(unittest.IsolatedAsyncioTestCase):
                def setUp(self):
                    pass

                async def asyncSetUp(self):
                    pass

                async def test_total(self):
                    pass
            """,
            because="this is the one that is awaited",
        ),
        Good(
            """
            import pytest_asyncio

            class TestTotal:
                @pytest_asyncio.fixture(autouse=True)
                async def setup_method(self):
                    pass

                def test_total(self):
                    pass
            """,
            because="a fixture is set up, whatever its name",
        ),
        Good(
            """
            class Shop:
                async def setUp(self):
                    pass

                async def setup_method(self):
                    pass

            async def setup_function():
                pass

            class TestTotal:
                def test_total(self):
                    pass
            """,
            because="nobody calls these for a test",
        ),
        Good(
            """
            import asyncio

            class TestTotal:
                async def setup_method(self):
                    self.total = 3

                def test_total(self):
                    asyncio.run(self.setup_method())
            """,
            because="somebody calls it by hand",
        ),
        Good(
            """
            import asyncio

            async def setup_module():
                pass

            asyncio.run(setup_module())

            def test_total():
                pass
            """,
            because="somebody calls it by hand",
        ),
        Good(
            """
            from twisted.trial.unittest import TestCase
            from elsewhere import Shared

            class TotalTests(TestCase):
                async def setUp(self):
                    pass

                async def test_total(self):
                    pass

            class OtherTests(Shared):
                async def setUp(self):
                    pass

                async def test_total(self):
                    pass
            """,
            because="trial awaits it, and what is unknown may",
        ),
        Good(
            {
                "conftest.py": """
                    def pytest_fixture_setup(fixturedef):
                        return fixturedef.run()
                """,
                "test_total.py": """
                    async def setup_module():
                        pass

                    def test_total():
                        pass
                """,
            },
            because="pytest calls these by way of fixtures, which a hook may set up by itself",
        ),
        Good(
            """
            import asyncio

            def synchronous(function):
                def wrapper(self):
                    asyncio.run(function(self))

                return wrapper

            class TestTotal:
                @synchronous
                async def setup_method(self):
                    pass

                def test_total(self):
                    pass
            """,
            because="the decorator runs it",
        ),
    ],
)

_OF_UNITTEST = frozenset(
    {
        "setUp",
        "tearDown",
        "setUpClass",
        "tearDownClass",
        "setUpTestData",
        "setUpModule",
        "tearDownModule",
    }
)


@rule.on(Hook)
def check(hook: Hook, file: CheckedFile) -> Iterator[Finding]:
    """Report an async function that is called by name and that nobody awaits."""
    if file.facts.hook_awaited(hook, file.module) is not Answer.NO:
        return
    symbol = file.symbol_of_hook(hook)
    fix = _fix(hook, file)
    yield rule.finding(
        file.place_of_hook(hook),
        f"async `{symbol}` never runs: {_why(hook)}",
        symbol=symbol,
        fix=fix,
        advice="" if fix else _advice(hook),
    )


def _why(hook: Hook) -> str:
    if hook.name in NOSE:
        return "pytest 8 and later do not even call it, earlier ones drop the coroutine"
    who = "unittest" if hook.name in _OF_UNITTEST else "pytest"
    return f"{who} drops the coroutine"


def _advice(hook: Hook) -> str:
    if hook.name in ASYNC_SETUP:
        return (
            f"call it `{ASYNC_SETUP[hook.name]}`, in a class of unittest.IsolatedAsyncioTestCase"
        )
    if hook.name in _OF_UNITTEST:
        return "make it synchronous; asyncio.run can call what is async"
    return "make it an async fixture that every test uses (autouse=True)"


def _fix(hook: Hook, file: CheckedFile) -> Fix | None:
    function = hook.function
    if function.module is not file.module or function.node.decorator_list:
        return None
    if hook.name in ASYNC_SETUP and hook.owner is not None:
        return _base_fix(hook, hook.owner, file)
    if hook.owner is not None and file.facts.classes.runs(hook.owner) is not Runs.PYTEST:
        return None  # pytest calls what has this name in a test case, be it a fixture
    if is_switched_off_somewhere(file):
        return None  # pytest refuses tests there that get the fixture
    if hook.name in AROUND_TESTS and not uses_other_frameworks(file.module, file.facts):
        return file.fix(
            Safety.UNSAFE,
            "Make it a fixture that every test uses",
            lambda: _fixture_edits(hook, file),
        )
    return None


def _base_fix(hook: Hook, owner: Class, file: CheckedFile) -> Fix | None:
    if file.facts.classes.has_async_setup(owner):
        return file.fix(
            Safety.SAFE,
            f"Call it `{ASYNC_SETUP[hook.name]}`",
            lambda: _name_edits(hook, owner, file),
        )
    return file.fix(
        Safety.UNSAFE,
        "Inherit from `unittest.IsolatedAsyncioTestCase`",
        lambda: async_base_edits(_own_class(hook, owner), file),
    )


def _own_class(hook: Hook, owner: Class) -> Class:
    """Return the class that the function is written in."""
    return owner_class(hook.function.module, hook.function.definition) or owner


def _name_edits(hook: Hook, owner: Class, file: CheckedFile) -> Iterator[Edit]:
    name = ASYNC_SETUP[hook.name]
    if name in file.facts.classes.methods(owner):
        raise FixError(f"there is an `{name}` that would not be called any more")
    if not file.facts.classes.is_plain_async_case(owner):
        raise FixError(f"`{name}` of the base class would not be called any more")
    assert isinstance(hook.function.node, ast.AsyncFunctionDef)  # noqa: S101 - it is async
    yield from async_name_edits(hook.function.node, file)


def _is_called_for_ancestor(hook: Hook, file: CheckedFile) -> bool:
    """Whether an ancestor that is collected as well has a method of the name.

    Below 8.1, what pytest leaves in such a class to call that method comes down with it
    (`_inject_setup_method_fixture` in _pytest/python.py).
    """
    if hook.owner is None or file.facts.always_at_least(file.path, "pytest", "8.1"):
        return False
    ancestors = file.facts.resolver.mro(_own_class(hook, hook.owner))[1:]
    return any(isinstance(one, Class) and hook.name in one.scope.bindings for one in ancestors)


def _fixture_edits(hook: Hook, file: CheckedFile) -> Iterator[Edit]:
    node = hook.function.node
    if {parameter.arg for parameter in parameters(node)} - {"self"}:
        raise FixError("pytest would look for fixtures of its parameters' names")
    if run_in_wider_loop(file.facts.every_test(file.module), file):
        raise FixError("a test that gets it may run in a loop of another scope")
    if sets_up_loops_late(file):
        raise FixError("a wider loop would be closed with that of a test")
    if _is_called_for_ancestor(hook, file):
        raise FixError("pytest would call the fixture as it calls what it takes the place of")
    tears_down = hook.name.startswith("teardown")
    if tears_down and yields(node):
        raise FixError("it yields already")
    name, imports = file.editor.imports.module("pytest_asyncio", before=node.lineno)
    yield from imports
    yield file.editor.add_decorator(node, f"{name}.fixture(autouse=True)")
    if tears_down:
        body = node.body[1:] if ast.get_docstring(node) is not None else node.body
        if not body or body[0].lineno == node.lineno:
            raise FixError("there is no line to put `yield` on")
        yield file.editor.insert_before(body[0], "yield")
