"""One file's bytes as text, and the way back from a place in the text to a byte on disk.

The standard library counts columns in UTF-8 bytes of a line, people count characters, and edits
count bytes of the file in its own encoding; only this module knows all three.
"""

import ast
import io
import re
import tokenize
from bisect import bisect_right
from codecs import BOM_UTF8
from dataclasses import dataclass
from functools import cached_property

LINE_END = re.compile(r"\r\n|\n|\r")


class UndecodableSource(Exception):
    """The bytes are not text in the encoding that the file declares (PEP 263)."""


@dataclass(frozen=True)
class Source:
    """A decoded file. `prefix` is the number of bytes before the text (a byte order mark)."""

    path: str
    raw: bytes
    text: str
    encoding: str
    prefix: int

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets, in characters, of the first character of each line."""
        return [0, *(end.end() for end in LINE_END.finditer(self.text))]

    @cached_property
    def newline(self) -> str:
        """The line ending of the file: that of its first line."""
        found = LINE_END.search(self.text)
        return found.group() if found else "\n"

    def line(self, number: int) -> str:
        """Return line `number` (from one) without its ending."""
        starts = self.line_starts
        end = starts[number] if number < len(starts) else len(self.text)
        return self.text[starts[number - 1] : end].rstrip("\r\n")

    def offset(self, line: int, utf8_column: int) -> int:
        """Return the offset in characters of a place as `ast` gives it."""
        start = self.line_starts[line - 1]
        if self.text.isascii():
            return start + utf8_column
        line_text = self.text[start : start + utf8_column]
        return start + len(line_text.encode()[:utf8_column].decode(errors="ignore"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node begins and ends, in characters."""
        end = self.offset(node.end_lineno or node.lineno, node.end_col_offset or 0)
        return self.offset(node.lineno, node.col_offset), end

    def text_of(self, node: ast.expr | ast.stmt) -> str:
        """Return a node as it is written."""
        start, end = self.span(node)
        return self.text[start:end]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from one, of a character."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def byte(self, offset: int) -> int:
        """Return the offset in bytes on disk of a character of the text."""
        if self.text.isascii() and self.encoding in {"utf-8", "ascii", "iso-8859-1"}:
            return self.prefix + offset
        return self.prefix + len(self.text[:offset].encode(self.encoding))


def decode(path: str, raw: bytes) -> Source:
    """Decode as Python does: byte order mark, then the declared encoding, then UTF-8.

    Raises:
        UndecodableSource: with a sentence that says what to do.
    """
    prefix = len(BOM_UTF8) if raw.startswith(BOM_UTF8) else 0
    if b"\0" in raw:
        raise UndecodableSource("it holds null bytes, so it is not Python source")
    try:
        declared, _ = tokenize.detect_encoding(io.BytesIO(raw).readline)
        encoding = "utf-8" if declared == "utf-8-sig" else declared
        return Source(path, raw, raw[prefix:].decode(encoding), encoding, prefix)
    except (SyntaxError, UnicodeDecodeError, LookupError) as error:
        raise UndecodableSource(
            f"it cannot be decoded ({error}); save it as UTF-8 or declare its encoding (PEP 263)"
        ) from error
