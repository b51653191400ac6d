"""What a name means: through assignments, imports, re-exports, packages and class bodies.

Every question has several answers at once (a name bound under `try` and under `except`), and a
candidate that cannot be followed is `UNKNOWN`. Whoever asks decides what that means.
"""

import ast
import builtins
import sys
from collections.abc import Iterator
from functools import lru_cache

from bot.analysis.names.values import (
    UNKNOWN,
    Class,
    Expression,
    External,
    Function,
    Package,
    Unknown,
    Value,
    defined,
)
from bot.analysis.source.module import Definition, Module
from bot.analysis.source.project import Project
from bot.analysis.source.scopes import (
    Assigned,
    Binding,
    Defined,
    ImportedModule,
    ImportedName,
    Scope,
)

# pytest has imported these before any test file is, so a file of the same name in the
# repository never takes their place.
_ALWAYS_EXTERNAL = frozenset(sys.builtin_module_names) | {
    "abc", "argparse", "ast", "asyncio", "collections", "contextlib", "dataclasses", "enum",
    "functools", "importlib", "inspect", "io", "itertools", "json", "logging", "os", "pathlib",
    "pytest", "re", "types", "typing", "unittest", "warnings",
}  # fmt: skip
_MAX_DEPTH = 40
_MAX_STARS = 5
_UNBOUND = ("unbound",)


class Resolver:
    """Follows names over one round of a project."""

    def __init__(self, project: Project, import_roots: tuple[str, ...] = ()) -> None:
        self.project = project
        self._import_roots = import_roots

    def values(self, node: ast.expr, module: Module, scope: Scope) -> tuple[Value, ...]:
        """Return all that an expression may stand for."""
        if isinstance(node, ast.Name):
            return self.name(node.id, module, scope, getattr(node, "lineno", None))
        if not isinstance(node, ast.Attribute):
            return (Expression(module, scope, node),)
        bases = self.values(node.value, module, scope)
        if len(bases) == 1:
            return self.attribute(bases[0], node.attr)
        return _unique(found for base in bases for found in self.attribute(base, node.attr))

    def value(self, node: ast.expr, module: Module, scope: Scope) -> Value:
        """Return the one thing that an expression stands for, UNKNOWN if there are several."""
        found = self.values(node, module, scope)
        return found[0] if len(found) == 1 else UNKNOWN

    def dotted(self, node: ast.expr, module: Module, scope: Scope) -> str | None:
        """Return the dotted name of the external thing that an expression stands for."""
        found = self.value(node, module, scope)
        return found.dotted if isinstance(found, External) else None

    def decorator_names(self, function: Function) -> frozenset[str | None]:
        """Return the dotted names of what decorates a function; None for what is not external."""
        scope = function.definition.scope
        return frozenset(
            self.dotted(one, function.module, scope) for one in function.node.decorator_list
        )

    def fills_first(
        self, function: Function, called: ast.expr, module: Module, scope: Scope
    ) -> bool:
        """Whether a call fills the first parameter itself: that of a method, or a class method.

        It does not where a method is called of its class: `Shop.pay(shop, price)`.
        """
        names = self.decorator_names(function)
        if function.definition.owner is None or "builtins.staticmethod" in names:
            return False
        if "builtins.classmethod" in names:
            return True
        if not isinstance(called, ast.Attribute):
            return False
        return not isinstance(self.value(called.value, module, scope), Class)

    def name(
        self, name: str, module: Module, scope: Scope, line: int | None = None
    ) -> tuple[Value, ...]:
        """Look a name up as Python does: class bodies are invisible from functions in them.

        In its own scope a name means what it was bound to before `line`; in a scope around it,
        what it is bound to at the end, or where the class stands that the name is in. What a
        class body binds later it takes from around it: `class Shop: till = till()`.
        """
        current: Scope | None = scope
        while current is not None:
            if name in current.bindings and (current is scope or not current.is_class):
                if not _is_bound_later(name, current, line):
                    return self.bound(name, module, current, line)
            if line is not None:
                line = current.node.lineno if isinstance(current.node, ast.ClassDef) else None
            current = current.parent
        return self._from_stars(name, module) or _builtin(name)

    def bound(
        self, name: str, module: Module, scope: Scope, line: int | None = None
    ) -> tuple[Value, ...]:
        """Return what a name of this very scope stands for, at its end or before a line."""
        bindings = scope.effective(name, line)
        return self.project.remember(
            bindings or _UNBOUND,
            lambda: _unique(
                value for binding in bindings for value in self.meaning(binding, module, scope)
            ),
            cyclic=(UNKNOWN,),
        )

    def meaning(self, binding: Binding, module: Module, scope: Scope) -> tuple[Value, ...]:
        """Return what one binding gives its name."""
        match binding.meaning:
            case Defined(node=node):
                return (defined(module, module.definition(node)),)
            case ImportedModule(dotted=dotted):
                return (self.imported(dotted, module),)
            case ImportedName() as imported:
                return self._imported_name(imported, module)
            case Assigned(value=value) if value is not None:
                return self.values(value, module, scope)
            case _:
                return (UNKNOWN,)

    def attribute(self, value: Value, name: str) -> tuple[Value, ...]:
        """Return what `value.name` may stand for."""
        match value:
            case External(dotted=dotted):
                return _outside(f"{dotted}.{name}")
            case Package():
                return self._member_of_package(value, name)
            case Class():
                return self.class_attribute(value, name)
            case _:
                return (UNKNOWN,)

    def class_attribute(self, value: Class, name: str) -> tuple[Value, ...]:
        """Return what the first class of the MRO that binds `name` binds it to."""
        return self.project.remember(
            ("class attribute", value, name),
            lambda: self._compute_class_attribute(value, name),
            cyclic=(UNKNOWN,),
        )

    def _compute_class_attribute(self, value: Class, name: str) -> tuple[Value, ...]:
        for ancestor in self.mro(value):
            if not isinstance(ancestor, Class):
                return (UNKNOWN,)
            if name in ancestor.scope.bindings:
                return self.bound(name, ancestor.module, ancestor.scope)
        return (UNKNOWN,)

    # -- imports -------------------------------------------------------------------------

    def imported(self, dotted: str, module: Module) -> Value:
        """Return what `import dotted` gives: a file or package of the repository, or neither."""
        return self._find(dotted, module) or External(dotted)

    def _imported_name(self, imported: ImportedName, module: Module) -> tuple[Value, ...]:
        package = self.package_of(imported, module)
        if package is None:
            return (UNKNOWN,)
        if isinstance(package, Package) and package.path == module.path:
            # `from . import cases` inside the package itself names the module beside it
            below = self._at(f"{package.folder}/{imported.name}", imported.name)
            return (below or UNKNOWN,)
        return self.attribute(package, imported.name)

    def package_of(self, imported: ImportedName, module: Module) -> Value | None:
        """Return the module that a `from` import names; None where it leads out of the tree."""
        if imported.level == 0:
            return self.imported(imported.module, module)
        folder = module.path.rpartition("/")[0]
        for _ in range(imported.level - 1):
            if not folder:
                return None
            folder = folder.rpartition("/")[0]
        path = "/".join(filter(None, [folder, *imported.module.split(".")]))
        return self._at(path, imported.module or folder.replace("/", "."))

    def _find(self, dotted: str, module: Module) -> Package | None:
        top, *rest = dotted.split(".")
        if top in _ALWAYS_EXTERNAL or self._is_contested(top, module):
            return None
        namespace: Package | None = None
        for root in self._roots(module.path):
            first = self._at("/".join(filter(None, [root, top])), top)
            if first is None:
                continue
            found = self._below(first, rest, dotted)
            if found is not None and (found.path or first.path):
                return found
            namespace = namespace or found
        return namespace

    def _is_contested(self, top: str, module: Module) -> bool:
        """Whether several folders of the tree bring a top-level module of that name.

        Then the order of `sys.path` decides: where a file changes it, or where another folder of
        tests has such a module and may be imported first, nobody can tell from source.
        """
        folders = self.project.library.layout.top_level.get(top, ())
        if len(folders) < 2:  # noqa: PLR2004 - contested by two
            return False
        if "sys.path" in module.source.text:
            return True
        own = module.path.rpartition("/")[0]
        tests = self.project.library.layout.test_folders
        return own in folders and any(one in tests for one in folders if one != own)

    def _below(self, package: Package, rest: list[str], dotted: str) -> Package | None:
        current: Package | None = package
        for part in rest:
            if current is None or current.folder is None:
                return None
            current = self._at(f"{current.folder}/{part}", dotted)
        return current

    def _at(self, path: str, dotted: str) -> Package | None:
        """Return the module or package at `path` (without ending): packages come first."""
        if self.project.has(f"{path}/__init__.py"):
            return Package(dotted, f"{path}/__init__.py", path)
        if self.project.has(f"{path}.py"):
            return Package(dotted, f"{path}.py", None)
        if path in self.project.library.layout.python_folders:
            return Package(dotted, None, path)
        return None

    def _roots(self, path: str) -> Iterator[str]:
        """Yield the folders that imports of a file start from, the likeliest first.

        pytest's default import mode puts the first folder without `__init__.py` at or above a
        test file on `sys.path`; an installed project is found at the root or in `src`.
        """
        folder = path.rpartition("/")[0]
        while folder and self.project.has(f"{folder}/__init__.py"):
            folder = folder.rpartition("/")[0]
        yield folder
        yield from self._import_roots
        while True:
            yield from (folder, f"{folder}/src".lstrip("/"), f"{folder}/lib".lstrip("/"))
            if not folder:
                return
            folder = folder.rpartition("/")[0]

    def _member_of_package(self, package: Package, name: str) -> tuple[Value, ...]:
        return self.project.remember(
            ("member", package, name),
            lambda: self._compute_member(package, name),
            cyclic=(UNKNOWN,),
        )

    def _compute_member(self, package: Package, name: str) -> tuple[Value, ...]:
        module = self.project.module(package.path) if package.path else None
        if module is not None and name in module.scope.bindings:
            return self.bound(name, module, module.scope)
        if package.folder is not None:
            below = self._at(f"{package.folder}/{name}", f"{package.dotted}.{name}")
            if below is not None:
                return (below,)
        if module is None:
            return (UNKNOWN,)
        return self._from_stars(name, module) or (UNKNOWN,)

    def _from_stars(self, name: str, module: Module) -> tuple[Value, ...]:
        """Look through `from x import *`; the last star that has the name wins."""
        if name.startswith("_"):
            return ()
        for star in reversed(module.scope.stars):
            package = self.package_of(star, module)
            if isinstance(package, Package):
                found = self._member_of_package(package, name)
                if found != (UNKNOWN,):
                    return found
            elif isinstance(package, External) and not hasattr(builtins, name):
                return (External(f"{package.dotted}.{name}"),)
        return ()

    def names_of_star(self, star: ImportedName, module: Module, depth: int = 0) -> Iterator[str]:
        """Yield the names that `from x import *` may bring from a file of the repository."""
        package = self.package_of(star, module)
        if not isinstance(package, Package) or package.path is None or depth > _MAX_STARS:
            return
        source = self.project.module(package.path)
        if source is None:
            return
        yield from (name for name in source.scope.bindings if not name.startswith("_"))
        for inner in source.scope.stars:
            yield from self.names_of_star(inner, source, depth + 1)

    # -- classes -------------------------------------------------------------------------

    def bases(self, value: Class) -> tuple[Value, ...]:
        """Return the direct bases; one that cannot be followed is UNKNOWN."""
        return tuple(self._base(base, value) for base in value.node.bases)

    def _base(self, node: ast.expr, value: Class) -> Value:
        while isinstance(node, ast.Subscript):  # Generic[T], Base[Model]
            node = node.value
        found = self.value(node, value.module, value.definition.scope)
        return UNKNOWN if isinstance(found, Expression | Package) else found

    def mro(self, value: Class) -> tuple[Value, ...]:
        """Return the classes in method resolution order, external ones as leaves.

        C3 as in https://docs.python.org/3/howto/mro.html; where the order is inconsistent (Python
        would refuse the class) or a base is UNKNOWN, UNKNOWN stands in the list.
        """
        return self.project.remember(
            ("mro", value), lambda: self._linearised(value), cyclic=(value, UNKNOWN)
        )

    def _linearised(self, value: Class) -> tuple[Value, ...]:
        bases = self.bases(value)
        sequences: list[list[Value]] = [
            list(self.mro(base)) if isinstance(base, Class) else [base] for base in bases
        ]
        sequences.append(list(bases))
        merged: list[Value] = [value]
        while sequences := [sequence for sequence in sequences if sequence]:
            head = _next_head(sequences)
            if head is None or len(merged) > _MAX_DEPTH * 5:
                return (*merged, UNKNOWN)
            merged.append(head)
            for sequence in sequences:
                while head in sequence:
                    sequence.remove(head)
        return tuple(merged)


def is_unknown(values: tuple[Value, ...]) -> bool:
    """Whether any candidate cannot be followed."""
    return not values or any(isinstance(value, Unknown) for value in values)


def _next_head(sequences: list[list[Value]]) -> Value | None:
    for sequence in sequences:
        head = sequence[0]
        if isinstance(head, Unknown) or not any(head in other[1:] for other in sequences):
            return head
    return None


@lru_cache(maxsize=4096)
def _outside(dotted: str) -> tuple[Value, ...]:
    return (External(dotted),)


def _unique(values: Iterator[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values)) or (UNKNOWN,)


@lru_cache(maxsize=1024)
def _builtin(name: str) -> tuple[Value, ...]:
    return (External(f"builtins.{name}"),) if hasattr(builtins, name) else (UNKNOWN,)


def owner_class(module: Module, definition: Definition) -> Class | None:
    """Return the class whose body a definition stands in."""
    return Class(module, definition.owner) if definition.owner else None


def _is_bound_later(name: str, scope: Scope, line: int | None) -> bool:
    """Whether a class body binds a name only on a line or behind it."""
    if line is None or not scope.is_class:
        return False
    return all(one.line >= line for one in scope.bindings[name])
