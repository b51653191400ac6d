"""The walk over every node of a tree."""

import ast
from collections.abc import Iterator

from bot.analysis.source.scopes import FunctionNode
from bot.analysis.source.walking import every_node, own_nodes

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


def test_a_function_has_the_same_code_of_its_own_whether_its_file_was_walked_before_or_not() -> (
    None
):
    text = _EVERYTHING + "\n\ndef outer(one=lambda: 1):\n    def inner():\n        return one\n"
    walked, fresh = ast.parse(text), ast.parse(text)
    every_node(walked)

    assert [*own_code_of(walked)] == [*own_code_of(fresh)]


def own_code_of(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, FunctionNode):
            yield node.name, [ast.dump(one) for one in own_nodes(node)]
