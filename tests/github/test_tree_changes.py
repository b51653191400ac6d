"""What differs between two trees."""

from bot.github.changes import ChangedFile
from bot.github.tree_changes import changed_between
from bot.github.trees import Mode, Tree, TreeEntry


def tree(**entries: str) -> Tree:
    """Return a tree of files by name, with their oids."""
    return Tree({name: TreeEntry(oid, Mode.FILE, 1) for name, oid in entries.items()})


def test_equal_trees_differ_in_nothing() -> None:
    assert changed_between(tree(a="1", b="2"), tree(b="2", a="1")) == ()


def test_what_was_added_modified_and_removed_is_told() -> None:
    assert changed_between(
        tree(kept="0", old="1", changed="2"), tree(kept="0", changed="3", n="4")
    ) == (
        ChangedFile("changed", "modified", None, "3"),
        ChangedFile("n", "added", None, "4"),
        ChangedFile("old", "removed", None, "1"),
    )


def test_a_file_that_became_a_symbolic_link_is_modified() -> None:
    link = Tree({"a": TreeEntry("1", Mode.SYMLINK, 1)})
    assert changed_between(tree(a="1"), link) == (ChangedFile("a", "modified", None, "1"),)


def test_files_that_moved_under_their_names_were_renamed_each_once() -> None:
    def at(*paths: str) -> Tree:
        return Tree({path: TreeEntry("1", Mode.FILE, 1) for path in paths})

    assert changed_between(
        at("a/__init__.py", "b/__init__.py", "a/x.py"), at("c/__init__.py", "c/y.py")
    ) == (
        ChangedFile("c/__init__.py", "renamed", "a/__init__.py", "1"),
        ChangedFile("c/y.py", "added", None, "1"),
        ChangedFile("b/__init__.py", "removed", None, "1"),
        ChangedFile("a/x.py", "removed", None, "1"),
    )
