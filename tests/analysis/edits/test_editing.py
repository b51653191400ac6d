"""Edits in the style of the file: what is not edited stays as it is."""

import pytest

from tests.analysis.edits.fixed import MARKED, TEST, fixed


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_line_endings_and_byte_order_mark_stay(newline: str, bom: bytes) -> None:
    raw = bom + ("import os\n\n" + TEST).replace("\n", newline).encode()

    changed = fixed(raw)

    expected = ("import os\n\nimport pytest\n\n" + MARKED).replace("\n", newline)
    assert changed == bom + expected.encode()


def test_tabs_and_a_missing_last_newline_stay() -> None:
    text = "import pytest\n\nclass TestIt:\n\tasync def test_it(self):\n\t\tpass"

    assert fixed(text).decode() == text.replace(
        "\tasync def", "\t@pytest.mark.asyncio\n\tasync def"
    )


def test_another_encoding_stays() -> None:
    raw = b"# coding: latin-1\nimport pytest\n\nx = '\xe9'\n\nasync def test_it(): ...\n"

    assert fixed(raw) == raw.replace(b"async def", b"@pytest.mark.asyncio\nasync def")


def test_a_marker_goes_below_every_other_decorator() -> None:
    text = "import pytest\n\n@pytest.mark.slow\n# why\n@pytest.mark.flaky\n"

    assert fixed(text + TEST).decode() == text + MARKED


def test_newer_syntax_is_edited_without_being_rewritten() -> None:
    text = 'import pytest\n\ntype X = int\n\nasync def test_it():\n    assert f"{"a"}"\n'

    assert fixed(text).decode() == text.replace("async def", "@pytest.mark.asyncio\nasync def")


def test_templates_in_a_row_are_edited_without_being_rewritten() -> None:
    text = "import pytest\n\nasync def test_it():\n    assert sql(t\"a {b}\" T'{c}')\n"

    assert fixed(text).decode() == text.replace("async def", "@pytest.mark.asyncio\nasync def")
