from bot.analysis.finding import Finding
from bot.analysis.request import FixPlan
from bot.report.commit_message import fix_body, fix_headline, undo_body, undo_headline
from tests.report.builders import finding, never_runs, report

COMMIT = "89abcdef0123456789abcdef0123456789abcdef"


def plan(*fixed: Finding) -> FixPlan:
    return FixPlan({"tests/test_pay.py": b"new\n"}, fixed, report(*fixed), report())


def test_the_commit_names_rules_tests_and_who_asked() -> None:
    of = plan(never_runs("test_b"), never_runs("test_a"), finding("AWT301", "x", symbol="db"))

    assert fix_headline(of) == "Make 2 async tests run"
    assert fix_body(of, sender="octocat", key="abc") == (
        "AWT103 unhandled-async-test: test_a, test_b\n"
        "AWT301 x: db\n"
        "\n"
        "Requested-by: @octocat\n"
        "Awaited-Fixes: AWT103, AWT301\n"
        "Awaited-Job: abc"
    )


def test_a_commit_that_makes_no_test_run_counts_problems() -> None:
    assert fix_headline(plan(finding("AWT301"))) == "Fix 1 problem in async tests"


def test_a_long_list_of_tests_is_cut() -> None:
    of = plan(*(never_runs(f"test_{number:03}") for number in range(60)))
    assert "test_049, 10 more\n" in fix_body(of, sender="octocat", key="abc")


def test_a_rule_without_symbols_is_named_alone() -> None:
    of = plan(finding("AWT001", "syntax-error", symbol=""))
    assert fix_body(of, sender="o", key="k").startswith("AWT001 syntax-error\n")


def test_a_hostile_path_never_gets_into_the_history() -> None:
    of = plan(never_runs("test_a", path="tests/fixes #1 @octocat.py"))
    assert "octocat" not in fix_body(of, sender="hubot", key="abc")


def test_taking_back_names_what_is_taken_back_and_who_asked() -> None:
    assert undo_headline(COMMIT) == "Undo the fixes of 89abcdef0"
    assert undo_body(COMMIT, sender="octocat", key="abc") == (
        f"This reverts commit {COMMIT}.\n"
        "\n"
        "Requested-by: @octocat\n"
        f"Awaited-Undo: {COMMIT}\n"
        "Awaited-Job: abc"
    )
