"""What a suppression is about, and what is said of one that is about nothing."""

from datetime import date

import pytest

from bot.analysis.finding import Severity
from bot.analysis.request import Fixing, Request, Selection
from tests.trees import plan_for, report_on


def codes(text: str, **request: object) -> list[str]:
    return [one.code for one in report_on({"test_a.py": text}, **request).findings]


HERE = "# awaited: ignore[AWT103]"


@pytest.mark.parametrize(
    "text",
    [
        f"async def test_it():  {HERE}\n    pass\n",
        f"async def test_it(): ...  {HERE}\n",
        f"async def test_it(\n):  {HERE}\n    pass\n",
        f"async def test_it(  {HERE}\n):\n    pass\n",
        f"@pytest.mark.parametrize('x', [1])  {HERE}\nasync def test_it(x): ...\n",
        f"@pytest.mark.a\n@pytest.mark.b  {HERE}\n@pytest.mark.c\nasync def test_it(): ...\n",
        f"class TestIt:\n    async def test_it(self):  {HERE}\n        pass\n",
        "# awaited: ignore-file[AWT103]\nasync def test_it(): ...\n",
        "async def test_it(): ...\n\n\n# awaited: ignore-file\n",
        "async def test_it():  # awaited: ignore\n    pass\n",
        "async def test_it():  # awaited: ignore[mock-awaited, unhandled-async-test]\n    pass\n",
    ],
)
def test_a_finding_about_a_test_is_taken_back_at_its_header(text: str) -> None:
    assert codes(f"import pytest\n{text}").count("AWT103") == 0


@pytest.mark.parametrize(
    "text",
    [
        f"async def test_it():\n    pass  {HERE}\n",
        f"{HERE}\nasync def test_it():\n    pass\n",
        f"class TestIt:  {HERE}\n    async def test_it(self):\n        pass\n",
        "async def test_it():  # awaited: ignore[AWT101]\n    pass\n",
        "async def test_it():  # awaited: ignore[AWT9]\n    pass\n",
        f"async def test_it():\n    pass\n\nasync def test_other():  {HERE}\n    pass\n",
    ],
)
def test_a_suppression_elsewhere_takes_nothing_back(text: str) -> None:
    assert codes(text).count("AWT103") == 1


MOCKED = """
from unittest.mock import Mock

class Till:
    async def total(self): ...

async def test_it():
    till = Till()
    till.total = {first}Mock(
        return_value=3,
    ){last}
    await till.total()
"""


def test_a_finding_inside_a_statement_is_taken_back_at_its_first_or_last_line() -> None:
    plain = codes(MOCKED.format(first="", last=""), selection=Selection(select=("AWT405",)))
    last = "  # awaited: ignore[AWT405]"

    assert plain == ["AWT405"]
    assert codes(MOCKED.format(first="", last=last), selection=Selection(select=("AWT405",))) == []


@pytest.mark.parametrize("line", [3, 4, 5])
def test_a_statement_of_many_lines_has_three_places(line: int) -> None:
    lines = ["import time", "", "PAUSES = [", "    time.sleep,", "]", "# the end"]
    config = "[forbidden-use]\nsymbols = ['time.sleep']\n"
    suppressed = [*lines]
    suppressed[line - 1] += "  # awaited: ignore[AWT507]"

    def findings(text: list[str]) -> list[str]:
        files = {".awaited.toml": config, "test_a.py": "\n".join(text)}
        return [one.code for one in report_on(files).findings]

    assert findings(lines) == ["AWT507"]
    assert findings(suppressed) == []


def test_what_is_suppressed_is_not_fixed() -> None:
    files = {"test_a.py": f"async def test_it():  {HERE}\n    pass\n"}

    assert plan_for(files).files == {}


def test_a_fix_that_leaves_a_suppression_in_vain_takes_it_away_too() -> None:
    text = (
        "import unittest\n\n\nclass TestIt(unittest.TestCase):\n"
        "    async def test_one(self): ...\n\n"
        "    async def test_other(self): ...  # awaited: ignore[AWT101]\n"
    )

    plan = plan_for({"test_a.py": text}, Fixing.UNSAFE)

    fixed = plan.files["test_a.py"].decode()
    assert "IsolatedAsyncioTestCase" in fixed
    assert "awaited:" not in fixed
    assert plan.after.findings == ()


# -- what is said of them --------------------------------------------------------------------

MARKED = "import pytest\n\n@pytest.mark.asyncio\nasync def test_it(): ...  "


def test_an_expired_suppression_takes_nothing_back_and_is_told() -> None:
    text = f"async def test_it():  {HERE} until=2026-06-14\n    pass\n"

    assert sorted(codes(text, today=date(2026, 6, 14))) == []
    assert sorted(codes(text, today=date(2026, 6, 15))) == ["AWT005", "AWT103"]


def test_an_expired_suppression_may_name_no_rule_as_well() -> None:
    text = "# awaited: ignore-file[AWT1O3] until=2026-06-14\n"

    assert sorted(codes(text)) == ["AWT004", "AWT005"]


def test_nothing_is_said_of_suppressions_in_a_file_that_could_not_be_checked() -> None:
    deep = "import pytest\n@pytest" + ".mark" * 2_000 + f"\nasync def test_it(): ...  {HERE}\n"

    report = report_on({"test_a.py": deep})

    assert report.findings == ()
    assert [one.path for one in report.errors] == ["test_a.py"]


def test_a_suppression_of_a_rule_that_is_off_is_not_in_vain() -> None:
    off = Selection(ignore=("AWT103",))

    assert codes(MARKED + HERE, selection=off) == []
    assert codes(MARKED + "# awaited: ignore", selection=off) == []
    assert codes(MARKED + HERE) == ["AWT003"]
    assert codes(MARKED + "# awaited: ignore") == ["AWT003"]


def test_a_suppression_of_what_is_ignored_in_this_file_is_not_in_vain() -> None:
    files = {
        "test_a.py": MARKED + HERE,
        ".awaited.toml": "per-file-ignores = { 'test_a.py' = ['AWT103'] }\n",
    }

    assert report_on(files).findings == ()


def test_what_is_said_of_suppressions_can_be_ignored_and_weighed() -> None:
    files = {"test_a.py": MARKED + HERE}

    ignored = {**files, ".awaited.toml": "per-file-ignores = { '*.py' = ['AWT003'] }\n"}
    weighed = {**files, ".awaited.toml": "severity = { AWT003 = 'failure' }\n"}

    assert report_on(ignored).findings == ()
    assert [one.severity for one in report_on(weighed).findings] == [Severity.FAILURE]


def test_every_rule_of_a_suppression_is_judged() -> None:
    text = "async def test_it():  # awaited: ignore[AWT103, AWT101, AWT1O2]\n    pass\n"

    assert sorted(codes(text)) == ["AWT003", "AWT004"]


def test_a_broken_file_has_no_suppressions() -> None:
    assert codes("# awaited: ignore-file\ndef test_it(:\n") == ["AWT001"]


def test_without_a_day_nothing_expires() -> None:
    assert Request(()).today is None
    assert codes(f"async def test_it(): ...  {HERE} until=2000-01-01\n", today=None) == []
