"""What the code of a hook does to the tests that it is handed, one node at a time."""

import ast
from collections.abc import Iterator

from bot.analysis.collection.third_party import RUNNERS
from bot.analysis.source.module import Definition
from bot.analysis.source.scopes import FunctionNode, parameters
from bot.analysis.source.walking import every_node

ANY_NAME = "*"
_SWAPPED = frozenset(
    {
        "obj", "_obj", "runtest", "__class__", "_testfunc", "_testcase", "_fixtureinfo",
        "fixturenames",
    }
)  # fmt: skip


def registering(node: FunctionNode) -> Iterator[ast.Call]:
    """Yield the calls that hand a plugin to pytest's plugin manager."""
    for one in every_node(node):
        match one:
            case ast.Call(func=ast.Attribute(value=manager, attr="register" | "import_plugin")):
                names = {getattr(manager, "attr", ""), getattr(manager, "id", "")}
                if names & {"pluginmanager", "pm", "manager"}:
                    yield one
            case _:
                continue


def specified(definition: Definition) -> str | None:
    """Return the hook that `hookimpl(specname=...)` names.

    pytest looks at functions alone whose own names begin with `pytest_`
    (`PytestPluginManager.parse_hookimpl_opts`).
    """
    if not definition.name.startswith("pytest_"):
        return None
    for node in definition.node.decorator_list:
        match node:
            case ast.Call(func=ast.Attribute(attr="hookimpl") | ast.Name(id="hookimpl")):
                for one in node.keywords:
                    if one.arg == "specname" and isinstance(one.value, ast.Constant):
                        return str(one.value.value)
            case _:
                continue
    return None


def names_of_items(node: FunctionNode) -> set[str]:
    """Return the names that may stand for an item, or for several, in a hook."""
    loops = (one.target for one in every_node(node) if isinstance(one, ast.For))
    targets = (one for target in loops for one in every_node(target))
    return {one.arg for one in parameters(node)} | {
        one.id for one in targets if isinstance(one, ast.Name)
    }


def takes(node: FunctionNode) -> bool:
    """Whether a calling hook may run the test: it runs or awaits something, or returns."""
    for one in every_node(node):
        match one:
            case ast.Await() | ast.AsyncFunctionDef():
                return True
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                return True
            case ast.Call() if called(one) in RUNNERS:
                return True
            case _:
                continue
    return False


def makes(node: FunctionNode) -> bool:
    """Whether a making hook returns items of its own, or comes after others."""
    for one in every_node(node):
        match one:
            case ast.Return(value=ast.expr() as value) if not _is_none(value):
                return True
            case ast.Yield():
                return True
            case ast.Call() if called(one) == "append":
                return True
            case _:
                continue
    return False


def marks_or_sets(node: ast.AST) -> bool:
    """Whether a making hook changes what is collected."""
    match node:
        case ast.Attribute(ctx=ast.Store()) | ast.Attribute(attr="mark"):
            return True
        case ast.Call():
            return called(node) in {"setattr", "add_marker", "asyncio"}
        case _:
            return False


def swaps_item(node: ast.AST) -> bool:
    """Whether a hook may replace what an item calls, or the item, or run it."""
    if isinstance(node, ast.Call) and called(node) in RUNNERS - {"result"}:
        return True
    return replaces_item(node)


def replaces_item(node: ast.AST) -> bool:
    """Whether a hook may replace what an item calls, or the item."""
    match node:
        case ast.Attribute(attr=attribute, ctx=ast.Store()):
            return attribute in _SWAPPED
        case ast.Call(func=ast.Name(id="setattr") | ast.Attribute(attr="from_parent")):
            return True
        case _:
            return False


def parametrized(node: FunctionNode) -> frozenset[str]:
    """Return the names that `metafunc.parametrize` gives values to; ANY_NAME for computed ones."""
    found: set[str] = set()
    for one in every_node(node):
        match one:
            case ast.Call(
                func=ast.Attribute(attr="parametrize"), args=[ast.Constant(value=str(names)), *_]
            ):
                found |= {name.strip() for name in names.split(",")}
            case ast.Call():
                found.add(ANY_NAME)  # also a function that calls it
            case _:
                continue
    return frozenset(found)


def brings_along(node: ast.AST) -> bool:
    """Whether a hook may add marks by parameters, or the fixture by which anyio runs tests."""
    match node:
        case ast.keyword(arg="marks") | ast.Constant(value="anyio_backend"):
            return True
        case _:
            return False


def called(call: ast.Call) -> str:
    """Return the last part of the name of what is called."""
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


def given(call: ast.Call) -> tuple[ast.expr, ...]:
    """Return what a call is handed, by position or by name."""
    return (*call.args, *(keyword.value for keyword in call.keywords))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
