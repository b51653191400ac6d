"""Mistakes made on purpose: one small edit each, of the kinds that people make."""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

MARKS = frozenset({"asyncio", "anyio", "trio"})
Edit = tuple[int, int, bytes]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake in one file.

    Attributes:
        line: where it is made, from one.
        group: mutants of one group would hide each other; only one of them is made at a time.
        edits: what is replaced: start and end in bytes, and the text instead.
    """

    line: int
    group: str
    edits: tuple[Edit, ...]


class Source:
    """A file that mistakes are made in."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.tree = ast.parse(content)
        self._starts = [0]
        for line in content.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def start(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Return where a node begins, in bytes."""
        return self._starts[node.lineno - 1] + node.col_offset

    def end(self, node: ast.expr | ast.stmt | ast.alias) -> int:
        """Return where a node ends, in bytes."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.end_lineno - 1] + node.end_col_offset

    def segment(self, node: ast.expr) -> bytes:
        """Return the text of a node."""
        return self.content[self.start(node) : self.end(node)]

    def whole_lines(self, first: int, last: int) -> tuple[int, int]:
        """Return the span of lines, from one, with the newline behind the last."""
        return self._starts[first - 1], self._starts[last]

    @cached_property
    def names(self) -> frozenset[str]:
        """The names that imports of the module bind."""
        return frozenset(
            alias.asname or alias.name for node in self.imports for alias in node.names
        )

    @cached_property
    def imports(self) -> tuple[ast.Import | ast.ImportFrom, ...]:
        """The imports of the module, those under a condition or in a `try` included."""
        found: list[ast.Import | ast.ImportFrom] = []
        waiting: list[ast.AST] = list(reversed(self.tree.body))
        while waiting:
            node = waiting.pop()
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append(node)
            elif isinstance(node, ast.If | ast.Try | ast.ExceptHandler):
                waiting.extend(reversed(list(ast.iter_child_nodes(node))))
        return tuple(found)


def mutated(content: bytes, mutants: list[Mutant]) -> bytes:
    """Return a file with mistakes in it."""
    edits = sorted({edit for one in mutants for edit in one.edits}, reverse=True)
    for start, end, text in edits:
        content = content[:start] + text + content[end:]
    return content


# -- who runs a test ------------------------------------------------------------------------------


def without_marker(source: Source) -> Iterator[Mutant]:
    """A marker above a test or a class is gone."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncFunctionDef | ast.ClassDef):
            for one in node.decorator_list:
                if _is_mark(one) and one.end_lineno is not None:
                    start, end = source.whole_lines(one.lineno, one.end_lineno)
                    yield Mutant(one.lineno, f"{node.name}:{node.lineno}", ((start, end, b""),))


def without_pytestmark(source: Source) -> Iterator[Mutant]:
    """A marker is gone from `pytestmark` of a module or class."""
    for node in ast.walk(source.tree):
        match node:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                pass
            case _:
                continue
        marks = value.elts if isinstance(value, ast.List) else [value]
        kept = [source.segment(one) for one in marks if not _is_mark(one)]
        if len(kept) < len(marks):
            text = b"[" + b", ".join(kept) + b"]"
            edits = ((source.start(value), source.end(value), text),)
            yield Mutant(node.lineno, "pytestmark", edits)


def with_plain_base(source: Source) -> Iterator[Mutant]:
    """`TestCase` stands where `IsolatedAsyncioTestCase` stood."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            for base in node.bases:
                edits = _renamed(base, "IsolatedAsyncioTestCase", "TestCase", source)
                if edits:
                    yield Mutant(node.lineno, f"{node.name}:{node.lineno}", edits)


def with_plain_fixture(source: Source) -> Iterator[Mutant]:
    """`pytest.fixture` stands where `pytest_asyncio.fixture` stood."""
    if "pytest" not in source.names:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.AsyncFunctionDef):
            for one in node.decorator_list:
                called = one.func if isinstance(one, ast.Call) else one
                own = {keyword.arg for keyword in getattr(one, "keywords", ())}
                if ast.unparse(called) == "pytest_asyncio.fixture" and "loop_scope" not in own:
                    edits = ((source.start(called), source.end(called), b"pytest.fixture"),)
                    yield Mutant(node.lineno, f"{node.name}:{node.lineno}", edits)


_MODE = re.compile(
    rb"""^[ \t]*["']?(?:asyncio|anyio)_mode["']?[ \t]*=[ \t]*["']?auto["']?,?[ \t]*\r?\n"""
    rb"""|--(?:asyncio|anyio)-mode[= ]auto""",
    re.MULTILINE,
)


def without_mode(content: bytes) -> bytes:
    """Return a configuration file whose auto modes are gone."""
    return _MODE.sub(b"", content)


# -- what a test proves ---------------------------------------------------------------------------


def without_await(shape: type[ast.stmt]) -> Callable[[Source], Iterator[Mutant]]:
    """Return a maker of mutants: the `await` of a call is gone, in statements of one kind."""

    def make(source: Source) -> Iterator[Mutant]:
        for test in ast.walk(source.tree):
            if isinstance(test, ast.AsyncFunctionDef) and test.name.startswith("test"):
                for node in _statements(test):
                    if isinstance(node, shape):
                        yield from _without_awaits(node, test, source)

    return make


def _without_awaits(
    node: ast.stmt, test: ast.AsyncFunctionDef, source: Source
) -> Iterator[Mutant]:
    for one in ast.walk(node):
        if isinstance(one, ast.Await) and isinstance(one.value, ast.Call):
            edits = ((source.start(one), source.start(one.value), b""),)
            yield Mutant(node.lineno, f"{test.name}:{test.lineno}", edits)
            return


def _statements(function: ast.AsyncFunctionDef) -> Iterator[ast.stmt]:
    """Yield the simple statements of a function, not those of functions inside it."""
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Expr | ast.Assign | ast.Assert | ast.Return):
            yield node
        waiting.extend(one for one in ast.iter_child_nodes(node) if isinstance(one, ast.stmt))


def with_plain_mock(source: Source) -> Iterator[Mutant]:
    """`Mock` stands where `AsyncMock` stood."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call):
            edits = _renamed(node.func, "AsyncMock", "Mock", source)
            if edits:
                yield Mutant(node.lineno, "mock", edits)


# -- names ----------------------------------------------------------------------------------------


def _is_mark(node: ast.expr) -> bool:
    called = node.func if isinstance(node, ast.Call) else node
    match called:
        case ast.Attribute(
            value=ast.Attribute(value=ast.Name(id="pytest"), attr="mark"), attr=name
        ):
            return name in MARKS
        case ast.Attribute(value=ast.Name(id="mark"), attr=name):
            return name in MARKS
        case _:
            return False


def _renamed(node: ast.expr, old: str, new: str, source: Source) -> tuple[Edit, ...]:
    """Return the edits that use one name of a module instead of another; none where it is not."""
    end = source.end(node)
    here = (end - len(old), end, new.encode())
    match node:
        case ast.Attribute(attr=name) if name == old:
            return (here,)
        case ast.Name(id=name) if name == old:
            imported = _imported_too(old, new, source)
            return () if imported is None else (here, *imported)
        case _:
            return ()


def _imported_too(old: str, new: str, source: Source) -> tuple[Edit, ...] | None:
    """Return the edits that import `new` where `old` is imported; None where it is not."""
    if new in source.names:
        return ()
    for node in source.imports:
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name == old and alias.asname is None:
                    end = source.end(alias)
                    return ((end, end, f", {new}".encode()),)
    return None
