"""The part of YAML that workflow files are written in, with the line of every scalar.

Block and flow collections, plain, quoted and block scalars, anchors, aliases and merge keys. What
is not understood becomes text or is left out: a workflow with an odd corner still says what its
other steps run. Aliases share the value that they name, so a reader must bound its walk.
"""

import re
from collections.abc import Iterator

from msgspec import Struct, field

LONGEST = 300_000
DEEPEST = 60
KEY = re.compile(
    r"""(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*+'"""
    r"""|(?:[^\s#&*!|>'"%@`\[\]{},?:-]|[?:-](?=\S))[^#:]*+(?::(?=\S)[^#:]*+)*+)"""
    r"""[ \t]*:(?:[ \t]+(?P<rest>.*))?$"""
)
DASH = re.compile(r"-(?:[ \t]+|$)")
PROPERTY = re.compile(r"(?:&(?P<anchor>\S+)|!\S*)(?:[ \t]+|$)")
BLOCK = re.compile(r"(?P<style>[|>])(?P<flags>[-+0-9]{0,2})[ \t]*(?:#.*)?$")
COMMENT = re.compile(r"(?:^|(?<=[ \t]))#.*$")
FLOW = re.compile(
    r"""\s+|\#[^\n]*|(?P<mark>[\[\]{},:](?=[\s\[\]{},]|$)|[\[\]{},]|(?<=["']):)"""
    r"""|(?P<double>"(?:[^"\\]|\\.)*")|(?P<single>'(?:[^']|'')*')|(?P<plain>(?:[^\[\]{},:#]|:(?!\s|$)|(?<!\s)\#)+)"""
)
CLOSING = {'"': re.compile(r'(?:[^"\\]|\\.)*"'), "'": re.compile(r"(?:[^']|'')*'(?!')")}
ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", '"': '"', "/": "/", "0": "\0", "\n": ""}


class Scalar(Struct, frozen=True):
    """A text and the line on which it begins, from one (a block scalar's first content line)."""

    text: str
    line: int


Node = Scalar | list["Node"] | dict[str, "Node"]


class Line(Struct):
    """A line that is neither empty nor a comment."""

    number: int
    indent: int
    text: str


class Reader(Struct):
    """Where a reading of the lines has come to."""

    raw: list[str]
    lines: list[Line]
    at: int = 0
    depth: int = 0
    anchors: dict[str, Node] = field(default_factory=dict[str, Node])

    def peek(self) -> Line | None:
        """Return the next line, None at the end."""
        return self.lines[self.at] if self.at < len(self.lines) else None


def read_yaml(text: str) -> Node:
    """Return the first document; what cannot be read is missing from it."""
    if len(text) > LONGEST:
        return {}
    raw = text.split("\n")
    reader = Reader(raw, list(_lines(raw)))
    return _node(reader, 0) or {}


def _lines(raw: list[str]) -> Iterator[Line]:
    for number, full in enumerate(raw):
        stripped = full.strip()
        if stripped == "..." or (stripped == "---" and number and full[0] == "-"):
            if any(
                line.strip() and not line.lstrip().startswith(("#", "%")) for line in raw[:number]
            ):
                return
            continue
        if stripped and not stripped.startswith("#") and not full.startswith(("%", "---")):
            yield Line(number, len(full) - len(full.lstrip(" ")), stripped)


def _node(reader: Reader, indent: int) -> Node | None:
    """Read the block that begins on the next line, if it is indented at least so far."""
    line = reader.peek()
    if line is None or line.indent < indent or reader.depth > DEEPEST:
        return None
    reader.depth += 1
    try:
        if DASH.match(line.text):
            return _sequence(reader, line.indent)
        if _key_of(line.text):
            return _mapping(reader, line.indent)
        reader.at += 1
        return _value(reader, line.text, line, line.indent - 1)
    finally:
        reader.depth -= 1


def _sequence(reader: Reader, indent: int) -> list[Node]:
    items: list[Node] = []
    while (line := reader.peek()) and line.indent == indent and DASH.match(line.text):
        inner = DASH.sub("", line.text, count=1)
        if inner and (DASH.match(inner) or _key_of(inner)) and not PROPERTY.match(inner):
            # "- key: value" opens a block on the same line, indented behind the dash.
            line.indent += len(line.text) - len(inner)
            line.text = inner
            found = _node(reader, line.indent)
        else:
            reader.at += 1
            found = _value(reader, inner, line, indent)
        items.append(found if found is not None else Scalar("", line.number + 1))
    _skip_deeper(reader, indent)
    return items


def _mapping(reader: Reader, indent: int) -> dict[str, Node]:
    table: dict[str, Node] = {}
    while (line := reader.peek()) and line.indent == indent:
        reader.at += 1
        found = _key_of(line.text)
        if found is None:
            continue
        key = _unquoted(found["key"].strip())
        value = _value(reader, found["rest"] or "", line, indent)
        if key == "<<":
            _merge(table, value)
        elif value is not None:
            table[key] = value
        _skip_deeper(reader, indent)
    return table


def _skip_deeper(reader: Reader, indent: int) -> None:
    """Pass over lines that belong to something that was not understood."""
    while (line := reader.peek()) and line.indent > indent:
        reader.at += 1


def _merge(table: dict[str, Node], value: Node | None) -> None:
    for source in value if isinstance(value, list) else [value]:
        if isinstance(source, dict):
            table.update({key: node for key, node in source.items() if key not in table})


def _key_of(text: str) -> re.Match[str] | None:
    return KEY.match(text) if ":" in text else None


def _value(reader: Reader, text: str, line: Line, indent: int) -> Node | None:
    """Read what stands behind a key or a dash: on its line, or on the deeper lines below."""
    text, anchor = _without_properties(text)
    if text.startswith("#"):
        text = ""
    block = BLOCK.match(text)
    if block:
        found: Node | None = _block_scalar(reader, block, line, indent)
    elif not text:
        found = _below(reader, indent)
    elif text[0] in "[{":
        found = _flow(reader, text, line, indent)
    elif text[0] == "*":
        found = reader.anchors.get(COMMENT.sub("", text[1:]).strip())
    else:
        found = _plain(reader, text, line, indent)
    if anchor and found is not None:
        reader.anchors[anchor] = found
    return found


def _without_properties(text: str) -> tuple[str, str]:
    """Return the text behind `&anchor` and `!tag`, and the anchor."""
    anchor = ""
    while found := PROPERTY.match(text):
        anchor = found["anchor"] or anchor
        text = text[found.end() :]
    return text, anchor


def _below(reader: Reader, indent: int) -> Node | None:
    line = reader.peek()
    if line and line.indent == indent and DASH.match(line.text):
        # A list may stand at the same indentation as its key.
        return _sequence(reader, indent)
    return _node(reader, indent + 1)


def _block_scalar(reader: Reader, block: re.Match[str], line: Line, indent: int) -> Scalar:
    number = line.number + 1
    taken: list[str] = []
    inner = 0
    while number < len(reader.raw):
        raw = reader.raw[number]
        width = len(raw) - len(raw.lstrip(" "))
        if raw.strip():
            if width <= indent:
                break
            inner = inner or width
        taken.append(raw[inner:] if inner else "")
        number += 1
    while (upcoming := reader.peek()) and upcoming.number < number:
        reader.at += 1
    lines = [text.rstrip("\r") for text in taken]
    return Scalar(_folded(lines) if block["style"] == ">" else "\n".join(lines), line.number + 2)


def _folded(lines: list[str]) -> str:
    """Join lines by blanks; empty lines and those around a deeper one keep their breaks."""
    text, previous, empty = "", "", 0
    for line in lines:
        if not line:
            empty += 1
            continue
        deeper = line[0] == " " or previous[:1] == " "
        glue = "\n" * (empty + deeper) or " "
        text += (glue if text else "") + line
        previous, empty = line, 0
    return text


def _plain(reader: Reader, text: str, line: Line, indent: int) -> Scalar:
    """Read a plain or quoted scalar, which may go on over deeper lines."""
    closing = CLOSING.get(text[0])
    pieces = [text]
    closed = bool(closing and closing.match(text, 1))
    while not closed and (upcoming := reader.peek()) and upcoming.indent > indent:
        pieces.append(upcoming.text)
        closed = bool(closing and closing.match(upcoming.text))
        reader.at += 1
    joined = " ".join(pieces)
    quoted = closing and closing.match(joined, 1)
    clean = _unquoted(joined[: quoted.end()]) if quoted else COMMENT.sub("", joined).strip()
    return Scalar(clean, line.number + 1)


def _unquoted(text: str) -> str:
    if text.startswith("'") and text.endswith("'") and len(text) > 1:
        return text[1:-1].replace("''", "'")
    if text.startswith('"') and text.endswith('"') and len(text) > 1:
        return re.sub(
            r"\\(.)",
            lambda found: ESCAPES.get(found[1], found.group()),
            text[1:-1],
            flags=re.DOTALL,
        )
    return text


def _flow(reader: Reader, text: str, line: Line, indent: int) -> Node | None:
    """Read `[a, b]` or `{a: b}`, on one line or several."""
    pieces = [text]
    opened = _opened(text)
    while opened > 0 and (upcoming := reader.peek()):
        if upcoming.indent <= indent and upcoming.text[0] not in "]}":
            break
        pieces.append(upcoming.text)
        opened += _opened(upcoming.text)
        reader.at += 1
    tokens = [
        (found.lastgroup or "", found.group())
        for found in FLOW.finditer("\n".join(pieces))
        if found.lastgroup
    ]
    return _flow_node(reader, tokens[::-1], line.number + 1)


def _opened(text: str) -> int:
    """Return how many more brackets are opened than closed."""
    marks = [found["mark"] for found in FLOW.finditer(text)]
    return sum((mark in ("[", "{")) - (mark in ("]", "}")) for mark in marks)


def _flow_node(
    reader: Reader, tokens: list[tuple[str, str]], line: int, depth: int = 0
) -> Node | None:
    """Read one value off the end of the reversed tokens."""
    kind, text = tokens.pop() if tokens else ("mark", "")
    if depth > DEEPEST:
        return None
    if kind == "plain" and text.startswith("*"):
        return reader.anchors.get(text[1:].strip())
    if kind != "mark":
        return Scalar(_unquoted(text.strip()), line)
    if text == "[":
        return _flow_list(reader, tokens, line, depth)
    return _flow_table(reader, tokens, line, depth) if text == "{" else None


def _flow_list(reader: Reader, tokens: list[tuple[str, str]], line: int, depth: int) -> list[Node]:
    items: list[Node] = []
    while tokens and tokens[-1] != ("mark", "]"):
        found = _flow_node(reader, tokens, line, depth + 1)
        if found is not None:
            items.append(found)
    del tokens[-1:]
    return items


def _flow_table(
    reader: Reader, tokens: list[tuple[str, str]], line: int, depth: int
) -> dict[str, Node]:
    table: dict[str, Node] = {}
    while tokens and tokens[-1] != ("mark", "}"):
        kind, text = tokens.pop()
        if kind != "mark" and tokens and tokens[-1] == ("mark", ":"):
            tokens.pop()
            found = _flow_node(reader, tokens, line, depth + 1)
            table[_unquoted(text.strip())] = found if found is not None else Scalar("", line)
    del tokens[-1:]
    return table
