"""Which files differ between two trees, where GitHub's own list of them ends too early. Pure."""

from collections import defaultdict
from collections.abc import Iterator

from bot.github.changes import ChangedFile
from bot.github.trees import Tree, TreeEntry


def changed_between(before: Tree, after: Tree) -> tuple[ChangedFile, ...]:
    """Return what was added, modified, renamed or removed.

    A file that moved under its name and as it is was renamed; any other was removed and added.
    """
    return tuple(_changes(before, after))


def _changes(before: Tree, after: Tree) -> Iterator[ChangedFile]:
    gone = {path: entry for path, entry in before.entries.items() if path not in after.entries}
    moved: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for path, entry in reversed(gone.items()):
        moved[_known_by(path, entry)].append(path)
    for path, entry in after.entries.items():
        old = before.entries.get(path)
        if old is not None:
            if (old.oid, old.mode) != (entry.oid, entry.mode):
                yield ChangedFile(path, "modified", None, entry.oid)
        elif candidates := moved[_known_by(path, entry)]:
            previous = candidates.pop()
            del gone[previous]
            yield ChangedFile(path, "renamed", previous, entry.oid)
        else:
            yield ChangedFile(path, "added", None, entry.oid)
    for path, entry in gone.items():
        yield ChangedFile(path, "removed", None, entry.oid)


def _known_by(path: str, entry: TreeEntry) -> tuple[str, str]:
    return entry.oid, path.rpartition("/")[2]
