"""Walks over a function's own code: never into the functions and classes nested in it.

A stack and no recursion: expressions can be nested deeper than Python's own stack goes.
"""

import ast
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from bot.analysis.source.scopes import FunctionNode

_BARRIERS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda})
_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef})
# Fields that never hold what is walked to: names, constants, operators and contexts.
_LEAVES = frozenset(
    {"arg", "asname", "attr", "attr_names", "conversion", "ctx", "id", "is_async", "kind"}
    | {"kwd_attrs", "level", "module", "name", "op", "ops", "rest", "simple", "str", "tag"}
    | {"type_comment", "type_ignores"}
)
_WITHOUT_NODES = frozenset(
    {ast.Constant, ast.Global, ast.MatchSingleton, ast.Name, ast.Nonlocal, ast.alias}
)
_ROOTS = (ast.stmt, ast.mod)
_EVERY, _BELOW, _OWN = "_awaited_every", "_awaited_below", "_awaited_own"
_SPAN = "_awaited_span"
_BY_KIND, _OWN_BY_KIND = "_awaited_by_kind", "_awaited_own_by_kind"
Node = TypeVar("Node", bound=ast.AST)


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """Return the fields of a kind of node that hold nodes, the last one first."""
    if kind in _WITHOUT_NODES:
        return ()
    # The name of a `type` statement is an expression.
    leaves = _LEAVES - {"name"} if kind.__name__ == "TypeAlias" else _LEAVES
    return tuple(name for name in reversed(kind._fields) if name not in leaves)


class _FieldsByKind(dict[type[ast.AST], tuple[str, ...]]):
    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        self[kind] = found = _fields(kind)
        return found


_FIELDS = _FieldsByKind()


def own_nodes(node: FunctionNode) -> Sequence[ast.AST]:
    """Return every node of the body, in source order, nested definitions left out."""
    known = vars(node)
    if _OWN not in known:
        known[_OWN] = _walked(node.body, _BARRIERS)
    return known[_OWN]  # type: ignore[no-any-return]


def own_nodes_of(node: FunctionNode, kind: type[Node]) -> Sequence[Node]:
    """Return the nodes of the body that are of one kind, nested definitions left out."""
    return own_kinds(node).get(kind, ())  # type: ignore[return-value]


def own_kinds(node: FunctionNode) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
    """Return the nodes of the body by their kind, nested definitions left out."""
    known = vars(node)
    if _OWN_BY_KIND not in known:
        known[_OWN_BY_KIND] = _by_kind(own_nodes(node))
    return known[_OWN_BY_KIND]  # type: ignore[no-any-return]


def nodes_of(tree: ast.Module, kind: type[Node]) -> Sequence[Node]:
    """Return the nodes of a file that are of one kind, in source order."""
    return kinds_of(tree).get(kind, ())  # type: ignore[return-value]


def kinds_of(tree: ast.Module) -> Mapping[type[ast.AST], Sequence[ast.AST]]:
    """Return the nodes of a file by their kind, those of a kind in source order."""
    known = vars(tree)
    if _BY_KIND not in known:
        known[_BY_KIND] = _by_kind(every_node(tree))
    return known[_BY_KIND]  # type: ignore[no-any-return]


def _by_kind(nodes: Sequence[ast.AST]) -> dict[type[ast.AST], list[ast.AST]]:
    by_kind: defaultdict[type[ast.AST], list[ast.AST]] = defaultdict(list)
    for one in nodes:
        by_kind[one.__class__].append(one)
    return by_kind


def own_parents(node: FunctionNode) -> dict[ast.AST, ast.AST]:
    """Return what each node of the body stands in directly; nested definitions are leaves."""
    parents: dict[ast.AST, ast.AST] = dict.fromkeys(node.body, node)
    for parent in own_nodes(node):
        for name in _FIELDS[parent.__class__]:
            value: Any = getattr(parent, name, None)
            if value.__class__ is list:
                for one in value:
                    parents[one] = parent
            elif value is not None:
                parents[value] = parent
    return parents


def is_barrier(node: ast.AST) -> bool:
    """Whether the code below a node does not run when the node does."""
    return node.__class__ in _BARRIERS


def below(node: ast.AST) -> Sequence[ast.AST]:
    """Return a node and all below it that runs when it runs, in source order."""
    if not isinstance(node, _ROOTS):
        return _walked([node], _BARRIERS)
    known = vars(node)
    if _BELOW not in known:
        known[_BELOW] = _walked([node], _BARRIERS)
    return known[_BELOW]  # type: ignore[no-any-return]


def own_returns(body: Sequence[ast.stmt]) -> Iterator[ast.Return]:
    """Yield the return statements of a body."""
    for statement in body:
        for node in below(statement):
            if isinstance(node, ast.Return):
                yield node


def yields(node: FunctionNode) -> bool:
    """Whether the function is a generator."""
    return bool(own_nodes_of(node, ast.Yield) or own_nodes_of(node, ast.YieldFrom))


def every_node(tree: ast.AST) -> Sequence[ast.AST]:
    """Return every node of a tree, in source order."""
    if not isinstance(tree, _ROOTS):
        return _walked([tree], frozenset())
    known = vars(tree)
    if _EVERY not in known:
        if isinstance(tree, ast.Module):
            known[_EVERY] = _indexed(tree)
        elif _SPAN in known:
            found, start, end = known[_SPAN]
            known[_EVERY] = found[start:end]
        else:
            known[_EVERY] = _walked([tree], frozenset())
    return known[_EVERY]  # type: ignore[no-any-return]


def nodes_outside(
    tree: ast.Module, leaves_out: Callable[[FunctionNode], bool]
) -> Sequence[ast.AST]:
    """Return every node of a file, some functions and all that is in them left out."""
    return _walked([tree], _FUNCTIONS, leaves_out)


def _indexed(tree: ast.Module) -> list[ast.AST]:
    """Return every node of a file, and keep beside each function what is its own code.

    A walk of the file is as good as one of each function. In what waits, a tuple says whose code
    goes on from there, and which definition has ended, with the place at which it began.
    """
    found: list[ast.AST] = []
    own: list[ast.AST] | None = None
    inside: list[ast.AST] = []
    waiting: list[Any] = [tree]
    take, find, fields_of = waiting.pop, found.append, _FIELDS
    while waiting:
        node = take()
        kind = node.__class__
        if kind is tuple:
            own, ended, start = node
            if ended is not None:
                vars(ended)[_SPAN] = (found, start, len(found))
            continue
        find(node)
        if kind in _BARRIERS:
            waiting.append((own, node, len(found) - 1))
            inside = []
            own = None
        elif own is not None:
            own.append(node)
        for name in fields_of[kind]:
            value: Any = getattr(node, name, None)
            if value.__class__ is list:
                if name == "body" and kind in _FUNCTIONS:
                    vars(node)[_OWN] = inside
                    waiting.append((None, None, 0))
                    waiting.extend(reversed(value))
                    waiting.append((inside, None, 0))
                else:
                    waiting.extend([one for one in reversed(value) if one is not None])
            elif value is not None:
                waiting.append(value)
    return found


def _walked(
    roots: Sequence[ast.AST],
    barriers: frozenset[type[ast.AST]],
    stops_at: Callable[[Any], bool] | None = None,
) -> list[ast.AST]:
    """Return nodes and those below them; what only names an operator or a context left out.

    What was found of a statement is kept beside it, in the node itself, so that it goes when the
    tree goes: rules and facts come back to the same code again and again.
    """
    found: list[ast.AST] = []
    waiting: list[ast.AST] = [*reversed(roots)]
    take, find, fields_of = waiting.pop, found.append, _FIELDS
    while waiting:
        node = take()
        kind = node.__class__
        if kind in barriers and (stops_at is None or stops_at(node)):
            continue
        find(node)
        for name in fields_of[kind]:
            value: Any = getattr(node, name, None)
            if value.__class__ is list:
                waiting.extend([one for one in reversed(value) if one is not None])
            elif value is not None:
                waiting.append(value)
    return found
