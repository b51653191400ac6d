"""What names a module, class or function binds, and to what, read off the syntax alone.

A scope keeps every binding of a name in source order. A binding under `if`, `try`, a loop or
`with` is conditional: it does not hide what was bound before it.
"""

import ast
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
DefinitionNode = FunctionNode | ast.ClassDef


# The oldest Python that any pytest with a supported async plugin runs on.
_OLDEST = (3, 8)
# Whatever they have today they have had since then (AsyncMock, IsolatedAsyncioTestCase).
_ALWAYS_THERE = frozenset({"unittest", "unittest.mock"})
_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class ImportedModule(Struct, frozen=True):
    """`import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`."""

    dotted: str


class ImportedName(Struct, frozen=True):
    """`from module import name`; `level` counts the leading dots."""

    module: str
    level: int
    name: str


class Defined(Struct, frozen=True):
    """A `def` or `class` statement."""

    node: DefinitionNode


class Assigned(Struct, frozen=True):
    """`name = value`, `name: annotation = value` or (without a value) `name: annotation`."""

    value: ast.expr | None
    annotation: ast.expr | None = None


class Entered(Struct, frozen=True):
    """`with value as name`."""

    value: ast.expr
    is_async: bool


class Unpacked(Struct, frozen=True):
    """One of several targets: `first, second = value`, `with value as (first, second)`."""

    source: Assigned | Entered
    position: int


class Parameter(Struct, frozen=True):
    """A parameter of a function."""

    node: ast.arg


class Opaque(Struct, frozen=True):
    """Bound to something that the syntax does not tell: a loop variable, `first, *rest`, `del`."""


Meaning = (
    ImportedModule | ImportedName | Defined | Assigned | Entered | Unpacked | Parameter | Opaque
)


class Binding(Struct, frozen=True, eq=False):
    """One place where a name gets a meaning. Compared by identity."""

    meaning: Meaning
    line: int
    conditional: bool = False
    typing_only: bool = False


class Scope(Struct, eq=False):
    """The names of one module, class or function. Compared by identity."""

    node: ast.Module | DefinitionNode
    parent: "Scope | None" = None
    bindings: dict[str, list[Binding]] = field(default_factory=dict[str, list[Binding]])
    stars: list[ImportedName] = field(default_factory=list[ImportedName])
    _alone: dict[str, tuple[Binding, ...]] = field(default_factory=dict[str, tuple[Binding, ...]])

    @property
    def top(self) -> "Scope":
        """The scope of the module."""
        return self if self.parent is None else self.parent.top

    @property
    def is_class(self) -> bool:
        """Whether the names are attributes of a class."""
        return isinstance(self.node, ast.ClassDef)

    def effective(self, name: str, before: int | None = None) -> tuple[Binding, ...]:
        """Return what `name` may mean at the end of the scope, or at a line of it.

        Nothing hides a conditional binding but an unconditional one behind it.
        """
        bindings = self.bindings.get(name, [])
        if len(bindings) == 1:  # as most names are
            return self._alone.setdefault(name, (bindings[0],))
        if before is not None:
            bindings = [one for one in bindings if one.line < before] or bindings
        runtime = [one for one in bindings if not one.typing_only] or bindings
        for index in range(len(runtime) - 1, -1, -1):
            if not runtime[index].conditional:
                return tuple(runtime[index:])
        return tuple(runtime)


class _Binder(Struct):
    """Walks the statements of one scope, never into the scopes below it."""

    scope: Scope

    def bind(self, name: str, meaning: Meaning, node: ast.AST, at: "_Place") -> None:
        binding = Binding(meaning, getattr(node, "lineno", 0), at.conditional, at.typing_only)
        self.scope.bindings.setdefault(name, []).append(binding)

    def walk(self, body: Sequence[ast.stmt], at: "_Place") -> None:
        for statement in body:
            self.statement(statement, at)

    def statement(self, node: ast.stmt, at: "_Place") -> None:  # noqa: C901, PLR0912 - one table
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.bind(node.name, Defined(node), node, at)
            case ast.Import():
                self.imports(node, at)
            case ast.ImportFrom():
                self.from_imports(node, at)
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.target(target, Assigned(value), at)
            case ast.AnnAssign(target=target, value=value, annotation=annotation):
                self.target(target, Assigned(value, annotation), at)
            case ast.AugAssign(target=target) | ast.For(target=target):
                self.target(target, Opaque(), at)
                self.blocks(node, at.under_condition())
            case ast.AsyncFor(target=target):
                self.target(target, Opaque(), at)
                self.blocks(node, at.under_condition())
            case ast.With() | ast.AsyncWith():
                self.with_items(node, at)
                self.walk(node.body, at)
            case ast.If():
                self.condition(node, at)
            case ast.Try() if _imports_for_sure(node):
                self.walk([*node.body, *node.orelse, *node.finalbody], at)
                for handler in node.handlers:
                    self.walk(handler.body, at.under_type_checking())
            case ast.Delete(targets=targets):
                for target in targets:
                    self.target(target, Opaque(), at)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                for name in names:
                    self.bind(name, Opaque(), node, at)
            case _:
                self.blocks(node, at.under_condition())

    def imports(self, node: ast.Import, at: "_Place") -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            dotted = alias.name if alias.asname else name
            self.bind(name, ImportedModule(dotted), node, at)

    def from_imports(self, node: ast.ImportFrom, at: "_Place") -> None:
        for alias in node.names:
            imported = ImportedName(node.module or "", node.level, alias.name)
            if alias.name == "*":
                self.scope.stars.append(imported)
            else:
                self.bind(alias.asname or alias.name, imported, node, at)

    def target(self, target: ast.expr, meaning: Meaning, at: "_Place") -> None:
        match target:
            case ast.Name(id=name):
                self.bind(name, meaning, target, at)
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                for position, element in enumerate(elements):
                    self.target(element, unpacked(meaning, elements, position), at)
            case ast.Starred(value=value):
                self.target(value, Opaque(), at)
            case _:
                return

    def with_items(self, node: ast.With | ast.AsyncWith, at: "_Place") -> None:
        is_async = isinstance(node, ast.AsyncWith)
        for item in node.items:
            if item.optional_vars is not None:
                self.target(item.optional_vars, Entered(item.context_expr, is_async), at)

    def condition(self, node: ast.If, at: "_Place") -> None:
        test = meant(node.test, self.scope)
        if is_never_true(test):
            self.walk(node.body, at.under_type_checking())
            self.walk(node.orelse, at)
            return
        if is_always_true(test):
            self.walk(node.body, at)
            self.walk(node.orelse, at.under_type_checking())
            return
        self.walk(node.body, at.under_condition())
        self.walk(node.orelse, at.under_condition())

    def blocks(self, node: ast.stmt, at: "_Place") -> None:
        for name in ("body", "handlers", "orelse", "finalbody", "cases"):
            for child in getattr(node, name, ()):
                if isinstance(child, ast.stmt):
                    self.statement(child, at)
                else:
                    self.handler(child, at)

    def handler(self, node: ast.ExceptHandler | ast.match_case, at: "_Place") -> None:
        if isinstance(node, ast.ExceptHandler) and node.name:
            self.bind(node.name, Opaque(), node, at)
        self.walk(node.body, at)


class _Place(Struct, frozen=True):
    """Under which kind of statement the walk is."""

    conditional: bool = False
    typing_only: bool = False

    def under_condition(self) -> "_Place":
        return _PLACES[True, self.typing_only]

    def under_type_checking(self) -> "_Place":
        return _PLACES[self.conditional, True]


_PLACES = {
    (conditional, typing_only): _Place(conditional, typing_only)
    for conditional in (False, True)
    for typing_only in (False, True)
}
_START = _PLACES[False, False]


def unpacked(meaning: Meaning, elements: list[ast.expr], position: int) -> Meaning:
    """Return what one of several targets is bound to."""
    if any(isinstance(one, ast.Starred) for one in elements):
        return Opaque()
    return Unpacked(meaning, position) if isinstance(meaning, Assigned | Entered) else Opaque()


def meant(test: ast.expr, scope: Scope | None) -> ast.expr:
    """Return what a condition names: `NEW = sys.version_info > (3, 9)`, `IS_SYNC = False`."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = meant(test.operand, scope)
        return test if inner is test.operand else ast.UnaryOp(test.op, inner)
    if not isinstance(test, ast.Name):
        return test
    while scope is not None and test.id not in scope.bindings:
        scope = scope.parent
    match scope.bindings[test.id] if scope is not None else []:
        case [Binding(meaning=Assigned(value=ast.Compare() as value), conditional=False)]:
            return value
        case [
            Binding(meaning=Assigned(value=ast.Constant(value=bool()) as value), conditional=False)
        ]:
            # A constant by its name; another may be set anew from elsewhere.
            return value if test.id.isupper() and scope is not None and not scope.stars else test
        case _:
            return test


def is_never_true(test: ast.expr) -> bool:
    """Whether a condition is true for type checkers only, or for a Python long gone."""
    match test:
        case ast.Name(id="TYPE_CHECKING" | "PY2") | ast.Attribute(attr="TYPE_CHECKING" | "PY2"):
            return True
        case ast.Constant(value=False | 0):
            return True
        case ast.Compare(
            left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant("__main__")]
        ):
            return True  # pytest imports, it does not run the file
        case ast.Compare(ops=[ast.Lt() | ast.LtE()]):
            return _is_long_gone(test)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return is_always_true(operand)
        case _:
            return False


def is_always_true(test: ast.expr) -> bool:
    """Whether a condition holds for every Python that is still of interest."""
    match test:
        case ast.Constant(value=True) | ast.Name(id="PY3") | ast.Attribute(attr="PY3"):
            return True
        case ast.Compare(ops=[ast.Gt() | ast.GtE()]):
            return _is_long_gone(test)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return is_never_true(operand)
        case _:
            return False


def _imports_for_sure(node: ast.Try) -> bool:
    """Whether a fallback (`except ImportError`) is for a Python that nobody has any more."""
    imports = [one for one in node.body if isinstance(one, ast.ImportFrom)]
    return (
        bool(imports)
        and all(one.module in _ALWAYS_THERE and one.level == 0 for one in imports)
        and all(isinstance(one, ast.ImportFrom | _DEFINITIONS) for one in node.body)
        and all(_catches_imports(one.type) for one in node.handlers)
    )


def _catches_imports(caught: ast.expr | None) -> bool:
    return isinstance(caught, ast.Name) and caught.id in {"ImportError", "ModuleNotFoundError"}


def _is_long_gone(test: ast.Compare) -> bool:
    """Whether `sys.version_info` is compared with a version that nobody has any more."""
    match test:
        case ast.Compare(
            left=ast.Attribute(attr="version_info"),
            comparators=[ast.Tuple(elts=[ast.Constant(value=int(major)), *minor])],
        ):
            return (major, *_integers(minor)) <= _OLDEST
        case _:
            return False


def _integers(nodes: list[ast.expr]) -> tuple[int, ...]:
    return tuple(
        one.value for one in nodes if isinstance(one, ast.Constant) and isinstance(one.value, int)
    )


def build_scope(node: ast.Module | DefinitionNode, parent: Scope | None = None) -> Scope:
    """Return the scope of a module, class or function with its own names only."""
    scope = Scope(node, parent)
    binder = _Binder(scope)
    if isinstance(node, FunctionNode):
        for parameter in parameters(node):
            binder.bind(parameter.arg, Parameter(parameter), parameter, _START)
    binder.walk(node.body, _START)
    return scope


def parameters(node: FunctionNode | ast.Lambda) -> Iterator[ast.arg]:
    """Return every parameter, in the order of the signature."""
    arguments = node.args
    yield from arguments.posonlyargs
    yield from arguments.args
    if arguments.vararg:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg:
        yield arguments.kwarg


def parameters_without_default(node: FunctionNode) -> list[ast.arg]:
    """Return the parameters that every call must give."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    keyword_only = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    return [
        *positional[: len(positional) - len(arguments.defaults)],
        *(one for one, default in keyword_only if default is None),
    ]
