"""Verdicts of an earlier run, kept as long as all that they depended on is the same.

A verdict depends on the file, on every file that was read for it, on the configuration, on which
paths the tree holds (any of them could be what an import finds; pictures and prose could not), on
the request, on the versions of awaited and of Python, and on the day where a suppression has one.
What a checked repository brings along is never believed: a stored result counts only with a seal
that is made with a key of the user's own.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import msgspec
from msgspec.structs import replace

import bot
from bot.analysis.finding import Finding
from bot.analysis.request import Content, Report, Request
from bot.cli.local_tree import LocalTree

FOLDER = ".awaited_cache"
# Results of other paths or options that were asked for in the same tree.
_MAX_RESULTS = 16
_BYTES = 32
# File systems tell the time of a change no finer than this, in nanoseconds.
_GRAIN = 2_000_000_000
# No import finds these, and no configuration.
_UNIMPORTANT = (
    ".css", ".csv", ".gif", ".html", ".ico", ".jpeg", ".jpg", ".js", ".map", ".md", ".mo", ".pdf",
    ".png", ".po", ".scss", ".so", ".svg", ".ts", ".tsx", ".woff", ".woff2",
)  # fmt: skip
_DATED = b"until="
_NOTHING = Report((), ())
_MARKS = {
    ".gitignore": "*\n",
    "CACHEDIR.TAG": "Signature: 8a477f597d28d172789f06886806bc55\n",
}


class Kept(msgspec.Struct, frozen=True):
    """The verdict on one file.

    Attributes:
        findings: what was found.
        read: the numbers of the paths that were read.
        day: the one that it holds on; None for any.
    """

    findings: tuple[Finding, ...]
    read: tuple[int, ...]
    day: date | None


class Stored(msgspec.Struct, frozen=True):
    """One result.

    Attributes:
        fingerprint: of all that holds for every file.
        paths: what was read, each path once.
        digests: what was in each, in the same order.
        stamps: what the file system said of each; empty where that may say the same of another
            content, because it was written just then.
        read_by_all: the numbers of the paths that every verdict depends on.
        files: the verdicts, by path.
        unchecked: the files that could not be checked.
        others: findings that are of no checked file, but of the configuration.
        notes: what the report said of the whole.
    """

    fingerprint: bytes
    paths: tuple[str, ...]
    digests: tuple[bytes, ...]
    stamps: tuple[tuple[int, ...], ...]
    read_by_all: tuple[int, ...]
    files: dict[str, Kept]
    unchecked: tuple[str, ...]
    others: tuple[Finding, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class ResultCache:
    """The results that are kept for one request in one tree.

    Attributes:
        folder: where results lie.
        home: where the user's key lies.
        left: what an earlier report does not say; the whole request if there is none.
    """

    folder: Path
    tree: LocalTree
    request: Request
    home: Path
    left: Request | None = field(init=False)
    _started: int = field(default_factory=time.time_ns)
    _digests: dict[str, bytes] = field(default_factory=dict[str, bytes])

    def __post_init__(self) -> None:
        self.left = self.request

    def known(self) -> Report:
        """Return the part of an earlier report that still holds; an empty one if none does."""
        stored = self._read()
        if stored is None or stored.fingerprint != self._fingerprint():
            return _NOTHING
        same = list(self._unchanged(stored))
        if not all(same[number] for number in stored.read_by_all):
            return _NOTHING
        self._digests = dict(zip(stored.paths, stored.digests, strict=True))
        valid = {
            path: kept
            for path, kept in stored.files.items()
            if kept.day in {None, self.request.today} and all(same[one] for one in kept.read)
        }
        self._leave({*stored.files, *stored.unchecked} - valid.keys())
        return _report(stored, valid)

    def keep(self, report: Report) -> None:
        """Store a report on the whole request."""
        everything = (report.read_by_all, *report.read.values())
        paths = tuple(dict.fromkeys(path for read in everything for path in read))
        numbers = {path: number for number, path in enumerate(paths)}
        findings: defaultdict[str, list[Finding]] = defaultdict(list)
        for finding in report.findings:
            findings[finding.path].append(finding)
        files = {
            path: Kept(
                tuple(findings.pop(path, ())),
                tuple(numbers[one] for one in report.read[path]),
                self._day_of(path),
            )
            for path in report.checked
        }
        stored = Stored(
            self._fingerprint(),
            paths,
            tuple(map(self._digest_of, paths)),
            tuple(map(self._settled_stamp, paths)),
            tuple(numbers[path] for path in report.read_by_all),
            files,
            tuple(one.path for one in report.errors),
            tuple(one for rest in findings.values() for one in rest),
            report.notes,
        )
        # A tree that cannot be written to, or a text that cannot, is merely not kept.
        with contextlib.suppress(OSError, UnicodeEncodeError):
            self._write(msgspec.msgpack.encode(stored))

    def _leave(self, paths: set[str]) -> None:
        named = tuple(path for path in self.request.named if path in paths)
        rest = tuple(sorted(paths.difference(named)))
        self.left = replace(self.request, candidates=rest, named=named) if paths else None

    def _unchanged(self, stored: Stored) -> Iterator[bool]:
        """Yield whether what is in each path is what was there."""
        for path, digest, stamp in zip(stored.paths, stored.digests, stored.stamps, strict=True):
            if stamp and stamp == self.tree.stamp(path):
                yield True
            else:
                yield digest == _digest(self.tree.read(path))

    def _settled_stamp(self, path: str) -> tuple[int, ...]:
        """Return the stamp of a file that was last touched well before this run began."""
        stamp = self.tree.stamp(path)
        return stamp if stamp and max(stamp[:2]) < self._started - _GRAIN else ()

    def _day_of(self, path: str) -> date | None:
        content = self.tree.contents.get(path) or self.tree.read(path)
        is_dated = isinstance(content, bytes) and _DATED in content
        return self.request.today if is_dated else None

    def _digest_of(self, path: str) -> bytes:
        """Return the digest of what the analysis read, not of what may be there by now."""
        if path in self.tree.contents:
            return _digest(self.tree.contents[path])
        return self._digests.get(path, b"")

    def _fingerprint(self) -> bytes:
        from importlib.metadata import version  # noqa: PLC0415 - loads `email`

        paths = tuple(sorted(_important(self.request.paths)))
        request = replace(self.request, paths=paths, today=None)
        facts = (version("awaited"), _stamp(), sys.version, request)
        return _digest(msgspec.msgpack.encode(facts))

    # -- on disk -----------------------------------------------------------------------------

    @property
    def _file(self) -> Path:
        asked = replace(self.request, paths=(), today=None)
        return self.folder / f"{_digest(msgspec.msgpack.encode(asked)).hex()[:20]}.result"

    def _read(self) -> Stored | None:
        """Return what is stored; None where nothing is, or not what we have written."""
        try:
            content = self._file.read_bytes()
            if not hmac.compare_digest(content[:_BYTES], self._seal(content[_BYTES:])):
                return None
            return msgspec.msgpack.decode(content[_BYTES:], type=Stored)
        except (OSError, msgspec.DecodeError):
            return None

    def _write(self, content: bytes) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        for name, text in _MARKS.items():
            if not (self.folder / name).exists():
                (self.folder / name).write_text(text, encoding="ascii")
        # Another run may read or write at the same time: whoever replaces last wins.
        draft = self._file.with_suffix(f".{os.getpid()}.draft")
        draft.write_bytes(self._seal(content) + content)
        draft.replace(self._file)
        results = sorted(self.folder.glob("*.result"), key=lambda one: one.stat().st_mtime)
        for old in results[:-_MAX_RESULTS]:
            old.unlink(missing_ok=True)

    def _seal(self, content: bytes) -> bytes:
        """Return what only this user can have made of the content."""
        return hashlib.blake2b(content, digest_size=_BYTES, key=self._key()).digest()

    def _key(self) -> bytes:
        file = self.home / ".cache" / "awaited" / "key"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(FileExistsError):
                descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with open(descriptor, "wb") as opened:  # noqa: PTH123 - a descriptor
                    opened.write(secrets.token_bytes(_BYTES))
        return file.read_bytes()[:_BYTES]


def cache_of(tree: LocalTree, request: Request, folder: str | None) -> ResultCache | None:
    """Return the cache of a tree: in `folder`, or in the tree; None for a user without a home."""
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return ResultCache(Path(folder) if folder else tree.root / FOLDER, tree, request, home)


def _report(stored: Stored, valid: Mapping[str, Kept]) -> Report:
    def named(numbers: tuple[int, ...]) -> tuple[str, ...]:
        return tuple(stored.paths[number] for number in numbers)

    return Report(
        checked=tuple(sorted(valid)),
        findings=(*stored.others, *(one for kept in valid.values() for one in kept.findings)),
        read={path: named(kept.read) for path, kept in valid.items()},
        notes=stored.notes,
        read_by_all=named(stored.read_by_all),
    )


def _important(paths: Iterable[str]) -> set[str]:
    """Return the folders, and the paths that a verdict may depend on by their being there."""
    folders = {path.rpartition("/")[0] + "/" for path in paths}
    return folders.union(path for path in paths if not path.endswith(_UNIMPORTANT))


def _digest(content: Content) -> bytes:
    if isinstance(content, bytes):
        return hashlib.blake2b(content, digest_size=16).digest()
    return b"" if content is None else content.reason.encode()


def _stamp() -> list[tuple[str, int, int]]:
    """Return what changes when our own code does, as it does while it is worked on."""
    root = Path(bot.__file__).parent
    found: list[tuple[str, int, int]] = []
    for folder in (root / "analysis", root / "rules"):
        for file in folder.rglob("*.py"):
            status = file.stat()
            found.append((str(file), status.st_size, status.st_mtime_ns))
    return sorted(found)
