"""Whether `self.name` may be another thing than what the class says that the code stands in.

A subclass may bring its own, and code that pytest runs only by way of subclasses is always code
of one of them, wherever that lies.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.analysis.awaiting.attributes import attributes_set
from bot.analysis.names.annotations import Type
from bot.analysis.names.function_syntax import is_first_parameter
from bot.analysis.names.resolver import Resolver
from bot.analysis.names.values import Class, Function
from bot.analysis.source.module import Module
from bot.analysis.source.scopes import FunctionNode, Scope

# What pytest or unittest call of a class that they collect.
_CALLED = re.compile(r"test|setup|teardown|async(?:SetUp|TearDown)", re.IGNORECASE)


class Overriding:
    """Facts about subclasses. `is_collected` tells whether pytest takes a class for tests."""

    def __init__(self, resolver: Resolver, is_collected: Callable[[Class], bool]) -> None:
        self._resolver = resolver
        self._is_collected = is_collected

    def may_hide(self, owner: Type, node: ast.Attribute, scope: Scope) -> bool:
        """Whether `self.name` in code of a class may mean what a subclass has under that name."""
        if not isinstance(owner, Class) or not isinstance(node.value, ast.Name):
            return False
        return self._may_override(owner, node.attr) and _is_itself(node.value, owner, scope)

    def is_answered_below(self, receiver: Class, owner: Class, names: Iterable[str]) -> bool:
        """Whether a class has another thing than its ancestor under a name that code of that asks.

        A method that hands on what `self.fetch()` gives may find a subclass's `fetch`.
        """
        return receiver != owner and any(
            self._resolver.class_attribute(receiver, name)
            != self._resolver.class_attribute(owner, name)
            or any(
                name in attributes_set(one, self._resolver)
                for one in self._between(receiver, owner)
            )
            for name in names
        )

    def _between(self, receiver: Class, owner: Class) -> Iterator[Class]:
        """Yield what comes before an ancestor in the MRO."""
        for one in self._resolver.mro(receiver):
            if one == owner:
                return
            if isinstance(one, Class):
                yield one

    def _may_override(self, owner: Class, name: str) -> bool:
        return self._resolver.project.remember(
            ("overriding", owner, name), lambda: self._compute(owner, name), cyclic=True
        )

    def _compute(self, owner: Class, name: str) -> bool:
        for value in self._bringing(owner.module).get(name, ()):
            if value != owner and owner in self._resolver.mro(value):
                return True
        return self._is_lent(owner) and not self._is_kept(owner, name)

    def _bringing(self, module: Module) -> Mapping[str, list[Class]]:
        """Return the classes of a file that have bases, by the names that they bring."""
        return self._resolver.project.remember(
            ("classes bringing", module), lambda: self._by_name(module), cyclic={}
        )

    def _by_name(self, module: Module) -> dict[str, list[Class]]:
        found: dict[str, list[Class]] = {}
        for value in (Class(module, one) for one in module.classes()):
            if value.node.bases:
                for name in value.scope.bindings.keys() | attributes_set(value, self._resolver):
                    found.setdefault(name, []).append(value)
        return found

    def _is_lent(self, owner: Class) -> bool:
        """Whether a class holds what pytest calls, and pytest calls it in subclasses alone."""
        return self._resolver.project.remember(
            ("lent", owner), lambda: self._compute_lent(owner), cyclic=True
        )

    def _compute_lent(self, owner: Class) -> bool:
        """With a constructor, neither the class nor what descends from it is collected."""
        if not any(map(_CALLED.match, owner.scope.bindings)) or self._is_collected(owner):
            return False
        constructors = self._resolver.class_attribute(owner, "__init__")
        return not any(isinstance(one, Function) for one in constructors)

    def _is_kept(self, owner: Class, name: str) -> bool:
        """Whether a subclass in the same file runs the code with what the class itself has."""
        own = self._resolver.class_attribute(owner, name)
        return any(
            self._resolver.class_attribute(one, name) == own and self._is_collected(one)
            for one in self._below(owner)
        )

    def _below(self, owner: Class) -> Iterator[Class]:
        for definition in owner.module.classes():
            value = Class(owner.module, definition)
            if value.node.bases and value != owner and owner in self._resolver.mro(value):
                yield value


def _is_itself(node: ast.Name, owner: Class, scope: Scope) -> bool:
    """Whether a name is the first parameter of a method of a class, from inside of it."""
    current: Scope | None = scope
    while current is not None and current.node is not owner.node:
        if isinstance(current.node, FunctionNode) and node.id in current.bindings:
            return is_first_parameter(ast.arg(node.id), current.node)
        current = current.parent
    return False
