"""Paths of the repository, and texts parsed once."""

import glob
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.analysis.pytest_runs.config_files import (
    ROOT,
    ConfigFiles,
    UnusableFile,
    as_list,
    as_table,
    is_within,
    join,
    lineage,
    parent,
    strings,
    table_at,
)


def known(**files: str | None) -> ConfigFiles:
    return ConfigFiles(files, files)


@pytest.mark.parametrize(
    ("folder", "path", "joined"),
    [
        ("", "a", "a"),
        ("", ".", ""),
        ("a", "b", "a/b"),
        ("a", "./b/", "a/b"),
        ("a", "..", ""),
        ("a/b", "../c", "a/c"),
        ("a", "../..", None),
        ("", "../a", None),
        ("a", "..b", "a/..b"),
        ("a", "/b", None),
        ("a", "~/b", None),
        ("a", ROOT, ""),
        ("a", f"{ROOT}/b", "b"),
        ("a", f"{ROOT}//b/../c", "c"),
        ("a", f"{ROOT}/../c", None),
    ],
)
def test_paths_are_joined_inside_the_repository(
    folder: str, path: str, joined: str | None
) -> None:
    assert join(folder, path) == joined


def test_a_folder_s_lineage_ends_at_the_root() -> None:
    assert list(lineage("a/b")) == ["a/b", "a", ""]
    assert list(lineage("")) == [""]
    assert (parent("a/b"), parent("a")) == ("a", "")


def test_a_path_is_within_its_own_folder_and_those_above() -> None:
    assert is_within("a/b", "a")
    assert is_within("a", "a")
    assert is_within("a", "")
    assert not is_within("ab", "a")


def test_parsed_values_of_another_kind_count_as_empty() -> None:
    assert as_table([]) == {}
    assert as_list({}) == ()
    assert table_at({"a": {"b": {"c": 1}}}, "a", "b") == {"c": 1}
    assert table_at({"a": 1}, "a", "b") == {}
    assert strings(["a", 1, "b"]) == ("a", "b")
    assert strings("a") == ("a",)
    assert strings(1) == ()


def test_what_is_there_is_known_without_its_text() -> None:
    files = ConfigFiles({"a/b.ini": None}, ["a/b.ini", "c.py"])

    assert files.is_file("a/b.ini")
    assert files.text("a/b.ini") is None
    assert files.is_folder("a")
    assert files.is_folder("")
    assert files.exists("c.py")
    assert not files.exists("d")
    assert not files.is_folder("c.py")
    assert files.texts == {}


def test_a_file_is_parsed_once() -> None:
    files = known(**{"a.toml": "b = {c = 1}", "a.ini": "[b]\nc = 1\n"})

    assert files.toml("a.toml") is files.toml("a.toml")
    assert files.ini("a.ini") is files.ini("a.ini")
    assert files.ini("a.ini")["b"]["c"] == "1"
    assert files.toml("missing.toml") == {}
    assert files.ini("missing.ini") == {}


@pytest.mark.parametrize("path", ["a.toml", "a.ini"])
def test_a_file_that_does_not_parse_says_so_every_time(path: str) -> None:
    files = known(**{path: "= ["})

    for _ in range(2):
        with pytest.raises(UnusableFile, match=path):
            files.toml(path) if path == "a.toml" else files.ini(path)
    assert files.usable_toml("a.toml") == files.usable_ini("a.ini") == {}


def test_endless_nesting_is_a_file_that_does_not_parse() -> None:
    assert known(**{"a.toml": "a = " + "[" * 100_000}).usable_toml("a.toml") == {}


def test_texts_are_searched_for_a_pattern() -> None:
    files = known(a="one", b=None, c="two")

    assert files.mention("t.o")
    assert files.mention("t.o")
    assert not files.mention("three")


TREE = ["a/x.py", "a/b/x.py", "a/b/c/y.py", "b/.z/x.py", ".h/x.py", "x.py", "a[1]/x.py", "!x/y"]
PARTS = st.sampled_from(["a", "b", "*", "**", "?", "[ab]", "[!a]", "[a-c]*", "x.py", "*.py", ".*"])


@settings(deadline=None, max_examples=200)
@given(st.lists(PARTS, min_size=1, max_size=4).map("/".join))
def test_a_glob_finds_what_glob_finds(pattern: str) -> None:
    with TemporaryDirectory() as folder, chdir(folder):
        for path in TREE:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            Path(path).touch()
        found = glob.iglob(pattern, recursive=True)  # noqa: PTH207 - what pytest calls
        # A trailing `**` finds even a file's or nothing's name, with a slash behind it.
        real = (one for one in found if Path(one).is_dir() or not one.endswith("/"))
        expected = {path.rstrip("/") for path in real} - {""}

    assert set(ConfigFiles({}, TREE).matching(pattern)) == expected
