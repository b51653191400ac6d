"""Which tree a path belongs to, what is in it, and what of it is to be checked."""

import asyncio
import os
import subprocess
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from bot.analysis.errors import UserError
from bot.analysis.request import Fixing
from bot.cli.local_tree import LocalTree


def write(root: Path, files: Iterable[str] | Mapping[str, str]) -> Path:
    """Write files, empty ones unless a mapping says more; a name with a last slash is a folder."""
    texts = files if isinstance(files, Mapping) else dict.fromkeys(files, "")
    for path, text in texts.items():
        target = root / path
        if path.endswith("/"):
            target.mkdir(parents=True)
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    return root


def tree_of(*paths: Path, cwd: Path) -> LocalTree:
    return LocalTree.of([str(path) for path in paths], cwd)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The top of a git work tree."""
    return write(tmp_path / "tree", [".git/"])


# -- the root --------------------------------------------------------------------------------


def test_the_top_of_the_work_tree_is_the_root(root: Path) -> None:
    write(root, ["sub/pyproject.toml", "sub/deep/test_a.py"])

    assert tree_of(root / "sub/deep", cwd=root / "sub").root == root


def test_a_linked_work_tree_has_a_file_for_its_top(tmp_path: Path) -> None:
    write(tmp_path, {".git": "gitdir: elsewhere\n", "sub/test_a.py": ""})

    assert tree_of(tmp_path / "sub", cwd=tmp_path / "sub").root == tmp_path


def test_without_git_the_working_directory_is_the_root_if_it_holds_a_project(
    tmp_path: Path,
) -> None:
    write(tmp_path, ["pytest.ini", "sub/setup.py", "sub/test_a.py"])

    assert tree_of(tmp_path / "sub", cwd=tmp_path).root == tmp_path


@pytest.mark.parametrize("name", ["tox.ini", ".pytest.ini", "pytest.toml", ".pytest.toml"])
def test_without_git_the_nearest_project_is_the_root(tmp_path: Path, name: str) -> None:
    write(tmp_path, ["setup.cfg", f"sub/{name}", "sub/deep/test_a.py", "else/where.txt"])

    assert tree_of(tmp_path / "sub/deep", cwd=tmp_path / "else").root == tmp_path / "sub"


def test_without_git_or_project_the_nearest_common_directory_is_the_root(tmp_path: Path) -> None:
    write(tmp_path, ["a/one/test_a.py", "a/two/test_b.py"])
    tree = tree_of(tmp_path / "a/one", tmp_path / "a/two/test_b.py", cwd=tmp_path)

    assert tree.root == tmp_path / "a"
    assert tree.candidates == ("one/test_a.py",)
    assert tree.named == ("two/test_b.py",)


def test_the_whole_disk_is_never_listed(tmp_path: Path) -> None:
    write(tmp_path, ["test_a.py", "test_b.py", "deeper/test_c.py"])

    tree = tree_of(tmp_path / "test_a.py", Path("/etc/hostname"), cwd=tmp_path)

    assert tree.root == Path("/")
    assert f"{tmp_path}/test_b.py"[1:] in tree.files
    assert f"{tmp_path}/deeper/test_c.py"[1:] not in tree.files


# -- what is in it ---------------------------------------------------------------------------


def test_everything_is_listed_but_only_python_is_a_candidate(root: Path) -> None:
    write(root, ["test_a.py", "sub/data.json", "sub/test_b.py", ".github/workflows/ci.yml"])

    tree = tree_of(root / "sub", cwd=root)

    assert set(tree.files) == {
        "test_a.py",
        "sub/data.json",
        "sub/test_b.py",
        ".github/workflows/ci.yml",
    }
    assert tree.candidates == ("sub/test_b.py",)


def test_the_root_itself_means_the_whole_tree(root: Path) -> None:
    write(root, ["test_a.py"])

    assert tree_of(root, root / "test_a.py", cwd=root).candidates is None


def test_a_file_alone_has_no_candidates(root: Path) -> None:
    write(root, ["test_a.py", "test_b.py"])

    assert tree_of(root / "test_a.py", cwd=root).candidates == ()


def test_directories_whose_names_begin_alike_are_told_apart(root: Path) -> None:
    write(root, ["sub/test_a.py", "sub2/test_b.py"])

    assert tree_of(root / "sub", cwd=root).candidates == ("sub/test_a.py",)


@pytest.mark.parametrize(
    "skipped",
    [".git/test_a.py", "__pycache__/test_a.py", "node_modules/x/test_a.py", ".tox/py/test_a.py"],
)
def test_what_tools_have_made_is_skipped(root: Path, skipped: str) -> None:
    write(root, [skipped, "test_b.py"])

    assert set(tree_of(root, cwd=root).files) == {"test_b.py"}


@pytest.mark.parametrize("mark", ["pyvenv.cfg", "conda-meta/history"])
def test_environments_are_skipped_whatever_they_are_called(root: Path, mark: str) -> None:
    write(root, [f"mine/{mark}", "mine/lib/test_a.py", "test_b.py"])

    assert set(tree_of(root, cwd=root).files) == {"test_b.py"}


def test_linked_directories_are_not_followed(root: Path) -> None:
    write(root, ["sub/test_a.py"])
    (root / "again").symlink_to("sub")
    (root / "sub/circle").symlink_to(root)

    assert set(tree_of(root, cwd=root).files) == {"sub/test_a.py"}


def test_a_linked_directory_that_is_named_is_checked_where_it_is(root: Path) -> None:
    write(root, ["sub/test_a.py"])
    (root / "again").symlink_to("sub")

    assert tree_of(root / "again", cwd=root).candidates == ("sub/test_a.py",)


def test_a_directory_that_cannot_be_listed_is_an_error(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    for _ in range(30):
        os.mkdir("d" * 200)  # noqa: PTH102 - no path that long can be given
        os.chdir("d" * 200)
    (Path() / "test_a.py").touch()
    monkeypatch.chdir(root)
    write(root, ["sub/test_b.py"])

    tree = tree_of(root, cwd=root)

    (error,) = tree.unlisted
    assert error.reason == "it cannot be listed: File name too long"
    assert tree_of(root / "sub", cwd=root).unlisted == (), "it is nobody's business there"


def test_a_path_that_cannot_be_looked_at_is_the_users_to_repair(root: Path) -> None:
    with pytest.raises(UserError, match="File name too long"):
        tree_of(root / ("x" * 300), cwd=root)


# -- what git ignores ------------------------------------------------------------------------


IGNORING = {
    ".gitignore": "*.log\n/build/\nsub/secret*\n!sub/secret_but_not.py\n# test_c.py\n\n",
    "a.log": "",
    "build/test_a.py": "",
    "sub/build/test_b.py": "",
    "sub/secret.py": "",
    "sub/secret_but_not.py": "",
    "sub/.gitignore": "!a.log\ntest_c.py\n",
    "sub/a.log": "",
    "sub/test_c.py": "",
    "test_c.py": "",
    "sub/deep/test_c.py": "",
    "sub/deep/.gitignore": "!test_c.py\n",
    ".git/info/exclude": "mine.py\n",
    "sub/mine.py": "",
    "ü/.gitignore": "é.py\n",
    "ü/é.py": "",
    "ü/e.py": "",
}


def test_ignored_files_are_those_that_git_ignores(root: Path) -> None:
    write(root, IGNORING)

    listed = set(tree_of(root, cwd=root).files)

    (root / ".git/info/exclude").unlink()
    (root / ".git/info").rmdir()
    subprocess.run(["git", "init", "-q"], cwd=root, check=True)
    (root / ".git/info/exclude").write_text(IGNORING[".git/info/exclude"])
    untracked = ["git", "ls-files", "-z", "--others", "--exclude-standard"]
    shown = subprocess.run(untracked, cwd=root, check=True, capture_output=True, text=True)
    assert listed == set(filter(None, shown.stdout.split("\0")))


def test_a_linked_work_tree_excludes_what_its_repository_does(tmp_path: Path) -> None:
    environment = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "HOME": str(tmp_path)}
    write(tmp_path, ["main/"])
    for command in (
        ["init", "-q"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
        ["worktree", "add", "-q", "../linked"],
    ):
        subprocess.run(["git", *command], cwd=tmp_path / "main", env=environment, check=True)
    (tmp_path / "main/.git/info").mkdir(exist_ok=True)
    (tmp_path / "main/.git/info/exclude").write_text("test_a.py\n")
    write(tmp_path / "linked", ["test_a.py", "test_b.py"])

    listed = set(tree_of(tmp_path / "linked", cwd=tmp_path).files)

    assert "test_a.py" not in listed
    assert "test_b.py" in listed


def test_a_broken_pattern_does_not_void_the_others(root: Path) -> None:
    write(root, {".gitignore": "!\ntest_a.py\n", "test_a.py": "", "test_b.py": ""})

    assert set(tree_of(root, cwd=root).files) == {".gitignore", "test_b.py"}


def test_an_ignored_file_that_is_named_is_checked_with_its_conftest(root: Path) -> None:
    write(
        root,
        {
            ".gitignore": "out/\n",
            "out/conftest.py": "",
            "out/deep/conftest.py": "",
            "out/deep/test_a.py": "",
            "out/other/test_b.py": "",
        },
    )
    tree = tree_of(root / "out/deep/test_a.py", cwd=root)

    assert tree.named == ("out/deep/test_a.py",)
    assert set(tree.files) == {
        ".gitignore",
        "out/conftest.py",
        "out/deep/conftest.py",
        "out/deep/test_a.py",
    }


def test_an_ignored_directory_that_is_named_is_checked(root: Path) -> None:
    write(
        root,
        {
            ".gitignore": "out/\n",
            "out/test_a.py": "",
            "out/sub/test_b.py": "",
            "out/.gitignore": "sub/\n",
        },
    )

    assert tree_of(root / "out", cwd=root).candidates == ("out/test_a.py",)


def test_an_environment_that_is_named_is_checked(root: Path) -> None:
    write(root, ["mine/pyvenv.cfg", "mine/lib/test_a.py"])

    assert tree_of(root / "mine", cwd=root).candidates == ("mine/lib/test_a.py",)


# -- what is asked and read ------------------------------------------------------------------


def test_a_request_names_what_there_is(root: Path) -> None:
    write(root, ["test_a.py", "sub/test_b.py"])

    request = tree_of(root / "sub", root / "test_a.py", cwd=root).request(Fixing.SAFE)

    assert request.paths == ("sub/test_b.py", "test_a.py")
    assert request.candidates == ("sub/test_b.py",)
    assert request.named == ("test_a.py",)
    assert request.fixing is Fixing.SAFE


def test_nothing_but_files_of_the_tree_is_read(root: Path) -> None:
    write(root, {"test_a.py": "text", ".gitignore": "secret\n", "secret": "secret"})
    (root.parent / "outside.py").write_text("secret")
    tree = tree_of(root, cwd=root)
    wanted = frozenset({"test_a.py", "secret", "../outside.py", "/etc/hostname", "gone.py"})

    contents = asyncio.run(tree.fetch(wanted))

    assert {path for path, content in contents.items() if content is not None} == {"test_a.py"}
    assert contents.keys() == wanted


def test_a_file_that_went_away_is_not_there(root: Path) -> None:
    write(root, ["test_a.py"])
    tree = tree_of(root, cwd=root)
    (root / "test_a.py").unlink()

    assert asyncio.run(tree.fetch(frozenset({"test_a.py"}))) == {"test_a.py": None}


def test_a_name_that_is_no_text_has_a_text_of_its_own(root: Path) -> None:
    name = os.fsdecode(b"test_\xe9.py")
    write(root, {name: "text"})
    tree = tree_of(root / name, cwd=root)

    assert tree.named == (r"test_\xe9.py",)
    assert asyncio.run(tree.fetch(frozenset(tree.named))) == {r"test_\xe9.py": b"text"}
    assert tree.from_working_directory(r"test_\xe9.py").endswith(r"test_\xe9.py")
