"""What the compiler refuses is always compiled, and most of the rest never is."""

import ast
from textwrap import indent

import pytest

from bot.analysis.source.module import Module
from bot.analysis.source.refusable import is_refusable
from bot.analysis.source.source import decode

REFUSED = [
    "return 1",
    "class Shop:\n    return 1",
    "yield 1",
    "await call()",
    "def test():\n    await call()",
    "def test():\n    async with call():\n        pass",
    "def test():\n    async for one in call():\n        pass",
    "def test():\n    return [one async for one in call()]",
    "class Shop:\n    await call()",
    "async def test():\n    yield 1\n    return 2",
    "async def test():\n    yield from call()",
    "def test():\n    return [(yield one) for one in call()]",
    "break",
    "while True:\n    pass\nelse:\n    break",
    "for one in call():\n    def test():\n        continue",
    "def test(one, one):\n    pass",
    "test = lambda one, *, one: 1",
    "call(one=1, one=2)",
    "class Shop(one=1, one=2):\n    pass",
    "try:\n    pass\nexcept:\n    pass\nexcept ValueError:\n    pass",
    "one = *two",
    "*one, *two = three",
    "import os\nfrom __future__ import annotations",
    "from __future__ import flying_cars",
    "def test():\n    from os import *",
    "nonlocal one",
    "def test():\n    nonlocal one",
    "def outer():\n    def test():\n        one = 1\n        nonlocal one\n    one = 2",
    "def outer():\n    one = 2\n    def test(one):\n        nonlocal one",
    "def outer():\n    nonlocal one\n    def test():\n        nonlocal one",
    "def test():\n    one = 1\n    global one",
    "[two := 1 for two in call()]",
    "__debug__ = 1",
    "match one:\n    case two:\n        pass\n    case three:\n        pass",
]
TAKEN = '''"""What a file of tests holds."""
from __future__ import annotations

import os
from elsewhere import *

@decorated(1, *more, key=value, other=value, **rest)
class TestShop(Base, *bases, metaclass=Meta):
    async def test_all(self, /, first, *args: int, second=None, **kwargs) -> None:
        count = 0

        def counted():
            nonlocal count
            count += 1
            return count

        async with manager as entered, other:
            async for item in items:
                if (found := await item.look()) is None:
                    continue
                count += len([one async for one in item if one])
        for one in counted, *more:
            while True:
                break
            else:
                continue
        first, *rest = second[*first, 1]

    def fixture(self):
        yield from self.other()
        return lambda one, *two: one
'''


def module_of(text: str) -> Module:
    source = decode("test_shop.py", text.encode())
    return Module(source, ast.parse(text))


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_compiler_refuses_is_refusable(text: str) -> None:
    with pytest.raises(SyntaxError):
        compile(text, "test_shop.py", "exec", dont_inherit=True)

    assert is_refusable(module_of(text))


@pytest.mark.parametrize("text", REFUSED)
def test_it_is_refusable_inside_a_function_as_well(text: str) -> None:
    inner = "async def outer():\n" + indent(text, "    ")
    try:
        compile(inner, "test_shop.py", "exec", dont_inherit=True)
    except SyntaxError:
        assert is_refusable(module_of(inner))


def test_what_is_plainly_right_is_not() -> None:
    compile(TAKEN, "test_shop.py", "exec", dont_inherit=True)

    assert not is_refusable(module_of(TAKEN))
