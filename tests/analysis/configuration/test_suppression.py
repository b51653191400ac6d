"""Which comments are suppressions, and what they say."""

from datetime import date

import pytest

from bot.analysis.configuration.suppression import Malformed, Suppression, suppressions
from bot.analysis.source.source import decode


def found(text: str) -> list[Suppression | Malformed]:
    return list(suppressions(decode("test_a.py", text.encode())))


def only(comment: str) -> Suppression:
    (one,) = found(f"x = 1  {comment}\n")
    assert isinstance(one, Suppression)
    return one


@pytest.mark.parametrize(
    ("comment", "rules", "until", "whole_file"),
    [
        ("# awaited: ignore", (), None, False),
        ("#awaited:ignore", (), None, False),
        ("# awaited: ignore[AWT103]", ("AWT103",), None, False),
        ("# awaited: ignore [ AWT103 , mock-awaited, ]", ("AWT103", "mock-awaited"), None, False),
        ("# awaited: ignore[AWT103] for a reason", ("AWT103",), None, False),
        ("# awaited: ignore-file", (), None, True),
        ("# awaited: ignore-file[AWT103]", ("AWT103",), None, True),
        ("# awaited: ignore[A] until=2027-01-31", ("A",), date(2027, 1, 31), False),
        ("# awaited: ignore[A] because until=2027-01-31 more", ("A",), date(2027, 1, 31), False),
        ("# awaited: ignore until=2027-01-31", (), date(2027, 1, 31), False),
        ("# type: ignore  # awaited: ignore[A]", ("A",), None, False),
    ],
)
def test_a_suppression_says_what_it_is_about(
    comment: str, rules: tuple[str, ...], until: date | None, *, whole_file: bool
) -> None:
    one = only(comment)

    assert (one.rules, one.until, one.whole_file) == (rules, until, whole_file)


@pytest.mark.parametrize(
    ("comment", "own"),
    [
        ("# awaited: ignore[A]  # noqa: E501", "# awaited: ignore[A]"),
        ("# awaited: ignore[A] see #12 and # 13", "# awaited: ignore[A] see #12 and # 13"),
        ("# noqa  # awaited: ignore", "# awaited: ignore"),
    ],
)
def test_it_ends_where_another_tools_comment_begins(comment: str, own: str) -> None:
    text = f"é = 1  {comment}\n"
    (one,) = found(text)

    assert isinstance(one, Suppression)
    assert text[one.start : one.end] == own
    assert (one.location.line, one.location.column) == (1, text.index(own) + 1)


@pytest.mark.parametrize(
    "text",
    [
        "x = '# awaited: ignore'\n",
        'x = """\n# awaited: ignore\n"""\n',
        "# awaited: the caller does that\n",
        "# awaited: results[0] is the first\n",
        "# is awaited\n",
        "# unawaited: ignore\n",
    ],
)
def test_nothing_else_is_one(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# awaited: ingore[A]", "`ingore` means nothing; did you mean `ignore`?"),
        ("# awaited: ignore[]", "name the rules in the brackets: `# awaited: ignore[AWT103]`"),
        ("# awaited: ignore-file[ , ]", "name the rules in the brackets"),
        ("# awaited: ignore[A", "name the rules in the brackets"),
        ("# awaited: ignore[A] until=soon", "`until=soon` is no day"),
        ("# awaited: ignore[A] until=2027-02-30", "`until=2027-02-30` is no day"),
        ("# awaited: ignore[A] until=20270131", "`until=20270131` is no day"),
        ("# awaited: ignore until=", "`until=` is no day"),
    ],
)
def test_what_was_meant_as_one_and_is_none_is_told(comment: str, message: str) -> None:
    (one,) = found(f"{comment}\n")

    assert isinstance(one, Malformed)
    assert one.message.startswith(message)


def test_lines_are_those_of_every_kind_of_line_end() -> None:
    lines = [one.location.line for one in found("a = 1\r\n\x0c\r\nb = 2  # awaited: ignore\r\n")]

    assert lines == [3]


def test_what_the_tokenizer_cannot_read_to_its_end_counts_up_to_there() -> None:
    assert len(found("# awaited: ignore\nx = (\n")) == 1


@pytest.mark.parametrize(
    ("today", "expired"),
    [(None, False), (date(2027, 1, 31), False), (date(2027, 2, 1), True)],
)
def test_the_last_day_still_counts(today: date | None, *, expired: bool) -> None:
    one = only("# awaited: ignore until=2027-01-31")

    assert one.is_expired(today) is expired
    assert not only("# awaited: ignore").is_expired(today)
