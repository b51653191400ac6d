"""Which fixes of a tree are made together, and which are left out."""

from bot.analysis.request import Fixing, Narrowing
from tests.trees import plan_for, report_on

NEVER_RUNS = "import pytest\n\n\nasync def test_a():\n    assert True\n"
FIXTURE = (
    "import pytest\n\n\n"
    "@pytest.fixture\nasync def db():\n    yield 1\n\n\n"
    "@pytest.mark.asyncio\nasync def test_db(db):\n    assert db\n"
)
FILES = {
    "requirements.txt": "pytest>=8\npytest-asyncio>=1\n",
    "tests/test_a.py": NEVER_RUNS,
    "tests/unit/test_b.py": NEVER_RUNS,
    "tests/unit/test_c.py": FIXTURE,
}


def fixed_and_passed_over(narrowing: Narrowing) -> tuple[list[str], set[tuple[str, str]]]:
    plan = plan_for(FILES, narrowing=narrowing)
    return sorted(plan.files), {(one.path, one.code) for one in plan.passed_over}


def test_without_narrowing_all_is_fixed() -> None:
    assert fixed_and_passed_over(Narrowing()) == (sorted(FILES)[1:], set())


def test_a_rule_narrows_what_is_fixed() -> None:
    expected = (
        ["tests/unit/test_c.py"],
        {
            ("tests/test_a.py", "AWT103"),
            ("tests/unit/test_b.py", "AWT103"),
        },
    )
    assert fixed_and_passed_over(Narrowing(rules=("AWT301",))) == expected
    assert fixed_and_passed_over(Narrowing(rules=("AWT3",))) == expected
    assert fixed_and_passed_over(Narrowing(rules=("async-fixture-unhandled",))) == expected


def test_a_path_narrows_what_is_fixed() -> None:
    expected = ["tests/unit/test_b.py", "tests/unit/test_c.py"], {("tests/test_a.py", "AWT103")}
    assert fixed_and_passed_over(Narrowing(paths=("tests/unit",))) == expected
    assert fixed_and_passed_over(Narrowing(paths=("test_b.py", "test_c.py"))) == expected


def test_rule_and_path_narrow_together() -> None:
    files, _ = fixed_and_passed_over(Narrowing(("AWT103",), ("tests/unit",)))
    assert files == ["tests/unit/test_b.py"]


def test_a_rule_that_nobody_knows_fixes_nothing() -> None:
    files, passed_over = fixed_and_passed_over(Narrowing(rules=("AWT999",)))
    assert files == []
    assert len(passed_over) == 3


def test_globs_that_name_no_file_are_told() -> None:
    plan = plan_for(FILES, narrowing=Narrowing(paths=("tests/unit", "please", "tests/**/x_*.py")))
    assert plan.unmatched == ("please", "tests/**/x_*.py")


def test_a_file_that_reads_what_is_fixed_is_looked_at_again() -> None:
    base = "import pytest\n\n\nclass TestBase:\n    async def test_a(self):\n        assert True\n"
    child = "from test_base import TestBase\n\n\nclass TestChild(TestBase):\n    pass\n"
    files = {**FILES, "test_base.py": base, "test_child.py": child}

    plan = plan_for(files)

    assert "test_child.py" in {one.path for one in plan.before.findings}
    assert "test_child.py" not in plan.files
    assert plan.after == report_on({**files, **plan.files}, fixing=Fixing.UNSAFE)
    assert plan.after.findings == ()
