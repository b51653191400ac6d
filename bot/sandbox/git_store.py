"""A real bare git repository: objects, references, and the commits that GitHub itself makes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pygit2
from pygit2.enums import FileMode

HEADS = "refs/heads/"
ZERO = "0" * 40
WEB_FLOW = ("GitHub", "noreply@github.com")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a tree; `size` is None for what is not a blob."""

    path: str
    mode: int
    type: str
    oid: str
    size: int | None


class UnknownObjectError(LookupError):
    """No such commit, tree, blob or reference in this repository."""


class GitStore:
    """Object ids are 40 hexadecimal digits everywhere; pygit2's own types stay in here."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.git = pygit2.Repository(str(path))

    @classmethod
    def create(cls, path: Path, default_branch: str) -> Self:
        """Initialise an empty bare repository that may be fetched from by any object id."""
        git = pygit2.init_repository(str(path), bare=True, initial_head=default_branch)
        git.config["http.receivepack"] = True
        git.config["uploadpack.allowAnySHA1InWant"] = True
        git.free()
        return cls(path)

    def close(self) -> None:
        """Release the files that libgit2 keeps open."""
        self.git.free()

    # References

    def branches(self) -> dict[str, str]:
        """Return the head of every branch, by the branch's name."""
        names = [name for name in self.git.references if name.startswith(HEADS)]
        return {name.removeprefix(HEADS): self.reference(name) or ZERO for name in names}

    def head(self, branch: str) -> str | None:
        """Return the commit a branch points to, or None without such a branch."""
        return self.reference(HEADS + branch)

    def reference(self, name: str) -> str | None:
        """Return the object a full reference name points to, or None without it."""
        try:
            return str(self.git.references[name].resolve().target)
        except (KeyError, ValueError):
            return None

    def point(self, name: str, oid: str) -> None:
        """Let a full reference name point to an object, whatever it was before."""
        self.git.references.create(name, pygit2.Oid(hex=oid), force=True)

    def delete(self, name: str) -> None:
        """Remove a reference."""
        self.git.references.delete(name)

    def fetch(self, source: Self, oid: str, name: str) -> None:
        """Bring a commit of another repository in here under a reference name."""
        if source.path != self.path:
            remote = self.git.remotes.create_anonymous(str(source.path))
            for branch, head in source.branches().items():
                if head == oid:
                    remote.fetch([f"+{HEADS}{branch}:{name}"])
        self.point(name, oid)

    # Objects

    def resolve(self, revision: str) -> pygit2.Commit:
        """Return the commit that a branch, tag, reference or object id names.

        Raises:
            UnknownObjectError: nothing by that name.
        """
        for prefix in (HEADS, "refs/tags/", "refs/", ""):
            if oid := self.reference(prefix + revision):
                return self.git[oid].peel(pygit2.Commit)
        return self.commit(revision)

    def commit(self, oid: str) -> pygit2.Commit:
        """Return the commit with that id (abbreviations count), see `resolve`."""
        return self._object(oid, "commit", "tag").peel(pygit2.Commit)

    def tree(self, oid: str) -> pygit2.Tree:
        """Return the tree with that id, or the tree of a commit."""
        return self._object(oid, "tree", "commit", "tag").peel(pygit2.Tree)

    def blob(self, oid: str) -> pygit2.Blob:
        """Return the blob with that id."""
        return self._object(oid, "blob").peel(pygit2.Blob)

    def _object(self, oid: str, *kinds: str) -> pygit2.Object:
        try:
            found = self.git[oid]
        except (KeyError, ValueError) as error:
            raise UnknownObjectError(oid) from error
        if found.type_str not in kinds:
            raise UnknownObjectError(oid)
        return found

    def __contains__(self, oid: str) -> bool:
        try:
            return oid in self.git
        except ValueError:
            return False

    def entries(self, tree: pygit2.Tree, *, recursive: bool, prefix: str = "") -> Iterator[Entry]:
        """Yield the entries of a tree in git's order, a directory before what it holds."""
        for item in tree:
            path = f"{prefix}{item.name}"
            yield _entry(path, item)
            if recursive and isinstance(item, pygit2.Tree):
                yield from self.entries(item, recursive=True, prefix=f"{path}/")

    def entry(self, tree: pygit2.Tree, path: str) -> Entry | None:
        """Return what a tree has at a path, however deep; None for nothing."""
        try:
            return _entry(path, tree[path])
        except KeyError:
            return None

    def history(self, head: str, *, without: str | None = None) -> list[pygit2.Commit]:
        """Return the commits up to `head`, oldest first, leaving out what `without` reaches."""
        walker = self.git.walk(
            pygit2.Oid(hex=head), pygit2.enums.SortMode.TOPOLOGICAL | pygit2.enums.SortMode.REVERSE
        )
        if without is not None:
            walker.hide(pygit2.Oid(hex=without))
        return list(walker)

    def merge_base(self, one: str, other: str) -> str | None:
        """Return the best common ancestor, or None for unrelated histories."""
        found = self.git.merge_base(pygit2.Oid(hex=one), pygit2.Oid(hex=other))
        return str(found) if found else None

    def is_fast_forward(self, old: str, new: str) -> bool:
        """Whether moving a reference from `old` to `new` loses no commit."""
        return old == new or self.git.descendant_of(pygit2.Oid(hex=new), pygit2.Oid(hex=old))

    # Writing

    def write_blob(self, data: bytes) -> str:
        """Store content and return its id."""
        return str(self.git.create_blob(data))

    def write_files(
        self, parent: str | None, files: Mapping[str, bytes], deleted: Iterable[str] = ()
    ) -> str:
        """Return the id of the parent's tree with files written, as 100644, and others removed."""
        index = pygit2.Index()
        if parent is not None:
            index.read_tree(self.tree(parent))
        for path in deleted:
            index.remove(path)
        for path, data in files.items():
            index.add(pygit2.IndexEntry(path, self.git.create_blob(data), FileMode.BLOB))
        return str(index.write_tree(self.git))

    def write_commit(
        self,
        tree: str,
        parents: Iterable[str],
        message: str,
        author: pygit2.Signature,
        committer: pygit2.Signature,
    ) -> str:
        """Store a commit, without moving any reference, and return its id."""
        above: list[str | pygit2.Oid] = list(parents)
        oid = self.git.create_commit(None, author, committer, message, pygit2.Oid(hex=tree), above)
        return str(oid)


def _entry(path: str, item: pygit2.Object) -> Entry:
    size = item.size if isinstance(item, pygit2.Blob) else None
    kind = "commit" if item.filemode == FileMode.COMMIT else item.type_str
    return Entry(path, int(item.filemode), kind, str(item.id), size)
