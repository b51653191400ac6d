"""Patches are judged by git: applied, they give exactly the fixed files."""

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report.patch import CLOSING, patches

SOURCE = b"".join(b"line %d\n" % number for number in range(40))


def git(*arguments: str, cwd: Path, stdin: bytes = b"") -> None:
    subprocess.run(["git", *arguments], cwd=cwd, input=stdin, check=True, capture_output=True)


def applied(tree: Path, before: Mapping[str, bytes], patch: str) -> dict[str, bytes]:
    """Return the files after `git apply`; the patch has lost its outer white space on the way."""
    tree.mkdir(parents=True, exist_ok=True)
    git("init", "--quiet", cwd=tree)
    for path, content in before.items():
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_bytes(content)
    git("apply", cwd=tree, stdin=patch.strip().encode())
    return {path: (tree / path).read_bytes() for path in before}


def assert_applies(tree: Path, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    patch = "".join(patches(before, after)) + CLOSING
    assert applied(tree, before, patch) == {**before, **after}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (SOURCE, SOURCE.replace(b"line 5\n", b"line five\n")),
        (SOURCE, b"import pytest\n" + SOURCE),
        (SOURCE, SOURCE.replace(b"line 39\n", b"")),
        (SOURCE, SOURCE.replace(b"line 3\n", b"").replace(b"line 30\n", b"30\n30\n")),
        (SOURCE, SOURCE.replace(b"line 3\n", b"3\n").replace(b"line 9\n", b"9\n")),
        (SOURCE[:-1], SOURCE[:-1] + b" changed"),
        (SOURCE[:-1], SOURCE),
        (SOURCE, SOURCE[:-1]),
        (b"", SOURCE),
        (SOURCE, b""),
        (SOURCE, b"x\n" * 100 + SOURCE[7:] + b"y\n" * 100),
        (SOURCE.replace(b"\n", b"\r\n"), SOURCE.replace(b"\n", b"\r\n", 39)),
        (b"\xef\xbb\xbf" + SOURCE, b"\xef\xbb\xbfx\n" + SOURCE),
        ("# coding: latin-1\nname = 'é'\n".encode("latin-1"), b"# coding: latin-1\nname = ''\n"),
        ("grüße = '```'\n".encode(), "grüße = '````'\n".encode()),
        (b"page = '\x0c'\n", b"page = '\x0c!'\n"),
    ],
)
def test_git_applies_the_patch(tmp_path: Path, old: bytes, new: bytes) -> None:
    assert_applies(tmp_path, {"tests/test_a.py": old}, {"tests/test_a.py": new})


@pytest.mark.parametrize(
    "path", ["a b/test_c.py", 'te"st.py', "tests/grüße.py", "tab\tbed.py", "back\\slash.py"]
)
def test_unusual_names_are_quoted_as_git_does(tmp_path: Path, path: str) -> None:
    assert_applies(tmp_path, {path: b"a\n"}, {path: b"b\n"})


def test_all_files_go_into_one_patch(tmp_path: Path) -> None:
    before = {"a.py": b"a\r\n", "b.py": b"b\n", "c.py": b"c\n", "same.py": b"s\n"}
    after = {"a.py": b"A\r\n", "b.py": b"B\n", "c.py": b"C\n", "same.py": b"s\n"}

    assert len(patches(before, after)) == 3
    assert_applies(tmp_path, before, after)


def test_a_text_patch_shows_three_lines_of_context() -> None:
    old = b"".join(b"%d\n" % number for number in range(9))

    (patch,) = patches({"a.py": old}, {"a.py": old.replace(b"4\n", b"four\n")})

    assert patch == (
        "diff --git a/a.py b/a.py\n--- a/a.py\n+++ b/a.py\n"
        "@@ -2,7 +2,7 @@\n 1\n 2\n 3\n-4\n+four\n 5\n 6\n 7\n"
    )


def test_what_a_page_would_lose_goes_as_letters() -> None:
    (patch,) = patches({"a.py": b"a\r\n"}, {"a.py": b"b\r\n"})

    assert "GIT binary patch" in patch
    assert patch.isascii()
    assert "\r" not in patch


lines = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\n", b"\n"]), max_size=30).map(b"".join)


@settings(max_examples=60, deadline=None)
@given(old=lines, new=lines, ending=st.sampled_from([b"", b"end"]))
def test_any_change_applies(
    tmp_path_factory: pytest.TempPathFactory, old: bytes, new: bytes, ending: bytes
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    before, after = {"a.py": old + b"a\n", "b.py": b"1\n"}, {"a.py": new + ending, "b.py": b"2\n"}
    assert_applies(tree, before, after)


def test_a_large_file_takes_no_time() -> None:
    old = b"x\n" * 500_000
    (patch,) = patches({"a.py": old}, {"a.py": b"import pytest\n" + old})
    assert "+import pytest\n" in patch
