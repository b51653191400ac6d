"""Which findings a change brings, and which were there before."""

from collections.abc import Mapping

from msgspec.structs import replace

from bot.analysis.baseline import compared
from bot.analysis.finding import Finding, Location, Severity


def finding(mark: str, path: str = "test_pay.py", line: int = 1) -> Finding:
    location = Location(path, line, 1, line, 2)
    found = Finding("AWT103", "unhandled-async-test", location, Severity.FAILURE, "m", "test_pay")
    return replace(found, fingerprint=mark)


def new(
    head: list[Finding], base: list[Finding], moved: Mapping[str, str] | None = None
) -> list[Finding]:
    return list(compared(head, base, moved or {}).new)


def test_what_was_in_the_same_file_is_known_wherever_it_stands() -> None:
    assert new([finding("a", line=7)], [finding("a", line=1)]) == []


def test_what_was_nowhere_is_new() -> None:
    brought = finding("b")

    assert new([finding("a"), brought], [finding("a")]) == [brought]


def test_each_finding_of_the_base_accounts_for_one() -> None:
    second = finding("a", line=9)

    assert new([finding("a", line=1), second], [finding("a")]) == [second]


def test_what_moved_to_another_file_is_known() -> None:
    assert new([finding("a", "test_new.py")], [finding("a", "test_old.py")]) == []


def test_a_renamed_file_keeps_what_was_in_it() -> None:
    copy = finding("a", "test_copy.py")
    kept = finding("a", "test_new.py")

    # Without the renaming, the first one that comes would be taken for the known one.
    assert new([copy, kept], [finding("a", "test_old.py")], {"test_old.py": "test_new.py"}) == [
        copy
    ]


def test_a_copy_is_new_where_the_original_stayed() -> None:
    copy = finding("a", "test_copy.py")

    assert new([copy, finding("a")], [finding("a")]) == [copy]


def test_the_order_of_findings_is_kept() -> None:
    parted = compared([finding("c"), finding("a"), finding("b")], [finding("a")], {})

    assert [one.fingerprint for one in parted.new] == ["c", "b"]
    assert [one.fingerprint for one in parted.known] == ["a"]
