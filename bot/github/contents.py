"""The contents of files, fetched by oid in batches.

GraphQL gives text of about 50 files for one point, but only text: it decodes as UTF-8, whatever
the file says of itself, and cuts off after some 500 KB (observed, not documented). So a text is
believed only if it has the very hash of the blob; everything else comes from REST.
"""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from bot.analysis.request import Content, Unreadable
from bot.github.client import parsed
from bot.github.errors import Gone, UnexpectedAnswer
from bot.github.query_errors import QueryFailed
from bot.github.repository import together
from bot.github.trees import Mode, Tree, TreeEntry, Trees

LARGEST_FILE = 1024 * 1024  # bytes; nothing larger is fetched

_BATCH_FILES = 50
_BATCH_BYTES = 4 * 1024 * 1024
_LARGEST_TEXT = 400_000  # bytes, safely below where GraphQL cuts off


class _Blob(msgspec.Struct):
    # Absent if the object is no blob.
    text: str | None = None


class _Answer(msgspec.Struct):
    repository: dict[str, _Blob | None] | None = None


class _RestBlob(msgspec.Struct):
    content: str
    encoding: str


class Contents(Trees):
    """Reads files."""

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
        blobs = await self._blobs({entry.oid: entry.size or 0 for entry in wanted.values()})
        return found | {path: blobs[entry.oid] for path, entry in wanted.items()}

    async def _blobs(self, sizes: Mapping[str, int]) -> dict[str, Content]:
        """Return the contents of blobs by oid, given their sizes."""
        small = {oid: size for oid, size in sizes.items() if size <= _LARGEST_TEXT}
        texts: dict[str, Content] = {}
        for batch in await together(map(self._texts, _batches(small))):
            texts |= batch
        rest = [oid for oid in sizes if oid not in texts]
        return texts | dict(zip(rest, await together(map(self._blob, rest)), strict=True))

    async def _texts(self, oids: Sequence[str]) -> dict[str, Content]:
        """Return those of the blobs that are faithful as UTF-8 text."""
        variables = {f"o{number}": oid for number, oid in enumerate(oids)}
        try:
            data = await self._client.graphql(
                _query(len(oids)), owner=self._owner, name=self._name, **variables
            )
        except QueryFailed as failure:
            data = failure.data
        texts = _texts_of(data, len(oids))
        return {
            oid: text
            for oid, text in zip(oids, texts, strict=True)
            if text is not None and blob_oid(text) == oid
        }

    async def _blob(self, oid: str) -> Content:
        """Return one blob, whatever is in it."""
        try:
            blob = await self._client.get(self._path("git", "blobs", oid), _RestBlob)
        except Gone:
            return Unreadable("GitHub does not have its content")
        if blob.encoding != "base64":
            raise UnexpectedAnswer(200, f"blob {oid} is encoded as {blob.encoding}")
        content = b64decode(blob.content)
        if blob_oid(content) != oid:
            raise UnexpectedAnswer(200, f"blob {oid} has another content")
        return content


def blob_oid(content: bytes) -> str:
    """Return the oid that git gives to a content."""
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def _unreadable(entry: TreeEntry) -> str | None:
    if entry.mode == Mode.SYMLINK:
        return "a symbolic link"
    if entry.size is not None and entry.size > LARGEST_FILE:
        return f"larger than 1 MiB ({entry.size} bytes)"
    return None


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


def _query(count: int) -> str:
    declared = "".join(f", $o{number}: GitObjectID!" for number in range(count))
    objects = " ".join(
        f"b{number}: object(oid: $o{number}) {{ ... on Blob {{ text }} }}"
        for number in range(count)
    )
    return (
        f"query Blobs($owner: String!, $name: String!{declared}) "
        f"{{ repository(owner: $owner, name: $name) {{ {objects} }} }}"
    )


def _texts_of(data: Any, count: int) -> list[bytes | None]:
    """Return the text of each blob, None where GitHub gave none."""
    answer = parsed(data or {}, _Answer, "POST graphql").repository or {}
    blobs = (answer.get(f"b{number}") or _Blob() for number in range(count))
    return [None if blob.text is None else blob.text.encode() for blob in blobs]
