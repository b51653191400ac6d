"""Tells which parsed files the compiler could still refuse, so that only those are compiled.

The parser takes `return` outside a function and a parameter given twice; the compiler does not.
What is asked here is on the safe side: whatever might be refused for its place is compiled.
See Python/symtable.c, Python/compile.c and Python/future.c of CPython.
"""

import __future__

import ast
from collections.abc import Iterable, Mapping, Sequence

from bot.analysis.source.module import Definition, Module
from bot.analysis.source.scopes import FunctionNode, parameters
from bot.analysis.source.walking import below, every_node, kinds_of, own_kinds, own_nodes_of

# Rare, and right in places that are not looked at more closely.
_RARE = frozenset({ast.Global, ast.Match, ast.TryStar})
# Right in the own code of a function only; those of the second set, of an async one.
_IN_FUNCTIONS = frozenset({ast.Return, ast.Yield, ast.YieldFrom})
_IN_ASYNC = frozenset({ast.Await, ast.AsyncFor, ast.AsyncWith})
_TAKING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = frozenset({ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp})
_FEATURES = frozenset(__future__.all_feature_names)
_Kinds = Mapping[type[ast.AST], Sequence[ast.AST]]


def is_refusable(module: Module) -> bool:
    """Whether the compiler might refuse a file."""
    kinds = kinds_of(module.tree)
    return (
        not _RARE.isdisjoint(kinds)
        or any(_repeats_parameter(one) for kind in _TAKING for one in kinds.get(kind, ()))
        or any(map(_repeats_keyword, (*kinds.get(ast.Call, ()), *kinds.get(ast.ClassDef, ()))))
        or any(map(_catches_all_first, kinds.get(ast.Try, ())))
        or "__debug__" in module.source.text
        or _misplaces_imports(kinds, module.tree)
        or _misplaces_jumps(kinds)
        or _misplaces_stars(kinds)
        or _misplaces_walrus(kinds)
        or _misplaces_awaits(kinds)
        or _misplaces_nonlocals(kinds, module)
    )


def _repeats_parameter(node: ast.AST) -> bool:
    assert isinstance(node, FunctionNode | ast.Lambda)  # noqa: S101 - by its kind
    names = [one.arg for one in parameters(node)]
    return len(names) != len(set(names))


def _repeats_keyword(call: ast.AST) -> bool:
    keywords: Sequence[ast.keyword] = getattr(call, "keywords", ())
    if len(keywords) < 2:  # noqa: PLR2004 - it takes two
        return False
    names = [one.arg for one in keywords if one.arg is not None]
    return len(names) != len(set(names))


def _catches_all_first(node: ast.AST) -> bool:
    """Whether a handler for everything is not the last one."""
    handlers: Sequence[ast.ExceptHandler] = getattr(node, "handlers", ())
    return any(one.type is None for one in handlers[:-1])


def _misplaces_imports(kinds: _Kinds, tree: ast.Module) -> bool:
    """Whether anything is imported from the future too late, or everything inside a function."""
    right: list[ast.stmt] = []
    for number, statement in enumerate(tree.body):
        if not _is_future(statement) and not (number == 0 and ast.get_docstring(tree)):
            break
        right.append(statement)
    for node in kinds.get(ast.ImportFrom, ()):
        names = [one.name for one in getattr(node, "names", ())]
        if _is_future(node) and not (node in right and set(names) <= _FEATURES):
            return True
        if names == ["*"] and node not in tree.body:
            return True
    return False


def _is_future(node: ast.AST) -> bool:
    return isinstance(node, ast.ImportFrom) and node.module == "__future__" and not node.level


def _misplaces_jumps(kinds: _Kinds) -> bool:
    """Whether `break` or `continue` stands outside a loop."""
    jumps = {*kinds.get(ast.Break, ()), *kinds.get(ast.Continue, ())}
    if not jumps:
        return False
    loops = [one for kind in (ast.For, ast.AsyncFor, ast.While) for one in kinds.get(kind, ())]
    inside = (node for loop in loops for one in getattr(loop, "body", ()) for node in below(one))
    return not jumps.issubset(inside)


def _misplaces_stars(kinds: _Kinds) -> bool:
    """Whether a starred expression is no argument, base or element, or is one of two targets."""
    stars = {*kinds.get(ast.Starred, ())}
    if not stars:
        return False
    right: set[ast.AST] = set()
    for kind, field in _STARRED:
        for node in kinds.get(kind, ()):
            here = stars.intersection(getattr(node, field))
            if len(here) > 1 and isinstance(getattr(node, "ctx", None), ast.Store):
                return True
            right |= here
    return right != stars


_STARRED = (
    *((ast.Call, "args"), (ast.ClassDef, "bases")),
    *((ast.Tuple, "elts"), (ast.List, "elts"), (ast.Set, "elts")),
)


def _misplaces_walrus(kinds: _Kinds) -> bool:
    """Whether `:=` stands in a comprehension, where not every name may be bound."""
    if ast.NamedExpr not in kinds:
        return False
    comprehensions = (one for kind in _COMPREHENSIONS for one in kinds.get(kind, ()))
    return any(isinstance(one, ast.NamedExpr) for top in comprehensions for one in every_node(top))


def _misplaces_awaits(kinds: _Kinds) -> bool:
    """Whether `return`, `yield` or `await` may stand where there is none.

    What stands in a lambda, a decorator or a default is not told apart, right as it may be there.
    """
    placed = sum(len(kinds.get(kind, ())) for kind in _IN_FUNCTIONS | _IN_ASYNC)
    placed += sum(map(_is_async, kinds.get(ast.comprehension, ())))
    functions = (*kinds.get(ast.FunctionDef, ()), *kinds.get(ast.AsyncFunctionDef, ()))
    return placed != sum(map(_well_placed, functions))


def _is_async(node: ast.AST) -> bool:
    return bool(getattr(node, "is_async", 0))


def _well_placed(node: ast.AST) -> int:
    """Return how much of that a function has in its own code, as far as it is certainly right."""
    assert isinstance(node, FunctionNode)  # noqa: S101 - by its kind
    own = own_kinds(node)
    found = _count(own, _IN_FUNCTIONS)
    yields = _count(own, (ast.Yield, ast.YieldFrom))
    if yields and _count(own, _COMPREHENSIONS):
        return 0
    if isinstance(node, ast.FunctionDef):
        return found
    if yields and _count(own, (ast.Return, ast.YieldFrom)):
        return 0
    found += _count(own, _IN_ASYNC)
    return found + sum(map(_is_async, own.get(ast.comprehension, ())))


def _count(found: _Kinds, kinds: Iterable[type[ast.AST]]) -> int:
    return sum(len(found[kind]) for kind in kinds if kind in found)


def _misplaces_nonlocals(kinds: _Kinds, module: Module) -> bool:
    """Whether a name is declared nonlocal that is no name of a function around."""
    if ast.Nonlocal not in kinds:
        return False
    found = 0
    for definition in module.functions():
        assert isinstance(definition.node, FunctionNode)  # noqa: S101 - functions only
        for declared in own_nodes_of(definition.node, ast.Nonlocal):
            found += 1
            if not all(_is_nonlocal(one, declared, module, definition) for one in declared.names):
                return True
    return found != len(kinds[ast.Nonlocal])


def _is_nonlocal(
    name: str, declared: ast.Nonlocal, module: Module, definition: Definition
) -> bool:
    node = definition.node
    assert isinstance(node, FunctionNode)  # noqa: S101 - only functions are asked
    own = {one.arg for one in parameters(node)}
    used = {one.id for one in own_nodes_of(node, ast.Name) if one.lineno <= declared.lineno}
    return name not in own | used and _is_bound_around(name, module, definition)


def _is_bound_around(name: str, module: Module, definition: Definition) -> bool:
    outer = definition.outer
    while outer is not None:
        if isinstance(outer.node, FunctionNode) and name in module.scope_of(outer.node).bindings:
            declared = own_nodes_of(outer.node, ast.Nonlocal)
            if not any(name in one.names for one in declared):
                return True
        outer = outer.outer
    return False
