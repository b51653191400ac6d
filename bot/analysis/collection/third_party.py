"""What is known of code outside the repository that decides whether a coroutine runs.

One table a subject, a source beside each row: `observed` means that real pytest (or unittest)
was seen doing it. What stands in no table is unknown, and unknown is silent.
"""

from enum import Enum


class Runs(Enum):
    """Who awaits the async test methods of a class."""

    NOBODY = "nobody"  # unittest calls them, drops the coroutine and counts them as passed
    ITSELF = "itself"  # the class runs them; markers and modes do not matter
    IF_DECORATED = "if decorated"  # only under a decorator that runs them
    PYTEST = "pytest"  # no test case class: plugins, modes and markers decide
    UNKNOWN = "unknown"


class Effect(Enum):
    """What a decorator makes of an async function."""

    KEEPS = "keeps"  # still a coroutine function, and the same pytest marks
    ASYNC = "async"  # a coroutine function, whatever was below
    LOSES = "loses"  # a plain function that returns a coroutine which nobody awaits
    RUNS = "runs"  # a plain function that runs the coroutine
    HIDES = "hides"  # no function any more: pytest does not collect it
    FIXTURE = "fixture"  # a pytest fixture, not a test
    UNKNOWN = "unknown"


# Subclasses of unittest.TestCase that leave calling the tests as it is: observed.
_PLAIN_CASES = (
    "absl.testing.absltest.TestCase", "absl.testing.parameterized.TestCase",
    "falcon.testing.TestCase", "flask_testing.LiveServerTestCase", "flask_testing.TestCase",
    "libcst.codemod.CodemodTest", "libcst.testing.utils.UnitTest",
    "opentelemetry.test.asgitestutil.AsgiTestBase",
    "opentelemetry.test.concurrency_test.ConcurrencyTestBase",
    "opentelemetry.test.httptest.HttpTestBase", "opentelemetry.test.test_base.TestBase",
    "opentelemetry.test.wsgitestutil.WsgiTestBase", "oslotest.base.BaseTestCase",
    "pyfakefs.fake_filesystem_unittest.TestCase", "snapshottest.TestCase",
    "snapshottest.unittest.TestCase", "testtools.TestCase", "testtools.testcase.TestCase",
)  # fmt: skip
# Subclasses of Django's test cases: observed, or their source says so.
DJANGO_CASES = (
    "channels.testing.ChannelsLiveServerTestCase", "django.test.selenium.SeleniumTestCase",
    "django_tenants.test.cases.FastTenantTestCase", "django_tenants.test.cases.TenantTestCase",
    "graphene_django.utils.GraphQLTestCase", "graphene_django.utils.testing.GraphQLTestCase",
    "hypothesis.extra.django.LiveServerTestCase", "hypothesis.extra.django.SimpleTestCase",
    "hypothesis.extra.django.TestCase", "hypothesis.extra.django.TransactionTestCase",
    "rest_framework.test.APILiveServerTestCase", "rest_framework.test.APISimpleTestCase",
    "rest_framework.test.APITestCase", "rest_framework.test.APITransactionTestCase",
    "rest_framework.test.URLPatternsTestCase", "snapshottest.django.TestCase",
    "test_plus.APITestCase", "test_plus.TestCase", "test_plus.test.APITestCase",
    "test_plus.test.TestCase", "wagtail.test.utils.WagtailPageTestCase",
)  # fmt: skip
# Classes. https://docs.python.org/3/library/unittest.html: only IsolatedAsyncioTestCase awaits.
CLASSES: dict[str, Runs] = {
    "unittest.TestCase": Runs.NOBODY,  # observed
    "unittest.case.TestCase": Runs.NOBODY,
    "unittest.FunctionTestCase": Runs.NOBODY,
    "unittest2.TestCase": Runs.NOBODY,  # a backport of the class above
    **dict.fromkeys(_PLAIN_CASES, Runs.NOBODY),
    "unittest.IsolatedAsyncioTestCase": Runs.ITSELF,  # observed
    "unittest.async_case.IsolatedAsyncioTestCase": Runs.ITSELF,
    "twisted.trial.unittest.TestCase": Runs.ITSELF,  # observed
    "twisted.trial.unittest.SynchronousTestCase": Runs.NOBODY,  # observed
    "aiounittest.AsyncTestCase": Runs.ITSELF,  # observed
    "aiounittest.case.AsyncTestCase": Runs.ITSELF,
    "opentelemetry.test.asgitestutil.AsyncAsgiTestBase": Runs.ITSELF,  # observed (Isolated)
    "later.unittest.TestCase": Runs.ITSELF,  # observed (Isolated)
    "asynctest.TestCase": Runs.ITSELF,  # its documentation
    "asynctest.ClockedTestCase": Runs.ITSELF,
    "aiohttp.test_utils.AioHTTPTestCase": Runs.ITSELF,  # observed (it is Isolated since 3.8)
    "tornado.testing.AsyncTestCase": Runs.IF_DECORATED,  # observed: TypeError without gen_test
    "tornado.testing.AsyncHTTPTestCase": Runs.IF_DECORATED,
    "tornado.testing.AsyncHTTPSTestCase": Runs.IF_DECORATED,
    "tornado.testing.ExpectLog": Runs.PYTEST,
    # Django wraps async methods in async_to_sync (SimpleTestCase._setup_and_call): observed.
    **{
        f"{module}.{name}": Runs.ITSELF
        for module in ("django.test", "django.test.testcases")
        for name in ("SimpleTestCase", "TransactionTestCase", "TestCase", "LiveServerTestCase")
    },
    "django.contrib.staticfiles.testing.StaticLiveServerTestCase": Runs.ITSELF,
    **dict.fromkeys(DJANGO_CASES, Runs.ITSELF),
    "builtins.object": Runs.PYTEST,
    "abc.ABC": Runs.PYTEST,
    "typing.Generic": Runs.PYTEST,
    "typing.Protocol": Runs.PYTEST,
    "typing_extensions.Protocol": Runs.PYTEST,
    "typing_extensions.Generic": Runs.PYTEST,
}

# These await, or may await, what `setUp` and its like return.
CLASSES_AWAITING_SETUP = frozenset(
    {
        "twisted.trial.unittest.TestCase",  # trial takes coroutines (its documentation)
        "asynctest.TestCase",  # its documentation
        "asynctest.ClockedTestCase",
        "aiounittest.AsyncTestCase",
    }
)
# These call `asyncSetUp` and `asyncTearDown` and have `addAsyncCleanup` (their documentation).
PLAIN_ASYNC_CASES = frozenset(
    {"unittest.IsolatedAsyncioTestCase", "unittest.async_case.IsolatedAsyncioTestCase"}
)
CLASSES_WITH_ASYNC_SETUP = PLAIN_ASYNC_CASES | frozenset(
    {
        "aiohttp.test_utils.AioHTTPTestCase",
        "opentelemetry.test.asgitestutil.AsyncAsgiTestBase",
        "later.unittest.TestCase",
    }
)

# Metaclasses that leave methods alone.
PLAIN_METACLASSES = frozenset({"abc.ABCMeta", "builtins.type"})

# Decorators of functions, by the dotted name of what is applied or called.
DECORATORS: dict[str, Effect] = {
    # These keep it (observed).
    "unittest.mock.patch": Effect.KEEPS,
    "unittest.mock.patch.object": Effect.KEEPS,
    "unittest.mock.patch.dict": Effect.KEEPS,
    "unittest.mock.patch.multiple": Effect.KEEPS,
    "mock.patch": Effect.KEEPS,
    "mock.patch.object": Effect.KEEPS,
    "mock.patch.dict": Effect.KEEPS,
    "mock.patch.multiple": Effect.KEEPS,
    "mock.mock.patch": Effect.KEEPS,
    "mock.mock.patch.object": Effect.KEEPS,
    "mock.mock.patch.dict": Effect.KEEPS,
    "unittest.skip": Effect.KEEPS,
    "unittest.skipIf": Effect.KEEPS,
    "unittest.skipUnless": Effect.KEEPS,
    "unittest.expectedFailure": Effect.KEEPS,
    "freezegun.freeze_time": Effect.KEEPS,
    "time_machine.travel": Effect.KEEPS,
    "aioresponses.aioresponses": Effect.KEEPS,
    "aioresponses.core.aioresponses": Effect.KEEPS,
    "respx.mock": Effect.KEEPS,
    "vcr.use_cassette": Effect.KEEPS,
    "responses.activate": Effect.KEEPS,
    "tenacity.retry": Effect.KEEPS,
    "flaky.flaky": Effect.KEEPS,
    "backoff.on_exception": Effect.KEEPS,
    "backoff.on_predicate": Effect.KEEPS,
    "django.test.override_settings": Effect.KEEPS,
    "django.test.utils.override_settings": Effect.KEEPS,
    "django.test.modify_settings": Effect.KEEPS,
    "django.test.tag": Effect.KEEPS,
    "hypothesis.given": Effect.KEEPS,
    "hypothesis.settings": Effect.KEEPS,
    "hypothesis.example": Effect.KEEPS,
    "hypothesis.seed": Effect.KEEPS,
    "hypothesis.reproduce_failure": Effect.KEEPS,
    # They return their argument (documentation of each).
    "builtins.staticmethod": Effect.KEEPS,
    "builtins.classmethod": Effect.KEEPS,
    "functools.wraps": Effect.KEEPS,
    "typing.no_type_check": Effect.KEEPS,
    "typing.final": Effect.KEEPS,
    "typing.override": Effect.KEEPS,
    "typing_extensions.override": Effect.KEEPS,
    "typing_extensions.final": Effect.KEEPS,
    # its source: it says of its wrapper that it is a coroutine function, which
    # `inspect.iscoroutinefunction` sees from Python 3.12 on (typing_extensions: unknown)
    "warnings.deprecated": Effect.KEEPS,
    "abc.abstractmethod": Effect.KEEPS,
    **dict.fromkeys(("ddt.data", "ddt.unpack", "ddt.file_data"), Effect.KEEPS),  # their source
    # These lose it (observed).
    "requests_mock.Mocker": Effect.LOSES,
    "requests_mock.mock": Effect.LOSES,
    "httpretty.activate": Effect.LOSES,
    "moto.mock_aws": Effect.LOSES,
    "testfixtures.log_capture": Effect.LOSES,
    "testfixtures.replace": Effect.LOSES,
    "functools.lru_cache": Effect.LOSES,
    "functools.cache": Effect.LOSES,
    # These run it (observed).
    "tornado.testing.gen_test": Effect.RUNS,
    "aiounittest.async_test": Effect.RUNS,
    "aiounittest.helpers.async_test": Effect.RUNS,
    "distributed.utils_test.gen_cluster": Effect.RUNS,  # its source runs a loop
    "distributed.utils_test.gen_test": Effect.RUNS,
    # observed: an object, which pytest cannot collect
    "asgiref.sync.async_to_sync": Effect.HIDES,
    "builtins.property": Effect.HIDES,
    "functools.cached_property": Effect.HIDES,
    # fixtures
    "pytest.fixture": Effect.FIXTURE,
    "pytest.yield_fixture": Effect.FIXTURE,
    "pytest_asyncio.fixture": Effect.FIXTURE,
    "pytest_asyncio.plugin.fixture": Effect.FIXTURE,
    "pytest_trio.trio_fixture": Effect.FIXTURE,
    "pytest_twisted.async_fixture": Effect.FIXTURE,
    "pytest_twisted.async_yield_fixture": Effect.FIXTURE,
    "pytest_asyncio_cooperative.fixture": Effect.FIXTURE,
}
# Fixtures made with these are set up by a hook of pytest-asyncio, and by nothing else.
ASYNCIO_MAKERS = frozenset({"pytest_asyncio.fixture", "pytest_asyncio.plugin.fixture"})

# A context manager used as a decorator wraps in a plain function (contextlib.ContextDecorator),
# an asynchronous one in a coroutine function (AsyncContextDecorator): observed.
MANAGER_FACTORIES: dict[str, Effect] = {
    "contextlib.contextmanager": Effect.LOSES,
    "contextlib.asynccontextmanager": Effect.ASYNC,
}
# Decorators of the table above that are context managers once they are called (documentation of
# each), and hand nothing to the function that they decorate.
MANAGING_DECORATORS = frozenset({"moto.mock_aws"})
MANAGER_BASES: dict[str, Effect] = {
    "contextlib.ContextDecorator": Effect.LOSES,
    "contextlib.AsyncContextDecorator": Effect.ASYNC,
}

# What these give works in no event loop but the one that ran when it was made (their source keeps
# that loop, or a transport of it).
LOOP_BOUND = frozenset(
    {
        "asyncio.get_running_loop", "asyncio.get_event_loop", "asyncio.create_task",
        "asyncio.ensure_future", "asyncio.start_server", "asyncio.start_unix_server",
        "aiohttp.ClientSession", "aiohttp.client.ClientSession", "asyncpg.connect",
        "asyncpg.create_pool",
    }
)  # fmt: skip

# Calls that run a coroutine to its end (last part of the name of what is called).
RUNNERS = frozenset(
    {
        "run", "run_until_complete", "run_sync", "async_to_sync", "run_coroutine_threadsafe",
        "ensureDeferred", "fromCoroutine", "run_async", "run_coroutine", "run_in_loop",
        "syncify", "from_thread", "async_run", "run_loop", "result",
    }
)  # fmt: skip

# Class decorators that leave the methods as they are.
CLASS_DECORATORS = frozenset(
    {
        "unittest.mock.patch", "unittest.mock.patch.object", "unittest.mock.patch.dict",
        "unittest.mock.patch.multiple", "mock.patch", "mock.patch.object", "mock.patch.dict",
        "unittest.skip", "unittest.skipIf", "unittest.skipUnless",
        "django.test.override_settings", "django.test.utils.override_settings",
        "django.test.modify_settings", "django.test.tag",
        "freezegun.freeze_time", "time_machine.travel", "typing.final",
        "functools.total_ordering", "typing.runtime_checkable",
        "ddt.ddt",  # its source: it replaces methods under its own `data` only
    }
)  # fmt: skip
DATACLASS_DECORATORS = frozenset(
    {
        "dataclasses.dataclass",
        "attr.s",
        "attr.attrs",
        "attr.define",
        "attrs.define",
        "attrs.frozen",
    }
)

# Plugins that run every async test function, marked or not (observed, and research on real
# repositories): by distribution and by importable plugin module.
RUN_EVERYTHING_DISTRIBUTIONS = frozenset(
    {"pytest-tornasync", "pytest-twisted", "pytest-aio", "pytest-sanic", "pytest-jupyter"}
)
RUN_EVERYTHING_MODULES = frozenset(
    {
        "aiohttp.pytest_plugin", "pytest_tornasync", "pytest_tornasync.plugin", "pytest_twisted",
        "pytest_twisted.plugin", "pytest_aio", "pytest_aio.plugin", "pytest_sanic",
        "pytest_sanic.plugin", "pytest_jupyter", "pytest_jupyter.jupyter_core",
        "pytest_jupyter.jupyter_server", "pytest_jupyter.jupyter_client",
        "pytest_jupyter.pytest_tornasync", "alt_pytest_asyncio.plugin", "alt_pytest_asyncio",
    }
)  # fmt: skip
# Plugins whose doings the analysis knows by heart: their source is not read, also where it lies in
# the repository that is checked.
PLUGIN_MODULES = RUN_EVERYTHING_MODULES | {
    "anyio.pytest_plugin", "pytest_asyncio.plugin", "pytest_aiohttp.plugin", "pytest_trio.plugin",
}  # fmt: skip
# Distributions that only a mark or a setting of their own brings in.
ASYNC_DISTRIBUTIONS = frozenset(
    {
        "pytest-asyncio", "anyio", "pytest-anyio", "pytest-trio", "pytest-aiohttp",
        "pytest-asyncio-cooperative", "alt-pytest-asyncio", "pytest-tornado", "pytest-curio",
        "pytest-async", "pytest-aioloop",
    }
) | RUN_EVERYTHING_DISTRIBUTIONS  # fmt: skip
# Plugins whose names speak of async code and that bring fixtures, marks or options alone: none of
# their hooks has a say in what runs (their source).
FIXTURE_DISTRIBUTIONS = frozenset(
    {
        "pytest-aiofiles", "pytest-aiohttp-client", "pytest-aiomoto", "pytest-aioresponses",
        "pytest-async-benchmark", "pytest-async-mongodb", "pytest-async-sqlalchemy",
        "pytest-asyncio-network-simulator", "pytest-loop",
    }
)  # fmt: skip
# Marks by which a plugin other than pytest-asyncio runs a test: mark -> distribution.
RUNNING_MARKS: dict[str, str] = {
    "trio": "pytest-trio",
    "anyio": "anyio",
    "asyncio_cooperative": "pytest-asyncio-cooperative",
    "gen_test": "pytest-tornado",
    "curio": "pytest-curio",
    "async_test": "",
    "twisted": "pytest-twisted",
    "tornado": "",
    "sanic": "pytest-sanic",
}
# Modules whose plugins do not touch how a test is called.
HARMLESS_PLUGIN_PREFIXES = (
    "_pytest", "pytester", "pytest_cov", "xdist", "pytest_mock", "pytest_timeout", "pytest_django",
    "pytest_asyncio", "anyio", "pytest_randomly", "pytest_rerunfailures", "pytest_subprocess",
    "pytest_httpserver", "pytest_benchmark", "pytest_xdist", "pytest_postgresql", "hypothesis",
    "celery.contrib.pytest", "pytest_trio", "pytest_aiohttp", "logging", "typeguard", "pytest_env",
    "no:", "pytest_httpx", "respx", "aresponses", "pytest_freezer", "syrupy", "pytest_docker",
    "pytest_subtests", "faker", "pytest_recording", "sybil", "schemathesis", "pytest_socket",
    "pytest_html", "pytest_bdd", "allure_pytest", "playwright", "pytest_playwright",
    "testcontainers", "jupyter_events",
)  # fmt: skip
# The same, by the names of entry points (`-p timeout`): each in its distribution's metadata.
HARMLESS_ENTRY_POINTS = frozenset(
    {
        "asyncio", "trio", "aiohttp", "timeout", "django", "randomly", "rerunfailures",
        "benchmark", "socket", "env", "flaky", "sugar", "codspeed", "console-scripts",
        "time_machine", "hypothesispytest", "freezer", "examples",
    }
)  # fmt: skip
