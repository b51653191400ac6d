"""The walk over every node of a tree."""

import ast

from bot.analysis.source.walking import every_node

_EVERYTHING = """\
import os as system
from os import path as where


class Shop(Base, metaclass=Meta):
    @decorated(1, *more, key=value, **rest)
    async def test_all(self, /, first, *args: int, second=None, **kwargs) -> None:
        global count
        async with manager as entered, other:
            async for item in items:
                yield [one async for one in item if one], {1: 2, **rest}, {3 for _ in ()}
        try:
            del first[1:2:3], first.attribute
        except (OSError, *more) as error:
            raise ValueError from error
        else:
            assert (await call()), "text"
        finally:
            total: int = lambda x, y=1: -x + y if x < y <= 3 and not x else (yield x)
            total += f"{total!r:>{width}}" + b"bytes".decode()
        while (walrus := 1) is not None:
            break
        match subject:
            case True | None | False:
                pass
            case [1, *_, "text"] | {"key": value, **rest} | Point(x=0, y=-1) as both if both:
                nonlocal_name = ...
            case _:
                return
"""


def test_a_walk_meets_every_node_that_is_no_operator_and_no_context() -> None:
    tree = ast.parse(_EVERYTHING)
    left_out = ast.boolop | ast.operator | ast.unaryop | ast.cmpop | ast.expr_context | ast.alias
    expected = {one for one in ast.walk(tree) if not isinstance(one, left_out)}

    walked = every_node(tree)

    assert {one for one in walked if not isinstance(one, left_out)} == expected
    assert len(walked) == len(set(walked))


def test_a_walk_goes_in_the_order_of_the_source() -> None:
    tree = ast.parse("first(second, third)\nfourth + fifth")
    names = [one.id for one in every_node(tree) if isinstance(one, ast.Name)]
    assert names == ["first", "second", "third", "fourth", "fifth"]
