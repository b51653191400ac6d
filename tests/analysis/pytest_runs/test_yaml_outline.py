"""The YAML of workflow files, judged by a complete YAML reader."""

import time

import pytest
import yaml  # type: ignore[import-untyped]

from bot.analysis.pytest_runs.yaml_outline import LONGEST, Node, Scalar, read_yaml


def plain(node: Node) -> object:
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, list):
        return [plain(item) for item in node]
    return {key: plain(value) for key, value in node.items()}


def text_only(value: object) -> object:
    """Return what YAML's base types would be as texts; a missing value is an empty one."""
    if isinstance(value, list):
        return [text_only(item) for item in value]
    if isinstance(value, dict):
        return {str(key): text_only(item) for key, item in value.items()}
    return value if isinstance(value, str) else ""


DOCUMENTS = {
    "nested mappings": "a:\n  b:\n    c: d\n  e: f\ng: h\n",
    "comments": "# one\na: b # two\n# three\nc: 'd # e' # f\ng: h#i\n",
    "comments behind keys": "a: # one\n  b: c\nd: # two\n  - e\n",
    "keys": "'a b': i\n\"c: d\": j\ne-f.g/h: k\nhttp://x: l\n",
    "colons in values": "a: http://b:80/c\nd: 'e: f'\ng: h:i\n",
    "lists": "a:\n  - b\n  - c\nd:\n- e\n- f\n",
    "lists of mappings": "- a: b\n  c: d\n-  e: f\n   g: h\n-\n  i: j\n- k\n",
    "lists of lists": "- - a\n  - b\n- - - c\n- d\n",
    "literal blocks": "a: |\n  b\n    c\n\n  d\ne: |-\n  f\n",
    "folded blocks": "a: >-\n  b\n  c\n\n  d\n    e\n  f\ng: h\n",
    "block at the end": "a:\n  - b: |\n      c\n      # no comment\n      d",
    "continued scalars": "a: b\n  c\n  d\ne: 'f\n  g'\nh: \"i\n  j\"\n",
    "escapes": "a: \"b\\tc\\\"d\\\\e\"\nf: 'g''h'\n",
    "flow lists": "a: [b, 'c d', \"e\"]\nf: []\ng: [h,\n  i]\n",
    "flow mappings": "a: {b: c, d: {e: f}, 'g': [h]}\ni: {}\n",
    "flow on lines": "a: [\n  b,\n  c,\n]\nd: e\n",
    "flow lists of mappings": "- {a: b, c: d}\n- [e, {f: g}]\n",
    "anchors": "a: &x\n  b: c\nd: *x\ne: &y f\ng: *y\n",
    "merge keys": "a: &x {b: c, d: e}\nf:\n  <<: *x\n  d: g\nh:\n  <<: [*x]\n",
    "tags": "d: !!str e\n",
    "empty values": "a:\nb:\n  c:\n  d: e\n",
    "start of document": "---\na: b\n",
    "carriage returns": "a: b\r\nc:\r\n  - d\r\n  - e: |\r\n      f\r\n      g\r\n",
    "document with directive": "%YAML 1.2\n---\na: b\n...\n",
    "scalar": "a\n",
    "quoted keys in flow": '{"a": "b", "c":"d"}\n',
    "expressions": "a: ${{ b.c }}\nd: ${{ e }} f\n",
    "hash in plain": "a: b#c\nd: [e#f, g]\n",
    "flow with comment": "a: [b, # c\n  d]\n",
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_is_read_as_yaml_is(name: str) -> None:
    text = DOCUMENTS[name]
    expected = text_only(yaml.safe_load(text))
    read = plain(read_yaml(text))

    assert stripped(read) == stripped(expected)


def stripped(value: object) -> object:
    """Blocks are kept without their last line ends, which no command line needs."""
    if isinstance(value, list):
        return [stripped(item) for item in value]
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items() if item not in ("", None)}
    return value.rstrip("\n") if isinstance(value, str) else value


def test_every_scalar_knows_its_line() -> None:
    text = "a: b\n# c\nd:\n  - e\n  - f: |\n      g\n      h\n    i: [j]\n"

    assert read_yaml(text) == {
        "a": Scalar("b", 1),
        "d": [Scalar("e", 4), {"f": Scalar("g\nh", 6), "i": [Scalar("j", 8)]}],
    }


@pytest.mark.parametrize(
    "text",
    ["", "\n", "# only\n", "a: *missing\n", "a: [\n", "a: {b\n", "]: x\n", "x" * (LONGEST + 1)],
)
def test_what_cannot_be_read_is_missing(text: str) -> None:
    assert plain(read_yaml(text)) in ({}, {"a": []}, {"a": {}}, "]: x", {"a": {"b": ""}})


def test_a_tag_that_nobody_knows_is_passed_over() -> None:
    assert plain(read_yaml("a: !reference [b, c]\nd: e\n")) == {"a": ["b", "c"], "d": "e"}


def test_a_second_document_is_not_read() -> None:
    assert plain(read_yaml("a: b\n---\nc: d\n")) == {"a": "b"}


def test_odd_indentation_spoils_no_later_step() -> None:
    text = "a:\n    b: c\n  odd\n  d: e\nf: g\n"

    assert plain(read_yaml(text)) == {"a": {"b": "c"}, "f": "g"}
    assert plain(read_yaml("a: b\nodd\nc: d\n")) == {"a": "b", "c": "d"}
    assert plain(read_yaml("a:\n  <<: odd\n  b: c\n")) == {"a": {"b": "c"}}
    assert plain(read_yaml("a: [b,\nc: d\n")) == {"a": ["b"], "c": "d"}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 20_000,
        "x: " + "{" * 20_000,
        "- " * 20_000,
        "x: a" + " " * 20_000 + "b",
        "x" + " " * 20_000 + "y:z",
        "!" * 20_000 + "a",
        "&a " * 20_000,
        "x: '" + "a\n  " * 20_000,
        "x: [" + "a\n  " * 20_000,
        "x: a " + "# " * 20_000,
        "a: b\n" * 20_000,
        "\n".join(" " * depth + "a:" for depth in range(500)),
    ],
)
def test_hostile_text_takes_no_long_time(text: str) -> None:
    begin = time.process_time()
    read_yaml(text)

    assert time.process_time() - begin < 2
