"""The files of one analysis: which are there, which are read, which must be fetched next.

Facts are computed as if every file were there. A file that is not there yet counts as missing
and what was computed with it is thrown away; the engine fetches all that is missing in one
batch and computes again.
"""

from collections.abc import Callable, Collection, Generator, Hashable, Mapping
from contextlib import contextmanager
from typing import TypeVar

from bot.analysis.request import Content, Unreadable
from bot.analysis.source.layout import Layout
from bot.analysis.source.module import Module
from bot.analysis.source.parsing import Broken, NotChecked, parse
from bot.analysis.source.source import UndecodableSource, decode

Parsed = Module | Broken | NotChecked | None
Fact = TypeVar("Fact")
# Returns contents at once: whoever runs the analysis in a process of its own may have one.
Supply = Callable[[frozenset[str]], Mapping[str, Content]]


class Library:
    """Contents and parsed files: they outlive a round, and parsing happens once a file."""

    def __init__(
        self,
        layout: Layout,
        quarantined: Collection[str] = (),
        supply: Supply | None = None,
    ) -> None:
        self.layout = layout
        self.paths = layout.paths
        self.quarantined = frozenset(quarantined)
        self._supply = supply
        self._contents: dict[str, Content] = {}
        self._parsed: dict[str, Parsed] = {}

    @property
    def answers_at_once(self) -> bool:
        """Whether asking for one more file costs next to nothing."""
        return self._supply is not None

    def add(self, contents: Mapping[str, Content]) -> None:
        """Take in what was fetched."""
        self._contents.update(contents)

    def holds(self, path: str) -> bool:
        """Whether nothing about `path` is left to fetch."""
        return path not in self.paths or path in self._contents

    def obtain(self, path: str) -> bool:
        """Whether a file is at hand; it is fetched now where that can be done at once."""
        if self.holds(path):
            return True
        if self._supply is None:
            return False
        self.add(self._supply(frozenset({path})))
        return True

    def content(self, path: str) -> Content:
        """Return what was fetched; None for what is not there."""
        return self._contents.get(path)

    def parsed(self, path: str) -> Parsed:
        """Return the parsed file, or why there is none."""
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def replaced(self, contents: Mapping[str, bytes]) -> "Library":
        """Return a library in which some files have other contents; the rest is shared."""
        other = Library(self.layout, self.quarantined, self._supply)
        other._contents = {**self._contents, **contents}
        other._parsed = {p: tree for p, tree in self._parsed.items() if p not in contents}
        return other

    def _parse(self, path: str) -> Parsed:
        content = self._contents.get(path)
        if path in self.quarantined:
            return NotChecked("the analysis died on it, or took too long")
        if content is None:
            return None
        if isinstance(content, Unreadable):
            return NotChecked(content.reason)
        try:
            source = decode(path, content)
        except UndecodableSource as error:
            return NotChecked(str(error))
        return parse(source)


class Reads:
    """The files that one computation has read, as bits of a number: unions cost next to nothing.

    A fact is asked for a hundred thousand times, and each time what it read counts again.
    """

    def __init__(self) -> None:
        self.seen = 0
        self._bits: dict[str, int] = {}
        self._paths: list[str] = []

    def add(self, path: str) -> None:
        """Take in a file."""
        bit = self._bits.get(path)
        if bit is None:
            self._bits[path] = bit = 1 << len(self._paths)
            self._paths.append(path)
        self.seen |= bit

    def paths(self, seen: int) -> frozenset[str]:
        """Return the files that bits stand for."""
        bits = bin(seen)[:1:-1]
        found: list[str] = []
        number = bits.find("1")
        while number >= 0:
            found.append(self._paths[number])
            number = bits.find("1", number + 1)
        return frozenset(found)


class Project:
    """One round of facts over a library."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.missing: set[str] = set()
        self._memory: dict[Hashable, tuple[object, int]] = {}
        self._reads = Reads()

    def has(self, path: str) -> bool:
        """Whether the tree holds the file."""
        return path in self.library.paths

    def parsed(self, path: str) -> Parsed:
        """Return a file as far as it is known; what is not fetched yet is missing."""
        return self.library.parsed(path) if self._is_at_hand(path) else None

    def module(self, path: str) -> Module | None:
        """Return a file that parsed."""
        parsed = self.parsed(path)
        return parsed if isinstance(parsed, Module) else None

    def text(self, path: str) -> str | None:
        """Return the text of a file that is not Python, None where it cannot be had."""
        content = self.library.content(path) if self._is_at_hand(path) else None
        return content.decode(errors="replace") if isinstance(content, bytes) else None

    def content(self, path: str) -> bytes | None:
        """Return the bytes of a file, None where they cannot be had."""
        content = self.library.content(path) if self._is_at_hand(path) else None
        return content if isinstance(content, bytes) else None

    def _is_at_hand(self, path: str) -> bool:
        if path not in self.library.paths:
            return False
        self._reads.add(path)
        if self.library.obtain(path):
            return True
        self.missing.add(path)
        return False

    def remember(self, key: Hashable, compute: Callable[[], Fact], *, cyclic: Fact) -> Fact:
        """Compute a fact once a round; `cyclic` is its value while it depends on itself.

        What the computation read counts as read by everybody who asks for the fact.
        """
        reads = self._reads
        known = self._memory.get(key)
        if known is not None:
            value, seen = known
            reads.seen |= seen
            return value  # type: ignore[return-value]  # pyright: ignore[reportReturnType]
        self._memory[key] = (cyclic, 0)
        before, reads.seen = reads.seen, 0
        try:
            fact = compute()
        except BaseException:
            del self._memory[key]
            raise
        finally:
            seen = reads.seen
            reads.seen |= before
        self._memory[key] = (fact, seen)
        return fact

    @contextmanager
    def reading(self) -> Generator[Callable[[], frozenset[str]], None, None]:
        """Collect the files that are read inside the block: they are what is given returns."""
        reads = self._reads
        before, reads.seen = reads.seen, 0
        try:
            yield lambda: reads.paths(reads.seen)
        finally:
            reads.seen |= before
