"""Which names a test may have replaced by mocks or stand-ins while it runs.

Read off the text, on the safe side: every attribute that is set and every string that could
name one counts, in the test itself and in all that is not another test.
"""

import ast
from collections.abc import Callable, Iterator

from bot.analysis.module import Definition, Module
from bot.analysis.resolver import Resolver
from bot.analysis.scopes import FunctionNode, Scope
from bot.analysis.values import Class

Names = frozenset[str]


class ReplacedNames:
    """Looks for replacements. `plugin_modules` gives the conftest files and plugins of a file."""

    def __init__(
        self, resolver: Resolver, plugin_modules: Callable[[Module], tuple[Module, ...]]
    ) -> None:
        self._resolver = resolver
        self._plugin_modules = plugin_modules

    def may_hold(self, name: str, module: Module, scope: Scope) -> bool:
        """Whether `name` may mean something else while the code of a scope runs."""
        if any(name in names for names in self._around(module, scope)):
            return True
        return any(name in self._outside_tests(one) for one in self._plugin_modules(module))

    def _around(self, module: Module, scope: Scope) -> Iterator[Names]:
        yield self._outside_tests(module)
        function, owner = _enclosing(module, scope)
        if function is not None:
            yield self._named_in(function.node)
        if owner is not None:
            for ancestor in self._resolver.mro(Class(module, owner)):
                if isinstance(ancestor, Class) and ancestor.module is not module:
                    yield self._outside_tests(ancestor.module)

    def _named_in(self, node: ast.AST) -> Names:
        return self._resolver.project.remember(
            ("replaced in", node), lambda: frozenset(_replaced(ast.walk(node))), cyclic=frozenset()
        )

    def _outside_tests(self, module: Module) -> Names:
        return self._resolver.project.remember(
            ("replaced outside tests", module),
            lambda: frozenset(_replaced(_outside_tests(module.tree))),
            cyclic=frozenset(),
        )


def _enclosing(module: Module, scope: Scope) -> tuple[Definition | None, Definition | None]:
    """Return the outermost function around a scope, and the class that it stands in."""
    if isinstance(scope.node, ast.Module):
        return None, None
    current: Definition | None = module.definition(scope.node)
    function: Definition | None = None
    while current is not None:
        if not current.is_class:
            function = current
        current = current.outer
    return function, function.owner if function is not None else None


def _outside_tests(tree: ast.Module) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, FunctionNode) and node.name.startswith("test"):
            continue
        yield node
        waiting.extend(ast.iter_child_nodes(node))


def _replaced(nodes: Iterator[ast.AST]) -> Iterator[str]:
    for node in nodes:
        match node:
            case ast.Attribute(attr=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Constant(value=str(text)):
                last = text.rpartition(".")[2]
                if last.isidentifier():
                    yield last
            case ast.Call(func=ast.Attribute(attr="multiple" | "configure_mock"), keywords=some):
                yield from (one.arg for one in some if one.arg)
            case _:
                continue
