import pytest

from bot.report.elsewhere import elsewhere
from tests.report.builders import finding

FOUND = finding(path="tests/test_order.py", line=5, symbol="test_order")


def told(depends_on: tuple[str, ...]) -> str:
    (part,) = elsewhere([FOUND, finding(path="b.py")], {"tests/test_order.py": depends_on})
    (line,) = part.lines
    return line


def test_a_finding_in_an_unchanged_file_is_told_with_its_place() -> None:
    assert told(()) == "- `tests/test_order.py:5`: AWT103 in `test_order`"


@pytest.mark.parametrize(
    ("depends_on", "reason"),
    [
        (("a.py",), "`a.py`"),
        (("a.py", "b.py", "c.py"), "`a.py`, `b.py` and `c.py`"),
        (("a.py", "b.py", "c.py", "d.py"), "`a.py`, `b.py`, `c.py` and 1 more file"),
        (("[x](y).py",), "`[x](y).py`"),
    ],
)
def test_what_it_depends_on_is_named(depends_on: tuple[str, ...], reason: str) -> None:
    assert told(depends_on).endswith(f", which depends on {reason}")


def test_a_finding_outside_of_everything_is_in_nothing() -> None:
    (part,) = elsewhere([finding(path="a.py", line=1, symbol="")], {"a.py": ()})

    assert part.lines == ("- `a.py:1`: AWT103",)


def test_nothing_is_told_where_all_is_in_changed_files() -> None:
    assert elsewhere([FOUND], {"tests/test_other.py": ()}) == ()
