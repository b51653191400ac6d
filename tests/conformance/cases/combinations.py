"""Every container with every pair of decorators, in every mode: what nobody thinks of singly."""

from collections.abc import Iterator
from itertools import product
from textwrap import dedent, indent

from tests.conformance.case import AUTO, Case

HEAD = """
    import asyncio
    import contextlib
    import functools
    import unittest
    from unittest import mock

    import pytest

    def lost(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return function(*args, **kwargs)
        return wrapper

    def kept(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            return await function(*args, **kwargs)
        return wrapper

    def blocking(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return asyncio.run(function(*args, **kwargs))
        return wrapper

    def tagged(function):
        function.tag = "tag"
        return function

    def looped(function):
        return pytest.mark.asyncio(function)

    @contextlib.contextmanager
    def managed():
        yield

    @contextlib.asynccontextmanager
    async def awaited():
        yield

    class Mixin:
        pass

    @pytest.mark.asyncio
    class MarkedMixin:
        pass

    class BaseCase(unittest.TestCase):
        pass

    class AsyncBase(unittest.IsolatedAsyncioTestCase):
        pass
"""
DECORATORS = {
    "bare": "",
    "marked": "@pytest.mark.asyncio",
    "slow": "@pytest.mark.slow",
    "looped": "@looped",
    "lost": "@lost",
    "kept": "@kept",
    "blocking": "@blocking",
    "tagged": "@tagged",
    "managed": "@managed()",
    "awaited": "@awaited()",
    "cached": "@functools.lru_cache",
    "patched": '@mock.patch("os.sep", "/")',
}
CLASSES = {
    "Plain": "class TestPlain:",
    "Marked": "@pytest.mark.asyncio\nclass TestMarked:",
    "Mixed": "class TestMixed(Mixin):",
    "MarkedBase": "class TestMarkedBase(Mixin, MarkedMixin):",
    "Case": "class TestCase(BaseCase):",
    "MarkedCase": "@pytest.mark.asyncio\nclass TestMarkedCase(BaseCase):",
    "Isolated": "class TestIsolated(AsyncBase):",
    "Both": "class TestBoth(BaseCase, AsyncBase):",
}


# Those that are stacked upon each other; every one stands alone too.
STACKED = ("marked", "lost", "kept", "blocking", "managed", "patched")
PAIRED = ("Plain", "Case", "Isolated")


def _single(argument: str) -> Iterator[str]:
    for name, line in DECORATORS.items():
        yield _test(name, argument, line)


def _pairs(argument: str) -> Iterator[str]:
    for upper, lower in product(STACKED, repeat=2):
        # asyncio.run inside a coroutine fails: the test runs and its body does not.
        if (upper, lower) != ("kept", "blocking"):
            yield _test(f"{upper}_{lower}", argument, DECORATORS[upper], DECORATORS[lower])


def _static() -> Iterator[str]:
    for kind, argument in (("staticmethod", ""), ("classmethod", "cls")):
        for name, line in DECORATORS.items():
            yield _test(f"{kind}_{name}", argument, f"@{kind}", line)
        for name in ("marked", "slow"):
            yield _test(f"{name}_{kind}", argument, DECORATORS[name], f"@{kind}")


def _test(name: str, argument: str, *decorators: str) -> str:
    return "\n".join([*filter(None, decorators), f"async def test_{name}({argument}): ran()"])


def _functions() -> str:
    return "\n\n".join([*_single(""), *_pairs("")])


def _methods(name: str) -> str:
    pairs = _pairs("self") if name in PAIRED else ()
    body = "\n".join([*_single("self"), *_static(), *pairs])
    return f"{CLASSES[name]}\n{indent(body, '    ')}"


def _files(ini: str, pytestmark: str) -> dict[str, str]:
    bodies = {"functions": _functions(), **{name.lower(): _methods(name) for name in CLASSES}}
    modules = {
        f"test_{name}.py": f"{dedent(HEAD)}\n\n{pytestmark}\n\n{body}\n"
        for name, body in bodies.items()
    }
    return {"pytest.ini": ini, **modules}


CASES = tuple(
    Case(
        f"Every container and pair of decorators in {mode} mode {marked} a module's marker",
        _files(ini, pytestmark),
    )
    for (mode, ini), (marked, pytestmark) in product(
        {"strict": "[pytest]\n", "auto": AUTO}.items(),
        {"without": "", "with": "pytestmark = pytest.mark.asyncio"}.items(),
    )
)
