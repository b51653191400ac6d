"""What the code of a test comes to: the functions of the repository that it calls, in turn.

Methods are found where the class of the receiver is certain. A function that the test replaces
is not entered. What cannot be followed makes a reach incomplete only where it could lead back
into the repository: calls on fixtures and on attributes, and of third-party code.
"""

import ast
import sys
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from bot.analysis.awaiting.instances import Instances
from bot.analysis.mocks.mocks import method
from bot.analysis.names.paths_of_names import certain_statements, is_guarded, path_of
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, External, Function, Value
from bot.analysis.source.scopes import Parameter
from bot.analysis.source.walking import below, every_node

_MAX_DEPTH = 4
_MAX_FUNCTIONS = 60
# What runs when an instance is made.
_CONSTRUCTORS = ("__init__", "__post_init__")
_TEST_TOOLS = frozenset({"pytest", "mock", "pytest_asyncio", "hypothesis"})


class Reached(Struct, frozen=True):
    """A function that is come to.

    Attributes:
        receiver: the class of `self`, where the function is a method.
        certain: whether nothing stands between the start of the test and it.
        depth: how many calls away it is.
    """

    function: Function
    receiver: Class | None
    certain: bool = True
    depth: int = 0


class Reach(Struct, frozen=True):
    """All that is come to, the test itself first; `complete` if nothing can be missing."""

    functions: tuple[Reached, ...]
    complete: bool


class ReachReader:
    """Follows calls from a function on."""

    def __init__(self, resolver: Resolver, instances: Instances) -> None:
        self._resolver = resolver
        self._instances = instances

    def of(self, start: Reached, replaced: frozenset[Value]) -> Reach:
        """Return what a function comes to while `replaced` stand for something else."""
        found = {start.function: start}
        waiting = [start]
        complete = True
        while waiting:
            caller = waiting.pop(0)
            for call, certain in _calls(caller.function):
                callees = list(self._entered(call, caller, certain=certain))
                if not callees and caller is start and self._may_lead_on(call, caller):
                    complete = False
                for callee in callees:
                    if callee.function in found or callee.function in replaced:
                        continue
                    found[callee.function] = callee
                    if callee.depth < _MAX_DEPTH and len(found) < _MAX_FUNCTIONS:
                        waiting.append(callee)
        return Reach(tuple(found.values()), complete)

    def _entered(self, call: ast.Call, caller: Reached, *, certain: bool) -> Iterator[Reached]:
        """Yield the functions of the repository that a call enters."""
        callee, receiver = self._callee(call, caller)
        entered: list[Function | None] = []
        if isinstance(callee, Function):
            entered = [callee]
        elif isinstance(callee, Class):
            receiver = callee
            entered = [method(self._resolver, callee, name) for name in _CONSTRUCTORS]
        for function in entered:
            if function is not None:
                sure = certain and caller.certain
                yield Reached(function, receiver, sure, caller.depth + 1)

    def _callee(self, call: ast.Call, caller: Reached) -> tuple[Value | None, Class | None]:
        function = caller.function
        scope = function.module.scope_of(function.node)
        if isinstance(call.func, ast.Attribute):
            owner = self._class_of(call.func.value, caller)
            if owner is not None:
                return method(self._resolver, owner, call.func.attr), owner
        return self._resolver.value(call.func, function.module, scope), None

    def _class_of(self, node: ast.expr, caller: Reached) -> Class | None:
        function = caller.function
        arguments = function.node.args
        first = next(iter((*arguments.posonlyargs, *arguments.args)), None)
        if isinstance(node, ast.Name) and first is not None and node.id == first.arg:
            if caller.receiver is not None:
                return caller.receiver
        scope = function.module.scope_of(function.node)
        return self._instances.class_of(node, function.module, scope)

    def _may_lead_on(self, call: ast.Call, caller: Reached) -> bool:
        """Whether a call that is not followed may come back to code of the repository."""
        function = caller.function
        path = path_of(call.func)
        if path is None or (path.segments[-1:] and path.segments[-1].startswith("assert")):
            return False
        scope = function.module.scope_of(function.node)
        meanings = [one.meaning for one in scope.bindings.get(path.root, ())]
        if any(isinstance(one, Parameter) for one in meanings):
            return path.root not in {"self", "cls", "monkeypatch"} or len(path.segments) > 1
        value = self._resolver.value(ast.Name(id=path.root), function.module, scope)
        return isinstance(value, External) and not _is_tool(value)


def _is_tool(value: External) -> bool:
    top = value.dotted.partition(".")[0]
    return top in sys.stdlib_module_names or top in _TEST_TOOLS or top == "builtins"


@lru_cache(maxsize=4096)
def _calls(function: Function) -> tuple[tuple[ast.Call, bool], ...]:
    """Return every call below a function, nested functions too, and whether it is certain."""
    return tuple(_found_calls(function))


def _found_calls(function: Function) -> Iterator[tuple[ast.Call, bool]]:
    certain = certain_statements(function.node.body)
    for statement in function.node.body:
        own = set(below(statement))
        for node in every_node(statement):
            if isinstance(node, ast.Call):
                sure = statement in certain and node in own and not is_guarded(node, statement)
                yield node, sure
