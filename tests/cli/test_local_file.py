"""Reading never waits, and replacing is done or not done."""

import errno
import os
import stat
from pathlib import Path

import pytest

from bot.analysis.request import Unreadable
from bot.cli.local_file import MAX_SIZE, read, replace


def test_a_file_of_one_mebibyte_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * MAX_SIZE)

    assert read(file) == b"x" * MAX_SIZE


def test_a_larger_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_bytes(b"x" * (MAX_SIZE * 3 // 2))

    assert read(file) == Unreadable("larger than 1 MiB (1.50 MiB)")


def test_a_file_that_does_not_tell_its_size_is_bounded_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.cli.local_file.MAX_SIZE", 16)

    assert read("/proc/self/status") == Unreadable("larger than 1 MiB (size unknown)")


def test_what_is_not_there_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert read(tmp_path / "gone") is None
    assert read(tmp_path / "file" / "below") is None


def test_only_regular_files_are_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    for irregular in (tmp_path, tmp_path / "pipe", Path("/dev/zero")):
        assert read(irregular) == Unreadable("it is not a regular file")


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    (tmp_path / "circle").symlink_to("circle")

    assert read(tmp_path / "circle") == Unreadable(
        "it cannot be read: Too many levels of symbolic links"
    )


def test_what_cannot_be_read_says_why() -> None:
    assert read("/proc/self/mem") == Unreadable("it cannot be read: Input/output error")


def test_replacing_keeps_mode_owner_and_link(tmp_path: Path) -> None:
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to("file")
    before = file.stat()

    replace(link, b"new")

    after = file.stat()
    assert link.is_symlink()
    assert file.read_bytes() == b"new"
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)
    assert after.st_ino != before.st_ino, "it was replaced at once, not written over"


def test_what_may_not_be_written_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "directory").mkdir()

    with pytest.raises(IsADirectoryError):
        replace(tmp_path / "directory", b"new")

    assert [path.name for path in tmp_path.iterdir()] == ["directory"]


def test_a_full_disk_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    (tmp_path / "file").write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", is_full)

    with pytest.raises(OSError, match="No space left"):
        replace(tmp_path / "file", b"new")

    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"old"]
