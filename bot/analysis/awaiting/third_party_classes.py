"""Async methods of classes outside the repository: a group a library, a source beside each.

Methods that are not named here are unknown. What is entered or awaited gives an instance of the
class that stands beside it.
"""

# What is called gives a coroutine, or does nothing until it is awaited or entered. A module with
# async functions stands here as well.
METHODS: dict[str, str] = {
    # https://docs.aiohttp.org/en/stable/client_reference.html, web_reference.html, streams.html
    "aiohttp.ClientResponse": "json read text start wait_for_close",
    "aiohttp.ClientWebSocketResponse": (
        "close ping pong receive receive_bytes receive_json receive_str send_bytes send_frame"
        " send_json send_str __anext__"
    ),
    "aiohttp.StreamReader": "read readany readchunk readexactly readline readuntil wait_eof",
    "aiohttp.web.Request": "json multipart post read release text",
    "aiohttp.web.WebSocketResponse": (
        "close ping pong prepare receive receive_bytes receive_json receive_str send_bytes"
        " send_frame send_json send_str write write_eof __anext__"
    ),
    "aiohttp.web.Application": "cleanup shutdown startup",
    "aiohttp.web.AppRunner": "cleanup setup shutdown",
    "aiohttp.web.TCPSite": "start stop",
    # https://www.python-httpx.org/api/#response
    "httpx.Response": "aclose aread",
    # https://anyio.readthedocs.io/en/stable/api.html
    "anyio.abc.TaskGroup": "start",
    "anyio.streams.memory.MemoryObjectSendStream": "aclose send",
    "anyio.streams.memory.MemoryObjectReceiveStream": "aclose receive __anext__",
    "anyio.abc.SocketStream": "aclose receive send send_eof __anext__",
    "anyio.abc.ByteStream": "aclose receive send send_eof __anext__",
    "anyio.abc.SocketListener": "aclose serve",
    "anyio.Path": (
        "absolute chmod cwd exists expanduser group hardlink_to home is_dir is_fifo is_file"
        " is_mount is_socket is_symlink lstat mkdir open owner read_bytes read_text readlink"
        " rename replace resolve rmdir samefile stat symlink_to touch unlink write_bytes"
        " write_text"
    ),
    # https://trio.readthedocs.io/en/stable/reference-core.html and reference-io.html
    "trio.Nursery": "start",
    "trio.MemorySendChannel": "aclose send",
    "trio.MemoryReceiveChannel": "aclose receive __anext__",
    "trio.StapledStream": "aclose receive_some send_all send_eof wait_send_all_might_not_block",
    "trio.SocketStream": "aclose receive_some send_all send_eof wait_send_all_might_not_block",
    "trio.SocketListener": "accept aclose",
    # https://docs.python.org/3/reference/datamodel.html#asynchronous-iterators and PEP 525
    "collections.abc.AsyncGenerator": "__anext__ asend athrow aclose",
    "collections.abc.AsyncIterator": "__anext__",
    "contextlib.AbstractAsyncContextManager": "__aenter__ __aexit__",
    # https://docs.python.org/3/library/asyncio-eventloop.html#asyncio.Server
    "asyncio.Server": "serve_forever start_serving wait_closed",
    "asyncio.AbstractServer": "serve_forever start_serving wait_closed",
    # https://docs.python.org/3/library/contextlib.html#contextlib.AsyncExitStack
    "contextlib.AsyncExitStack": "aclose enter_async_context",
    # https://www.starlette.io/requests/, websockets/ and https://fastapi.tiangolo.com/reference/
    "starlette.requests.Request": "body close is_disconnected json send_push_promise",
    "starlette.websockets.WebSocket": (
        "accept close receive receive_bytes receive_json receive_text send send_bytes"
        " send_denial_response send_json send_text"
    ),
    "starlette.datastructures.UploadFile": "close read seek write",
    # https://websockets.readthedocs.io/en/stable/reference/asyncio/common.html
    "websockets.asyncio.connection.Connection": "close ping pong recv send wait_closed",
    # https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html
    "sqlalchemy.ext.asyncio.AsyncSession": (
        "aclose close close_all commit connection delete execute flush get get_one invalidate"
        " merge refresh reset rollback run_sync scalar scalars stream stream_scalars"
    ),
    "sqlalchemy.ext.asyncio.AsyncConnection": (
        "aclose close commit exec_driver_sql execute execution_options get_isolation_level"
        " get_raw_connection invalidate rollback run_sync scalar scalars start"
    ),
    "sqlalchemy.ext.asyncio.AsyncEngine": "dispose raw_connection",
    # https://sqlmodel.tiangolo.com (its source: a subclass of the above)
    "sqlmodel.ext.asyncio.session.AsyncSession": (
        "aclose close commit connection delete exec execute flush get get_one merge refresh"
        " rollback run_sync scalar scalars stream stream_scalars"
    ),
    # https://magicstack.github.io/asyncpg/current/api/index.html
    "asyncpg.Connection": (
        "add_listener close copy_from_query copy_from_table copy_records_to_table copy_to_table"
        " execute executemany fetch fetchmany fetchrow fetchval prepare reload_schema_state"
        " remove_listener reset reset_type_codec set_builtin_type_codec set_type_codec"
    ),
    "asyncpg.Pool": (
        "close copy_from_query copy_from_table copy_records_to_table copy_to_table execute"
        " executemany expire_connections fetch fetchmany fetchrow fetchval release"
    ),
    # https://aiosqlite.omnilib.dev/en/stable/api.html
    "aiosqlite.Connection": (
        "backup close commit create_function enable_load_extension interrupt load_extension"
        " rollback set_progress_handler set_trace_callback execute execute_fetchall"
        " execute_insert executemany executescript cursor"
    ),
    "aiosqlite.Cursor": "close execute executemany executescript fetchall fetchmany fetchone",
    # https://github.com/Tinche/aiofiles#usage
    "aiofiles.base.AsyncBase": (
        "close flush isatty peek read read1 readall readinto readline readlines"
        " seek seekable tell truncate writable write writelines"
    ),
    "aiofiles.os": (
        "access getcwd link listdir makedirs mkdir readlink remove removedirs rename renames"
        " replace rmdir scandir sendfile stat statvfs symlink unlink"
    ),
    "aiofiles.os.path": (
        "abspath exists getatime getctime getmtime getsize isdir isfile islink ismount samefile"
        " sameopenfile"
    ),
    # https://www.psycopg.org/psycopg3/docs/api/
    "psycopg.AsyncConnection": (
        "close commit connect execute rollback set_autocommit set_isolation_level set_read_only"
    ),
    "psycopg.AsyncCursor": "close execute executemany fetchall fetchmany fetchone scroll",
    # https://redis.readthedocs.io/en/stable/examples/asyncio_examples.html: commands of a client
    # that is no pipeline return the coroutine of `execute_command`
    "redis.asyncio.Redis": (
        "aclose append blpop brpop close dbsize decr decrby delete eval evalsha execute_command"
        " exists expire expireat flushall flushdb get getdel getex getrange getset hdel hexists"
        " hget hgetall hincrby hincrbyfloat hkeys hlen hmget hset hsetnx hvals incr incrby"
        " incrbyfloat info keys lindex linsert llen lpop lpush lrange lrem lset ltrim mget mset"
        " msetnx persist pexpire ping psetex pttl publish rename renamenx rpop rpoplpush rpush"
        " rpushx sadd scard scan sdiff set setex setnx setrange sinter sismember smembers smove"
        " spop srandmember srem strlen sunion time touch ttl type unlink xack xadd xclaim xdel"
        " xgroup_create xlen xpending xrange xread xreadgroup xtrim zadd zcard zcount zincrby"
        " zpopmax zpopmin zrange zrangebyscore zrank zrem zremrangebyscore zrevrange zscore"
    ),
    "redis.asyncio.client.Pipeline": "aclose discard execute reset unwatch watch",
    "redis.asyncio.client.PubSub": "aclose close connect get_message psubscribe reset subscribe",
    "redis.asyncio.lock.Lock": "acquire extend locked owned reacquire release",
    # https://pymongo.readthedocs.io/en/stable/api/pymongo/asynchronous/
    "pymongo.AsyncMongoClient": "aclose aconnect close drop_database list_database_names",
    "pymongo.asynchronous.database.AsyncDatabase": (
        "aggregate command create_collection drop_collection list_collection_names"
    ),
    "pymongo.asynchronous.collection.AsyncCollection": (
        "aggregate bulk_write count_documents create_index create_indexes delete_many delete_one"
        " distinct drop drop_index drop_indexes estimated_document_count find_one"
        " find_one_and_delete find_one_and_replace find_one_and_update index_information"
        " insert_many insert_one list_indexes rename replace_one update_many update_one"
    ),
    # https://docs.djangoproject.com/en/stable/topics/async/#queries-the-orm
    **dict.fromkeys(
        ("django.db.models.Manager", "django.db.models.QuerySet"),
        "aaggregate abulk_create abulk_update acontains acount acreate adelete aearliest aexists"
        " aexplain afirst aget aget_or_create ain_bulk alast alatest aupdate aupdate_or_create",
    ),
    "django.db.models.Model": "adelete arefresh_from_db asave",
    # https://channels.readthedocs.io/en/stable/topics/testing.html
    "asgiref.testing.ApplicationCommunicator": "receive_nothing receive_output send_input wait",
    "channels.testing.WebsocketCommunicator": (
        "connect disconnect receive_from receive_json_from receive_nothing receive_output"
        " send_input send_json_to send_to wait"
    ),
    "channels.testing.HttpCommunicator": "get_response receive_nothing send_input wait",
    "channels.layers.InMemoryChannelLayer": (
        "close flush group_add group_discard group_send new_channel receive send"
    ),
    # https://docs.aio-pika.com
    "aio_pika.RobustConnection": "close connect ready reconnect update_secret",
    "aio_pika.Channel": (
        "close declare_exchange declare_queue exchange_delete get_exchange get_queue queue_delete"
        " reopen set_qos"
    ),
    "aio_pika.Queue": "bind cancel consume declare delete get purge unbind",
    "aio_pika.Exchange": "bind declare delete publish unbind",
    # https://aiokafka.readthedocs.io/en/stable/api.html
    "aiokafka.AIOKafkaProducer": (
        "abort_transaction begin_transaction commit_transaction flush partitions_for send"
        " send_and_wait send_batch start stop"
    ),
    "aiokafka.AIOKafkaConsumer": (
        "beginning_offsets commit committed end_offsets getmany getone position start stop topics"
    ),
    # https://nats-io.github.io/nats.py/
    "nats.aio.client.Client": "close connect drain flush publish request rtt subscribe",
    # https://tortoise.github.io/models.html (its source: coroutine functions)
    "tortoise.models.Model": (
        "create delete fetch_related get_or_create in_bulk refresh_from_db save update_or_create"
    ),
    # https://beanie-odm.dev (its source: coroutine functions)
    "beanie.Document": (
        "create delete fetch_all_links fetch_link insert replace save save_changes sync get"
        " insert_many insert_one delete_all"
    ),
    # https://py.sdk.modelcontextprotocol.io
    "mcp.ClientSession": (
        "call_tool complete get_prompt initialize list_prompts list_resource_templates"
        " list_resources list_tools read_resource send_notification send_ping send_request"
    ),
    # https://python.temporal.io/temporalio.client.Client.html
    "temporalio.client.Client": "connect execute_workflow start_workflow",
    # https://playwright.dev/python/docs/api/class-page and class-locator, class-browser
    "playwright.async_api.Page": (
        "add_init_script add_script_tag add_style_tag bring_to_front check click close content"
        " dblclick dispatch_event drag_and_drop emulate_media evaluate evaluate_handle fill focus"
        " get_attribute go_back go_forward goto hover inner_html inner_text input_value is_checked"
        " is_disabled is_editable is_enabled is_hidden is_visible pause pdf press query_selector"
        " query_selector_all reload route screenshot select_option set_checked set_content"
        " set_input_files set_viewport_size tap text_content title type uncheck unroute"
        " wait_for_event wait_for_function wait_for_load_state wait_for_selector"
        " wait_for_timeout wait_for_url"
    ),
    "playwright.async_api.Locator": (
        "all all_inner_texts all_text_contents blur bounding_box check clear click count dblclick"
        " dispatch_event drag_to evaluate evaluate_all fill focus get_attribute hover inner_html"
        " inner_text input_value is_checked is_disabled is_editable is_enabled is_hidden"
        " is_visible press press_sequentially screenshot scroll_into_view_if_needed select_option"
        " set_checked set_input_files tap text_content type uncheck wait_for"
    ),
    "playwright.async_api.Browser": "close new_context new_page",
    "playwright.async_api.BrowserContext": (
        "add_cookies add_init_script clear_cookies close cookies grant_permissions new_page route"
        " set_extra_http_headers storage_state unroute"
    ),
    # https://sanic.dev/en/plugins/sanic-testing/clients.html
    "sanic_testing.testing.SanicASGITestClient": (
        "get post put patch delete options head request websocket"
    ),
}

# Other names of the same things: what a package re-exports, and a fork that keeps the names.
SAME: dict[str, str] = {
    "aiohttp.client.ClientSession": "aiohttp.ClientSession",
    "aiohttp.client_reqrep.ClientResponse": "aiohttp.ClientResponse",
    "aiohttp.client_ws.ClientWebSocketResponse": "aiohttp.ClientWebSocketResponse",
    "aiohttp.streams.StreamReader": "aiohttp.StreamReader",
    "aiohttp.pytest_plugin.AiohttpClient": "pytest_aiohttp.AiohttpClient",
    "aiohttp.pytest_plugin.AiohttpServer": "pytest_aiohttp.AiohttpServer",
    "asyncio.queues.Queue": "asyncio.Queue",
    "asyncio.locks.Event": "asyncio.Event",
    "asyncio.locks.Lock": "asyncio.Lock",
    "asyncio.streams.StreamReader": "asyncio.StreamReader",
    "asyncio.streams.StreamWriter": "asyncio.StreamWriter",
    "asyncio.subprocess.create_subprocess_exec": "asyncio.create_subprocess_exec",
    "asyncio.subprocess.create_subprocess_shell": "asyncio.create_subprocess_shell",
    "asyncpg.connection.Connection": "asyncpg.Connection",
    "asyncpg.pool.Pool": "asyncpg.Pool",
    "django.test.client.AsyncClient": "django.test.AsyncClient",
    "fastapi.Request": "starlette.requests.Request",
    "fastapi.UploadFile": "starlette.datastructures.UploadFile",
    "fastapi.WebSocket": "starlette.websockets.WebSocket",
    "redis.asyncio.client.Redis": "redis.asyncio.Redis",
    "redis.asyncio.StrictRedis": "redis.asyncio.Redis",
    "sqlalchemy.ext.asyncio.session.AsyncSession": "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.engine.AsyncEngine": "sqlalchemy.ext.asyncio.AsyncEngine",
    "sqlalchemy.ext.asyncio.engine.AsyncConnection": "sqlalchemy.ext.asyncio.AsyncConnection",
    "typing.AsyncGenerator": "collections.abc.AsyncGenerator",
    "typing.AsyncIterator": "collections.abc.AsyncIterator",
    "types.AsyncGeneratorType": "collections.abc.AsyncGenerator",
    "typing.AsyncContextManager": "contextlib.AbstractAsyncContextManager",
    "websockets.connect": "websockets.asyncio.client.connect",
    "websockets.client.connect": "websockets.asyncio.client.connect",
    "websockets.asyncio.client.ClientConnection": "websockets.asyncio.connection.Connection",
    "websockets.asyncio.server.ServerConnection": "websockets.asyncio.connection.Connection",
    "websockets.ClientConnection": "websockets.asyncio.connection.Connection",
    **{
        f"httpx2.{name}": f"httpx.{name}"
        for name in ("AsyncClient", "Response", "get", "post", "put", "delete", "patch", "request")
    },
}

_REQUESTS = ("get", "options", "head", "post", "put", "patch", "delete", "request")
_ANSWERS = {
    **{
        f"{client}.{name}": "aiohttp.ClientResponse"
        for client in ("aiohttp.ClientSession", "aiohttp.test_utils.TestClient")
        for name in _REQUESTS
    },
    "aiohttp.ClientSession.ws_connect": "aiohttp.ClientWebSocketResponse",
    "aiohttp.test_utils.TestClient.ws_connect": "aiohttp.ClientWebSocketResponse",
    **dict.fromkeys(
        (
            "aiofiles.open", "aiofiles.threadpool.open", "aiofiles.tempfile.TemporaryFile",
            "aiofiles.tempfile.NamedTemporaryFile", "aiofiles.tempfile.SpooledTemporaryFile",
        ),
        "aiofiles.base.AsyncBase",
    ),
    "aiosqlite.connect": "aiosqlite.Connection",
    "aiosqlite.Connection.cursor": "aiosqlite.Cursor",
    "aiosqlite.Connection.execute": "aiosqlite.Cursor",
    "asyncpg.create_pool": "asyncpg.Pool",
    "asyncpg.Pool.acquire": "asyncpg.Connection",
    "websockets.asyncio.client.connect": "websockets.asyncio.connection.Connection",
}  # fmt: skip
# `async with call() as name`: the class of `name` (documentation of each, as above).
ENTERED: dict[str, str] = {
    **_ANSWERS,
    "anyio.create_task_group": "anyio.abc.TaskGroup",
    "trio.open_nursery": "trio.Nursery",
    "httpx.AsyncClient.stream": "httpx.Response",
    "redis.asyncio.Redis.pipeline": "redis.asyncio.client.Pipeline",
    "redis.asyncio.Redis.pubsub": "redis.asyncio.client.PubSub",
    "sqlalchemy.ext.asyncio.AsyncEngine.begin": "sqlalchemy.ext.asyncio.AsyncConnection",
    "sqlalchemy.ext.asyncio.AsyncEngine.connect": "sqlalchemy.ext.asyncio.AsyncConnection",
    "sqlalchemy.ext.asyncio.async_sessionmaker.__call__": "sqlalchemy.ext.asyncio.AsyncSession",
    "sqlalchemy.ext.asyncio.async_sessionmaker.begin": "sqlalchemy.ext.asyncio.AsyncSession",
}
# `await call()`: the class of what it gives.
AWAITED: dict[str, str] = {
    **_ANSWERS,
    **{f"httpx.AsyncClient.{name}": "httpx.Response" for name in (*_REQUESTS, "send")},
    "anyio.connect_tcp": "anyio.abc.SocketStream",
    "anyio.connect_unix": "anyio.abc.SocketStream",
    "trio.open_tcp_stream": "trio.SocketStream",
    "asyncio.start_server": "asyncio.Server",
    "asyncio.start_unix_server": "asyncio.Server",
    "asyncio.AbstractEventLoop.create_server": "asyncio.Server",
    "asyncpg.connect": "asyncpg.Connection",
    "psycopg.AsyncConnection.connect": "psycopg.AsyncConnection",
    "playwright.async_api.Browser.new_page": "playwright.async_api.Page",
    "playwright.async_api.Browser.new_context": "playwright.async_api.BrowserContext",
    "playwright.async_api.BrowserContext.new_page": "playwright.async_api.Page",
}
# `call()`: the class of what it gives, where that is no class of the called name.
CALLED: dict[str, str] = {
    "redis.asyncio.from_url": "redis.asyncio.Redis",
    "redis.asyncio.Redis.from_url": "redis.asyncio.Redis",
    "redis.asyncio.Redis.pipeline": "redis.asyncio.client.Pipeline",
    "redis.asyncio.Redis.pubsub": "redis.asyncio.client.PubSub",
    "redis.asyncio.Redis.lock": "redis.asyncio.lock.Lock",
    "sqlalchemy.ext.asyncio.create_async_engine": "sqlalchemy.ext.asyncio.AsyncEngine",
    "sqlalchemy.ext.asyncio.async_sessionmaker": "sqlalchemy.ext.asyncio.async_sessionmaker",
    "sqlalchemy.ext.asyncio.async_sessionmaker.__call__": "sqlalchemy.ext.asyncio.AsyncSession",
    **{
        f"playwright.async_api.{owner}.{name}": "playwright.async_api.Locator"
        for owner in ("Page", "Locator")
        for name in (
            "locator", "get_by_role", "get_by_text", "get_by_label", "get_by_test_id",
            "get_by_placeholder", "get_by_title", "filter", "nth",
        )
    },
    **{
        f"django.db.models.{owner}.{name}": "django.db.models.QuerySet"
        for owner in ("Manager", "QuerySet")
        for name in ("all", "filter", "exclude", "order_by", "select_related", "prefetch_related")
    },
}  # fmt: skip
# `instance.attribute` and `Class.attribute`: the class of what that is.
ATTRIBUTES: dict[str, str] = {
    # https://docs.djangoproject.com/en/stable/topics/db/managers/
    "django.db.models.Model.objects": "django.db.models.Manager",
    # https://docs.djangoproject.com/en/stable/topics/testing/tools/#testing-asynchronous-code
    **{
        f"django.test.{name}.async_client": "django.test.AsyncClient"
        for name in ("TestCase", "SimpleTestCase", "TransactionTestCase", "LiveServerTestCase")
    },
    # https://docs.aiohttp.org/en/stable/testing.html#unittest-style
    "aiohttp.test_utils.AioHTTPTestCase.client": "aiohttp.test_utils.TestClient",
    "aiohttp.test_utils.AioHTTPTestCase.server": "aiohttp.test_utils.TestServer",
    "aiohttp.ClientResponse.content": "aiohttp.StreamReader",
    # https://sanic.dev/en/plugins/sanic-testing/clients.html
    "sanic.Sanic.asgi_client": "sanic_testing.testing.SanicASGITestClient",
    "sanic.app.Sanic.asgi_client": "sanic_testing.testing.SanicASGITestClient",
}
# Context managers that give themselves (documentation of each).
GIVE_THEMSELVES = frozenset(
    {
        "aiosqlite.Connection", "aiosqlite.Cursor", "asyncpg.Pool", "psycopg.AsyncConnection",
        "psycopg.AsyncCursor", "redis.asyncio.Redis", "redis.asyncio.client.Pipeline",
        "redis.asyncio.client.PubSub", "redis.asyncio.lock.Lock", "anyio.abc.TaskGroup",
        "anyio.abc.SocketStream", "anyio.streams.memory.MemoryObjectSendStream",
        "anyio.streams.memory.MemoryObjectReceiveStream", "trio.Nursery", "trio.SocketStream",
        "trio.MemorySendChannel", "trio.MemoryReceiveChannel", "trio.StapledStream",
        "sqlalchemy.ext.asyncio.AsyncSession", "sqlalchemy.ext.asyncio.AsyncConnection",
        "sqlmodel.ext.asyncio.session.AsyncSession", "httpx.Response", "aiohttp.ClientResponse",
        "contextlib.AsyncExitStack", "mcp.ClientSession", "pymongo.AsyncMongoClient",
        "websockets.asyncio.connection.Connection", "aio_pika.RobustConnection",
    }
)  # fmt: skip


def known_name(dotted: str) -> str:
    """Return the name under which the tables know a thing from outside, or a member of one."""
    if dotted in SAME:
        return SAME[dotted]
    owner, _, name = dotted.rpartition(".")
    return f"{SAME[owner]}.{name}" if owner in SAME else dotted
