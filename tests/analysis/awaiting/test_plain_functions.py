"""A function that is said to give a plain value really gives one."""

import inspect
from textwrap import dedent
from typing import Any

from bot.analysis.awaiting.plain_functions import gives_plain_value
from bot.analysis.names.values import Function
from bot.analysis.source.module import Module
from tests.analysis.facts_of import facts_of

FUNCTIONS = """
    import asyncio
    import functools
    from collections.abc import Awaitable
    from typing import Any

    def plain_nothing():
        print("called")

    def plain_constant():
        return 3

    def plain_either():
        if plain_constant() == 4:
            return "four"
        return [4]

    def plain_declared() -> dict[str, int]:
        return vars(asyncio).get("no such name", {})

    @staticmethod
    def plain_static():
        return 3

    async def coroutine():
        return 3

    def handed_on():
        return coroutine()

    def unknown():
        return vars()["handed_on"] if False else handed_on()

    def declared_vaguely() -> Any:
        return coroutine()

    def declared() -> Awaitable[int]:
        return coroutine()

    def declared_in_quotes() -> "Awaitable[int]":
        return coroutine()

    @functools.wraps(coroutine)
    def wrapped():
        return coroutine()

    def returned_name():
        made = coroutine()
        return made

    def empty_ellipsis(): ...

    def empty_documented():
        '''To be done.'''
        raise NotImplementedError
"""


def test_a_plain_value_is_said_of_functions_that_give_one_and_of_no_other() -> None:
    facts = facts_of({"shop.py": FUNCTIONS})
    module = facts.project.module("shop.py")
    assert isinstance(module, Module)

    said = {
        one.name
        for one in module.functions()
        if gives_plain_value(Function(module, one), facts.decorators, facts.awaitables)
    }

    assert said == {name for name in observed() if name.startswith("plain_")}
    assert said == {name for name, is_awaitable in observed().items() if not is_awaitable}


def observed() -> dict[str, bool]:
    """Call what is not empty, for real: does it give something to await?"""
    names: dict[str, Any] = {}
    exec(dedent(FUNCTIONS), names)  # noqa: S102 - our own lines above
    found: dict[str, bool] = {}
    for name, value in names.items():
        if callable(value) and getattr(value, "__module__", None) not in {
            "collections.abc",
            "typing",
        }:
            if not name.startswith(("empty", "__")):
                given = value()
                found[name] = inspect.isawaitable(given)
                if inspect.iscoroutine(given):
                    given.close()
    return found
