"""Reads and replaces one file of the user's: never waits for a pipe, never leaves half a file."""

import contextlib
import os
import stat
import tempfile
from pathlib import Path

from bot.analysis.request import Content, Unreadable

MEBIBYTE = 1024 * 1024
MAX_SIZE = MEBIBYTE


def read(path: Path | str) -> Content:
    """Return what is in a regular file of at most 1 MiB, or why that cannot be had."""
    try:
        # Opening a pipe that nobody writes to would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return _unreadable(error)
    try:
        return _read(descriptor)
    except OSError as error:
        return _unreadable(error)
    finally:
        os.close(descriptor)


def _unreadable(error: OSError) -> Unreadable:
    return Unreadable(f"it cannot be read: {error.strerror}")


def _read(descriptor: int) -> bytes | Unreadable:
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        return Unreadable("it is not a regular file")
    if status.st_size > MAX_SIZE:
        return _too_large(f"{status.st_size / MEBIBYTE:.2f} MiB")
    with open(descriptor, "rb", closefd=False) as file:
        content = file.read(MAX_SIZE + 1)
    # Some file systems don't tell the size before.
    return content if len(content) <= MAX_SIZE else _too_large("size unknown")


def _too_large(size: str) -> Unreadable:
    return Unreadable(f"larger than 1 MiB ({size})")


def replace(path: Path, content: bytes) -> None:
    """Put `content` in place of what the file holds, at once, with its mode and owner kept.

    A symbolic link stays one: what it leads to is replaced.

    Raises:
        OSError: it could not be done; the file is as it was.
    """
    target = path.resolve()
    # A file that may not be written stays, even where its folder would let it be replaced.
    os.close(os.open(target, os.O_WRONLY))
    descriptor, draft = tempfile.mkstemp(prefix=".awaited-", dir=target.parent)
    try:
        with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
            file.write(content)
            file.flush()
            _take_after(target.stat(), descriptor)
            os.fsync(descriptor)
        Path(draft).replace(target)
    except BaseException:
        Path(draft).unlink()
        raise


def _take_after(status: os.stat_result, descriptor: int) -> None:
    with contextlib.suppress(PermissionError):
        os.fchown(descriptor, status.st_uid, status.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
