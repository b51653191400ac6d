"""What a name or expression can stand for, as far as source alone tells."""

import ast

from msgspec import Struct

from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, Scope


class External(Struct, frozen=True):
    """Something outside the repository, by its dotted name as it was imported."""

    dotted: str


class Function(Struct, frozen=True):
    """A function of the repository."""

    module: Module
    definition: Definition

    def __hash__(self) -> int:
        return hash(self.definition)

    @property
    def is_live(self) -> bool:
        """Whether it stands where code runs, not under a condition for type checkers."""
        return not self.definition.typing_only

    @property
    def node(self) -> FunctionNode:
        """The `def` statement."""
        assert isinstance(self.definition.node, FunctionNode)  # noqa: S101 - made by `defined`
        return self.definition.node


class Class(Struct, frozen=True):
    """A class of the repository."""

    module: Module
    definition: Definition

    def __hash__(self) -> int:
        return hash(self.definition)

    @property
    def node(self) -> ast.ClassDef:
        """The `class` statement."""
        assert isinstance(self.definition.node, ast.ClassDef)  # noqa: S101 - made by `defined`
        return self.definition.node

    @property
    def scope(self) -> Scope:
        """The names of the class body."""
        return self.module.scope_of(self.definition.node)


class Package(Struct, frozen=True):
    """A module or package of the repository: its file (if any) and its folder (if any)."""

    dotted: str
    path: str | None
    folder: str | None


class Expression(Struct, frozen=True):
    """The value of an expression that is more than a name, and where it stands."""

    module: Module
    scope: Scope
    node: ast.expr

    def __hash__(self) -> int:
        return hash(self.node)


class Unknown(Struct, frozen=True):
    """Anything: source does not tell."""


Value = External | Function | Class | Package | Expression | Unknown
UNKNOWN = Unknown()


def own_name(value: Function | Class) -> str:
    """Return the dotted name by which others know a definition of this repository.

    A framework's own repository holds under it what tables know of the framework.
    """
    if value.definition.outer is not None:
        return ""
    path = value.module.path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__")
    return f"{path.replace('/', '.')}.{value.definition.name}"


def defined(module: Module, definition: Definition) -> Function | Class:
    """Return the value of a `def` or `class` statement."""
    return (Class if definition.is_class else Function)(module, definition)
