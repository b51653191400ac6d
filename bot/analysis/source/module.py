"""One parsed file: its tree, its definitions and the scopes that its names live in."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from msgspec import Struct

from bot.analysis.source.scopes import (
    DefinitionNode,
    FunctionNode,
    Scope,
    build_scope,
    is_always_true,
    is_never_true,
    meant,
)
from bot.analysis.source.source import Source


class Definition(Struct, frozen=True, eq=False):
    """A `def` or `class` statement and where it stands. Compared by identity."""

    node: DefinitionNode
    qualname: str
    scope: Scope
    outer: "Definition | None" = None
    typing_only: bool = False

    @property
    def name(self) -> str:
        """The bare name."""
        return self.node.name

    @property
    def owner(self) -> "Definition | None":
        """The class whose body this stands in directly, if any."""
        return self.outer if self.outer and isinstance(self.outer.node, ast.ClassDef) else None

    @property
    def is_class(self) -> bool:
        """Whether this is a `class` statement."""
        return isinstance(self.node, ast.ClassDef)


@dataclass(slots=True, eq=False)
class Module:
    """One file. `scope` holds its global names; other scopes are built when asked for."""

    source: Source
    tree: ast.Module
    rewritten: frozenset[tuple[int, int]] = frozenset()
    scope: Scope = field(init=False)
    _definitions: "list[Definition] | None" = None
    _by_node: dict[DefinitionNode, Definition] = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]
    _scopes: dict[DefinitionNode, Scope] = field(default_factory=dict)  # pyright: ignore[reportUnknownVariableType]

    def __post_init__(self) -> None:
        self.scope = build_scope(self.tree)

    @property
    def path(self) -> str:
        """Where the file lies, relative to the root of the tree."""
        return self.source.path

    @property
    def definitions(self) -> list[Definition]:
        """Every `def` and `class` of the file, nested ones too, in source order."""
        if self._definitions is None:
            self._definitions = []
            self._collect(self.tree.body, None, typing_only=False)
        return self._definitions

    def definition(self, node: DefinitionNode) -> Definition:
        """Return the definition that `node` is."""
        _ = self.definitions
        return self._by_node[node]

    def scope_of(self, node: DefinitionNode) -> Scope:
        """Return the scope that a class or function opens."""
        if node not in self._scopes:
            self._scopes[node] = build_scope(node, self.definition(node).scope)
        return self._scopes[node]

    def text_of(self, definition: Definition) -> str:
        """Return the text of a definition, its decorators and whole lines included."""
        start, end = self.span_of(definition)
        return self.source.text[start:end]

    def span_of(self, definition: Definition) -> tuple[int, int]:
        """Return where that text begins and ends, in characters."""
        node = definition.node
        starts = self.source.line_starts
        first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
        end = node.end_lineno or node.lineno
        stop = starts[end] if end < len(starts) else len(self.source.text)
        return starts[first - 1], stop

    def functions(self) -> Iterator[Definition]:
        """Return every function of the file."""
        return (one for one in self.definitions if isinstance(one.node, FunctionNode))

    def classes(self) -> Iterator[Definition]:
        """Return every class of the file."""
        return (one for one in self.definitions if one.is_class)

    def _collect(
        self, body: list[ast.stmt], outer: Definition | None, *, typing_only: bool
    ) -> None:
        for statement in body:
            if isinstance(statement, DefinitionNode):
                self._define(statement, outer, typing_only=typing_only)
            elif isinstance(statement, ast.If):
                test = meant(statement.test, self.scope_of(outer.node) if outer else self.scope)
                never, always = is_never_true(test), is_always_true(test)
                self._collect(statement.body, outer, typing_only=typing_only or never)
                self._collect(statement.orelse, outer, typing_only=typing_only or always)
            else:
                for block in _blocks(statement):
                    self._collect(block, outer, typing_only=typing_only)

    def _define(
        self, node: DefinitionNode, outer: Definition | None, *, typing_only: bool
    ) -> None:
        assert self._definitions is not None  # noqa: S101 - only `definitions` calls this
        prefix = "" if outer is None else f"{outer.qualname}."
        scope = self.scope if outer is None else self.scope_of(outer.node)
        definition = Definition(node, prefix + node.name, scope, outer, typing_only)
        self._definitions.append(definition)
        self._by_node[node] = definition
        self._collect(node.body, definition, typing_only=typing_only)


def _blocks(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(statement, name, None):
            yield block
    for name in ("handlers", "cases"):
        for part in getattr(statement, name, ()):
            yield part.body
