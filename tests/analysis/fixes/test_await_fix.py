"""Where `await` is put, and where it cannot stand."""

from textwrap import dedent, indent

import pytest

from bot.analysis.finding import Finding
from bot.analysis.request import Fixing
from tests.trees import plan_for, report_on

START = """
import pytest

async def work(*values):
    return values

class Till:
    async def total(self):
        return 3
"""


def project(body: str) -> dict[str, str]:
    """Return a project with one async test."""
    test = "@pytest.mark.asyncio\nasync def test_it():\n" + indent(dedent(body), "    ")
    return {"test_it.py": f"{START}\n{test}\n"}


def fixed(body: str) -> str:
    files = project(body)
    plan = plan_for(files, Fixing.SAFE)
    after = plan.files["test_it.py"].decode()
    return dedent(after.partition("async def test_it():\n")[2]).strip()


def findings(body: str) -> tuple[Finding, ...]:
    return report_on(project(body)).findings


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("work()", "await work()"),
        ("assert work() == 3", "assert await work() == 3"),
        ("assert not work()", "assert not await work()"),
        ("assert -work() < 0", "assert -await work() < 0"),
        ("assert work() ** 2 == 9", "assert await work() ** 2 == 9"),
        ("assert work().real == 3", "assert (await work()).real == 3"),
        ("assert work()[0] == 3", "assert (await work())[0] == 3"),
        ("assert work()(1) == 3", "assert (await work())(1) == 3"),
        ("assert Till().total() == 3", "assert await Till().total() == 3"),
        ("assert work(work) in (1, 2)", "assert await work(work) in (1, 2)"),
        ("assert any([work()])", "assert any([await work()])"),
        ("assert all(work(x) for x in [1])", "assert all([await work(x) for x in [1]])"),
        ("assert (work() == 3)", "assert (await work() == 3)"),
        ("if work(): pass", "if await work(): pass"),
        ("one = work(); assert one == 3", "one = await work(); assert one == 3"),
        ("one, two = work()", "one, two = await work()"),
        ("for one in work(): print(one)", "for one in await work(): print(one)"),
        ("assert 'ä' == work()", "assert 'ä' == await work()"),
        ("assert work(\n    1,\n) == 3", "assert await work(\n    1,\n) == 3"),
    ],
)
def test_await_goes_in_front_with_parentheses_where_they_are_needed(
    before: str, after: str
) -> None:
    assert fixed(before) == after


@pytest.mark.parametrize(
    "body",
    [
        "assert f'{work()}'",
        "assert f'{work().real:>{3}}'",
        "assert any(True for one in [1] if work())",
        "def inner():\n    work()\nassert inner() is None",
    ],
)
def test_where_await_cannot_stand_nothing_is_offered(body: str) -> None:
    found = findings(body)

    assert found
    assert all(one.fix is None for one in found)


@pytest.mark.parametrize(
    "body",
    [
        "later = lambda: work()\nawait later()",
        "made = [work() for _ in range(3)]\nfor one in made:\n    await one",
        "made = (work(x) for x in [1])\nfor one in made:\n    await one",
        "class Later:\n    made = work()\nawait Later.made",
    ],
)
def test_what_may_be_awaited_later_is_left_alone(body: str) -> None:
    assert findings(body) == ()


@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_line_endings_tabs_and_byte_order_marks_stay(newline: str) -> None:
    text = "\ufeff" + project("work()")["test_it.py"].replace("    ", "\t")
    content = text.replace("\n", newline).encode()

    plan = plan_for({"test_it.py": content}, Fixing.SAFE)

    assert plan.files["test_it.py"] == content.replace(b"\twork()", b"\tawait work()")


def test_a_name_that_is_read_more_than_once_is_awaited_where_it_is_made() -> None:
    assert fixed("one = work()\nassert one\nassert one != 3\nprint(one)\nassert one[0]") == (
        "one = await work()\nassert one\nassert one != 3\nprint(one)\nassert one[0]"
    )


def test_a_name_that_is_bound_again_is_looked_at_piece_by_piece() -> None:
    body = (
        "one = await work()\nassert one\none = work()\nassert one\none = await work()\nassert one"
    )

    assert [finding.line for finding in findings(body)] == [15]


def test_values_under_a_condition_are_left_alone() -> None:
    assert findings("one = work()\nif one:\n    one = await one\nassert one") == ()
