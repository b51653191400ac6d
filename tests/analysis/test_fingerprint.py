"""What a finding is known by again, held on findings of real analyses."""

from textwrap import dedent

import pytest

from bot.analysis.finding import Finding, Location, Severity
from bot.analysis.fingerprint import fingerprint as fingerprint_of
from bot.analysis.source.module import Module
from bot.analysis.source.parsing import parse
from bot.analysis.source.source import decode
from tests.trees import report_on

PINS = {"requirements.txt": "pytest==9.0.0\npytest-asyncio==1.3.0\n"}
NEVER_RUNS = """
    import pytest

    @pytest.mark.usefixtures("shop")
    async def test_pay(till):
        total = 3
        assert total
"""
NEVER_AWAITED = """
    import asyncio

    import pytest

    @pytest.mark.asyncio
    async def test_pay():
        first = 1
        asyncio.sleep(first)
"""


def fingerprint(text: str, path: str = "tests/test_pay.py") -> str:
    report = report_on(PINS | {path: dedent(text)})
    (finding,) = report.findings
    return finding.fingerprint


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import pytest\n", "import pytest\n\n    TAX = 3\n"),
        ("total = 3", "total = 4"),
        ('usefixtures("shop")', "usefixtures('shop' )"),
        ("test_pay(till)", "test_pay(  till,  )"),
    ],
)
def test_a_test_that_never_runs_stays_the_same_when_other_code_changes(old: str, new: str) -> None:
    changed = NEVER_RUNS.replace(old, new)

    assert changed != NEVER_RUNS
    assert fingerprint(changed) == fingerprint(NEVER_RUNS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("test_pay", "test_buy"),
        ('usefixtures("shop")', 'usefixtures("bank")'),
        ("(till)", "(till, tax)"),
    ],
)
def test_a_test_that_never_runs_is_another_by_its_name_marks_or_parameters(
    old: str, new: str
) -> None:
    assert fingerprint(NEVER_RUNS.replace(old, new)) != fingerprint(NEVER_RUNS)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("first = 1", "first = 2"),
        ("async def test_pay():", "async def test_pay(till):"),
        ("asyncio.sleep(first)", "asyncio.sleep( first )  # waits"),
    ],
)
def test_what_is_never_awaited_stays_the_same_while_its_statement_does(old: str, new: str) -> None:
    changed = NEVER_AWAITED.replace(old, new)

    assert changed != NEVER_AWAITED
    assert fingerprint(changed) == fingerprint(NEVER_AWAITED)


def test_what_is_never_awaited_is_another_in_another_statement() -> None:
    changed = NEVER_AWAITED.replace("asyncio.sleep(first)", "asyncio.sleep(first + 1)")

    assert fingerprint(changed) != fingerprint(NEVER_AWAITED)


def test_the_file_that_a_finding_is_in_makes_no_difference() -> None:
    assert fingerprint(NEVER_RUNS, "tests/test_bank.py") == fingerprint(NEVER_RUNS)


def test_a_block_is_known_by_its_header() -> None:
    text = """
        import asyncio

        import pytest

        async def opened(): ...

        @pytest.mark.asyncio
        async def test_pay():
            if opened():
                assert True
    """

    assert fingerprint(text.replace("assert True", "assert not False")) == fingerprint(text)


def test_a_finding_in_a_file_that_is_not_python_is_known_by_what_it_says() -> None:
    settings = "[pytest]\nasyncio_mode = atuo\n"

    first = report_on({**PINS, "pytest.ini": settings, "tests/test_pay.py": "x = 1\n"})
    other = report_on({**PINS, "pytest.ini": "\n" + settings, "tests/test_pay.py": "x = 1\n"})

    assert [one.fingerprint for one in first.findings] == [
        one.fingerprint for one in other.findings
    ]
    assert all(one.fingerprint for one in first.findings)


def test_a_finding_about_a_function_by_another_name_is_known_by_its_header() -> None:
    location = Location("test_pay.py", 2, 1, 2, 9)
    found = Finding("AWT101", "async-test-in-testcase", location, Severity.FAILURE, "m", "Other.x")
    module = parse(decode("test_pay.py", b"x = 1\nasync def test_pay(till):\n    return 3\n"))
    longer = parse(decode("test_pay.py", b"x = 2\nasync def test_pay(till):\n    return 4\n"))
    assert isinstance(module, Module)
    assert isinstance(longer, Module)

    assert fingerprint_of(found, module) == fingerprint_of(found, longer)
    assert fingerprint_of(found, module) != fingerprint_of(found, None)
