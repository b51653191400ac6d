"""Bytes to text, and from a place in the text back to a byte on disk."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.source.source import UndecodableSource, decode


@pytest.mark.parametrize(
    ("raw", "encoding", "prefix"),
    [
        (b"x = 1\n", "utf-8", 0),
        (b"\xef\xbb\xbfx = 1\n", "utf-8", 3),
        (b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", "iso-8859-1", 0),
        ("# coding: cp1252\nx = '€'\n".encode("cp1252"), "cp1252", 0),
    ],
)
def test_the_encoding_is_the_one_that_python_would_take(
    raw: bytes, encoding: str, prefix: int
) -> None:
    source = decode("t.py", raw)

    assert (source.encoding, source.prefix) == (encoding, prefix)
    assert source.text.encode(source.encoding) == raw[prefix:]


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"x = '\xff'\n", "cannot be decoded"),
        (b"# coding: no-such-codec\n", "declare its encoding"),
        (b"x = 1\0\n", "null bytes"),
        (b"\xff\xfex\0", "null bytes"),
    ],
)
def test_what_is_no_text_says_what_to_do(raw: bytes, words: str) -> None:
    with pytest.raises(UndecodableSource, match=words):
        decode("t.py", raw)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_as_python_says_and_nowhere_else(newline: str) -> None:
    source = decode("t.py", f"a = '\x0c'{newline}b = '\u2028'{newline}c = 1".encode())

    assert source.newline == newline
    assert source.line(1) == "a = '\x0c'"
    assert source.line(2) == "b = '\u2028'"
    assert source.line(3) == "c = 1"


def test_a_file_without_a_line_ending_gets_the_common_one() -> None:
    assert decode("t.py", b"x = 1").newline == "\n"


@given(
    text=st.text(st.sampled_from("aé€😀 \t"), max_size=12),
    encoding=st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_a_place_of_ast_leads_to_its_byte_on_disk(text: str, encoding: str) -> None:
    code = f"x = 1\ny = {text!r}; target = 2\n"
    raw = code.encode(encoding)
    source = decode("t.py", raw)
    statement = ast.parse(source.text).body[-1]

    offset = source.offset(statement.lineno, statement.col_offset)

    assert source.text[offset:].startswith("target")
    assert raw[source.byte(offset) :].startswith(b"target")
    assert source.position(offset) == (2, code.split("\n")[1].index("target") + 1)


def test_a_byte_in_another_encoding_is_counted_in_that_encoding() -> None:
    raw = b"# coding: latin-1\nx = '\xe9\xe9'; y = 1\n"
    source = decode("t.py", raw)

    assert raw[source.byte(source.text.index("y =")) :].startswith(b"y = 1")
