"""The contents of files, fetched by oid in batches.

GraphQL gives the text of a hundred files for one point, but only text: it decodes as UTF-8,
whatever the file says of itself, and cuts off after some 500 KB (observed, not documented). So a
text is believed only if it has the very hash of the blob; everything else comes from REST.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec
from cachetools import LRUCache

from bot.analysis.request import Content, Unreadable
from bot.github.client import parsed
from bot.github.errors import AnswerTooLarge, Gone, UnexpectedAnswer
from bot.github.query_errors import QueryFailed
from bot.github.repository import together
from bot.github.trees import Mode, Tree, TreeEntry, Trees

LARGEST_FILE = 1024 * 1024  # bytes; nothing larger is fetched

_BATCH_FILES = 100
_BATCH_BYTES = 4 * 1024 * 1024
_LARGEST_TEXT = 400_000  # bytes, safely below where GraphQL cuts off
_MOST_BYTES = 8 * 1024 * 1024  # remembered of one repository


class Blob(msgspec.Struct, frozen=True, rename="camel"):
    """What GraphQL says of an object; without an oid it is no blob."""

    oid: str | None = None
    byte_size: int = 0
    text: str | None = None


class _Answer(msgspec.Struct):
    repository: dict[str, Blob | None] | None = None


class _RestBlob(msgspec.Struct):
    content: str
    encoding: str


class Contents(Trees):
    """Reads files, each content once."""

    async def contents(self, tree: Tree, paths: Iterable[str]) -> Mapping[str, Content]:
        """Return the content of each path; None for what is not in the tree.

        Equal files are fetched once. A file that cannot be had is `Unreadable`, with the reason.
        """
        found: dict[str, Content] = {}
        wanted: dict[str, TreeEntry] = {}
        for path in paths:
            entry = tree.entries.get(path)
            if entry is None or entry.mode == Mode.SUBMODULE:
                found[path] = None
            elif reason := _unreadable(entry):
                found[path] = Unreadable(reason)
            else:
                wanted[path] = entry
        sizes = {entry.oid: entry.size or 0 for entry in wanted.values()}
        blobs = await self._remembered(sizes)
        return found | {path: blobs[entry.oid] for path, entry in wanted.items()}

    async def latest(self, path: str) -> Content:
        """Return a file as the default branch has it at this moment; None if there is none.

        Raises:
            Gone: there is no such repository (any more), or it is out of our reach.
        """
        name = f"HEAD:{path}"
        content = (await self._blobs({name: 0}))[name]
        if isinstance(content, bytes) and len(content) > LARGEST_FILE:
            return Unreadable(_too_large(len(content)))
        return content

    def remember(self, name: str, blob: Blob | None) -> None:
        """Take note of what GitHub said of a file that a path in a commit names.

        Args:
            name: `COMMIT:PATH`.
            blob: None where there is no such file. What is not all of it is not kept.
        """
        if blob is None or blob.oid is None:
            self._known[name] = None
        elif blob.byte_size <= LARGEST_FILE and (text := _faithful(blob, None)) is not None:
            self._known[name] = text

    @property
    def _known(self) -> LRUCache[str, Content]:
        return self._memory.of("blobs", _MOST_BYTES, _size)

    async def _remembered(self, sizes: Mapping[str, int]) -> dict[str, Content]:
        """Return the contents of blobs, given their sizes; what can be had is remembered."""
        known = self._known
        found = {name: known[name] for name in sizes if name in known}
        missing = {name: size for name, size in sizes.items() if name not in found}
        fetched = await self._blobs(missing) if missing else {}
        for name, content in fetched.items():
            if not isinstance(content, Unreadable):
                known[name] = content
        return found | fetched

    async def _blobs(self, sizes: Mapping[str, int]) -> dict[str, Content]:
        """Return the contents of blobs by oid or by what else names them, given their sizes."""
        asked = {n: size for n, size in sizes.items() if size <= _LARGEST_TEXT or _is_path(n)}
        found: dict[str, Content] = {}
        oids = {name: name for name in sizes if not _is_path(name)}
        for names, blobs in await together(map(self._texts, _batches(asked))):
            for name, blob in zip(names, blobs, strict=True):
                if _is_path(name) and blob.oid is None:
                    found[name] = None
                elif blob.byte_size > LARGEST_FILE:
                    found[name] = Unreadable(_too_large(blob.byte_size))
                elif (text := _faithful(blob, oids.get(name))) is not None:
                    found[name] = text
                else:
                    oids.setdefault(name, blob.oid or name)
        rest = [name for name in sizes if name not in found]
        contents = await together(self._blob(oids[name]) for name in rest)
        return found | dict(zip(rest, contents, strict=True))

    async def _texts(self, names: Sequence[str]) -> tuple[Sequence[str], list[Blob]]:
        """Return what GraphQL says of blobs, empty for one that it says nothing of."""
        variables = {f"o{number}": name for number, name in enumerate(names)}
        try:
            data = await self._client.graphql(
                _query(len(names)), owner=self._owner, name=self._name, **variables
            )
        except AnswerTooLarge:
            # How large files are is not known of those that a path names.
            if len(names) == 1:
                raise
            return names, await self._texts_of_halves(names)
        except QueryFailed as failure:
            if any(map(_is_path, names)):  # whether there is such a file cannot be told
                if failure.has("NOT_FOUND"):
                    raise Gone(str(failure)) from None
                raise UnexpectedAnswer(200, str(failure)) from failure
            data = failure.data
        answer = parsed(data or {}, _Answer, "POST graphql").repository or {}
        return names, [answer.get(f"b{number}") or Blob() for number in range(len(names))]

    async def _texts_of_halves(self, names: Sequence[str]) -> list[Blob]:
        middle = len(names) // 2
        halves = await together(map(self._texts, (names[:middle], names[middle:])))
        return [blob for _, blobs in halves for blob in blobs]

    async def _blob(self, oid: str) -> Content:
        """Return one blob, whatever is in it."""
        try:
            path = self._path("git", "blobs", oid)
            blob = await self._client.when_known(lambda: self._client.get(path, _RestBlob))
        except Gone:
            return Unreadable("GitHub does not have its content")
        if blob.encoding != "base64":
            raise UnexpectedAnswer(200, f"blob {oid} is encoded as {blob.encoding}")
        content = b64decode(blob.content)
        if blob_oid(content) != oid:
            raise UnexpectedAnswer(200, f"blob {oid} has another content")
        return content


def _size(content: Content) -> int:
    return len(content) + 1 if isinstance(content, bytes) else 1


def blob_oid(content: bytes) -> str:
    """Return the oid that git gives to a content."""
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _unreadable(entry: TreeEntry) -> str | None:
    if entry.mode == Mode.SYMLINK:
        return "a symbolic link"
    if entry.size is not None and entry.size > LARGEST_FILE:
        return _too_large(entry.size)
    return None


def _too_large(size: int) -> str:
    return f"larger than 1 MiB ({size} bytes)"


def _batches(sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Group oids so that no answer is too large for GitHub's 10 seconds."""
    batch: list[str] = []
    total = 0
    for oid, size in sizes.items():
        if batch and (len(batch) == _BATCH_FILES or total + size > _BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(oid)
        total += size
    if batch:
        yield batch


def _is_path(name: str) -> bool:
    """Whether a blob is named by a path in a commit, and not by its oid."""
    return ":" in name


def _faithful(blob: Blob, oid: str | None) -> bytes | None:
    """Return the text of a blob if it is all that is in it."""
    if blob.text is None:
        return None
    text = blob.text.encode()
    return text if blob_oid(text) == (oid or blob.oid) else None


def _query(count: int) -> str:
    declared = "".join(f", $o{number}: String!" for number in range(count))
    objects = " ".join(
        f"b{number}: object(expression: $o{number}) {{ ... on Blob {{ oid byteSize text }} }}"
        for number in range(count)
    )
    return (
        f"query Blobs($owner: String!, $name: String!{declared}) "
        f"{{ repository(owner: $owner, name: $name) {{ {objects} }} }}"
    )
