"""An async function of the tests blocks the event loop.

## What it finds

`time.sleep` and the blocking calls of requests, urllib and httpx in async tests and fixtures,
where no word of the function says that blocking is what it wants.

## Why it matters

While it blocks nothing else runs: no task, no server of the same loop, no timeout. Tests get
slow, and what they wait for may be unable to happen.

## Fix

`time.sleep(x)` becomes `await asyncio.sleep(x)`. Unsafe: other tasks then run in between.
"""

import ast
import re
from collections.abc import Iterator

from bot.analysis.awaiting.call_uses import last_name
from bot.analysis.awaiting.third_party_calls import BLOCKING
from bot.analysis.checked_file import CheckedFile
from bot.analysis.finding import Finding, Severity
from bot.analysis.fix import Edit, Fix, Safety
from bot.analysis.names.values import External, Function
from bot.analysis.rule import Bad, Good, Rule
from bot.analysis.source.module import Definition

rule = Rule(
    __name__,
    __doc__,
    code="AWT211",
    severity=Severity.NOTICE,
    examples=[
        Bad(
            """
            import time

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                time.sleep(0.1)  # error
            """,
            fixed="""
            import asyncio
            import time

            import pytest

            @pytest.mark.asyncio
            async def test_total():
                await asyncio.sleep(0.1)
            """,
            safety=Safety.UNSAFE,
            says="blocks the event loop",
        ),
        Bad(
            """
            import pytest
            import requests

            @pytest.fixture
            async def page():
                return requests.get("http://127.0.0.1")  # error
            """,
        ),
        Bad(
            """
            import time

            import pytest

            @pytest.mark.trio
            async def test_total():
                time.sleep(0.1)  # error
            """,
        ),
        Good(
            """
            import asyncio
            import time

            import pytest

            def test_sync():
                time.sleep(0.1)

            @pytest.mark.asyncio
            async def test_total():
                time.sleep(0)
                await asyncio.to_thread(time.sleep, 0.1)
                await asyncio.get_running_loop().run_in_executor(None, lambda: time.sleep(1))
            """,
            because="the loop is not blocked",
        ),
        Good(
            """
            import time
            from time import sleep as real_sleep

            import pytest

            @pytest.mark.asyncio
            async def test_deadline():
                time.sleep(0.1)  # noqa: ASYNC251

            @pytest.mark.asyncio
            async def test_slow_loop():
                time.sleep(0.1)  # block the loop

            @pytest.mark.asyncio
            async def test_keepalive_through_sync_sleep():
                time.sleep(0.1)

            @pytest.mark.asyncio
            async def test_file_times():
                real_sleep(0.1)

            @pytest.mark.asyncio
            async def test_helpers():
                async def slow():
                    time.sleep(0.1)

                await slow()

            @pytest.mark.asyncio
            async def test_sync_sleep_defeats_the_deadline():
                class Till:
                    async def total(self):
                        time.sleep(0.1)

                await Till().total()

            @pytest.mark.asyncio
            async def test_worker(app):
                class Worker:
                    async def work(self):
                        time.sleep(0.1)

                await app.run(Worker().work, thread=True)
            """,
            because="it blocks on purpose, or perhaps",
        ),
        Good(
            """
            import time

            import pytest

            @pytest.mark.asyncio
            async def test_total(till):
                for sale in till:
                    if sale:
                        return await sale
                        time.sleep(0.1)
                if SYNC:
                    time.sleep(0.1)

            SYNC = False
            """,
            because="it never comes to that",
        ),
        Good(
            """
            import time

            import pytest

            @pytest.mark.asyncio
            async def test_total(monkeypatch):
                monkeypatch.setattr(time, "sleep", lambda seconds: None)
                time.sleep(1)
            """,
            because="the test has replaced it",
        ),
        Good(
            """
            import pytest
            import requests
            import responses

            @pytest.mark.asyncio
            async def test_page():
                requests.get("http://127.0.0.1")
            """,
            because="the answer comes from a double",
        ),
    ],
)
# Words of who blocks on purpose: names, comments for people, and for other linters.
_BLOCKING = re.compile(r"block|(?<!a)sync_|noqa: *ASYNC|\bthread=True", re.IGNORECASE)
# Libraries that answer requests without a network.
_DOUBLES = ("responses", "requests_mock", "httpretty", "respx", "pytest_httpx", "vcr", "moto")


@rule.on(CheckedFile)
def check(file: CheckedFile, _: CheckedFile) -> Iterator[Finding]:
    """Report blocking calls of async functions."""
    for definition in file.module.functions():
        if not isinstance(definition.node, ast.AsyncFunctionDef) or definition.typing_only:
            continue
        if definition.outer is None or definition.owner is not None:
            found = [*_in_function(Function(file.module, definition), file)]
            if found and not _BLOCKING.search(file.module.text_of(_outermost(definition))):
                yield from found


def _outermost(definition: Definition) -> Definition:
    """Return the outermost function around one, or itself."""
    found = definition
    while definition.outer is not None:
        definition = definition.outer
        found = found if definition.is_class else definition
    return found


def _in_function(function: Function, file: CheckedFile) -> Iterator[Finding]:
    scope = file.module.scope_of(function.node)
    for call in file.facts.call_uses.body(function).calls():
        called = file.facts.resolver.value(call.func, file.module, scope)
        if not isinstance(called, External) or called.dotted not in BLOCKING:
            continue
        if _is_harmless(call, called.dotted, function, file):
            continue
        yield rule.finding(
            file.place_of_node(call),
            f"`{called.dotted}` blocks the event loop: nothing else runs meanwhile",
            symbol=function.definition.qualname,
            fix=_fix(call, file) if called.dotted == "time.sleep" else None,
            advice="use an async counterpart, or `asyncio.to_thread`",
        )


def _is_harmless(call: ast.Call, dotted: str, function: Function, file: CheckedFile) -> bool:
    match call.args:
        case [ast.Constant(value=0)]:
            return True
        case _ if last_name(call.func) != dotted.rpartition(".")[2]:
            return True
        case _:
            text = file.module.source.text
            if dotted != "time.sleep" and any(word in text for word in _DOUBLES):
                return True
            scope = file.module.scope_of(function.node)
            return file.facts.replaced.may_hold(last_name(call.func), file.module, scope)


def _fix(call: ast.Call, file: CheckedFile) -> Fix | None:
    if file.framework.mark != "asyncio":
        return None
    return file.fix(Safety.UNSAFE, "Use `asyncio.sleep`", lambda: _edits(call, file))


def _edits(call: ast.Call, file: CheckedFile) -> Iterator[Edit]:
    name, imports = file.editor.imports.module("asyncio", before=call.lineno)
    yield from imports
    yield file.editor.replace_expression(call.func, f"await {name}.sleep")
