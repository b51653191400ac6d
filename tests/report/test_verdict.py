import pytest
from markdown_it import MarkdownIt
from msgspec.structs import replace

from bot.analysis.finding import FileError, Finding, Severity
from bot.analysis.fix import Safety
from bot.analysis.gate import Gate, Scope
from bot.analysis.request import Report
from bot.report.annotations import ANNOTATIONS_LIMIT, annotation_of
from bot.report.buttons import Pressed, buttons
from bot.report.check_run import MESSAGE_LIMIT, SUMMARY_LIMIT, TITLE_LIMIT, CheckRun, Conclusion
from bot.report.judged import Judged
from bot.report.subject import Subject
from bot.report.verdict import broken, check_run_of, not_analysed, rejected, unreadable
from tests.report.builders import finding, never_runs, report

HEAD = "0123456789abcdef0123456789abcdef01234567"
TOO_LARGE = FileError("tests/test_big.py", "larger than 1 MiB")


def verdict(of: Report) -> CheckRun:
    return check_run_of(Judged(of), head_sha=HEAD)


def remark(**changes: object) -> Finding:
    return finding("AWT109", "noise", severity=Severity.NOTICE, **changes)  # type: ignore[arg-type] # of the builder


def test_a_merge_group_has_no_branch_that_a_fix_could_be_pushed_to() -> None:
    found = report(never_runs("test_a"))
    run = check_run_of(Judged(found), head_sha=HEAD, subject=Subject.MERGE_GROUP)

    assert (run.conclusion, run.title) == (verdict(found).conclusion, verdict(found).title)
    assert run.actions == ()
    assert "/fix-async" not in run.summary
    assert "This is a merge group" in run.summary
    assert "merge group" not in verdict(found).summary


def test_what_changes_no_test_is_named() -> None:
    nothing = report(checked=())
    group = check_run_of(Judged(nothing), head_sha=HEAD, subject=Subject.MERGE_GROUP)

    assert group.summary == "This merge group changes no file that pytest collects."
    assert verdict(nothing).summary == "This pull request changes no file that pytest collects."


def test_a_merge_group_that_cannot_be_read_asks_for_another() -> None:
    group, pull = unreadable(Subject.MERGE_GROUP), unreadable()

    assert group.conclusion is pull.conclusion is Conclusion.ACTION_REQUIRED
    assert "Queue the pull request again" in group.summary
    assert "Queue" not in pull.summary


def test_the_files_are_named_whose_configuration_held() -> None:
    owners = "octo-org/.github/.awaited.toml"
    both = replace(report(), configured_by=("pyproject.toml", owners))

    assert "configured by" not in verdict(report()).summary
    assert verdict(both).summary.endswith(
        "- configured by `pyproject.toml` of the base branch, and where that says nothing by "
        f"`{owners}`"
    )


def test_the_local_command_inherits_as_the_check_did() -> None:
    owners = "octo-org/.github/.awaited.toml"
    alone = replace(report(), configured_by=(".awaited.toml",))
    both = replace(report(), configured_by=(".awaited.toml", owners))

    assert "awaited check tests/test_pay.py\n" in verdict(alone).summary
    command = "awaited check --inherit ../.github/.awaited.toml tests/test_pay.py\n```\n\n"
    beside = "with a clone of `octo-org/.github` beside that of this repository."
    assert f"{command}{beside}" in verdict(both).summary


def test_what_is_to_be_known_of_the_owners_configuration_is_said() -> None:
    judged = Judged(report(), inheritance="`octo-org/.github`: out of reach")

    assert check_run_of(judged, head_sha=HEAD).summary.endswith(
        "- `octo-org/.github`: out of reach"
    )


@pytest.mark.parametrize(
    ("scope", "wider"), [(Scope.NEW, "changed-files"), (Scope.CHANGED_FILES, "all")]
)
def test_what_was_known_would_count_in_a_wider_scope(scope: Scope, wider: str) -> None:
    judged = Judged(replace(report(), gate=Gate(scope)), known=(never_runs("test_a"),))

    assert f'With `scope = "{wider}"`' in check_run_of(judged, head_sha=HEAD).summary


def test_tests_that_never_run_are_counted_in_the_title() -> None:
    problems = [finding("AWT301", "async-fixture-unhandled"), finding("AWT405", "mock-awaited")]
    run = verdict(report(never_runs("test_a"), never_runs("test_b"), *problems))

    assert run.conclusion is Conclusion.FAILURE
    assert run.title == "2 async tests never run, 2 more problems"


def test_one_finding_can_keep_several_tests_from_running() -> None:
    run = verdict(report(finding("AWT101", "async-test-in-testcase", reveals=("a", "b"))))
    assert run.title == "2 async tests never run"


def test_a_test_that_two_findings_keep_from_running_is_one_test() -> None:
    run = verdict(report(never_runs("test_a"), finding("AWT107", "cause", reveals=("test_a",))))
    assert run.title == "1 async test never runs"


def test_tests_of_one_name_in_two_files_are_two_tests() -> None:
    run = verdict(report(never_runs("test_a", path="a.py"), never_runs("test_a", path="b.py")))
    assert run.title == "2 async tests never run"


def test_problems_alone_are_counted_as_such() -> None:
    assert verdict(report(finding())).title == "1 problem"


def test_remarks_turn_nothing_red() -> None:
    run = verdict(report(remark(), remark()))
    assert (run.conclusion, run.title) == (Conclusion.SUCCESS, "2 remarks")
    assert "Every async test runs" not in run.summary.splitlines()[0]


def test_nothing_found_is_a_success() -> None:
    run = verdict(report(checked=("tests/test_a.py", "tests/test_b.py")))

    assert run.conclusion is Conclusion.SUCCESS
    assert run.title == "Every async test runs in 2 changed files"
    assert "awaited check tests/test_a.py tests/test_b.py" in run.summary


def test_nothing_to_check_is_a_success_that_says_so() -> None:
    run = verdict(report(checked=()))

    assert (run.conclusion, run.title) == (Conclusion.SUCCESS, "No async tests changed")
    assert run.summary == "This pull request changes no file that pytest collects."


def test_a_file_that_was_not_checked_never_passes() -> None:
    run = verdict(report(errors=(TOO_LARGE,)))

    assert run.conclusion is Conclusion.ACTION_REQUIRED
    assert run.title == "1 file not checked"
    assert "`tests/test_big.py`: larger than 1 MiB" in run.summary
    assert "at most 1 MiB" in run.summary


def test_findings_win_over_files_that_were_not_checked_and_both_are_named() -> None:
    run = verdict(report(never_runs("test_a"), remark(), errors=(TOO_LARGE,)))

    assert run.conclusion is Conclusion.FAILURE
    assert run.title == "1 async test never runs, 1 file not checked, 1 remark"
    assert "tests/test_big.py" in run.summary


def test_the_table_counts_by_rule_and_fix() -> None:
    run = verdict(
        report(
            never_runs("test_a"),
            never_runs("test_b"),
            finding("AWT405", "mock-awaited", safety=Safety.UNSAFE),
            finding("AWT405", "mock-awaited", safety=None),
        )
    )

    assert "| AWT103 | `unhandled-async-test` | 2 | 2 |  |  |" in run.summary
    assert "| AWT405 | `mock-awaited` | 2 |  | 1 | 1 |" in run.summary
    assert "`/fix-async` for 2 safe fixes and `/fix-async --unsafe` for 1 unsafe fix as well" in (
        run.summary
    )
    assert "<table>" in MarkdownIt("commonmark").enable("table").render(run.summary)


def test_only_the_commands_that_would_do_something_are_offered() -> None:
    safe, unsafe, none = (
        verdict(report(finding(safety=safety))).summary
        for safety in (Safety.SAFE, Safety.UNSAFE, None)
    )

    assert "`/fix-async` for 1 safe fix." in safe
    assert "Comment on the pull request: `/fix-async --unsafe` for 1 unsafe fix." in unsafe
    assert "/fix-async" not in none


def test_notes_are_shown_as_plain_words() -> None:
    run = verdict(report(notes=("pytest.ini wins over @tox.ini",)))
    assert "- pytest.ini wins over @&#8203;tox.ini" in run.summary


def test_the_command_names_what_was_checked_and_what_was_not() -> None:
    run = verdict(report(checked=("tests/a b.py", "-x.py"), errors=(TOO_LARGE,)))
    assert "\nawaited check ./-x.py 'tests/a b.py' tests/test_big.py\n" in run.summary


def test_a_command_that_nobody_would_copy_checks_everything() -> None:
    run = verdict(report(checked=tuple(f"tests/test_{number}.py" for number in range(101))))
    assert "\nawaited check .\n" in run.summary


def test_a_hostile_path_stays_a_name() -> None:
    error = FileError("tests/`@octocat` <img src=x>|.py", "![x](http://evil.example/x.png)")
    html = (
        MarkdownIt("commonmark").enable("table").render(verdict(report(errors=(error,))).summary)
    )
    assert "<img" not in html


def test_a_page_about_thousands_of_files_keeps_the_limit() -> None:
    errors = tuple(FileError(f"tests/{'x' * 200}_{number}.py", "binary") for number in range(900))

    run = verdict(report(never_runs("test_a"), errors=errors))

    assert len(run.summary) <= SUMMARY_LIMIT
    assert "more not shown (files that were not checked)" in run.summary
    assert "Not shown, for lack of room: rules" in run.summary


def test_there_is_one_annotation_a_finding_on_its_line() -> None:
    (annotation,) = verdict(report(never_runs("test_a", line=7))).annotations

    assert annotation.path == "tests/test_pay.py"
    assert annotation.title == "AWT103 unhandled-async-test"
    assert (annotation.start_line, annotation.end_line) == (7, 7)
    assert (annotation.start_column, annotation.end_column) == (1, 20)
    assert annotation.level is Severity.FAILURE


def test_columns_are_left_out_where_the_place_has_several_lines() -> None:
    annotation = annotation_of(finding(line=3, end_line=5))
    assert (annotation.start_line, annotation.end_line) == (3, 3)
    assert (annotation.start_column, annotation.end_column) == (None, None)


def test_an_annotation_tells_the_fix_and_the_advice() -> None:
    safe = annotation_of(finding(message="Never runs.", advice="delete it"))
    unsafe = annotation_of(finding(message="Never runs.", safety=Safety.UNSAFE))
    none = annotation_of(finding(message="Never runs.", safety=None))

    assert safe.message == (
        "Never runs.\n\n/fix-async offers (safe): Repair test_pay\n\nWhat you can do: delete it"
    )
    assert unsafe.message.endswith("/fix-async --unsafe offers (unsafe): Repair test_pay")
    assert none.message == "Never runs."


def test_titles_and_messages_keep_their_limits() -> None:
    annotation = annotation_of(finding(name="x" * 300, message="ü" * 40_000))

    assert len(annotation.title) == TITLE_LIMIT
    assert len(annotation.message.encode()) <= MESSAGE_LIMIT
    assert annotation.message.endswith("ü…")


def test_the_failures_are_annotated_first_where_not_all_are() -> None:
    remarks = [remark(line=number) for number in range(1, ANNOTATIONS_LIMIT + 1)]

    run = verdict(report(*remarks, never_runs("test_a", line=2_000)))

    assert len(run.annotations) == ANNOTATIONS_LIMIT
    assert run.annotations[0].start_line == 2_000
    assert "The first 1,000 of 1,001 are annotated." in run.summary


def test_the_button_offers_the_safe_fixes_first() -> None:
    (action,) = buttons([finding(safety=Safety.UNSAFE), finding()], HEAD)
    assert (action.label, action.identifier) == ("Fix it", "fix-safe:012345678")


def test_the_button_says_when_all_fixes_are_unsafe() -> None:
    (action,) = buttons([finding(safety=Safety.UNSAFE), finding(safety=None)], HEAD)
    assert (action.label, action.identifier) == ("Fix it (unsafe)", "fix-unsafe:012345678")


def test_without_a_fix_there_is_no_button() -> None:
    assert buttons([finding(safety=None)], HEAD) == ()


def test_buttons_keep_githubs_limits() -> None:
    for safety in Safety:
        (action,) = buttons([finding(safety=safety)], HEAD)
        assert len(action.label) <= 20
        assert len(action.description) <= 40
        assert len(action.identifier) <= 20


def test_a_pressed_button_is_understood() -> None:
    assert Pressed.parse("fix-safe:012345678") == Pressed(unsafe=False, head_prefix="012345678")
    assert Pressed.parse("fix-unsafe:012345678") == Pressed(unsafe=True, head_prefix="012345678")


def test_anothers_button_is_not_ours() -> None:
    for identifier in ("fix-safe:01234567", "fix-safe", "rerun", "fix-safe:012345678\n", ""):
        assert Pressed.parse(identifier) is None


def test_an_analysis_that_ran_into_its_limits_asks_for_something() -> None:
    run = not_analysed("it took longer than 60 seconds")
    assert run.conclusion is Conclusion.ACTION_REQUIRED
    assert "it took longer than 60 seconds" in run.summary


def test_what_the_author_can_repair_is_said() -> None:
    run = rejected("`pytest.ini` is no INI file")
    assert run.conclusion is Conclusion.ACTION_REQUIRED
    assert "`pytest.ini` is no INI file" in run.summary


def test_a_commit_that_cannot_be_read_does_not_pass() -> None:
    assert unreadable().conclusion is Conclusion.ACTION_REQUIRED


def test_our_own_failure_is_not_blamed_on_the_author() -> None:
    run = broken(Conclusion.NEUTRAL, "TimeoutError")
    assert run.conclusion is Conclusion.NEUTRAL
    assert run.title.startswith("awaited failed")
    assert "TimeoutError" in run.summary
