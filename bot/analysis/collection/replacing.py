"""Code outside of pytest's hooks that replaces what tests call, or the mode that they run in.

A fixture or helper may set `request.node.obj`, a conftest file `config.option.asyncio_mode`, and
either may put something of its own in the place of unittest's class.
"""

import ast
import re
from collections.abc import Iterator

from bot.analysis.answer import Answer
from bot.analysis.source.module import Module
from bot.analysis.source.walking import every_node, nodes_of

_CALLED = frozenset({"obj", "_obj", "runtest"})
# `request.instance` is an object; what is called (`App.instance()`) is another thing.
_INSTANCE = re.compile(r"\.instance\b(?!\()")


def assigned_mode(module: Module) -> str | Answer:
    """Return the mode that a module sets by hand, as in `config.option.asyncio_mode = "auto"`.

    NO where it sets none, UNKNOWN where it cannot be told which.
    """
    text = module.source.text
    found: set[str | Answer] = {Answer.UNKNOWN} if "--asyncio-mode" in text else set()
    if "asyncio_mode" in text:
        found |= {said for node in every_node(module.tree) for said in _modes_set(node)}
    if not found:
        return Answer.NO
    return found.pop() if len(found) == 1 else Answer.UNKNOWN


def _modes_set(node: ast.AST) -> Iterator[str | Answer]:
    match node:
        case ast.Assign(targets=[target], value=value) if _is_mode(target):
            pass
        case ast.Call(
            func=ast.Name(id="setattr"), args=[_, ast.Constant(value="asyncio_mode"), value]
        ):
            pass
        case _:
            return
    match value:
        case ast.Constant(value=str(mode)):
            yield mode
        case _:
            yield Answer.UNKNOWN


def _is_mode(target: ast.expr) -> bool:
    match target:
        case ast.Attribute(attr="asyncio_mode"):
            return True
        case ast.Subscript(slice=ast.Constant(value="asyncio_mode")):
            return True
        case _:
            return False


def replaces_called(module: Module) -> bool:
    """Whether a fixture or helper replaces what an item calls (`request.node.obj = ...`)."""
    text = module.source.text
    if not any(name in text for name in (".obj", "._obj", 'obj"', "obj'", "runtest")):
        return False
    attributes = (one for one in nodes_of(module.tree, ast.Attribute) if one.attr in _CALLED)
    if any(isinstance(one.ctx, ast.Store) for one in attributes):
        return True
    return any(_sets_called(one) for one in nodes_of(module.tree, ast.Call))


def _sets_called(call: ast.Call) -> bool:
    match call:
        case ast.Call(
            func=ast.Attribute(attr="setattr") | ast.Name(id="setattr"),
            args=[_, ast.Constant(value=name), *_],
        ):
            return name in _CALLED
        case _:
            return False


def sets_on_instances(module: Module) -> bool:
    """Whether a fixture sets attributes, tests perhaps, of `request.instance` by their names."""
    if "setattr" not in module.source.text or not _INSTANCE.search(module.source.text):
        return False
    for node in nodes_of(module.tree, ast.Call):
        match node:
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(), *_]):
                continue
            case ast.Call(func=ast.Name(id="setattr")):
                return True
            case _:
                continue
    return False


def patches_unittest(module: Module) -> bool:
    """Whether a module sets `unittest.TestCase`, or an attribute of it."""
    if "TestCase" not in module.source.text:
        return False
    for node in nodes_of(module.tree, ast.Attribute):
        match node:
            case ast.Attribute(attr="TestCase", ctx=ast.Store()):
                return True
            case ast.Attribute(value=ast.Attribute(attr="TestCase"), ctx=ast.Store()):
                return True
            case ast.Attribute(value=ast.Name(id="TestCase"), ctx=ast.Store()):
                return True
            case _:
                continue
    return False
