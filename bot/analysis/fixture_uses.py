"""What is done with a fixture's value by those who ask for it, in whatever file they are.

Up to pytest 8 an async fixture that nothing sets up hands out its coroutine, and a test may
await that by itself. Once something sets the fixture up, such a test would await the value.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from bot.analysis.answer import Answer
from bot.analysis.fixtures import Fixture, Fixtures, requested
from bot.analysis.module import Module
from bot.analysis.plugins import PluginReader
from bot.analysis.project import Project
from bot.analysis.pytest_config import PytestRun
from bot.analysis.scopes import FunctionNode
from bot.analysis.values import Function
from bot.analysis.walking import every_node, own_nodes

# Beyond this, who asks for a fixture of a conftest file stays unknown.
_MAX_FILES = 300
_MAX_DEPTH = 5

# These take a coroutine or an async generator (asyncio, inspect, builtins, asgiref).
_CONSUMERS = frozenset(
    {
        "run", "run_until_complete", "wait_for", "gather", "wait", "create_task", "ensure_future",
        "shield", "as_completed", "run_coroutine_threadsafe", "async_to_sync", "anext", "aiter",
        "aclosing", "iscoroutine", "isawaitable", "isasyncgen",
    }
)  # fmt: skip
_PROTOCOL = frozenset({"__await__", "__anext__", "__aiter__", "asend", "cr_running", "ag_running"})


@dataclass(frozen=True, slots=True)
class Awaited:
    """`await value` by hand: the expression as a whole and what is awaited."""

    module: Module
    node: ast.Await


@dataclass(frozen=True, slots=True)
class Uses:
    """How the value of a fixture is used.

    Attributes:
        functions: the tests and fixtures that ask for it by a parameter or by name.
        awaited: where somebody awaits it by hand.
        consumed: lines, by module, where it is otherwise taken for a coroutine or generator.
        complete: whether everything that may ask for the fixture was looked at.
        read: whether anybody looks at the value at all.
        by_mark: whether a `usefixtures` mark names the fixture.
        others: whether a file that may get it (any, of an autouse fixture) names anyio or trio.
    """

    functions: tuple[Function, ...] = ()
    awaited: tuple[Awaited, ...] = ()
    consumed: tuple[tuple[Module, int], ...] = ()
    complete: bool = True
    read: bool = False
    by_mark: bool = False
    others: bool = False

    def __or__(self, other: "Uses") -> "Uses":
        return Uses(
            tuple(dict.fromkeys((*self.functions, *other.functions))),
            tuple(dict.fromkeys((*self.awaited, *other.awaited))),
            tuple(dict.fromkeys((*self.consumed, *other.consumed))),
            self.complete and other.complete,
            self.read or other.read,
            self.by_mark or other.by_mark,
            self.others or other.others,
        )


class FixtureUses:
    """Looks for those who ask for a fixture under one run."""

    def __init__(self, project: Project, fixtures: Fixtures, plugins: PluginReader) -> None:
        self._project = project
        self._fixtures = fixtures
        self._plugins = plugins

    def of(self, fixture: Fixture, run: PytestRun, depth: int = 0) -> Uses:
        """Return how the fixture's value is used wherever `run` may hand it out."""
        paths = self._reach(fixture.function.module, run)
        if paths is None or depth > _MAX_DEPTH:
            return Uses(complete=False)
        found = Uses()
        for path in paths:
            module = self._project.module(path)
            if module is not None and fixture.name in module.source.text:
                found |= self._in_module(fixture, module, run, depth)
            elif module is not None and fixture.autouse is not Answer.NO:
                found |= Uses(others=names_others(module))
        return found

    def _in_module(self, fixture: Fixture, module: Module, run: PytestRun, depth: int) -> Uses:
        by_mark = _is_in_mark(fixture.name, module)
        found = Uses(by_mark=by_mark)
        for function in self._askers(fixture, module, run):
            found |= self._in_function(fixture, function, run, depth)
        is_got = by_mark or bool(found.functions) or fixture.autouse is not Answer.NO
        return found | Uses(others=is_got and names_others(module))

    def _reach(self, module: Module, run: PytestRun) -> list[str] | None:
        """Return the files whose tests and fixtures may get a fixture of a file."""
        folder, _, name = module.path.rpartition("/")
        if name != "conftest.py":
            return [module.path] if run.collects_file(module.path) is not Answer.NO else None
        below = f"{folder}/" if folder else ""
        paths = [
            path
            for path in sorted(self._project.library.paths)
            if path.startswith(below) and _may_ask(path, run)
        ]
        return paths if len(paths) <= _MAX_FILES else None

    def _askers(self, fixture: Fixture, module: Module, run: PytestRun) -> Iterator[Function]:
        plugins = self._plugins.plugins(run, module)
        for definition in module.functions():
            if definition.outer is not None and definition.owner is None:
                continue
            function = Function(module, definition)
            is_asker = run.collects_function(definition.name) or self._fixtures.of_function(
                function
            )
            if is_asker and fixture.name in _asked_for(function.node):
                given = self._fixtures.given(fixture.name, function, plugins)
                if given is None or given.function == fixture.function:
                    yield function

    def _in_function(
        self, fixture: Fixture, function: Function, run: PytestRun, depth: int
    ) -> Uses:
        names = _names_of_value(fixture.name, function.node)
        awaited = [
            Awaited(function.module, node)
            for node in every_node(function.node)
            if isinstance(node, ast.Await) and _is_value(node.value, names, fixture.name)
        ]
        in_loop = isinstance(function.node, ast.AsyncFunctionDef)
        consumed = [
            (function.module, line)
            for node in every_node(function.node)
            if (line := _consuming_line(node, names, fixture.name, in_loop=in_loop)) is not None
        ]
        read = any(
            isinstance(node, ast.expr) and _is_value(node, names, fixture.name)
            for statement in function.node.body
            for node in every_node(statement)
        )
        uses = Uses((function,), tuple(awaited), tuple(consumed), read=read)
        own = self._fixtures.of_function(function)
        if own is not None and _hands_on(function.node, names, fixture.name):
            uses |= self.of(own, run, depth + 1)
        return uses


def names_others(module: Module) -> bool:
    """Whether a file names anyio or trio, whose plugins set up fixtures of their own tests."""
    return any(word in module.source.text for word in ("anyio", "trio"))


def gives_value(fixture: Fixture) -> bool:
    """Whether a fixture returns or yields anything."""
    return any(
        isinstance(node, ast.Return | ast.Yield)
        and node.value is not None
        and not (isinstance(node.value, ast.Constant) and node.value.value is None)
        for node in own_nodes(fixture.function.node)
    )


def _is_in_mark(name: str, module: Module) -> bool:
    if "usefixtures" not in module.source.text:
        return False
    return any(
        isinstance(argument, ast.Constant) and argument.value == name
        for node in every_node(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr == "usefixtures"
        for argument in node.args
    )


def _may_ask(path: str, run: PytestRun) -> bool:
    if path.rpartition("/")[2] == "conftest.py":
        return True
    return path.endswith(".py") and run.collects_file(path) is not Answer.NO


def _asked_for(node: FunctionNode) -> list[str]:
    """Return what a function asks for: by parameters, and by `getfixturevalue`."""
    by_name = (
        call.args[0].value
        for call in every_node(node)
        if isinstance(call, ast.Call) and _is_getfixturevalue(call)
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
    )
    return [*requested(node), *by_name]


def _is_getfixturevalue(call: ast.Call) -> bool:
    is_it = isinstance(call.func, ast.Attribute) and call.func.attr == "getfixturevalue"
    return is_it and len(call.args) == 1


def _is_value(node: ast.expr, names: frozenset[str], fixture: str) -> bool:
    """Whether an expression is the fixture's value: a name for it, or the request for it."""
    match node:
        case ast.Name(id=name):
            return name in names
        case ast.Call(args=[ast.Constant(value=value)]):
            return value == fixture and _is_getfixturevalue(node)
        case _:
            return False


def _names_of_value(fixture: str, node: FunctionNode) -> frozenset[str]:
    """Return the parameter and the variables that the value is assigned to."""
    names = frozenset({fixture}) if fixture in requested(node) else frozenset[str]()
    for one in every_node(node):
        match one:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_value(
                value, names, fixture
            ):
                names |= {name}
            case ast.NamedExpr(target=ast.Name(id=name), value=value) if _is_value(
                value, names, fixture
            ):
                names |= {name}
            case _:
                continue
    return names


def _consuming_line(
    node: ast.AST, names: frozenset[str], fixture: str, *, in_loop: bool
) -> int | None:
    """Return the line on which a node takes the value for a coroutine or async generator.

    Asking by name while a loop runs counts: no loop can set the fixture up there.
    """
    match node:
        case ast.Call(lineno=line) if in_loop and _is_value(node, frozenset(), fixture):
            return line
        case ast.Call(func=ast.Attribute(attr=called) | ast.Name(id=called), args=arguments):
            given = (one.value if isinstance(one, ast.Starred) else one for one in arguments)
            if called in _CONSUMERS and any(_is_value(one, names, fixture) for one in given):
                return node.lineno
        case ast.AsyncFor(iter=source, lineno=line) if _is_value(source, names, fixture):
            return line
        case ast.comprehension(iter=source, is_async=1) if _is_value(source, names, fixture):
            return source.lineno
        case ast.Attribute(value=value, attr=attribute) if _is_value(value, names, fixture):
            return node.lineno if attribute in _PROTOCOL else None
        case ast.Name(id=name, ctx=ast.Store(), lineno=line) if name == fixture in names:
            return line  # from here on the name means something else
        case ast.JoinedStr(lineno=line) if any(_awaits(one, names) for one in every_node(node)):
            return line  # Python 3.11 does not tell where in the string it stands
        case _:
            pass
    return None


def _awaits(node: ast.AST, names: frozenset[str]) -> bool:
    return isinstance(node, ast.Await) and _is_value(node.value, names, "")


def _hands_on(node: FunctionNode, names: frozenset[str], fixture: str) -> bool:
    """Whether a fixture gives the value on as its own."""
    return any(
        isinstance(one, ast.Return | ast.Yield)
        and one.value is not None
        and _is_value(one.value, names, fixture)
        for one in every_node(node)
    )
