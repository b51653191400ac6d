"""Which files differ between two trees, where GitHub's own list of them ends too early. Pure."""

from collections.abc import Iterator

from bot.github.changes import ChangedFile
from bot.github.trees import Tree


def changed_between(before: Tree, after: Tree) -> tuple[ChangedFile, ...]:
    """Return what was added, modified or removed; a file that moved was removed and added."""
    return tuple(_changes(before, after))


def _changes(before: Tree, after: Tree) -> Iterator[ChangedFile]:
    for path, entry in after.entries.items():
        old = before.entries.get(path)
        if old is None:
            yield ChangedFile(path, "added", None, entry.oid)
        elif (old.oid, old.mode) != (entry.oid, entry.mode):
            yield ChangedFile(path, "modified", None, entry.oid)
    for path, entry in before.entries.items():
        if path not in after.entries:
            yield ChangedFile(path, "removed", None, entry.oid)
