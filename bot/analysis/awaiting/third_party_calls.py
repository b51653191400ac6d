"""What calls of code outside the repository give: one table a subject, a source beside each group.

Names are dotted; a method stands under its class (`asyncio.Queue.get`). What stands in no table
is unknown, and unknown is silent.
"""

from enum import Enum

from bot.analysis.awaiting.third_party_classes import AWAITED, CALLED, ENTERED, METHODS
from bot.analysis.awaiting.third_party_classes import GIVE_THEMSELVES as _ITSELF


class Gives(Enum):
    """What evaluating a call gives."""

    # That of Enum looks the name up, and kinds are looked for in sets all the time.
    __hash__ = object.__hash__

    COROUTINE = "coroutine"  # nothing of it runs until it is awaited
    FUTURE = "future"  # it runs by itself; who does not await it misses its outcome
    TASK = "task"  # a future that nobody else holds
    GROUP_TASK = "task of a group"  # its group awaits it
    ASYNC_GENERATOR = "async generator"
    ASYNC_MANAGER = "async context manager"
    PLAIN = "plain"  # no awaitable
    UNKNOWN = "unknown"


def _under(owner: str, *names: str) -> list[str]:
    return [f"{owner}.{name}" for name in names]


_HTTP = ("get", "options", "head", "post", "put", "patch", "delete", "request")

# What these give is called in its turn, and gives a coroutine (documentation of each).
MAKING_ASYNC = frozenset({"asgiref.sync.sync_to_async", "channels.db.database_sync_to_async"})

_COROUTINES = [
    # https://docs.python.org/3/library/asyncio-task.html
    *_under("asyncio", "sleep", "wait_for", "wait", "to_thread"),
    # https://docs.python.org/3/library/asyncio-stream.html
    *_under("asyncio", "open_connection", "start_server"),
    *_under("asyncio", "open_unix_connection", "start_unix_server"),
    *_under("asyncio.StreamReader", "read", "readline", "readexactly", "readuntil"),
    *_under("asyncio.StreamWriter", "drain", "wait_closed", "start_tls"),
    # https://docs.python.org/3/library/asyncio-subprocess.html
    *_under("asyncio", "create_subprocess_exec", "create_subprocess_shell"),
    *_under("asyncio.subprocess.Process", "wait", "communicate"),
    # https://docs.python.org/3/library/asyncio-sync.html
    *_under("asyncio.Lock", "acquire"),
    *_under("asyncio.Event", "wait"),
    *_under("asyncio.Condition", "acquire", "wait", "wait_for"),
    *_under("asyncio.Semaphore", "acquire"),
    *_under("asyncio.BoundedSemaphore", "acquire"),
    *_under("asyncio.Barrier", "wait", "reset", "abort"),
    # https://docs.python.org/3/library/asyncio-queue.html
    *(
        name
        for queue in ("Queue", "PriorityQueue", "LifoQueue")
        for name in _under(f"asyncio.{queue}", "get", "put", "join")
    ),
    # https://docs.python.org/3/library/asyncio-eventloop.html
    *_under(
        "asyncio.AbstractEventLoop", "shutdown_asyncgens", "shutdown_default_executor",
        "create_connection", "create_server", "create_datagram_endpoint", "getaddrinfo",
        "getnameinfo", "sock_recv", "sock_sendall", "sock_connect", "sock_accept",
    ),
    # https://anyio.readthedocs.io/en/stable/api.html
    *_under(
        "anyio", "sleep", "sleep_forever", "sleep_until", "connect_tcp", "connect_unix",
        "create_tcp_listener", "create_unix_listener", "open_file", "open_process", "run_process",
        "wait_all_tasks_blocked", "aclose_forcefully", "getaddrinfo",
    ),
    *_under("anyio.to_thread", "run_sync"),
    *_under("anyio.to_process", "run_sync"),
    *_under("anyio.lowlevel", "checkpoint"),
    *_under("anyio.Event", "wait"),
    *_under("anyio.Lock", "acquire"),
    *_under("anyio.Condition", "acquire", "wait"),
    *_under("anyio.Semaphore", "acquire"),
    # https://trio.readthedocs.io/en/stable/reference-core.html and reference-io.html
    *_under(
        "trio", "sleep", "sleep_forever", "sleep_until", "open_tcp_stream", "open_file",
        "open_tcp_listeners", "serve_tcp", "run_process",
    ),
    *_under("trio.to_thread", "run_sync"),
    *_under("trio.lowlevel", "checkpoint"),
    *_under("trio.testing", "wait_all_tasks_blocked"),
    *_under("trio.Event", "wait"),
    *_under("trio.Lock", "acquire"),
    *_under("trio.Condition", "acquire", "wait"),
    *_under("trio.Semaphore", "acquire"),
    # https://www.python-httpx.org/api/#asyncclient
    *_under("httpx.AsyncClient", *_HTTP, "send", "aclose"),
    # https://docs.aiohttp.org/en/stable/client_reference.html and testing.html: a request is
    # awaited or entered; until then nothing of it is sent
    *_under("aiohttp.ClientSession", *_HTTP, "ws_connect", "close"),
    *_under("aiohttp.test_utils.TestClient", *_HTTP, "ws_connect", "start_server", "close"),
    *_under("aiohttp.test_utils.TestServer", "start_server", "close"),
    *_under("pytest_aiohttp.AiohttpClient", "__call__"),
    *_under("pytest_aiohttp.AiohttpServer", "__call__"),
    # https://docs.djangoproject.com/en/stable/topics/testing/tools/#testing-asynchronous-code
    *_under("django.test.AsyncClient", *_HTTP, "trace", "aforce_login", "alogin", "alogout"),
    # https://docs.python.org/3/library/functions.html#anext
    "builtins.anext",
    # https://docs.python.org/3/library/unittest.mock.html#unittest.mock.AsyncMock
    "unittest.mock.AsyncMock.__call__",
    # functions that open a connection (documentation of each library)
    "asyncpg.connect", "psycopg.AsyncConnection.connect", "aio_pika.connect",
    "aio_pika.connect_robust", "nats.connect",
    "jupyter_core.utils.ensure_async",
]  # fmt: skip

_FUTURES = [
    # https://docs.python.org/3/library/asyncio-task.html and asyncio-future.html
    *_under("asyncio", "gather", "shield", "wrap_future"),
    # https://docs.python.org/3/library/asyncio-eventloop.html
    *_under("asyncio.AbstractEventLoop", "run_in_executor", "create_future"),
]

_TASKS = [
    # https://docs.python.org/3/library/asyncio-task.html#asyncio.create_task: the loop keeps weak
    # references only
    *_under("asyncio", "create_task", "ensure_future"),
    *_under("asyncio.AbstractEventLoop", "create_task"),
]

_MANAGERS = [
    # https://docs.python.org/3/library/asyncio-task.html#timeouts
    *_under("asyncio", "timeout", "timeout_at"),
    # https://anyio.readthedocs.io/en/stable/api.html
    *_under("anyio", "create_task_group"),
    # https://trio.readthedocs.io/en/stable/reference-core.html
    *_under("trio", "open_nursery"),
    # https://www.python-httpx.org/api/#asyncclient
    *_under("httpx.AsyncClient", "stream"),
    # https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html
    *_under("sqlalchemy.ext.asyncio.AsyncEngine", "begin"),
    # https://github.com/aio-libs/async-timeout
    *_under("async_timeout", "timeout", "timeout_at"),
]

CALLS: dict[str, Gives] = {
    **dict.fromkeys((f"{name}.__call__" for name in MAKING_ASYNC), Gives.COROUTINE),
    **dict.fromkeys(_COROUTINES, Gives.COROUTINE),
    **{
        f"{owner}.{name}": Gives.COROUTINE
        for owner, names in METHODS.items()
        for name in names.split()
    },
    **dict.fromkeys(_FUTURES, Gives.FUTURE),
    **dict.fromkeys(_TASKS, Gives.TASK),
    **dict.fromkeys(_MANAGERS, Gives.ASYNC_MANAGER),
    # https://docs.python.org/3/library/asyncio-task.html#asyncio.TaskGroup
    "asyncio.TaskGroup.create_task": Gives.GROUP_TASK,
}

# What calls give an instance of, where that is not a class of the name that is called.
RESULTS: dict[str, str] = {
    **CALLED,
    # https://docs.python.org/3/library/asyncio-eventloop.html
    "asyncio.get_event_loop": "asyncio.AbstractEventLoop",
    "asyncio.get_running_loop": "asyncio.AbstractEventLoop",
    "asyncio.new_event_loop": "asyncio.AbstractEventLoop",
    # https://pytest-mock.readthedocs.io/en/latest/usage.html
    **{
        f"pytest_mock.MockerFixture.{name}": f"unittest.mock.{name}"
        for name in ("Mock", "MagicMock", "AsyncMock", "NonCallableMagicMock")
    },
    # the backport on PyPI
    **{
        f"{module}.{name}": f"unittest.mock.{name}"
        for module in ("mock", "mock.mock")
        for name in ("Mock", "MagicMock", "AsyncMock")
    },
}
# The same, once it is awaited: https://docs.aiohttp.org/en/stable/testing.html
AWAITED_RESULTS: dict[str, str] = {
    **AWAITED,
    "pytest_aiohttp.AiohttpClient.__call__": "aiohttp.test_utils.TestClient",
    "pytest_aiohttp.AiohttpServer.__call__": "aiohttp.test_utils.TestServer",
    "asyncio.create_subprocess_exec": "asyncio.subprocess.Process",
    "asyncio.create_subprocess_shell": "asyncio.subprocess.Process",
}
# The same of what gives several values at once, in their order.
TUPLES: dict[str, tuple[str, ...]] = {
    # https://anyio.readthedocs.io/en/stable/streams.html#memory-object-streams
    "anyio.create_memory_object_stream": (
        "anyio.streams.memory.MemoryObjectSendStream",
        "anyio.streams.memory.MemoryObjectReceiveStream",
    ),
    # https://trio.readthedocs.io/en/stable/reference-core.html#trio.open_memory_channel
    "trio.open_memory_channel": ("trio.MemorySendChannel", "trio.MemoryReceiveChannel"),
    # https://trio.readthedocs.io/en/stable/reference-testing.html
    "trio.testing.memory_stream_pair": ("trio.StapledStream", "trio.StapledStream"),
}
AWAITED_TUPLES: dict[str, tuple[str, ...]] = {
    # https://docs.python.org/3/library/asyncio-stream.html
    **dict.fromkeys(
        ("asyncio.open_connection", "asyncio.open_unix_connection"),
        ("asyncio.StreamReader", "asyncio.StreamWriter"),
    ),
}
# The same, once it is entered.
ENTERED_RESULTS: dict[str, str] = {**ENTERED}
# Functions that run a coroutine and return its result (asyncio-runner.html).
RUNNING = frozenset(
    {"asyncio.run", "asyncio.Runner.run", "asyncio.AbstractEventLoop.run_until_complete"}
)
# Context managers that give themselves (documentation of each).
GIVE_THEMSELVES = _ITSELF | frozenset(
    {
        "aiohttp.ClientSession", "aiohttp.test_utils.TestClient", "aiohttp.test_utils.TestServer",
        "httpx.AsyncClient", "asyncio.TaskGroup", "asyncio.Runner",
    }
)  # fmt: skip
# Fixtures that plugins bring, and what they give (documentation of each plugin).
FIXTURES: dict[str, str] = {
    **dict.fromkeys(
        ("mocker", "class_mocker", "module_mocker", "package_mocker", "session_mocker"),
        "pytest_mock.MockerFixture",
    ),
    "monkeypatch": "pytest.MonkeyPatch",
    "event_loop": "asyncio.AbstractEventLoop",
    "aiohttp_client": "pytest_aiohttp.AiohttpClient",
    "aiohttp_server": "pytest_aiohttp.AiohttpServer",
    "async_client": "django.test.AsyncClient",
}
# Classes whose instances stand for what they are given as `spec`
# (https://docs.python.org/3/library/unittest.mock.html: async functions of a spec stay async).
SPECCED = frozenset(
    {
        "unittest.mock.Mock", "unittest.mock.MagicMock", "unittest.mock.AsyncMock",
        "unittest.mock.NonCallableMock", "unittest.mock.NonCallableMagicMock",
    }
)  # fmt: skip
# Functions that wait for what they are handed (asyncio-task.html): forgetting `await` on them
# forgets all of it.
WAITING = frozenset({"asyncio.gather", "asyncio.wait", "asyncio.wait_for", "asyncio.shield"})
# Functions that block the thread that calls them (documentation of each).
BLOCKING = frozenset(
    [
        "time.sleep",
        "urllib.request.urlopen",
        *_under("requests", *_HTTP),
        *_under("requests.api", *_HTTP),
        *_under("httpx", *_HTTP),
    ]
)
# Bases of classes whose instances nobody awaits.
HARMLESS_BASES = frozenset(
    {"builtins.object", "abc.ABC", "typing.Generic", "typing.Protocol", "typing.NamedTuple"}
    | {f"builtins.{name}" for name in ("Exception", "str", "int", "dict", "list", "tuple")}
    | {"enum.Enum", "enum.IntEnum", "enum.StrEnum", "pydantic.BaseModel", "typing.TypedDict"}
)
# Classes whose instances nobody awaits, as annotations name them (builtins, typing).
PLAIN_TYPES = frozenset(
    {f"builtins.{name}" for name in ("str", "bytes", "int", "float", "bool", "complex")}
    | {f"builtins.{name}" for name in ("dict", "list", "tuple", "set", "frozenset", "bytearray")}
    | {f"typing.{name}" for name in ("Dict", "List", "Tuple", "Set", "FrozenSet", "LiteralString")}
    | {
        f"{module}.{name}"
        for module in ("typing", "collections.abc")
        for name in ("Sequence", "Mapping", "MutableMapping", "MutableSequence")
    }
    | {"pathlib.Path", "datetime.datetime", "decimal.Decimal", "uuid.UUID"}
)
