"""A diff that is shown is a patch that applies, whatever the bytes are."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.report.unified_diff import unified_diff

LINES = st.lists(st.sampled_from([b"a\n", b"b\r\n", b"\n", b"\xff\n", b"c\rd\n", b"-- x\n", b"e"]))
NAMES = ["plain.py", "with space.py", 'quote".py', "new\nline.py", "back\\slash.py", "ü/é.py"]


def applied(folder: Path, name: str, before: bytes, patch: bytes) -> bytes:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(before)
    if patch:
        subprocess.run(["git", "apply", "-"], cwd=folder, input=patch, check=True)
    return file.read_bytes()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@settings(max_examples=40, deadline=None)
@given(before=LINES, after=LINES)
def test_any_difference_applies(folder: Path, before: list[bytes], after: list[bytes]) -> None:
    # git takes a file that became empty, or was, for one that goes or comes.
    old, new = b"first\n" + b"".join(before), b"first\n" + b"".join(after)

    patch = unified_diff("a.py", old, new)

    assert applied(folder, "a.py", old, patch) == new
    assert (patch == b"") is (old == new)


@pytest.mark.parametrize("name", NAMES)
def test_any_name_applies(folder: Path, name: str) -> None:
    patch = unified_diff(name, b"one\n", b"two\n")

    assert applied(folder, name, b"one\n", patch) == b"two\n"
